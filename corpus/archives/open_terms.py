"""Read an archive of Open Terms Archive: a git history of `Service/Terms type.md`, a commit for each version.

The format: https://docs.opentermsarchive.org/, and the commit messages of its engine (`src/archivist/recorder`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

import pygit2

from corpus.archives.git_history import Change, Commit, commits, text_of
from corpus.archives.selection import PRIVACY, choose_documents, choose_services
from corpus.archives.types import Unreadable, Version
from corpus.types import DocumentError

_TECHNICAL = ("Refilter ", "Apply technical or declaration upgrade on ")
# What a repository holds about itself.
_ABOUT = frozenset(("readme", "license", "licence", "contributing", "changelog", "code_of_conduct", "security"))


def read_open_terms(
    repository: pygit2.Repository,
    *,
    services: Collection[str] | None = None,
    documents: Collection[str] | None = PRIVACY,
) -> Iterator[Version | Unreadable]:
    """Yield the versions of documents in the order in which they were archived.

    `services` and `documents` choose as in `corpus.archives.selection`: by default all services, and the documents that
    have "privacy" in their name. A service or document that was moved has a version under its new name, which is
    technical. Raises `DocumentError` where there are no documents, or none of those that are wanted.
    """
    known = {named for commit in commits(repository) for change in commit.changes if (named := name(commit, change))}
    if not known:
        raise DocumentError(
            "this git history holds no documents of the form SERVICE/DOCUMENT.md, such as Acme/Privacy Policy.md; "
            "give an archive of policies"
        )
    chosen = choose_services(services, {service for service, _ in known})
    kept = choose_documents(documents, {document for service, document in known if service in chosen})
    for commit in commits(repository):
        for change in commit.changes:
            named = name(commit, change)
            if named and named[0] in chosen and named[1] in kept:
                yield _version(repository, commit, change, *named)


def name(commit: Commit, change: Change) -> tuple[str, str] | None:
    """Return the service and the document that a file is a version of; None for any other file.

    What a service is called may have a slash in it, if the commit calls it so.
    """
    folder, file = posixpath.split(change.path)
    document, suffix = posixpath.splitext(file)
    if suffix != ".md" or not folder or not document or document.casefold() in _ABOUT:
        return None
    if any(part.startswith(".") for part in change.path.split("/")):
        return None
    if "/" in folder and not commit.subject.endswith(f" {folder} {document}"):
        return None
    return folder, document


def _version(
    repository: pygit2.Repository, commit: Commit, change: Change, service: str, document: str
) -> Version | Unreadable:
    read = text_of(repository, commit, change)
    if isinstance(read, Unreadable):
        return read
    text, warnings = read
    if change.moved_from:
        warnings = (*warnings, f"the archive moved it here from {change.moved_from!r}")
    return Version(
        service,
        document,
        "open-terms-archive",
        f"{commit.id}:{change.path}",
        commit.authored_at,
        text,
        subject=commit.subject,
        technical=commit.subject.startswith(_TECHNICAL) or change.same,
        warnings=warnings,
    )
