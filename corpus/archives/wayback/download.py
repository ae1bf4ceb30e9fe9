"""Fetch the captures of a page from the Wayback Machine into a folder of dated files."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from corpus.archives.wayback.address import WAYBACK, Server, checked_page, printable
from corpus.archives.wayback.captures import PAGE, PERIODS, SUFFIXES, UNKNOWN, Capture, Every, list_captures, thinned
from corpus.archives.wayback.folder import CaptureFolder, Problem, Record
from corpus.archives.wayback.visit import PAUSE, TIMEOUT, TRIES, RefusedError, UnavailableError, Visitor
from corpus.types import DocumentError

MAX_BYTES = 10_000_000
DOCUMENT = "Privacy Policy"

Outcome = Literal["fetched", "same", "there", "refused", "failed"]


class WaybackError(RuntimeError):
    """An archive cannot be read to the end now. The message says why and how far it got, in one line."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: what became of capture `number` of `total`, and why where it is not in the folder."""

    number: int
    total: int
    capture: Capture
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run did: how many captures were `fetched`, or the `same` bytes as others and not fetched again.

    `there` were in the folder before; `refused` cannot be used and `failed` could not be had now, as the list of
    problems in the folder says.
    """

    service: str
    document: str
    folder: Path
    fetched: int = 0
    same: int = 0
    there: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def kept(self) -> int:
        """How many of the captures that were asked for are in the folder now."""
        return self.fetched + self.same + self.there


def fetch(
    url: str,
    folder: Path,
    *,
    service: str | None = None,
    document: str = DOCUMENT,
    since: str | None = None,
    until: str | None = None,
    every: Every = "all",
    limit: int | None = None,
    page_size: int = PAGE,
    server: str = WAYBACK,
    client: httpx.Client | None = None,
    pause: float = PAUSE,
    tries: int = TRIES,
    sleep: Callable[[float], None] = time.sleep,
    report: Callable[[Progress], None] | None = None,
    told: Callable[[str], None] | None = None,
) -> Fetched:
    """Bring the captures of a page into a folder, and say what was done.

    `service` and `document` name what they are versions of; without a service it is the host of the address. `since`
    and `until` are dates ("2016", "2016-05" or "2016-05-31"), inclusive. With `every` "month" or "year" only the last
    change of each is taken; `limit` takes the earliest so many. The list comes in parts of `page_size`. `server` is the
    address of another archive, `pause` the seconds between requests and `tries` how often each is made. What is in the
    folder is not asked for again. `report` is told of each capture, `told` in words why a request is made again.

    Raises `DocumentError` for bad arguments and where there are no captures, `WaybackError` where the archive cannot be
    read now, and `OSError` where the folder cannot be written.
    """
    page, place, span = checked_page(url), Server.at(server), _span(since, until)
    if every not in PERIODS:
        raise DocumentError(f"captures are taken every {', '.join(PERIODS)}, not {every!r}")
    if not (math.isfinite(pause) and pause >= 0 and tries >= 1 and (limit is None or limit >= 1)):
        raise DocumentError("give a pause of 0 seconds or more, and a limit and tries of 1 or more")
    host = urlsplit(page).hostname or ""
    names = (_name(host.removeprefix("www.") if service is None else service), _name(document))
    kept = CaptureFolder.open(folder)
    with ExitStack() as stack:
        # A client of the caller's is the caller's to close.
        http = client or stack.enter_context(httpx.Client(timeout=TIMEOUT))
        visits = Visitor(http, pause, tries, sleep, lambda said: told(f"{place.host}: {said}") if told else None)
        found = list_captures(visits, place, page, since=span[0], until=span[1], page_size=page_size)
        captures = _chosen(found, every, limit, f"the captures of {printable(page)} at {place.host}")
        return _Run(visits, place, kept, *names, report or (lambda progress: None)).over(captures)


def _chosen(found: Iterator[Capture], every: Every, limit: int | None, what: str) -> list[Capture]:
    try:
        captures = list(islice(thinned(found, every), limit))
    except (RefusedError, UnavailableError) as e:
        hint = "nothing is lost: run the same command again later"
        raise WaybackError(f"cannot list {what}: {e}; {hint}") from e
    if not captures:
        raise DocumentError(f"there are none of {what} in that time; look whether the address is as a browser shows it")
    return captures


@dataclass(frozen=True, slots=True)
class _Run:
    visitor: Visitor
    server: Server
    folder: CaptureFolder
    service: str
    document: str
    report: Callable[[Progress], None]

    def over(self, captures: list[Capture]) -> Fetched:
        """Take captures one after the other; those that failed before come last, so that they hold up nothing."""
        counts: Counter[Outcome] = Counter()
        before: Outcome | None = None
        for number, capture in enumerate(sorted(captures, key=self._failed), 1):
            try:
                outcome, reason = self._take(capture), ""
            except RefusedError as e:
                outcome, reason = "refused", str(e)
                self._note(capture, reason, again=e.again)
            except UnavailableError as e:
                outcome, reason = "failed", str(e)
                if e.status != 429 and e.wait <= 0:
                    self._note(capture, f"after {self.visitor.tries} tries: {reason}", again=True)
                # One capture may be broken for a while; a server that does not answer, or two such in a row, are not.
                if e.status in (None, 429) or e.wait > 0 or before == "failed":
                    have = sum(counts[kind] for kind in ("fetched", "same", "there"))
                    hint = f"{have} of {len(captures)} captures are in {self.folder.path}, and the same command goes on"
                    raise WaybackError(f"cannot go on reading {self.server.host}: {reason}; {hint}") from e
            counts[outcome] += 1
            before = outcome
            self.report(Progress(number, len(captures), capture, outcome, reason))
        return Fetched(
            self.service,
            self.document,
            self.folder.path,
            fetched=counts["fetched"],
            same=counts["same"],
            there=counts["there"],
            refused=counts["refused"],
            failed=counts["failed"],
        )

    def _take(self, capture: Capture) -> Outcome:
        key = (self.service, self.document, self._page(capture))
        if key in self.folder.records:
            return "there"
        known = self.folder.problems.get(key)
        if known and not known.again:
            raise RefusedError(known.reason)
        try:
            capture.check()
        except ValueError as e:
            raise RefusedError(str(e)) from e
        file = self.folder.file_of(capture.digest)
        if file is None:
            self._save(capture)
            return "fetched"
        self.folder.add(Record(file, **self._about(capture)))
        return "same"

    def _save(self, capture: Capture) -> None:
        refusal = self.folder.refusal_of(capture.digest)
        if refusal:
            raise RefusedError(refusal)
        if not capture.may_be_document:
            raise RefusedError(f"it is not a document but {printable(capture.mimetype, 60)}")
        url = self.server.raw(capture.timestamp, capture.original)
        reply = self.visitor.get(url, MAX_BYTES, lambda target: self.server.is_raw(target, capture.timestamp))
        if reply.status != 200:
            raise RefusedError(f"the archive answers with HTTP status {reply.status}", again=True)
        if not reply.body.strip():
            raise RefusedError("its body is empty")
        suffix = suffix_of(reply.content_type, reply.body)
        file = self.folder.save(self.service, capture.observed_at, suffix, reply.body)
        self.folder.add(Record(file, **self._about(capture)))

    def _failed(self, capture: Capture) -> bool:
        problem = self.folder.problems.get((self.service, self.document, self._page(capture)))
        return problem is not None and problem.again

    def _note(self, capture: Capture, reason: str, *, again: bool = False) -> None:
        self.folder.add_problem(Problem(**self._about(capture), reason=reason, again=again))

    def _page(self, capture: Capture) -> str:
        return self.server.page(capture.timestamp, capture.original)

    def _about(self, capture: Capture) -> dict[str, Any]:
        try:
            moment = capture.observed_at.isoformat()
        except ValueError:
            moment = ""
        return {
            "service": self.service,
            "document": self.document,
            "url": self._page(capture),
            "original": capture.original,
            "digest": capture.digest,
            "observed_at": moment,
        }


def suffix_of(content_type: str, body: bytes) -> str:
    """Return the suffix of a file of a type, told from its body where the type says nothing; raises `RefusedError`."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in SUFFIXES:
        return SUFFIXES[kind]
    if kind not in UNKNOWN:
        raise RefusedError(f"it is not a document but {printable(kind, 60)}")
    if body.startswith(b"%PDF-"):
        return ".pdf"
    if b"<" in body[:1000] and b"\x00" not in body[:1000]:
        return ".html"
    raise RefusedError("the archive does not say what it is, and it does not look like a web page")


def _span(since: str | None, until: str | None) -> tuple[str, str]:
    start, end = (_digits(text) for text in (since, until))
    if start and end and start[: len(end)] > end[: len(start)]:
        raise DocumentError(f"{since} is later than {until}; give the earlier date first")
    return start, end


def _digits(text: str | None) -> str:
    if text is None:
        return ""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text, re.ASCII)
    try:
        if found is None:
            raise ValueError(text)
        date(*(int(part or 1) for part in found.groups()))
    except ValueError as e:
        raise DocumentError(f"{printable(text, 40)!r} is not a date; give YYYY, YYYY-MM or YYYY-MM-DD") from e
    return text.replace("-", "")


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 200:
        raise DocumentError(f"{printable(text, 40)!r} is no name for a service or document; give a short plain one")
    return text.strip()
