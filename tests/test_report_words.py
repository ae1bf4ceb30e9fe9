"""Comparisons are told in exact words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fakes import archived, case

from nlp.changes import Passage
from nlp.report.words import (
    DOCUMENTS,
    VERSIONS,
    facts,
    long_date,
    pieces,
    plural,
    route,
    shown,
    summary,
    terms_of,
    web_address,
    where,
)


def told(**changes: object) -> str:
    comparison = replace(case().comparison, **changes)  # type: ignore[arg-type]
    return summary(comparison, VERSIONS)


def test_the_summary_counts_substance_wording_and_noise() -> None:
    assert told() == "2 changes of substance, 2 of wording; 3 differences of links or dates left out."


def test_the_summary_of_one_kind_of_change() -> None:
    removed, added = case().comparison.changes[1:3]
    assert told(changes=(removed,), noise={}) == "1 change of substance."
    assert told(changes=(added,), noise={"formatting": 1}) == (
        "No change of substance, 1 of wording; 1 difference of markup left out."
    )


def test_no_change_is_said_in_words() -> None:
    assert told(changes=(), noise={}) == "No change."
    noise = {"heading": 1, "punctuation": 4, "numbering": 0, "link": 2}
    assert told(changes=(), noise=noise) == "No change; 7 differences of punctuation, links or headings left out."


def test_little_in_common_is_said() -> None:
    assert told(similarity=0.19, noise={}) == (
        "2 changes of substance, 2 of wording. Little of the old text is left as it was: 19 % of the words of both."
    )
    comparison = replace(case().comparison, similarity=0.0, noise={})
    assert summary(comparison, DOCUMENTS) == (
        "The two have little in common (0 % of their words), so they are told as two documents. "
        "4 passages: 1 only in B; 1 only in A; 1 in both, reworded; 1 in both, elsewhere."
    )


@pytest.mark.parametrize(
    ("kinship", "domain", "apart"),
    [(0.1, "other.example", False), (0.09, "other.example", True), (0.0, "acme.example", False), (0.0, None, True)],
)
def test_little_in_common_makes_two_documents_unless_they_come_from_one_domain(
    kinship: float, domain: str | None, apart: bool
) -> None:
    one = case()
    new = replace(one.new, archive=archived(2016, domain) if domain else None)
    terms = terms_of(replace(one.comparison, kinship=kinship), one.old, new)
    assert terms.apart is apart
    assert terms.kinds["added"] == ("only in B" if apart else "added")


def test_a_version_is_told_from_others() -> None:
    assert facts(case().old) == ["acme.example", "archived 31 May 2012", "in effect since March 2010"]
    assert facts(replace(case().old, archive=None, effective_on=None)) == []


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2016-05-31", "31 May 2016"), ("2010-03", "March 2010"), ("2010", "2010"), ("2010-13", "2010-13"), ("x", "x")],
)
def test_dates_are_written_out(iso: str, words: str) -> None:
    assert long_date(iso) == words


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://archive.example/a?b=c", True),
        ("HTTP://archive.example", True),
        ("javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("https://archive.example/\u202ea", False),
        ("https:///a", False),
        ("https://[", False),
        ("data:text/html,x", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_web_pages_become_links(url: str | None, safe: bool) -> None:
    statement = replace(case().old, archive=archived(2012, url=url))
    assert web_address(statement) == (url if safe else None)


def test_a_statement_that_is_no_archived_copy_has_no_address() -> None:
    assert web_address(replace(case().old, archive=None)) is None


def test_places_and_routes() -> None:
    modified, _, added, moved = case().comparison.changes
    assert added.new and where(added.new) == "Logs"
    assert where(Passage(("c1",), "a", 0, 1)) == "introduction"
    assert where(Passage(("c1",), "a", 0, 1, ("1. Data", "Cookies"))) == "1. Data > Cookies"
    assert route(moved) == "Sharing → Logs"
    assert route(modified) == "within Logs"


def test_pieces_are_those_of_the_marks() -> None:
    quote = Passage(("c1",), "We keep it long.", 0, 16, marks=((8, 10), (0, 2)))
    assert list(pieces(quote)) == [("We", True), (" keep ", False), ("it", True), (" long.", False)]


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=4))
def test_pieces_make_up_the_quote_whatever_the_marks(quote: str, marks: list[tuple[int, int]]) -> None:
    found = list(pieces(Passage(("c1",), quote, 0, len(quote), marks=tuple(marks))))
    assert "".join(text for text, _ in found) == quote
    assert all(text for text, _ in found)


def test_controls_and_halves_of_characters_are_not_shown() -> None:
    assert shown("a\x00b\x1b[31mc\ud800\td\n\ufeffe") == "ab[31mc?\td\ne"


def test_numbers_have_their_nouns() -> None:
    assert [plural(n, "clause") for n in (0, 1, 1234)] == ["0 clauses", "1 clause", "1,234 clauses"]


def test_the_summary_takes_kinds_of_noise_that_it_does_not_know() -> None:
    assert told(changes=(), noise={"spelling": 2}) == "No change; 2 differences of spelling left out."
