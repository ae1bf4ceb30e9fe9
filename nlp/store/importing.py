"""Import an archive into a store: what is there already is not read again, and an import that was cut off goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.archives.types import Unreadable, Version
from corpus.types import DocumentError
from nlp.store.making import Tagger
from nlp.store.reading import storable
from nlp.store.writer import opened_writer


@dataclass(frozen=True, slots=True)
class Imported:
    """How far an import is, or what it did.

    Of the versions that the archive has, `added` were new to the store and `there` were in it before; `problems` are
    its files that gave no version, now as before. `seen` counts the clauses of the versions that were added, `embedded`
    those that were tagged and embedded. `services` are those that got versions, which is told at the end only.
    """

    added: int = 0
    there: int = 0
    problems: int = 0
    seen: int = 0
    embedded: int = 0
    services: frozenset[str] = frozenset()


Report = Callable[[Imported], None]
"""What is told after each version how far an import is."""


def import_archive(
    items: Iterable[Version | Unreadable], folder: Path, tagger: Tagger, *, report: Report | None = None
) -> Imported:
    """Add what `corpus.archives.read.read_archive` yields to a store, which is made where the folder is new.

    Raises `DocumentError` where the folder is something else or was made otherwise, or the archive turns out to be
    torn; what was read of it until then is kept. Raises `RunError` where another import is at it or the disk is full.
    """
    added = there = problems = 0
    services: set[str] = set()
    with opened_writer(folder, tagger) as writer:
        try:
            for item in map(storable, items):
                is_new = writer.add(item)
                there += not is_new and isinstance(item, Version)
                added += is_new and isinstance(item, Version)
                problems += isinstance(item, Unreadable)
                if is_new and isinstance(item, Version):
                    services.add(item.service)
                if report:
                    report(Imported(added, there, problems, writer.seen, writer.embedded))
        except DocumentError:
            writer.flush()
            raise
        writer.flush()
        return Imported(added, there, problems, writer.seen, writer.embedded, frozenset(services))
