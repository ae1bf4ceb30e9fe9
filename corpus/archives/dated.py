"""Read a folder of archived files that say when they were archived: in a manifest, in a note, or in their names."""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from corpus.archives.manifest import MANIFEST, Line, read_manifest
from corpus.archives.names import DOCUMENT, Named, no_such_date, read_name
from corpus.archives.princeton import NOTE_LENGTH, domain_of, note_of, observed_at
from corpus.archives.selection import PRIVACY, choose_documents, choose_services
from corpus.archives.types import ArchiveKind, Precision, TextFormat, Unreadable, Version
from corpus.load import MAX_BYTES, SUFFIXES, decode
from corpus.types import DocumentError

_OWN_FILES = frozenset((MANIFEST, "problems.jsonl"))
_NO_DATE = (
    "its name has no date; put one in it as YYYY-MM-DD, or YYYY-MM if no more is known, or say in manifest.jsonl when "
    "it was archived"
)
_COUNTED = re.compile(r"([^0-9]*)([0-9]*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that gives a version, and what is known of it before it is read."""

    path: Path
    reference: str
    service: str
    document: str
    archive: ArchiveKind
    observed_at: datetime
    url: str | None = None
    precision: Precision = "day"


def read_dated(
    folder: Path,
    *,
    services: Collection[str] | None = None,
    documents: Collection[str] | None = PRIVACY,
    archive: ArchiveKind = "folder",
) -> Iterator[Version | Unreadable]:
    """Yield the versions in a folder and the folders below it, by service, document and date.

    A file is described by `manifest.jsonl`, or by the note that the Princeton-Leuven corpus puts over policies, or by
    its name and folder. Hidden files are left out; any other file that gives no version is yielded as `Unreadable`.
    `services` and `documents` choose as in `corpus.archives.selection`; `archive` is the one that a file is of unless
    it says otherwise.

    Raises `DocumentError` where the folder holds no such files, or none of those that are wanted.
    """
    found = list(list_entries(folder, archive=archive))
    entries = [entry for entry in found if isinstance(entry, Entry)]
    problems = [entry for entry in found if isinstance(entry, Unreadable)]
    if not entries:
        why = (
            f"; the first of {len(problems)} files: {problems[0].reference!r}: {problems[0].reason}" if problems else ""
        )
        raise DocumentError(f"{str(folder)!r} holds no dated policies, such as NAME/2016-05-31.md{why}")
    chosen = choose_services(services, {entry.service for entry in entries})
    kept = choose_documents(documents, {entry.document for entry in entries if entry.service in chosen})
    yield from sorted(problems, key=lambda problem: problem.reference)
    wanted = [entry for entry in entries if entry.service in chosen and entry.document in kept]
    yield from _read_all(sorted(wanted, key=_order))


def list_entries(folder: Path, *, archive: ArchiveKind = "folder") -> Iterator[Entry | Unreadable]:
    """Yield every file that gives a version, before it is read, and every one that gives none with the reason."""
    described: dict[str, list[Line]] = {}
    for line in read_manifest(folder):
        if isinstance(line, Unreadable):
            yield line
        else:
            described.setdefault(line.file, []).append(line)
    for path in list_files(folder):
        if isinstance(path, Unreadable):
            yield path
            continue
        reference = path.relative_to(folder).as_posix()
        if reference in _OWN_FILES:
            continue
        for line_or_none in described.pop(reference, [None]):
            yield _entry(folder, path, reference, line_or_none, archive)
    for file in described:
        yield Unreadable(file, f"{MANIFEST} names this file and it is not there; download it again")


def list_files(folder: Path) -> Iterator[Path | Unreadable]:
    """Yield the files in a folder and the folders below it, less hidden ones, and what cannot be entered."""
    waiting = [(folder, frozenset[tuple[int, int]]())]
    while waiting:
        here, above = waiting.pop()
        try:
            status = here.stat()
            children = sorted(here.iterdir())
        except OSError as e:
            yield Unreadable(_below(here, folder), f"it cannot be opened: {e.strerror or e}")
            continue
        if (status.st_dev, status.st_ino) in above:
            yield Unreadable(_below(here, folder), "it is a link that leads back to a folder above it")
            continue
        above |= {(status.st_dev, status.st_ino)}
        for child in children:
            if child.name.startswith("."):
                continue
            try:
                mode = child.stat().st_mode
            except OSError as e:
                yield Unreadable(_below(child, folder), f"it cannot be opened: {e.strerror or e}")
                continue
            if stat.S_ISDIR(mode):
                waiting.append((child, above))
            elif stat.S_ISREG(mode):
                yield child
            else:
                yield Unreadable(_below(child, folder), "it is no regular file")


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _entry(folder: Path, path: Path, reference: str, line: Line | None, archive: ArchiveKind) -> Entry | Unreadable:
    if path.suffix.lower() not in SUFFIXES:
        return Unreadable(reference, f"it is in no format that is read ({', '.join(sorted(SUFFIXES))})")
    above = tuple(reference.split("/")[:-1])
    named: Named | Entry | None = read_name(above, path.stem, root=folder.absolute().name)
    if line is None:
        try:
            noted = _noted(path, reference)
        except OSError as e:
            return Unreadable(reference, f"it cannot be read: {e.strerror or e}")
        if noted:
            return noted
        if named is None:
            return Unreadable(reference, _undated(reference))
        service, when = domain_of(reference) or named.service, named.observed_at
        return Entry(path, reference, service, named.document, archive, when, precision=named.precision)
    dated = line if line.observed_at else named
    if dated is None or dated.observed_at is None:
        return Unreadable(reference, _undated(reference))
    return Entry(
        path,
        # A file that was archived again unchanged is stored once, and only the addresses differ.
        line.url if line.url and line.archive == "wayback" else reference,
        line.service or (named.service if named else "/".join(above) or folder.absolute().name),
        line.document or (named.document if named else DOCUMENT),
        line.archive or archive,
        dated.observed_at,
        line.url,
        dated.precision,
    )


def _undated(reference: str) -> str:
    """Return why a path gives no date."""
    wrong = no_such_date(reference)
    return f"there is no such date as {wrong}; correct its name" if wrong else _NO_DATE


def _noted(path: Path, reference: str) -> Entry | None:
    if path.suffix.lower() not in (".md", ".markdown"):
        return None
    with path.open("rb") as file:
        note = note_of(file.read(NOTE_LENGTH).decode("utf-8", errors="replace"))
    if note is None:
        return None
    return Entry(path, reference, note.domain, DOCUMENT, "princeton-leuven", observed_at(note), note.url)


def _order(entry: Entry) -> tuple[str, str, datetime, list[tuple[str, int]], str]:
    # "a.md" comes before "a-2.md", and that before "a-10.md".
    stem = entry.reference.removesuffix(entry.path.suffix)
    counted = [(text, int(digits or 0)) for text, digits in _COUNTED.findall(stem)]
    return entry.service, entry.document, entry.observed_at, counted, entry.reference


def _read_all(entries: Iterable[Entry]) -> Iterator[Version | Unreadable]:
    before: Entry | None = None
    for entry in entries:
        warnings = _imprecise(entry)
        if before and _order(before)[:3] == _order(entry)[:3]:
            warnings += (f"{before.reference!r} has the same date; their order is that of their names",)
        before = entry
        try:
            text, format, doubts = _read(entry.path)
        except OSError as e:
            yield Unreadable(entry.reference, f"it cannot be read: {e.strerror or e}")
            continue
        except DocumentError as e:
            yield Unreadable(entry.reference, str(e))
            continue
        yield Version(
            entry.service,
            entry.document,
            entry.archive,
            entry.reference,
            entry.observed_at,
            text,
            warnings=(*doubts, *warnings),
            url=entry.url,
            format=format,
            precision=entry.precision,
        )


def _imprecise(entry: Entry) -> tuple[str, ...]:
    if entry.precision == "day":
        return ()
    return (f"only the {entry.precision} of it is known; it is put at the beginning of the {entry.precision}",)


def _read(path: Path) -> tuple[str, TextFormat, tuple[str, ...]]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(f"it has more than {MAX_BYTES // 1024**2} MB")
    format = SUFFIXES[path.suffix.lower()]
    if format == "pdf" or format == "docx":
        from corpus.office import docx_to_markdown, pdf_to_markdown

        return (pdf_to_markdown if format == "pdf" else docx_to_markdown)(data), "markdown", ()
    text, doubts = decode(data)
    return text, format, doubts
