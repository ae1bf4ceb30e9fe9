"""A comparison made by hand, with one change of each kind, and statements to report on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nlp_fakes import make_statement

from corpus.types import ArchiveRecord, Statement
from nlp.changes import Change, ChangeKind, Comparison, Passage
from nlp.segment import segment
from nlp.types import Clause, StatementRef

SELL = "We sell nothing."
POLICE = "The police may ask for data."
KEEP_OLD = "We keep logs for 30 days."
KEEP_NEW = "We keep logs for 90 days."
MAIL = "Write us a letter."
COOKIES = "Our website sets cookies."
DATED_OLD, DATED_NEW = "Last updated in May 2012.", "Last updated in May 2016."


@dataclass(frozen=True)
class Case:
    """What a report is made of."""

    comparison: Comparison
    old: Statement
    new: Statement
    old_clauses: Sequence[Clause]
    new_clauses: Sequence[Clause]

    def with_changes(self, *changes: Change, **others: Any) -> Case:
        """Return the case with other changes, and other fields of the comparison."""
        return replace(self, comparison=replace(self.comparison, changes=changes, **others))


def archived(
    year: int, domain: str = "acme.example", url: str | None = "https://archive.example/acme"
) -> ArchiveRecord:
    """Return the record of a copy that was archived on 31 May of a year."""
    return ArchiveRecord(domain, date(year, 5, 31), url)


def old_statement() -> Statement:
    return make_statement(
        ("heading", "Sharing"),
        *(("paragraph", text) for text in (SELL, POLICE)),
        ("heading", "Logs"),
        *(("paragraph", text) for text in (KEEP_OLD, MAIL, DATED_OLD)),
        archive=archived(2012),
        effective_on="2010-03",
    )


def new_statement() -> Statement:
    return make_statement(
        ("heading", "Sharing"),
        ("paragraph", SELL),
        ("heading", "Logs"),
        *(("paragraph", text) for text in (KEEP_NEW, COOKIES, POLICE, DATED_NEW)),
        archive=archived(2016),
    )


def passage(clause: Clause, **changes: Any) -> Passage:
    """Return the passage of one clause."""
    return replace(Passage((clause.id,), clause.text, clause.start, clause.end, clause.heading), **changes)


def case() -> Case:
    """Return a comparison with a change of each kind: modified and removed of substance, added and moved of wording.

    One clause is the same, and one on each side is left out of the count.
    """
    old, new = old_statement(), new_statement()
    ours, theirs = segment(old), segment(new)
    a = {clause.text: clause for clause in ours}
    b = {clause.text: clause for clause in theirs}
    digits = (17, 19)
    changes = (
        Change(
            "modified",
            passage(a[KEEP_OLD], marks=(digits,)),
            passage(b[KEEP_NEW], marks=(digits,)),
            ("retention",),
            "substantive",
            "a number: 30 -> 90",
        ),
        Change("removed", passage(a[MAIL]), None, ("contact", "retention"), "substantive", group=1),
        Change("added", None, passage(b[COOKIES]), ("collection",), "wording", "wording only", group=1),
        Change("moved", passage(a[POLICE]), passage(b[POLICE]), (), "wording"),
    )
    pairs = ((a[SELL].id, b[SELL].id),)
    noise = {"link": 2, "date": 1}
    comparison = Comparison(StatementRef.of(old), StatementRef.of(new), changes, pairs, noise, 0.6)
    return Case(comparison, old, new, ours, theirs)


def full_of(text: str) -> Case:
    """Return the comparison with a text in the place of all that comes from a document."""
    one = case()
    changes = [
        replace(
            change,
            reason=text,
            old=change.old and replace(change.old, quote=text, heading=(text,), marks=((3, 12),)),
            new=change.new and replace(change.new, quote=text, heading=(text,), marks=((3, 12),)),
        )
        for change in one.comparison.changes
    ]
    old, new = (replace(each, title=text, id=text, warnings=(text,)) for each in (one.old, one.new))
    return replace(one.with_changes(*changes), old=old, new=new)


def quoting(text: str, kind: ChangeKind = "added", **changes: Any) -> Case:
    """Return a comparison with one change, which quotes a text on the side that it has, or on both."""
    old = make_statement(("paragraph", text))
    clause = Clause("c1", 0, len(text), text, "sentence")
    side = Passage(("c1",), text, 0, len(text))
    before, after = (side if kind != "added" else None), (side if kind != "removed" else None)
    change = replace(Change(kind, before, after), **changes)
    ref = StatementRef.of(old)
    return Case(Comparison(ref, ref, (change,)), old, old, [clause] if before else [], [clause] if after else [])
