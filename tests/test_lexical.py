"""Tests of nlp.lexical: words, and BM25 held against the formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexical import LexicalIndex, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We sold the Cookies", ["we", "sold", "cooki"]),
        ("selling, SELLS; sell!", ["sell", "sell", "sell"]),
        ("", []),
        ("the of and", []),
        ("🙂 \x00 !", []),
    ],
)
def test_words_are_stems_without_stop_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_scores_are_those_of_the_formula() -> None:
    texts = ["cookies cookies here", "cookies", "names and mail kept long"]
    scores = LexicalIndex.from_texts(texts).scores("cookie")
    lengths = [len(words(text)) for text in texts]
    mean = sum(lengths) / 3
    # Lucene's variant of BM25, which is what bm25s computes unless told otherwise: k1 = 1.5, b = 0.75.
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = [idf * tf / (tf + 1.5 * (0.25 + 0.75 * n / mean)) for tf, n in zip([2, 1, 0], lengths, strict=True)]
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_a_rare_word_counts_for_more_than_a_frequent_one() -> None:
    scores = LexicalIndex.from_texts(["we sell cookies", "we sell names", "we sell cars"]).scores("sell names")
    assert scores.argmax() == 1
    assert scores[0] == scores[2] > 0


@pytest.mark.parametrize("question", ["", "the", "zebra", "?!", "🙂"])
def test_a_question_without_known_words_scores_zero(question: str) -> None:
    np.testing.assert_array_equal(LexicalIndex.from_texts(["we sell names", "cookies"]).scores(question), [0, 0])


@pytest.mark.parametrize("texts", [[], ["", "the", "!"]])
def test_texts_without_words_are_never_found(texts: list[str]) -> None:
    scores = LexicalIndex.from_texts(texts).scores("names")
    assert scores.shape == (len(texts),)
    assert not scores.any()


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=20))
@settings(deadline=None, max_examples=50)
def test_any_text_gives_one_score_each(texts: list[str], question: str) -> None:
    scores = LexicalIndex.from_texts(texts).scores(question)
    assert scores.shape == (len(texts),)
    assert (scores >= 0).all()
    shared = [bool(set(words(question)) & set(words(text))) for text in texts]
    assert (scores > 0).tolist() == shared
