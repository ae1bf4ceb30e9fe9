"""A statement ready to be asked: its tagged clauses, their vectors and their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import Statement
from nlp.encoder import Vectors
from nlp.index import ClauseIndex
from nlp.lexical import LexicalIndex
from nlp.types import Clause

LEXICAL_WEIGHT = 0.04
"""What a point of BM25 is worth in cosine. Chosen on our own questions: of 0.02, 0.04 and 0.08 it found most."""
CATEGORY_WEIGHT = 0.15
"""What a shared category is worth in cosine. On held-back questions 0.1 to 0.3 find as much."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that may answer.

    `cosine` to the question, `lexical` its BM25 score, `category` how many categories it shares with the question (the
    expected number), `fused` all three together, and `position` its place among the clauses of the statement.
    """

    clause: Clause
    cosine: float
    lexical: float
    category: float
    fused: float
    position: int


@dataclass(frozen=True)
class IndexedStatement:
    """A statement with its clauses, and their index, words and categories in the same order.

    `categories` are the probabilities of shape (n, 13), zeros for clauses that are not tagged.
    """

    statement: Statement
    clauses: tuple[Clause, ...]
    index: ClauseIndex
    lexical: LexicalIndex
    categories: NDArray[np.float64]

    @classmethod
    def of(cls, statement: Statement, clauses: Sequence[Clause], vectors: Vectors, *, encoder: str) -> IndexedStatement:
        """Index clauses, which may have categories, with their vectors of shape (n, d) by the encoder named."""
        index = ClauseIndex.from_vectors(vectors, statement=statement.fingerprint, encoder=encoder)
        lexical = LexicalIndex.from_texts([clause.context for clause in clauses])
        rows = [[clause.probabilities.get(name, 0.0) for name in CATEGORY_IDS] for clause in clauses]
        categories = np.array(rows, np.float64).reshape(len(rows), len(CATEGORY_IDS))
        return cls(statement, tuple(clauses), index, lexical, categories)

    def candidates(self, question: str, vector: Vectors, asked: NDArray[np.float64], k: int) -> list[Candidate]:
        """Return the k clauses nearest to a question by meaning, words and categories, best first.

        `vector` of shape (d,) is the question's, `asked` of shape (13,) how likely it asks about each category.
        """
        if not self.clauses:
            return []
        cosines, lexical = self.index.cosines(vector), self.lexical.scores(question)
        category = self.categories @ asked
        fused = cosines + LEXICAL_WEIGHT * lexical + CATEGORY_WEIGHT * category
        best = np.argsort(-fused, kind="stable")[:k]
        return [
            Candidate(
                self.clauses[i], float(cosines[i]), float(lexical[i]), float(category[i]), float(fused[i]), int(i)
            )
            for i in best
        ]

    def without(self, drop: Callable[[Clause], bool]) -> IndexedStatement:
        """Return the statement as if some clauses did not stand in it; what is left keeps its place in the text."""
        kept = [i for i, clause in enumerate(self.clauses) if not drop(clause)]
        clauses = [self.clauses[i] for i in kept]
        return IndexedStatement.of(self.statement, clauses, self.index.vectors[kept], encoder=self.index.encoder)
