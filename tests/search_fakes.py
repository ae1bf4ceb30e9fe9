"""Batch results and vectors to try the search on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.taxonomy import CATEGORY_IDS
from nlp.batch.schema import KIND, VERSION, probability_column, schema
from nlp.encoder import Vectors

SHARED = "We share your name with advertisers."
SHARED_TOO = "We share your name with advertisers!"
KEPT = "Log files are kept for thirty days."
SOLD = "Nothing is ever sold to data brokers."


def unit(count: int, dimensions: int = 32, seed: int = 0) -> Vectors:
    """Return random vectors of length one."""
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def row(text: str, statement: str = "acme", number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a clause as a batch result holds it."""
    chances = {probability_column(label): 0.0 for label in CATEGORY_IDS}
    return {
        "number": 0,
        "statement_id": statement,
        "source": f"policies/{statement}.md",
        "provenance": '{"url": "https://acme.example"}',
        "clause_id": f"c{number}",
        "position": number - 1,
        "kind": "sentence",
        "heading": ["Privacy"],
        "lead_in": None,
        "columns": [],
        "start": 10 * number,
        "end": 10 * number + len(text),
        "text": text,
        "categories": ["other"],
        "model": "fake",
        **chances,
        **changes,
    }


def write_result(
    folder: Path, *parts: Sequence[Mapping[str, Any]], complete: bool = True, committed: Sequence[int] | None = None
) -> Path:
    """Write a batch result with these parts of clauses and return its folder."""
    for table in ("clauses", "statements"):
        (folder / table).mkdir(parents=True, exist_ok=True)
    made = {"kind": KIND, "version": VERSION, "model": "fake", "complete": complete}
    (folder / "batch.json").write_text(json.dumps(made))
    for number, rows in enumerate(parts):
        name = f"part-{number:05d}.parquet"
        pq.write_table(pa.Table.from_pylist(list(rows), schema("clauses", CATEGORY_IDS)), folder / "clauses" / name)
        if committed is None or number in committed:
            (folder / "statements" / name).write_bytes(b"")
    return folder


def two_policies() -> list[list[dict[str, Any]]]:
    """Return six clauses of two policies in two parts: two are equal, and two more say the same."""
    sharing = {"categories": ["sharing"]}
    return [
        [row(SHARED, number=1, **sharing), row(KEPT, number=2, categories=["retention", "security"])],
        [
            row(SHARED, "globex", 1, **sharing),
            row(SHARED_TOO, "globex", 2, heading=["Partners"], **sharing),
            row(SOLD, "globex", 3, categories=["sharing", "choice"]),
            row(KEPT, "globex", 4, categories=["retention"]),
        ],
    ]
