"""Opening and asking: bad input is refused in one line, visitors see only what is theirs."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from web_fakes import FakeEngine, loaded

from corpus.types import DocumentError
from nlp.web import desk as desk_module
from nlp.web.address import Fetched
from nlp.web.desk import Desk, Engine, NotReady
from nlp.web.session import ReadingCache

POLICY = (
    "# Acme Privacy\n\nWe log visits to our website and keep the logs for thirty days.\n\n"
    "We never sell:\n\n* names\n* addresses\n"
)


def test_the_default_statement_is_shown_before_the_models_are_there() -> None:
    engine: Future[Engine] = Future()
    desk = Desk(engine)
    assert desk.default().clauses == ()
    engine.set_result(FakeEngine())
    assert len(desk.default().clauses) > 30
    assert desk.find("") == desk.find(desk.default().key) == desk.default()


def test_a_pasted_statement_is_found_by_its_key_alone() -> None:
    desk = Desk(loaded())
    reading = desk.open_text(POLICY)
    assert reading.statement.title == "Acme Privacy"
    assert desk.find(reading.key) is reading
    assert desk.find("") is not reading
    other = desk.open_text(POLICY.replace("thirty", "sixty"))
    assert other.key != reading.key
    assert "sixty" not in desk.find(reading.key).statement.text


def test_the_same_document_under_another_name_is_another_entry(tmp_path: Path) -> None:
    desk = Desk(loaded())
    paths = [tmp_path / "alice.md", tmp_path / "bob.md"]
    for path in paths:
        path.write_text(POLICY, encoding="utf-8")
    alice, bob = (desk.open_file(path) for path in paths)
    assert (alice.statement.id, bob.statement.id) == ("alice.md", "bob.md")
    assert alice.key != bob.key


def test_a_statement_that_had_to_make_room_is_asked_for_again() -> None:
    desk = Desk(loaded(), ReadingCache(limit=1))
    reading = desk.open_text(POLICY)
    desk.default()
    with pytest.raises(DocumentError, match="no longer in memory; paste or upload it again"):
        desk.ask(reading.key, "Do you log visits?")


def test_a_question_is_answered_from_the_open_statement() -> None:
    desk = Desk(loaded())
    answer = desk.ask(desk.open_text(POLICY).key, "Do you log visits?")
    assert answer.statement.title == "Acme Privacy"
    assert desk.ask("", "Do you log visits?").statement.id == "janrain.com"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty"),
        (" \n", "the question is empty"),
        ("x" * 10_000, "the question has 10,000 characters; ask it in at most 2,000"),
    ],
)
def test_questions_that_cannot_be_asked(question: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Desk(loaded()).ask("", question)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.md", b"", "a.md is empty"),
        ("a.pdf", b"just text", "is not a PDF file"),
        ("a.html", b"<html><body></body></html>", "a.html"),
        ("a.txt", bytes(range(256)) * 40, "not text in any known encoding"),
        ("a.docx", b"PK\x03\x04broken", "a.docx"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=message) as caught:
        Desk(loaded()).open_file(path)
    assert "\n" not in str(caught.value)


def test_an_upload_that_never_arrived(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="did not arrive; upload it again"):
        Desk(loaded()).open_file(tmp_path / "gone.md")


def test_the_size_is_limited_on_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"word " * 250_000)
    monkeypatch.setattr(desk_module, "MAX_UPLOAD_MB", 1)
    with pytest.raises(DocumentError, match=r"big\.txt has more than 1 MB"):
        Desk(loaded()).open_file(path)
    monkeypatch.setattr(desk_module, "MAX_CHARACTERS", 50)
    with pytest.raises(DocumentError, match="characters, and this page takes 50"):
        Desk(loaded()).open_text(POLICY)


def test_nothing_pasted() -> None:
    with pytest.raises(DocumentError, match="paste the text of a privacy statement first"):
        Desk(loaded()).open_text(" \n ")


def test_models_that_do_not_load_are_said_to_whoever_waits() -> None:
    engine: Future[Engine] = Future()
    engine.set_exception(OSError("models/encoder is missing"))
    desk = Desk(engine)
    assert desk.default().clauses == ()
    with pytest.raises(NotReady, match="The models could not be loaded: models/encoder is missing"):
        desk.ask("", "Do you?")
    with pytest.raises(NotReady):
        desk.open_text(POLICY)


def test_a_page_of_the_web_is_opened_as_what_it_is() -> None:
    asked: list[str] = []

    def fetch(address: str) -> Fetched:
        asked.append(address)
        return Fetched(address, "acme.example.html", b"<html><title>Acme</title><p>We keep logs.</p></html>")

    reading = Desk(loaded()).open_address("acme.example/privacy", fetch)
    assert asked == ["acme.example/privacy"]
    assert (reading.statement.title, reading.statement.text) == ("Acme", "We keep logs.")
