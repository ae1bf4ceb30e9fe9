"""A comparison becomes rows, and rows become CSV and JSON lines that can be read back."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fakes import COOKIES, KEEP_NEW, KEEP_OLD, POLICE, case, quoting

from nlp.report.tables import COLUMNS, change_rows, csv_text, jsonl_text


def read_back(text: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV text with the guard undone."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell[cell.startswith("'") :] for name, cell in row.items()} for row in reader]


def test_a_row_has_a_change_and_where_both_texts_come_from() -> None:
    one = case()
    modified, removed, added, moved = change_rows(one.comparison)
    assert tuple(modified) == tuple(removed) == tuple(added) == tuple(moved) == COLUMNS
    assert modified == {
        "number": 1,
        "kind": "modified",
        "significance": "substantive",
        "reason": "a number: 30 -> 90",
        "group": None,
        "categories": "retention",
        "old_id": "acme.example",
        "old_title": "Acme Privacy",
        "old_archived_on": "2012-05-31",
        "old_effective_on": "2010-03",
        "old_heading": "Logs",
        "old_quote": KEEP_OLD,
        "old_start": one.old.text.index(KEEP_OLD),
        "old_end": one.old.text.index(KEEP_OLD) + len(KEEP_OLD),
        "new_id": "acme.example",
        "new_title": "Acme Privacy",
        "new_archived_on": "2016-05-31",
        "new_effective_on": None,
        "new_heading": "Logs",
        "new_quote": KEEP_NEW,
        "new_start": one.new.text.index(KEEP_NEW),
        "new_end": one.new.text.index(KEEP_NEW) + len(KEEP_NEW),
    }
    assert (removed["categories"], removed["group"], removed["old_archived_on"]) == (
        "contact;retention",
        1,
        "2012-05-31",
    )
    assert [removed[f"new_{name}"] for name in ("heading", "quote", "start", "end")] == [None] * 4
    assert (added["old_quote"], added["new_quote"], added["reason"]) == (None, COOKIES, "wording only")
    assert (moved["old_heading"], moved["new_heading"], moved["categories"]) == ("Sharing", "Logs", "")


def test_offsets_find_the_quotes() -> None:
    one = case()
    for row in change_rows(one.comparison):
        for side, text in (("old", one.old.text), ("new", one.new.text)):
            if row[f"{side}_quote"]:
                assert text[row[f"{side}_start"] : row[f"{side}_end"]] == row[f"{side}_quote"]


def test_csv_is_read_back() -> None:
    rows = change_rows(case().comparison)
    expected = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert read_back(csv_text(rows)) == expected


def test_csv_of_no_change_is_a_header() -> None:
    assert csv_text([]) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'quoted'"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text(change_rows(quoting(text).comparison)), newline=""))
    assert row["new_quote"] == f"'{text}"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_quote_is_read_back(text: str) -> None:
    rows = change_rows(quoting(text, reason=text).comparison)
    (row,) = read_back(csv_text(rows))
    assert (row["new_quote"], row["reason"]) == (text, text)
    (line,) = jsonl_text(rows).split("\n")[:-1]
    assert json.loads(line) == rows[0]


def test_json_lines_are_read_back() -> None:
    rows = change_rows(case().comparison)
    assert [json.loads(line) for line in jsonl_text(rows).splitlines()] == rows
    assert POLICE in jsonl_text(rows)
    assert jsonl_text([]) == ""
