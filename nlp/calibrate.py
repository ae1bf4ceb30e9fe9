"""Turn logits into calibrated probabilities and decisions, on texts that were held back; measure calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

Logits = NDArray[np.float64]
Truth = NDArray[np.bool_]

# Weak enough to leave a common label alone; a rare one is kept from certainty that a few texts cannot give.
_INVERSE_REGULARISATION = 10.0
_GRID = np.linspace(0.1, 0.7, 61)
# The best single threshold on the validation split, and how far a category may go from it for its own best.
_USUAL_THRESHOLD = 0.45
_OWN_SHARE = 0.25

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Of `count` probabilities of about `probability`, the share `frequency` was right."""

    probability: float
    frequency: float
    count: int


def calibrate(logits: Logits, truth: Truth) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return Platt's slope and offset, shape (labels, 2), and the thresholds, shape (labels,).

    `logits` and `truth` have shape (n, labels); a label that never or always holds keeps its logits as they are.
    """
    calibration = np.array([_platt(logits[:, j], truth[:, j]) for j in range(logits.shape[1])], np.float32)
    slope, offset = calibration.T.astype(np.float64)
    probabilities = expit(slope * logits + offset)
    thresholds = [best_threshold(probabilities[:, j], truth[:, j]) for j in range(logits.shape[1])]
    return calibration, np.array(thresholds, np.float32)


def _platt(logits: Logits, truth: Truth) -> tuple[float, float]:
    """Return slope and offset that turn logits into probabilities (Platt, 1999)."""
    if truth.all() or not truth.any():
        return 1.0, 0.0
    model = LogisticRegression(C=_INVERSE_REGULARISATION).fit(logits.reshape(-1, 1), truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(probabilities: NDArray[np.float64], truth: Truth) -> float:
    """Return the usual threshold, moved a quarter of the way to the one of the best F1: few texts must not decide."""
    f1 = np.array([micro_f1(truth, probabilities >= threshold) for threshold in _GRID])
    # Of thresholds that are equally good, the one nearest to the usual: where nothing tells them apart, nothing moves.
    best = _GRID[np.flatnonzero(f1 == f1.max())]
    own = best[np.abs(best - _USUAL_THRESHOLD).argmin()]
    return float(_USUAL_THRESHOLD + _OWN_SHARE * (own - _USUAL_THRESHOLD))


def micro_f1(truth: Truth, chosen: Truth) -> float:
    """Return the F1 over all decisions together; zero where there is nothing to find and nothing was found."""
    return 2 * int((truth & chosen).sum()) / max(int(truth.sum() + chosen.sum()), 1)


def reliability(probability: NDArray[np.float64], truth: Truth, bins: int = BINS) -> tuple[Bin, ...]:
    """Return the bins of a reliability diagram that hold anything (Niculescu-Mizil and Caruana, ICML 2005)."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    members = ((which == b) for b in range(bins))
    return tuple(Bin(float(probability[m].mean()), float(truth[m].mean()), int(m.sum())) for m in members if m.any())


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al., ICML 2017)."""
    total = sum(b.count for b in bins)
    return sum(abs(b.probability - b.frequency) * b.count for b in bins) / max(total, 1)
