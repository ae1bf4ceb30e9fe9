"""Tests of nlp.align: which clauses are the same, moved or reworded."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import align as module
from nlp.align import Link, Side, align
from nlp.likeness import likeness

NAMES, LOGS, LAW = "we keep your name for ever", "logs go after thirty days", "the police get what the law asks for"
SELL = "we never sell anything to advertisers or other partners of ours"


def side(*texts: str, places: tuple[str, ...] = ()) -> Side:
    """Return a side of clauses, under the headings that are given."""
    heads = [tuple(place.split()) for place in places] or [()] * len(texts)
    return Side([tuple(text.split()) for text in texts], heads)


def test_equal_clauses_are_the_same() -> None:
    assert align(side(NAMES, LOGS), side(NAMES, LAW, LOGS)) == [Link("same", (0,), (0,)), Link("same", (1,), (2,))]
    assert align(side(), side()) == []
    assert align(side(NAMES), side()) == []


def test_words_that_are_cut_elsewhere_are_the_same() -> None:
    assert align(side(NAMES, LOGS, LAW), side(f"{NAMES} {LOGS}", LAW)) == [
        Link("same", (0, 1), (0,)),
        Link("same", (2,), (1,)),
    ]
    assert align(side(NAMES, LOGS, LAW), side("new words", f"{NAMES} {LOGS}", LAW))[0] == Link("same", (0, 1), (1,))


def test_an_equal_clause_in_another_order_has_moved() -> None:
    assert align(side(SELL, NAMES, LAW), side(NAMES, LAW, SELL)) == [
        Link("same", (1,), (0,)),
        Link("same", (2,), (1,)),
        Link("moved", (0,), (2,)),
    ]


def test_short_items_move_only_where_they_are_at_home() -> None:
    old = side("your name", SELL, places=("we keep", "ads"))
    at_home = side(SELL, "your name", places=("ads", "we keep"))
    elsewhere = side(SELL, "your name", places=("ads", "partners keep"))
    assert align(old, at_home) == [Link("same", (1,), (0,)), Link("moved", (0,), (1,))]
    assert align(old, elsewhere) == [Link("same", (1,), (0,))]


def test_the_clause_under_the_same_heading_is_the_one_that_moved() -> None:
    old = side(NAMES, SELL, places=("logs", "ads"))
    new = side(SELL, NAMES, NAMES, places=("ads", "names", "logs"))
    assert align(old, new) == [Link("same", (1,), (0,)), Link("moved", (0,), (2,))]


def test_a_clause_is_reworded_in_its_place_or_elsewhere() -> None:
    reworded = SELL.replace("anything", "data")
    assert align(side(NAMES, SELL, LOGS), side(NAMES, reworded, LOGS))[1] == Link("modified", (1,), (1,))
    assert align(side(SELL, NAMES, LAW), side(NAMES, LAW, reworded))[-1] == Link("modified", (0,), (2,))
    # Far from its place a clause must be more like the old one.
    half = "we never sell names to advertisers and it is what we promise"
    assert 0.4 < likeness(tuple(SELL.split()), tuple(half.split())) < 0.6
    assert align(side(NAMES, SELL, LOGS), side(NAMES, half, LOGS))[1] == Link("modified", (1,), (1,))
    assert len(align(side(SELL, NAMES, LAW), side(NAMES, LAW, half))) == 2


def test_elsewhere_the_likest_clauses_are_paired_with_each_other() -> None:
    one, two = f"{SELL} today", f"{SELL} today or tomorrow"
    nearer = f"{SELL} today or tomorrow maybe"
    links = align(side(one, two, NAMES, LAW), side(NAMES, LAW, nearer, f"{SELL} now"))
    assert links[2:] == [Link("modified", (1,), (2,)), Link("modified", (0,), (3,))]


def test_a_space_that_was_lost_is_no_change() -> None:
    old, new = "as most web sites do we keep logs", "as most websites do we keep logs"
    assert align(side(NAMES, old, LAW), side(NAMES, new, LAW))[1] == Link("same", (1,), (1,))
    assert align(side(old, NAMES, LAW), side(NAMES, LAW, new))[-1] == Link("moved", (0,), (2,))


clauses = st.lists(st.sampled_from("a b c d e".split()), min_size=1, max_size=6).map(tuple)
sides = st.lists(st.tuples(clauses, st.sampled_from([(), ("x",)])), max_size=8).map(
    lambda pairs: Side([words for words, _ in pairs], [place for _, place in pairs])
)


@given(sides, sides)
def test_the_links_are_the_same_whichever_side_comes_first(old: Side, new: Side) -> None:
    links = align(old, new)
    assert {(link.kind, link.new, link.old) for link in links} == {
        (link.kind, link.old, link.new) for link in align(new, old)
    }
    for indices in ([i for link in links for i in link.old], [j for link in links for j in link.new]):
        assert set(Counter(indices).values()) <= {1}


@given(sides)
def test_a_side_is_the_same_as_itself(one: Side) -> None:
    assert align(one, one) == [Link("same", (i,), (i,)) for i in range(len(one.words))]


def test_sides_without_end_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    old = side(*(f"we keep number {word} of your many names" for word in "one two three four".split()))
    new = side(*(f"we keep number {word} of your many names" for word in "five six seven eight".split()))
    expected = [Link("modified", (i,), (i,)) for i in range(4)]
    assert align(old, new) == expected
    monkeypatch.setattr(module, "_MOST_PAIRS", 5)
    assert align(old, new) == expected
    monkeypatch.setattr(module, "_MOST_WORD_PAIRS", 1)
    assert align(old, new) == expected
    # What moved from one part to another and was reworded is not found there.
    swapped = side(*new.words[:0], *(" ".join(words) for words in (*new.words[2:], *new.words[:2])))
    assert len(align(old, swapped)) == 4
