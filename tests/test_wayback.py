"""Tests of corpus.archives.wayback: what is asked of an archive, what is kept, and what happens when it fails."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wayback_fakes import URL, FakeArchive, Stored, break_off, hang_up, send, serving, status, years

from corpus.archives.wayback import Every, Fetched, Progress, WaybackError, fetch
from corpus.archives.wayback import folder as folders
from corpus.archives.wayback import visit as visits
from corpus.archives.wayback.address import MAX_LENGTH, Server, checked
from corpus.archives.wayback.captures import Capture, list_captures, read_page, thinned
from corpus.archives.wayback.download import suffix_of
from corpus.archives.wayback.folder import MANIFEST, PROBLEMS, CaptureFolder, safe_name
from corpus.archives.wayback.visit import RefusedError, Visitor, uncompressed
from corpus.types import DocumentError

THREE = years("one", "two", "three")
STAMPS = [capture.timestamp for capture in THREE]
FILES = [f"acme.example/{year}-02-03-040506.html" for year in (2011, 2012, 2013)]


@pytest.fixture
def archive() -> Iterator[FakeArchive]:
    """Return a running archive with three captures."""
    with serving(FakeArchive(list(THREE))) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """Return a list that gets the seconds of each wait, none of which is waited."""
    return []


class Fetcher:
    """Fetches into one folder from one archive without waiting."""

    def __init__(self, archive: FakeArchive, folder: Path, waits: list[float]) -> None:
        self.archive, self.folder, self.waits = archive, folder, waits

    def __call__(self, **options: Any) -> Fetched:
        given: dict[str, Any] = {"server": self.archive.address, "sleep": self.waits.append, "url": URL}
        with httpx.Client(timeout=5, trust_env=False) as client:
            return fetch(folder=self.folder, **(given | {"client": client} | options))

    def lines(self, name: str = MANIFEST) -> list[dict[str, Any]]:
        """Return the objects of a file of JSON lines."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def reasons(self) -> dict[str, str]:
        """Return the reason of each problem by the year of its capture."""
        return {problem["observed_at"][:4]: problem["reason"] for problem in self.lines(PROBLEMS)}

    def files(self) -> list[str]:
        """Return all files of the folder, hidden ones too, but for the two lists."""
        found = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return [name for name in found if name not in (MANIFEST, PROBLEMS)]


@pytest.fixture
def run(archive: FakeArchive, tmp_path: Path, waits: list[float]) -> Fetcher:
    """Return what fetches from the archive into a folder."""
    return Fetcher(archive, tmp_path / "out", waits)


def reply(rows: list[Any]) -> httpx.Response:
    """Return an answer with a list, which is read like one from a network."""
    return httpx.Response(200, stream=httpx.ByteStream(json.dumps(rows).encode()))


def test_captures_become_dated_files_and_a_manifest(run: Fetcher, archive: FakeArchive) -> None:
    seen: list[Progress] = []
    done = run(report=seen.append)
    assert done == Fetched("acme.example", "Privacy Policy", run.folder, fetched=3)
    assert done.kept == 3
    assert run.files() == FILES
    assert [(run.folder / name).read_bytes() for name in FILES] == [capture.body for capture in THREE]
    assert run.lines()[0] == {
        "file": FILES[0],
        "service": "acme.example",
        "document": "Privacy Policy",
        "url": f"{archive.address}/web/20110203040506/{URL}",
        "original": URL,
        "digest": THREE[0].row()[4],
        "archive": "wayback",
        "observed_at": "2011-02-03T04:05:06+00:00",
    }
    assert [line["file"] for line in run.lines()] == FILES
    assert not (run.folder / PROBLEMS).exists()
    assert [(one.number, one.total, one.outcome) for one in seen] == [(n, 3, "fetched") for n in (1, 2, 3)]


def test_what_is_asked_and_how_politely(run: Fetcher, archive: FakeArchive, waits: list[float]) -> None:
    run(since="2011", until="2013-02-28")
    assert archive.asked == ["cdx", *(archive.path(capture) for capture in THREE)]
    assert archive.questions == [
        {
            "url": URL,
            "output": "json",
            "fl": "timestamp,original,mimetype,statuscode,digest,length",
            "filter": "statuscode:200",
            "collapse": "digest",
            "from": "2011",
            "to": "20130228",
            "limit": "5000",
            "showResumeKey": "true",
        }
    ]
    assert waits == [1.5, 1.5, 1.5]
    (agent,) = archive.agents
    assert agent.startswith("smallprint")


def test_the_pause_is_the_callers(run: Fetcher, waits: list[float]) -> None:
    run(pause=4)
    assert waits == [4, 4, 4]


