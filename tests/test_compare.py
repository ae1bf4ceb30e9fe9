"""Tests of nlp.compare: what changed between two small statements, and what was only noise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, acme, make_statement, tiny_classifier

from corpus.load import load_text
from corpus.types import Statement
from nlp.changes import Comparison
from nlp.compare import compare
from nlp.segment import segment
from nlp.tag import tag

NEWS = "Our newsletter comes on Fridays, as it always has."


def read(markdown: str) -> Statement:
    """Return the statement of a Markdown text."""
    return load_text(markdown, kind="markdown", id="acme.example")


def compared(old: Statement | str, new: Statement | str) -> Comparison:
    """Compare two statements, or texts of such."""
    ours, theirs = (read(side) if isinstance(side, str) else side for side in (old, new))
    return compare(ours, theirs, segment(ours), segment(theirs))


def told(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    """Return the changes as (kind, old quote, new quote)."""
    return [(c.kind, c.old.quote if c.old else None, c.new.quote if c.new else None) for c in comparison.changes]


def test_changes_come_in_the_order_of_the_new_statement() -> None:
    longer = KEEP.replace("thirty", "ninety")
    comparison = compared(
        f"# Acme\n\n## A\n\n{SELL} {POLICE}\n\n{KEEP} {COOKIES}",
        f"# Acme\n\n## A\n\n{NEWS} {SELL}\n\n{longer} {COOKIES}",
    )
    assert told(comparison) == [("added", None, NEWS), ("removed", POLICE, None), ("modified", KEEP, longer)]
    assert comparison.pairs == (("c1", "c2"), ("c4", "c4"))
    assert comparison.old.id == comparison.new.id == "acme.example"
    added, removed, modified = comparison.changes
    assert added.new is not None and added.new.heading[-1:] == ("A",)
    assert removed.old is not None and removed.old.clause_ids == ("c2",)
    assert modified.old is not None and modified.new is not None
    assert [[p.quote[a:b] for a, b in p.marks] for p in (modified.old, modified.new)] == [["thirty"], ["ninety"]]
    assert modified.reason == "a number: thirty → ninety"


def test_a_clause_that_takes_the_place_of_another_has_its_group() -> None:
    comparison = compared(f"{SELL}\n\n{POLICE}\n\n{COOKIES}", f"{SELL}\n\n{NEWS}\n\n{COOKIES}\n\n{KEEP}")
    assert [(c.kind, c.group) for c in comparison.changes] == [("removed", 1), ("added", 1), ("added", None)]


def test_a_clause_that_moved_is_quoted_on_both_sides() -> None:
    comparison = compared(
        f"# Acme\n\n## A\n\n{KEEP}\n\n## B\n\n{SELL} {POLICE}", f"# Acme\n\n## A\n\n## B\n\n{SELL} {POLICE} {KEEP}"
    )
    assert told(comparison) == [("moved", KEEP, KEEP)]
    (moved,) = comparison.changes
    assert moved.old is not None and moved.new is not None
    assert (moved.old.heading[-1:], moved.new.heading[-1:]) == (("A",), ("B",))
    assert (moved.significance, moved.old.marks) == ("wording", ())
    assert comparison.similarity == 1.0


def test_a_sentence_that_was_split_is_one_change() -> None:
    whole = "We keep your name for thirty days and we sell it to our partners."
    parts = "We keep your name for thirty days. Then we sell it to our partners."
    comparison = compared(f"{SELL}\n\n{whole}", f"{SELL}\n\n{parts}")
    assert told(comparison) == [("modified", whole, parts)]
    assert comparison.changes[0].new is not None
    assert comparison.changes[0].new.clause_ids == ("c2", "c3")


LIST = f"{SELL}\n\nWe keep:\n\n* your name\n* your address\n"


@pytest.mark.parametrize(
    ("old", "new", "noise"),
    [
        (SELL, SELL.upper(), {"punctuation": 1}),
        (f"# A\n\n{SELL}", f"# B\n\n{SELL}", {"heading": 2}),
        (f"# A\n\n{SELL}", SELL, {"heading": 1}),
        (f"# 1. A thing\n\n{SELL}", f"# 2. A thing\n\n{SELL}", {"numbering": 1}),
        (f"{SELL} See section 4.1.", f"{SELL} See section 5.", {"numbering": 1}),
        (f"{SELL}\n\nUpdated 1 May 2024", f"{SELL}\n\nUpdated 2 May 2024", {"date": 1}),
        (f"{SELL}\n\nUpdated 1 May 2024", SELL, {"date": 1}),
        ("We do not [sell](http://a.example) data.", "We do not [sell](http://b.example) data.", {"link": 1}),
        ("We do not [sell](http://a.example) data.", "We do not sell data.", {"link": 1}),
        (LIST, LIST.replace("* ", "- "), {}),
        (LIST, f"{SELL}\n\nWe keep: your name, your address", {"formatting": 1}),
        (f"{SELL}\n\n{KEEP}", f"{SELL}\n\n* {KEEP}", {"formatting": 1}),
        (f"{SELL}\n\n{KEEP}", f"{SELL}\n\n## {KEEP}", {"formatting": 1}),
        (f"{SELL}\n\n© 2024 Acme", SELL, {"heading": 1}),
    ],
)
def test_noise_is_counted_and_is_no_change(old: str, new: str, noise: dict[str, int]) -> None:
    for comparison in (compared(old, new), compared(new, old)):
        assert told(comparison) == []
        assert dict(comparison.noise) == noise


def test_a_contact_address_is_no_menu() -> None:
    old, new = f"{SELL}\n\nEmail: a@acme.example", f"{SELL}\n\nEmail: b@acme.example"
    comparison = compared(old, new)
    assert told(comparison) == [("modified", "Email: a@acme.example", "Email: b@acme.example")]
    assert comparison.changes[0].reason == "an address"


def test_a_sentence_that_became_part_of_a_heading_is_said_no_longer() -> None:
    heading = "We sell personal data to people"
    comparison = compared(f"{KEEP}\n\n{heading} today.\n\n{SELL}", f"{KEEP}\n\n## {heading}\n\n{SELL}")
    assert told(comparison) == [("removed", f"{heading} today.", None)]


def test_clauses_cut_elsewhere_are_paired_with_each_other() -> None:
    comparison = compared(LIST, f"{SELL}\n\nWe keep: your name, your address")
    assert comparison.pairs == (("c1", "c1"), ("c2", "c2"), ("c3", "c2"), ("c4", "c2"))
    apart = compared("* one two\n* three four\n* five six", "* one\n* two three\n* four five\n* six")
    assert apart.pairs == (("c1", "c1"), ("c1", "c2"), ("c2", "c2"), ("c2", "c3"), ("c3", "c3"), ("c3", "c4"))


def test_changes_have_the_categories_of_their_clauses_the_likeliest_first() -> None:
    classifier = tiny_classifier()
    old, new = acme(), make_statement(("heading", "Sharing"), ("paragraph", f"{SELL} {POLICE}"))
    comparison = compare(old, new, tag(segment(old), classifier), tag(segment(new), classifier))
    assert [(c.kind, c.categories) for c in comparison.changes] == [
        ("removed", ("retention",)),
        ("removed", ("collection",)),
    ]
    untagged = compare(old, new, segment(old), segment(new))
    assert [c.categories for c in untagged.changes] == [(), ()]


def test_a_change_of_two_clauses_has_the_mean_of_their_categories() -> None:
    rows = {
        "c1": {"sharing": 0.9, "retention": 0.2, "other": 0.1},
        "c2": {"sharing": 0.3, "retention": 0.9, "other": 0.1},
    }
    old, new = (
        read("We keep your name, we sell it to partners."),
        read("We keep your name. We sell it to our partners."),
    )
    ours = [replace(clause, probabilities=rows["c1"]) for clause in segment(old)]
    theirs = [replace(clause, probabilities=rows[clause.id]) for clause in segment(new)]
    (change,) = compare(old, new, ours, theirs).changes
    # The means are 0.7 and 0.43; none but the first is more likely than not.
    assert change.categories == ("sharing",)
    unlikely = [replace(clause, probabilities={"other": 0.2, "sharing": 0.3}) for clause in ours]
    assert compare(old, NOTHING, unlikely, []).changes[0].categories == ("sharing",)


def test_similarity_is_the_share_of_words_that_stayed() -> None:
    assert compared(f"{SELL}\n\n{COOKIES}", f"{SELL}\n\n{POLICE}").similarity == pytest.approx(18 / (9 + 4 + 9 + 12))
    assert compared(SELL, POLICE).similarity == 0.0


NOTHING = Statement("acme.example", "Acme", "", ())


@pytest.mark.parametrize(
    "nothing", [NOTHING, make_statement(("heading", "Sharing")), make_statement(("heading", "..."))]
)
def test_a_statement_that_says_nothing_lacks_what_the_other_says(nothing: Statement) -> None:
    assert told(compared(nothing, nothing)) == []
    assert compared(nothing, nothing).similarity == 1.0
    assert told(compared(nothing, SELL)) == [("added", None, SELL)]
    assert told(compared(SELL, nothing)) == [("removed", SELL, None)]


@pytest.mark.parametrize("letter", ["a", "A", "1", "é", "\u0301", "(", "a@", "a. ", "1.", "(a) "])
def test_a_text_without_end_is_compared(letter: str) -> None:
    endless = letter * (1_000_000 if letter in "aA" else 30_000 // len(letter))
    old = make_statement(("paragraph", f"We keep all of {endless}"), ("paragraph", SELL))
    new = make_statement(("paragraph", f"We sell all of {endless}"), ("paragraph", SELL))
    comparison = compared(old, new)
    assert {kind for kind, _, _ in told(comparison)} <= {"modified", "removed", "added"}
    assert told(comparison)
    for change in comparison.changes:
        for passage, statement in ((change.old, old), (change.new, new)):
            assert passage is None or passage.quote == statement.text[passage.start : passage.end]


def test_five_thousand_headings_are_no_change() -> None:
    old = make_statement(*(("heading", f"Thing number {n}") for n in range(5000)), ("paragraph", SELL))
    new = make_statement(*(("heading", f"Number {n} of things") for n in range(5000)), ("paragraph", SELL))
    comparison = compared(old, new)
    assert told(comparison) == []
    assert comparison.noise["heading"] == 5000
