"""The words of a text and their stems, by which the forms of a word are known for one."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

from nlp.lexicon import EMPTY

WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
"""A word with what follows an apostrophe in it: "don't", "Acme's"."""

_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case, without the "'s" of a possessive (Porter's second stemmer)."""
    return str(_stemmer.stemWord(word.casefold().removesuffix("'s").removesuffix("’s")))


EMPTY_STEMS = frozenset(map(stem, EMPTY))
"""The stems of words that can come and go without changing a fact of a policy."""