@pytest.mark.parametrize(
    ("keys", "pywb", "expected"),
    [
        (True, False, [{"resumeKey": None, "from": None}, {"resumeKey": "2", "from": None}]),
        (False, False, [{"resumeKey": None, "from": None}, {"resumeKey": None, "from": STAMPS[1]}]),
        (False, True, [{"resumeKey": None, "from": None}, {"resumeKey": None, "from": STAMPS[1]}]),
    ],
    ids=["keys", "no keys", "pywb"],
)
def test_a_long_list_comes_in_pages(
    run: Fetcher, archive: FakeArchive, keys: bool, pywb: bool, expected: list[dict[str, str | None]]
) -> None:
    archive.keys, archive.pywb = keys, pywb
    options = {"server": f"{archive.address}/web/cdx"} if pywb else {}
    assert run(page_size=2, **options).fetched == 3
    assert archive.bodies_asked == STAMPS
    # Without keys the last page is full as well, so that there may be more: nothing new comes, and that is the end.
    extra = [] if keys else [{"resumeKey": None, "from": STAMPS[2]}]
    asked = [{name: one.get(name) for name in ("resumeKey", "from")} for one in archive.questions]
    assert asked == expected + extra


# Two captures of each moment: without keys, a page must hold more than one moment.
@given(st.integers(0, 12), st.integers(3, 5), st.booleans())
def test_pages_hold_each_capture_once(count: int, page_size: int, keys: bool) -> None:
    """However long the pages are, and whether or not the server knows keys."""
    stored = [Stored(f"20110203{n // 2:06d}", b"x", original=f"{URL}/{n}") for n in range(count)]
    rows = [["timestamp", "original"], *([one.timestamp, one.original] for one in stored)]

    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        left = [row for row in rows[1:] if row[0] >= asked.get("from", "")]
        first = int(asked.get("resumeKey", "0"))
        part = left[first : first + page_size]
        more: list[Any] = [[], [str(first + page_size)]] if keys and first + page_size < len(left) else []
        return reply([rows[0], *part, *more])

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        visitor = Visitor(client, sleep=lambda seconds: None)
        found = list(list_captures(visitor, Server.at("http://archive.example"), URL, page_size=page_size))
    assert [one.original for one in found] == [one.original for one in stored]


def test_a_list_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.archives.wayback.captures.MAX_PAGES", 4)
    page = [["timestamp", "original"], [STAMPS[0], URL], [], ["on and on"]]
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return reply(page)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        visitor = Visitor(client, sleep=lambda seconds: None)
        with pytest.raises(RefusedError, match="its list of captures does not end"):
            list(list_captures(visitor, Server.at("http://archive.example"), URL))
    assert len(asked) == 4


def test_a_second_run_asks_for_nothing_that_is_there(run: Fetcher, archive: FakeArchive) -> None:
    run()
    before = run.lines()
    archive.captures += years("one", "two", "three", "four")[3:]
    archive.asked.clear()
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=1, there=3)
    assert archive.asked == ["cdx", archive.path(archive.captures[3])]
    assert run.lines()[:3] == before


def test_a_run_that_failed_goes_on_where_it_stopped(run: Fetcher, archive: FakeArchive, waits: list[float]) -> None:
    second = archive.path(THREE[1])
    archive.troubles[second] = [hang_up] * 3
    with pytest.raises(
        WaybackError,
        match=rf"^cannot go on reading 127\.0\.0\.1:{archive.port}: the connection fails \(.+\); "
        rf"1 of 3 captures are in {run.folder}, and the same command goes on$",
    ):
        run(tries=3)
    assert archive.asked == ["cdx", archive.path(THREE[0]), second, second, second]
    assert waits == [1.5, 1.5, 4, 8]
    assert (run.files(), len(run.lines())) == (FILES[:1], 1)
    (problem,) = run.lines(PROBLEMS)
    assert (problem["again"], problem["reason"][:14]) == (True, "after 3 tries:")
    archive.asked.clear()
    # What failed comes last, so that one capture that cannot be had holds up nothing.
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, there=1)
    assert archive.asked == ["cdx", archive.path(THREE[2]), second]
    assert run.files() == FILES
    assert run.lines(PROBLEMS) == []


def test_a_capture_that_never_comes_holds_up_nothing(run: Fetcher, archive: FakeArchive) -> None:
    archive.troubles[archive.path(THREE[0])] = [hang_up] * 20
    for have in (0, 2):
        with pytest.raises(WaybackError, match=f"; {have} of 3 captures are in "):
            run(tries=2)
    assert run.files() == FILES[1:]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (status(429, Retry_After="7"), 7.0),
        (status(429), 60.0),
        (status(429, Retry_After="nonsense"), 60.0),
        (status(503, Retry_After="9"), 9.0),
        (status(503, Retry_After="1"), 4.0),
        (status(503), 4.0),
        (status(500), 4.0),
        (status(504, Retry_After="-5"), 4.0),
        (lambda handler: late(handler, "Wed, 21 Oct 2015 07:28:30 GMT"), 30.0),
        (lambda handler: late(handler, "Wed, 21 Oct 2015 07:00:00 GMT"), 4.0),
        (lambda handler: late(handler, "Wed, 21 Oct 2015 07:28:30"), 4.0),
        (hang_up, 4.0),
        (break_off, 4.0),
    ],
    ids=[
        *("429 and 7 s", "429", "429 and nonsense", "503 and 9 s", "503 and 1 s", "503", "500", "504 and -5 s"),
        *("a date", "a past date", "a date without zone", "hung up", "broken off"),
    ],
)
def test_a_server_in_trouble_is_given_time(
    run: Fetcher, archive: FakeArchive, waits: list[float], trouble: Any, expected: float
) -> None:
    first = archive.path(THREE[0])
    archive.troubles[first] = [trouble]
    assert run(limit=1).fetched == 1
    assert archive.asked == ["cdx", first, first]
    assert waits == [1.5, expected]
    assert (run.folder / FILES[0]).read_bytes() == THREE[0].body


