"""The stem of a word, by which its forms are known for one."""

from __future__ import annotations

from functools import lru_cache

import Stemmer

_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case, without the "'s" of a possessive (Porter's second stemmer)."""
    return str(_stemmer.stemWord(word.casefold().removesuffix("'s").removesuffix("’s")))
