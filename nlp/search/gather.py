"""Sort the clauses of a corpus so that those that read the same lie together, in memory that does not grow with it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from corpus.taxonomy import CATEGORY_IDS
from nlp.normal import Normal
from nlp.search.layout import MASKS, STARTS, STATEMENTS, WORDS, clause_file
from nlp.search.source import BatchResult
from nlp.types import Clause

CLAUSE_SCHEMA = pa.schema(
    [
        ("statement", pa.int64()),
        ("clause_id", pa.string()),
        ("kind", pa.string()),
        ("heading", pa.list_(pa.string())),
        ("lead_in", pa.string()),
        ("columns", pa.list_(pa.string())),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.string()),
        ("categories", pa.list_(pa.string())),
    ]
)
STATEMENT_SCHEMA = pa.schema([("statement_id", pa.string()), ("source", pa.string()), ("provenance", pa.string())])
STATEMENT_ROWS = 4096
"""Statements are stored in batches of so many, so that a row's batch is known without a search."""

PART_ROWS = 400_000
_KEY = ("key", pa.binary(16))
# So many clauses at most are held as Python objects, which take ten times the room.
_WAITING = 16_384


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many statements, clauses and distinct clauses a corpus has, and how many clauses each part holds."""

    statements: int
    clauses: int
    distinct: int
    parts: tuple[int, ...]


def context_of(row: Mapping[str, Any]) -> str:
    """Return a clause of a table as it must be read to be understood (`Clause.context`)."""
    heading, columns = tuple(row["heading"] or ()), tuple(row["columns"] or ())
    return Clause("", 0, 0, row["text"], "sentence", heading, row["lead_in"], columns).context


def mask_of(categories: list[str] | tuple[str, ...]) -> int:
    """Return categories as bits, the first category's the lowest; names that are not ours count for nothing."""
    return sum(1 << CATEGORY_IDS.index(name) for name in set(categories) if name in CATEGORY_IDS)