def late(handler: Any, until: str) -> None:
    """Ask to come back at a date, by the server's own clock."""
    handler.date_time_string = lambda timestamp=None: "Wed, 21 Oct 2015 07:28:00 GMT"
    send(handler, 503, Retry_After=until)


def test_waits_grow_and_end(run: Fetcher, archive: FakeArchive, waits: list[float]) -> None:
    archive.troubles["cdx"] = [status(503)] * 9
    with pytest.raises(
        WaybackError,
        match=rf"^cannot list the captures of {URL} at 127\.0\.0\.1:{archive.port}: it answers with HTTP status 503; "
        r"nothing is lost: run the same command again later$",
    ):
        run()
    assert waits == [4, 8, 16, 32]
    assert archive.asked == ["cdx"] * 5


def test_each_wait_for_another_try_is_told(run: Fetcher, archive: FakeArchive) -> None:
    told: list[str] = []
    archive.troubles["cdx"] = [status(503)]
    archive.troubles[archive.path(THREE[0])] = [status(429, Retry_After="90")]
    assert run(limit=1, told=told.append).fetched == 1
    assert told == [
        f"127.0.0.1:{archive.port}: it answers with HTTP status 503; asked again in 4 seconds, try 2 of 5",
        f"127.0.0.1:{archive.port}: it says that there were too many requests; asked again in 90 seconds, try 2 of 5",
    ]


def test_too_many_requests_end_the_run_and_are_no_fault_of_the_capture(run: Fetcher, archive: FakeArchive) -> None:
    archive.troubles[archive.path(THREE[1])] = [status(429, Retry_After="2")] * 5
    with pytest.raises(WaybackError, match=r"too many requests; 1 of 3 captures are in "):
        run()
    assert run.lines(PROBLEMS) == []
    assert run().fetched == 2


def test_a_server_that_wants_an_hour_is_left_alone(run: Fetcher, archive: FakeArchive, waits: list[float]) -> None:
    archive.troubles[archive.path(THREE[1])] = [status(503, Retry_After="3600")]
    with pytest.raises(WaybackError, match=r"it asks to be left alone for 60 minutes; 1 of 3 captures are in "):
        run()
    assert waits == [1.5, 1.5]
    assert run.lines(PROBLEMS) == []


def test_one_broken_capture_is_left_out_and_two_in_a_row_end_the_run(run: Fetcher, archive: FakeArchive) -> None:
    archive.troubles[archive.path(THREE[1])] = [status(500)] * 2
    assert run(tries=2) == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, failed=1)
    assert run.reasons() == {"2012": "after 2 tries: it answers with HTTP status 500"}
    archive.captures += years("one", "two", "three", "four")[3:]
    for capture in (THREE[1], archive.captures[3]):
        archive.troubles[archive.path(capture)] = [status(502)] * 2
    with pytest.raises(WaybackError, match=r"HTTP status 502; 2 of 4 captures are in "):
        run(tries=2)


def test_no_server_at_all(run: Fetcher, waits: list[float]) -> None:
    with pytest.raises(WaybackError, match=rf"^cannot list the captures of {URL} at 127\.0\.0\.1:9: the connection"):
        run(server="http://127.0.0.1:9")
    assert waits == [4, 8, 16, 32]


def test_a_server_that_is_silent(run: Fetcher) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("timed out")

    with (
        httpx.Client(transport=httpx.MockTransport(silent)) as client,
        pytest.raises(WaybackError, match=r"it does not answer in time \(timed out\); nothing is lost"),
    ):
        run(client=client)


def test_an_answer_that_trickles_in_is_given_up(run: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "LONGEST_REPLY", -1.0)
    with pytest.raises(WaybackError, match="the answer took longer than -1 seconds"):
        run()


def test_bytes_that_are_there_are_not_fetched_twice(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures = years("one", "two", "one", "one", "two")
    # The fourth is the same as the third: no change.
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, same=2)
    assert archive.bodies_asked == STAMPS[:2]
    assert [line["file"] for line in run.lines()] == [FILES[0], FILES[1], FILES[0], FILES[1]]
    assert [line["observed_at"][:4] for line in run.lines()] == ["2011", "2012", "2013", "2015"]


