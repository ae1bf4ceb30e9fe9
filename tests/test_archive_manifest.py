"""Tests of corpus.archives.manifest: what its lines say, and lines that are wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.archives.manifest import MANIFEST, Line, read_manifest
from corpus.archives.types import Unreadable

RECORD = {
    "file": "acme/2016.html",
    "service": "Acme/US",
    "document": "Privacy Policy",
    "url": "https://web.archive.org/web/20160531201556/http://acme.com/",
    "observed_at": "2016-05-31T22:15:56+02:00",
    "archive": "wayback",
    "digest": "ABC",
}


def write(folder: Path, *lines: Any) -> Path:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_without_a_manifest_has_no_lines(tmp_path: Path) -> None:
    assert list(read_manifest(tmp_path)) == []


def test_a_line_is_read_and_its_time_is_in_utc(tmp_path: Path) -> None:
    when = datetime(2016, 5, 31, 20, 15, 56, tzinfo=UTC)
    full = Line("acme/2016.html", "Acme/US", "Privacy Policy", when, RECORD["url"], "wayback")
    assert list(read_manifest(write(tmp_path, RECORD, "", {"file": "./b.md"}))) == [
        full,
        Line("b.md", None, None, None, None, None),
    ]


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    lines = list(
        read_manifest(write(tmp_path, *({"file": "a.md", "observed_at": f"2016-05-31{t}"} for t in ("", "T01:02Z"))))
    )
    assert [line.observed_at for line in lines if isinstance(line, Line)] == [
        datetime(2016, 5, 31, tzinfo=UTC),
        datetime(2016, 5, 31, 1, 2, tzinfo=UTC),
    ]


def test_a_month_or_a_year_is_its_beginning(tmp_path: Path) -> None:
    lines = read_manifest(write(tmp_path, *({"file": "a.md", "observed_at": when} for when in ("2016-05", "2016"))))
    assert [(line.observed_at, line.precision) for line in lines if isinstance(line, Line)] == [
        (datetime(2016, 5, 1, tzinfo=UTC), "month"),
        (datetime(2016, 1, 1, tzinfo=UTC), "year"),
    ]


def test_a_line_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    other = RECORD | {"observed_at": "2017-01-01"}
    assert len(list(read_manifest(write(tmp_path, RECORD, other, RECORD)))) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"file": "a.md", "serv', "Unterminated string"),
        ("[1]", "it is no JSON object"),
        ({"service": "Acme"}, "it has no 'file'"),
        ({"file": 3}, "'file' is no text"),
        ({"file": "../a.md"}, "'../a.md' leads out of the folder"),
        ({"file": "/etc/passwd"}, "'/etc/passwd' leads out of the folder"),
        ({"file": "a\0.md"}, r"'a\x00.md' leads out of the folder"),
        ({"file": "a.md", "observed_at": "yesterday"}, "Invalid isoformat string: 'yesterday'"),
        ({"file": "a.md", "observed_at": "2016-13"}, "month must be in 1..12"),
        (
            {"file": "a.md", "archive": "attic"},
            "'attic' is none of open-terms-archive, princeton-leuven, folder, wayback",
        ),
        ("[" * 100_000, ""),
    ],
)
def test_a_line_that_is_wrong_is_said_and_the_rest_is_read(tmp_path: Path, line: Any, reason: str) -> None:
    first, wrong, last = read_manifest(write(tmp_path, {"file": "a.md"}, line, {"file": "b.md"}))
    assert isinstance(first, Line) and isinstance(last, Line) and (first.file, last.file) == ("a.md", "b.md")
    assert isinstance(wrong, Unreadable) and wrong.reference == "manifest.jsonl:2"
    assert wrong.reason.startswith("this line does not say what a file is: " + reason)
    assert wrong.reason.endswith("; mend or delete it")
