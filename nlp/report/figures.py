"""The table of a comparison: how many changes of each kind each category has, and the number of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corpus.taxonomy import CATEGORIES
from nlp.changes import CHANGE_KINDS, Change, ChangeKind, Significance
from nlp.report.words import NO_CATEGORY

SIGNS: Final[dict[ChangeKind, str]] = {"added": "+", "removed": "−", "modified": "±", "moved": "→"}
BADGES: Final[dict[Significance, str]] = {"substantive": "substance", "wording": "wording"}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many changes of a kind a category has, and the number of the first; an empty kind stands for all."""

    kind: str
    count: int
    first: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; an empty category stands for all."""

    category: str
    name: str
    cells: tuple[Cell, ...]


def figures(changes: Sequence[Change]) -> list[Line]:
    """Return the lines of category against kind of change, those without a change left out; the last is the sum.

    Changes are numbered from 1; one with two categories counts in both.
    """
    names = [(category.id, category.name) for category in CATEGORIES]
    lines = [_line(*named, changes) for named in [*names, (NO_CATEGORY, "No category"), ("", "All changes")]]
    return [line for line in lines if line.cells[-1].count]


def categories_of(change: Change) -> tuple[str, ...]:
    """Return the categories that a change counts in."""
    return change.categories or (NO_CATEGORY,)


def _line(category: str, name: str, changes: Sequence[Change]) -> Line:
    own = [(n, change) for n, change in enumerate(changes, 1) if not category or category in categories_of(change)]
    cells = []
    for kind in (*CHANGE_KINDS, ""):
        found = [n for n, change in own if not kind or change.kind == kind]
        cells.append(Cell(kind, len(found), found[0] if found else 0))
    return Line(category, name, tuple(cells))
