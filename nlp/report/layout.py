"""Lay two statements out side by side: clause beside clause, what changed in its place, what did not folded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nlp.changes import Change, Comparison, Passage
from nlp.types import Clause

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A change with its number, counted from 1; `away` where only the old place of what now stands elsewhere."""

    number: int
    change: Change
    away: bool = False


@dataclass(frozen=True, slots=True)
class Same:
    """Clauses in a row that are no change: (old, new) where unchanged, one of them None where left out of the count."""

    clauses: tuple[tuple[Clause | None, Clause | None], ...]

    @property
    def unchanged(self) -> int:
        """How many clauses are the same in both."""
        return sum(1 for old, new in self.clauses if old and new)

    @property
    def left_out(self) -> int:
        """How many clauses of either side are neither the same nor changed."""
        return len(self.clauses) - self.unchanged


@dataclass(frozen=True, slots=True)
class Columns:
    """Changes of one place that have one side each, those of the old statement on the left."""

    left: tuple[Entry, ...]
    right: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Across:
    """A change whose two sides stand beside each other."""

    entry: Entry


Row = Same | Columns | Across


def lay_out(comparison: Comparison, old: Sequence[Clause], new: Sequence[Clause]) -> list[Row]:
    """Return the rows of two statements, given the clauses that were compared, in reading order.

    Every clause of the old statement stands once on the left and every one of the new once on the right. What moved
    stands in its new place, with an entry that is `away` in the old one.
    """
    layout = _Layout(comparison, old, new)
    return list(_folded(layout.rows()))


@dataclass(slots=True)
class _Layout:
    comparison: Comparison
    old: Sequence[Clause]
    new: Sequence[Clause]
    # The change that begins at a clause, and all clauses that belong to one.
    old_entries: dict[int, Entry] = field(init=False, default_factory=dict)
    new_entries: dict[int, Entry] = field(init=False, default_factory=dict)
    old_taken: set[int] = field(init=False, default_factory=set)
    new_taken: set[int] = field(init=False, default_factory=set)

    def rows(self) -> Iterator[Row]:
        """Yield the rows; neighbours that are no change come one by one."""
        places = self._places()
        i = j = 0
        for at_old, at_new in [*places, (len(self.old), len(self.new))]:
            yield from self._gap(range(i, at_old), range(j, at_new))
            if at_old < len(self.old):
                yield self._beside(at_old, at_new)
            i, j = at_old + 1, at_new + 1

    def _places(self) -> list[Place]:
        """Note where each change begins, and return the places at which the sides stand beside each other, in order."""
        olds = {clause.id: i for i, clause in enumerate(self.old)}
        news = {clause.id: i for i, clause in enumerate(self.new)}
        pairs = _increasing((olds[a], news[b]) for a, b in self.comparison.pairs)
        theirs = [b for _, b in pairs]
        reworded = []
        for number, change in enumerate(self.comparison.changes, 1):
            entry = Entry(number, change)
            i = _note(entry, change.old, olds, self.old_entries, self.old_taken)
            j = _note(entry, change.new, news, self.new_entries, self.new_taken)
            # What was reworded and moved past clauses that stayed cannot stand beside itself.
            if change.kind == "modified" and bisect_left(pairs, (i, -1)) == bisect_left(theirs, j):
                reworded.append((i, j))
        return _increasing([*pairs, *reworded])

    def _beside(self, i: int, j: int) -> Row:
        return Across(self.new_entries[j]) if j in self.new_entries else Same(((self.old[i], self.new[j]),))

    def _gap(self, olds: range, news: range) -> Iterator[Row]:
        """Yield what stands between two places: what is left out of the count, then the changes side by side."""
        for i in olds:
            if i not in self.old_taken:
                yield Same(((self.old[i], None),))
        for j in news:
            if j not in self.new_taken:
                yield Same(((None, self.new[j]),))
        left = tuple(_old_side(self.old_entries[i]) for i in olds if i in self.old_entries)
        right: list[Entry] = []
        for entry in (self.new_entries[j] for j in news if j in self.new_entries):
            if entry.change.kind == "modified":
                yield from _columns(left, right)
                yield Across(entry)
                left, right = (), []
            else:
                right.append(entry)
        yield from _columns(left, right)


def _columns(left: Sequence[Entry], right: Sequence[Entry]) -> Iterator[Row]:
    if left or right:
        yield Columns(tuple(left), tuple(right))


def _old_side(entry: Entry) -> Entry:
    return entry if entry.change.new is None else Entry(entry.number, entry.change, away=True)


def _note(entry: Entry, side: Passage | None, places: dict[str, int], begin: dict[int, Entry], taken: set[int]) -> int:
    """Note the clauses of one side of a change, and return the first; -1 where there is none."""
    if side is None:
        return -1
    indices = [places[id] for id in side.clause_ids]
    begin[min(indices)] = entry
    taken.update(indices)
    return min(indices)


def _increasing(places: Iterable[Place]) -> list[Place]:
    """Return the longest run of places that goes forward on both sides (Schensted 1961, by patience sorting)."""
    tails: list[int] = []
    ends: list[Place] = []
    before: dict[Place, Place | None] = {}
    for place in sorted(set(places), key=lambda place: (place[0], -place[1])):
        k = bisect_left(tails, place[1])
        before[place] = ends[k - 1] if k else None
        tails[k : k + 1], ends[k : k + 1] = [place[1]], [place]
    chain: list[Place] = []
    step = ends[-1] if ends else None
    while step is not None:
        chain.append(step)
        step = before[step]
    return chain[::-1]


def _folded(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows, those in a row that are no change as one."""
    run: list[tuple[Clause | None, Clause | None]] = []
    for row in rows:
        if isinstance(row, Same):
            run.extend(row.clauses)
            continue
        if run:
            yield Same(tuple(run))
            run = []
        yield row
    if run:
        yield Same(tuple(run))
