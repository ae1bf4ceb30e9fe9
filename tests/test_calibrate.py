"""Tests of nlp.calibrate: Platt's scaling against its own objective, thresholds and bins by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from nlp.calibrate import Bin, best_threshold, calibrate, calibration_error, reliability


def platt(logits: Sequence[float], truth: Sequence[int]) -> list[float]:
    """Return slope and offset of the least loss: ten times the cross-entropy and half the square of the slope."""
    x, y = np.array(logits), 2 * np.array(truth) - 1

    def loss(given: np.ndarray) -> float:
        return float(given[0] ** 2 / 2 + 10 * np.logaddexp(0, -y * (given[0] * x + given[1])).sum())

    return minimize(loss, np.zeros(2), tol=1e-12).x.tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("logits", "truth"),
    [
        ([-1.0, 1.0], [0, 1]),
        ([-3.0, -1.0, 0.0, 2.0, 4.0], [0, 0, 1, 0, 1]),
        ([2.0, 3.0, 5.0, 6.0], [0, 1, 0, 1]),
        ([-2.0, 1.0, 2.0], [1, 0, 0]),
    ],
    ids=["two texts", "some wrong", "an offset", "the wrong way round"],
)
def test_platts_scaling_has_the_least_loss(logits: list[float], truth: list[int]) -> None:
    calibration, _ = calibrate(np.array(logits)[:, None], np.array(truth, bool)[:, None])
    assert calibration.dtype == np.float32
    np.testing.assert_allclose(calibration, [platt(logits, truth)], atol=2e-3)


def test_two_texts_by_hand() -> None:
    # Without an offset the slope w of two texts at -1 and 1 solves w = 20 / (1 + exp(w)).
    calibration, thresholds = calibrate(np.array([[-1.0], [1.0]]), np.array([[False], [True]]))
    slope, offset = calibration[0].tolist()
    assert slope == pytest.approx(20 / (1 + np.exp(slope)), abs=1e-3)
    assert offset == pytest.approx(0, abs=1e-4)
    # All thresholds from 0.11 part 0.106 from 0.894; the usual one is among them.
    assert expit(-slope) == pytest.approx(0.106, abs=1e-3)
    assert thresholds.tolist() == [pytest.approx(0.45)]


def test_each_label_is_calibrated_alone_and_a_constant_one_stays() -> None:
    logits = np.array([[-3.0, 1.0, 2.0], [-1.0, 2.0, -2.0], [0.0, 3.0, 1.0], [2.0, 4.0, 0.0], [4.0, 5.0, -1.0]])
    truth = np.array([[0, 0, 1], [0, 0, 1], [1, 0, 1], [0, 0, 1], [1, 0, 1]], bool)
    calibration, thresholds = calibrate(logits, truth)
    assert calibration.shape == (3, 2)
    np.testing.assert_array_equal(calibration[1:], [[1, 0], [1, 0]])
    np.testing.assert_allclose(calibration[0], platt(logits[:, 0].tolist(), truth[:, 0].tolist()), atol=2e-3)
    # Never right: all thresholds are as good, so the usual one stays; always right: 0.11 is the highest that finds all.
    np.testing.assert_allclose(thresholds[1:], [0.45, 0.45 + 0.25 * (0.11 - 0.45)], rtol=1e-6)
    for j in range(3):
        one, threshold = calibrate(logits[:, [j]], truth[:, [j]])
        np.testing.assert_array_equal(one[0], calibration[j])
        assert threshold[0] == thresholds[j]


def test_thresholds_are_those_of_calibrated_probabilities() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(200, 2)) * [1, 3] + [2, -4]
    truth = expit(2 * logits - [4, -8]) > rng.random((200, 2))
    calibration, thresholds = calibrate(logits, truth)
    for j in range(2):
        probabilities = expit(float(calibration[j, 0]) * logits[:, j] + float(calibration[j, 1]))
        assert thresholds[j] == pytest.approx(best_threshold(probabilities, truth[:, j]))
        assert abs(probabilities.mean() - truth[:, j].mean()) < 0.01
        assert calibration_error(reliability(probabilities, truth[:, j])) < 0.08
        assert calibration_error(reliability(expit(logits[:, j]), truth[:, j])) > 0.15


@pytest.mark.parametrize(
    ("probabilities", "truth", "expected"),
    [
        # The best cut lies between 0.2 and 0.505, where the usual one lies too.
        ([0.2, 0.505, 0.9], [0, 1, 1], 0.45),
        # The best cut lies above 0.65: a quarter of the way there.
        ([0.6, 0.65, 0.9], [0, 0, 1], 0.45 + 0.25 * (0.66 - 0.45)),
        ([0.9, 0.9, 0.9], [1, 1, 1], 0.45),
        ([0.2, 0.2, 0.2], [0, 0, 0], 0.45),
        # Two of three right and all found (F1 0.8) is better than the surest alone (0.67).
        ([0.295, 0.4, 0.5], [1, 0, 1], 0.45 + 0.25 * (0.29 - 0.45)),
        # Beyond the grid nothing is tried.
        ([0.75, 0.8], [0, 1], 0.45),
    ],
)
def test_the_best_threshold(probabilities: list[float], truth: list[int], expected: float) -> None:
    assert best_threshold(np.array(probabilities), np.array(truth, bool)) == pytest.approx(expected)


def test_reliability_by_hand() -> None:
    probabilities = np.array([0.0, 0.05, 0.1, 0.62, 0.68, 0.99, 1.0])
    truth = np.array([0, 1, 0, 1, 1, 1, 0], bool)
    assert reliability(probabilities, truth) == (
        Bin(pytest.approx(0.025), 0.5, 2),
        Bin(pytest.approx(0.1), 0.0, 1),
        Bin(pytest.approx(0.65), 1.0, 2),
        Bin(pytest.approx(0.995), 0.5, 2),
    )
    assert reliability(probabilities, truth, bins=1) == (
        Bin(pytest.approx(probabilities.mean()), pytest.approx(4 / 7), 7),
    )


def test_the_calibration_error_by_hand() -> None:
    assert calibration_error([Bin(0.2, 0.5, 3), Bin(0.9, 0.8, 1)]) == pytest.approx((0.3 * 3 + 0.1) / 4)
    assert calibration_error([]) == 0


@given(rows=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), bins=st.integers(1, 15))
def test_bins_hold_everything_once(rows: list[tuple[float, bool]], bins: int) -> None:
    probability, truth = np.array([p for p, _ in rows]), np.array([t for _, t in rows])
    made = reliability(probability, truth, bins)
    assert sum(b.count for b in made) == len(rows)
    assert all(b.count for b in made)
    assert sum(b.count * b.frequency for b in made) == pytest.approx(truth.sum())
    assert sum(b.count * b.probability for b in made) == pytest.approx(probability.sum())
    assert 0 <= calibration_error(made) <= 1
