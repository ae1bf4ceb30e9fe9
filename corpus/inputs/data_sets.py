"""Read documents from data sets in the format of Hugging Face `datasets`, and from an archive's store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from corpus.inputs.columns import Columns, short_text
from corpus.inputs.files import printable, reason_of
from corpus.inputs.tables import ROWS_AT_A_TIME, Rows, arrow_rows, readable_columns
from corpus.inputs.types import Document, Unreadable
from corpus.types import DocumentError

HUB = "hf:"
"""What stands before the name of a data set that may be fetched from the Hugging Face hub."""

_TEXTS, _VERSIONS = "texts", "versions"
_ABOUT = ("service", "document", "observed_at", "reference", "url")
# Names that say the format.
_NAMES = {"markdown": "stored.md", "html": "stored.html", "text": "stored.txt"}


def read_saved(folder: str, wanted: Columns) -> Rows:
    """Yield the documents in a folder that `save_to_disk` of `datasets` wrote; raises `DocumentError`."""
    import datasets  # type: ignore[import-untyped]

    shown = printable(folder)
    try:
        found = datasets.load_from_disk(folder)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as e:
        raise DocumentError(
            f"{shown} is damaged and cannot be read as a data set: {reason_of(e)[:200]}; save it again"
        ) from e
    yield from _set_rows(found, wanted, shown)


def read_hub(name: str, wanted: Columns) -> Rows:
    """Yield the documents of a data set by its name ("hf:OWNER/NAME"), fetched unless it is in the cache of `datasets`.

    Raises `DocumentError` where there is no such data set, or no connection.
    """
    import datasets

    try:
        found = datasets.load_dataset(name.removeprefix(HUB))
    except (
        Exception
    ) as e:  # Whatever the hub, the connection and the builder raise, it is a data set that is not there.
        raise DocumentError(
            f"cannot load the data set {name!r}: {reason_of(e)[:200]}; check its name and the connection"
        ) from e
    yield from _set_rows(found, wanted, name)


def _set_rows(found: Any, wanted: Columns, shown: str) -> Rows:
    parts = {f"{shown}/{split}": found[split] for split in found} if isinstance(found, dict) else {shown: found}
    for name, part in parts.items():
        columns = wanted.found_in(part.column_names, name)
        kept = part.select_columns(readable_columns(part.features.arrow_schema, columns))
        yield from arrow_rows(kept.with_format("arrow").iter(ROWS_AT_A_TIME), columns, name)


def read_store(folder: str) -> Iterator[Document | Unreadable]:
    """Yield the distinct texts of an archive's store; `provenance` is that of the first version with the text."""
    shown = printable(folder)
    # A part whose versions are not there was not finished.
    parts = [part.name for part in sorted((Path(folder) / _VERSIONS).glob("part-*.parquet"))]
    found = [part for name in parts if (part := Path(folder) / _TEXTS / name).is_file()]
    if not found:
        raise DocumentError(f"{shown} is an archive's store without texts; import an archive into it")
    for part in found:
        try:
            first = _first_versions(Path(folder) / _VERSIONS / part.name)
            with pq.ParquetFile(part, pre_buffer=False, buffer_size=1 << 20) as file:
                for batch in file.iter_batches(ROWS_AT_A_TIME, columns=["text_id", "format", "stored"]):
                    for row in batch.to_pylist():
                        yield _stored(row, first.get(row["text_id"], {}), shown)
        except (OSError, KeyError, ValueError, pa.ArrowException) as e:
            source = printable(str(part))
            yield Unreadable(source, source, f"this part of the store cannot be read: {reason_of(e)[:200]}")


def _first_versions(part: Path) -> dict[str, dict[str, str]]:
    """Return by text what the first version in a part says about itself."""
    first: dict[str, dict[str, str]] = {}
    for row in pq.read_table(part, columns=["text_id", *_ABOUT]).to_pylist():
        first.setdefault(row["text_id"], {name: short for name in _ABOUT if (short := short_text(row[name]))})
    return first


def _stored(row: dict[str, Any], about: dict[str, str], shown: str) -> Document | Unreadable:
    source = f"{shown}#{row['text_id']}"
    if not row["stored"]:
        return Unreadable(source, source, "the archive lacks the text of this version")
    return Document(source, source, row["stored"], _NAMES.get(row["format"]), {"text_id": row["text_id"], **about})
