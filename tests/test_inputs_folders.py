"""Tests of corpus.inputs.folders: everything below a folder, once and in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.inputs.folders import mark_of, real_path, walk
from corpus.inputs.types import Unreadable


def make(folder: Path, *names: str) -> Path:
    """Make empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def names(folder: Path, **options: object) -> list[str]:
    """Return what a walk yields, relative to the folder; what is unreadable in brackets."""
    found = list(walk(str(folder), **options))  # type: ignore[arg-type]
    shown = [f"({item.source})" if isinstance(item, Unreadable) else item for item in found]
    return [name.replace(f"{folder}/", "") for name in shown]


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a/z.md", "a/b/c.md", "a.md", "B.md")
    assert names(tmp_path) == ["B.md", "a/b/c.md", "a/z.md", "a.md", "b.md"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, ".git/a.md", ".hidden.md", "a.md")
    assert names(tmp_path) == ["a.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    make(tmp_path, "a/a.md")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    assert names(tmp_path) == ["a/a.md", "(a/loop)"]


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "in/x/a.md", "out/b.md")
    (tmp_path / "in/first").symlink_to(tmp_path / "out")
    (tmp_path / "in/second").symlink_to(tmp_path / "out")
    found = list(walk(str(tmp_path / "in")))
    assert found[0] == f"{tmp_path}/in/first/b.md"
    again = f"{tmp_path}/in/second"
    assert found[1] == Unreadable(again, again, "it is a link to a folder that is read already")
    assert found[2] == f"{tmp_path}/in/x/a.md"


def test_a_folder_that_cannot_be_listed_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/a.md", "b.md")

    def listdir(path: str, real: object = __import__("os").listdir) -> list[str]:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return real(path)  # type: ignore[operator,no-any-return]

    monkeypatch.setattr("os.listdir", listdir)
    assert names(tmp_path) == ["(a)", "b.md"]


def test_what_is_left_out_is_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "a/a.md", "out/b.md")
    assert names(tmp_path, leave_out={real_path(f"{tmp_path}/out")}) == ["a/a.md"]


@pytest.mark.parametrize("mark", ["store.json", "state.json", "dataset_dict.json", "batch.json"])
def test_a_folder_that_is_read_as_a_whole_is_not_walked(tmp_path: Path, mark: str) -> None:
    make(tmp_path, f"a/{mark}", "a/texts.parquet", "b.md")
    assert names(tmp_path) == ["a", "b.md"]
    assert mark_of(tmp_path / "a") == mark
    assert mark_of(tmp_path) is None


def test_deep_folders_are_walked(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(150):
        deep /= "d"
        deep.mkdir()
    (deep / "a.md").touch()
    assert names(tmp_path) == ["d/" * 150 + "a.md"]
