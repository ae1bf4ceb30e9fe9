"""Tests of nlp.tag: clauses are read in their context and get categories, the likeliest first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from classifier_fakes import TableScorer
from nlp_fakes import clause

from nlp.classifier import ClauseClassifier
from nlp.tag import tag

LABELS = ["sharing", "choice", "other"]
LOGITS = {
    "Your data: We sell it.": (0.0, 2.0, -2.0),
    "We share it with: friends": (3.0, -1.0, -3.0),
    "It is so.": (-3.0, -3.5, -2.0),
}
CLAUSES = [
    clause("We sell it.", "c1", heading=("Policy", "Your data")),
    clause("friends", "c2", lead_in="We share it with:"),
    clause("It is so.", "c3"),
]


def table_classifier() -> ClauseClassifier:
    """Return a classifier whose logits stand in a table."""
    calibration = np.array([[1, 0], [0.5, 0], [1, 1]], np.float32)
    return ClauseClassifier(TableScorer(LOGITS), LABELS, calibration, np.array([0.4, 0.4, 0.4], np.float32), "fake")


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return 1 / (1 + float(np.exp(-x)))


def test_clauses_are_tagged_as_they_are_read() -> None:
    classifier = table_classifier()
    sold, shared, neither = tag(CLAUSES, classifier)
    assert classifier.scorer.asked == [list(LOGITS)]  # type: ignore[attr-defined]
    assert sold.categories == ("choice", "sharing"), "the likeliest first"
    assert shared.categories == ("sharing",)
    assert neither.categories == ("other",), "the likeliest one where none is likely"
    for made, (sharing, choice, other) in zip((sold, shared, neither), LOGITS.values(), strict=True):
        expected = {"sharing": logistic(sharing), "choice": logistic(choice / 2), "other": logistic(other + 1)}
        assert made.probabilities == pytest.approx(expected)
        assert list(made.probabilities) == LABELS
        assert all(type(p) is float for p in made.probabilities.values())


def test_everything_else_stays() -> None:
    tagged = tag(CLAUSES, table_classifier())
    assert [replace(made, categories=(), probabilities={}) for made in tagged] == CLAUSES
    assert CLAUSES[0].categories == ()


def test_no_clauses_are_no_work() -> None:
    classifier = table_classifier()
    assert tag([], classifier) == []
    assert classifier.scorer.asked == []  # type: ignore[attr-defined]
