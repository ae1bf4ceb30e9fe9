"""Tests of nlp.classifier over a scorer made by hand: shapes, thresholds, odd texts, saving and loading."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from classifier_fakes import bag_arrays, write_encoder
from hypothesis import given, settings
from hypothesis import strategies as st
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, WordScorer, tiny_classifier

from corpus.taxonomy import CATEGORY_IDS
from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.bag_scorer import BagScorer
from nlp.classifier import FOLDERS, KIND, MODES, VERSION, ClauseClassifier, Mode, save
from nlp.encoder import SETTING
from nlp.paths import MODELS
from nlp.transformer_scorer import TagModel, TransformerScorer

TEXTS = [SELL, POLICE, KEEP, COOKIES, "Hello there."]
LABELS = ["sharing", "retention", "other"]
SAMPLE = ["we sell your names", "they keep logs", "nobody", ""]


@pytest.fixture(autouse=True)
def small_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an encoder of a few weights in the place of the installed one, and return its folder."""
    folder = write_encoder(tmp_path / "encoder")
    monkeypatch.setenv(SETTING, str(folder))
    return folder


def calibration_arrays() -> dict[str, Any]:
    """Return the calibration and thresholds of three labels."""
    calibration = np.array([[1, 0], [2, 0.5], [0.5, -1]], np.float32)
    return {"calibration": calibration, "thresholds": np.array([0.3, 0.5, 0.4], np.float32)}


