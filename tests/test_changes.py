"""Tests of nlp.changes: what a comparison gives as data."""

from __future__ import annotations

from collections import Counter

from nlp.changes import Change, Comparison, Passage
from nlp.types import StatementRef

REF = StatementRef("acme.example", "Acme", None, "2024-05-01")
OLD = Passage(("c1", "c2"), "We keep names.", 3, 17, ("Logs",), ((8, 13),))
NEW = Passage(("c4",), "We keep logs.", 5, 18)
MODIFIED = Change("modified", OLD, NEW, ("retention", "collection"), "substantive", "adds: logs")
ADDED = Change("added", None, NEW, ("retention",), "wording", "a pointer", group=2)


def test_a_change_is_printed_with_both_sides() -> None:
    assert MODIFIED.as_dict() == {
        "kind": "modified",
        "old": "We keep names.",
        "new": "We keep logs.",
        "categories": ["retention", "collection"],
        "significance": "substantive",
        "reason": "adds: logs",
        "group": None,
        "old_start": 3,
        "old_end": 17,
        "old_heading": ["Logs"],
        "new_start": 5,
        "new_end": 18,
        "new_heading": [],
    }


def test_the_side_that_is_not_there_is_null() -> None:
    printed = ADDED.as_dict()
    assert [printed[name] for name in ("old", "old_start", "old_end", "old_heading")] == [None] * 4
    assert (printed["new"], printed["group"]) == ("We keep logs.", 2)


def test_a_passage_is_printed_with_its_marks() -> None:
    assert OLD.as_dict() == {
        "clause_ids": ["c1", "c2"],
        "quote": "We keep names.",
        "start": 3,
        "end": 17,
        "heading": ["Logs"],
        "marks": [[8, 13]],
    }


def test_changes_are_counted_by_kind_and_by_category() -> None:
    comparison = Comparison(REF, REF, (MODIFIED, ADDED, ADDED), noise={"link": 2}, similarity=0.123456)
    assert comparison.count() == Counter({"added": 2, "modified": 1})
    assert comparison.by_category() == {
        "retention": Counter({"added": 2, "modified": 1}),
        "collection": Counter({"modified": 1}),
    }
    printed = comparison.as_dict()
    assert (printed["noise"], printed["similarity"], len(printed["changes"])) == ({"link": 2}, 0.1235, 3)
    assert printed["old"] == printed["new"] == REF.as_dict()
