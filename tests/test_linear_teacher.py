"""Tests of nlp.linear_teacher: it learns words, weighs examples, and knows labels that do not vary."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.finetune import Examples
from nlp.linear_teacher import LinearTeacher

SELL, KEEP = "We sell your names.", "We keep your names."


def examples(weights: list[float] | None = None) -> Examples:
    """Return ten texts with three labels, of which the last never holds."""
    texts = [f"{text} item{i}" for i in range(5) for text in (SELL, KEEP)]
    targets = np.tile(np.array([[1, 0.35, 0], [0.2, 0.6, 0.4]], np.float32), (5, 1))
    return Examples(texts, targets, np.array(weights or [1.0] * 10, np.float32))


def test_words_decide_and_a_target_of_a_half_counts_as_held() -> None:
    logits = LinearTeacher.fit(examples()).score([SELL, KEEP])
    assert logits.shape == (2, 3)
    np.testing.assert_array_equal(logits[:, :2] > 0, np.eye(2, dtype=bool))


def test_a_label_that_never_holds_is_next_to_impossible() -> None:
    np.testing.assert_array_equal(LinearTeacher.fit(examples()).score([SELL, "", "🙂"])[:, 2], [-6, -6, -6])


def test_a_label_that_always_holds_is_next_to_certain() -> None:
    given = examples()
    given.targets[:, 2] = np.linspace(0.5, 1, 10)
    logits = LinearTeacher.fit(given).score([SELL, "", "🙂"])
    np.testing.assert_array_equal(logits[:, 2], [6, 6, 6])
    np.testing.assert_array_equal(logits[:, :2], LinearTeacher.fit(examples()).score([SELL, "", "🙂"])[:, :2])


def test_what_an_example_counts_moves_the_answer() -> None:
    even = LinearTeacher.fit(examples()).score(["We"])[0, 0]
    more_sales = LinearTeacher.fit(examples([5.0, 1.0] * 5)).score(["We"])[0, 0]
    assert more_sales > even


@pytest.mark.parametrize("text", ["", "\x00\x1b", "卖", "word " * 10_000])
def test_odd_texts_get_finite_logits(text: str) -> None:
    assert np.isfinite(LinearTeacher.fit(examples()).score([text])).all()
