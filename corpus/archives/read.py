"""Read the versions of policies from an archive, whatever kind of archive it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

import pygit2

from corpus.archives.dated import read_dated
from corpus.archives.git_history import is_bundle, is_repository, opened, paths
from corpus.archives.names import DOCUMENT, read_name
from corpus.archives.open_terms import read_open_terms
from corpus.archives.princeton import NOTE_LENGTH, domain_of, note_of, read_princeton
from corpus.archives.selection import PRIVACY, choose_documents
from corpus.archives.types import ArchiveKind, Unreadable, Version
from corpus.load import SUFFIXES
from corpus.types import DocumentError

_LOOKED_AT = 20
_KINDS = "a git repository, a git bundle, or a folder of dated files"


def read_archive(
    path: Path,
    *,
    kind: ArchiveKind | None = None,
    services: Collection[str] | None = None,
    documents: Collection[str] | None = PRIVACY,
    scratch: Path | None = None,
) -> Iterator[Version | Unreadable]:
    """Yield the versions in an archive, those of one document in the order in which they were archived.

    What kind of archive it is is told from what is in it unless `kind` says. `services` and `documents` choose as in
    `corpus.archives.selection`: by default all services, and the documents with "privacy" in their name. A git bundle
    is cloned below `scratch` while it is read. A file that cannot be read is yielded as `Unreadable`, and the rest is
    read all the same.

    Raises `DocumentError`, when the first version is asked for, where there is no archive, where its history is not all
    there, and where it holds no policies or none of those that are wanted.
    """
    if not path.exists():
        raise DocumentError(f"no such archive: {str(path)!r}; give {_KINDS}")
    if path.is_dir() and (kind in ("folder", "wayback") or not is_repository(path)):
        if kind == "open-terms-archive":
            raise DocumentError(f"{str(path)!r} is no git repository; an Open Terms Archive is read from its history")
        yield from read_dated(path, services=services, documents=documents, archive=kind or "folder")
        return
    if path.is_file() and not path.stat().st_size:
        raise DocumentError(f"{str(path)!r} is empty; copy it again, or give {_KINDS}")
    if not path.is_dir() and not is_bundle(path):
        raise DocumentError(f"{str(path)!r} is a file, and no git bundle; give {_KINDS}")
    with opened(path, scratch=scratch) as repository:
        kind = kind or kind_of(repository)
        if kind == "open-terms-archive":
            yield from read_open_terms(repository, services=services, documents=documents)
        elif kind == "princeton-leuven":
            choose_documents(documents, {DOCUMENT})
            yield from read_princeton(repository, services=services)
        elif repository.workdir is None:
            raise DocumentError(
                f"{str(path)!r} holds dated files; check them out (git clone FILE FOLDER) and give FOLDER"
            )
        else:
            yield from read_dated(path, services=services, documents=documents, archive=kind)


def kind_of(repository: pygit2.Repository) -> ArchiveKind:
    """Tell what kind of archive a git repository is by the files at its head."""
    files = [(path, blob) for path, blob in paths(repository) if Path(path).suffix.lower() in SUFFIXES]
    if any(domain_of(path) for path, _ in files):
        return "princeton-leuven"
    markdown = ((path, blob) for path, blob in files if path.endswith(".md"))
    if any(_has_note(repository, blob) for _, blob in islice(markdown, _LOOKED_AT)):
        return "princeton-leuven"
    inside = [path for path, _ in files if "/" in path] or [path for path, _ in files]
    dated = sum(_is_dated(PurePosixPath(path)) for path in inside)
    return "folder" if inside and 2 * dated > len(inside) else "open-terms-archive"


def _is_dated(path: PurePosixPath) -> bool:
    return read_name(path.parent.parts, path.stem, root="") is not None


def _has_note(repository: pygit2.Repository, blob: pygit2.Oid) -> bool:
    try:
        _, data = repository.odb.read(blob)
    except (pygit2.GitError, KeyError):
        return False  # the reader says what to do about it
    return note_of(data[:NOTE_LENGTH].decode("utf-8", errors="replace")) is not None
