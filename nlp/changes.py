"""What a comparison of two statements returns.

`as_dict` gives the JSON objects that the command line prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nlp.types import StatementRef

ChangeKind = Literal["added", "removed", "modified", "moved"]
Significance = Literal["substantive", "wording"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("added", "removed", "modified", "moved")
# What is not a change, and is counted.
NoiseKind = Literal["formatting", "heading", "link", "numbering", "date", "punctuation"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One side of a change: `quote` is `statement.text[start:end]` of that side's statement.

    `clause_ids` are the clauses it is made of, in reading order: one, or two or more where a sentence was split or
    several were merged. `heading` is the path of headings over it. `marks` are the words that the other side lacks, as
    (start, end) offsets into `quote`; empty unless the change is a modification.
    """

    clause_ids: tuple[str, ...]
    quote: str
    start: int
    end: int
    heading: tuple[str, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the passage as plain data."""
        return {
            "clause_ids": list(self.clause_ids),
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "heading": list(self.heading),
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A real change between two statements; `old` is None for what was added, `new` for what was removed.

    `categories` are what the clauses are about, likeliest first. `reason` says what makes the change what it is
    ("a number: 30 → 90", "a negation", "the same in other words"), in a few words that a reader can check in the
    quotes. `group` is the same number for changes that replace each other (an old clause removed, another added in its
    place).
    """

    kind: ChangeKind
    old: Passage | None
    new: Passage | None
    categories: tuple[str, ...] = ()
    significance: Significance = "substantive"
    reason: str = ""
    group: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the change as the command line prints it."""
        old, new = self.old, self.new
        return {
            "kind": self.kind,
            "old": old.quote if old else None,
            "new": new.quote if new else None,
            "categories": list(self.categories),
            "significance": self.significance,
            "reason": self.reason,
            "group": self.group,
            "old_start": old.start if old else None,
            "old_end": old.end if old else None,
            "old_heading": list(old.heading) if old else None,
            "new_start": new.start if new else None,
            "new_end": new.end if new else None,
            "new_heading": list(new.heading) if new else None,
        }


def by_category(changes: Iterable[Change]) -> dict[str, Counter[ChangeKind]]:
    """Return how many changes of each kind each category has; a change with two categories counts in both."""
    table: dict[str, Counter[ChangeKind]] = {}
    for change in changes:
        for category in change.categories:
            table.setdefault(category, Counter())[change.kind] += 1
    return table


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two statements and what changed from one to the other, in the reading order of the new one.

    What was removed stands where its place would be. `pairs` are the clauses that are the same in both, as (old id, new
    id); one that the other side cuts in two stands in two pairs. A clause that is in neither pairs nor changes is none
    of the policy's (a footer, its date) or a heading on the other side. `noise` counts the differences that are no
    changes, by kind. `similarity` in 0..1 is the share of the words of both in clauses that are the same or only moved,
    `kinship` that with the reworded ones; near 0, the two are different documents rather than versions of one.
    """

    old: StatementRef
    new: StatementRef
    changes: tuple[Change, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    noise: Mapping[str, int] = field(default_factory=dict)
    similarity: float = 1.0
    kinship: float = 1.0

    def count(self) -> Counter[ChangeKind]:
        """Return how many changes of each kind there are."""
        return Counter(change.kind for change in self.changes)

    def by_category(self) -> dict[str, Counter[ChangeKind]]:
        """Return how many changes of each kind each category has; a change with two categories counts in both."""
        return by_category(self.changes)

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as the command line prints it."""
        return {
            "old": self.old.as_dict(),
            "new": self.new.as_dict(),
            "changes": [change.as_dict() for change in self.changes],
            "noise": dict(self.noise),
            "similarity": round(self.similarity, 4),
        }
