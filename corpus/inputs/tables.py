"""Read documents from the rows of JSON lines, CSV and Parquet, a few rows at a time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.inputs.columns import Columns
from corpus.inputs.files import printable, reason_of
from corpus.inputs.types import Document, Unreadable
from corpus.load import MAX_BYTES
from corpus.types import DocumentError

Rows = Iterator[Document | Unreadable]

# A line of JSON may escape each character of a text by six.
_LONGEST_LINE = 6 * MAX_BYTES
ROWS_AT_A_TIME = 16
_ERRORS = (OSError, EOFError, ValueError, zlib.error, csv.Error, pa.ArrowException)


def is_table(path: str) -> bool:
    """Tell by its name whether a file is a table."""
    return _reader(path) is not None


def read_table(path: str, wanted: Columns) -> Rows:
    """Yield the documents in the rows of a table; a row without one is yielded as `Unreadable`, and the rest goes on.

    Where the table cannot be read any further, that is the last thing yielded. Raises `DocumentError` where it lacks a
    column that is wanted, or has none that is named like a text.
    """
    reader, shown = _reader(path), printable(path)
    if reader is None:
        raise ValueError(f"{shown} is no table by its name")
    number = 0
    try:
        before = _state(path)
        for row in reader(path, shown, wanted):
            number += 1
            yield row
        if _state(path) != before:
            yield Unreadable(shown, shown, "it changed while it was read: some of its rows may be old ones")
    except DocumentError:
        raise
    except _ERRORS as e:
        yield Unreadable(shown, shown, f"it cannot be read beyond row {number}: {reason_of(e)[:300]}")


def _json_rows(path: str, shown: str, wanted: Columns) -> Rows:
    columns: Columns | None = None
    with _opened(path) as file:
        for number, line in enumerate(_lines(file), 1):
            source = f"{shown}#{number}"
            if line is not None and not line.strip():
                continue
            row = _parsed(line)
            if isinstance(row, str):
                yield Unreadable(source, source, row)
                continue
            columns = columns or wanted.found_in(row, shown)
            yield columns.document(row, source)


def _lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of a file, None for one that is too long to be held."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def _parsed(line: bytes | None) -> dict[str, Any] | str:
    """Return the object on a line, or what is wrong with it."""
    if line is None:
        return f"the line has more than {_LONGEST_LINE:,} bytes"
    try:
        row = json.loads(line.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        return "the line is not UTF-8"
    except (ValueError, RecursionError) as e:
        return f"the line is not JSON: {reason_of(e)[:200]}"
    return row if isinstance(row, dict) else "the line is JSON, but no object with columns"


def _csv_rows(path: str, shown: str, wanted: Columns) -> Rows:
    csv.field_size_limit(MAX_BYTES)
    with (
        _opened(path) as data,
        # Bytes that are no text must not end the table: the row that has them is refused below.
        io.TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
    ):
        first = file.readline(_LONGEST_LINE)
        rows = csv.reader(_again(first, file), delimiter=_delimiter(path, first))
        names = next(rows, [])
        columns = wanted.found_in(names, shown)
        number = 0
        while True:
            number += 1
            source = f"{shown}#{number}"
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as e:
                yield Unreadable(source, source, f"the row cannot be read: {reason_of(e)}")
                continue
            if cells:
                yield _csv_document(columns, names, cells, source)
            else:
                number -= 1


def _csv_document(columns: Columns, names: list[str], cells: list[str], source: str) -> Document | Unreadable:
    if len(cells) > len(names):
        return Unreadable(source, source, f"the row has {len(cells)} cells under {len(names)} column names")
    if any("\udc80" <= ch <= "\udcff" for cell in cells if not cell.isascii() for ch in cell):
        return Unreadable(source, source, "the row is not UTF-8")
    return columns.document(dict(zip(names, cells, strict=False)), source)


def _again(first: str, file: IO[str]) -> Iterator[str]:
    yield first
    # A table without line breaks must not be held as a whole.
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            line = "x" * (MAX_BYTES + 1)  # which the reader refuses as a row
        yield line


def _delimiter(path: str, header: str) -> str:
    if ".tsv" in Path(path).suffixes:
        return "\t"
    return ";" if header.count(";") > header.count(",") else ","


def _parquet_rows(path: str, shown: str, wanted: Columns) -> Rows:
    with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False, memory_map=False) as file:
        schema = file.schema_arrow
        columns = wanted.found_in(schema.names, shown)
        batches = file.iter_batches(batch_size=ROWS_AT_A_TIME, columns=readable_columns(schema, columns))
        yield from arrow_rows(batches, columns, shown)


def readable_columns(schema: Any, columns: Columns) -> list[str]:
    """Return the columns of an Arrow schema that hold the documents or can say something short about them."""
    types = pa.types
    kinds = [
        *(types.is_string, types.is_large_string, types.is_integer, types.is_floating),
        *(types.is_boolean, types.is_date, types.is_timestamp, types.is_dictionary),
    ]
    own = (columns.text, columns.html, columns.id)
    return [field.name for field in schema if field.name in own or any(kind(field.type) for kind in kinds)]


def arrow_rows(batches: Iterator[Any], columns: Columns, shown: str) -> Rows:
    """Yield the documents in batches of Arrow rows."""
    number = 0
    for batch in batches:
        for at in range(batch.num_rows):
            number += 1
            source = f"{shown}#{number}"
            try:
                (row,) = batch.slice(at, 1).to_pylist()
            except (ValueError, pa.ArrowException) as e:
                yield Unreadable(source, source, f"the row cannot be read: {reason_of(e)[:200]}")
                continue
            yield columns.document(row, source)


def _opened(path: str) -> IO[bytes]:
    return gzip.open(path) if path.lower().endswith(".gz") else Path(path).open("rb")  # type: ignore[return-value]


def _state(path: str) -> tuple[int, int]:
    seen = Path(path).stat()
    return seen.st_size, seen.st_mtime_ns


_READERS: Mapping[str, Callable[[str, str, Columns], Rows]] = {
    ".jsonl": _json_rows,
    ".ndjson": _json_rows,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".parquet": _parquet_rows,
}


def _reader(path: str) -> Callable[[str, str, Columns], Rows] | None:
    name = path.lower()
    packed = name.endswith(".gz")
    suffix = Path(name.removesuffix(".gz")).suffix
    return None if packed and suffix == ".parquet" else _READERS.get(suffix)