def test_captures_without_a_digest_are_all_fetched(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures = [replace(capture, digest="-") for capture in years("one", "one")]
    assert run().fetched == 2


def test_bytes_whose_file_was_removed_are_fetched_again(run: Fetcher, archive: FakeArchive) -> None:
    run(limit=1)
    (run.folder / FILES[0]).unlink()
    archive.captures = years("one", "two", "one")
    assert run().fetched == 2
    assert run.files() == FILES[1:]


def picture(capture: Stored, kind: str = "image/png") -> Stored:
    """Return a capture that is a picture."""
    return replace(capture, mimetype=kind, content_type=kind)


@pytest.mark.parametrize(
    ("change", "reason", "asked"),
    [
        ({"mimetype": "image/png"}, "it is not a document but image/png", False),
        ({"content_type": "image/png"}, "it is not a document but image/png", True),
        ({"content_type": "application/json", "mimetype": "unk"}, "it is not a document but application/json", True),
        (
            {"content_type": None, "mimetype": "warc/revisit", "body": b"\x89PNG\x00<"},
            "the archive does not say what it is, and it does not look like a web page",
            True,
        ),
        ({"body": b""}, "its body is empty", True),
        ({"body": b" \n\t"}, "its body is empty", True),
        ({"body": b"x" * 10_000_001}, "its body is over 10 MB", True),
        ({"body": gzip.compress(b"x" * 10_000_001), "coding": "gzip"}, "its body is over 10 MB", True),
        ({"body": gzip.compress(b"x" * 10_000_001)}, "its body is over 10 MB", True),
        ({"body": gzip.compress(b"<html>")[:-9], "coding": "gzip"}, "its compressed body is damaged", True),
        ({"coding": "br"}, "its body is compressed in a way that is not read: 'br'", True),
    ],
    ids=[
        *("picture, listed", "picture, given", "JSON", "picture of no type", "empty", "white space", "big", "bomb"),
        *("hidden bomb", "torn", "br"),
    ],
)
def test_what_is_no_document_is_left_out_with_its_reason(
    run: Fetcher, archive: FakeArchive, change: dict[str, Any], reason: str, asked: bool
) -> None:
    archive.captures[1] = replace(THREE[1], **change)
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, refused=1)
    assert run.reasons() == {"2012": reason}
    assert run.lines(PROBLEMS)[0]["url"] == f"{archive.address}/web/{STAMPS[1]}/{URL}"
    assert run.files() == [FILES[0], FILES[2]]
    assert archive.bodies_asked == (STAMPS if asked else [STAMPS[0], STAMPS[2]])
    archive.asked.clear()
    # It would be the same another time.
    assert (run().refused, archive.asked) == (1, ["cdx"])
    assert len(run.lines(PROBLEMS)) == 1


def test_a_body_of_ten_megabytes_is_taken(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures = [replace(THREE[0], body=b"x" * 10_000_000)]
    assert run().fetched == 1


def test_a_body_of_unknown_length_is_counted_while_it_comes(run: Fetcher, archive: FakeArchive) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 100_000)
        except OSError:
            pass

    archive.troubles[archive.path(THREE[0])] = [endless]
    assert run(limit=1).refused == 1
    assert run.reasons() == {"2011": "its body is over 10 MB"}


def test_refused_bytes_are_not_asked_for_under_another_date(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures = [replace(one, content_type="image/png") for one in years("one")] + years("one", "two", "one")[1:]
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=1, refused=2)
    assert archive.bodies_asked == STAMPS[:2]
    assert run.reasons() == dict.fromkeys(("2011", "2013"), "it is not a document but image/png")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://localhost:{port}/web/20120203040506id_/x", "the archive redirects to another host: localhost"),
        ("https://127.0.0.1:{port}/web/20120203040506id_/x", "the archive redirects to another host: 127.0.0.1"),
        ("//evil.example/", "the archive redirects to another host: evil.example"),
        ("ftp://127.0.0.1/x", "the archive redirects to another host: 127.0.0.1"),
        ("http://acme.example:x/", "the archive redirects to a malformed address"),
        ("/web/20130203040506id_/https://acme.example/privacy", "the archive redirects to another capture"),
        ("/web/20120203040506/https://acme.example/privacy", "the archive redirects to another capture"),
        ("/login", "the archive redirects to another capture"),
    ],
)
def test_redirects_that_lead_elsewhere_are_not_followed(
    run: Fetcher, archive: FakeArchive, location: str, reason: str
) -> None:
    location = location.replace("{port}", str(archive.port))
    archive.troubles[archive.path(THREE[1])] = [status(302, Location=location)]
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, refused=1)
    assert run.reasons() == {"2012": reason}
    assert archive.bodies_asked == STAMPS
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=1, there=2)
    assert run.lines(PROBLEMS) == []


def test_redirects_within_a_capture_are_followed_a_few_times(run: Fetcher, archive: FakeArchive) -> None:
    path = archive.path(THREE[0])
    archive.captures.append(Stored(STAMPS[0], b"<html>moved", original=f"{URL}/"))
    archive.troubles[path] = [status(301, Location=f"{path}/")]
    assert run(limit=1).fetched == 1
    assert (run.folder / FILES[0]).read_bytes() == b"<html>moved"
    archive.troubles[archive.path(THREE[1])] = [status(302, Location=archive.path(THREE[1]))] * 9
    run(limit=2)
    assert run.reasons() == {"2012": "the archive redirects more than 5 times"}


