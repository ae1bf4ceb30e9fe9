"""The versions of a store in the order of their archive, with what can be told of them only in that order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from corpus.archives.flags import dips
from corpus.archives.types import Precision

DIP: Final = "dip"
"""The flag of a version that has lost most of its text, which a later one has again."""

# How much of an ISO 8601 date says so much.
_LENGTHS: Final[Mapping[Precision, int]] = {"day": len("2016-05-31"), "month": len("2016-05"), "year": len("2016")}
# Their dates go backwards; the order of their commits does not.
_BY_PARENTAGE: Final = frozenset(("open-terms-archive",))


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of a document in a store; the fields of `corpus.archives.types.Version` mean what they mean there.

    `number` counts the versions of one document from 1. `flags` say why it holds no policy to compare or to ask; it is
    left out of timelines and answers if it has any. `returns_to` is the number of the first version that said the same,
    where one between the two said something else. `clauses` and `words` are how many it has.
    """

    service: str
    document: str
    number: int
    archive: str
    reference: str
    observed_at: datetime
    text_id: str
    normal_id: str
    part: int
    words: int
    clauses: int
    url: str | None = None
    subject: str | None = None
    technical: bool = False
    flags: tuple[str, ...] = ()
    language: str = "en"
    warnings: tuple[str, ...] = ()
    returns_to: int | None = None
    precision: Precision = "day"

    @property
    def date(self) -> str:
        """ISO 8601 date on which it was archived, or the month or year where no more is known."""
        return self.observed_at.date().isoformat()[: _LENGTHS[self.precision]]

    @property
    def usable(self) -> bool:
        """Whether it holds a policy."""
        return not self.flags

    def as_dict(self) -> dict[str, Any]:
        """Return the version as the command line prints it."""
        return {
            "service": self.service,
            "document": self.document,
            "number": self.number,
            "archive": self.archive,
            "reference": self.reference,
            "url": self.url,
            "observed_at": self.observed_at.isoformat(),
            "precision": self.precision,
            "technical": self.technical,
            "subject": self.subject,
            "flags": list(self.flags),
            "language": self.language,
            "returns_to": self.returns_to,
            "words": self.words,
            "clauses": self.clauses,
            "text_id": self.text_id,
            "normal_id": self.normal_id,
            "warnings": list(self.warnings),
        }


Sequences = Mapping[tuple[str, str], tuple[StoredVersion, ...]]


def sequences(rows: Iterable[Mapping[str, Any]]) -> Sequences:
    """Return the versions of each (service, document) in order, given rows of the table."""

    def key(row: Mapping[str, Any]) -> tuple[str, str]:
        return row["service"], row["document"]

    made = ((named, list(group)) for named, group in groupby(sorted(rows, key=key), key))
    return {named: tuple(_returns(_dips(_numbered(group)))) for named, group in made}


def _numbered(rows: Sequence[Mapping[str, Any]]) -> list[StoredVersion]:
    """Merge the archives of one document by date; within each, the order is its own."""
    streams: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["order"]):
        streams.setdefault(row["archive"], []).append(row)
    for archive, stream in streams.items():
        if archive not in _BY_PARENTAGE:
            stream.sort(key=lambda row: row["observed_at"])
    merged = heapq.merge(*streams.values(), key=lambda row: row["observed_at"])
    return [_version(row, number) for number, row in enumerate(merged, 1)]


def _version(row: Mapping[str, Any], number: int) -> StoredVersion:
    own = {name: row[name] for name in StoredVersion.__slots__ if name in row}
    own |= {
        "flags": tuple(row["flags"]),
        "warnings": tuple(row["warnings"]),
        "precision": row["precision"] or "day",
    }
    return StoredVersion(number=number, **own)


def _dips(versions: Sequence[StoredVersion]) -> Iterator[StoredVersion]:
    for version, dip in zip(versions, dips([version.words for version in versions]), strict=True):
        yield replace(version, flags=(DIP,)) if dip and version.usable else version


def _returns(versions: Iterable[StoredVersion]) -> Iterator[StoredVersion]:
    seen: dict[str, int] = {}
    before = ""
    for version in versions:
        if not version.usable:
            yield version
            continue
        first = seen.setdefault(version.normal_id, version.number)
        returns = first < version.number and version.normal_id != before
        yield replace(version, returns_to=first) if returns else version
        before = version.normal_id
