"""Tests of nlp.evaluate_classifier: scores, intervals, confusion and reliability on arrays made by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from classifier_fakes import write_encoder
from nlp_fakes import tiny_classifier

from corpus.opp115 import Segment
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp import evaluate_classifier as module
from nlp.artefact import ArtefactError
from nlp.calibrate import Bin
from nlp.classifier import FOLDERS, MODES, Mode, save
from nlp.encoder import SETTING
from nlp.evaluate_classifier import (
    Figure,
    LabelScore,
    Report,
    evaluate_classifier,
    label_score,
    macro_f1,
    micro_f1,
    read_report,
    report,
)


def bools(*rows: str) -> Any:
    """Return rows of "1 0" as an array; a single one as an array of one dimension."""
    array = np.array([[ch == "1" for ch in row.split()] for row in rows])
    return array[0] if len(rows) == 1 else array


def random_truth(seed: int = 0, texts: int = 200, labels: int = 5) -> tuple[Any, Any]:
    """Return random truth and decisions of shape (texts, labels), the same for the same seed; a tenth is wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.random((texts, labels)) < 0.3
    return truth, truth ^ (rng.random((texts, labels)) < 0.1)


def test_a_label_is_scored_by_hand() -> None:
    score = label_score("choice", bools("1 1 1 0 0 0"), bools("1 1 0 1 1 0"), np.array([0.9, 0.92, 0.18, 0.9, 1, 0.1]))
    assert (score.label, score.count, score.chosen) == ("choice", 3, 4)
    assert score.precision == 2 / 4
    assert score.recall == pytest.approx(2 / 3)
    assert score.f1.value == pytest.approx(4 / 7)
    # Two of six lie in the second bin, one of them right, and four in the last, two of them right.
    assert score.reliability == (
        Bin(pytest.approx(0.14), 0.5, 2),  # type: ignore[arg-type]
        Bin(pytest.approx(0.93), 0.5, 4),  # type: ignore[arg-type]
    )
    assert score.calibration_error == pytest.approx((0.36 * 2 + 0.43 * 4) / 6)


@pytest.mark.parametrize(
    ("truth", "chosen", "expected"),
    [
        ("0 0", "0 0", (0, 0, 0)),
        ("1 1", "0 0", (0, 0, 0)),
        ("0 0", "1 1", (0, 0, 0)),
        ("1 0", "1 1", (0.5, 1, 2 / 3)),
        ("1 1", "1 0", (1, 0.5, 2 / 3)),
    ],
)
def test_nothing_is_divided_by_zero(truth: str, chosen: str, expected: tuple[float, float, float]) -> None:
    score = label_score("x", bools(truth), bools(chosen), np.zeros(2))
    assert (score.precision, score.recall, score.f1.value) == pytest.approx(expected)


def test_totals_agree_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    truth, chosen = random_truth()
    # A category that is given and never right counts against the total as well.
    truth[:, 4], chosen[:, 4] = False, True
    assert micro_f1(truth, chosen) == pytest.approx(f1_score(truth, chosen, average="micro"))
    assert macro_f1(truth, chosen) == pytest.approx(f1_score(truth, chosen, average="macro", zero_division=0))


def test_totals_by_hand() -> None:
    truth = bools("1 0", "1 0", "0 1", "0 0")
    chosen = bools("1 0", "0 0", "1 1", "0 1")
    # The first category has one hit of two and two, the second one of one and two.
    assert micro_f1(truth, chosen) == 2 * 2 / 7
    assert macro_f1(truth, chosen) == pytest.approx((0.5 + 2 / 3) / 2)
    assert micro_f1(truth & False, chosen & False) == macro_f1(truth & False, chosen & False) == 0


@pytest.mark.parametrize(
    ("probability", "truth", "expected"),
    [
        ([1.0, 0.0], "1 0", 0.0),
        ([1.0, 0.0], "0 1", 1.0),
        ([0.75, 0.75, 0.75, 0.75], "1 1 1 0", 0.0),
        ([0.25, 0.25, 0.95, 0.95], "0 0 1 1", 0.15),
        # 0.31 and 0.39 share a bin, where they are right on average.
        ([0.31, 0.39, 0.35, 0.35], "1 0 0 0", 0.1),
    ],
)
def test_calibration_by_hand(probability: list[float], truth: str, expected: float) -> None:
    score = label_score("x", bools(truth), bools(truth), np.array(probability))
    assert score.calibration_error == pytest.approx(expected)
    assert sum(b.count for b in score.reliability) == len(probability)


def figures(scores: Report) -> list[Figure]:
    """Return every figure of a report."""
    totals = [scores.macro_f1, scores.micro_f1, scores.published_macro_f1, scores.published_micro_f1]
    return [*(score.f1 for score in scores.labels), *totals]