def test_a_capture_that_the_archive_does_not_give_is_asked_for_again(run: Fetcher, archive: FakeArchive) -> None:
    archive.troubles[archive.path(THREE[1])] = [status(304), status(404), status(403)]
    assert run().refused == 1
    assert run.reasons() == {"2012": "the archive answers with HTTP status 304"}
    assert run().refused == 1
    assert run.reasons() == {"2012": "the archive answers with HTTP status 404"}
    assert run().refused == 1
    assert run.reasons() == {"2012": "the archive answers with HTTP status 403"}
    assert run().fetched == 1
    assert run.lines(PROBLEMS) == []


@pytest.mark.parametrize(
    ("original", "reason"),
    [
        ("https://acme.example/../../etc/passwd", "it has '.' or '..' as a part of its path"),
        ("https://acme.example/%2e%2E/passwd", "it has '.' or '..' as a part of its path"),
        ("https://acme.example/..%5Cpasswd", "it has '.' or '..' as a part of its path"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
        ("../../etc/passwd", "it does not begin with http:// or https://"),
        ("http://me:secret@acme.example/", "it has a user name or password in it"),
        ("https://acme.example/\x1b[2Jx", "it has spaces or control characters"),
        ("https://acme.example/" + "a" * MAX_LENGTH, f"it has more than {MAX_LENGTH} characters"),
    ],
)
def test_hostile_addresses_in_the_list_are_not_asked_for(
    run: Fetcher, archive: FakeArchive, original: str, reason: str
) -> None:
    archive.captures[1] = replace(THREE[1], original=original)
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, refused=1)
    assert run.reasons() == {"2012": f"the archive lists an address that is not asked for: {reason}"}
    assert archive.bodies_asked == [STAMPS[0], STAMPS[2]]
    assert run.files() == [FILES[0], FILES[2]]


@pytest.mark.parametrize("timestamp", ["../../../../x", "20121303040506", "2012", "00010101000000", "２０１２"])
def test_moments_that_are_none_are_not_asked_for(run: Fetcher, archive: FakeArchive, timestamp: str) -> None:
    archive.captures[1] = replace(THREE[1], timestamp=timestamp)
    assert run() == Fetched("acme.example", "Privacy Policy", run.folder, fetched=2, refused=1)
    (problem,) = run.lines(PROBLEMS)
    assert problem["reason"].startswith("the archive lists a moment ")
    assert archive.bodies_asked == [STAMPS[0], STAMPS[2]]


@pytest.mark.parametrize(
    "original",
    [
        "http://acme.example:80/privacy",
        "https://acme.example/Datenschutzerklärung/プライバシー",
        "https://acme.example/p?a=1&next=../../x#top",
        "https://acme.example//privacy//x",
        "https://acme.example/" + "a" * 3000,
    ],
)
def test_odd_addresses_are_asked_for_as_they_are(run: Fetcher, archive: FakeArchive, original: str) -> None:
    archive.captures = [replace(THREE[0], original=original)]
    assert run().fetched == 1
    assert run.files() == FILES[:1]
    assert run.lines()[0]["original"] == original


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>log in</html>", "what it answers is not a list of captures"),
        (b"[[1, 2], [3, 4]]", "what it answers is not a list of captures"),
        (b'[["timestamp", "original"], ["20110203040506"]]', "what it answers is not a list of captures"),
        (b'[["timestamp", "original"], 5]', "what it answers is not a list of captures"),
        (b"[5]", "what it answers is not a list of captures"),
        (b'[["timestamp", "original"], [], {"key": 1}]', "what it answers is not a list of captures"),
        (b'{"message": "no"}', "what it answers is not a list of captures"),
        (b'"word"', "what it answers is not a list of captures"),
        (b"\xff\xfe", "what it answers is not a list of captures"),
        (b"[" * 100_000, "what it answers is not a list of captures"),
        (b"[" + b" " * 32_000_000, "its body is over 32 MB"),
    ],
)
def test_answers_that_are_no_lists(run: Fetcher, archive: FakeArchive, body: bytes, reason: str) -> None:
    archive.troubles["cdx"] = [lambda handler: send(handler, 200, body)]
    with pytest.raises(WaybackError, match=rf": {reason}; nothing is lost"):
        run()


def test_a_list_that_is_forbidden(run: Fetcher, archive: FakeArchive) -> None:
    archive.troubles["cdx"] = [lambda handler: send(handler, 403, b"Blocked\n\x1b[2J Site" + b"x" * 500)]
    with pytest.raises(WaybackError, match=r"it answers with HTTP status 403: Blocked \?\[2J Sitex+\.\.\.; nothing"):
        run()


