"""One side of a comparison: each way leads to a statement or to a line that says what is missing."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest
from web_fakes import loaded

from corpus.types import DocumentError
from nlp.web.desk import Desk
from nlp.web.shelf_choice import ShelfChoice
from nlp.web.side import ARCHIVE, BUNDLED, FILE, OPEN, PASTE, Chosen, Side

POLICY = "# Acme Privacy\n\nWe log visits to our website and keep the logs for thirty days.\n\n* pages\n* times\n"


@pytest.fixture
def side() -> Side:
    return Side("First statement", "sp-old-side", BUNDLED, Desk(loaded()), ShelfChoice(None))


def chosen(way: str, text: str = "", file: str = "", place: str | None = None, number: int | None = None) -> Chosen:
    return Chosen(way, text, file, place, number)


def test_each_way_leads_to_a_statement(side: Side) -> None:
    mine = side.desk.open_text(POLICY)
    assert side.reading(chosen(BUNDLED), mine.key).statement.id == "janrain.com"
    assert side.reading(chosen(OPEN), mine.key) is mine
    assert side.reading(chosen(OPEN), "").statement.id == "janrain.com"
    assert side.reading(chosen(PASTE, text=POLICY), "") is mine
    assert side.reading(chosen(FILE, file=mine.key), "") is mine
    assert side.reading(chosen(BUNDLED), "").clauses


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (chosen(PASTE, text=" \n"), "there is no text in “First statement”; paste"),
        (chosen(FILE), "there is no file in “First statement”; upload one"),
        (chosen(FILE, file="0" * 64), "no longer in memory"),
        (chosen(OPEN), None),
        (chosen(ARCHIVE, place="0", number=1), "this server has no archive"),
        (chosen("nonsense"), "choose where “First statement” comes from"),
    ],
)
def test_what_is_missing_is_said(side: Side, given: Chosen, message: str | None) -> None:
    if message is None:
        assert side.reading(given, "").clauses
        return
    with pytest.raises(DocumentError, match=message):
        side.reading(given, "")


def test_an_uploaded_file_is_read_at_once(side: Side, tmp_path: Path) -> None:
    path = tmp_path / "acme.md"
    path.write_text(POLICY, encoding="utf-8")
    (_, waiting), (key, said) = side.on_upload(str(path))
    assert "Reading the file" in waiting
    assert side.desk.find(key).statement.title == "Acme Privacy"
    assert said == '<p class="sp-done">Acme Privacy: 3 clauses.</p>'


def test_a_bad_file_leaves_nothing_behind(side: Side, tmp_path: Path) -> None:
    path = tmp_path / "<b>.pdf"
    path.write_bytes(b"no")
    _, (key, said) = side.on_upload(str(path))
    assert key == ""
    assert "&lt;b&gt;.pdf is not a PDF file" in said


def test_the_archive_is_offered_only_where_there_is_one(side: Side) -> None:
    with gr.Blocks():
        side.lay_out()
    assert [way for _, way in side.way.choices] == [BUNDLED, OPEN, PASTE, FILE]
