"""Measure a classifier on labelled texts: F1 with intervals, calibration, and what it takes for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from corpus.opp115 import read_split, targets
from nlp import artefact
from nlp.calibrate import Bin, Truth, calibration_error, micro_f1, reliability
from nlp.classifier import FOLDERS, KIND, VERSION, ClauseClassifier, Mode

_RESAMPLES = 1000
_SEED = 0
_FIGURES = ("macro_f1", "micro_f1", "published_macro_f1", "published_micro_f1")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % interval: percentiles of bootstrapped texts (Efron, 1979)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one category is found; `count` texts have it and `chosen` got it."""

    label: str
    precision: float
    recall: float
    f1: Figure
    calibration_error: float
    count: int
    chosen: int
    reliability: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The scores on n texts.

    `published_macro_f1` and `published_micro_f1` count `children` and `international` as the one label that they are
    in OPP-115, so that they can be held against published figures. `confusion[i][j]` is, among the texts that have
    category i but not j, the share that got j; on the diagonal the share of texts with i that got i.
    """

    texts: int
    labels: tuple[LabelScore, ...]
    macro_f1: Figure
    micro_f1: Figure
    published_macro_f1: Figure
    published_micro_f1: Figure
    confusion: tuple[tuple[float, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON keeps it, four decimals a number."""
        return dict(_rounded(asdict(self)))


def read_report(mode: Mode) -> Report:
    """Return the validation scores that were taken when a mode was trained; raises `ArtefactError`."""
    folder = FOLDERS[mode]
    config, _ = artefact.load(folder, KIND, VERSION)
    try:
        kept = config["validation"]
        labels = [
            {**s, "f1": Figure(**s["f1"]), "reliability": tuple(Bin(**b) for b in s["reliability"])}
            for s in kept["labels"]
        ]
        figures = {name: Figure(**kept[name]) for name in _FIGURES}
        confusion = tuple(tuple(row) for row in kept["confusion"])
        return Report(kept["texts"], tuple(LabelScore(**s) for s in labels), **figures, confusion=confusion)
    except (KeyError, TypeError) as e:
        raise artefact.ArtefactError(f"{folder} keeps no scores; train again") from e


def evaluate_classifier(classifier: ClauseClassifier, data: Path) -> Report:
    """Return the scores on OPP-115's validation split; raises `DocumentError` where it is not there."""
    segments = read_split(data, "validation")
    truth = np.array([targets(segment.categories) for segment in segments])
    probabilities = classifier.predict_proba([segment.text for segment in segments])
    return report(classifier.labels, truth, classifier.decide(probabilities), probabilities)


def report(labels: Sequence[str], truth: Truth, chosen: Truth, probabilities: NDArray[np.float64]) -> Report:
    """Return the scores of decisions and probabilities, all arrays of shape (n, labels)."""
    scores = tuple(label_score(label, truth[:, j], chosen[:, j], probabilities[:, j]) for j, label in enumerate(labels))
    joined_truth, joined_chosen = (_join_audiences(array, labels) for array in (truth, chosen))
    return Report(
        len(truth),
        scores,
        _figure(macro_f1, truth, chosen),
        _figure(micro_f1, truth, chosen),
        _figure(macro_f1, joined_truth, joined_chosen),
        _figure(micro_f1, joined_truth, joined_chosen),
        _confusion(truth, chosen),
    )


def label_score(label: str, truth: Truth, chosen: Truth, probability: NDArray[np.float64]) -> LabelScore:
    """Return the score of one category over n texts, arrays of shape (n,)."""
    hits = int((truth & chosen).sum())
    bins = reliability(probability, truth)
    return LabelScore(
        label,
        precision=hits / max(int(chosen.sum()), 1),
        recall=hits / max(int(truth.sum()), 1),
        f1=_figure(micro_f1, truth, chosen),
        calibration_error=calibration_error(bins),
        count=int(truth.sum()),
        chosen=int(chosen.sum()),
        reliability=bins,
    )


def macro_f1(truth: Truth, chosen: Truth) -> float:
    """Return the mean of the categories' F1, arrays of shape (n, labels)."""
    return float(np.mean([micro_f1(truth[:, j], chosen[:, j]) for j in range(truth.shape[1])]))


def _figure(measure: Callable[[Truth, Truth], float], truth: Truth, chosen: Truth) -> Figure:
    value = measure(truth, chosen)
    if len(truth) < 2:
        return Figure(value, value, value)
    drawn = bootstrap(
        (np.arange(len(truth)),),
        lambda i: measure(truth[i], chosen[i]),
        vectorized=False,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    )
    return Figure(value, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high))


def _join_audiences(array: Truth, labels: Sequence[str]) -> Truth:
    """Return the array with children and international as one column, as OPP-115 labels them."""
    if not {"children", "international"} <= set(labels):
        return array
    children, international = labels.index("children"), labels.index("international")
    joined = array.copy()
    joined[:, international] |= array[:, children]
    return np.delete(joined, children, axis=1)


def _confusion(truth: Truth, chosen: Truth) -> tuple[tuple[float, ...], ...]:
    rows = []
    for i in range(truth.shape[1]):
        among = [truth[:, i] if i == j else truth[:, i] & ~truth[:, j] for j in range(truth.shape[1])]
        rows.append(tuple(float(chosen[a, j].mean()) if a.any() else 0.0 for j, a in enumerate(among)))
    return tuple(rows)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
