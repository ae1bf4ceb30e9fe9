"""What the page asks for, without the page: open a statement, read it, ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from corpus import DEFAULT_ID, load_bundled
from corpus.types import DocumentError, Statement
from nlp.errors import RunError
from nlp.question import checked
from nlp.types import Answer, Clause
from nlp.web.address import Fetched, fetch
from nlp.web.loose_tags import with_loose_tags_shown
from nlp.web.reader import MAX_CHARACTERS, Reader
from nlp.web.session import Reading, ReadingCache, content_key
from nlp.web.upload import check_upload

MAX_UPLOAD_MB = 10
PASTED = "pasted text"


class Engine(Protocol):
    """The part of `nlp.Smallprint` that the page uses."""

    def clauses(self, statement: Statement, /) -> Sequence[Clause]:
        """Return the clauses of a statement with their categories."""

    def ask(self, statement: Statement, question: str, /, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer a question from a statement, after `earlier` ones."""


class NotReady(RunError):
    """The models could not be loaded. The message is for the user."""


class Desk:
    """Opens statements and answers questions with one engine for everybody.

    `engine` is a future, because the page comes up before the models are loaded. `reader` reads what visitors give.
    """

    def __init__(self, engine: Future[Engine], cache: ReadingCache | None = None, reader: Reader | None = None) -> None:
        self.engine = engine
        self.cache = ReadingCache() if cache is None else cache
        self.reader = Reader() if reader is None else reader

    @property
    def is_ready(self) -> bool:
        """Whether the models are loaded."""
        return self.engine.done() and self.engine.exception() is None

    def default(self) -> Reading:
        """Return the bundled statement, with its clauses as soon as there is an engine to find them."""
        key = content_key(b"", DEFAULT_ID)
        reading = self.cache.get(key)
        if reading is None or (self.is_ready and not reading.clauses):
            statement = reading.statement if reading else load_bundled(DEFAULT_ID)
            reading = self._read(key, statement) if self.is_ready else Reading(key, statement)
            self.cache.put(reading)
        return reading

    def open_text(self, text: str) -> Reading:
        """Open a statement that was pasted. Raises `DocumentError` where it cannot be read."""
        if not text.strip():
            raise DocumentError("there is nothing to read yet; paste the text of a privacy statement first")
        if len(text) > MAX_CHARACTERS:
            raise DocumentError(f"this text has {len(text):,} characters, and this page takes {MAX_CHARACTERS:,}")
        return self._open(with_loose_tags_shown(text).encode("utf-8", "replace"), PASTED)

    def open_file(self, path: Path) -> Reading:
        """Open a statement that was uploaded. Raises `DocumentError` where it cannot be read."""
        if not path.name:
            raise DocumentError("the file did not arrive; upload it again")
        try:
            if path.stat().st_size > MAX_UPLOAD_MB * 1024**2:
                raise DocumentError(f"{path.name} has more than {MAX_UPLOAD_MB} MB; upload the policy alone")
            data = path.read_bytes()
        except OSError as e:
            raise DocumentError("the file did not arrive; upload it again") from e
        check_upload(path.name, data)
        return self._open(data, path.name)

    def open_address(self, address: str, fetch: Callable[[str], Fetched] = fetch) -> Reading:
        """Open a statement of the public web. Raises `DocumentError` where it may not be, or cannot be, read."""
        page = fetch(address)
        return self._open(page.data, page.name)

    def find(self, key: str) -> Reading:
        """Return an open statement. Raises `DocumentError` where it had to make room for others."""
        if not key or key == content_key(b"", DEFAULT_ID):
            return self.default()
        reading = self.cache.get(key)
        if reading is None:
            raise DocumentError("this statement is no longer in memory; paste or upload it again")
        return reading

    def keep(self, name: str, read: Callable[[], tuple[Statement, Sequence[Clause]]]) -> Reading:
        """Return a statement that everybody may see, read where it is not open already; `name` is its own."""
        # No upload has a name with a slash, so none can pass for it.
        key = content_key(name.encode("utf-8", "surrogatepass"), "archive/")
        reading = self.cache.get(key)
        if reading is None:
            statement, clauses = read()
            reading = Reading(key, statement, tuple(clauses))
            self.cache.put(reading)
        return reading

    def with_clauses(self, key: str) -> Reading:
        """Return an open statement with its clauses; wait for the models if need be.

        Raises `DocumentError` where it had to make room for others, `NotReady` where there are no models.
        """
        self.wait()
        return self.find(key)

    def ask(self, key: str, question: str, earlier: Sequence[str] = ()) -> Answer:
        """Answer a question from an open statement; wait for the models if need be.

        `earlier` are the questions before it in the same chat, oldest first.

        Raises `ValueError` where the question or the statement is no good, `NotReady` where there are no models.
        """
        question = checked(question)
        return self.wait().ask(self.find(key).statement, question, earlier=earlier)

    def wait(self) -> Engine:
        """Return the engine when it is loaded. Raises `NotReady` where that failed."""
        failure = self.engine.exception()
        if failure is not None:
            raise NotReady(f"The models could not be loaded: {failure}") from failure
        return self.engine.result()

    def _open(self, data: bytes, name: str) -> Reading:
        key = content_key(data, name)
        reading = self.cache.get(key)
        if reading is None:
            statement = self.reader.read(data, name)
            reading = self._read(key, statement)
            self.cache.put(reading)
        return reading

    def _read(self, key: str, statement: Statement) -> Reading:
        return Reading(key, statement, tuple(self.wait().clauses(statement)))
