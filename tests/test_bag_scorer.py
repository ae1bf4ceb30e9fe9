"""Tests of nlp.bag_scorer: features against plain Python, logits by hand and in any company, damaged arrays."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from classifier_fakes import AWKWARD, VOCABULARY, WORDS, bag_arrays, small_encoder
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.artefact import ArtefactError
from nlp.bag_scorer import BUCKETS, BagScorer, bags, features
from nlp.transformer_scorer import load_tokenizer, token_ids

FOLDER = Path("models/classifier-fast")
TEXTS = ["", "we sell your names", "nobody", "we sell", "sell we", " ".join(WORDS * 20), "we sell your names"]
WORD = 2**64


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use an encoder of a few weights."""
    with small_encoder(tmp_path_factory.mktemp("encoder")):
        yield


def pair_column(left: int, right: int, vocabulary: int) -> int:
    """Return the column of a pair in whole numbers of Python."""
    mixed = (left * 0x9E3779B97F4A7C15 % WORD) ^ (right * 0xC2B2AE3D27D4EB4F % WORD)
    return vocabulary + ((mixed ^ (mixed >> 29)) * 0x9E3779B97F4A7C15 % WORD >> 48)


def features_of(row: Sequence[int], vocabulary: int) -> list[int]:
    """Return the features of one row: pieces without the marks at both ends, and pairs of neighbours."""
    found = []
    for i, token in enumerate(row[:-1]):
        found += [token] if i else []
        found.append(pair_column(token, row[i + 1], vocabulary))
    return found


def by_hand(scorer: BagScorer, text: str) -> np.ndarray:
    """Return the logits of one text in double precision, without sparse matrices."""
    (row,) = token_ids(scorer.tokenizer, [text])
    columns = features_of(row, len(VOCABULARY))
    summed = scorer.table[columns].astype(np.float64).sum(axis=0) / np.sqrt(len(columns))
    deep, wide = summed[: len(scorer.hidden)], summed[len(scorer.hidden) :]
    return np.maximum(deep @ scorer.hidden + scorer.hidden_bias, 0) @ scorer.output + scorer.output_bias + wide


def tiny_scorer() -> BagScorer:
    """Return a scorer of random weights."""
    return BagScorer.from_arrays(bag_arrays(), 3, FOLDER)


@given(
    rows=st.lists(st.lists(st.integers(0, 2**31), min_size=2, max_size=12), min_size=1, max_size=8),
    vocabulary=st.integers(1, 2**31),
)
def test_features_are_those_of_plain_python(rows: list[list[int]], vocabulary: int) -> None:
    columns, starts = features(rows, vocabulary)
    expected = [features_of(row, vocabulary) for row in rows]
    assert columns.tolist() == [column for row in expected for column in row]
    assert starts.tolist() == [sum(map(len, expected[:n])) for n in range(len(rows) + 1)]
    assert all(vocabulary <= column < vocabulary + BUCKETS for column in columns[starts[:-1]])


def test_pairs_know_left_from_right_and_mostly_do_not_collide() -> None:
    rows = [[a, b] for a in range(100) for b in range(100)]
    columns = features(rows, 0)[0]
    assert len(columns) == 10_000
    # 10,000 balls thrown into 65,536 boxes leave about 9,281 boxes with a ball.
    assert 9_200 < len(set(columns.tolist())) < 9_400
    one, other = features([[5, 6]], 0)[0], features([[6, 5]], 0)[0]
    assert one.tolist() != other.tolist()


def test_bags_count_features_and_scale_by_the_root_of_their_number() -> None:
    matrix, scale = bags([[101, 7, 7, 7, 102], [101, 102]], 200)
    assert matrix.shape == (2, 200 + BUCKETS)
    dense = matrix.toarray()
    columns = {7: 3, pair_column(101, 7, 200): 1, pair_column(7, 7, 200): 2, pair_column(7, 102, 200): 1}
    assert {int(c): int(dense[0, c]) for c in dense[0].nonzero()[0]} == columns
    assert {int(c): int(dense[1, c]) for c in dense[1].nonzero()[0]} == {pair_column(101, 102, 200): 1}
    np.testing.assert_array_equal(scale, np.array([1 / np.sqrt(7), 1], np.float32))


def test_scores_are_those_by_hand() -> None:
    scorer = tiny_scorer()
    scores = scorer.score(TEXTS)
    assert scores.dtype == np.float64
    np.testing.assert_allclose(scores, [by_hand(scorer, text) for text in TEXTS], rtol=1e-4, atol=1e-5)
    assert np.abs(scores[3] - scores[4]).max() > 0.1, "the order of words counts"


