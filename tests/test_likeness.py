"""Tests of nlp.likeness: how many words clauses have in common in one order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import likeness as module
from nlp.likeness import common, commons, joined, likeness, shortened

clauses = st.lists(st.lists(st.sampled_from("we sell keep names".split()), max_size=6).map(tuple), max_size=6)


def test_likeness_is_the_share_of_words_in_a_common_order() -> None:
    assert likeness(("we", "sell", "names"), ("names", "we", "sell")) == 2 * 2 / 6
    assert likeness(("we",), ("you",)) == 0.0
    assert likeness((), ()) == 1.0


@given(clauses, clauses)
def test_all_pairs_at_once_are_as_one_by_one(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 8)
        assert [row.tolist() for row in commons(old, new)] == [[common(a, b) for b in new] for a in old]


def test_clauses_are_joined_in_order_and_shortened_where_they_have_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert joined([("a", "b"), ("c",)]) == ("a", "b", "c")
    monkeypatch.setattr(module, "_LONGEST", 2)
    assert shortened(("a", "b", "c")) == ("a", "b")
