"""The tables that a bulk run writes, and how to read them.

A result is a folder:

    batch.json                     what made it: format version, model, options, input; "complete" once it is whole
    clauses/part-00000.parquet     a row for each clause
    statements/part-00000.parquet  a row for each document that was read
    errors/part-00000.parquet      a row for each document that was not, and why

Each table opens with one line:

    datasets  load_dataset("parquet", data_files="OUT/clauses/*.parquet", split="train")
    pandas    pd.read_parquet("OUT/clauses")
    DuckDB    duckdb.sql("FROM 'OUT/clauses/*.parquet' WHERE p_sharing > 0.5")
    Polars    pl.scan_parquet("OUT/clauses/*.parquet")

`number`, the place of a document in the input, joins the tables: it is unique, as is `statement_id`, and the parts are
in its order. A part of `errors` is written where there are errors, and one of `clauses` where there are clauses; the
first part is always there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa  # type: ignore[import-untyped]

from nlp.types import Clause

VERSION = 1
KIND = "smallprint batch"
Table = Literal["clauses", "statements", "errors"]
OwnTable = Literal["clauses", "statements"]
TABLES: tuple[Table, ...] = ("clauses", "errors", "statements")
"""In the order in which the parts of a chunk are written: that of the statements says that all are there."""

# What every row says about its document: its place in the input, its id, where it stands, and JSON of what else the
# input says about it.
_DOCUMENT = [
    pa.field("number", pa.int64(), nullable=False),
    pa.field("statement_id", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("provenance", pa.string(), nullable=False),
]
_CLAUSE = [
    pa.field("clause_id", pa.string(), nullable=False),  # "c1", as `smallprint clauses` calls it
    pa.field("position", pa.int32(), nullable=False),  # from 0
    pa.field("kind", pa.string(), nullable=False),  # "sentence", "item" or "row"
    pa.field("heading", pa.list_(pa.string()), nullable=False),  # outermost first
    pa.field("lead_in", pa.string()),
    pa.field("columns", pa.list_(pa.string()), nullable=False),  # the column names of a table row
    pa.field("start", pa.int64(), nullable=False),  # characters into the text of the statement
    pa.field("end", pa.int64(), nullable=False),
    pa.field("text", pa.string(), nullable=False),
    pa.field("categories", pa.list_(pa.string()), nullable=False),  # the likeliest first
]
_STATEMENT = [
    pa.field("title", pa.string(), nullable=False),
    pa.field("language", pa.string(), nullable=False),  # ISO 639-1
    pa.field("effective_on", pa.string()),  # ISO 8601, perhaps only a year or a month
    pa.field("archived_on", pa.string()),
    pa.field("reads_like_policy", pa.bool_(), nullable=False),
    pa.field("characters", pa.int64(), nullable=False),
    pa.field("words", pa.int64(), nullable=False),
    pa.field("sections", pa.int32(), nullable=False),
    pa.field("clauses", pa.int32(), nullable=False),
    pa.field("fingerprint", pa.string(), nullable=False),  # of the text and its structure
    pa.field("warnings", pa.list_(pa.string()), nullable=False),
]
# The fingerprint of the classifier.
_MODEL = pa.field("model", pa.string(), nullable=False)


def probability_column(label: str) -> str:
    """Return the name of the column with the probability of a category: "p_policy_change"."""
    return f"p_{label.replace('-', '_')}"


def schema(table: Table, labels: Sequence[str]) -> Any:
    """Return the Arrow schema of a table."""
    if table == "clauses":
        chances = [pa.field(probability_column(label), pa.float32(), nullable=False) for label in labels]
        return pa.schema([*_DOCUMENT, *_CLAUSE, *chances, _MODEL])
    if table == "statements":
        return pa.schema([*_DOCUMENT, *_STATEMENT, _MODEL])
    return pa.schema([*_DOCUMENT, pa.field("reason", pa.string(), nullable=False)])


def own_schema(table: OwnTable, labels: Sequence[str]) -> Any:
    """Return the Arrow schema of a table without what the input says about a document."""
    return pa.schema(list(schema(table, labels))[len(_DOCUMENT) :])


def clause_of(row: Mapping[str, Any], labels: Sequence[str]) -> Clause:
    """Return a row of `clauses` as the clause that it was made of."""
    return Clause(
        id=row["clause_id"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        kind=row["kind"],
        heading=tuple(row["heading"]),
        lead_in=row["lead_in"],
        columns=tuple(row["columns"]),
        categories=tuple(row["categories"]),
        probabilities={label: row[probability_column(label)] for label in labels},
    )


def provenance_json(provenance: Mapping[str, str]) -> str:
    """Return what the input says about a document as one JSON object."""
    return json.dumps(dict(provenance), ensure_ascii=False, sort_keys=True)
