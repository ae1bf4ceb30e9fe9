"""Align the clauses of two statements: the same, moved, reworded, or without a partner; each clause has one place.

Where all words are the same, only cut elsewhere, all clauses are the same. Otherwise those with equal words are paired
so that as many words as possible keep their order. Between two such pairs lies a gap; its clauses are paired where they
have equal words that are cut elsewhere. What is left is paired with an equal clause anywhere (moved), then in its gap
with clauses of like words (reworded, split or merged), then with a clause of nearly the same words anywhere. The links
are the same whichever side comes first.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from nlp.common_order import common_order
from nlp.gap import Gap
from nlp.likeness import commons, shortened
from nlp.normal import Words
from nlp.regroup import regrouped, same_throughout

LinkKind = Literal["same", "moved", "modified"]
Indices = tuple[int, ...]
_Part = tuple[Sequence[int], Sequence[int]]

# How alike two clauses in different places must be to be one reworded.
FAR = 0.60
# An item of a word or two ("Name") that turns up in another list is not the same statement moved.
MOVED_WORDS = 3
# Clauses of two statements are held against each other in parts of at most so many pairs of them, or of their words.
_MOST_PAIRS = 10_000_000
_MOST_WORD_PAIRS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """Clauses of the old statement and of the new one that are the same statement, as indices in reading order."""

    kind: LinkKind
    old: Indices
    new: Indices


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared of one statement: the words of each clause, and of the place in which it stands.

    `places` hold what tells the lists of a statement apart: the words of the heading and of the lead-in over a clause.
    """

    words: Sequence[Words]
    places: Sequence[Words]


def align(old: Side, new: Side) -> list[Link]:
    """Return the links between two statements; clauses in none of them were removed or added."""
    # Of links that are equally good one is taken, and it must not depend on which side came first.
    if (list(old.words), list(old.places)) > (list(new.words), list(new.places)):
        links = [Link(link.kind, link.new, link.old) for link in _Alignment(new, old).links()]
    else:
        links = _Alignment(old, new).links()
    return sorted(links, key=lambda link: (link.new, link.old))