def test_an_interval_holds_its_value_and_is_the_same_every_time() -> None:
    truth, chosen = random_truth()
    scores = report("abcde", truth, chosen, np.zeros(truth.shape))
    for figure in figures(scores):
        assert 0 < figure.low < figure.value < figure.high < 1
        assert figure.high - figure.low < 0.2
    assert report("abcde", truth, chosen, np.zeros(truth.shape)) == scores
    assert (scores.macro_f1.value, scores.micro_f1.value) == (macro_f1(truth, chosen), micro_f1(truth, chosen))


def test_an_interval_is_that_of_bootstrapped_texts() -> None:
    truth, chosen = random_truth(texts=60)
    rng = np.random.default_rng(7)
    drawn = [macro_f1(truth[i], chosen[i]) for i in rng.integers(0, 60, (2000, 60))]
    figure = report("abcde", truth, chosen, np.zeros(truth.shape)).macro_f1
    assert [figure.low, figure.high] == pytest.approx(np.percentile(drawn, [2.5, 97.5]).tolist(), abs=0.01)


def test_more_texts_narrow_the_interval() -> None:
    truth, chosen = random_truth(texts=50)
    few = label_score("x", truth[:, 0], chosen[:, 0], np.zeros(50)).f1
    many = label_score("x", np.tile(truth[:, 0], 16), np.tile(chosen[:, 0], 16), np.zeros(800)).f1
    assert many.value == few.value
    assert (many.high - many.low) * 4 == pytest.approx(few.high - few.low, rel=0.3)


@pytest.mark.parametrize(("truth", "chosen", "value"), [("1 1 1", "1 1 1", 1), ("0 0 0", "0 1 0", 0), ("1", "1", 1)])
def test_where_nothing_varies_the_interval_is_a_point(truth: str, chosen: str, value: int) -> None:
    score = label_score("x", bools(truth), bools(chosen), np.zeros(len(truth.split())))
    assert score.f1 == Figure(value, value, value)


def test_published_figures_join_the_two_audiences() -> None:
    labels = ["children", "choice", "international"]
    truth = bools("1 0 0", "0 0 1", "1 0 1", "0 1 0", "0 0 0")
    # Children and international change places in the first two texts, which the joined label forgives.
    chosen = bools("0 0 1", "1 0 0", "1 0 1", "0 1 0", "0 0 1")
    scores = report(labels, truth, chosen, np.zeros(truth.shape))
    assert [score.f1.value for score in scores.labels] == [0.5, 1, pytest.approx(2 / 5)]
    assert scores.macro_f1.value == pytest.approx((0.5 + 1 + 2 / 5) / 3)
    assert scores.micro_f1.value == 2 * 3 / 11
    # As one label they have three hits of three and four.
    assert scores.published_macro_f1.value == pytest.approx((6 / 7 + 1) / 2)
    assert scores.published_micro_f1.value == 2 * 4 / 9


def test_without_the_two_audiences_nothing_is_joined() -> None:
    truth, chosen = random_truth(labels=2)
    scores = report(["choice", "children"], truth, chosen, np.zeros(truth.shape))
    assert scores.published_macro_f1 == scores.macro_f1
    assert scores.published_micro_f1 == scores.micro_f1


def test_confusion_says_what_is_taken_for_what() -> None:
    truth = bools("1 0 0", "1 0 0", "1 1 0", "0 1 0", "0 0 0")
    chosen = bools("1 0 0", "0 1 0", "0 1 0", "1 0 1", "1 0 0")
    assert report("abc", truth, chosen, np.zeros(truth.shape)).confusion == (
        # Of three texts with a one got it; of the two without b one got b, and none of three c.
        (pytest.approx(1 / 3), 0.5, 0.0),
        # Of the one with b alone a was given; half of the two with b got it, half c.
        (1.0, 0.5, 0.5),
        # No text has c.
        (0.0, 0.0, 0.0),
    )


def test_the_classifier_is_scored_per_category(monkeypatch: pytest.MonkeyPatch) -> None:
    segments = [
        Segment("We sell it.", frozenset({"sharing"})),
        Segment("We keep it.", frozenset({"sharing"})),
        Segment("We keep cookies.", frozenset({"retention"})),
    ]
    asked: list[Any] = []
    monkeypatch.setattr(module, "read_split", lambda folder, split: asked.append((folder, split)) or segments)
    found = evaluate_classifier(tiny_classifier(), Path("data"))
    assert asked == [(Path("data"), "validation")]
    assert found.texts == 3
    scores = {s.label: s for s in found.labels}
    assert list(scores) == list(CATEGORY_IDS)
    assert (scores["sharing"].precision, scores["sharing"].recall, scores["sharing"].count) == (1, 0.5, 2)
    assert (scores["retention"].precision, scores["retention"].recall) == (0.5, 1)
    assert (scores["collection"].chosen, scores["collection"].count, scores["collection"].f1.value) == (1, 0, 0)
    assert found.micro_f1.value == 2 * 2 / 7
    assert found.macro_f1.value == pytest.approx((2 / 3 + 2 / 3) / 13)
    # The thirteen are twelve as published.
    assert found.published_macro_f1.value == pytest.approx((2 / 3 + 2 / 3) / 12)
    sharing, retention, collection = (CATEGORY_IDS.index(label) for label in ("sharing", "retention", "collection"))
    assert (found.confusion[sharing][sharing], found.confusion[sharing][retention]) == (0.5, 0.5)
    assert found.confusion[retention][collection] == 1


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^no such file: .*; give the folder that holds opp115/ with --data"):
        evaluate_classifier(tiny_classifier(), tmp_path)


