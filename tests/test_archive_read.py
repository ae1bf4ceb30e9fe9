"""Tests of corpus.archives.read: which kind of archive a place is, and the real sample of Open Terms Archive."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from archive_fakes import History, note, shown

from corpus.archives.flags import flags_of
from corpus.archives.read import read_archive
from corpus.archives.types import Version
from corpus.load import load_text
from corpus.types import DocumentError, Statement

SHARED = Path(__file__).parents[2] / "shared"
SAMPLE = SHARED / "data/open-terms-archive-sample.bundle"
needs_sample = pytest.mark.skipif(not SAMPLE.exists(), reason="needs the data folder described in CONTRIBUTING")


def git(*arguments: str | Path) -> None:
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True)


def kinds(path: Path) -> set[str]:
    return {item.archive for item in read_archive(path) if isinstance(item, Version)}


def open_terms(path: Path) -> History:
    history = History(path)
    history.commit("Start tracking Acme Privacy Policy", {"Acme/Privacy Policy.md": "a", "README.md": "About"})
    history.commit("Update Acme Privacy Policy", {"Acme/Privacy Policy.md": "b"})
    return history


def test_a_repository_is_read_bare_checked_out_and_as_a_bundle(tmp_path: Path) -> None:
    history = open_terms(tmp_path / "a.git")
    git("clone", history.path, tmp_path / "work")
    git("-C", history.path, "bundle", "create", tmp_path / "a.bundle", "--all")
    expected = [("Acme", "Privacy Policy", "2020-01-01", "a"), ("Acme", "Privacy Policy", "2020-01-01", "b")]
    for path in (history.path, tmp_path / "work", tmp_path / "work/.git", tmp_path / "a.bundle"):
        assert shown(list(read_archive(path))) == expected
        assert kinds(path) == {"open-terms-archive"}


def test_a_history_of_the_princeton_corpus_is_told_by_its_paths_or_its_notes(tmp_path: Path) -> None:
    laid = History(tmp_path / "a.git")
    laid.commit("x", {"a/ac/acm/acme.com.md": note(), "README.md": "About"})
    noted = History(tmp_path / "b.git")
    noted.commit("x", {"acme.com.md": note(), "README.md": "About"})
    assert kinds(laid.path) == kinds(noted.path) == {"princeton-leuven"}
    assert [item[0] for item in shown(list(read_archive(noted.path)))] == ["acme.com"]
    with pytest.raises(DocumentError, match="no document here has 'terms' in its name; there is 'Privacy Policy'"):
        list(read_archive(laid.path, documents="terms"))


def test_dated_files_in_a_repository_are_read_from_its_folder(tmp_path: Path) -> None:
    history = History(tmp_path / "a.git")
    history.commit("x", {"Acme/2016-05-31.md": "a", "README.md": "About"})
    git("clone", history.path, tmp_path / "work")
    found = [item for item in read_archive(tmp_path / "work") if isinstance(item, Version)]
    assert [(item.service, item.archive) for item in found] == [("Acme", "folder")]
    with pytest.raises(DocumentError, match=r"a\.git' holds dated files; check them out"):
        list(read_archive(history.path))


def test_a_folder_is_read_as_dated_files(tmp_path: Path) -> None:
    (tmp_path / "acme-2016-05-31.md").write_text("a")
    (tmp_path / "bolt.md").write_text(note("bolt.com"))
    assert kinds(tmp_path) == {"folder", "princeton-leuven"}
    [first, _] = read_archive(tmp_path, kind="wayback")
    assert isinstance(first, Version) and first.archive == "wayback"


def test_the_kind_may_be_said(tmp_path: Path) -> None:
    history = open_terms(tmp_path / "a.git")
    with pytest.raises(DocumentError, match="holds no dated policies"):
        list(read_archive(history.path, kind="folder"))
    with pytest.raises(DocumentError, match=r"is no git repository; an Open Terms Archive is read from its history"):
        list(read_archive(tmp_path, kind="open-terms-archive"))


def test_a_bundle_is_cloned_where_it_is_said(tmp_path: Path) -> None:
    history = open_terms(tmp_path / "a.git")
    git("-C", history.path, "bundle", "create", tmp_path / "a.bundle", "--all")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    versions = read_archive(tmp_path / "a.bundle", scratch=scratch)
    next(versions)
    assert len(list(scratch.iterdir())) == 1
    versions.close()  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", r"no such archive: '.*nothing'; give a git repository, a git bundle, or a folder of dated files"),
        ("empty", r"empty' holds no dated policies, such as NAME/2016-05-31\.md$"),
        ("file.md", r"file\.md' is a file, and no git bundle; give a git repository"),
        ("unborn.git", "this git repository has no current branch; it has no commits"),
        ("other.git", r"this git history holds no documents of the form SERVICE/DOCUMENT\.md"),
        (
            "terms.git",
            "no document here has 'privacy' in its name; there is 'Terms of Service': name one, or ask for all",
        ),
        ("torn.bundle", "cannot be read as a git bundle"),
        (
            "part.bundle",
            r"is a part of a history and lacks the commits before it; make one of all of it with: git bundle",
        ),
        ("empty.bundle", r"empty\.bundle' is empty; copy it again, or give a git repository"),
    ],
)
def test_a_place_without_policies_is_refused_in_one_line(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.md").write_text("# Privacy")
    History(tmp_path / "unborn.git")
    History(tmp_path / "other.git").commit("x", {"main.py": "print()", "README.md": "About"})
    History(tmp_path / "terms.git").commit("Update Acme Terms of Service", {"Acme/Terms of Service.md": "x"})
    whole = open_terms(tmp_path / "a.git")
    git("-C", whole.path, "bundle", "create", tmp_path / "torn.bundle", "--all")
    git("-C", whole.path, "bundle", "create", tmp_path / "part.bundle", "main~1..main")
    (tmp_path / "empty.bundle").touch()
    os.truncate(tmp_path / "torn.bundle", (tmp_path / "torn.bundle").stat().st_size - 60)
    with pytest.raises(DocumentError, match=message) as e:
        list(read_archive(tmp_path / name))
    assert "\n" not in str(e.value)


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs the folder of Janrain's statements")
def test_the_statements_of_janrain_are_read() -> None:
    found = [item for item in read_archive(SHARED / "corpus") if isinstance(item, Version)]
    assert [(v.service, v.observed_at.isoformat(), v.archive) for v in found] == [
        ("janrain.com", "2012-06-14T23:08:35+00:00", "princeton-leuven"),
        ("janrain.com", "2013-03-30T07:10:25+00:00", "princeton-leuven"),
        ("janrain.com", "2016-05-31T20:15:56+00:00", "princeton-leuven"),
    ]


@pytest.fixture(scope="module")
def sample() -> list[Version]:
    found = list(read_archive(SAMPLE))
    versions = [item for item in found if isinstance(item, Version)]
    assert len(versions) == len(found)
    return versions


@needs_sample
def test_the_sample_has_all_its_versions(sample: list[Version]) -> None:
    assert Counter(v.service for v in sample) == {
        "OkCupid": 328,
        "NordVPN": 203,
        "DuckDuckGo": 185,
        "Yahoo": 161,
        "Spotify": 48,
        "Reddit": 33,
        "Mozilla": 16,
        "LibraryThing": 10,
        "Proton Mail": 10,
        "Goodreads": 3,
        "ProtonMail": 3,
        "Signal": 3,
    }
    assert sum(v.technical for v in sample) == 26
    assert {v.document for v in sample} == {"Privacy Policy"}
    assert len({v.reference for v in sample}) == len(sample) == 1003
    assert not any(v.warnings for v in sample)


@needs_sample
def test_the_sample_is_in_the_order_of_parentage_though_dates_go_back(sample: list[Version], tmp_path: Path) -> None:
    git("clone", "--bare", SAMPLE, tmp_path / "a.git")
    listed = subprocess.run(
        ["git", "-C", str(tmp_path / "a.git"), "rev-list", "--topo-order", "--reverse", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert [v.reference.split(":")[0] for v in sample] == listed.stdout.split()
    assert any(later.observed_at < earlier.observed_at for earlier, later in pairwise(sample))


@needs_sample
def test_one_service_of_the_sample_is_read_whatever_its_case(sample: list[Version]) -> None:
    assert list(read_archive(SAMPLE, services=["proton mail"])) == [v for v in sample if v.service == "Proton Mail"]
    with pytest.raises(DocumentError, match=r"there is no service 'Redit' in this archive; did you mean 'Reddit'\?"):
        list(read_archive(SAMPLE, services=["Redit"]))


@needs_sample
def test_what_is_flagged_in_the_sample(sample: list[Version]) -> None:
    found: Counter[tuple[str, str]] = Counter()
    known: dict[str, tuple[str, ...]] = {}
    # The long texts of the others take a minute, and none of them is flagged.
    for version in (v for v in sample if v.service in ("OkCupid", "Yahoo", "Signal") or len(v.text) < 10_000):
        if version.text not in known:
            known[version.text] = flags_of(version.text, _read(version.text))
        found.update((version.service, flag) for flag in known[version.text])
    assert found == {
        ("OkCupid", "empty"): 161,
        ("NordVPN", "error-page"): 61,
        ("Yahoo", "other-language"): 128,
        ("Yahoo", "short"): 2,
        ("Yahoo", "not-a-policy"): 2,
    }


def _read(text: str) -> Statement | None:
    try:
        return load_text(text, kind="markdown")
    except DocumentError:
        return None
