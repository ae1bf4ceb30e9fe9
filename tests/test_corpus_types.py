"""Tests of corpus.types."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from corpus.types import CLAUSE_BLOCKS, ArchiveRecord, Block, DocumentError, Section, Statement

STATEMENT = Statement(
    id="acme",
    title="Acme",
    text="1. Data\n\nCookies\n\nWe set cookies.",
    blocks=(
        Block("heading", 0, 7, section=0, level=1),
        Block("heading", 9, 16, section=1, level=2),
        Block("paragraph", 18, 33, section=1),
    ),
    sections=(Section("1. Data", "1", 10, None, 0), Section("Cookies", None, 20, 0, 9)),
)


def test_quotes_are_slices_of_the_text() -> None:
    assert [STATEMENT.quote(block) for block in STATEMENT.blocks] == ["1. Data", "Cookies", "We set cookies."]


@pytest.mark.parametrize(("section", "path"), [(None, ()), (0, ("1. Data",)), (1, ("1. Data", "Cookies"))])
def test_heading_path_runs_from_the_outermost_heading(section: int | None, path: tuple[str, ...]) -> None:
    assert STATEMENT.heading_path(section) == path


def test_archived_on_is_an_iso_date() -> None:
    archived = replace(STATEMENT, archive=ArchiveRecord("acme.com", date(2016, 5, 31)))
    assert archived.archived_on == "2016-05-31"
    assert STATEMENT.archived_on is None


def test_fingerprint_depends_on_text_blocks_and_sections_alone() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", STATEMENT.fingerprint)
    assert replace(STATEMENT, id="x", title="y", warnings=("z",)).fingerprint == STATEMENT.fingerprint
    changed = (
        replace(STATEMENT, text=STATEMENT.text.replace("set", "get")),
        replace(STATEMENT, blocks=STATEMENT.blocks[:2]),
        replace(STATEMENT, sections=STATEMENT.sections[:1]),
    )
    assert len({STATEMENT.fingerprint, *(statement.fingerprint for statement in changed)}) == 4


def test_fingerprint_takes_text_that_is_no_valid_unicode() -> None:
    assert len(replace(STATEMENT, text="\udcff").fingerprint) == 64


def test_what_travels_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'end'"):
        STATEMENT.blocks[0].end = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'text'"):
        STATEMENT.text = ""  # type: ignore[misc]


def test_headings_and_contents_are_no_clauses() -> None:
    assert frozenset({"paragraph", "item", "row"}) == CLAUSE_BLOCKS


def test_a_document_error_is_a_value_error() -> None:
    assert issubclass(DocumentError, ValueError)
