"""Which categories does a question ask about? The same thirteen that clauses are tagged with, from its vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from corpus.taxonomy import CATEGORY_IDS
from nlp.encoder import Vectors

# Weak, because vectors of length one need large weights.
_INVERSE_REGULARISATION = 3.0


@dataclass(frozen=True)
class Topics:
    """A logistic regression for each category: `weights` of shape (13, d) and `offset` of shape (13,)."""

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]

    def probabilities(self, vector: Vectors) -> NDArray[np.float64]:
        """Return how likely a question asks about each category, shape (13,), for its vector of shape (d,)."""
        return np.asarray(expit(self.weights.astype(np.float64) @ vector + self.offset))


def fit_topics(vectors: Vectors, categories: Sequence[Sequence[str]]) -> Topics:
    """Fit the categories of questions on their vectors, shape (n, d); one that never is asked about is unlikely."""
    truth = np.array([[name in asked for name in CATEGORY_IDS] for asked in categories])
    weights, offset = np.zeros((len(CATEGORY_IDS), vectors.shape[1])), np.zeros(len(CATEGORY_IDS))
    for j, column in enumerate(truth.T):
        if column.all() or not column.any():
            offset[j] = 5.0 if column.all() else -5.0
            continue
        model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=1000).fit(vectors, column)
        weights[j], offset[j] = model.coef_[0], model.intercept_[0]
    return Topics(weights.astype(np.float32), offset.astype(np.float32))