def test_a_report_as_json_has_four_decimals() -> None:
    third = Figure(1 / 3, 0.25, 2 / 3)
    score = LabelScore("choice", 1 / 3, 1.0, third, 0.04321, 3, 9, (Bin(0.12346, 1.0, 2),))
    scores = Report(12, (score,), third, third, third, third, ((1 / 3, 0.0), (1.0, 2 / 3)))
    figure = {"value": 0.3333, "low": 0.25, "high": 0.6667}
    expected = {
        "texts": 12,
        "labels": [
            {
                "label": "choice",
                "precision": 0.3333,
                "recall": 1.0,
                "f1": figure,
                "calibration_error": 0.0432,
                "count": 3,
                "chosen": 9,
                "reliability": [{"probability": 0.1235, "frequency": 1.0, "count": 2}],
            }
        ],
        "macro_f1": figure,
        "micro_f1": figure,
        "published_macro_f1": figure,
        "published_micro_f1": figure,
        "confusion": [[0.3333, 0.0], [1.0, 0.6667]],
    }
    assert scores.as_dict() == expected
    assert json.loads(json.dumps(scores.as_dict())) == expected


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return what saves a classifier as that of a mode, with what its configuration says about it."""
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "encoder")))
    for mode in MODES:
        monkeypatch.setitem(FOLDERS, mode, tmp_path / "models" / mode)

    def keep(mode: Mode, about: dict[str, Any]) -> Path:
        save(FOLDERS[mode], mode, ["a", "b"], {"thresholds": np.zeros(2, np.float32)}, about)
        return FOLDERS[mode]

    return keep


def rounded_report() -> Report:
    """Return a report whose numbers have four decimals at most."""
    bins = (Bin(0.1235, 1.0, 2), Bin(0.9, 0.25, 4))
    scores = (
        LabelScore("a", 0.5, 1.0, Figure(0.6667, 0.25, 1.0), 0.0432, 3, 9, bins),
        LabelScore("b", 0.0, 0.0, Figure(0.0, 0.0, 0.0), 0.0, 0, 0, ()),
    )
    totals = [Figure(value, value - 0.1, value + 0.1) for value in (0.25, 0.5, 0.75, 0.875)]
    totals = [Figure(f.value, round(f.low, 4), round(f.high, 4)) for f in totals]
    return Report(12, scores, *totals, ((0.3333, 0.0), (1.0, 0.6667)))


def test_a_kept_report_is_read_as_it_was(kept: Callable[..., Path]) -> None:
    truth, chosen = random_truth(labels=2)
    full = report("ab", truth, chosen, np.random.default_rng(1).random(truth.shape))
    kept("accurate", {"validation": full.as_dict()})
    kept("fast", {"validation": rounded_report().as_dict()})
    assert read_report("fast") == rounded_report()
    found = read_report("accurate")
    assert found.as_dict() == full.as_dict()
    assert [f.value for f in figures(found)] == pytest.approx([f.value for f in figures(full)], abs=5e-5)
    # Of the same types all the way down, so that it can be compared and put into a set.
    assert len({found, read_report("accurate"), read_report("fast")}) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda scores: {},
        lambda scores: {"validation": None},
        lambda scores: {"validation": 0.5},
        lambda scores: {"validation": {"macro_f1": 0.5, "micro_f1": 0.5}},
        lambda scores: {"validation": {name: value for name, value in scores.items() if name != "confusion"}},
        lambda scores: {"validation": scores | {"micro_f1": {"value": 0.5}}},
        lambda scores: {"validation": scores | {"labels": [{"label": "a"}]}},
        lambda scores: {"validation": scores | {"labels": [5]}},
        lambda scores: {"validation": scores | {"labels": [scores["labels"][0] | {"foreign": 1}]}},
        lambda scores: {"validation": scores | {"confusion": [1.0]}},
    ],
)
def test_a_classifier_without_scores_is_refused(kept: Callable[..., Path], change: Any) -> None:
    folder = kept("fast", change(rounded_report().as_dict()))
    with pytest.raises(ArtefactError, match=f"^{re.escape(str(folder))} keeps no scores; train again$"):
        read_report("fast")


def test_scores_of_a_missing_classifier_are_refused(kept: Callable[..., Path]) -> None:
    kept("fast", {"validation": rounded_report().as_dict()})
    with pytest.raises(ArtefactError, match=r"accurate holds no clause-classifier: config\.json is missing"):
        read_report("accurate")
