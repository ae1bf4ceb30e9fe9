"""The clauses of a batch result, as a stream of rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.types import DocumentError
from nlp.batch.schema import KIND, VERSION, Table
from nlp.batch.writer import CONFIG

COLUMNS = (
    "statement_id",
    "source",
    "provenance",
    "clause_id",
    "kind",
    "heading",
    "lead_in",
    "columns",
    "start",
    "end",
    "text",
    "categories",
)
_CLAUSES: Table = "clauses"
_LAST_WRITTEN: Table = "statements"
_ROWS = 8192


@dataclass(frozen=True)
class BatchResult:
    """A folder that `smallprint batch` wrote, with the parts of its clauses that are there as a whole.

    `complete` says whether the run that writes it has ended.
    """

    folder: Path
    parts: tuple[Path, ...]
    fingerprint: str
    complete: bool

    @classmethod
    def open(cls, folder: Path) -> BatchResult:
        """Look at a folder; raises `DocumentError` where it is no batch result of this release's format."""
        hint = "give a folder that `smallprint batch --out` wrote"
        try:
            made = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        except OSError as e:
            raise DocumentError(f"{folder} is not a batch result: {CONFIG} cannot be read; {hint}") from e
        except ValueError as e:
            raise DocumentError(f"{folder / CONFIG} is damaged; {hint}") from e
        if not isinstance(made, dict) or made.get("kind") != KIND:
            raise DocumentError(f"{folder} is not a batch result; {hint}")
        if made.get("version") != VERSION:
            said = f"{folder} has format {made.get('version')}, this release reads format {VERSION}"
            raise DocumentError(f"{said}; tag the corpus again with this release")
        # Without its statements, which are written last, a part may be of a run that was cut off.
        written = {path.name for path in (folder / _LAST_WRITTEN).glob("part-*.parquet")}
        found = (path for path in (folder / _CLAUSES).glob("part-*.parquet") if path.name in written)
        parts = tuple(sorted(found, key=lambda path: (len(path.name), path.name)))
        digest = hashlib.sha256(repr([made.get(name) for name in ("model", "mode", "reader", "input")]).encode())
        for part in parts:
            digest.update(f"{part.name}:{part.stat().st_size}\n".encode())
        return cls(folder, parts, digest.hexdigest(), bool(made.get("complete")))

    def count(self) -> int:
        """Return how many clauses there are; raises `DocumentError` where a part is damaged."""
        return sum(_opened(part).metadata.num_rows for part in self.parts)

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the clauses in their order, some thousands at a time; raises `DocumentError`."""
        for part in self.parts:
            file = _opened(part)
            missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise DocumentError(f"{part} lacks {', '.join(missing)}; tag the corpus again with this release")
            try:
                for batch in file.iter_batches(_ROWS, columns=list(COLUMNS)):
                    yield batch.to_pylist()
            except (OSError, pa.ArrowException) as e:
                raise _damaged(part) from e


def _opened(part: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(part)
    except (OSError, pa.ArrowException) as e:
        raise _damaged(part) from e


def _damaged(part: Path) -> DocumentError:
    names = f"{part.name} from each of its folders"
    return DocumentError(f"{part} is damaged; delete {names} and run `smallprint batch` again")
