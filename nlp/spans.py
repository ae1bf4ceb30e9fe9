"""Find spans of time and their length, however they are written: "12 months", "one year", "thirty (30) days"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.lexicon import NUMBERS

_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.0, "year": 360.0}
KINDS_OF_DAY = frozenset("business working calendar".split())
"""What may stand between a number and the days that it counts."""

_SPAN = re.compile(
    rf"\b(\d{{1,4}}|an?|one|{'|'.join(NUMBERS)})(?: ?\(\w+\))?[ -](?:(?:{'|'.join(sorted(KINDS_OF_DAY))}) )?"
    rf"({'|'.join(_DAYS)})s?\b",
    re.IGNORECASE,
)


def days_in(text: str) -> Iterator[float]:
    """Yield the lengths of the spans of time in a text, in days; a month has 30, and a year twelve months."""
    for found in _SPAN.finditer(text):
        yield _days(found)


def in_days(text: str) -> str:
    """Return a text with each span of time written in one way."""
    return _SPAN.sub(lambda found: f"{_days(found):g}days", text)


def unit_of(word: str) -> str:
    """Return the unit of time that a word names, one or several: "day" for "days"; "" where it names none."""
    unit = word.casefold().removesuffix("s")
    return unit if unit in _DAYS else ""


def _days(found: re.Match[str]) -> float:
    number, unit = found.groups()
    value = number if number.isdigit() else NUMBERS.get(number.casefold(), "1")
    return round(int(value) * _DAYS[unit.casefold()], 2)
