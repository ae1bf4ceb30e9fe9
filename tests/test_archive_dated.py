"""Tests of corpus.archives.dated: folders of dated files, with what is wrong with some of them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archive_fakes import note, shown
from test_office import docx, paragraph, pdf, text_at

from corpus.archives.dated import read_dated
from corpus.archives.types import Unreadable, Version
from corpus.load import MAX_BYTES
from corpus.types import DocumentError

NO_DATE = (
    "its name has no date; put one in it as YYYY-MM-DD, or YYYY-MM if no more is known, or say in manifest.jsonl when "
    "it was archived"
)
NO_FORMAT = "it is in no format that is read (.docx, .htm, .html, .markdown, .md, .pdf, .text, .txt, .xhtml)"


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def problems(folder: Path) -> dict[str, str]:
    return {item.reference: item.reason for item in read_dated(folder) if isinstance(item, Unreadable)}


def test_dated_files_are_read_by_service_and_date(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {
            "Acme/2016-05-31.md": "b",
            "Acme/2012-01-01.md": "a",
            "bolt-2016-05-31.html": "<p>c</p>",
            "2016-05-31_cent.txt": "d",
            "dime.20160531.md": "e",
            "US/Echo Inc./2016-05-31.md": "f",
            ".hidden/2016-05-31.md": "x",
        },
    )
    found = list(read_dated(tmp_path))
    assert shown(found) == [
        ("Acme", "Privacy Policy", "2012-01-01", "a"),
        ("Acme", "Privacy Policy", "2016-05-31", "b"),
        ("US/Echo Inc.", "Privacy Policy", "2016-05-31", "f"),
        ("bolt", "Privacy Policy", "2016-05-31", "<p>c</p>"),
        ("cent", "Privacy Policy", "2016-05-31", "d"),
        ("dime", "Privacy Policy", "2016-05-31", "e"),
    ]
    versions = [item for item in found if isinstance(item, Version)]
    assert [v.format for v in versions] == ["markdown", "markdown", "markdown", "html", "text", "markdown"]
    assert versions[2].reference == "US/Echo Inc./2016-05-31.md"
    assert {(v.archive, v.url, v.subject, v.technical, v.warnings) for v in versions} == {
        ("folder", None, None, False, ())
    }


def test_a_folder_of_one_service_is_called_as_the_folder(tmp_path: Path) -> None:
    folder = fill(tmp_path / "Acme", {"2016-05-31.md": "a"})
    assert [item[0] for item in shown(list(read_dated(folder)))] == ["Acme"]


def test_two_identical_dates_are_both_kept_with_a_warning_on_the_second(tmp_path: Path) -> None:
    fill(tmp_path, {"Acme/2016-05-31.md": "a", "Acme/2016-05-31-2.md": "b", "Acme/2016-06-01.md": "c"})
    one, two, three = (item for item in read_dated(tmp_path) if isinstance(item, Version))
    assert (one.reference, two.reference) == ("Acme/2016-05-31.md", "Acme/2016-05-31-2.md")
    assert one.warnings == three.warnings == ()
    assert two.warnings == ("'Acme/2016-05-31.md' has the same date; their order is that of their names",)


def test_files_of_one_date_are_in_the_order_of_their_counters(tmp_path: Path) -> None:
    names = ["2016-05-31.md", "2016-05-31-2.html", "2016-05-31-2.md", "2016-05-31-10.md", "2016-05-31-b.md"]
    fill(tmp_path, {f"Acme/{name}": "a" for name in names})
    assert [item.reference for item in read_dated(tmp_path)] == [f"Acme/{name}" for name in names]


def test_a_month_or_a_year_is_put_at_its_beginning_and_said_to_be_no_more(tmp_path: Path) -> None:
    files = {"Acme/2016-05-02.md": "c", "Acme/2016-05.md": "b", "Acme/2016.md": "a", "2017/bolt.md": "d"}
    found = [item for item in read_dated(fill(tmp_path, files)) if isinstance(item, Version)]
    assert [(v.service, v.observed_at.date().isoformat(), v.precision, v.warnings) for v in found] == [
        ("Acme", "2016-01-01", "year", ("only the year of it is known; it is put at the beginning of the year",)),
        ("Acme", "2016-05-01", "month", ("only the month of it is known; it is put at the beginning of the month",)),
        ("Acme", "2016-05-02", "day", ()),
        ("bolt", "2017-01-01", "year", ("only the year of it is known; it is put at the beginning of the year",)),
    ]


def test_a_manifest_may_say_a_month(tmp_path: Path) -> None:
    line = {"file": "Acme/a 2012-01-01.md", "service": "Acme", "observed_at": "2016-05"}
    fill(tmp_path, {"Acme/a 2012-01-01.md": "a", "manifest.jsonl": json.dumps(line)})
    (found,) = read_dated(tmp_path)
    assert isinstance(found, Version)
    assert (found.observed_at, found.precision) == (datetime(2016, 5, 1, tzinfo=UTC), "month")


def test_documents_and_services_are_chosen(tmp_path: Path) -> None:
    fill(tmp_path, {"Acme/Terms of Service 2016-05-31.md": "t", "Acme/2016-05-31.md": "p", "Bolt/2016-05-31.md": "b"})
    assert [item[3] for item in shown(list(read_dated(tmp_path)))] == ["p", "b"]
    assert [item[3] for item in shown(list(read_dated(tmp_path, documents=None, services=["acme"])))] == ["p", "t"]
    with pytest.raises(DocumentError, match=r"there is no service 'Bold' in this archive; did you mean 'Bolt'\?"):
        list(read_dated(tmp_path, services=["Bold"]))


def test_files_that_give_no_version_are_said_and_the_rest_is_read(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {
            "Acme/2016-05-31.md": "a",
            "Acme/undated.md": "b",
            "Acme/2020-02-30.md": "b",
            "Acme/2016-13.md": "b",
            "Acme/2016-05-31.png": "c",
            "Acme/2017-05-31.md": bytes(range(256)) * 9,
            "Acme/2018-05-31.pdf": "no pdf",
            "Acme/2019-05-31.md": b"a" * (MAX_BYTES + 1),
            "problems.jsonl": "{}",
        },
    )
    os.mkfifo(tmp_path / "Acme/2020-05-31.md")
    assert problems(tmp_path) == {
        "Acme/undated.md": NO_DATE,
        "Acme/2020-02-30.md": "there is no such date as 2020-02-30; correct its name",
        "Acme/2016-13.md": "there is no such date as 2016-13; correct its name",
        "Acme/2016-05-31.png": NO_FORMAT,
        "Acme/2017-05-31.md": "this is not text in any known encoding; give Markdown, HTML, text, PDF or DOCX",
        "Acme/2018-05-31.pdf": problems(tmp_path)["Acme/2018-05-31.pdf"],
        "Acme/2019-05-31.md": "it has more than 20 MB",
        "Acme/2020-05-31.md": "it is no regular file",
    }
    assert "PDF" in problems(tmp_path)["Acme/2018-05-31.pdf"]
    assert [item.text for item in read_dated(tmp_path) if isinstance(item, Version)] == ["a"]


def test_links_that_lead_in_circles_or_nowhere_are_said(tmp_path: Path) -> None:
    fill(tmp_path, {"Acme/2016-05-31.md": "a", "other/2016-05-31.md": "b"})
    (tmp_path / "Acme/loop").symlink_to(tmp_path)
    (tmp_path / "Acme/self.md").symlink_to(tmp_path / "Acme/self.md")
    (tmp_path / "Acme/gone-2016-05-31.md").symlink_to(tmp_path / "nothing")
    (tmp_path / "Linked").symlink_to(tmp_path / "other")
    assert problems(tmp_path) == {
        "Acme/loop": "it is a link that leads back to a folder above it",
        "Acme/self.md": "it cannot be opened: Too many levels of symbolic links",
        "Acme/gone-2016-05-31.md": "it cannot be opened: No such file or directory",
    }
    assert [item.service for item in read_dated(tmp_path) if isinstance(item, Version)] == ["Acme", "Linked", "other"]


def test_what_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(
        tmp_path,
        {"Acme/2016-05-31.html": "a", "Acme/2017-05-31.md": "b", "Bolt/2016-05-31.md": "c", "Cent/2016-05-31.md": "d"},
    )
    # Whoever runs the tests may be root, whom no permission stops.
    opens, lists = Path.open, Path.iterdir

    def guarded(path: Path, *arguments: object, **options: object) -> object:
        if path.parent.name == "Acme":
            raise PermissionError(13, "Permission denied")
        return opens(path, *arguments, **options)  # type: ignore[call-overload]

    def closed(path: Path) -> object:
        if path.name == "Bolt":
            raise PermissionError(13, "Permission denied")
        return lists(path)

    monkeypatch.setattr(Path, "open", guarded)
    monkeypatch.setattr(Path, "iterdir", closed)
    assert problems(tmp_path) == {
        "Acme/2016-05-31.html": "it cannot be read: Permission denied",
        "Acme/2017-05-31.md": "it cannot be read: Permission denied",
        "Bolt": "it cannot be opened: Permission denied",
    }
    assert [item.text for item in read_dated(tmp_path) if isinstance(item, Version)] == ["d"]


def test_a_note_wins_over_the_name_and_gives_the_address(tmp_path: Path) -> None:
    text = note("acme.com", "2016-05-31")
    fill(
        tmp_path,
        {
            "a/ac/acm/acme.com.md": text,
            "a/ac/acm/acme.com.2012-01-02.md": note(day="2012-01-02"),
            "b/bo/bol/bolt.com.20130101.md": "x",
        },
    )
    found = list(read_dated(tmp_path, archive="princeton-leuven"))
    assert [item[:3] for item in shown(found)] == [
        ("acme.com", "Privacy Policy", "2012-01-02"),
        ("acme.com", "Privacy Policy", "2016-05-31"),
        ("bolt.com", "Privacy Policy", "2013-01-01"),
    ]
    version = found[1]
    assert isinstance(version, Version) and version.archive == "princeton-leuven" and version.text == text
    assert version.url == "https://web.archive.org/web/20160531201556id_/http%3A//acme.com/privacy"


def test_a_manifest_wins_over_names(tmp_path: Path) -> None:
    address = "https://web.archive.org/web/{}/http://acme.com/"
    line = {"file": "acme/x.html", "service": "Acme/US.", "document": "Privacy Policy", "archive": "wayback"}
    lines = [
        line | {"url": address.format(2017), "observed_at": "2017-01-01T00:00:00Z"},
        line | {"url": address.format(2016), "observed_at": "2016-01-01T00:00:00Z"},
        {"file": "bolt-2016-05-31.md", "service": "Bolt"},
        {"file": "gone.html", "service": "Bolt", "observed_at": "2016-01-01"},
        {"file": "undated.md"},
    ]
    fill(tmp_path, {"acme/x.html": "<p>a", "bolt-2016-05-31.md": "b", "cent-2016-05-31.md": "c", "undated.md": "d"})
    fill(tmp_path, {"manifest.jsonl": "".join(json.dumps(item) + "\n" for item in lines) + '{"file'})

    versions = [item for item in read_dated(tmp_path) if isinstance(item, Version)]

    # A file that was archived twice has two versions, which their addresses tell apart.
    assert [(v.service, v.observed_at.year, v.reference, v.url, v.archive) for v in versions] == [
        ("Acme/US.", 2016, address.format(2016), address.format(2016), "wayback"),
        ("Acme/US.", 2017, address.format(2017), address.format(2017), "wayback"),
        ("Bolt", 2016, "bolt-2016-05-31.md", None, "folder"),
        ("cent", 2016, "cent-2016-05-31.md", None, "folder"),
    ]
    assert set(problems(tmp_path)) == {"gone.html", "undated.md", "manifest.jsonl:6"}
    assert problems(tmp_path)["gone.html"] == "manifest.jsonl names this file and it is not there; download it again"


def test_an_old_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    text = "We keep what you tell us, and nobody else gets it. " * 4 + "Zoë"
    fill(tmp_path, {"Acme/2016-05-31.md": text.encode("cp1252")})
    [version] = read_dated(tmp_path)
    assert isinstance(version, Version) and version.text == text
    assert version.warnings == ("the document is not UTF-8; it was read as cp1252: check its accents and quotes",)


def test_an_office_document_is_markdown(tmp_path: Path) -> None:
    text = "We collect your name."
    fill(
        tmp_path, {"Acme/2016-05-31.docx": docx(paragraph(text)), "Acme/2017-05-31.pdf": pdf([text_at(50, 700, text)])}
    )
    found = [item for item in read_dated(tmp_path) if isinstance(item, Version)]
    assert [(v.text.strip(), v.format) for v in found] == [(text, "markdown"), (text, "markdown")]


def test_a_folder_without_dated_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"holds no dated policies, such as NAME/2016-05-31\.md$"):
        list(read_dated(tmp_path))
    fill(tmp_path, {"a.md": "a", "b.png": "b"})
    with pytest.raises(
        DocumentError, match=r"holds no dated policies, .*; the first of 2 files: 'a\.md': its name has no"
    ):
        list(read_dated(tmp_path))


def test_times_are_in_utc(tmp_path: Path) -> None:
    fill(tmp_path, {"Acme/20160531201556.md": "a"})
    [version] = read_dated(tmp_path)
    assert isinstance(version, Version) and version.observed_at == datetime(2016, 5, 31, 20, 15, 56, tzinfo=UTC)
