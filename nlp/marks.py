"""Mark the words in which two wordings of a statement differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rapidfuzz.distance import LCSseq

Marks = tuple[tuple[int, int], ...]

_WORD = re.compile(r"[^\W_]+")
# The table of the common subsequence takes a bit for each pair of words: beyond this, all between the ends differs.
_MOST_PAIRS = 400_000_000


def marks(old: str, new: str) -> tuple[Marks, Marks]:
    """Return the words that each side has alone, as offsets into it; neighbours are one mark."""
    ours, theirs = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    gone, come = apart([found[0] for found in ours], [found[0] for found in theirs])
    return _runs(ours, set(gone)), _runs(theirs, set(come))


def apart(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the positions of the words that a longest common subsequence leaves over on either side, whatever case."""
    ours, theirs = [word.casefold() for word in old], [word.casefold() for word in new]
    # There may be several that long: the one that is found must not depend on which side came first.
    if ours > theirs:
        gone, come = _left_over(theirs, ours)
        return come, gone
    return _left_over(ours, theirs)


def _left_over(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    head = next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    if (len(old) - head) * (len(new) - head) > _MOST_PAIRS:
        return list(range(head, len(old))), list(range(head, len(new)))
    steps = LCSseq.editops(old, new)
    gone = [step.src_pos for step in steps if step.tag == "delete"]
    return gone, [step.dest_pos for step in steps if step.tag == "insert"]


def _runs(found: Sequence[re.Match[str]], chosen: Collection[int]) -> Marks:
    runs: list[tuple[int, int]] = []
    for i, word in enumerate(found):
        if i in chosen:
            joins = bool(runs) and i - 1 in chosen
            start = runs.pop()[0] if joins else word.start()
            runs.append((start, word.end()))
    return tuple(runs)
