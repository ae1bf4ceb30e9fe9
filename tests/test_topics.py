"""Tests of nlp.topics: probabilities by hand, and a fit on a few vectors."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.taxonomy import CATEGORY_IDS
from nlp.encoder import Vectors
from nlp.topics import Topics, fit_topics

SHARING, RETENTION, OTHER = (CATEGORY_IDS.index(name) for name in ("sharing", "retention", "other"))


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return float(1 / (1 + np.exp(-x)))


def axes(*directions: int) -> Vectors:
    """Return unit vectors of three dimensions along axes."""
    return np.eye(3, dtype=np.float32)[list(directions)]


def test_probabilities_by_hand() -> None:
    weights, offset = np.zeros((13, 3), np.float32), np.zeros(13, np.float32)
    weights[SHARING], offset[SHARING], offset[OTHER] = (1, -2, 0.5), 0.25, -3
    found = Topics(weights, offset).probabilities(np.array([0.5, 0.25, 1], np.float32))
    expected = np.full(13, 0.5)
    expected[SHARING], expected[OTHER] = logistic(0.5 - 0.5 + 0.5 + 0.25), logistic(-3)
    np.testing.assert_allclose(found, expected)
    assert (found.shape, found.dtype) == ((13,), np.float64)


def test_a_fit_tells_questions_apart() -> None:
    asked = [("sharing",), ("sharing", "retention"), ("retention",)] * 4
    topics = fit_topics(axes(*(0, 1, 2) * 4), asked)
    for direction, shares, keeps in ((0, True, False), (1, True, True), (2, False, True)):
        found = topics.probabilities(axes(direction)[0])
        assert (found[SHARING] > 0.5, found[RETENTION] > 0.5) == (shares, keeps)
    assert topics.weights.shape == (13, 3)
    assert topics.offset.shape == (13,)
    assert {topics.weights.dtype, topics.offset.dtype} == {np.dtype(np.float32)}


def test_what_is_never_asked_about_is_unlikely_and_what_always_is_likely() -> None:
    topics = fit_topics(axes(0, 1), [("sharing", "other"), ("other",)])
    for direction in range(3):
        found = topics.probabilities(axes(direction)[0])
        assert found[OTHER] == pytest.approx(logistic(5))
        assert found[RETENTION] == pytest.approx(logistic(-5))
    assert not topics.weights[[OTHER, RETENTION]].any()
    assert topics.weights[SHARING].any()


def test_a_name_that_is_no_category_is_no_matter() -> None:
    with_name, without = (fit_topics(axes(0, 1), [("sharing", *extra), ()]) for extra in (("weather",), ()))
    np.testing.assert_array_equal(with_name.weights, without.weights)
    np.testing.assert_array_equal(with_name.offset, without.offset)
