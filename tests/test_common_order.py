"""Tests of nlp.common_order: the heaviest common subsequence of clauses, held against all of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import common_order as module
from nlp.common_order import common_order
from nlp.normal import Words

A, B, LONG = ("a",), ("b",), tuple("no one reads this but us".split())
sides = st.lists(st.sampled_from([A, B, LONG, ("c", "d")]), max_size=9)


def weight(pairs: list[tuple[int, int]], old: list[Words]) -> int:
    """Return the words of the clauses in pairs and one for each."""
    return sum(len(old[i]) + 1 for i, _ in pairs)


def heaviest(old: list[Words], new: list[Words]) -> int:
    """Return the weight of the heaviest common subsequence, by the table of all beginnings."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old, 1):
        for j, b in enumerate(new, 1):
            both = table[i - 1][j - 1] + len(a) + 1 if a == b else 0
            table[i][j] = max(table[i - 1][j], table[i][j - 1], both)
    return table[-1][-1]


def test_the_clause_with_more_words_keeps_its_place() -> None:
    assert common_order([A, B, LONG], [LONG, A, B]) == [(2, 0)]
    assert common_order([A, LONG], [LONG, A, LONG]) == [(0, 1), (1, 2)]
    assert common_order([], [A]) == []


@given(sides, sides)
def test_no_common_order_keeps_more_words(old: list[Words], new: list[Words]) -> None:
    pairs = common_order(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    assert weight(pairs, old) == heaviest(old, new)


def test_the_commonest_clauses_are_left_out_where_they_make_too_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = [B, A, A, LONG, A, B], [A, B, A, LONG, A, A]
    assert common_order(old, new) == [(1, 0), (2, 2), (3, 3), (4, 4)]
    # One pair of LONG, two of B, twelve of A.
    monkeypatch.setattr(module, "_MOST_PAIRS", 14)
    assert common_order(old, new) == [(0, 1), (3, 3)]
