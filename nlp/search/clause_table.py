"""The clauses of an index, mapped into memory and read one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlp.search.gather import CLAUSE_SCHEMA, STATEMENT_ROWS, STATEMENT_SCHEMA
from nlp.search.layout import STATEMENTS, IndexFolderError, clause_file


@dataclass(frozen=True, slots=True)
class FoundClause:
    """A clause with its provenance; `text` is `[start:end]` of the statement's text."""

    statement_id: str
    source: str
    provenance: Mapping[str, str]
    clause_id: str
    kind: str
    heading: tuple[str, ...]
    lead_in: str | None
    start: int
    end: int
    text: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class ClauseTable:
    """All clauses in the order of their vectors, in parts, and the statements that they name."""

    parts: tuple[pa.RecordBatch, ...]
    bounds: NDArray[np.int64]
    statements: pa.RecordBatchFileReader

    @classmethod
    def open(cls, folder: Path, counts: Sequence[int]) -> ClauseTable:
        """Map the clauses of an index into memory; raises `IndexFolderError`."""
        try:
            parts = tuple(_only_batch(folder / clause_file(number), count) for number, count in enumerate(counts))
            statements = pa.ipc.open_file(pa.memory_map(str(folder / STATEMENTS)))
            fits = all(part.schema == CLAUSE_SCHEMA for part in parts) and statements.schema == STATEMENT_SCHEMA
        except (OSError, ValueError, pa.ArrowException) as e:
            raise IndexFolderError(f"{folder} is damaged: its clauses cannot be read; index again") from e
        if not fits or [part.num_rows for part in parts] != list(counts):
            raise IndexFolderError(f"{folder} is damaged: its clauses do not fit its configuration; index again")
        return cls(parts, np.cumsum((0, *counts)), statements)

    def __len__(self) -> int:
        return int(self.bounds[-1])

    def __getitem__(self, position: int) -> FoundClause:
        number = int(np.searchsorted(self.bounds, position, side="right")) - 1
        row = _row(self.parts[number], position - int(self.bounds[number]))
        batch, offset = divmod(row["statement"], STATEMENT_ROWS)
        statement = _row(self.statements.get_batch(batch), offset)
        return FoundClause(
            statement_id=statement["statement_id"],
            source=statement["source"],
            provenance=json.loads(statement["provenance"]),
            clause_id=row["clause_id"],
            kind=row["kind"],
            heading=tuple(row["heading"] or ()),
            lead_in=row["lead_in"],
            start=row["start"],
            end=row["end"],
            text=row["text"],
            categories=tuple(row["categories"] or ()),
        )


def _only_batch(path: Path, count: int) -> pa.RecordBatch:
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    if not reader.num_record_batches:
        return pa.RecordBatch.from_pylist([], reader.schema)
    return reader.get_batch(0)


def _row(batch: pa.RecordBatch, number: int) -> dict[str, Any]:
    (row,) = batch.slice(number, 1).to_pylist()
    return dict(row)
