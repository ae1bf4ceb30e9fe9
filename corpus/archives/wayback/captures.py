"""The captures of an address, as the CDX interface of an archive lists them.

What is sent and what comes back: https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server. pywb takes
the same questions, answers with one JSON object a line, calls some fields by other names and knows no resumption keys
(https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

from corpus.archives.wayback.address import FIELDS, Server, checked, printable
from corpus.archives.wayback.visit import RefusedError, Visitor

Every = Literal["all", "month", "year"]

PAGE = 5000
MAX_PAGE_BYTES = 32_000_000
MAX_PAGES = 1000
# How many digits of a timestamp name the period.
PERIODS: dict[Every, int] = {"all": 14, "month": 6, "year": 4}

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""The media types of documents, with the suffix that a file of each gets."""

# What says nothing of the content; "warc/revisit" stands for bytes that were the same as at another time.
UNKNOWN = frozenset({"", "-", "unk", "warc/revisit", "application/octet-stream", "application/http"})

_ALIASES = {"url": "original", "mime": "mimetype", "status": "statuscode"}


@dataclass(frozen=True, slots=True)
class Capture:
    """A line of the list: an address as it was at a moment.

    `timestamp` is YYYYMMDDhhmmss in UTC. `digest` is the archive's name for the bytes, "" where it gives none.
    """

    timestamp: str
    original: str
    mimetype: str = ""
    status: str = ""
    digest: str = ""

    @property
    def may_be_document(self) -> bool:
        """Whether its type is one that is read, or says nothing."""
        return self.mimetype in SUFFIXES or self.mimetype in UNKNOWN

    @property
    def observed_at(self) -> datetime:
        """The moment in UTC; raises `ValueError` where the timestamp is none."""
        if len(self.timestamp) != 14 or not (self.timestamp.isascii() and self.timestamp.isdecimal()):
            raise ValueError(f"{printable(self.timestamp, 40)!r} is not a timestamp of 14 digits")
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    def check(self) -> None:
        """Raise `ValueError` where there is no such moment or no such address."""
        try:
            moment = self.observed_at
        except ValueError as e:
            raise ValueError(f"the archive lists a moment that is none: {printable(self.timestamp, 40)!r}") from e
        if moment.year < 1990:
            raise ValueError(f"the archive lists a moment before the web: {self.timestamp}")
        try:
            checked(self.original)
        except ValueError as e:
            raise ValueError(f"the archive lists an address that is not asked for: {e}") from e


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the CDX interface; `resume` asks for what follows, where the server knows that there is more."""

    captures: tuple[Capture, ...]
    resume: str = ""


def list_captures(
    visitor: Visitor, server: Server, url: str, *, since: str = "", until: str = "", page_size: int = PAGE
) -> Iterator[Capture]:
    """Yield all captures of an address with status 200, earliest first, each once.

    `since` and `until` are the first digits of timestamps, inclusive. Pages of the list are asked for when they
    are needed. Raises `RefusedError` where an answer is no list, and `UnavailableError`.
    """
    start, resume = since, ""
    before: frozenset[Capture] = frozenset()
    for _ in range(MAX_PAGES):
        asked = server.question(url, since=start, until=until, limit=page_size, resume=resume)
        reply = visitor.get(asked, MAX_PAGE_BYTES)
        if reply.status != 200:
            said = printable(" ".join(reply.body[:1000].decode(errors="replace").split()), 120)
            raise RefusedError(f"it answers with HTTP status {reply.status}{f': {said}' if said else ''}")
        page = read_page(reply.body)
        # The line at which a page without a key begins again was the last of the one before.
        new = [capture for capture in page.captures if capture not in before]
        yield from (one for one in new if one.status in ("200", "-", "") and _within(one.timestamp, since, until))
        if not page.resume and (not new or len(page.captures) < page_size):
            return
        before, resume = frozenset(page.captures), page.resume
        # A server that knows no keys and fills a page may have more.
        start = since if resume else page.captures[-1].timestamp
    raise RefusedError("its list of captures does not end")


def read_page(body: bytes) -> Page:
    """Return the captures of an answer, in the format of the Wayback Machine or of pywb; raises `RefusedError`."""
    try:
        text = body.decode()
        if not text.strip():
            return Page(())
        if text.lstrip().startswith("["):
            return _from_table(json.loads(text))
        return Page(tuple(_capture(json.loads(line)) for line in text.splitlines() if line.strip()))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as e:
        raise RefusedError("what it answers is not a list of captures") from e


def _from_table(rows: list[list[Any]]) -> Page:
    resume = ""
    # The key stands in a line of its own after an empty one.
    if len(rows) > 1 and rows[-2] == [] and len(rows[-1]) == 1:
        resume = str(rows[-1][0])
        rows = rows[:-2]
    if not rows:
        return Page(())
    names = [str(name) for name in rows[0]]
    if not set(FIELDS[:2]) <= set(names):
        raise ValueError("no names of fields")
    return Page(tuple(_capture(dict(zip(names, row, strict=True))) for row in rows[1:]), resume)


def _capture(row: Mapping[str, Any]) -> Capture:
    given = {_ALIASES.get(name, name): str(value) for name, value in row.items() if value is not None}
    if "timestamp" not in given or "original" not in given:
        raise ValueError("a line without timestamp or address")
    digest = given.get("digest", "").removeprefix("sha1:")
    return Capture(
        timestamp=given["timestamp"],
        original=given["original"],
        mimetype=given.get("mimetype", "").partition(";")[0].strip().lower(),
        status=given.get("statuscode", ""),
        digest="" if digest == "-" else digest,
    )


def _within(timestamp: str, since: str, until: str) -> bool:
    return timestamp[: len(since)] >= since and timestamp[: len(until)] <= until


def thinned(captures: Iterable[Capture], every: Every) -> Iterator[Capture]:
    """Yield the captures at which the bytes changed, or the last such of each month or year.

    The last and not the first: what was new in a month is what holds at its end, and also in the months after it that
    bring nothing new.
    """
    digits = PERIODS[every]
    changed = (next(run) for _, run in groupby(captures, key=lambda one: one.digest or one))
    if every == "all":
        yield from changed
        return
    for _, period in groupby(changed, key=lambda one: one.timestamp[:digits]):
        # A picture or an error that was archived in between says nothing of the document.
        *_, last = sorted(period, key=lambda one: one.may_be_document)
        yield last
