"""Tests of corpus.header: the archivist's note."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.header import archive_record
from corpus.markdown import parse
from corpus.types import ArchiveRecord

NOTE = (
    "> *The following text is extracted and transformed from the {domain} privacy policy that was archived on {day}. "
    "Please check the [original snapshot on the Wayback Machine]({url}) for the most accurate reproduction.*\n\n# P\n"
)


def note(domain: str = "acme.com", day: str = "2016-05-31", url: str = "https://web.archive.org/x") -> str:
    return NOTE.format(domain=domain, day=day, url=url)


def test_the_note_gives_domain_day_and_address() -> None:
    assert archive_record(parse(note())) == ArchiveRecord("acme.com", date(2016, 5, 31), "https://web.archive.org/x")


def test_the_note_may_be_wrapped() -> None:
    wrapped = note().replace(" that was", "\n> that was")
    assert archive_record(parse(wrapped)) == ArchiveRecord("acme.com", date(2016, 5, 31), "https://web.archive.org/x")


def test_an_address_that_is_no_web_page_is_left_out() -> None:
    assert archive_record(parse(note(url="ftp://x"))) == ArchiveRecord("acme.com", date(2016, 5, 31))


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "text",
        "> a quotation\n\ntext",
        note(day="2016-13-31"),
        note(day="2016-5-31"),
        note().removeprefix("> "),
        "# P\n\n" + note(),
    ],
)
def test_anything_else_is_no_record(markdown: str) -> None:
    assert archive_record(parse(markdown)) is None
