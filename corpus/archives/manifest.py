"""Read the manifest of a folder of archived files: a JSON object a line that says what each file is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, get_args

from corpus.archives.types import ArchiveKind, Precision, Unreadable

MANIFEST = "manifest.jsonl"

# What `datetime.fromisoformat` does not take.
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Line:
    """What a manifest says of a file: `file` is a path below the folder; what it does not say is None.

    Of a month or a year, as `precision` says, `observed_at` is the beginning.
    """

    file: str
    service: str | None
    document: str | None
    observed_at: datetime | None
    url: str | None
    archive: ArchiveKind | None
    precision: Precision = "day"


def read_manifest(folder: Path) -> Iterator[Line | Unreadable]:
    """Yield the lines of a folder's manifest, or what is wrong with one; nothing where there is no manifest.

    A line that says the same as an earlier one is left out: a download that was interrupted may write it again.
    """
    path = folder / MANIFEST
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    except OSError as e:
        yield Unreadable(MANIFEST, f"the manifest cannot be read: {e.strerror or e}")
        return
    seen: set[Line] = set()
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _line(json.loads(text))
        except (ValueError, TypeError, OverflowError, RecursionError) as e:
            yield Unreadable(f"{MANIFEST}:{number}", f"this line does not say what a file is: {e}; mend or delete it")
            continue
        if line not in seen:
            seen.add(line)
            yield line


def _line(record: Any) -> Line:
    if not isinstance(record, dict):
        raise TypeError("it is no JSON object")
    file = _string(record, "file")
    if not file:
        raise ValueError("it has no 'file'")
    parts = PurePosixPath(file).parts
    if file.startswith("/") or ".." in parts or "\x00" in file:
        raise ValueError(f"{file!r} leads out of the folder")
    archive = _string(record, "archive")
    if archive is not None and archive not in get_args(ArchiveKind):
        raise ValueError(f"{archive!r} is none of {', '.join(get_args(ArchiveKind))}")
    when, precision = _date(_string(record, "observed_at"))
    return Line(
        str(PurePosixPath(file)),
        _string(record, "service"),
        _string(record, "document"),
        when,
        _string(record, "url"),
        next((kind for kind in get_args(ArchiveKind) if kind == archive), None),
        precision,
    )


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name!r} is no text")
    return value or None


def _date(text: str | None) -> tuple[datetime | None, Precision]:
    if text is None:
        return None, "day"
    period = _PERIOD.fullmatch(text)
    if period:
        return datetime(int(period[1]), int(period[2] or 1), 1, tzinfo=UTC), "month" if period[2] else "year"
    date = datetime.fromisoformat(text)
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC), "day"