class _Alignment:
    """Two sides, and the clauses of both that have no partner yet."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new
        self.rest_old = set(range(len(old.words)))
        self.rest_new = set(range(len(new.words)))

    def links(self) -> list[Link]:
        """Return the links of all kinds, in no order."""
        whole = same_throughout(self.old.words, self.new.words)
        if whole is not None:
            return [Link("same", *run) for run in whole]
        pairs = common_order(self.old.words, self.new.words)
        anchors = [(-1, -1), *pairs, (len(self.old.words), len(self.new.words))]
        links = [Link("same", (i,), (j,)) for i, j in pairs]
        self._take(links)
        # Equal clauses before reworded ones: a clause that moved must not be taken for another one's new wording.
        steps: list[Callable[[], Iterator[Link]]] = [
            lambda: self._regrouped(anchors),
            lambda: self._moved(at_home=True),
            lambda: self._moved(at_home=False),
            lambda: self._near(anchors),
            self._far,
        ]
        for step in steps:
            found = list(step())
            self._take(found)
            links += found
        return links

    def _take(self, links: Sequence[Link]) -> None:
        for link in links:
            self.rest_old.difference_update(link.old)
            self.rest_new.difference_update(link.new)

    def _gaps(self, anchors: Sequence[tuple[int, int]]) -> Iterator[_Part]:
        """Yield the clauses without a partner between two equal ones, where both sides have some."""
        for (i, j), (k, m) in pairwise(anchors):
            olds = [a for a in range(i + 1, k) if a in self.rest_old]
            news = [b for b in range(j + 1, m) if b in self.rest_new]
            if olds and news:
                yield olds, news

    def _regrouped(self, anchors: Sequence[tuple[int, int]]) -> Iterator[Link]:
        for olds, news in self._gaps(anchors):
            for run in regrouped(self.old.words, self.new.words, olds, news):
                yield Link("same", *run)

    def _moved(self, *, at_home: bool) -> Iterator[Link]:
        """Yield equal clauses in another order: those under the same heading and lead-in, or those that are not."""
        places: dict[tuple[Words, Words], deque[int]] = defaultdict(deque)
        for j in sorted(self.rest_new):
            places[self.new.words[j], self.new.places[j] if at_home else ()].append(j)
        for i in sorted(self.rest_old):
            candidates = places.get((self.old.words[i], self.old.places[i] if at_home else ()))
            if candidates and (at_home or len(self.old.words[i]) >= MOVED_WORDS):
                yield Link("moved", (i,), (candidates.popleft(),))

    def _near(self, anchors: Sequence[tuple[int, int]]) -> Iterator[Link]:
        for gap in self._gaps(anchors):
            for olds, news in self._parts(*gap):
                for i, j in Gap(_words(self.old, olds), _words(self.new, news), olds, news).align():
                    yield Link("same" if self._read_alike(i, j) else "modified", i, j)

    def _far(self) -> Iterator[Link]:
        """Yield reworded clauses in different places, the assignment with the most likeness."""
        olds = [i for i in sorted(self.rest_old) if len(self.old.words[i]) >= MOVED_WORDS]
        news = [j for j in sorted(self.rest_new) if len(self.new.words[j]) >= MOVED_WORDS]
        for part in self._parts(olds, news):
            for a, b in _assigned(_words(self.old, part[0]), _words(self.new, part[1])):
                i, j = (part[0][a],), (part[1][b],)
                yield Link("moved" if self._read_alike(i, j) else "modified", i, j)

    def _read_alike(self, olds: Indices, news: Indices) -> bool:
        """Tell clauses in which only a space was lost or won ("Centeron", "Center on")."""
        ours = "".join(word for i in olds for word in self.old.words[i])
        return ours == "".join(word for j in news for word in self.new.words[j])

    def _parts(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[_Part]:
        """Cut clauses into parts of a bearable size, the same share of both sides in each."""
        ours, theirs = (sum(map(len, _words(side, at))) for side, at in ((self.old, olds), (self.new, news)))
        count = 1 + max(len(olds) * len(news) // _MOST_PAIRS, ours * theirs // _MOST_WORD_PAIRS)
        count = min(count, max(1, min(len(olds), len(news))))
        for k in range(count):
            part, other = (at[len(at) * k // count : len(at) * (k + 1) // count] for at in (olds, news))
            if part and other:
                yield part, other


def _words(side: Side, indices: Sequence[int]) -> list[Words]:
    return [shortened(side.words[i]) for i in indices]


def _assigned(old: Sequence[Words], new: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of the assignment with the most likeness, of clauses that are alike enough."""
    lengths = np.array([len(words) for words in new])
    rows, values = list[NDArray[np.intp]](), list[NDArray[np.float64]]()
    for words, shared in zip(old, commons(old, new), strict=True):
        ratio = 2 * shared / (lengths + len(words))
        (found,) = np.nonzero(ratio >= FAR)
        rows.append(found)
        values.append(ratio[found])
    places = np.repeat(np.arange(len(old)), [len(found) for found in rows]), np.concatenate(rows)
    table = coo_array((np.concatenate(values), places), shape=(len(old), len(new))).tocsr()
    # Clauses that are not alike, nor like any that is, cannot stand in each other's way.
    both = coo_array((np.concatenate(values), (places[0], places[1] + len(old))), shape=(len(old) + len(new),) * 2)
    _, labels = connected_components(both, directed=False)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for at, label in enumerate(labels.tolist()):
        groups[label][at >= len(old)].append(at - len(old) if at >= len(old) else at)
    for ours, theirs in groups.values():
        if ours and theirs:
            likes = table[ours][:, theirs].toarray()
            for row, column in zip(*linear_sum_assignment(-likes), strict=True):
                if likes[row, column]:
                    yield ours[row], theirs[column]
