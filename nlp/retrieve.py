"""A statement ready to be asked: its tagged clauses, their vectors and their words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.types import Statement
from nlp.encoder import Vectors
from nlp.index import ClauseIndex
from nlp.lexical import LexicalIndex
from nlp.types import Clause

# What a point of BM25 is worth in cosine. Chosen on our own questions: of 0.02, 0.04 and 0.08 it found most.
_LEXICAL_WEIGHT = 0.04


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that may answer, with its cosine to the question, its BM25 score and both of them together."""

    clause: Clause
    cosine: float
    lexical: float
    fused: float


@dataclass(frozen=True)
class IndexedStatement:
    """A statement with its clauses, and the index and the words of the clauses in the same order."""

    statement: Statement
    clauses: tuple[Clause, ...]
    index: ClauseIndex
    lexical: LexicalIndex

    def candidates(self, question: str, vector: Vectors, k: int) -> list[Candidate]:
        """Return the k clauses nearest to a question by meaning and words, best first; `vector` has shape (d,)."""
        if not self.clauses:
            return []
        cosines = self.index.cosines(vector)
        lexical = self.lexical.scores(question)
        fused = cosines + _LEXICAL_WEIGHT * lexical
        best = np.argsort(-fused, kind="stable")[:k]
        return [Candidate(self.clauses[i], float(cosines[i]), float(lexical[i]), float(fused[i])) for i in best]
