"""What a store holds of each document, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from nlp.store import Store
from nlp.timeline import steps_of, version_counts


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store holds of one document.

    `changes` is the number of real changes, None where they were not looked for. `seen` counts the clauses of all
    versions, `distinct` those that differ: only they had to be tagged and embedded.
    """

    service: str
    document: str
    first: str
    last: str
    versions: int
    technical: int
    returns: int
    flagged: int
    texts: int
    changes: int | None
    seen: int
    distinct: int

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as the command line prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


def summarise(
    store: Store,
    services: Collection[str] | None = None,
    *,
    changes: bool = False,
    report: Callable[[int, int], None] | None = None,
) -> list[Summary]:
    """Return a summary of each document of some services, or of all.

    `changes` has the real changes counted, which takes a comparison for each; `report` is told how many documents of
    how many are done.
    """
    chosen = [named for named in sorted(store.sequences) if services is None or named[0] in services]
    found = []
    for done, named in enumerate(chosen, 1):
        found.append(_summary(store, named, changes))
        if report:
            report(done, len(chosen))
    return found


def _summary(store: Store, named: tuple[str, str], changes: bool) -> Summary:
    versions = store.sequences[named]
    texts = {version.text_id: version for version in versions}
    distinct = {key for version in texts.values() for key in store.clause_keys(version)}
    counts = version_counts(versions)
    dates = [version.date for version in versions]
    return Summary(
        *named,
        first=min(dates),
        last=max(dates),
        versions=counts["versions"],
        technical=counts["technical"],
        returns=counts["returns"],
        flagged=counts["flagged"],
        texts=counts["texts"],
        changes=sum(step.kind == "change" for step in steps_of(store, versions)) if changes else None,
        seen=sum(version.clauses for version in versions),
        distinct=len(distinct),
    )
