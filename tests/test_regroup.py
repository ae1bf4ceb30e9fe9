"""Tests of nlp.regroup: equal words that are cut into clauses elsewhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import regroup
from nlp.normal import Words
from nlp.regroup import regrouped, same_throughout


def cut(*texts: str) -> list[Words]:
    """Return the words of texts."""
    return [tuple(text.split()) for text in texts]


def test_both_sides_fall_into_the_shortest_runs_of_equal_words() -> None:
    old = cut("we keep", "names and", "logs", "we sell", "nothing")
    new = cut("we", "keep names and logs", "we sell", "nothing")
    assert same_throughout(old, new) == [((0, 1, 2), (0, 1)), ((3,), (2,)), ((4,), (3,))]
    assert same_throughout([], []) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (cut("we keep", "names"), cut("we keep", "logs")),
        (cut("we keep"), cut("we keep", "names")),
        (cut("we keep", "names"), cut("we keep")),
        ([], cut("we keep")),
        (cut("we keep names"), cut("we keep")),
    ],
)
def test_sides_that_differ_do_not(old: list[Words], new: list[Words]) -> None:
    assert same_throughout(old, new) is None


@given(st.lists(st.sampled_from("abc"), max_size=20), st.data())
def test_words_that_are_only_cut_elsewhere_are_always_found(words: list[str], data: st.DataObject) -> None:
    def clauses() -> list[Words]:
        at = data.draw(st.sets(st.integers(1, max(1, len(words) - 1))))
        places = [0, *sorted(place for place in at if place < len(words)), len(words)]
        return [tuple(words[a:b]) for a, b in pairwise(places) if a < b]

    old, new = clauses(), clauses()
    runs = same_throughout(old, new)
    assert runs is not None
    assert [i for olds, _ in runs for i in olds] == list(range(len(old)))
    assert [j for _, news in runs for j in news] == list(range(len(new)))
    for olds, news in runs:
        assert [word for i in olds for word in old[i]] == [word for j in news for word in new[j]]


def test_runs_among_other_clauses_are_found_in_order() -> None:
    old = cut("x y", "we keep", "names", "p q", "logs go")
    new = cut("we keep names", "r", "logs", "go", "x y z")
    assert list(regrouped(old, new, range(5), range(5))) == [((1, 2), (0,)), ((4,), (2, 3))]
    # A clause that has a partner already is in no run.
    assert list(regrouped(old, new, [0, 1, 3, 4], range(5))) == [((4,), (2, 3))]
    assert list(regrouped(old, new, range(5), [0, 2])) == [((1, 2), (0,))]


def test_what_only_begins_alike_is_no_run() -> None:
    assert list(regrouped(cut("we keep", "names"), cut("we keep names always"), [0, 1], [0])) == []


def test_repeated_clauses_are_tried_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = cut("a b", "c"), cut("a", "a", "a", "a b c")
    assert list(regrouped(old, new, [0, 1], range(4))) == [((0, 1), (3,))]
    monkeypatch.setattr(regroup, "_TRIES", 3)
    assert list(regrouped(old, new, [0, 1], range(4))) == []


def test_runs_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = cut("a", "b", "c"), cut("a b c")
    assert list(regrouped(old, new, range(3), [0])) == [((0, 1, 2), (0,))]
    monkeypatch.setattr(regroup, "_RUN", 2)
    assert list(regrouped(old, new, range(3), [0])) == []
