"""Give clauses their categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nlp.classifier import ClauseClassifier
from nlp.types import Clause


def tag(clauses: Sequence[Clause], classifier: ClauseClassifier) -> list[Clause]:
    """Return the clauses with categories, the likeliest first, and probabilities, as read in their context."""
    probabilities = classifier.predict_proba([clause.context for clause in clauses])
    chosen = likeliest_first(probabilities, classifier.decide(probabilities), classifier.labels)
    tagged = []
    for clause, row, categories in zip(clauses, probabilities, chosen, strict=True):
        named = dict(zip(classifier.labels, row.tolist(), strict=True))
        tagged.append(replace(clause, categories=categories, probabilities=named))
    return tagged


def likeliest_first(
    probabilities: NDArray[np.floating], chosen: NDArray[np.bool_], labels: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return the labels that were chosen for each text, the likeliest first; both arrays have a row for each text."""
    order = probabilities.argsort(axis=1)[:, ::-1]
    return [tuple(labels[i] for i in row if kept[i]) for row, kept in zip(order.tolist(), chosen.tolist(), strict=True)]
