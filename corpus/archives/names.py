"""Read the service, the document and the date from the path of an archived file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

DOCUMENT = "Privacy Policy"

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:[T_ -]?([01]\d|2[0-3])[-:_.]?([0-5]\d)[-:_.]?([0-5]\d)Z?)?(?!\d)"
)
_BEFORE, _AFTER = re.compile(r"(\s*[-_.]\s*|\s+)$"), re.compile(r"^(\s*[-_.]\s*|\s+)")
_DOCUMENT = re.compile(
    r"(?:^|[\s_.-]+)((?P<privacy>privacy[\s_-]*(?:policy|notice|statement)?|policy)|"
    r"(?:terms|conditions|cookies?|legal|community|trackers?)(?:[\s_-]*(?:of|and|policy|notice|service|use|conditions|"
    r"guidelines))*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A name and the date that was in it; `rest` is the name without."""

    rest: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """What the path of a file says of the version in it."""

    service: str
    document: str
    observed_at: datetime


def take_date(name: str) -> Dated | None:
    """Take the first date out of a name ("janrain.com.2016-05-31"), with one separator on either side of it."""
    for found in _DATE.finditer(name):
        year, _, month, day, *clock = found.groups()
        try:
            hour, minute, second = (int(part or 0) for part in clock)
            date = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC)
        except ValueError:
            continue
        before, after = _BEFORE.sub("", name[: found.start()]), _AFTER.sub("", name[found.end() :])
        # What is left beside the name is a counter ("2016-05-31-2") or a mark, and means nothing without a name.
        rest = before or ("" if after.isdigit() else after)
        return Dated(rest, date)
    return None


def read_name(folders: tuple[str, ...], stem: str, *, root: str) -> Named | None:
    """Return what a path says: its folders below the one that is read, its file name without suffix; None if no date.

    The service is the name of the file, unless that names a kind of document or nothing: then it is the folders, and
    `root`, the name of the folder that is read, where there are none. Names are kept as they are.
    """
    dated = take_date(stem)
    if dated is None:
        for i in reversed(range(len(folders))):
            above = take_date(folders[i])
            if above:
                kept = (*folders[:i], above.rest, *folders[i + 1 :])
                return _named(tuple(filter(None, kept)), stem, above.observed_at, root)
        return None
    return _named(folders, dated.rest, dated.observed_at, root)


def _named(folders: tuple[str, ...], rest: str, observed_at: datetime, root: str) -> Named:
    kind = _DOCUMENT.search(rest)
    service, document = (rest[: kind.start()], kind[1]) if kind else (rest, DOCUMENT)
    if kind and kind["privacy"]:
        document = DOCUMENT
    return Named(service or "/".join(folders) or root, document, observed_at)