@given(
    texts=st.lists(st.text(alphabet="ab c.é?", max_size=40) | st.sampled_from(TEXTS), min_size=1, max_size=8),
    random=st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None)
def test_logits_of_a_text_are_the_same_in_any_company(texts: list[str], random: random.Random) -> None:
    scorer = tiny_scorer()
    expected = np.vstack([scorer.score([text]) for text in texts])
    np.testing.assert_array_equal(scorer.score(texts), expected)
    order = random.sample(range(len(texts)), len(texts))
    np.testing.assert_array_equal(scorer.score([texts[i] for i in order]), expected[order])


@pytest.mark.parametrize("number", [1, 255, 256, 257, 600])
def test_logits_are_the_same_in_more_than_one_block(number: int) -> None:
    # As wide as the real one: narrow matrices round alike whatever their height.
    rng = np.random.default_rng(0)
    arrays = {
        "table": rng.normal(size=(len(VOCABULARY) + BUCKETS, 48 + 13)).astype(np.float16),
        "hidden": rng.normal(size=(48, 96)).astype(np.float16),
        "hidden_bias": np.zeros(96, np.float16),
        "output": rng.normal(size=(96, 13)).astype(np.float16),
        "output_bias": np.zeros(13, np.float16),
    }
    scorer = BagScorer.from_arrays(arrays, 13, FOLDER)
    texts = [f"{a} {b} {c}" for a in WORDS for b in WORDS for c in WORDS[:2]][:number]
    scores = scorer.score(texts)
    assert scores.shape == (number, 13)
    order = rng.permutation(number)
    np.testing.assert_array_equal(scorer.score([texts[i] for i in order]), scores[order])
    for i in {0, number // 2, number - 1}:
        np.testing.assert_array_equal(scorer.score([texts[i]])[0], scores[i])


def test_no_texts_give_no_logits() -> None:
    assert tiny_scorer().score([]).shape == (0, 3)


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_awkward_texts_have_finite_logits(text: str) -> None:
    scorer = tiny_scorer()
    scores = scorer.score([text, "we sell"])
    assert scores.shape == (2, 3)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[1:], scorer.score(["we sell"]))


def test_a_round_trip_keeps_the_arrays() -> None:
    arrays = bag_arrays()
    made = BagScorer.from_arrays(arrays, 3, FOLDER)
    again = made.arrays()
    assert list(again) == ["table", "hidden", "hidden_bias", "output", "output_bias"]
    for name, array in again.items():
        assert array.dtype == np.float16
        np.testing.assert_array_equal(array, arrays[name])
    assert made.table.dtype == np.float32
    assert made.tokenizer.get_vocab_size() == load_tokenizer().get_vocab_size() == len(VOCABULARY)


@pytest.mark.parametrize("name", ["table", "hidden", "hidden_bias", "output", "output_bias"])
def test_a_missing_array_is_refused(name: str) -> None:
    arrays = {other: array for other, array in bag_arrays().items() if other != name}
    with pytest.raises(ArtefactError, match=r"^models/classifier-fast is damaged: its arrays are not those of"):
        BagScorer.from_arrays(arrays, 3, FOLDER)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("table", (len(VOCABULARY) + BUCKETS - 1, 8)),
        ("table", (len(VOCABULARY) + BUCKETS, 9)),
        ("table", (len(VOCABULARY) + BUCKETS,)),
        ("table", (len(VOCABULARY) + BUCKETS, 8, 1)),
        ("table", ()),
        ("hidden", (7, 5)),
        ("hidden", (5,)),
        ("hidden_bias", (8,)),
        ("hidden_bias", (7, 1)),
        ("hidden_bias", ()),
        ("output", (3, 7)),
        ("output", (7, 4)),
        ("output_bias", (4,)),
        ("output_bias", (1,)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(name: str, shape: tuple[int, ...]) -> None:
    arrays = {**bag_arrays(), name: np.zeros(shape, np.float16)}
    with pytest.raises(ArtefactError, match=r"^models/classifier-fast is damaged: its arrays are not those of"):
        BagScorer.from_arrays(arrays, 3, FOLDER)


def test_arrays_for_other_labels_are_refused() -> None:
    with pytest.raises(ArtefactError, match=r"is damaged: its arrays are not those of a classifier; train again"):
        BagScorer.from_arrays(bag_arrays(labels=3), 4, FOLDER)
