"""Read the Princeton-Leuven corpus: `j/ja/jan/janrain.com.md`, with the archivist's note over each policy.

The corpus: Amos et al., "Privacy Policies over Time: Curation and Analysis of a Million-Document Dataset", WWW 2021.
Its folders are read by `corpus.archives.dated`, which knows the note.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time

import pygit2

from corpus.archives.git_history import Change, Commit, commits, text_of
from corpus.archives.names import DOCUMENT, take_date
from corpus.archives.selection import choose_services
from corpus.archives.types import Unreadable, Version
from corpus.header import archive_record
from corpus.markdown import parse
from corpus.types import ArchiveRecord, DocumentError

NOTE_LENGTH = 3000
"""The note is in the first so many characters of a file."""

_STAMP = re.compile(r"/web/(\d{14})")


def note_of(text: str) -> ArchiveRecord | None:
    """Return what the archivist's note over a policy says; None where there is no note."""
    head = text[:NOTE_LENGTH].lstrip("\ufeff\r\n ")
    if not head.startswith(">"):
        return None
    # A policy may be long, and the note is the first paragraph.
    return archive_record(parse(re.split(r"\n\s*\n", head, maxsplit=1)[0]))


def observed_at(note: ArchiveRecord) -> datetime:
    """Return when a policy was archived: the time in the Wayback address if that is of the same day, else midnight."""
    stamp = _STAMP.search(note.url or "")
    if stamp:
        try:
            exact = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            exact = None
        if exact and exact.date() == note.archived_on:
            return exact
    return datetime.combine(note.archived_on, time(), tzinfo=UTC)


def domain_of(path: str) -> str | None:
    """Return the domain that a path is about; None where its folders do not spell how the domain begins."""
    *folders, file = path.split("/")
    domain = _stem(file)
    if not domain or len(folders) < 3 or not file.endswith(".md"):
        return None
    spelt = [domain[:length] for length in (1, 2, 3)]
    return domain if [folder.casefold() for folder in folders[-3:]] == [part.casefold() for part in spelt] else None


def read_princeton(
    repository: pygit2.Repository, *, services: Collection[str] | None = None
) -> Iterator[Version | Unreadable]:
    """Yield the policies of a git history in the order in which they were archived, by domain.

    `services` are domains. A file is a policy if it has the archivist's note or lies where the corpus puts policies.
    Raises `DocumentError` where there are none, or none of a domain that is wanted.
    """
    known = {domain for commit in commits(repository) for change in commit.changes if (domain := _name(change))}
    if not known:
        raise DocumentError(
            "this git history holds no policies of the form j/ja/jan/janrain.com.md; give an archive of policies"
        )
    chosen = choose_services(services, known)
    for commit in commits(repository):
        for change in commit.changes:
            domain = _name(change)
            if domain in chosen:
                version = _version(repository, commit, change, domain)
                if version:
                    yield version


def _name(change: Change) -> str | None:
    return _stem(posixpath.basename(change.path)) if change.path.endswith(".md") else None


def _stem(file: str) -> str:
    stem = file.removesuffix(".md")
    dated = take_date(stem)
    return dated.rest if dated and dated.rest else stem


def _version(repository: pygit2.Repository, commit: Commit, change: Change, domain: str) -> Version | Unreadable | None:
    read = text_of(repository, commit, change)
    if isinstance(read, Unreadable):
        return read
    text, warnings = read
    note = note_of(text)
    if note is None and domain_of(change.path) is None:
        return None
    if note is None:
        warnings = (*warnings, "it has no note of when it was archived; its date is that of the commit")
    elif note.domain.casefold() != domain.casefold():
        warnings = (*warnings, f"its note says that it is of {note.domain!r}")
    return Version(
        domain,
        DOCUMENT,
        "princeton-leuven",
        f"{commit.id}:{change.path}",
        observed_at(note) if note else commit.authored_at,
        text,
        subject=commit.subject,
        technical=change.same,
        warnings=warnings,
        url=note.url if note else None,
    )
