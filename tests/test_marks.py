"""Tests of nlp.marks: the words in which two wordings differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import marks as module
from nlp.marks import apart, marks


def shown(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the marked words of both sides."""
    ours, theirs = marks(old, new)
    return [old[a:b] for a, b in ours], [new[a:b] for a, b in theirs]


def test_words_that_one_side_has_alone_are_marked() -> None:
    assert shown("We keep names for 30 days.", "We keep names for 90 days, always.") == (["30"], ["90", "always"])
    assert marks("We keep it.", "We keep it all.") == ((), ((11, 14),))


def test_neighbours_are_one_mark_with_what_stands_between_them() -> None:
    assert shown("We sell names.", "We give, or lend, names.") == (["sell"], ["give, or lend"])


def test_case_and_punctuation_are_not_marked() -> None:
    assert marks("We SELL, names!", "we sell names") == ((), ())
    assert marks("", "") == ((), ())


words = st.lists(st.sampled_from("we sell keep Sell names NAMES".split()), max_size=8)


@given(words, words)
def test_what_is_left_over_is_the_same_whichever_side_comes_first(old: list[str], new: list[str]) -> None:
    gone, come = apart(old, new)
    assert apart(new, old) == (come, gone)
    kept = [[w.casefold() for i, w in enumerate(side) if i not in left] for side, left in ((old, gone), (new, come))]
    assert kept[0] == kept[1]
    assert len(kept[0]) == brute_force([w.casefold() for w in old], [w.casefold() for w in new])


def brute_force(old: list[str], new: list[str]) -> int:
    """Return the length of a longest common subsequence."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old, 1):
        for j, b in enumerate(new, 1):
            table[i][j] = table[i - 1][j - 1] + 1 if a == b else max(table[i - 1][j], table[i][j - 1])
    return table[-1][-1]


def test_wordings_without_end_differ_from_the_first_other_word_on(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "we keep all names".split(), "we sell all names".split()
    assert apart(old, new) == ([1], [1])
    monkeypatch.setattr(module, "_MOST_PAIRS", 8)
    assert apart(old, new) == ([1, 2, 3], [1, 2, 3])
