"""Tests of `smallprint archive fetch`: what it asks, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest
from wayback_fakes import URL, FakeArchive, Stored, serving, status, years

from corpus.archives.wayback import MANIFEST, PROBLEMS
from corpus.archives.wayback.address import WAYBACK
from corpus.archives.wayback.captures import PERIODS
from corpus.archives.wayback.download import DOCUMENT
from corpus.archives.wayback.visit import PAUSE
from nlp import cli
from nlp.cli.fetch import fetch

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the command in its group, whatever else is in that, and go to no proxy."""
    monkeypatch.setitem(cli.smallprint.commands, "archive", click.Group("archive", commands=[fetch]))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def archive() -> Iterator[FakeArchive]:
    """Return a running archive with three captures, of which the last is as the first."""
    with serving(FakeArchive(years("one", "two", "one"))) as running:
        yield running


def arguments(archive: FakeArchive, folder: Path, *more: str) -> list[str]:
    """Return the arguments that fetch from an archive without pauses."""
    return ["archive", "fetch", URL, "--out", str(folder), "--server", archive.address, "--pause", "0", *more]


def test_what_was_done_and_what_to_do_next(
    archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "my captures"
    assert cli.main(arguments(archive, out)) == 0
    said = capsys.readouterr()
    assert said.out == (
        f"acme.example: 3 captures in {out} (2 fetched, 1 with the bytes of another); "
        f"next: smallprint archive import '{out}' --store STORE\n"
    )
    assert said.err == "3 of 3 captures\n"
    assert cli.main(arguments(archive, out, "--quiet")) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"acme.example: 3 captures in {out} (0 fetched, 3 there before); next: ")
    assert said.err == ""


def test_what_is_left_out_is_said(archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.captures[1] = replace(archive.captures[1], mimetype="image/\x1b[2Jpng")
    assert cli.main(arguments(archive, tmp_path)) == 0
    said = capsys.readouterr()
    assert f"(1 fetched, 1 with the bytes of another, 1 left out, see {tmp_path / PROBLEMS}); next: " in said.out
    assert said.err == f"left out 20120203040506 {URL}: it is not a document but image/?[2jpng\n3 of 3 captures\n"


def test_where_nothing_is_kept_there_is_nothing_to_import(
    archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.captures = [replace(archive.captures[0], body=b"")]
    assert cli.main(arguments(archive, tmp_path, "--quiet")) == 0
    assert capsys.readouterr().out == (
        f"acme.example: 0 captures in {tmp_path} (0 fetched, 1 left out, see {tmp_path / PROBLEMS}); "
        "next: another address\n"
    )


def test_lines_come_now_and_then(archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.captures = [Stored(f"201102030405{n:02d}", b"<p>x", digest=f"D{n % 2}") for n in range(55)]
    assert cli.main(arguments(archive, tmp_path)) == 0
    assert capsys.readouterr().err == "25 of 55 captures\n50 of 55 captures\n55 of 55 captures\n"


def test_the_outcome_as_json(archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = ("--service", "Acme", "--document", "Terms", "--json", "--quiet")
    assert cli.main(arguments(archive, tmp_path, *named)) == 0
    assert json.loads(capsys.readouterr().out) == {
        "service": "Acme",
        "document": "Terms",
        "folder": str(tmp_path),
        "fetched": 2,
        "same": 1,
        "there": 0,
        "refused": 0,
        "failed": 0,
    }
    lines = (tmp_path / MANIFEST).read_text(encoding="utf-8").splitlines()
    assert {(line["service"], line["document"]) for line in map(json.loads, lines)} == {("Acme", "Terms")}


def test_options_reach_the_archive(archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.captures += [Stored("20120401000000", b"<p>three"), Stored("20120501000000", b"<p>four")]
    chosen = ("--since", "2012-02", "--until", "2012", "--every", "month", "--limit", "2")
    archive.captures.sort(key=lambda one: one.timestamp)
    assert cli.main(arguments(archive, tmp_path, *chosen)) == 0
    assert archive.bodies_asked == ["20120203040506", "20120401000000"]
    (asked,) = archive.questions
    assert (asked["from"], asked["to"]) == ("201202", "2012")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--since", "lately"), "smallprint: 'lately' is not a date; give YYYY, YYYY-MM or YYYY-MM-DD\n"),
        (("--server", "nowhere"), "smallprint: nowhere cannot be the address of an archive: it does not begin with"),
        (("--limit", "0"), "smallprint: Invalid value for '--limit': 0 is not in the range x>=1."),
        (("--pause", "nan"), "smallprint: give a pause of 0 seconds or more"),
        (("--every", "week"), "smallprint: Invalid value for '--every': 'week' is not one of"),
    ],
)
def test_bad_input_is_one_line(
    archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], message: str
) -> None:
    assert cli.main(arguments(archive, tmp_path / "out", *more)) == cli.BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1
    assert archive.asked == []


def test_a_run_that_fails_says_how_far_it_got_and_another_goes_on(
    archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = archive.path(archive.captures[1])
    archive.troubles[second] = [status(503, Retry_After="7200")]
    assert cli.main(arguments(archive, tmp_path)) == cli.FAILED
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"smallprint: cannot go on reading 127.0.0.1:{archive.port}: it asks to be left alone for 120 minutes; "
        f"1 of 3 captures are in {tmp_path}, and the same command goes on\n"
    )
    archive.asked.clear()
    assert cli.main(arguments(archive, tmp_path, "--quiet")) == 0
    assert archive.asked == ["cdx", second]


def test_a_server_in_trouble_is_told_while_it_is_given_time(
    archive: FakeArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.archives.wayback.visit._BACKOFF", lambda state: 0.0)
    archive.troubles["cdx"] = [status(503)] * 6
    assert cli.main(arguments(archive, tmp_path)) == cli.FAILED
    said = capsys.readouterr().err.splitlines()
    place = f"127.0.0.1:{archive.port}"
    assert said == [
        *(
            f"smallprint: {place}: it answers with HTTP status 503; asked again in 0 seconds, try {n} of 5"
            for n in range(2, 6)
        ),
        f"smallprint: cannot list the captures of {URL} at {place}: it answers with HTTP status 503; nothing is lost: "
        "run the same command again later",
    ]
    assert cli.main(arguments(archive, tmp_path, "--quiet")) == 0
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(archive: FakeArchive, tmp_path: Path) -> None:
    archive.captures[1] = replace(archive.captures[1], mimetype="image/png")
    program = (
        "import sys, click; from nlp import cli; from nlp.cli.fetch import fetch; "
        "cli.smallprint.commands['archive'] = click.Group('archive', commands=[fetch]); sys.exit(cli.main())"
    )
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    command = [sys.executable, "-c", program, *arguments(archive, tmp_path)]
    done = subprocess.run(command, cwd=ROOT, stderr=theirs, stdout=subprocess.PIPE, text=True, timeout=120)
    os.close(theirs)
    shown = b""
    # A terminal whose other end is closed gives an error where a file would end.
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass
    os.close(ours)
    assert done.returncode == 0
    assert done.stdout.startswith("acme.example: 2 captures in ")
    assert b"3/3" in shown
    assert f"smallprint: left out 20120203040506 {URL}: it is not a document but image/png".encode() in shown


def test_the_defaults_are_those_of_the_library() -> None:
    options = {one.name: one for one in fetch.params}
    assert (options["server"].default, options["pause"].default) == (WAYBACK, PAUSE)
    assert (options["document"].default, options["every"].default) == (DOCUMENT, "all")
    kind = options["every"].type
    assert isinstance(kind, click.Choice)
    assert tuple(kind.choices) == tuple(PERIODS)
