"""Find the version of a document that a person means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.types import DocumentError
from nlp.store.versions import StoredVersion

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_LONGEST_NUMBER = 9  # digits; of thousands of them Python makes no number
_HOW = "give its number, its date (YYYY-MM-DD), first or newest"


def pick(versions: Sequence[StoredVersion], wanted: str) -> StoredVersion:
    """Return the version that a number, a date, "first" or "newest" names.

    A date names the version of that day, or the one that stood then: the last one before it that is not flagged; so
    does a month or a year, whose end is meant. Raises `DocumentError` where there is none, or a day has several.
    """
    name, wanted = f"{versions[0].service!r}", wanted.strip().lower()
    usable = [version for version in versions if version.usable]
    if wanted in ("first", "newest"):
        if not usable:
            raise DocumentError(f"all {len(versions)} versions of {name} are flagged; give the number of one")
        return usable[0 if wanted == "first" else -1]
    if wanted.isdecimal() and len(wanted) != len("2016") and len(wanted) <= _LONGEST_NUMBER:
        return _numbered(versions, int(wanted), name)
    if not _DATE.fullmatch(wanted):
        raise DocumentError(f"{wanted!r} names no version of {name}; {_HOW}")
    if wanted.isdecimal() and (int(wanted) <= len(versions) or int(wanted) > date.today().year):
        return _numbered(versions, int(wanted), name)
    if not _is_date(wanted):
        raise DocumentError(f"there is no such date as {wanted}; {_HOW}")
    same = [v for v in usable if v.date == wanted] or [v for v in versions if v.date == wanted]
    before = [version for version in usable if version.date[: len(wanted)] <= wanted]
    if len(wanted) < len("2016-05-31") and before and before[-1] not in same:
        same = []  # of a version that is known to be of that month, and one of a day in it
    if len(same) > 1:
        numbers = ", ".join(str(version.number) for version in same)
        raise DocumentError(f"{name} has {len(same)} versions of {wanted}; give the number of one: {numbers}")
    if not same and not before:
        raise DocumentError(f"the first version of {name} that can be read is of {_first(usable or versions)}; {_HOW}")
    return same[0] if same else before[-1]


def _is_date(text: str) -> bool:
    """Tell a day, a month or a year of the calendar from one that no calendar has: "2022-02-31"."""
    try:
        date.fromisoformat(f"{text}-01-01"[: len("2016-05-31")])
    except ValueError:
        return False
    return True


def _numbered(versions: Sequence[StoredVersion], number: int, name: str) -> StoredVersion:
    if not 1 <= number <= len(versions):
        raise DocumentError(f"{name} has the versions 1 to {len(versions)}, and no version {number}; {_HOW}")
    return versions[number - 1]


def _first(versions: Sequence[StoredVersion]) -> str:
    return min(version.date for version in versions)
