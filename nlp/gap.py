"""Align the clauses that stand between two equal ones: in order, one to one, one to several, several to one.

The dynamic programme of Gale and Church, Computational Linguistics 19(1), 1993, with shared words in place of lengths.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.likeness import common, commons, joined, likeness
from nlp.normal import Words

# How alike two clauses in the same place must be to be one reworded.
NEAR = 0.40
# In one place a sentence may be split in so many, or so many be merged.
_PARTS = 5
# So much of a part must stand in the whole.
_BELONGS = 0.5
# A gap of more pairs of clauses, or of their words, is aligned one to one only, which is linear in them.
_MOST_PAIRS = 40_000
_MOST_WORD_PAIRS = 100_000_000
# What an alike pair is worth beyond its likeness, so that one at the limit is better than none.
_BONUS = 0.05

# How many old and new clauses a step of the alignment takes.
Shape = tuple[int, int]
_SHAPES: tuple[Shape, ...] = (
    (0, 1),
    *((1, n) for n in range(_PARTS + 1)),
    *((n, 1) for n in range(2, _PARTS + 1)),
)
_CODES = {shape: code for code, shape in enumerate(_SHAPES)}


@dataclass(frozen=True, slots=True)
class Gap:
    """The clauses of both sides in one place: their words, and their indices in the whole statements."""

    old: Sequence[Words]
    new: Sequence[Words]
    olds: Sequence[int]
    news: Sequence[int]

    def align(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Return the clauses that are one statement reworded, as indices of the old and of the new ones, in order."""
        steps = self._steps()
        links, a, b = [], len(self.old), len(self.new)
        while a or b:
            x, y = _SHAPES[steps[a, b]]
            if x and y:
                links.append((tuple(self.olds[a - x : a]), tuple(self.news[b - y : b])))
            a, b = a - x, b - y
        return links[::-1]

    def _steps(self) -> NDArray[np.uint8]:
        """Return the code of the best last step to every place, shape (old + 1, new + 1)."""
        several = self._several()
        lengths = _lengths(self.new)
        rows = deque([np.zeros(len(self.new) + 1)], maxlen=_PARTS)
        steps = np.full((len(self.old) + 1, len(self.new) + 1), _CODES[0, 1], np.uint8)
        for a, shared in enumerate(commons(self.old, self.new), 1):
            row, step = rows[-1].copy(), steps[a]
            step[:] = _CODES[1, 0]
            one = rows[-1][:-1] + _gains(shared, len(self.old[a - 1]), lengths)
            better = one >= row[1:]
            row[1:][better], step[1:][better] = one[better], _CODES[1, 1]
            for b, (x, y), gain in several.get(a, ()):
                if rows[-x][b - y] + gain >= row[b]:
                    row[b], step[b] = rows[-x][b - y] + gain, _CODES[x, y]
            best = np.maximum.accumulate(row)
            step[best > row] = _CODES[0, 1]
            rows.append(best)
        return steps

    def _several(self) -> dict[int, list[tuple[int, Shape, float]]]:
        """Return what it is worth to take one clause for several, by the number of old clauses before the end."""
        found: dict[int, list[tuple[int, Shape, float]]] = defaultdict(list)
        words = sum(map(len, self.old)) * sum(map(len, self.new))
        if len(self.old) * len(self.new) > _MOST_PAIRS or words > _MOST_WORD_PAIRS:
            return found
        shared = np.array([*commons(self.old, self.new)])
        for i, j, n in _runs(shared, self.old, self.new, self.news):
            gain = _gain(self.old[i], self.new[j : j + n])
            if gain:
                found[i + 1].append((j + n, (1, n), gain))
        for j, i, n in _runs(shared.T, self.new, self.old, self.olds):
            gain = _gain(self.new[j], self.old[i : i + n])
            if gain:
                found[i + n].append((j + 1, (n, 1), gain))
        for options in found.values():
            options.sort()
        return found


def _lengths(clauses: Sequence[Words]) -> NDArray[np.int64]:
    return np.array([len(words) for words in clauses], np.int64)


def _gains(shared: NDArray[np.int32], length: int, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what it is worth to take a clause for each of others; minus infinity where they are not alike."""
    total = lengths + length
    ratio = 2 * shared / total
    return np.where(ratio >= NEAR, (ratio - NEAR + _BONUS) * total, -np.inf)


def _runs(
    shared: NDArray[np.int32], wholes: Sequence[Words], parts: Sequence[Words], places: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield the clauses that may be a whole and a run of its parts, as (whole, first part, number of parts).

    `shared[i, j]` counts the words that whole `i` and part `j` have in common, which bounds what all can have.
    """
    lengths = _lengths(parts)
    fits = shared >= _BELONGS * lengths
    for i, j in np.argwhere(fits[:, :-1] & fits[:, 1:]):
        total, bound = len(wholes[i]) + lengths[j], shared[i, j]
        for n in range(2, min(_PARTS, len(parts) - j) + 1):
            last = j + n - 1
            if not fits[i, last] or places[last] - places[j] != n - 1:
                break
            total, bound = total + lengths[last], bound + shared[i, last]
            if 2 * min(bound, len(wholes[i])) >= NEAR * total - 1e-6:
                yield int(i), int(j), n


def _gain(whole: Words, parts: Sequence[Words]) -> float:
    """Return what it is worth to take a clause for several reworded; 0 where it is not.

    Each part must have most of its words in the whole, or an addition would pass for a part.
    """
    together = joined(parts)
    ratio = likeness(whole, together)
    if ratio < NEAR or not _belong(whole, parts):
        return 0.0
    return (ratio - NEAR + _BONUS) * (len(whole) + len(together))


def _belong(whole: Words, parts: Sequence[Words]) -> bool:
    """Tell whether all parts are in the whole: each has most of its words there that the others leave to it."""
    together = common(whole, joined(parts))
    return all(
        together - common(whole, joined([*parts[:i], *parts[i + 1 :]])) >= _BELONGS * len(part)
        for i, part in enumerate(parts)
    )
