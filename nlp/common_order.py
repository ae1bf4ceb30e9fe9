"""Pair the equal clauses of two statements so that as many words as possible keep their order."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.normal import Words

# Of clauses that are repeated without end, the commonest are left out beyond so many pairs.
_MOST_PAIRS = 500_000


def common_order(old: Sequence[Words], new: Sequence[Words]) -> list[tuple[int, int]]:
    """Return pairs of equal clauses in an order common to both sides that keeps as many words as possible.

    The heaviest common subsequence, in the manner of Hunt and Szymanski, CACM 20(5), 1977.
    """
    head = _same_start(old, new)
    tail = _same_start(old[head:][::-1], new[head:][::-1])
    middle = _heaviest(old[head : len(old) - tail], new[head : len(new) - tail])
    pairs = [(k, k) for k in range(head)] + [(head + i, head + j) for i, j in middle]
    return pairs + [(len(old) - k, len(new) - k) for k in range(tail, 0, -1)]


def _same_start(old: Sequence[Words], new: Sequence[Words]) -> int:
    return next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _heaviest(old: Sequence[Words], new: Sequence[Words]) -> list[tuple[int, int]]:
    places: dict[Words, list[int]] = defaultdict(list)
    known = _paired_up(old, new)
    for j, words in enumerate(new):
        if words in known:
            places[words].append(j)
    # ends[k] is the new clause at which chains[k] ends, the heaviest that ends there or before; weights rise with ends.
    ends: list[int] = []
    weights: list[int] = []
    chains: list[_Chain] = []
    for i, words in enumerate(old):
        found = [(j, _before(ends, chains, j)) for j in places.get(words, ())]
        for j, before in reversed(found):
            chain = _Chain(i, j, (before.weight if before else 0) + len(words) + 1, before)
            _insert(ends, weights, chains, chain)
    pairs = []
    last = chains[-1] if chains else None
    while last is not None:
        pairs.append((last.old, last.new))
        last = last.before
    return pairs[::-1]


def _paired_up(old: Sequence[Words], new: Sequence[Words]) -> set[Words]:
    """Return the clauses of both sides, the rarest first, as long as they do not make too many pairs."""
    ours, theirs = Counter(old), Counter(new)
    both = sorted((count * theirs[words], words) for words, count in ours.items() if words in theirs)
    taken, pairs = set(), 0
    for count, words in both:
        pairs += count
        if pairs > _MOST_PAIRS:
            break
        taken.add(words)
    return taken


@dataclass(frozen=True, slots=True)
class _Chain:
    """A pair of equal clauses at the end of a chain of such pairs."""

    old: int
    new: int
    weight: int
    before: _Chain | None


def _before(ends: list[int], chains: list[_Chain], j: int) -> _Chain | None:
    at = bisect_left(ends, j)
    return chains[at - 1] if at else None


def _insert(ends: list[int], weights: list[int], chains: list[_Chain], chain: _Chain) -> None:
    """Put a chain in its place, and strike out those that end later and are no heavier."""
    at = bisect_left(ends, chain.new)
    if at and weights[at - 1] >= chain.weight:
        return
    stop = at
    while stop < len(ends) and weights[stop] <= chain.weight:
        stop += 1
    if at < len(ends) and stop == at and ends[at] == chain.new:
        return
    ends[at:stop], weights[at:stop], chains[at:stop] = [chain.new], [chain.weight], [chain]
