"""The archive store as the page uses it: shared by all visitors, read only, safe between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.types import DocumentError
from nlp.question import checked
from nlp.report.words import plural
from nlp.store import Store, StoredVersion
from nlp.timeline import Timeline, timeline

if TYPE_CHECKING:
    from datetime import date

    from nlp.archive_answers import ArchiveAnswers
    from nlp.engine import Smallprint

Report = Callable[[int, int], None]
_KEPT = 16
_GONE = "choose a service first"


@dataclass(frozen=True)
class Shelf:
    """A store with its documents in a fixed order: a document is known to the page by its place, as text."""

    store: Store
    named: tuple[tuple[str, str], ...]
    made: OrderedDict[str, Timeline] = field(default_factory=OrderedDict)

    @classmethod
    def open(cls, folder: Path) -> Shelf:
        """Open a store; raises `DocumentError` where there is none, `RunError` where it is damaged."""
        store = Store.open(folder)
        return cls(store, tuple(sorted(store.sequences)))

    def choices(self) -> list[tuple[str, str]]:
        """Return what each document is called, and its place."""
        return [
            (f"{service}: {document} ({plural(len(self.store.sequences[service, document]), 'version')})", str(place))
            for place, (service, document) in enumerate(self.named)
        ]

    def name(self, place: str | None) -> tuple[str, str]:
        """Return the service and the document of a place; raises `DocumentError` for none."""
        if not place or not place.isascii() or not place.isdigit() or int(place) >= len(self.named):
            raise DocumentError(_GONE)
        return self.named[int(place)]

    def versions(self, place: str | None) -> tuple[StoredVersion, ...]:
        """Return the versions of a document."""
        return self.store.sequences[self.name(place)]

    def version(self, place: str | None, number: object) -> StoredVersion:
        """Return a version by its number, whatever a page gives as one; raises `DocumentError` where there is none."""
        versions = self.versions(place)
        if not isinstance(number, int) or not 1 <= number <= len(versions):
            raise DocumentError("choose a version first")
        return versions[number - 1]

    def timeline(self, place: str | None, report: Report | None = None) -> Timeline:
        """Return the timeline of a document, of those made last without making it again."""
        named = self.name(place)
        key = str(place)
        if key not in self.made:
            self.made[key] = timeline(self.store, *named, report=report)
            while len(self.made) > _KEPT:
                self.made.popitem(last=False)
        return self.made[key]

    def ask(
        self,
        engine: Smallprint,
        question: str,
        place: str | None = None,
        at: date | None = None,
        report: Report | None = None,
    ) -> ArchiveAnswers:
        """Ask every version of a document, or one version of each document where `place` is None.

        Raises `ValueError` where the question or the place is no good, `RunError` where the store is of other models.
        """
        from nlp.archive_answers import ask_archive

        service, document = self.name(place) if place is not None else (None, None)
        return ask_archive(self.store, engine, service, checked(question), document=document, at=at, report=report)
