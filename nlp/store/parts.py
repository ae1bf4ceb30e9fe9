"""The files of a store: written whole or not at all, and read."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.whole_file import whole_file
from nlp.errors import RunError
from nlp.store.schema import ADDED, TABLES, VERSIONS

_NAME = re.compile(r"part-(\d{5,})\.parquet")


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the path of a table's file of a part."""
    return folder / table / f"part-{number:05d}.parquet"


def numbers(folder: Path, table: str = VERSIONS) -> list[int]:
    """Return the numbers of the parts of which a table has a file; of `versions`, they are the parts that count."""
    names = (_NAME.fullmatch(path.name) for path in (folder / table).glob("part-*.parquet"))
    return sorted(int(found[1]) for found in names if found)


def sweep(folder: Path) -> None:
    """Delete what an import that was cut off left behind. Only for who holds the lock."""
    whole = set(numbers(folder))
    for table in TABLES:
        for scratch in (folder / table).glob(".part-*"):
            scratch.unlink()
        for number in numbers(folder, table):
            if number not in whole:
                part_path(folder, table, number).unlink()


def write_part(folder: Path, number: int, tables: Mapping[str, pa.Table]) -> None:
    """Write a part so that it counts whole or not at all; raises `RunError` where there is no room for it.

    A table without rows has no file, but `versions`, which makes the part count.
    """
    try:
        for name in TABLES:
            if tables[name].num_rows or name == VERSIONS:
                _write(part_path(folder, name, number), tables[name])
    except OSError as e:
        if e.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise RunError(f"cannot write to {str(folder)!r}: {e.strerror or e}; what it holds is sound") from e
        raise RunError(
            f"there is no room left for {str(folder)!r}; make some and run the import again: what it holds is sound, "
            "and it goes on from there"
        ) from e


def _write(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as scratch:
        write_table(table, scratch)


def write_table(table: pa.Table, path: Path) -> None:
    """Write one Parquet file."""
    pq.write_table(table, path, compression="zstd")


def read_part(
    folder: Path, table: str, number: int, schema: pa.Schema, columns: Sequence[str] | None = None
) -> pa.Table:
    """Return a table's rows of a part, none where it has no file; raises `RunError` where the file is damaged."""
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    path = part_path(folder, table, number)
    try:
        with pq.ParquetFile(path) as file:
            found = file.read(columns=wanted.names)
            for name in ADDED & set(wanted.names) - set(found.column_names):
                found = found.append_column(wanted.field(name), pa.nulls(found.num_rows, wanted.field(name).type))
            return found.select(wanted.names).cast(wanted)
    except FileNotFoundError:
        return wanted.empty_table()
    except (OSError, pa.ArrowException, KeyError, ValueError) as e:
        raise RunError(f"{path} is damaged; import the archive into a new folder") from e