def arrays_of(mode: Mode) -> dict[str, Any]:
    """Return random arrays of a classifier of three labels, as training makes them."""
    return (bag_arrays(3) if mode == "fast" else TagModel.untrained(3).arrays()) | calibration_arrays()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a saved classifier of the fast mode."""
    save(tmp_path / "models" / "fast", "fast", LABELS, arrays_of("fast"), {"validation": {"macro_f1": 0.5}})
    return tmp_path / "models" / "fast"


def chosen(classifier: ClauseClassifier, text: str) -> set[str]:
    """Return the labels of a text."""
    return {label for label, holds in zip(classifier.labels, classifier.predict([text])[0], strict=True) if holds}


def test_the_labels_are_the_thirteen_categories() -> None:
    assert tiny_classifier().labels == list(CATEGORY_IDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SELL, {"sharing"}),
        (KEEP, {"retention"}),
        ("We keep cookies.", {"retention", "collection"}),
        ("Hello there.", {"other"}),
        ("", {"other"}),
    ],
)
def test_words_decide_and_the_likeliest_stands_in(text: str, expected: set[str]) -> None:
    assert chosen(tiny_classifier(), text) == expected


def test_probabilities_are_those_of_the_formula() -> None:
    calibration = np.stack([np.linspace(-1, 2, 13), np.linspace(0.5, -0.5, 13)], axis=1).astype(np.float32)
    classifier = replace(tiny_classifier(), calibration=calibration)
    known = {"retention": 5, "collection": 5, "other": -2}
    logits = np.array([known.get(label, -3) for label in CATEGORY_IDS])
    expected = 1 / (1 + np.exp(-(np.linspace(-1, 2, 13) * logits + np.linspace(0.5, -0.5, 13))))
    np.testing.assert_allclose(classifier.predict_proba(["We keep cookies."]), [expected], rtol=1e-6)


def test_shapes_and_types() -> None:
    classifier = tiny_classifier()
    probabilities = classifier.predict_proba(TEXTS)
    assert probabilities.shape == (5, 13)
    assert probabilities.dtype == np.float64
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert classifier.predict(TEXTS).shape == (5, 13)
    assert classifier.predict(TEXTS).dtype == np.bool_


def test_no_texts_give_no_rows_and_ask_nothing() -> None:
    scorer = WordScorer()
    classifier = tiny_classifier(scorer)
    assert classifier.predict_proba([]).shape == (0, 13)
    assert classifier.predict_proba(()).dtype == np.float64
    assert classifier.predict([]).shape == (0, 13)
    assert classifier.predict([]).dtype == np.bool_
    assert scorer.asked == []


@pytest.mark.parametrize("text", [SELL, ""])
def test_a_single_string_is_refused(text: str) -> None:
    for method in (tiny_classifier().predict_proba, tiny_classifier().predict):
        with pytest.raises(TypeError, match="takes a list of texts; put the single text into a list"):
            method(text)


def test_an_answer_does_not_depend_on_the_batch() -> None:
    classifier = tiny_classifier()
    together = classifier.predict_proba(TEXTS)
    np.testing.assert_array_equal(together, np.vstack([classifier.predict_proba([text]) for text in TEXTS]))
    np.testing.assert_array_equal(classifier.predict_proba(TEXTS[::-1])[::-1], together)


def test_thresholds_decide_for_each_label_and_the_limit_itself_counts() -> None:
    classifier = replace(tiny_classifier(), thresholds=np.linspace(0.1, 0.7, 13).astype(np.float64))
    probabilities = np.tile(classifier.thresholds, (2, 1))
    probabilities[0, 3] -= 1e-9
    expected = np.ones((2, 13), bool)
    expected[0, 3] = False
    np.testing.assert_array_equal(classifier.decide(probabilities), expected)


@given(st.lists(st.lists(st.floats(0, 1), min_size=13, max_size=13), max_size=5))
@settings(deadline=None, max_examples=50)
def test_every_text_gets_a_label(rows: list[list[float]]) -> None:
    probabilities = np.array(rows).reshape(-1, 13)
    decided = tiny_classifier().decide(probabilities)
    assert decided.any(axis=1).all()
    assert decided[probabilities >= 0.5].all()
    assert (decided & (probabilities < 0.5)).sum() == (~(probabilities >= 0.5).any(axis=1)).sum()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sell " * 100_000, "sharing"),
        ("🙂" * 50, "other"),
        ("\x00\x07\x1b[31m sell", "sharing"),
        ("\ud800", "other"),
        ("", "other"),
        (" ", "other"),
        ("卖 数据", "other"),
        ("\u202esell", "sharing"),
    ],
    ids=["long", "emoji", "control", "surrogate", "empty", "blank", "han", "right-to-left"],
)
def test_odd_texts_are_tagged(text: str, expected: str) -> None:
    assert np.isfinite(tiny_classifier().predict_proba([text])).all()
    assert chosen(tiny_classifier(), text) == {expected}


def test_each_mode_has_a_folder_of_its_own() -> None:
    assert MODES == ("accurate", "fast")
    assert {mode: path.relative_to(MODELS).as_posix() for mode, path in FOLDERS.items()} == {
        "accurate": "classifier",
        "fast": "classifier-fast",
    }


@pytest.mark.parametrize("mode", ["slow", "", "Accurate"])
def test_an_unknown_mode_is_refused(tmp_path: Path, mode: Any) -> None:
    for folder in (None, tmp_path):
        with pytest.raises(ValueError, match=f"^no such mode: '{mode}'; choose one of accurate, fast$"):
            ClauseClassifier.load(folder, mode=mode)


@pytest.mark.parametrize(("mode", "scorer"), [("accurate", TransformerScorer), ("fast", BagScorer)])
def test_a_round_trip_predicts_the_same(tmp_path: Path, mode: Mode, scorer: type) -> None:
    arrays = arrays_of(mode)
    made = ClauseClassifier.from_arrays(mode, LABELS, arrays, tmp_path)
    save(tmp_path / "made", mode, tuple(LABELS), arrays, {"texts": 7})
    loaded = ClauseClassifier.load(tmp_path / "made", mode=mode)
    assert type(loaded.scorer) is scorer
    np.testing.assert_array_equal(loaded.predict_proba(SAMPLE), made.predict_proba(SAMPLE))
    np.testing.assert_array_equal(loaded.predict(SAMPLE), made.predict(SAMPLE))
    assert len(np.unique(made.predict_proba(SAMPLE), axis=0)) == len(SAMPLE)
    assert loaded.labels == made.labels == LABELS
    assert loaded.fingerprint == made.fingerprint
    np.testing.assert_array_equal(loaded.calibration, arrays["calibration"])
    np.testing.assert_array_equal(loaded.thresholds, arrays["thresholds"])


def test_logits_of_the_scorer_are_calibrated(folder: Path) -> None:
    loaded = ClauseClassifier.load(folder, mode="fast")
    logits = loaded.scorer.score(SAMPLE)
    expected = 1 / (1 + np.exp(-(np.array([1, 2, 0.5]) * logits + np.array([0, 0.5, -1]))))
    np.testing.assert_allclose(loaded.predict_proba(SAMPLE), expected, rtol=1e-12)


def test_the_configuration_says_what_is_in_the_folder(folder: Path) -> None:
    config = json.loads((folder / artefact.CONFIG).read_text())
    assert config.pop("encoder").startswith("sha256:")
    assert config.pop("fingerprint") == ClauseClassifier.load(folder, mode="fast").fingerprint
    assert config == {
        "kind": "clause-classifier",
        "version": 2,
        "mode": "fast",
        "labels": LABELS,
        "validation": {"macro_f1": 0.5},
    }


def test_a_mode_is_loaded_from_its_own_folder(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "models" / "accurate", "accurate", LABELS, arrays_of("accurate"), {})
    for mode in MODES:
        monkeypatch.setitem(FOLDERS, mode, tmp_path / "models" / mode)
    assert isinstance(ClauseClassifier.load(mode="fast").scorer, BagScorer)
    assert isinstance(ClauseClassifier.load(mode="accurate").scorer, TransformerScorer)
    assert isinstance(ClauseClassifier.load().scorer, TransformerScorer)


def test_the_fingerprint_tells_classifiers_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(labels: Sequence[str] = LABELS, **changes: Any) -> str:
        return ClauseClassifier.from_arrays("fast", labels, arrays_of("fast") | changes, tmp_path).fingerprint

    base = made()
    assert made() == base
    others = [
        made([*LABELS[:2], "generic"]),
        made(thresholds=np.array([0.3, 0.5, 0.45], np.float32)),
        made(calibration=np.ones((3, 2), np.float32)),
        made(output_bias=np.zeros(3, np.float16)),
        ClauseClassifier.from_arrays("accurate", LABELS, arrays_of("accurate"), tmp_path).fingerprint,
    ]
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "another", seed=1)))
    others.append(made())
    assert len({base, *others}) == 7


@pytest.mark.parametrize(("kept", "asked"), [("fast", "accurate"), ("accurate", "fast")])
def test_the_folder_of_another_mode_is_refused(tmp_path: Path, kept: Mode, asked: Mode) -> None:
    save(tmp_path / "made", kept, LABELS, arrays_of(kept), {})
    with pytest.raises(ArtefactError, match=f"made holds a classifier of mode '{kept}', not '{asked}'$"):
        ClauseClassifier.load(tmp_path / "made", mode=asked)


def test_another_encoder_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "another", seed=1)))
    message = r"fast was trained with the encoder sha256:(\w+), not with sha256:(?!\1)\w+; train again$"
    with pytest.raises(ArtefactError, match=message):
        ClauseClassifier.load(folder, mode="fast")


def test_a_folder_that_names_no_encoder_is_refused(folder: Path) -> None:
    rewrite(folder, {"encoder": None})
    with pytest.raises(ArtefactError, match=r"was trained with the encoder None, not with sha256:\w+; train again"):
        ClauseClassifier.load(folder, mode="fast")


def rewrite(folder: Path, config: dict[str, Any] | None = None, **arrays: Any) -> None:
    """Write a folder anew with other entries in its configuration or other arrays; None leaves one out."""
    old_config, old_arrays = artefact.load(folder, KIND, VERSION)
    new_config = {name: value for name, value in (old_config | (config or {})).items() if value is not None}
    artefact.save(folder, new_config, {name: a for name, a in (old_arrays | arrays).items() if a is not None})


@pytest.mark.parametrize("name", ["output_bias", "table", "thresholds", "calibration"])
def test_changed_weights_are_refused(folder: Path, name: str) -> None:
    rewrite(folder, **{name: arrays_of("fast")[name] + 1})
    with pytest.raises(ArtefactError, match=r"fast is not what was trained: its fingerprint differs; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("config", [{"labels": ["sharing", "retention", "choice"]}, {"fingerprint": None}])
def test_a_changed_configuration_is_refused(folder: Path, config: dict[str, Any]) -> None:
    rewrite(folder, config)
    with pytest.raises(ArtefactError, match=r"is not what was trained: its fingerprint differs; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("name", ["calibration", "thresholds"])
def test_missing_calibration_is_refused(folder: Path, name: str) -> None:
    rewrite(folder, **{name: None})
    with pytest.raises(ArtefactError, match=f"fast is damaged: {name} is missing; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("arrays", [{"table": None}, {"output_bias": None}, {"output": np.zeros((7, 2), np.float16)}])
def test_arrays_that_are_no_scorer_are_refused(folder: Path, arrays: dict[str, Any]) -> None:
    rewrite(folder, **arrays)
    with pytest.raises(ArtefactError, match=r"fast is damaged: its arrays are not those of a classifier; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize(
    "arrays",
    [
        {"calibration": np.ones((3, 3), np.float32)},
        {"calibration": np.ones(3, np.float32)},
        {"calibration": np.ones((2, 2), np.float32)},
        {"thresholds": np.ones(2, np.float32)},
        {"thresholds": np.ones((3, 1), np.float32)},
    ],
)
def test_calibration_of_another_shape_is_refused(folder: Path, arrays: dict[str, Any]) -> None:
    rewrite(folder, **arrays)
    with pytest.raises(ArtefactError, match=r"fast is damaged: labels and calibration differ in number; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("labels", [None, "sharing", [1, 2, 3], {"a": 1}])
def test_labels_that_are_no_list_of_names_are_refused(folder: Path, labels: Any) -> None:
    rewrite(folder, {"labels": labels})
    with pytest.raises(ArtefactError, match=r"fast is damaged and cannot be read as a clause-classifier; train again$"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("file", [artefact.CONFIG, artefact.ARRAYS])
def test_a_torn_file_is_refused(folder: Path, file: str) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: len(content) // 2])
    with pytest.raises(ArtefactError, match="fast is damaged and cannot be read as a clause-classifier"):
        ClauseClassifier.load(folder, mode="fast")


@pytest.mark.parametrize("config", [{"version": 1}, {"kind": "question-reranker"}])
def test_a_foreign_or_older_folder_is_refused(folder: Path, config: dict[str, Any]) -> None:
    rewrite(folder, config)
    with pytest.raises(ArtefactError, match="fast is not a clause-classifier of format 2; make it again"):
        ClauseClassifier.load(folder, mode="fast")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"holds no clause-classifier: config\.json is missing"):
        ClauseClassifier.load(tmp_path)


def test_the_fast_mode_does_not_wait_for_transformers() -> None:
    code = (
        "import sys; from nlp.classifier import _scorer; _scorer('fast'); "
        "assert 'transformers' not in sys.modules; _scorer('accurate'); assert 'transformers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
