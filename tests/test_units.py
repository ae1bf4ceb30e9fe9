"""Tests of nlp.units: what of a statement is aligned, and what of it counts."""

from __future__ import annotations

from nlp_fakes import KEEP, SELL, make_statement

from nlp.segment import segment
from nlp.units import units_of


def test_clauses_and_headings_are_units_in_reading_order() -> None:
    statement = make_statement(
        ("heading", "Sharing"),
        ("paragraph", SELL),
        ("contents", "Sharing, Logs"),
        ("paragraph", "We never give away:"),
        ("item", "your name."),
    )
    units = units_of(statement, segment(statement))
    assert [(unit.text, unit.counts) for unit in units] == [
        ("Sharing", False),
        (SELL, True),
        ("Sharing, Logs", False),
        ("We never give away:", True),
        ("your name.", True),
    ]
    assert all(unit.text == statement.text[unit.start : unit.end] for unit in units)
    assert [unit.clause.id for unit in units if unit.clause] == ["c1", "c2", "c3"]


def test_a_unit_knows_the_heading_and_the_lead_in_over_it() -> None:
    statement = make_statement(("heading", "Our Logs"), ("paragraph", "We never give away:"), ("item", "your name."))
    heading, lead_in, item = units_of(statement, segment(statement))
    assert heading.place == ()
    assert lead_in.place == ("our", "logs")
    assert item.place == ("our", "logs", "we", "never", "give", "away")


def test_dates_codes_and_furniture_do_not_count() -> None:
    statement = make_statement(
        ("paragraph", "Last updated: 1 May 2024"),
        ("paragraph", "icbu011228245074"),
        ("paragraph", "© 2024 Acme"),
        ("paragraph", KEEP),
    )
    assert [unit.counts for unit in units_of(statement, segment(statement))] == [False, False, False, True]


def test_what_has_no_words_is_no_unit() -> None:
    statement = make_statement(("heading", "***"), ("heading", "1 May 2024"), ("paragraph", SELL))
    assert [unit.text for unit in units_of(statement, segment(statement))] == [SELL]
    assert units_of(make_statement(), []) == []
