"""What may take long is read by another process, small texts here; both are refused where they are too long."""

from __future__ import annotations

import pytest

from corpus.inputs.types import Document, Unreadable
from corpus.types import DocumentError
from nlp.batch.reading import ReaderProcesses
from nlp.web.reader import Reader

LINE = b"We keep the logs of your visits for thirty days.\n\n"


def test_a_large_text_is_read_in_full() -> None:
    statement = Reader().read(LINE * 1_000, "acme.md")
    assert (statement.id, statement.title) == ("acme.md", "acme")
    assert len(statement.blocks) == 1_000


@pytest.mark.parametrize("lines", [1, 1_000])
def test_too_many_characters_are_refused(lines: int) -> None:
    with pytest.raises(DocumentError, match=r"^acme\.md has [\d,]+ characters, and this page takes 20; leave out what"):
        Reader(longest=20).read(LINE * lines, "acme.md")


@pytest.mark.parametrize(
    ("data", "is_apart"),
    [(LINE, False), (LINE * 1_000, True), (b"%PDF-1.7 small", True), (b"PK\x03\x04 small", True)],
)
def test_only_a_small_text_is_read_here(monkeypatch: pytest.MonkeyPatch, data: bytes, is_apart: bool) -> None:
    apart: list[Document] = []

    def refuse(self: ReaderProcesses, document: Document) -> Unreadable:
        apart.append(document)
        return Unreadable(document.id, document.source, "it is read elsewhere")

    monkeypatch.setattr(ReaderProcesses, "read_apart", refuse)
    if is_apart:
        with pytest.raises(DocumentError, match="it is read elsewhere"):
            Reader().read(data, "acme.md", id="acme.md (2)")
        assert apart == [Document("acme.md (2)", "acme.md (2)", data, "acme.md")]
    else:
        assert Reader().read(data, "acme.md", id="acme.md (2)").id == "acme.md (2)"
        assert apart == []


def test_a_document_that_takes_too_long_is_refused_in_a_line() -> None:
    with pytest.raises(DocumentError, match=r"^acme\.md takes longer than 0\.001 seconds to read; leave out what is"):
        Reader(seconds=0.001).read(LINE * 1_000, "acme.md")
