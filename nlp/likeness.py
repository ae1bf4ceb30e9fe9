"""Tell how alike clauses are, by the words that they have in common in one order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from nlp.normal import Words

# No sentence is so long; of what runs on longer without a full stop, this many words stand for it.
_LONGEST = 50_000
# So many pairs of clauses are looked at together, which bounds the memory.
_BLOCK = 1_000_000


def likeness(one: Words, other: Words) -> float:
    """Return twice the length of the longest common subsequence of words over the length of both: 0..1."""
    total = len(one) + len(other)
    return 2 * common(one, other) / total if total else 1.0


def common(one: Words, other: Words) -> int:
    """Return the length of the longest common subsequence of words."""
    return int(LCSseq.similarity(one, other))


def commons(old: Sequence[Words], new: Sequence[Words]) -> Iterator[NDArray[np.int32]]:
    """Yield for each old clause the lengths of its longest common subsequences with all new ones, shape (new,)."""
    rows = max(1, _BLOCK // max(1, len(new)))
    for start in range(0, len(old), rows):
        yield from process.cdist(old[start : start + rows], new, scorer=LCSseq.similarity, dtype=np.int32)


def shortened(words: Words) -> Words:
    """Return the words by which a clause is judged: all of them but for one without end."""
    return words[:_LONGEST]


def joined(parts: Sequence[Words]) -> Words:
    """Return the words of clauses that follow each other."""
    return tuple(word for part in parts for word in part)
