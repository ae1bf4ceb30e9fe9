"""Tests of nlp.search.layout: an index folder is checked before anything in it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.search.layout import CONFIG, IndexFolderError, mapped, read_config, read_json, sizes, write_json

CONTENT = {"kind": "search-index", "version": 1, "files": {"a.bin": 3}}


def folder_with(path: Path, **changes: Any) -> Path:
    """Return a folder with one file and a configuration that lists it."""
    (path / "a.bin").write_bytes(b"abc")
    (path / CONFIG).write_text(json.dumps(CONTENT | changes))
    return path


def test_a_whole_folder_is_read(tmp_path: Path) -> None:
    assert read_config(folder_with(tmp_path)) == CONTENT
    assert sizes(tmp_path) == {"a.bin": 3}


@pytest.mark.parametrize("made", [False, True])
def test_a_folder_without_an_index_is_named(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "index"
    if made:
        folder.mkdir()
    with pytest.raises(IndexFolderError, match=r"index holds no search-index: config.json is missing; make one with"):
        read_config(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "is not a search-index of format 1; index again with this release"),
        ({"kind": "clause-classifier"}, "is not a search-index of format 1"),
        ({"files": None}, "config.json does not list its files"),
        ({"files": {"a.bin": "x"}}, "config.json does not list its files"),
        ({"files": {"a.bin": 4}}, "is damaged: a.bin is missing or torn; index again"),
        ({"files": {"b.bin": 3}}, "is damaged: b.bin is missing or torn"),
        ({"files": {"../a.bin": 3}}, "is damaged: ../a.bin is missing or torn"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(IndexFolderError, match=said):
        read_config(folder_with(tmp_path, **changes))


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_torn_configuration_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / CONFIG).write_text(content)
    with pytest.raises(IndexFolderError, match=r"is damaged: config.json cannot be read; index again"):
        read_config(tmp_path)


def test_a_file_of_another_size_is_not_mapped(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(np.arange(6, dtype="<u2").tobytes())
    np.testing.assert_array_equal(mapped(tmp_path / "a", "<u2", (3, 2)), [[0, 1], [2, 3], [4, 5]])
    with pytest.raises(IndexFolderError, match=r"is damaged: a does not fit config.json; index again"):
        mapped(tmp_path / "a", "<u2", (7,))


def test_an_empty_file_is_an_empty_array(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert mapped(tmp_path / "a", "<f2", (0, 8)).shape == (0, 8)


def test_json_is_written_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"done": 1})
    write_json(tmp_path / "a.json", {"done": 2})
    assert read_json(tmp_path / "a.json") == {"done": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert read_json(tmp_path / "b.json") is None
