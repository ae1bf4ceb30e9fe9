"""Tests of nlp.batch.tagger: a clause is read once, and its numbers are the same in any company."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from classifier_fakes import bag_arrays, small_encoder
from nlp_fakes import WordScorer, tiny_classifier

from nlp import classifier as classifiers
from nlp.artefact import ArtefactError
from nlp.bag_scorer import BagScorer
from nlp.batch import tagger as module
from nlp.batch.cache import ClauseCache
from nlp.batch.tagger import CachedTagger, shipped_model
from nlp.classifier import FOLDERS, MODES, ClauseClassifier, Scorer
from nlp.transformer_scorer import TagModel, TransformerScorer

TEXTS = ["we sell your data", "nobody", "the police", "we sell your data", "we keep logs for years " * 40]


def silent() -> None:
    """Be told that the work goes on."""


@pytest.fixture(scope="module", params=["accurate", "fast"])
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scorer]:
    """Return a scorer of random weights of either mode."""
    folder = tmp_path_factory.mktemp("encoder")
    with small_encoder(folder):
        if request.param == "accurate":
            yield TransformerScorer.of(TagModel.untrained(3))
        else:
            yield BagScorer.from_arrays(bag_arrays(), 3, folder)


def classifier(scorer: Scorer) -> ClauseClassifier:
    """Return a classifier of three labels."""
    calibration = np.array([[0.9, 0.1], [1.1, -0.3], [0.7, 0.2]], np.float32)
    return ClauseClassifier(scorer, ["a", "b", "c"], calibration, np.full(3, 0.5, np.float32), "fake")


def test_the_numbers_of_a_clause_are_the_same_in_any_company(
    scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "we you they sell keep share your names logs mail data years".split()
    rng = random.Random(0)
    texts = [" ".join(rng.choices(words, k=rng.randint(0, 60))) for _ in range(150)]
    whole = CachedTagger(classifier(scorer), ClauseCache(tmp_path / "whole"))
    expected, _ = whole.probabilities(texts, silent)
    assert np.isfinite(expected).all()
    assert expected.dtype == np.float32
    monkeypatch.setattr(module, "_BLOCK", 7)
    parts = CachedTagger(classifier(scorer), ClauseCache(tmp_path / "parts"))
    order = rng.sample(range(len(texts)), len(texts))
    for at in range(0, len(order), 11):
        some = order[at : at + 11]
        got, _ = parts.probabilities([texts[i] for i in some], silent)
        assert got.tobytes() == expected[some].tobytes()
    again, read = parts.probabilities(texts, silent)
    assert (again.tobytes(), read) == (expected.tobytes(), 0)


def test_a_clause_is_read_once(tmp_path: Path) -> None:
    asked = WordScorer()
    tagger = CachedTagger(tiny_classifier(asked), ClauseCache(tmp_path))
    first, read = tagger.probabilities(TEXTS, silent)
    assert (read, asked.asked) == (4, [4])
    assert first[0].tobytes() == first[3].tobytes()
    second, read = tagger.probabilities([*TEXTS[::-1], "new"], silent)
    assert (read, asked.asked) == (1, [4, 1])
    assert second[:5][::-1].tobytes() == first.tobytes()


def test_the_tags_are_those_of_the_classifier(tmp_path: Path) -> None:
    plain = tiny_classifier()
    tagger = CachedTagger(plain, ClauseCache(tmp_path))
    found, _ = tagger.probabilities(TEXTS, silent)
    assert found.tolist() == plain.predict_proba(TEXTS).astype(np.float32).tolist()
    assert tagger.decide(found.astype(np.float64)).tolist() == plain.predict(TEXTS).tolist()
    assert (tagger.labels, tagger.fingerprint) == (plain.labels, plain.fingerprint)


def test_another_model_has_other_keys(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path)
    CachedTagger(tiny_classifier(), cache).probabilities(TEXTS, silent)
    base = tiny_classifier()
    other = ClauseClassifier(base.scorer, base.labels, base.calibration, base.thresholds, "other")
    assert CachedTagger(other, cache).probabilities(TEXTS, silent)[1] == 4


def test_without_clauses_there_is_nothing_to_do(tmp_path: Path) -> None:
    found, read = CachedTagger(tiny_classifier(), ClauseCache(tmp_path)).probabilities([], silent)
    assert (found.shape, read) == ((0, 13), 0)


def test_a_cache_that_does_not_work_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tagger = CachedTagger(tiny_classifier(), ClauseCache(tmp_path / "file"))
    assert tagger.probabilities(TEXTS, silent)[0].shape == (5, 13)
    assert tagger.trouble is not None


def test_it_is_said_that_the_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 2)
    said: list[int] = []
    tagger = CachedTagger(tiny_classifier(), ClauseCache(tmp_path))
    tagger.probabilities(TEXTS, lambda: said.append(1))
    assert len(said) == 1 + 2


@pytest.mark.parametrize("mode", MODES)
def test_the_shipped_models_are_known_without_their_weights(mode: classifiers.Mode) -> None:
    model = shipped_model(mode)
    config = json.loads((FOLDERS[mode] / "config.json").read_text())
    assert (model.fingerprint, list(model.labels)) == (config["fingerprint"], config["labels"])


def test_a_model_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FOLDERS, "fast", tmp_path)
    with pytest.raises(ArtefactError, match="cannot be read; run from a checkout"):
        shipped_model("fast")
