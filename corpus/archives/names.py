"""Read the service, the document and the date from the path of an archived file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.archives.types import Precision

DOCUMENT = "Privacy Policy"

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:[T_ -]?([01]\d|2[0-3])[-:_.]?([0-5]\d)[-:_.]?([0-5]\d)Z?)?(?!\d)"
)
# Written with a separator, and with nothing after it that could be a day: six digits alone may number anything.
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](\d\d)(?![-_.]?\d)")
# A word of its own at either end of a name without other digits; in "2016.com" it begins a domain.
_YEAR = re.compile(r"(?:\D*[-_. ])?((?:19|20)\d\d)(?:[-_ ]\D*)?")
_BEFORE, _AFTER = re.compile(r"(\s*[-_.]\s*|\s+)$"), re.compile(r"^(\s*[-_.]\s*|\s+)")
_DOCUMENT = re.compile(
    r"(?:^|[\s_.-]+)((?P<privacy>privacy[\s_-]*(?:policy|notice|statement)?|policy)|"
    r"(?:terms|conditions|cookies?|legal|community|trackers?)(?:[\s_-]*(?:of|and|policy|notice|service|use|conditions|"
    r"guidelines))*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A name and the date that was in it; `rest` is the name without.

    Of a month or a year, as `precision` says, `observed_at` is the beginning.
    """

    rest: str
    observed_at: datetime
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class Named:
    """What the path of a file says of the version in it."""

    service: str
    document: str
    observed_at: datetime
    precision: Precision = "day"


def take_date(name: str) -> Dated | None:
    """Take the first whole date out of a name ("janrain.com.2016-05-31"), with one separator on either side of it."""
    for found in _DATE.finditer(name):
        date = _day(found)
        if date:
            return Dated(_rest(name, *found.span()), date)
    return None


def take_period(name: str) -> Dated | None:
    """Take a whole date, or else a month ("acme-2016-05"), or a year that is the only number ("acme-2016").

    A name with a date that is none ("acme-2016-02-30") has no month and no year either.
    """
    dated = take_date(name)
    if dated or no_such_date(name):
        return dated
    month = _MONTH.search(name)
    if month:
        return Dated(_rest(name, *month.span()), datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC), "month")
    year = _YEAR.fullmatch(name)
    return Dated(_rest(name, *year.span(1)), datetime(int(year[1]), 1, 1, tzinfo=UTC), "year") if year else None


def no_such_date(name: str) -> str | None:
    """Return what looks like a date in a name and is not in the calendar ("2016-02-30"); None where nothing does."""
    days = (found[0] for found in _DATE.finditer(name) if _day(found) is None)
    months = (found[0] for found in _MONTH.finditer(name) if not 1 <= int(found[2]) <= 12)
    return next(days, None) or next(months, None)


def _day(found: re.Match[str]) -> datetime | None:
    year, _, month, day, *clock = found.groups()
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _rest(name: str, start: int, end: int) -> str:
    before, after = _BEFORE.sub("", name[:start]), _AFTER.sub("", name[end:])
    # What is left beside the name is a counter ("2016-05-31-2") or a mark, and means nothing without a name.
    return before or ("" if after.isdigit() else after)


def read_name(folders: tuple[str, ...], stem: str, *, root: str) -> Named | None:
    """Return what a path says: its folders below the one that is read, its file name without suffix; None if no date.

    The service is the name of the file, unless that names a kind of document or nothing: then it is the folders, and
    `root`, the name of the folder that is read, where there are none. Names are kept as they are.
    """
    dated = take_period(stem)
    if dated:
        return _named(folders, dated.rest, dated, root)
    for i in reversed(range(len(folders))):
        above = take_period(folders[i])
        # A year with a name may be anything's, and the numbers of "2016/05/acme" may be those of the month.
        if above and (above.precision == "day" or _alone(folders, i, stem)):
            kept = (*folders[:i], above.rest, *folders[i + 1 :])
            return _named(tuple(filter(None, kept)), stem, above, root)
    return None


def _alone(folders: tuple[str, ...], i: int, stem: str) -> bool:
    """Tell whether a folder is called by its date alone, and nothing else in the path has digits."""
    others = (*folders[:i], *folders[i + 1 :], stem)
    return not any(ch.isalpha() for ch in folders[i]) and not any(ch.isdigit() for name in others for ch in name)


def _named(folders: tuple[str, ...], rest: str, dated: Dated, root: str) -> Named:
    kind = _DOCUMENT.search(rest)
    service, document = (rest[: kind.start()], kind[1]) if kind else (rest, DOCUMENT)
    if kind and kind["privacy"]:
        document = DOCUMENT
    return Named(service or "/".join(folders) or root, document, dated.observed_at, dated.precision)
