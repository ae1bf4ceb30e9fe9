"""What documents add to the tables, as Arrow, and the tables of a chunk made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.inputs.columns import whole_characters
from corpus.inputs.types import Document, Unreadable
from corpus.language import reads_like_policy
from corpus.types import Statement
from nlp.batch.documents import DocumentRows
from nlp.batch.schema import OwnTable, Table, own_schema, probability_column, provenance_json, schema
from nlp.batch.tagger import Tagger
from nlp.tag import likeliest_first
from nlp.types import Clause


@dataclass(frozen=True, slots=True)
class Made:
    """A document that was read, with its place in the input and its rows."""

    number: int
    document: Document
    rows: DocumentRows


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that was not, and what the input says about it."""

    number: int
    error: Unreadable
    provenance: Mapping[str, str]


def rows_of(read: Sequence[tuple[Statement, Sequence[Clause]]], chances: Any, tagger: Tagger) -> list[DocumentRows]:
    """Return the rows of each document; `chances` are the probabilities of the clauses of all of them in order."""
    statements = _batch("statements", _statement_columns(read, tagger.fingerprint), tagger.labels)
    clauses = _batch("clauses", _clause_columns(read, chances, tagger), tagger.labels)
    ends = np.cumsum([0, *(len(one) for _, one in read)]).tolist()
    return [
        DocumentRows(statements.slice(i, 1), clauses.slice(start, end - start))
        for i, (start, end) in enumerate(pairwise(ends))
    ]


def parquet_files(number: int, made: Sequence[Made], unread: Sequence[Unread], tagger: Tagger) -> dict[Table, bytes]:
    """Return the parts of the chunk of a number, each as the bytes of a Parquet file."""
    tables: dict[Table, Any] = {
        "clauses": _table("clauses", made, [one.rows.clauses for one in made], tagger.labels),
        "errors": _error_table(unread),
        "statements": _table("statements", made, [one.rows.statement for one in made], tagger.labels),
    }
    return {
        name: _parquet(table)
        for name, table in tables.items()
        # An empty table has to be there once, for whoever opens them all, and that of the statements seals the chunk.
        if table.num_rows or number == 0 or name == "statements"
    }


def _clause_columns(read: Sequence[tuple[Statement, Sequence[Clause]]], chances: Any, tagger: Tagger) -> dict[str, Any]:
    rows = [clause for _, clauses in read for clause in clauses]
    named = {probability_column(label): chances[:, i] for i, label in enumerate(tagger.labels)}
    return {
        "clause_id": [clause.id for clause in rows],
        "position": [place for _, clauses in read for place in range(len(clauses))],
        "kind": [clause.kind for clause in rows],
        "heading": [clause.heading for clause in rows],
        "lead_in": [clause.lead_in for clause in rows],
        "columns": [clause.columns for clause in rows],
        "start": [clause.start for clause in rows],
        "end": [clause.end for clause in rows],
        "text": [clause.text for clause in rows],
        "categories": _categories(chances, tagger),
        **named,
        "model": [tagger.fingerprint] * len(rows),
    }


def _categories(chances: Any, tagger: Tagger) -> list[tuple[str, ...]]:
    """Return the labels that hold for each clause, the likeliest first."""
    if not len(chances):
        return []
    return likeliest_first(chances, tagger.decide(chances.astype(np.float64)), tagger.labels)


def _statement_columns(read: Sequence[tuple[Statement, Sequence[Clause]]], model: str) -> dict[str, Any]:
    statements = [statement for statement, _ in read]
    return {
        "title": [statement.title for statement in statements],
        "language": [statement.language for statement in statements],
        "effective_on": [statement.effective_on for statement in statements],
        "archived_on": [statement.archived_on for statement in statements],
        "reads_like_policy": [reads_like_policy(statement.text) for statement in statements],
        "characters": [len(statement.text) for statement in statements],
        "words": [len(statement.text.split()) for statement in statements],
        "sections": [len(statement.sections) for statement in statements],
        "clauses": [len(clauses) for _, clauses in read],
        "fingerprint": [statement.fingerprint for statement in statements],
        "warnings": [statement.warnings for statement in statements],
        "model": [model] * len(read),
    }


def _batch(table: OwnTable, columns: Mapping[str, Any], labels: Sequence[str]) -> Any:
    fields = own_schema(table, labels)
    return pa.RecordBatch.from_arrays([array_of(columns[field.name], field.type) for field in fields], schema=fields)


def _table(name: OwnTable, made: Sequence[Made], batches: Sequence[Any], labels: Sequence[str]) -> Any:
    """Return a table of a chunk: what the input says about each document, beside each of its rows."""
    # In one piece, or the bytes of a file would hang on which of its documents were known before.
    own = pa.Table.from_batches(batches, own_schema(name, labels)).combine_chunks()
    rows = np.repeat(np.arange(len(made)), [batch.num_rows for batch in batches])
    about = {
        "number": [one.number for one in made],
        "statement_id": [one.document.id for one in made],
        "source": [one.document.source for one in made],
        "provenance": [provenance_json(one.document.provenance) for one in made],
    }
    whole = schema(name, labels)
    said = [array_of(column, whole.field(field).type).take(pa.array(rows)) for field, column in about.items()]
    return pa.Table.from_arrays([*said, *own.columns], schema=whole)


def _error_table(unread: Sequence[Unread]) -> Any:
    columns = {
        "number": [one.number for one in unread],
        "statement_id": [one.error.id for one in unread],
        "source": [one.error.source for one in unread],
        "provenance": [provenance_json(one.provenance) for one in unread],
        "reason": [one.error.reason for one in unread],
    }
    whole = schema("errors", ())
    return pa.Table.from_arrays([array_of(columns[field.name], field.type) for field in whole], schema=whole)


def _parquet(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def array_of(values: Any, type: Any) -> Any:
    """Return values as an Arrow array; half a character, which no file can hold, becomes a replacement."""
    try:
        return pa.array(values, type)
    except UnicodeEncodeError:
        return pa.array([_whole(value) for value in values], type)


def _whole(value: Any) -> Any:
    # One for one, so that offsets stay right.
    if isinstance(value, str):
        return whole_characters(value)
    return [_whole(one) for one in value] if isinstance(value, tuple | list) else value
