"""Small git histories for the tests of archives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pygit2

from corpus.archives.types import Unreadable, Version

START = datetime(2020, 1, 1, tzinfo=UTC)
OTHER = pygit2.Signature("Somebody", "other@example.com", 1_000_000_000, 0)


def note(domain: str = "acme.com", day: str = "2016-05-31", stamp: str = "20160531201556") -> str:
    """Return a policy of the Princeton-Leuven corpus with the archivist's note over it."""
    address = f"https://web.archive.org/web/{stamp}id_/http%3A//{domain}/privacy"
    return (
        f"> *The following text is extracted and transformed from the {domain} privacy policy that was archived on "
        f"{day}. Please check the [original snapshot on the Wayback Machine]({address}) for the most accurate "
        "reproduction.*\n\n# Privacy\n\nWe collect your name.\n"
    )


@dataclass
class History:
    """A bare repository to which commits are added; `heads` are the files of each commit by its id."""

    path: Path
    repository: pygit2.Repository = field(init=False)
    files: dict[str, dict[str, tuple[pygit2.Oid, int]]] = field(default_factory=dict)
    last: str | None = None

    def __post_init__(self) -> None:
        self.repository = pygit2.init_repository(str(self.path), bare=True, initial_head="main")

    def commit(
        self,
        subject: str,
        files: Mapping[str, str | bytes | None],
        *,
        date: str = "2020-01-01",
        parents: list[str] | None = None,
        mode: int = 0o100644,
    ) -> str:
        """Add a commit that writes files, or deletes those that are None, to the first parent; return its id.

        The parent is the last commit unless `parents` says. The new commit becomes the head.
        """
        above = ([self.last] if self.last else []) if parents is None else parents
        tree = dict(self.files[above[0]]) if above else {}
        for path, content in files.items():
            if content is None:
                del tree[path]
            else:
                data = content.encode() if isinstance(content, str) else content
                tree[path] = (self.repository.create_blob(data), mode)
        index = pygit2.Index()
        for path, (blob, kind) in tree.items():
            index.add(pygit2.IndexEntry(path, blob, pygit2.enums.FileMode(kind)))
        seconds = int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())
        author = pygit2.Signature("Bot", "bot@example.com", seconds, 120)
        made = str(
            self.repository.create_commit(None, author, OTHER, subject, index.write_tree(self.repository), above)
        )
        self.repository.references.create("refs/heads/main", made, force=True)
        self.files[made] = tree
        self.last = made
        return made

    def lose(self, id: str) -> None:
        """Delete an object from the repository."""
        (self.path / "objects" / id[:2] / id[2:]).unlink()


def shown(found: list[Version | Unreadable]) -> list[tuple[str, str, str, str]]:
    """Return the service, document, day and text of versions; anything that could not be read fails the test."""
    versions = [item for item in found if isinstance(item, Version)]
    assert len(versions) == len(found), found
    return [(v.service, v.document, v.observed_at.date().isoformat(), v.text) for v in versions]
