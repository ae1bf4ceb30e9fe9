"""Tests of nlp.steps: batches are a partition, rates stay in 0..1, padding adds nothing."""

from __future__ import annotations

import random
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.steps import linear_rate, make_batches, padded

lengths_of_texts = st.lists(st.integers(1, 60), max_size=60)


@given(lengths=lengths_of_texts, tokens=st.integers(1, 200), seed=st.integers(0, 9))
def test_batches_are_a_partition_of_like_lengths_within_the_limit(lengths: list[int], tokens: int, seed: int) -> None:
    batches = make_batches(lengths, tokens, random.Random(seed))
    assert sorted(chain.from_iterable(batches)) == list(range(len(lengths)))
    long = [sorted(lengths[i] for i in batch) for batch in batches]
    assert all(len(batch) == 1 or len(batch) * batch[-1] <= tokens for batch in long)
    # By length; of those of a single length, only the last may be short of texts.
    for batch, after in pairwise(sorted(long, key=lambda batch: (batch[0], batch[-1], -len(batch)))):
        assert batch[-1] <= after[0]
        assert (len(batch) + 1) * after[0] > tokens, "it was not full"


@pytest.mark.parametrize(
    ("lengths", "tokens", "expected"),
    [
        ([], 6, []),
        ([7], 6, [[7]]),
        ([3, 1, 3, 1, 3], 6, [[1, 1], [3], [3, 3]]),
        # A longer text brings padding for those before it.
        ([1, 1, 1, 2, 9, 4], 8, [[1, 1, 1, 2], [4], [9]]),
        ([2, 2, 2, 2, 2], 5, [[2], [2, 2], [2, 2]]),
    ],
)
def test_batches_by_hand(lengths: list[int], tokens: int, expected: list[list[int]]) -> None:
    batches = make_batches(lengths, tokens, random.Random(0))
    assert sorted(sorted(lengths[i] for i in batch) for batch in batches) == expected


def test_batches_hang_on_the_random_numbers_alone() -> None:
    lengths = [1 + i % 7 for i in range(200)]
    first, again, other = (make_batches(lengths, 30, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    # Neither the batches come by length nor the texts of a length in their order.
    assert [lengths[batch[0]] for batch in first] != sorted(lengths[batch[0]] for batch in first)
    assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in other}


@given(steps=st.integers(1, 300), warm_up=st.floats(0, 1))
def test_a_rate_rises_to_one_and_falls_to_nothing(steps: int, warm_up: float) -> None:
    rates = [linear_rate(step, steps, warm_up) for step in range(steps + 1)]
    assert all(0 <= rate <= 1 for rate in rates)
    peak = rates.index(max(rates))
    assert rates[peak] == 1
    assert peak == max(0, int(warm_up * steps) - 1)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[0] > 0
    assert rates[-1] == 0


def test_rates_by_hand() -> None:
    rates = [linear_rate(step, 10, 0.4) for step in range(12)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0, 0])


@given(rows=st.lists(st.lists(st.integers(1, 9), max_size=8), min_size=1, max_size=6))
def test_padding_can_be_taken_off(rows: list[list[int]]) -> None:
    ids, mask = padded(rows)
    assert ids.shape == mask.shape == (len(rows), max(len(row) for row in rows))
    assert [line[keep.bool()].tolist() for line, keep in zip(ids, mask, strict=True)] == rows
    assert mask.sum(1).tolist() == [len(row) for row in rows]
    assert (ids[mask == 0] == 0).all()


def test_padding_by_hand() -> None:
    ids, mask = padded([[5, 6, 7], [8]])
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
