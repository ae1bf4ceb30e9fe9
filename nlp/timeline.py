"""The timeline of a document: its archived versions collapsed to the real changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from corpus.types import Statement
from nlp.changes import CHANGE_KINDS, Change, ChangeKind, Comparison, by_category
from nlp.compare import compare
from nlp.store import Store, StoredVersion
from nlp.types import Clause

StepKind = Literal["first", "change", "technical", "return"]
Role = Literal[StepKind, "noise", "flagged"]


@dataclass(frozen=True, slots=True)
class Step:
    """A version that says something else than the one before it, and how long it stood.

    `kind` is "first" for the first version, "return" where an earlier one said the same, "technical" where the
    archive's own tools changed what they take from the page, and "change" for a real change. `before` is the version
    that it is compared with, `changes` what the comparison found. `last` is the last version that says the same before
    the next step, `versions` how many of them there are. `categories` counts the clauses of each category.
    """

    kind: StepKind
    version: StoredVersion
    last: StoredVersion
    versions: int = 1
    before: StoredVersion | None = None
    changes: tuple[Change, ...] = ()
    similarity: float = 1.0
    categories: Counter[str] = field(default_factory=Counter)

    def count(self) -> Counter[ChangeKind]:
        """Return how many changes of each kind it has."""
        return Counter(change.kind for change in self.changes)

    @property
    def substantive(self) -> int:
        """How many of its changes are of substance."""
        return sum(change.significance == "substantive" for change in self.changes)

    def by_category(self) -> dict[str, Counter[ChangeKind]]:
        """Return how many changes of each kind each category has; a change with two categories counts in both."""
        return by_category(self.changes)

    def as_dict(self) -> dict[str, Any]:
        """Return the step as the command line prints it."""
        counts = self.count()
        return {
            "kind": self.kind,
            "version": self.version.as_dict(),
            "until": self.last.date,
            "versions": self.versions,
            "compared_with": self.before.number if self.before else None,
            "returns_to": self.version.returns_to,
            "counts": {kind: counts[kind] for kind in CHANGE_KINDS},
            "substantive": self.substantive,
            "wording": len(self.changes) - self.substantive,
            "by_category": {name: dict(row) for name, row in self.by_category().items()},
            "clauses_by_category": dict(self.categories),
            "similarity": round(self.similarity, 4),
            "changes": [change.as_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Appearance:
    """A clause of a document by what it says, however it was written: where it stood first and last.

    `text` is the wording that came up last, `versions` in how many it stood; `gaps` says that it was gone in between,
    `stands` that the last version has it.
    """

    text: str
    heading: tuple[str, ...]
    categories: tuple[str, ...]
    first: StoredVersion
    last: StoredVersion
    versions: int
    gaps: bool
    stands: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the appearance as the command line prints it."""
        return {
            "text": self.text,
            "heading": list(self.heading),
            "categories": list(self.categories),
            "first": self.first.date,
            "first_number": self.first.number,
            "last": self.last.date,
            "last_number": self.last.number,
            "versions": self.versions,
            "gaps": self.gaps,
            "stands": self.stands,
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """The versions of a document, the steps in which they changed what they say, and all clauses that ever stood."""

    service: str
    document: str
    versions: tuple[StoredVersion, ...]
    steps: tuple[Step, ...]
    clauses: tuple[Appearance, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many versions there are, and how many are what."""
        return version_counts(self.versions, roles_of(self.versions, self.steps))

    def as_dict(self) -> dict[str, Any]:
        """Return the timeline as the command line prints it."""
        return {
            "service": self.service,
            "document": self.document,
            "counts": self.counts,
            "steps": [step.as_dict() for step in self.steps],
            "clauses": [clause.as_dict() for clause in self.clauses],
        }


def roles_of(versions: Sequence[StoredVersion], steps: Iterable[Step]) -> tuple[Role, ...]:
    """Return what each version of a document is, given its steps.

    Each is one thing: "flagged", or the beginning of a step and what that is, or "noise", where it says the same as the
    step in which it stands.
    """
    kinds = {step.version.number: step.kind for step in steps}
    return tuple(kinds.get(v.number, "noise") if v.usable else "flagged" for v in versions)


def version_counts(versions: Sequence[StoredVersion], roles: Sequence[Role]) -> dict[str, int]:
    """Return how many versions of a document there are and how many are what, which adds up, and how many texts."""
    counts = Counter(roles)
    return {
        "versions": len(versions),
        "first": counts["first"],
        "real changes": counts["change"],
        "technical": counts["technical"],
        "returns": counts["return"],
        "noise only": counts["noise"],
        "flagged": counts["flagged"],
        "texts": len({version.text_id for version in versions}),
    }


def timeline(
    store: Store, service: str, document: str | None = None, *, report: Callable[[int, int], None] | None = None
) -> Timeline:
    """Return the timeline of a document; `report` is told how many versions of how many are done.

    Versions that are flagged are left out, and so are those that differ from the one before in noise only. Raises
    `DocumentError` for an unknown service or document.
    """
    versions = store.versions(service, document)
    steps = tuple(steps_of(store, versions, report=report))
    clauses = tuple(_appearances(store, [version for version in versions if version.usable]))
    return Timeline(versions[0].service, versions[0].document, versions, steps, clauses)


def steps_of(
    store: Store, versions: Sequence[StoredVersion], *, report: Callable[[int, int], None] | None = None
) -> Iterator[Step]:
    """Yield the steps of the versions of one document."""
    compared = _Comparisons(store)
    step: Step | None = None
    for done, version in enumerate(versions, 1):
        if report:
            report(done, len(versions))
        if not version.usable:
            continue
        if step is None:
            step = Step("first", version, version, categories=_categories(store.clauses(version)))
            continue
        found = compared.of(step.last, version) if version.normal_id != step.last.normal_id else None
        if found is None or not found.changes:
            step = replace(step, last=version, versions=step.versions + 1)
            continue
        yield step
        step = Step(
            _kind(version),
            version,
            version,
            before=step.last,
            changes=found.changes,
            similarity=found.similarity,
            categories=_categories(store.clauses(version)),
        )
    if step:
        yield step


@dataclass(frozen=True)
class _Comparisons:
    """Comparisons of versions of one document, each pair of texts compared once."""

    store: Store
    made: dict[tuple[str, str], Comparison] = field(default_factory=dict)
    # The version that is new in one comparison is the old one of the next.
    last: dict[int, tuple[Statement, list[Clause]]] = field(default_factory=dict)

    def of(self, old: StoredVersion, new: StoredVersion) -> Comparison:
        # Not of texts that say the same as these: the passages of a change stand elsewhere in those.
        pair = (old.text_id, new.text_id)
        if pair not in self.made:
            (before, ours), (after, theirs) = self._read(old), self._read(new)
            self.last.clear()
            self.last[new.number] = after, theirs
            self.made[pair] = compare(before, after, ours, theirs)
        return self.made[pair]

    def _read(self, version: StoredVersion) -> tuple[Statement, list[Clause]]:
        kept = self.last.get(version.number)
        return kept or (self.store.statement(version), self.store.clauses(version))


def _kind(version: StoredVersion) -> StepKind:
    if version.returns_to is not None:
        return "return"
    return "technical" if version.technical else "change"


def _categories(clauses: Sequence[Clause]) -> Counter[str]:
    return Counter(category for clause in clauses for category in clause.categories)


@dataclass(slots=True)
class _Seen:
    """Where a clause was found so far, and the place of its last version among all."""

    clause: Clause
    first: StoredVersion
    last: StoredVersion
    place: int
    versions: int = 1
    gaps: bool = False


def _appearances(store: Store, versions: Sequence[StoredVersion]) -> Iterator[Appearance]:
    """Yield the clauses of versions in the order in which they appeared first."""
    seen: dict[str, _Seen] = {}
    texts: set[str] = set()
    for place, version in enumerate(versions):
        keys = store.normal_keys(version)
        new = version.text_id not in texts
        texts.add(version.text_id)
        clauses = dict(zip(keys, store.clauses(version), strict=True)) if new else {}
        for key in dict.fromkeys(filter(None, keys)):
            found = seen.get(key)
            if found is None:
                seen[key] = _Seen(clauses[key], version, version, place)
                continue
            found.gaps = found.gaps or found.place < place - 1
            found.clause = clauses.get(key, found.clause)
            found.last, found.place, found.versions = version, place, found.versions + 1
    for found in seen.values():
        clause = found.clause
        yield Appearance(
            clause.text,
            clause.heading,
            clause.categories,
            found.first,
            found.last,
            found.versions,
            found.gaps,
            found.place == len(versions) - 1,
        )
