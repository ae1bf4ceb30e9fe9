"""Tests of nlp.classifier on weights made by hand: shapes, thresholds, odd texts, saving and loading."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, TERMS, WordEncoder, tiny_classifier

from corpus.taxonomy import CATEGORY_IDS
from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.classifier import TFIDF, VOCABULARY, ClauseClassifier, sparse_words

TEXTS = [SELL, POLICE, KEEP, COOKIES, "Hello there."]


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
    classifier = replace(tiny_classifier(), calibration=np.tile(np.array([2, 0.5], np.float32), (13, 1)))
    text = "We keep cookies."
    tfidf = np.array([0, 0, 1, 1]) / np.sqrt(2)
    vector = classifier.encoder.encode([text])[0]
    scores = classifier.word_weights @ tfidf + classifier.vector_weights @ vector + classifier.intercepts
    np.testing.assert_allclose(classifier.predict_proba([text])[0], 1 / (1 + np.exp(-(2 * scores + 0.5))), rtol=1e-5)


def test_shapes_and_types() -> None:
    classifier = tiny_classifier()
    probabilities = classifier.predict_proba(TEXTS)
    assert probabilities.shape == (5, 13)
    assert probabilities.dtype == np.float64
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert classifier.predict(TEXTS).shape == (5, 13)
    assert classifier.predict(TEXTS).dtype == np.bool_


def test_no_texts_give_no_rows() -> None:
    classifier = tiny_classifier()
    assert classifier.predict_proba([]).shape == (0, 13)
    assert classifier.predict([]).shape == (0, 13)


def test_an_answer_does_not_depend_on_the_batch() -> None:
    classifier = tiny_classifier()
    together = classifier.predict_proba(TEXTS)
    alone = np.vstack([classifier.predict_proba([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, rtol=1e-6)
    np.testing.assert_allclose(classifier.predict_proba(TEXTS[::-1])[::-1], together, rtol=1e-6)


def test_vectors_at_hand_are_not_made_again() -> None:
    encoder = WordEncoder()
    classifier = tiny_classifier(encoder)
    expected, vectors = classifier.predict_proba(TEXTS), encoder.encode(TEXTS)
    encoder.asked.clear()
    np.testing.assert_array_equal(classifier.predict_proba(TEXTS, vectors), expected)
    assert encoder.asked == []


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


@pytest.mark.parametrize(
    "text",
    ["sell " * 100_000, "🙂" * 50, "\x00\x07\x1b[31m sell", "\ud800", "", " ", "卖 数据", "\u202esell"],
    ids=["long", "emoji", "control", "surrogate", "empty", "blank", "han", "right-to-left"],
)
def test_odd_texts_are_tagged(text: str) -> None:
    probabilities = tiny_classifier().predict_proba([text])
    assert np.isfinite(probabilities).all()
    assert tiny_classifier().predict([text]).any()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a saved classifier."""
    tiny_classifier().save(tmp_path / "classifier", {"validation": {"macro_f1": 0.5}})
    return tmp_path / "classifier"


def test_a_round_trip_predicts_the_same(folder: Path) -> None:
    classifier, loaded = tiny_classifier(), ClauseClassifier.load(folder, encoder=WordEncoder())
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), classifier.predict_proba(TEXTS))
    np.testing.assert_array_equal(loaded.predict(TEXTS), classifier.predict(TEXTS))
    assert loaded.labels == classifier.labels
    assert loaded.terms == TERMS
    assert loaded.fingerprint == classifier.fingerprint
    assert json.loads((folder / artefact.CONFIG).read_text())["validation"] == {"macro_f1": 0.5}


def test_another_encoder_is_refused(folder: Path) -> None:
    with pytest.raises(ArtefactError, match="was trained with the encoder fake:words, not with another; train again"):
        ClauseClassifier.load(folder, encoder=WordEncoder("another"))


@pytest.mark.parametrize("content", [None, "", "[", "3", '["sell", 3'])
def test_a_torn_vocabulary_is_refused(folder: Path, content: str | None) -> None:
    if content is None:
        (folder / VOCABULARY).unlink()
    else:
        (folder / VOCABULARY).write_text(content)
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as a clause-classifier; train again"):
        ClauseClassifier.load(folder, encoder=WordEncoder())


def test_another_vocabulary_is_refused(folder: Path) -> None:
    (folder / VOCABULARY).write_text(json.dumps(["lend", *TERMS[1:]]))
    with pytest.raises(ArtefactError, match="is not what was trained: its fingerprint differs"):
        ClauseClassifier.load(folder, encoder=WordEncoder())


def test_changed_weights_are_refused(folder: Path) -> None:
    config, arrays = artefact.load(folder, "clause-classifier", 1)
    artefact.save(folder, config, {**arrays, "intercepts": arrays["intercepts"] + 1})
    with pytest.raises(ArtefactError, match="its fingerprint differs"):
        ClauseClassifier.load(folder, encoder=WordEncoder())


@pytest.mark.parametrize("name", ["idf", "thresholds"])
def test_a_missing_array_is_refused(folder: Path, name: str) -> None:
    config, arrays = artefact.load(folder, "clause-classifier", 1)
    artefact.save(folder, config, {n: array for n, array in arrays.items() if n != name})
    with pytest.raises(ArtefactError, match="is damaged and cannot be read"):
        ClauseClassifier.load(folder, encoder=WordEncoder())


def test_missing_labels_are_refused(folder: Path) -> None:
    config, arrays = artefact.load(folder, "clause-classifier", 1)
    artefact.save(folder, {k: v for k, v in config.items() if k != "labels"}, arrays)
    with pytest.raises(ArtefactError, match="is damaged and cannot be read"):
        ClauseClassifier.load(folder, encoder=WordEncoder())


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"holds no clause-classifier: config\.json is missing"):
        ClauseClassifier.load(tmp_path, encoder=WordEncoder())


def test_words_weigh_the_same_in_training_and_use() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    fitted = TfidfVectorizer(**TFIDF).fit(TEXTS)
    trained = sparse_words(fitted, TEXTS)
    classifier = replace(
        tiny_classifier(),
        terms=tuple(fitted.get_feature_names_out().tolist()),
        idf=np.asarray(fitted.idf_, np.float32),
    )
    np.testing.assert_allclose(classifier._words.transform(TEXTS).toarray(), trained.toarray(), rtol=1e-5)
