"""Tests of corpus.inputs.columns: which columns are taken, and what a row must hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from corpus.inputs.columns import Columns
from corpus.inputs.types import Document, Unreadable
from corpus.load import MAX_BYTES
from corpus.types import DocumentError


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["id", "text"], Columns("text")),
        (["content", "Markdown"], Columns("Markdown")),
        (["html", "url"], Columns(None, "html")),
        (["html", "policy_text"], Columns("policy_text")),
    ],
)
def test_columns_are_found_by_their_names(names: list[str], found: Columns) -> None:
    assert Columns().found_in(names, "t.csv") == found


def test_columns_that_are_named_are_taken() -> None:
    wanted = Columns("words", None, "key")
    assert wanted.found_in(["text", "words", "key"], "t.csv") == wanted


@pytest.mark.parametrize("wanted", [Columns("words"), Columns(None, "words"), Columns(id="words")])
def test_a_named_column_that_is_not_there_is_an_error(wanted: Columns) -> None:
    with pytest.raises(DocumentError, match=r"^t\.csv has no column 'words'; it has 'text', 'url'$"):
        wanted.found_in(["text", "url"], "t.csv")


def test_a_table_without_a_column_like_a_text_is_an_error() -> None:
    message = (
        "t.csv has no column that is named like a text; it has 'a', 'b': name one with --text-column or --html-column"
    )
    with pytest.raises(DocumentError, match=f"^{re.escape(message)}$"):
        Columns().found_in(["a", "b"], "t.csv")


def test_a_row_gives_a_document_with_what_else_it_says() -> None:
    row = {
        "text": "We sell.",
        "url": "https://a.example",
        "at": datetime(2024, 5, 6, tzinfo=UTC),
        "n": 3,
        "none": None,
        "list": [1],
        "long": "x" * 501,
    }
    about = {"url": "https://a.example", "at": "2024-05-06T00:00:00+00:00", "n": "3"}
    assert Columns("text").document(row, "t#1") == Document("t#1", "t#1", "We sell.", None, about)


def test_the_id_is_what_its_column_says() -> None:
    columns = Columns("text", None, "id")
    assert columns.document({"text": "We sell.", "id": 7}, "t#1").id == "7"
    assert columns.document({"text": "We sell.", "id": None}, "t#1").id == "t#1"


def test_html_is_taken_where_there_is_no_text() -> None:
    row = {"text": " ", "html": "<p>We sell.</p>"}
    assert Columns("text", "html").document(row, "t#1") == Document("t#1", "t#1", "<p>We sell.</p>", "cell.html")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "the column 'text' holds nothing in this row, where text belongs"),
        (5, "the column 'text' holds a int in this row, where text belongs"),
        ([], "the column 'text' holds a list in this row, where text belongs"),
        (" \n", "the column 'text' is empty in this row"),
        ("x" * (MAX_BYTES + 1), "it has 20,971,521 bytes, and 20,971,520 is the limit; give the policy alone"),
    ],
)
def test_a_cell_that_is_no_text_is_unreadable(cell: object, reason: str) -> None:
    assert Columns("text").document({"text": cell}, "t#1") == Unreadable("t#1", "t#1", reason)


def test_half_a_character_is_replaced() -> None:
    assert Columns("text").document({"text": "We \ud800 sell."}, "t#1") == Document("t#1", "t#1", "We \ufffd sell.")


def test_bytes_are_taken_as_a_file() -> None:
    assert Columns("content").document({"content": b"%PDF-1.4"}, "t#1") == Document("t#1", "t#1", b"%PDF-1.4")
