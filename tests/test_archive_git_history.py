"""Tests of corpus.archives.git_history: what is walked, in which order, and what a damaged repository says."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest
from archive_fakes import History
from hypothesis import given
from hypothesis import strategies as st

from corpus.archives.git_history import Change, Commit, commits, is_bundle, is_repository, opened, paths, text_of
from corpus.archives.types import Unreadable
from corpus.load import MAX_BYTES
from corpus.types import DocumentError


def git(*arguments: str | Path) -> None:
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True)


def walked(history: History) -> list[tuple[str, list[str]]]:
    return [(commit.subject, [change.path for change in commit.changes]) for commit in commits(history.repository)]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "a.git")


def test_commits_come_in_the_order_of_parentage_though_their_dates_go_backwards(history: History) -> None:
    for i in range(9):
        history.commit(f"commit {i}", {"a/b.md": str(i)}, date=f"20{20 - i}-01-01")

    found = list(commits(history.repository))

    assert [commit.subject for commit in found] == [f"commit {i}" for i in range(9)]
    assert [commit.authored_at.year for commit in found] == [2020 - i for i in range(9)]


def test_the_date_is_the_authors_in_utc(history: History) -> None:
    history.commit("one", {"a/b.md": "x"}, date="2020-03-04T05:06:07")
    assert next(commits(history.repository)).authored_at == datetime(2020, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_commit_has_what_it_added_or_changed_and_not_what_it_deleted_or_left(history: History) -> None:
    history.commit("one", {"a": "1", "b": "1", "c": "1"})
    history.commit("two", {"a": None, "b": "2", "d": "2"})
    history.commit("three", {"b": None})
    assert walked(history) == [("one", ["a", "b", "c"]), ("two", ["b", "d"]), ("three", [])]


def test_a_merge_has_only_what_differs_from_all_its_parents(history: History) -> None:
    root = history.commit("root", {"a": "1", "b": "1", "c": "1"})
    left = history.commit("left", {"a": "2", "c": "2"}, parents=[root])
    right = history.commit("right", {"b": "2", "c": "3"}, parents=[root])
    history.commit("merge", {"b": "2", "c": "4"}, parents=[left, right])

    first, *middle, last = walked(history)

    assert (first, last) == (("root", ["a", "b", "c"]), ("merge", ["c"]))
    assert sorted(middle) == [("left", ["a", "c"]), ("right", ["b", "c"])]


def test_several_roots_are_walked(history: History) -> None:
    one = history.commit("one", {"a": "1"})
    two = history.commit("two", {"b": "1"}, parents=[])
    history.commit("merge", {"b": "1"}, parents=[one, two])
    assert dict(walked(history)) == {"one": ["a"], "two": ["b"], "merge": []}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1990, 2030)), min_size=1, max_size=8))
def test_every_commit_comes_once_and_after_its_parents(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[int, int, int]]
) -> None:
    history = History(tmp_path_factory.mktemp("law") / "a.git")
    made: list[str] = []
    for i, (first, second, year) in enumerate(plan):
        above = list(dict.fromkeys(made[-1 - n] for n in (first, second) if n < len(made)))
        made.append(history.commit(str(i), {f"f{i}": "x"}, date=f"{year}-01-01", parents=above))
    parents = {id: [str(parent) for parent in history.repository[id].parent_ids] for id in made}  # type: ignore[attr-defined]

    order = [commit.id for commit in commits(history.repository)]

    assert len(order) == len(set(order)) and order[-1] == made[-1]
    assert all(order.index(parent) < order.index(id) for id in order for parent in parents[id])


def test_a_move_names_the_old_path_and_tells_whether_the_text_is_the_same(history: History) -> None:
    text = "".join(f"We keep record {i}.\n" for i in range(30))
    history.commit("one", {"Old/Privacy Policy.md": text, "Odd/Privacy Policy.md": text.replace("keep", "hold")})
    history.commit("moved", {"Old/Privacy Policy.md": None, "New/Privacy Policy.md": text})
    changed = text.replace("keep", "hold") + "More.\n"
    history.commit("moved too", {"Odd/Privacy Policy.md": None, "Even/Privacy Policy.md": changed})

    _, moved, too = commits(history.repository)

    assert [(c.path, c.moved_from, c.same) for c in moved.changes] == [
        ("New/Privacy Policy.md", "Old/Privacy Policy.md", True)
    ]
    assert [(c.path, c.moved_from, c.same) for c in too.changes] == [
        ("Even/Privacy Policy.md", "Odd/Privacy Policy.md", False)
    ]


def test_links_are_no_files(history: History) -> None:
    history.commit("one", {"a.md": "/etc/passwd"}, mode=0o120000)
    history.commit("two", {"b.md": "text"})
    assert walked(history) == [("one", []), ("two", ["b.md"])]
    assert [path for path, _ in paths(history.repository)] == ["b.md"]


def test_names_are_kept_as_they_are(history: History) -> None:
    names = ["Ünïcode Ltd./Privacy Policy.md", "a  b /x.md", 'qu"ote/x.md']
    history.commit("one\n\nbody", dict.fromkeys(names, "x"))
    [(subject, found)] = walked(history)
    assert subject == "one" and sorted(found) == sorted(names)


def read(history: History, data: bytes) -> tuple[str, tuple[str, ...]] | Unreadable:
    history.commit("one", {"a/b.md": data})
    [commit] = commits(history.repository)
    return text_of(history.repository, commit, commit.changes[0])


def test_a_text_is_read(history: History) -> None:
    assert read(history, "Zoë’s".encode()) == ("Zoë’s", ())


def test_a_text_that_is_not_utf8_is_read_with_a_warning(history: History) -> None:
    text = "We never sell what you tell us, whatever others do. " * 4 + "Zoë"
    assert read(history, text.encode("cp1252")) == (
        text,
        ("the document is not UTF-8; it was read as cp1252: check its accents and quotes",),
    )


def test_what_is_no_text_is_unreadable(history: History) -> None:
    found = read(history, bytes(range(256)) * 20)
    assert found == Unreadable(
        f"{history.last}:a/b.md", "this is not text in any known encoding; give Markdown, HTML, text, PDF or DOCX"
    )


def test_what_is_too_big_is_unreadable(history: History) -> None:
    found = read(history, b"a" * (MAX_BYTES + 1))
    assert found == Unreadable(f"{history.last}:a/b.md", "it has 20,971,521 bytes; the limit is 20,971,520")


def test_a_missing_blob_gives_no_text_and_a_warning(history: History) -> None:
    history.commit("one", {"a/b.md": "x"})
    [commit] = commits(history.repository)
    blob = str(commit.changes[0].blob)
    history.lose(blob)
    assert text_of(history.repository, commit, commit.changes[0]) == (
        "",
        (f"the repository lacks the text of this version (blob {blob}); run git fsck",),
    )


def test_a_missing_commit_is_said(history: History) -> None:
    first = history.commit("one", {"a/b.md": "x"})
    history.commit("two", {"a/b.md": "y"})
    history.lose(first)
    with pytest.raises(DocumentError, match=rf"the history is not all there: .*{first[:7]}.*clone it again whole"):
        list(commits(pygit2.Repository(str(history.path))))


def test_a_missing_head_is_said(history: History) -> None:
    history.lose(history.commit("one", {"a/b.md": "x"}))
    with pytest.raises(DocumentError, match=r"the newest commit of this repository is missing: .*; clone it again"):
        list(commits(pygit2.Repository(str(history.path))))


def test_a_missing_tree_is_said(history: History) -> None:
    first = history.commit("one", {"a/b.md": "x"})
    tree = str(history.repository[first].peel(pygit2.Tree).id)
    second = history.commit("two", {"a/b.md": "y"})
    history.lose(tree)
    with pytest.raises(DocumentError, match=rf"at commit ({first}|{second}): .*{tree[:7]}"):
        list(commits(pygit2.Repository(str(history.path))))


def test_a_shallow_clone_is_refused_with_what_to_do(history: History, tmp_path: Path) -> None:
    for i in range(4):
        last = history.commit(str(i), {"a/b.md": str(i)})
    git("clone", "--depth", "1", f"file://{history.path}", tmp_path / "shallow")
    message = rf"this clone is shallow: what came before commit {last} is missing; run: git fetch --unshallow"
    with opened(tmp_path / "shallow") as repository, pytest.raises(DocumentError, match=message):
        list(commits(repository))


def test_a_partial_clone_is_refused_with_what_to_do(history: History, tmp_path: Path) -> None:
    first = history.commit("one", {"a/b.md": "x"})
    git("-C", history.path, "config", "uploadpack.allowFilter", "true")
    git("clone", "--bare", "--filter=blob:none", f"file://{history.path}", tmp_path / "partial")
    with opened(tmp_path / "partial") as repository:
        [commit] = commits(repository)
        with pytest.raises(
            DocumentError, match=rf"commit {first} needs a file that this partial clone lacks; clone it"
        ):
            text_of(repository, commit, commit.changes[0])


def test_an_empty_repository_has_no_commits(history: History) -> None:
    with pytest.raises(DocumentError, match="this git repository has no current branch; it has no commits"):
        list(commits(history.repository))


def test_a_repository_is_opened_and_a_folder_inside_one_is_none(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "work"))
    (tmp_path / "work/inner").mkdir()
    assert is_repository(tmp_path / "work") and not is_repository(tmp_path / "work/inner")
    assert is_repository(tmp_path / "work/.git")
    with opened(tmp_path / "work") as repository:
        assert repository.workdir == f"{tmp_path / 'work'}{os.sep}"
    with pytest.raises(DocumentError, match=r"inner' cannot be opened as a git repository: .*; give its top folder"):
        opened(tmp_path / "work/inner").__enter__()


def bundle(history: History, *what: str) -> Path:
    path = history.path.with_suffix(".bundle")
    git("-C", history.path, "bundle", "create", path, *what)
    return path


@pytest.mark.parametrize("what", ["--all", "main"])
def test_a_bundle_is_read_and_its_clone_is_cleared_away(history: History, tmp_path: Path, what: str) -> None:
    history.commit("one", {"a/b.md": "x"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = bundle(history, what)
    assert is_bundle(path)
    with opened(path, scratch=scratch) as repository:
        assert [commit.subject for commit in commits(repository)] == ["one"]
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []


def test_a_bundle_of_several_branches_without_a_head_says_which_there_are(history: History) -> None:
    id = history.commit("one", {"a/b.md": "x"})
    for name in ("left", "right"):
        history.repository.references.create(f"refs/heads/{name}", id)
    with (
        opened(bundle(history, "left", "right")) as repository,
        pytest.raises(DocumentError, match="has no current branch; it has left, right: check one out"),
    ):
        list(commits(repository))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_torn_bundle_is_said(history: History, kept: float) -> None:
    for i in range(20):
        history.commit(str(i), {"a/b.md": f"{i} {os.urandom(50).hex()}"})
    path = bundle(history, "--all")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(DocumentError, match=r"a\.bundle' cannot be read as a git bundle: .*; copy it again") as e:
        opened(path).__enter__()
    assert "\n" not in str(e.value)


def test_a_bundle_needs_git(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit("one", {"a/b.md": "x"})
    path = bundle(history, "--all")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DocumentError, match=r"the bundle '.*' needs the git command to be read: .*; install git"):
        opened(path).__enter__()


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bundle").write_text("text")
    with pytest.raises(
        DocumentError, match=r"a\.bundle' is no git bundle; make one with: git bundle create FILE --all"
    ):
        opened(tmp_path / "a.bundle").__enter__()
    with pytest.raises(DocumentError, match=r"cannot read '.*nothing': No such file"):
        is_bundle(tmp_path / "nothing")


def test_a_commit_of_no_words_has_an_empty_subject(history: History) -> None:
    history.commit("", {"a": "x"})
    [commit] = commits(history.repository)
    assert commit == Commit(commit.id, "", commit.authored_at, (Change("a", commit.changes[0].blob),))
