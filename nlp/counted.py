"""The numbers that one wording has and the other lacks, and what they count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.lexicon import NUMBERS
from nlp.spans import KINDS_OF_DAY, unit_of

Words = tuple[str, ...]

# A version has no more parts, and of a row of numbers not all are to be gone through for each.
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written, with the word for a unit of time that it counts, "" where it counts none.

    `in_name` tells one that belongs to an abbreviation before it: "AES-256", "TLS 1.2".
    """

    word: str
    unit: str
    in_name: bool

    @property
    def counted(self) -> tuple[str, str]:
        """What it comes to, written out or not: "thirty days" as "30 days"."""
        return value_of(self.word) or "1", unit_of(self.unit)

    @property
    def with_unit(self) -> str:
        """The number and its unit."""
        return f"{self.word} {self.unit}".rstrip()


def value_of(word: str) -> str:
    """Return the digits of a number, written out or not; "" where a word is none."""
    return word if word[0].isdigit() else NUMBERS.get(word.casefold(), "")


def figures(words: Sequence[str], left: Sequence[int]) -> tuple[Figure, ...]:
    """Return the numbers among words of which one side has those at the places `left` alone.

    Of "30 days" and "30 months" the unit alone is left, but the number means another time.
    """
    alone = frozenset(left)
    return tuple(figure for figure, places in _figures(words) if not alone.isdisjoint(places))


def told(old: Sequence[Figure], new: Sequence[Figure]) -> tuple[Words, Words]:
    """Return the numbers of two sides as a reader needs them, with their units where those differ."""
    units = [{one.counted[1] for one in side} for side in (old, new)]
    if not (old and new) or units[0] == units[1]:
        return tuple(one.word for one in old), tuple(one.word for one in new)
    return tuple(one.with_unit for one in old), tuple(one.with_unit for one in new)


def _figures(words: Sequence[str]) -> Iterator[tuple[Figure, tuple[int, ...]]]:
    """Yield each number, and its place and that of its unit."""
    for i, word in enumerate(words):
        at = _unit_after(words, i)
        # "One" counts nothing as often as it counts.
        if value_of(word) or (at and word.casefold() == "one"):
            unit = words[at] if at else ""
            yield Figure(word, unit, not unit and _in_name(words, i)), (i, at or i)


def _unit_after(words: Sequence[str], i: int) -> int:
    """Return the place of the unit that a number counts, 0 where it counts none."""
    at = i + 1
    if at < len(words) and words[at].casefold() in KINDS_OF_DAY:
        at += 1
    return at if at < len(words) and unit_of(words[at]) else 0


def _in_name(words: Sequence[str], i: int) -> bool:
    """Tell a number that follows an abbreviation, also as the last part of a version ("TLS 1.2")."""
    before = words[max(i - _PARTS, 0) : i]
    name = next((word for word in reversed(before) if not word.isdigit()), "")
    return name.isupper() and name.isalpha() and len(name) > 1
