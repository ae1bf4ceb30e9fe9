"""Tests of nlp.train_classifier: examples from annotators' spans, thresholds, and a run on made-up words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nlp_fakes import WordEncoder

from corpus.opp115 import Segment, Span
from corpus.taxonomy import CATEGORY_IDS
from nlp import train_classifier
from nlp.classifier import ClauseClassifier
from nlp.train_classifier import best_threshold, make_examples, train

FIRST, SECOND, THIRD = "We sell your names.", "You may tell us not to.", "It is so."


def span(annotator: str, category: str, words: str, text: str) -> Span:
    """Return an annotator's span over words of a text."""
    return Span(annotator, category, text.index(words), text.index(words) + len(words))


def labels(row: np.ndarray) -> set[str]:
    """Return the names of the targets in a row."""
    return {label for label, holds in zip(CATEGORY_IDS, row, strict=True) if holds}


def test_sentences_get_the_categories_of_half_of_the_annotators() -> None:
    text = f"{FIRST} {SECOND} {THIRD}"
    spans = (
        span("a", "sharing", "sell your", text),
        span("b", "sharing", FIRST, text),
        span("b", "sharing", "names", text),
        span("a", "choice", "tell us", text),
        span("a", "collection", "names. You", text),
    )
    examples = make_examples([Segment(text, frozenset({"sharing"}), spans, annotators=3)])
    assert examples.texts == [text, FIRST, SECOND]
    assert [labels(row) for row in examples.targets] == [{"sharing"}, {"sharing"}, set()]
    assert examples.segments.tolist() == [0, 0, 0]
    two = make_examples([Segment(text, frozenset({"sharing"}), spans, annotators=2)])
    assert [labels(row) for row in two.targets[1:]] == [{"sharing", "collection"}, {"choice", "collection"}]


@pytest.mark.parametrize(
    ("text", "annotators"),
    [(f"{FIRST} {SECOND}", 0), (FIRST, 3)],
    ids=["annotations unknown", "a single sentence"],
)
def test_a_segment_may_count_as_a_whole_alone(text: str, annotators: int) -> None:
    spans = (span("a", "sharing", "sell", text),)
    examples = make_examples([Segment(text, frozenset({"sharing"}), spans, annotators)])
    assert examples.texts == [text]


def test_very_short_sentences_teach_nothing() -> None:
    text = f"Sell names. {FIRST}"
    spans = (span("a", "sharing", "Sell", text), span("a", "sharing", "sell", text))
    assert make_examples([Segment(text, frozenset(), spans, 1)]).texts == [text, FIRST]


def test_examples_remember_their_segment() -> None:
    text = f"{FIRST} {SECOND}"
    segment = Segment(text, frozenset(), (span("a", "sharing", "sell", text),), 1)
    examples = make_examples([Segment("Cookies.", frozenset({"collection"})), segment])
    assert examples.texts == ["Cookies.", text, FIRST]
    assert examples.segments.tolist() == [0, 1, 1]
    assert examples.targets.shape == (3, 13)


@pytest.mark.parametrize(
    ("probabilities", "truth", "expected"),
    [
        # The best cut lies between 0.2 and 0.5; the lowest such value counts, drawn half way to 0.3.
        ([0.2, 0.505, 0.9], [0, 1, 1], (0.21 + 0.3) / 2),
        ([0.6, 0.65, 0.9], [0, 0, 1], (0.66 + 0.3) / 2),
        ([0.9, 0.9, 0.9], [1, 1, 1], (0.1 + 0.3) / 2),
        ([0.2, 0.2, 0.2], [0, 0, 0], (0.1 + 0.3) / 2),
    ],
)
def test_the_best_threshold(probabilities: list[float], truth: list[int], expected: float) -> None:
    assert best_threshold(np.array(probabilities), np.array(truth, bool)) == pytest.approx(expected)


def test_a_run_learns_words_and_can_be_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segments = [
        Segment(f"The {label.replace('-', '')} comes first of item{i}.", frozenset({label}))
        for i in range(8)
        for label in CATEGORY_IDS
    ]
    asked = []
    monkeypatch.setattr(train_classifier, "read_split", lambda folder, split: asked.append((folder, split)) or segments)
    encoder = WordEncoder()
    classifier = train(tmp_path, encoder)
    assert asked == [(tmp_path, "train")]
    assert classifier.labels == list(CATEGORY_IDS)
    assert encoder.asked == [len(segments)]
    texts = [f"A {label.replace('-', '')}." for label in CATEGORY_IDS]
    probabilities = classifier.predict_proba(texts)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), np.arange(13))
    np.testing.assert_array_equal(classifier.predict(texts), np.eye(13, dtype=bool))
    assert ((classifier.thresholds >= 0.2) & (classifier.thresholds <= 0.5)).all()
    classifier.save(tmp_path / "classifier")
    loaded = ClauseClassifier.load(tmp_path / "classifier", encoder=encoder)
    np.testing.assert_array_equal(loaded.predict_proba(texts), probabilities)
    assert train(tmp_path, encoder).fingerprint == classifier.fingerprint
