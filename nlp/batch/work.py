"""The unit of work of a bulk run, a pure function: documents in, the parts of three tables out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.inputs.columns import whole_characters
from corpus.inputs.files import ListedFile, reason_of
from corpus.inputs.types import Document, Unreadable
from corpus.language import reads_like_policy
from corpus.load import SUFFIXES, load_bytes, load_text
from corpus.types import DocumentError, Statement
from nlp.batch.chunks import Chunk
from nlp.batch.schema import Table, probability_column, provenance_json, schema
from nlp.batch.tagger import Tagger
from nlp.clauses import segment
from nlp.tag import likeliest_first
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that was read, with its place in the input."""

    number: int
    document: Document
    statement: Statement
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class _Unread:
    """A document that was not."""

    number: int
    error: Unreadable
    provenance: Mapping[str, str]


def work(
    chunk: Chunk,
    tagger: Tagger,
    *,
    given_up: Mapping[int, str] | None = None,
    report: Callable[[int], None] = lambda place: None,
) -> Parts:
    """Read, segment and tag the documents of a chunk.

    `given_up` are the places in the chunk of documents that are not to be tried (again), with the reason. `report` is
    told the place of each document before it is read, and `TAGGING` now and then after.
    """
    seconds: Counter[str] = Counter()
    read: list[_Read] = []
    unread: list[_Unread] = []
    for place, item in enumerate(chunk.items):
        number, reason = chunk.first + place, (given_up or {}).get(place)
        if reason is not None:
            unread.append(_Unread(number, Unreadable(item.id, item.source, reason), {}))
            continue
        report(place)
        with _timed(seconds, "reading"):
            document = item.load() if isinstance(item, ListedFile) else item
            statement = read_document(document) if isinstance(document, Document) else document
        if isinstance(statement, Unreadable):
            unread.append(_Unread(number, statement, getattr(document, "provenance", {})))
            continue
        with _timed(seconds, "segmentation"):
            clauses = tuple(segment(statement))
        assert isinstance(document, Document)
        read.append(_Read(number, document, statement, clauses))
    report(TAGGING)
    contexts = [clause.context for one in read for clause in one.clauses]
    with _timed(seconds, "tagging"):
        chances, tagged = tagger.probabilities(contexts, lambda: report(TAGGING))
    with _timed(seconds, "writing"):
        files = _files(chunk, read, unread, chances, tagger)
    return Parts(
        chunk.number, tagger.fingerprint, files, len(read), len(unread), len(contexts), tagged, seconds, tagger.trouble
    )


@contextmanager
def _timed(seconds: Counter[str], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] += time.perf_counter() - start  # type: ignore[assignment]


def read_document(document: Document) -> Statement | Unreadable:
    """Read a document, whatever it does to those who read it."""
    try:
        if isinstance(document.content, bytes):
            return load_bytes(document.content, name=document.name, id=document.id)
        named = SUFFIXES.get(PurePath(document.name).suffix.lower()) if document.name else None
        return load_text(document.content, kind=named, id=document.id)
    except DocumentError as e:
        reason = reason_of(e)
    except MemoryError:
        reason = "it takes more memory to read than a policy can need"
    except Exception as e:  # Of a million documents, one finds the bug of a library; it must not end the night's work.
        reason = f"the reader failed: {type(e).__name__}: {reason_of(e)[:300]}"
    return Unreadable(document.id, document.source, reason)


def _files(
    chunk: Chunk, read: Sequence[_Read], unread: Sequence[_Unread], chances: Any, tagger: Tagger
) -> dict[Table, bytes]:
    labels = tagger.labels
    tables: dict[Table, dict[str, Any]] = {
        "clauses": _clause_columns(read, chances, tagger),
        "errors": _error_columns(unread),
        "statements": _statement_columns(read, tagger.fingerprint),
    }
    return {
        name: _parquet(columns, schema(name, labels))
        for name, columns in tables.items()
        # An empty table has to be there once, for whoever opens them all, and that of the statements seals the chunk.
        if columns["number"] or chunk.number == 0 or name == "statements"
    }


def _clause_columns(read: Sequence[_Read], chances: Any, tagger: Tagger) -> dict[str, Any]:
    rows = [(one, place, clause) for one in read for place, clause in enumerate(one.clauses)]
    named = {probability_column(label): chances[:, i] for i, label in enumerate(tagger.labels)}
    return {
        **_document_columns([(one.number, one.document) for one, _, _ in rows]),
        "clause_id": [clause.id for _, _, clause in rows],
        "position": [place for _, place, _ in rows],
        "kind": [clause.kind for _, _, clause in rows],
        "heading": [clause.heading for _, _, clause in rows],
        "lead_in": [clause.lead_in for _, _, clause in rows],
        "columns": [clause.columns for _, _, clause in rows],
        "start": [clause.start for _, _, clause in rows],
        "end": [clause.end for _, _, clause in rows],
        "text": [clause.text for _, _, clause in rows],
        "categories": _categories(chances, tagger),
        **named,
        "model": [tagger.fingerprint] * len(rows),
    }


def _categories(chances: Any, tagger: Tagger) -> list[tuple[str, ...]]:
    """Return the labels that hold for each clause, the likeliest first."""
    if not len(chances):
        return []
    return likeliest_first(chances, tagger.decide(chances.astype(np.float64)), tagger.labels)


def _statement_columns(read: Sequence[_Read], model: str) -> dict[str, Any]:
    statements = [one.statement for one in read]
    return {
        **_document_columns([(one.number, one.document) for one in read]),
        "title": [statement.title for statement in statements],
        "language": [statement.language for statement in statements],
        "effective_on": [statement.effective_on for statement in statements],
        "archived_on": [statement.archived_on for statement in statements],
        "reads_like_policy": [reads_like_policy(statement.text) for statement in statements],
        "characters": [len(statement.text) for statement in statements],
        "words": [len(statement.text.split()) for statement in statements],
        "sections": [len(statement.sections) for statement in statements],
        "clauses": [len(one.clauses) for one in read],
        "fingerprint": [statement.fingerprint for statement in statements],
        "warnings": [statement.warnings for statement in statements],
        "model": [model] * len(read),
    }


def _error_columns(unread: Sequence[_Unread]) -> dict[str, Any]:
    return {
        "number": [one.number for one in unread],
        "statement_id": [one.error.id for one in unread],
        "source": [one.error.source for one in unread],
        "provenance": [provenance_json(one.provenance) for one in unread],
        "reason": [one.error.reason for one in unread],
    }


def _document_columns(rows: Sequence[tuple[int, Document]]) -> dict[str, Any]:
    about = {number: provenance_json(document.provenance) for number, document in rows}
    return {
        "number": [number for number, _ in rows],
        "statement_id": [document.id for _, document in rows],
        "source": [document.source for _, document in rows],
        "provenance": [about[number] for number, _ in rows],
    }


def _parquet(columns: Mapping[str, Any], schema: Any) -> bytes:
    arrays = [_array(columns[field.name], field.type) for field in schema]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
    return bytes(sink.getvalue())


def _array(values: Any, type: Any) -> Any:
    try:
        return pa.array(values, type)
    except UnicodeEncodeError:
        return pa.array([_whole(value) for value in values], type)


def _whole(value: Any) -> Any:
    # One for one, so that offsets stay right.
    if isinstance(value, str):
        return whole_characters(value)
    return [_whole(one) for one in value] if isinstance(value, tuple | list) else value