def test_a_page_that_was_never_archived(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures.clear()
    for body in (b"[]", b"", b" \n", b'[["timestamp","original"]]'):
        archive.troubles["cdx"] = [lambda handler, body=body: send(handler, 200, body)]
        with pytest.raises(DocumentError, match=rf"^there are none of the captures of {URL} at .*; look whether"):
            run()


def test_captures_of_a_month_or_a_year_are_the_last_of_it(run: Fetcher, archive: FakeArchive) -> None:
    stamps = ["20110103000000", "20110120000000", "20110301000000", "20111231000000", "20120101000000"]
    archive.captures = [Stored(stamp, f"<p>{n}".encode()) for n, stamp in enumerate(stamps)]
    archive.captures[3] = picture(archive.captures[3])
    assert run(every="year").fetched == 2
    assert archive.bodies_asked == [stamps[2], stamps[4]]
    archive.asked.clear()
    assert run(every="month", limit=2) == Fetched("acme.example", "Privacy Policy", run.folder, fetched=1, there=1)
    assert archive.bodies_asked == [stamps[1]]


@given(
    st.lists(st.tuples(st.integers(2010, 2012), st.integers(1, 12), st.integers(1, 28), st.sampled_from("abc"))),
    st.sampled_from(["month", "year"]),
)
def test_what_is_kept_of_a_period_is_what_holds_at_its_end(days: list[tuple[int, int, int, str]], every: Every) -> None:
    """At the end of each month or year, the last kept capture has the bytes of the last capture of all."""
    all_of_them = [Capture(f"{y}{m:02d}{d:02d}000000", URL, digest=digest) for y, m, d, digest in sorted(days)]
    kept = list(thinned(all_of_them, every))
    digits = 6 if every == "month" else 4
    periods = [one.timestamp[:digits] for one in kept]
    assert periods == sorted(set(periods))
    for end in {one.timestamp[:digits] for one in all_of_them}:
        last = [[one for one in some if one.timestamp[:digits] <= end][-1].digest for some in (all_of_them, kept)]
        assert last[0] == last[1]


def test_a_limit_takes_the_earliest(run: Fetcher, archive: FakeArchive) -> None:
    assert run(limit=2, page_size=2).fetched == 2
    assert archive.asked == ["cdx", *(archive.path(capture) for capture in THREE[:2])]


def test_captures_outside_the_time_are_not_taken(run: Fetcher, archive: FakeArchive) -> None:
    # The archive of this test knows nothing of "to".
    assert run(since="2011-02-04", until="2012-02").fetched == 1
    assert archive.bodies_asked == [STAMPS[1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "acme.example/privacy"}, "cannot ask for acme.example/privacy: it does not begin with http:// or"),
        ({"url": "ftp://acme.example/"}, "it does not begin with http:// or https://; give the address of one page"),
        ({"url": "https://"}, "it names no host"),
        ({"url": "https://acme.example:x/"}, "it is malformed"),
        ({"url": "https://[acme/"}, "it is malformed"),
        ({"url": "https://acme.example/a b"}, "it has spaces or control characters"),
        ({"url": "https://acme.example/\x1b]0;"}, r"cannot ask for https://acme\.example/\?\]0;: it has spaces or"),
        ({"url": "https://acme.example/\ud800"}, "it has spaces or control characters"),
        ({"url": "https://me@acme.example/"}, "it has a user name or password in it"),
        ({"url": "https://acme.example/a/../b"}, "it has '.' or '..' as a part of its path"),
        ({"url": "https://acme.example/*"}, r"with '\*' it stands for many pages"),
        ({"url": "https://*.acme.example/"}, r"with '\*' it stands for many pages"),
        ({"url": "https://acme.example/" + "a" * 5000}, r"a{100,}\.\.\.: it has more than 4000 characters"),
        ({"server": "archive"}, "archive cannot be the address of an archive: it does not begin with http"),
        ({"server": "http://archive.example/cdx?x=1"}, "cannot be the address of an archive: it has a question mark"),
        ({"since": "16"}, "'16' is not a date; give YYYY, YYYY-MM or YYYY-MM-DD"),
        ({"since": "2016-13"}, "'2016-13' is not a date"),
        ({"until": "2016-02-30"}, "'2016-02-30' is not a date"),
        ({"until": "٢٠١٦"}, "is not a date"),
        ({"since": "2016-05", "until": "2016-04"}, "2016-05 is later than 2016-04"),
        ({"since": "2016-05-02", "until": "2015"}, "2016-05-02 is later than 2015"),
        ({"every": "week"}, "captures are taken every all, month, year, not 'week'"),
        ({"limit": 0}, "give a pause of 0 seconds or more, and a limit and tries of 1 or more"),
        ({"pause": -1}, "give a pause of 0 seconds or more"),
        ({"pause": float("nan")}, "give a pause of 0 seconds or more"),
        ({"tries": 0}, "give a pause of 0 seconds or more"),
        ({"service": " "}, "' ' is no name for a service or document"),
        ({"service": "a\nb"}, r"'a\?b' is no name for a service or document"),
        ({"document": "x" * 201}, "is no name for a service or document"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_asked(
    run: Fetcher, archive: FakeArchive, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(DocumentError, match=message) as error:
        run(**options)
    assert "\n" not in str(error.value)
    assert archive.asked == []
    assert not run.folder.exists()


def test_a_span_within_one_year_or_day_is_taken(run: Fetcher) -> None:
    assert run(since="2012-02-03", until="2012").fetched == 1
    assert run(since="2012", until="2012-02-03").there == 1


def test_a_fragment_is_not_sent(run: Fetcher, archive: FakeArchive) -> None:
    run(url=f"{URL}#cookies", limit=1)
    assert archive.questions[0]["url"] == URL


def test_a_file_in_the_place_of_the_folder(run: Fetcher) -> None:
    run.folder.write_text("mine")
    with pytest.raises(DocumentError, match=r"out is a file; give a folder for the captures$"):
        run()
    assert run.folder.read_text() == "mine"


@pytest.mark.parametrize("cut", [1, 5, 40, 250])
def test_a_torn_line_is_removed_and_its_capture_fetched_again(run: Fetcher, archive: FakeArchive, cut: int) -> None:
    run()
    whole = (run.folder / MANIFEST).read_bytes()
    lines = whole.splitlines(keepends=True)
    torn = lines[2][: -cut - 1] if cut > 1 else lines[2][:-1]
    (run.folder / MANIFEST).write_bytes(b"".join(lines[:2]) + torn)
    archive.asked.clear()
    done = run()
    # Only the line break was lost: the line says all that it should.
    assert (done.there, done.fetched) == ((3, 0) if cut == 1 else (2, 1))
    assert archive.bodies_asked == ([] if cut == 1 else [STAMPS[2]])
    assert (run.folder / MANIFEST).read_bytes() == whole
    assert run.files() == FILES


def test_a_torn_list_of_problems_is_repaired(run: Fetcher, archive: FakeArchive) -> None:
    archive.captures[1] = picture(THREE[1])
    run()
    whole = (run.folder / PROBLEMS).read_bytes()
    (run.folder / PROBLEMS).write_bytes(whole + whole[:30])
    run()
    assert (run.folder / PROBLEMS).read_bytes() == whole


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"5", b"[]", b"{}", b'{"file": "x"}', b"\xff", b"[" * 100_000),
        b'{"file": 5, "service": "A", "document": "D", "url": "u"}',
        b'{"file": "x", "service": "A", "document": "D", "url": "u", "digest": []}',
    ],
)
def test_a_damaged_manifest_is_named_and_kept(run: Fetcher, archive: FakeArchive, line: bytes) -> None:
    run()
    first, *rest = (run.folder / MANIFEST).read_bytes().splitlines(keepends=True)
    damaged = first + b"\n" + line + b"\n" + b"".join(rest)
    (run.folder / MANIFEST).write_bytes(damaged)
    archive.asked.clear()
    with pytest.raises(DocumentError, match=r"manifest\.jsonl, line 3, does not describe a capture; correct or remove"):
        run()
    assert (run.folder / MANIFEST).read_bytes() == damaged
    assert archive.asked == []


