"""Tests of corpus.archives.princeton: the archivist's note, where policies lie, and a git history of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from archive_fakes import History, note, shown

from corpus.archives.princeton import domain_of, note_of, observed_at, read_princeton
from corpus.archives.types import Version
from corpus.types import ArchiveRecord, DocumentError


@pytest.mark.parametrize("opening", ["", "\ufeff", "\n\n", "\r\n"])
def test_a_note_is_read(opening: str) -> None:
    found = note_of(opening + note())
    assert found is not None
    assert (found.domain, found.archived_on.isoformat()) == ("acme.com", "2016-05-31")
    assert found.url == "https://web.archive.org/web/20160531201556id_/http%3A//acme.com/privacy"


@pytest.mark.parametrize("text", ["", "# Privacy\n", "> Something else\n", note(day="2016-13-31"), "Words. " + note()])
def test_a_text_without_a_note_has_none(text: str) -> None:
    assert note_of(text) is None


@pytest.mark.parametrize(
    ("day", "stamp", "found"),
    [
        ("2016-05-31", "20160531201556", datetime(2016, 5, 31, 20, 15, 56, tzinfo=UTC)),
        ("2016-05-31", "20160601000000", datetime(2016, 5, 31, tzinfo=UTC)),
        ("2016-05-31", "20160531999999", datetime(2016, 5, 31, tzinfo=UTC)),
        ("2016-05-31", "2016", datetime(2016, 5, 31, tzinfo=UTC)),
    ],
)
def test_the_time_is_that_of_the_address_if_it_is_of_the_same_day(day: str, stamp: str, found: datetime) -> None:
    read = note_of(note(day=day, stamp=stamp))
    assert read is not None and observed_at(read) == found
    assert observed_at(ArchiveRecord("acme.com", read.archived_on)) == datetime(2016, 5, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "domain"),
    [
        ("j/ja/jan/janrain.com.md", "janrain.com"),
        ("deep/er/j/ja/jan/janrain.com.md", "janrain.com"),
        ("j/ja/jan/janrain.com.2016-05-31.md", "janrain.com"),
        ("J/Ja/jan/JanRain.com.md", "JanRain.com"),
        ("1/16/163/163.com.md", "163.com"),
        ("j/ja/jam/janrain.com.md", None),
        ("ja/jan/janrain.com.md", None),
        ("j/ja/jan/janrain.com.html", None),
        ("janrain.com.md", None),
        ("j/ja/jan/.md", None),
    ],
)
def test_a_domain_is_told_from_the_folders_that_spell_it(path: str, domain: str | None) -> None:
    assert domain_of(path) == domain


def test_a_history_is_read_with_the_dates_of_the_notes(tmp_path: Path) -> None:
    history = History(tmp_path / "a.git")
    history.commit("readme", {"README.md": "About"})
    one, two = note(day="2016-05-31"), note(day="2012-01-02", stamp="20120102030405")
    first = history.commit(
        "2016", {"a/ac/acm/acme.com.md": one, "b/bo/bol/bolt.com.md": note("bolt.com")}, date="2020-01-01"
    )
    second = history.commit("2012", {"a/ac/acm/acme.com.md": two}, date="2019-01-01")

    found = list(read_princeton(history.repository))

    assert shown(found) == [
        ("acme.com", "Privacy Policy", "2016-05-31", one),
        ("bolt.com", "Privacy Policy", "2016-05-31", note("bolt.com")),
        ("acme.com", "Privacy Policy", "2012-01-02", two),
    ]
    last = found[-1]
    assert isinstance(last, Version)
    assert last.reference == f"{second}:a/ac/acm/acme.com.md" and last.subject == "2012" and last.warnings == ()
    assert last.url == "https://web.archive.org/web/20120102030405id_/http%3A//acme.com/privacy"
    assert last.archive == "princeton-leuven" and first != second
    assert [item[0] for item in shown(list(read_princeton(history.repository, services=["BOLT.com"])))] == ["bolt.com"]


def test_a_policy_without_its_note_has_the_date_of_the_commit_and_a_warning(tmp_path: Path) -> None:
    history = History(tmp_path / "a.git")
    history.commit(
        "x", {"a/ac/acm/acme.com.md": "# Policy", "b/bo/bol/bolt.com.md": note("volt.com")}, date="2018-02-03"
    )
    one, two = read_princeton(history.repository)
    assert isinstance(one, Version) and isinstance(two, Version)
    assert one.observed_at == datetime(2018, 2, 3, tzinfo=UTC) and one.url is None
    assert one.warnings == ("it has no note of when it was archived; its date is that of the commit",)
    assert (two.service, two.warnings) == ("bolt.com", ("its note says that it is of 'volt.com'",))


def test_a_history_without_policies_is_refused(tmp_path: Path) -> None:
    history = History(tmp_path / "a.git")
    history.commit("x", {"a.txt": "text"})
    with pytest.raises(DocumentError, match=r"holds no policies of the form j/ja/jan/janrain\.com\.md"):
        list(read_princeton(history.repository))
