"""A folder of captures: dated files, a manifest that says what each is, and a list of what could not be had."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from corpus.types import DocumentError
from corpus.whole_file import whole_file

MANIFEST, PROBLEMS = "manifest.jsonl", "problems.jsonl"

_LONGEST_NAME = 100  # bytes: file systems allow 255, and some allow fewer characters in a whole path
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


Key = tuple[str, str, str]
"""What tells captures apart: service, document and the address at which people look at it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the manifest: `file`, below the folder, is the document as it was at `observed_at` (ISO 8601, UTC).

    `url` is where people look at the capture, `original` the address that was archived, `digest` the archive's name for
    the bytes. A file may have several lines, one for each time that the archive saw it.
    """

    file: str
    service: str
    document: str
    url: str
    original: str = ""
    digest: str = ""
    archive: str = "wayback"
    observed_at: str = ""

    @property
    def key(self) -> Key:
        """What tells it from other captures."""
        return self.service, self.document, self.url


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the list of problems: a capture that is not in the folder, and why.

    A later run asks again for those with `again`.
    """

    service: str
    document: str
    url: str
    original: str = ""
    digest: str = ""
    observed_at: str = ""
    reason: str = ""
    again: bool = False

    @property
    def key(self) -> Key:
        """What tells it from other captures."""
        return self.service, self.document, self.url


_Line = TypeVar("_Line", Record, Problem)


@dataclass(slots=True)
class CaptureFolder:
    """What is in a folder, kept as it is on the disk: a file first, its line after it."""

    path: Path
    records: dict[Key, Record] = field(default_factory=dict)
    problems: dict[Key, Problem] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, path: Path) -> CaptureFolder:
        """Return the folder at a path, which is made if it is missing; raises `DocumentError`, `OSError`.

        A last line that a killed run left unfinished is repaired or removed.
        """
        if path.exists() and not path.is_dir():
            raise DocumentError(f"{path} is a file; give a folder for the captures")
        path.mkdir(parents=True, exist_ok=True)
        folder = cls(path)
        for record in _read(Record, path / MANIFEST):
            folder._remember(record)
        folder.problems.update((one.key, one) for one in _read(Problem, path / PROBLEMS))
        return folder

    def file_of(self, digest: str) -> str | None:
        """Return the file that holds the bytes that the archive calls so, if it is there."""
        name = self.files.get(digest) if digest else None
        return name if name and (self.path / name).is_file() else None

    def refusal_of(self, digest: str) -> str | None:
        """Return why bytes that the archive calls so were refused, if they were."""
        reasons = (one.reason for one in self.problems.values() if digest and one.digest == digest and not one.again)
        return next(reasons, None)

    def save(self, service: str, moment: datetime, suffix: str, body: bytes) -> str:
        """Write a file of a service, whole or not at all, and return its path below the folder.

        Its name is free, or that of a file that no line speaks of, which a killed run left.
        """
        stem = f"{safe_name(service)}/{moment:%Y-%m-%d-%H%M%S}"
        name = stem + suffix
        number = 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        (self.path / name).parent.mkdir(exist_ok=True)
        write(self.path / name, body)
        return name

    def add(self, record: Record) -> None:
        """Add a line to the manifest, and remove the problem that the capture had."""
        _append(self.path / MANIFEST, record)
        self._remember(record)
        if self.problems.pop(record.key, None):
            self._write_problems()

    def add_problem(self, problem: Problem) -> None:
        """Add a line to the list of problems, in the place of an earlier one of the same capture."""
        known = self.problems.get(problem.key)
        self.problems[problem.key] = problem
        if known is None:
            _append(self.path / PROBLEMS, problem)
        elif known != problem:
            self._write_problems()

    def _remember(self, record: Record) -> None:
        self.records[record.key] = record
        self.files.setdefault(record.digest, record.file)
        self.taken.add(record.file.casefold())

    def _write_problems(self) -> None:
        write(self.path / PROBLEMS, b"".join(map(_line, self.problems.values())))


def safe_name(text: str) -> str:
    """Return a name for a folder that every file system takes and that leads nowhere else."""
    kept = "".join(ch if ch.isalnum() or ch in "-_. " else "_" for ch in unicodedata.normalize("NFC", text))
    kept = kept.encode("utf-8", "replace")[:_LONGEST_NAME].decode("utf-8", "ignore").strip(". ")
    if kept.partition(".")[0].rstrip(" ").casefold() in _RESERVED:
        kept = f"{kept}_" if "." not in kept else kept.replace(".", "_")
    return kept or "service"


def write(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all."""
    with whole_file(path) as scratch:
        scratch.write_bytes(content)


def _line(record: Record | Problem) -> bytes:
    return json.dumps(asdict(record), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _append(path: Path, record: Record | Problem) -> None:
    with path.open("ab") as file:
        file.write(_line(record))
        file.flush()
        os.fsync(file.fileno())


def _read(kind: type[_Line], path: Path) -> list[_Line]:
    if not path.exists():
        return []
    *whole, last = path.read_bytes().split(b"\n")
    found = [_made(kind, line, path, number) for number, line in enumerate(whole, 1) if line.strip()]
    if last:
        try:
            found.append(_made(kind, last, path, len(whole) + 1))
            whole.append(last)
        except DocumentError:
            # Torn: the capture is asked for again, and its file written over.
            pass
        write(path, b"".join(line + b"\n" for line in whole))
    return found


def _made(kind: type[_Line], line: bytes, path: Path, number: int) -> _Line:
    try:
        given = json.loads(line)
        types = {one.name: bool if one.name == "again" else str for one in fields(kind)}
        told = {name: given[name] for name in types if name in given and given[name] is not None}
        if not all(isinstance(value, types[name]) for name, value in told.items()):
            raise TypeError("a value of another type")
        return kind(**told)
    except (ValueError, TypeError, RecursionError) as e:
        hint = "correct or remove that line, and run again"
        raise DocumentError(f"{path}, line {number}, does not describe a capture; {hint}") from e
