"""Read several files for one visitor: a row for each, and a table of all their clauses. Nothing is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.inputs.files import reason_of
from corpus.inputs.types import Unreadable
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError, Statement
from nlp.report.tables import csv_text
from nlp.types import Clause
from nlp.web.desk import MAX_UPLOAD_MB
from nlp.web.reader import Reader
from nlp.web.upload import check_upload

if TYPE_CHECKING:
    from nlp.engine import Smallprint

MAX_FILES = 20
COLUMNS = (
    "file",
    "title",
    "language",
    "effective_on",
    "characters",
    "clauses",
    *(f"clauses_{name}" for name in CATEGORY_IDS),
    "warnings",
    "error",
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """What came of one file: a statement with its clauses, or the reason why there is none."""

    file: str
    statement: Statement | None = None
    clauses: tuple[Clause, ...] = ()
    error: str = ""
    counts: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        counts = Counter(name for clause in self.clauses for name in clause.categories)
        object.__setattr__(self, "counts", counts)


def check_files(paths: Sequence[str] | None) -> list[Path]:
    """Return the uploaded files; raises `DocumentError` where there are none or too many."""
    if not paths:
        raise DocumentError("there are no files yet; choose some first")
    if len(paths) > MAX_FILES:
        raise DocumentError(f"these are {len(paths)} files, and this page takes {MAX_FILES} at once; leave some out")
    return [Path(path) for path in paths]


def read_files(engine: Smallprint, reader: Reader, paths: Sequence[Path]) -> Iterator[FileRow]:
    """Yield a row for each file, in order; names that occur twice are told apart by a number."""
    seen: Counter[str] = Counter()
    for path in paths:
        seen[path.name] += 1
        name = path.name if seen[path.name] == 1 else f"{path.name} ({seen[path.name]})"
        statement = _read(reader, path, name)
        if isinstance(statement, Unreadable):
            yield FileRow(name, error=statement.reason)
        else:
            yield FileRow(name, statement, tuple(engine.clauses(statement)))


def _read(reader: Reader, path: Path, name: str) -> Statement | Unreadable:
    try:
        if path.stat().st_size > MAX_UPLOAD_MB * 1024**2:
            return Unreadable(name, name, f"it has more than {MAX_UPLOAD_MB} MB; give the policy alone")
        data = path.read_bytes()
    except OSError as e:
        return Unreadable(name, name, f"it did not arrive ({reason_of(e)}); upload it again")
    try:
        check_upload(path.name, data)
        return reader.read(data, path.name, id=name)
    except DocumentError as e:
        return Unreadable(name, name, str(e))


def rows_csv(rows: Sequence[FileRow]) -> bytes:
    """Return the rows as CSV."""
    return csv_text(map(_cells, rows), COLUMNS).encode("utf-8", "replace")


def _cells(row: FileRow) -> dict[str, object]:
    if row.statement is None:
        return {"file": row.file, "error": row.error}
    return {
        "file": row.file,
        "title": row.statement.title,
        "language": row.statement.language,
        "effective_on": row.statement.effective_on or "",
        "characters": len(row.statement.text),
        "clauses": len(row.clauses),
        **{f"clauses_{name}": row.counts[name] for name in CATEGORY_IDS},
        "warnings": " ".join(row.statement.warnings),
    }


def clauses_parquet(rows: Sequence[FileRow], labels: Sequence[str], model: str) -> bytes:
    """Return all clauses as one Parquet file with the columns of a bulk run (`nlp.batch.schema`)."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    from nlp.batch.rows import array_of
    from nlp.batch.schema import schema

    records = list(_records(rows, labels, model))
    fields = schema("clauses", labels)
    columns = [array_of([record[field.name] for record in records], field.type) for field in fields]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=fields), sink, compression="zstd")
    return bytes(sink.getvalue())


def _records(rows: Sequence[FileRow], labels: Sequence[str], model: str) -> Iterator[Mapping[str, Any]]:
    from nlp.batch.schema import probability_column

    for number, row in enumerate(rows):
        for position, clause in enumerate(row.clauses):
            yield {
                "number": number,
                "statement_id": row.file,
                "source": row.file,
                "provenance": "{}",
                "clause_id": clause.id,
                "position": position,
                **{name: getattr(clause, name) for name in _FIELDS},
                **{probability_column(label): clause.probabilities.get(label, 0.0) for label in labels},
                "model": model,
            }


_FIELDS = ("kind", "heading", "lead_in", "columns", "start", "end", "text", "categories")
