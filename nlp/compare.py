"""Compare two statements: which clauses were added, removed, reworded or moved, and what the noise was."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain
from math import fsum

from corpus.types import Link as HyperLink
from corpus.types import Statement
from nlp.align import MOVED_WORDS, Link, Side, align
from nlp.changes import Change, ChangeKind, Comparison, NoiseKind, Passage
from nlp.marks import marks
from nlp.significance import judge
from nlp.types import Clause, StatementRef
from nlp.units import Unit, units_of

_LEAST_CATEGORY = 0.5


def compare(old: Statement, new: Statement, old_clauses: Sequence[Clause], new_clauses: Sequence[Clause]) -> Comparison:
    """Return what changed from one statement to another, given their clauses in reading order.

    Clauses that were tagged give their changes categories. Markup, punctuation, link targets, numbering, headings and
    dates that changed alone are no changes, but are counted.
    """
    pair = _Pair(_Half(old, units_of(old, old_clauses)), _Half(new, units_of(new, new_clauses)))
    return Comparison(
        StatementRef.of(old),
        StatementRef.of(new),
        judge(pair.changes(), [clause.text for clause in (*old_clauses, *new_clauses)]),
        pairs=tuple(pair.same_clauses()),
        noise=dict(Counter(pair.noise())),
        similarity=pair.share("same", "moved"),
        kinship=pair.share("same", "moved", "modified"),
    )


@dataclass(frozen=True)
class _Half:
    """One of the two statements with its units."""

    statement: Statement
    units: Sequence[Unit]

    @property
    def side(self) -> Side:
        return Side([unit.normal.undated for unit in self.units], [unit.place for unit in self.units])

    def counting(self, indices: Sequence[int]) -> list[Unit]:
        """Return those of some units whose change counts."""
        return [self.units[i] for i in indices if self.units[i].counts]

    def words(self, indices: Sequence[int]) -> int:
        return sum(len(self.units[i].normal.words) for i in indices if self.units[i].counts)

    def passage(self, units: Sequence[Unit]) -> Passage | None:
        """Return the passage that units in a row make; None of no units."""
        clauses = [unit.clause for unit in units if unit.clause]
        if not clauses:
            return None
        start, end = clauses[0].start, clauses[-1].end
        ids = tuple(clause.id for clause in clauses)
        return Passage(ids, self.statement.text[start:end], start, end, clauses[0].heading)

    def targets(self, unit: Unit) -> list[str]:
        """Return the targets of the links in a unit."""
        here = slice(bisect_left(self._link_starts, unit.start), bisect_left(self._link_starts, unit.end))
        return [link.href for link in self._links[here]]

    @cached_property
    def _links(self) -> list[HyperLink]:
        return sorted(self.statement.links, key=lambda link: link.start)

    @cached_property
    def _link_starts(self) -> list[int]:
        return [link.start for link in self._links]

    def kind(self, unit: Unit) -> str:
        """Return how a unit is laid out."""
        return self.statement.blocks[unit.clause.block].kind if unit.clause else "heading"


@dataclass(frozen=True)
class _Pair:
    """Two statements, and the links between their units."""

    old: _Half
    new: _Half

    @cached_property
    def links(self) -> list[tuple[Link, Change | None]]:
        """Return the links with the change that each is, if it is one."""
        return [(link, self._change(link)) for link in align(self.old.side, self.new.side)]

    @cached_property
    def anchors(self) -> tuple[list[int], list[int]]:
        """Return the last old and the last new unit of each link that stayed as it was, in order."""
        same = [link for link, _ in self.links if link.kind == "same"]
        return [link.old[-1] for link in same], [link.new[-1] for link in same]

    @cached_property
    def alone(self) -> tuple[list[tuple[int, Unit]], list[tuple[int, Unit]]]:
        """Return the old and the new units that no link has, with their indices."""
        old = {i for link, _ in self.links for i in link.old}
        new = {j for link, _ in self.links for j in link.new}
        return (
            [(i, unit) for i, unit in enumerate(self.old.units) if i not in old],
            [(j, unit) for j, unit in enumerate(self.new.units) if j not in new],
        )

    def changes(self) -> tuple[Change, ...]:
        """Return the changes in the reading order of the new statement, replacements with a common group."""
        placed = sorted(self._placed(), key=lambda item: item[0])
        sides: dict[int, set[ChangeKind]] = {}
        for (_, _, gap), change in placed:
            sides.setdefault(gap, set()).add(change.kind)
        replaced = {gap for gap, kinds in sides.items() if {"added", "removed"} <= kinds}
        return tuple(
            replace(change, group=gap) if gap in replaced and change.kind in ("added", "removed") else change
            for (_, _, gap), change in placed
        )

    def _placed(self) -> Iterator[tuple[tuple[int, int, int], Change]]:
        """Yield changes with their places: the new unit before or at it, an order there, and the gap."""
        for link, change in self.links:
            if change:
                yield self._place(link.old, link.new, change), change
        alone_old, alone_new = self.alone
        for i, unit in alone_old:
            if unit.counts:
                change = Change("removed", self.old.passage([unit]), None, _categories([unit]))
                yield self._place((i,), (), change), change
        for j, unit in alone_new:
            if unit.counts:
                change = Change("added", None, self.new.passage([unit]), _categories([unit]))
                yield self._place((), (j,), change), change

    def _place(self, old: Sequence[int], new: Sequence[int], change: Change) -> tuple[int, int, int]:
        olds, news = self.anchors
        if change.kind == "removed":
            gap = bisect_left(olds, old[0])
            return (news[gap - 1] if gap else -1), old[0] + 1, gap
        return new[0], 0, bisect_left(news, new[0])

    def _change(self, link: Link) -> Change | None:
        if link.kind == "same":
            return None
        ours, theirs = self.old.counting(link.old), self.new.counting(link.new)
        old, new = self.old.passage(ours), self.new.passage(theirs)
        if old and new:
            if link.kind == "moved" and len(ours[0].normal.words) < MOVED_WORDS:
                return None
            if link.kind == "modified":
                gone, come = marks(old.quote, new.quote)
                old, new = replace(old, marks=gone), replace(new, marks=come)
            return Change(link.kind, old, new, _categories([*theirs, *ours]))
        # A sentence that became a heading is said no longer, and the other way round.
        if old:
            return Change("removed", old, None, _categories(ours))
        return Change("added", None, new, _categories(theirs)) if new else None

    def same_clauses(self) -> Iterator[tuple[str, str]]:
        """Yield the ids of clauses that are the same, each one with all that have a part of it."""
        for link, change in self.links:
            if link.kind == "same" or (link.kind == "moved" and not change):
                ours, theirs = [self.old.units[i] for i in link.old], [self.new.units[j] for j in link.new]
                for one, other in _overlapping(ours, theirs):
                    if one.clause and other.clause:
                        yield one.clause.id, other.clause.id

    def noise(self) -> Iterator[NoiseKind]:
        """Yield the kind of each difference that is no change."""
        for link, change in self.links:
            ours, theirs = [self.old.units[i] for i in link.old], [self.new.units[j] for j in link.new]
            if link.kind == "same" and len(ours) == len(theirs) == 1:
                yield from self._noise(ours[0], theirs[0])
            elif link.kind == "same":
                yield "formatting"
            elif not change:
                yield "date" if all(unit.normal.is_date for unit in [*ours, *theirs]) else "heading"
        for _, unit in chain(*self.alone):
            if not unit.counts:
                yield "date" if unit.normal.is_date else "heading"

    def _noise(self, ours: Unit, theirs: Unit) -> Iterator[NoiseKind]:
        if ours.normal.words != theirs.normal.words:
            yield "date" if ours.normal.dates != theirs.normal.dates else "numbering"
        elif ours.normal.number != theirs.normal.number:
            yield "numbering"
        elif ours.text != theirs.text:
            yield "punctuation" if ours.text.split() != theirs.text.split() else "formatting"
        if self.old.kind(ours) != self.new.kind(theirs):
            yield "formatting"
        if self.old.targets(ours) != self.new.targets(theirs):
            yield "link"

    def share(self, *kinds: str) -> float:
        """Return the share of the words of both whose clauses have links of some kinds: "same", "moved", "modified"."""
        return sum(self._linked[kind] for kind in kinds) / self._words if self._words else 1.0

    @cached_property
    def _words(self) -> int:
        """How many words both have."""
        return sum(half.words(range(len(half.units))) for half in (self.old, self.new))

    @cached_property
    def _linked(self) -> Counter[str]:
        """How many words of both are in links of each kind."""
        words: Counter[str] = Counter()
        for link, _ in self.links:
            words[link.kind] += self.old.words(link.old) + self.new.words(link.new)
        return words


def _overlapping(old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Yield the units that have letters in common, of two runs that have the same letters and may be cut elsewhere."""
    # All with all would be their number squared, and most of those have nothing in common.
    ours, theirs = (list(accumulate(sum(map(len, unit.normal.undated)) for unit in units)) for units in (old, new))
    i = j = 0
    while i < len(old) and j < len(new):
        yield old[i], new[j]
        i, j = i + (ours[i] <= theirs[j]), j + (theirs[j] <= ours[i])


def _categories(units: Sequence[Unit]) -> tuple[str, ...]:
    """Return the categories of units, the likeliest first: those of their mean probability, or the likeliest alone."""
    rows = [unit.clause.probabilities for unit in units if unit.clause and unit.clause.probabilities]
    if not rows:
        return ()
    # An exact sum: which side comes first must make no difference.
    mean = {name: fsum(row[name] for row in rows) / len(rows) for name in rows[0]}
    ordered = sorted(mean, key=lambda name: -mean[name])
    return tuple(name for name in ordered if mean[name] >= _LEAST_CATEGORY) or tuple(ordered[:1])
