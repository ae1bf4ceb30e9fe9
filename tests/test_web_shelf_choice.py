"""Choosing a version of the store: the newest that can be read comes first to hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import loaded

from corpus.types import DocumentError
from nlp.web.desk import Desk
from nlp.web.shelf import Shelf
from nlp.web.shelf_choice import ShelfChoice, chosen_version


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    items = [version(0, policy(SELL)), version(9, policy(KEEP)), version(10, "Page not found")]
    made_store(tmp_path / "store", items)
    return Shelf.open(tmp_path / "store")


def test_the_newest_readable_version_is_chosen(shelf: Shelf) -> None:
    made = ShelfChoice(shelf).on_service("0")
    assert [value for _, value in made.choices] == [1, 2, 3]
    assert made.choices[0][0] == "2020-01-01 (version 1)"
    assert made.choices[2][0].startswith("2020-01-11 (version 3, ")
    assert made.value == 2
    assert ShelfChoice(shelf).versions("0", 1).value == 1


@pytest.mark.parametrize("place", [None, "7"])
def test_without_a_service_there_is_nothing_to_choose(shelf: Shelf, place: str | None) -> None:
    assert ShelfChoice(shelf).on_service(place).choices == []
    assert ShelfChoice(None).on_service("0").choices == []
    assert ShelfChoice(None).service("Service").choices == []


def test_a_version_becomes_an_open_statement_once(shelf: Shelf) -> None:
    desk = Desk(loaded())
    reading = chosen_version(desk, shelf, "0", 2)
    assert KEEP in reading.statement.text
    assert KEEP in [clause.text for clause in reading.clauses]
    assert chosen_version(desk, shelf, "0", 2) is reading
    assert chosen_version(desk, shelf, "0", 1).key != reading.key
    assert desk.find(reading.key) is reading


def test_no_upload_passes_for_a_version(shelf: Shelf, tmp_path: Path) -> None:
    desk = Desk(loaded())
    one = shelf.version("0", 2)
    fake = tmp_path / "archive"
    fake.write_text(f"{one.service}\0{one.document}\0{one.number}\0{one.reference}")
    with pytest.raises(DocumentError):
        desk.open_file(fake)
    assert KEEP in chosen_version(desk, shelf, "0", 2).statement.text


def test_without_a_store_there_is_no_version() -> None:
    with pytest.raises(DocumentError, match="this server has no archive"):
        chosen_version(Desk(loaded()), None, "0", 1)