def test_a_run_killed_between_file_and_line_leaves_nothing_double(
    run: Fetcher, archive: FakeArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(folders, "_append", killed)
        run()
    assert (run.files(), run.lines()) == (FILES[:1], [])
    assert run().fetched == 3
    assert run.files() == FILES


def test_a_run_killed_while_it_writes_leaves_no_half_file(run: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", killed)
        run()
    assert (run.files(), run.lines()) == ([], [])
    assert run().fetched == 3


def test_two_pages_of_one_service_at_the_same_moment(run: Fetcher, archive: FakeArchive) -> None:
    terms = "https://acme.example/terms"
    run(service="Acme", limit=1)
    archive.captures = [Stored(STAMPS[0], b"<p>terms", original=terms)]
    run(url=terms, service="Acme", document="Terms of Service")
    assert [(line["file"], line["service"], line["document"]) for line in run.lines()] == [
        ("Acme/2011-02-03-040506.html", "Acme", "Privacy Policy"),
        ("Acme/2011-02-03-040506-2.html", "Acme", "Terms of Service"),
    ]
    assert (run.folder / "Acme/2011-02-03-040506-2.html").read_bytes() == b"<p>terms"


def test_a_service_with_a_hostile_name_stays_in_the_folder(run: Fetcher, tmp_path: Path) -> None:
    run(service="../../Ac/me", limit=1)
    assert run.files() == ["_.._Ac_me/2011-02-03-040506.html"]
    assert run.lines()[0]["service"] == "../../Ac/me"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@given(st.text())
@example("..")
@example("../../x")
@example("CON")
@example("nul.txt")
@example("com1 .x")
@example("\ud800")
@example("a" * 300)
@example("é" * 300)
@example(".hidden")
def test_a_folder_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert name == Path(name).name
    assert 0 < len(name.encode()) <= 110
    assert not set('/\\:*?"<>|\x00') & set(name)
    assert name.isprintable()
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert name.partition(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


@pytest.mark.parametrize("name", ["Acme", "janrain.com", "A_b-c d", "Müller Söhne"])
def test_a_plain_name_is_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("kind", "body", "suffix"),
    [
        ("text/html; charset=iso-8859-1", b"x", ".html"),
        ("TEXT/HTML", b"x", ".html"),
        ("application/xhtml+xml", b"x", ".html"),
        ("text/plain", b"x", ".txt"),
        ("text/markdown", b"x", ".md"),
        ("application/pdf", b"x", ".pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"x", ".docx"),
        ("", b"%PDF-1.4", ".pdf"),
        ("application/octet-stream", b"  <!doctype html>", ".html"),
    ],
)
def test_the_suffix_is_that_of_the_type(kind: str, body: bytes, suffix: str) -> None:
    assert suffix_of(kind, body) == suffix


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "x-gzip", "deflate", "raw", "gzip, deflate"]))
def test_a_compressed_body_is_what_it_was(body: bytes, coding: str) -> None:
    packed = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw": lambda data: zlib.compress(data)[2:-4],
        "gzip, deflate": lambda data: zlib.compress(gzip.compress(data)),
    }[coding](body)
    if not body.startswith(b"\x1f\x8b"):
        assert uncompressed(packed, coding.replace("raw", "deflate"), 2000) == body