def gather(result: BatchResult, folder: Path, *, part_rows: int = PART_ROWS) -> Gathered:
    """Write the clauses of a batch result to a folder, equal ones side by side.

    Two clauses are equal where their context and their categories are: they share one vector. The clauses are dealt
    out by a hash of both into parts of about `part_rows`, and each part is sorted by that hash. For vector v,
    `starts.i64` holds its first clause in this order at v and the end at v + 1, `masks.u16` its categories, and
    `words.u64` a hash of its words without dates, case and punctuation.
    """
    parts = max(1, -(-result.count() // part_rows))
    statements = _deal_out(result, folder, parts)
    counts, distinct = list[int](), 0
    with ExitStack() as stack:
        starts, masks, words = (stack.enter_context((folder / name).open("wb")) for name in (STARTS, MASKS, WORDS))
        for number in range(parts):
            rows, first = _sort_part(folder, number)
            (first + sum(counts)).astype("<i8").tofile(starts)
            _describe(rows, first, masks, words)
            counts.append(len(rows))
            distinct += len(first)
        np.array([sum(counts)], "<i8").tofile(starts)
    return Gathered(statements, sum(counts), distinct, tuple(counts))


def distinct_contexts(folder: Path, gathered: Gathered, starts: NDArray[Any], first: int, last: int) -> list[str]:
    """Return the contexts of the vectors from `first` to before `last`."""
    at = np.asarray(starts[first:last])
    bounds = np.cumsum((0, *gathered.parts))
    found: list[str] = []
    for number in np.unique(np.searchsorted(bounds, at, side="right") - 1):
        inside = at[(at >= bounds[number]) & (at < bounds[number + 1])] - bounds[number]
        with pa.memory_map(str(folder / clause_file(int(number)))) as file:
            table = pa.ipc.open_file(file).read_all().select(["heading", "lead_in", "columns", "text"])
            found += [context_of(row) for row in table.take(pa.array(inside)).to_pylist()]
    return found


def _deal_out(result: BatchResult, folder: Path, parts: int) -> int:
    """Write each clause to the spill file that its hash names and each statement to their table."""
    schema, together = CLAUSE_SCHEMA.append(pa.field(*_KEY)), max(16, _WAITING // parts)
    waiting: list[list[dict[str, Any]]] = [[] for _ in range(parts)]
    with ExitStack() as stack:
        spills = [stack.enter_context(pa.ipc.new_stream(str(folder / _spill(n)), schema)) for n in range(parts)]
        statements = stack.enter_context(_StatementWriter(folder / STATEMENTS))
        for rows in result.rows():
            for row in rows:
                mask = mask_of(row["categories"] or [])
                text = struct.pack("<H", mask) + context_of(row).encode("utf-8", "surrogatepass")
                key = hashlib.blake2b(text, digest_size=16).digest()
                row |= {"statement": statements.number(row), "key": key}
                number = int.from_bytes(key[:4]) * parts >> 32
                waiting[number].append(row)
                if len(waiting[number]) >= together:
                    spills[number].write_table(pa.Table.from_pylist(waiting[number], schema))
                    waiting[number].clear()
        for spill, left in zip(spills, waiting, strict=True):
            spill.write_table(pa.Table.from_pylist(left, schema))
        return statements.count


def _sort_part(folder: Path, number: int) -> tuple[pa.Table, NDArray[np.int64]]:
    """Turn a spill file into a part of clauses; return the part and where each distinct clause starts in it."""
    with pa.ipc.open_stream(str(folder / _spill(number))) as spill:
        table = spill.read_all().combine_chunks()
    keys = np.frombuffer(b"".join(table.column("key").to_pylist()), ">u8").reshape(-1, 2)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    keys = keys[order]
    rows = table.drop_columns("key").take(pa.array(order)).combine_chunks()
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    with pa.ipc.new_file(str(folder / clause_file(number)), CLAUSE_SCHEMA) as file:
        file.write_table(rows)
    (folder / _spill(number)).unlink()
    return rows, np.flatnonzero(new)


def _describe(rows: pa.Table, first: NDArray[np.int64], masks: BinaryIO, words: BinaryIO) -> None:
    """Append the categories and the hashed words of the distinct clauses of a part."""
    said = rows.select(["text", "categories"])
    for start, end in blocks(len(first), _WAITING):
        chosen = said.take(pa.array(first[start:end])).to_pylist()
        np.array([mask_of(row["categories"] or []) for row in chosen], "<u2").tofile(masks)
        np.array([_words_hash(row["text"]) for row in chosen], "<u8").tofile(words)


def _words_hash(text: str) -> int:
    said = " ".join(Normal.of(text).undated) or text
    return int.from_bytes(hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _spill(number: int) -> str:
    return f".spill-{number:05d}"


class _StatementWriter:
    """Writes the statements of a stream of clauses, each once where its clauses follow one another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._last: tuple[Any, ...] | None = None
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> _StatementWriter:
        self._file = pa.ipc.new_file(str(self.path), STATEMENT_SCHEMA)
        return self

    def __exit__(self, *error: object) -> None:
        self._write()
        self._file.close()

    def number(self, row: Mapping[str, Any]) -> int:
        """Return the row of a clause's statement in the table."""
        statement = (row["statement_id"], row["source"], row["provenance"])
        if statement != self._last:
            self._last = statement
            self.count += 1
            self._waiting.append(dict(zip(STATEMENT_SCHEMA.names, statement, strict=True)))
            if len(self._waiting) == STATEMENT_ROWS:
                self._write()
        return self.count - 1

    def _write(self) -> None:
        if self._waiting:
            self._file.write_table(pa.Table.from_pylist(self._waiting, STATEMENT_SCHEMA))
            self._waiting.clear()


def blocks(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of consecutive blocks of `size`, the last of which may be shorter."""
    for first in range(0, count, size):
        yield first, min(first + size, count)
