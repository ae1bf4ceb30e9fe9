"""The unit of work of a bulk run, a pure function: documents in, the parts of three tables out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from corpus.inputs.files import ListedFile
from corpus.inputs.read import Item
from corpus.inputs.types import Document, Unreadable
from corpus.types import Statement
from nlp.batch.chunks import Chunk
from nlp.batch.documents import DocumentCache, DocumentRows
from nlp.batch.reading import read_document
from nlp.batch.rows import Made, Unread, parquet_files, rows_of
from nlp.batch.schema import Table
from nlp.batch.tagger import Tagger
from nlp.clauses import segment
from nlp.types import Clause

TAGGING = -1
"""What is reported instead of a document's place once all are read."""

STAGES = ("reading", "segmentation", "tagging", "writing")


@dataclass(frozen=True, slots=True)
class Parts:
    """What came of a chunk: the bytes of a Parquet file for each table that has rows, and counts.

    `read` are the documents that were read, `tagged` the clauses that the model had to read, `seconds` those of each
    stage; `model` is the fingerprint of the classifier and `trouble` something to tell the user that stopped nothing.
    """

    number: int
    model: str
    files: Mapping[Table, bytes]
    read: int
    errors: int
    clauses: int
    tagged: int
    seconds: Mapping[str, float] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def documents(self) -> int:
        """How many documents the chunk has."""
        return self.read + self.errors


@dataclass(slots=True)
class _Seen:
    """A document that was read, with its place in the input: its rows are known, or to be made of what was read."""

    number: int
    document: Document
    rows: DocumentRows | None = None
    statement: Statement | None = None
    clauses: Sequence[Clause] = ()


def work(
    chunk: Chunk,
    tagger: Tagger,
    *,
    given_up: Mapping[int, str] | None = None,
    report: Callable[[int], None] = lambda place: None,
) -> Parts:
    """Read, segment and tag the documents of a chunk; one that the tagger has in its memory has all of that behind it.

    `given_up` are the places in the chunk of documents that are not to be tried (again), with the reason. `report` is
    told the place of each document before it is read, and `TAGGING` now and then after.
    """
    seconds: Counter[str] = Counter()
    seen: list[_Seen] = []
    unread: list[Unread] = []
    for place, item in enumerate(chunk.items):
        number, reason = chunk.first + place, (given_up or {}).get(place)
        if reason is not None:
            unread.append(Unread(number, Unreadable(item.id, item.source, reason), {}))
            continue
        report(place)
        one = _seen(number, item, tagger.documents, seconds)
        (unread if isinstance(one, Unread) else seen).append(one)  # type: ignore[arg-type]
    report(TAGGING)
    new = [one for one in seen if one.rows is None]
    with _timed(seconds, "tagging"):
        # Not kept any longer: they may take more room than the documents.
        chances, tagged = tagger.probabilities(
            [clause.context for one in new for clause in one.clauses], lambda: report(TAGGING)
        )
    with _timed(seconds, "writing"):
        made = _made(seen, chances, tagger)
        files = parquet_files(chunk.number, made, unread, tagger)
    clauses = sum(one.rows.clauses.num_rows for one in made)
    return Parts(
        chunk.number, tagger.fingerprint, files, len(made), len(unread), clauses, tagged, seconds, tagger.trouble
    )


def _seen(number: int, item: Item, documents: DocumentCache | None, seconds: Counter[str]) -> _Seen | Unread:
    """Return a document with its rows, or else with its clauses, or why there is neither."""
    with _timed(seconds, "reading"):
        document = item.load() if isinstance(item, ListedFile) else item
        if isinstance(document, Unreadable):
            return Unread(number, document, {})
        if documents is not None and (rows := documents.get(document)) is not None:
            return _Seen(number, document, rows)
        statement = read_document(document)
    if isinstance(statement, Unreadable):
        return Unread(number, statement, document.provenance)
    with _timed(seconds, "segmentation"):
        return _Seen(number, document, None, statement, segment(statement))


def _made(seen: Sequence[_Seen], chances: Any, tagger: Tagger) -> list[Made]:
    """Return the documents with the rows of all of them, and put what is new into the tagger's memory."""
    new = [(one, one.statement) for one in seen if one.statement is not None]
    rows = rows_of([(statement, one.clauses) for one, statement in new], chances, tagger)
    if tagger.documents is not None:
        tagger.documents.put([(one.document, made) for (one, _), made in zip(new, rows, strict=True)])
    coming = iter(rows)
    return [Made(one.number, one.document, one.rows or next(coming)) for one in seen]


@contextmanager
def _timed(seconds: Counter[str], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[stage] += time.perf_counter() - start  # type: ignore[assignment]
