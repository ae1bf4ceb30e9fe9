"""The store as the page uses it: documents by their place, timelines made once, answers in turn."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from nlp_fakes import tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version

from corpus.types import DocumentError
from nlp.web import shelf as shelf_module
from nlp.web.shelf import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("archive") / "store"
    items = [
        version(0, policy(SELL)),
        version(9, policy(SELL, KEEP)),
        version(20, policy(KEEP)),
        version(5, policy(KEEP), service="Bolt"),
    ]
    made_store(folder, items)
    return Shelf.open(folder)


def test_documents_are_listed_with_their_versions(shelf: Shelf) -> None:
    assert shelf.choices() == [("Acme: Privacy Policy (3 versions)", "0"), ("Bolt: Privacy Policy (1 version)", "1")]
    assert shelf.name("1") == ("Bolt", "Privacy Policy")
    assert shelf.version("0", 2).date == "2020-01-10"


@pytest.mark.parametrize("place", [None, "", "2", "-1", "x", "٣", "0.5"])
def test_a_place_that_is_none_is_refused(shelf: Shelf, place: str | None) -> None:
    with pytest.raises(DocumentError, match="choose a service first"):
        shelf.versions(place)


@pytest.mark.parametrize("number", [None, 0, 4, -1, "2", [2]])
def test_a_version_that_is_none_is_refused(shelf: Shelf, number: object) -> None:
    with pytest.raises(DocumentError, match="choose a version first"):
        shelf.version("0", number)


def test_a_timeline_is_made_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    made = shelf.timeline("0", lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert [step.kind for step in made.steps] == ["first", "change", "change"]
    assert shelf.timeline("0") is made
    monkeypatch.setattr(shelf_module, "_KEPT", 1)
    shelf.timeline("1")
    assert list(shelf.made) == ["1"]


def test_one_question_to_every_version(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), "Do you sell data to anyone?", "0")
    assert [one.version.number for one in found.answers] == [1, 2, 3]
    assert [one.answer.verdict for one in found.answers][:2] == ["no", "no"]
    assert [one.version.number for one in found.changes] == [3]


def test_one_question_to_every_service_on_a_day(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), "Do you sell data to anyone?", at=date(2020, 1, 3))
    assert [(one.version.service, one.answer.verdict) for one in found.answers] == [("Acme", "no")]
    assert found.left_out == (("Bolt", "Privacy Policy"),)


def test_a_question_that_cannot_be_asked(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="the question is empty"):
        shelf.ask(tiny_engine(), " ", "0")


def test_answers_take_turns_with_those_about_open_statements(shelf: Shelf) -> None:
    engine = tiny_engine()
    answered = threading.Event()

    def ask() -> None:
        shelf.ask(engine, "Do you sell data to anyone?", "1")
        answered.set()

    with engine._lock:
        other = threading.Thread(target=ask)
        other.start()
        assert not answered.wait(0.2), "the engine was in use"
    other.join(timeout=30)
    assert answered.is_set()


def test_many_readers_find_what_one_does(shelf: Shelf) -> None:
    versions = [*shelf.versions("0"), *shelf.versions("1")]
    expected = [[clause.text for clause in shelf.store.clauses(one)] for one in versions]
    wrong: list[object] = []

    def read() -> None:
        for _ in range(20):
            if [[clause.text for clause in shelf.store.clauses(one)] for one in versions] != expected:
                wrong.append("differs")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_folder_that_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="archive import"):
        Shelf.open(tmp_path)
