"""Word search over the clauses of a statement: BM25 on stemmed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

_STEMMER = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """Return the stems of a text's words, without the stop words of English."""
    return list(_tokenize([text])[0])


def _tokenize(texts: Sequence[str]) -> list[list[str]]:
    found = bm25s.tokenize(list(texts), stopwords="en", stemmer=_STEMMER, return_ids=False, show_progress=False)
    return [list(tokens) for tokens in found]


@dataclass(frozen=True)
class LexicalIndex:
    """BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) as bm25s computes it."""

    bm25: bm25s.BM25 | None
    size: int

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts; texts without any words are never found."""
        tokens = _tokenize(texts)
        if not any(tokens):
            return cls(None, len(texts))
        bm25 = bm25s.BM25()
        bm25.index(tokens, show_progress=False)
        return cls(bm25, len(texts))

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the BM25 score of every text, shape (n,); zeros where they share no word with the query."""
        known = [word for word in words(query) if self.bm25 is not None and word in self.bm25.vocab_dict]
        if self.bm25 is None or not known:
            return np.zeros(self.size, np.float32)
        return np.asarray(self.bm25.get_scores(known), np.float32)
