"""Read what visitors give so that nobody else has to wait for it: what may take long is read by another process."""

from __future__ import annotations

from functools import partial
from typing import Final

from corpus.inputs.types import Document, Unreadable
from corpus.load import is_packed
from corpus.types import DocumentError, Statement
from nlp.batch.reading import ReaderProcesses, read_document

MAX_CHARACTERS = 300_000
# Most texts of this size are read in a few milliseconds, and the worst in a second or two; a process takes a quarter of
# a second to start.
_LIGHT: Final = 16 * 1024


def read_within(longest: int, document: Document) -> Statement | Unreadable:
    """Read a document in this process, and refuse one of more than `longest` characters."""
    statement = read_document(document)
    if isinstance(statement, Statement) and len(statement.text) > longest:
        reason = f"{document.source} has {len(statement.text):,} characters, and this page takes {longest:,}"
        return Unreadable(document.id, document.source, f"{reason}; leave out what does not belong to the policy")
    return statement


class Reader:
    """Reads documents of at most `longest` characters, small ones in this process and the others in one of their own.

    That has `seconds` for it. Safe to share between threads.
    """

    def __init__(self, longest: int = MAX_CHARACTERS, seconds: float = 20.0) -> None:
        self._read = partial(read_within, longest)
        self._processes = ReaderProcesses(self._read, seconds)

    def read(self, data: bytes, name: str, *, id: str | None = None) -> Statement:
        """Return the statement that a file is. Raises `DocumentError` where it cannot be read."""
        document = Document(id or "", id or name, data, name)
        is_light = len(data) <= _LIGHT and not is_packed(data)
        statement = (self._read if is_light else self._processes.read_apart)(document)
        if isinstance(statement, Unreadable):
            raise DocumentError(statement.reason)
        return statement
