"""Find clauses that have the same words and are cut elsewhere: a list made a sentence, two sentences joined."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from nlp.normal import Words

# By so many of its first words a clause is looked up.
_HEAD = 64
# For one clause so many others are tried, and runs of so many clauses: more only a hostile statement needs.
_TRIES = 8
_RUN = 512

Run = tuple[tuple[int, ...], tuple[int, ...]]


def same_throughout(old: Sequence[Words], new: Sequence[Words]) -> list[Run] | None:
    """Return the runs of clauses with equal words into which both sides fall as a whole; None where they differ."""
    sides = _Sides(old, new, range(len(old)), range(len(new)))
    runs: list[Run] = []
    a = b = 0
    while a < len(old):
        run = sides.run(a, b)
        if run is None:
            return None
        runs.append(run)
        a, b = run[0][-1] + 1, run[1][-1] + 1
    return runs if b == len(new) else None


def regrouped(old: Sequence[Words], new: Sequence[Words], olds: Sequence[int], news: Sequence[int]) -> Iterator[Run]:
    """Yield runs of equal words among the clauses `olds` and `news`, which are indices in order, as such indices."""
    sides = _Sides(old, new, frozenset(olds), frozenset(news), most=_RUN)
    index = _Index([(b, new[b]) for b in news])
    start, after = 0, 0
    for a in olds:
        if a < after:
            continue
        for b in index.candidates(old[a], start):
            run = sides.run(a, b)
            if run:
                after, start = run[0][-1] + 1, run[1][-1] + 1
                yield run
                break


@dataclass(frozen=True, slots=True)
class _Sides:
    """The clauses of both sides, which of them are in question, and how many a run has at most, if that is limited."""

    old: Sequence[Words]
    new: Sequence[Words]
    olds: Container[int]
    news: Container[int]
    most: int | None = None

    def run(self, a: int, b: int) -> Run | None:
        """Return the shortest runs of clauses from `a` and from `b` on that have the same words, None without any."""
        # What one side has said and the other has not yet, and how much of that has been said since.
        said, done, ends, behind = self.old[a], 0, [a + 1, b], 1
        while done < len(said):
            at = ends[behind]
            words, among = (self.new, self.news) if behind else (self.old, self.olds)
            if at not in among or (self.most and at - (a, b)[behind] >= self.most):
                return None
            answer, left = words[at], len(said) - done
            shared = min(left, len(answer))
            if said[done : done + shared] != answer[:shared]:
                return None
            ends[behind] += 1
            done += shared
            if len(answer) > left:
                said, done, behind = answer, left, 1 - behind
        return tuple(range(a, ends[0])), tuple(range(b, ends[1]))


class _Index:
    """Clauses by their first words."""

    def __init__(self, clauses: Sequence[tuple[int, Words]]) -> None:
        self._whole: dict[int, list[int]] = defaultdict(list)
        self._begun: dict[int, list[int]] = defaultdict(list)
        for b, words in clauses:
            *beginnings, whole = _prefixes(words)
            self._whole[whole].append(b)
            for beginning in beginnings:
                self._begun[beginning].append(b)

    def candidates(self, words: Words, start: int) -> list[int]:
        """Return clauses from `start` on with which a clause begins, or which begin with it."""
        prefixes = list(_prefixes(words))
        found: set[int] = set()
        for places in (*(self._whole.get(prefix, ()) for prefix in prefixes), self._begun.get(prefixes[-1], ())):
            at = bisect_left(places, start)
            found.update(places[at : at + _TRIES])
        return sorted(found)[:_TRIES]


def _prefixes(words: Words) -> Iterator[int]:
    """Yield a hash of the first word of a clause, of its first two, and so on."""
    value = 0
    for word in words[:_HEAD]:
        value = hash((value, word))
        yield value