@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "identity", "none"])
def test_a_header_over_a_body_that_is_not_compressed(coding: str) -> None:
    assert uncompressed(b"<html><p>plain</p></html>", coding, 100) == b"<html><p>plain</p></html>"


def test_a_compressed_list_is_read(run: Fetcher, archive: FakeArchive) -> None:
    rows = json.dumps([["timestamp", "original"], [STAMPS[0], URL]]).encode()
    archive.troubles["cdx"] = [lambda handler: send(handler, 200, gzip.compress(rows), Content_Encoding="gzip")]
    assert run().fetched == 1


@pytest.mark.parametrize(
    ("address", "cdx", "playback"),
    [
        ("https://web.archive.org", "https://web.archive.org/cdx/search/cdx", "https://web.archive.org/web"),
        ("https://web.archive.org/", "https://web.archive.org/cdx/search/cdx", "https://web.archive.org/web"),
        (
            "https://web.archive.org/cdx/search/cdx",
            "https://web.archive.org/cdx/search/cdx",
            "https://web.archive.org/web",
        ),
        ("http://localhost:8080/policies/cdx", "http://localhost:8080/policies/cdx", "http://localhost:8080/policies"),
    ],
)
def test_the_addresses_of_a_server(address: str, cdx: str, playback: str) -> None:
    server = Server.at(address)
    assert (server.cdx, server.playback) == (cdx, playback)
    assert str(server.raw("20110203040506", URL)) == f"{playback}/20110203040506id_/{URL}"
    assert server.page("20110203040506", URL) == f"{playback}/20110203040506/{URL}"


@given(st.text(max_size=60), st.sampled_from(["https://acme.example/", "http://acme.example:80/a?", ""]))
@example("%2e%2e/x", "https://acme.example/")
@example("\\..\\x", "https://acme.example/")
def test_an_address_that_passes_stays_below_its_capture(text: str, start: str) -> None:
    server = Server.at("http://archive.example")
    try:
        url = checked(start + text)
    except ValueError:
        return
    asked = server.raw("20110203040506", url)
    assert (asked.host, asked.fragment) == ("archive.example", "")
    assert server.is_raw(asked, "20110203040506")
    assert url.startswith(("http://", "https://"))


def test_a_list_in_the_format_of_pywb() -> None:
    lines = [
        {"timestamp": STAMPS[0], "url": URL, "mime": "text/html", "status": "200", "digest": "sha1:AA", "length": "9"},
        {"timestamp": STAMPS[1], "url": URL, "mime": None},
    ]
    page = read_page("\n".join(map(json.dumps, lines)).encode())
    assert page.captures == (
        Capture(STAMPS[0], URL, "text/html", "200", "AA"),
        Capture(STAMPS[1], URL),
    )
    assert page.captures[0].observed_at == datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_captures_with_another_status_are_passed_over() -> None:
    lines = [[stamp, URL, code] for stamp, code in zip(STAMPS, ("404", "-", "200"), strict=True)]
    rows = [["timestamp", "original", "statuscode"], *lines]
    transport = httpx.MockTransport(lambda request: reply(rows))
    with httpx.Client(transport=transport) as client:
        found = list(list_captures(Visitor(client), Server.at("http://archive.example"), URL))
    assert [one.timestamp for one in found] == STAMPS[1:]


def test_a_manifest_of_other_hands_is_added_to(tmp_path: Path) -> None:
    line = {"file": "a.md", "service": "A", "document": "D", "url": "u", "digest": None, "note": "mine"}
    (tmp_path / MANIFEST).write_text(json.dumps(line) + "\n")
    (record,) = CaptureFolder.open(tmp_path).records.values()
    assert (record.file, record.observed_at) == ("a.md", "")
    assert json.loads((tmp_path / MANIFEST).read_text()) == line
