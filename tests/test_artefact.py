"""Tests of nlp.artefact: folders of arrays that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.errors import RunError

CONFIG = {"kind": "thing", "version": 2, "name": "né"}
ARRAYS: dict[str, Any] = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array([1.5], np.float64),
    # Not contiguous: safetensors alone would write the wrong numbers.
    "c": np.arange(6, dtype=np.float32).reshape(2, 3).T,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a saved artefact."""
    artefact.save(tmp_path / "deep" / "thing", CONFIG, ARRAYS, {"words.json": b"[]"})
    return tmp_path / "deep" / "thing"


def test_a_round_trip_keeps_everything(folder: Path) -> None:
    config, arrays = artefact.load(folder, "thing", 2)
    assert config == CONFIG
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array, strict=True)
    assert (folder / "words.json").read_bytes() == b"[]"
    assert [path.name for path in folder.parent.iterdir()] == ["thing"]


def test_saving_again_replaces_what_it_made_and_keeps_a_readme(folder: Path) -> None:
    (folder / "README.md").write_text("a model card")
    artefact.save(folder, {**CONFIG, "name": "new"}, {"a": np.zeros(1, np.float32)})
    config, arrays = artefact.load(folder, "thing", 2)
    assert config["name"] == "new"
    assert list(arrays) == ["a"]
    assert (folder / "README.md").read_text() == "a model card"
    assert [path.name for path in folder.parent.iterdir()] == ["thing"]


def test_what_cannot_be_saved_leaves_the_old_folder_as_it_was(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(TypeError, match="not JSON serializable"):
        artefact.save(folder, {"kind": object()}, {"a": np.zeros(1, np.float32)})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["thing"]


def test_what_cannot_be_saved_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        artefact.save(tmp_path / "new", {"kind": object()}, ARRAYS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [artefact.CONFIG, artefact.ARRAYS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ArtefactError, match=f"thing holds no thing: {name} is missing"):
        artefact.load(folder, "thing", 2)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"nowhere holds no thing: config\.json is missing"):
        artefact.load(tmp_path / "nowhere", "thing", 2)


@pytest.mark.parametrize("name", [artefact.CONFIG, artefact.ARRAYS])
@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_a_torn_file_is_refused(folder: Path, name: str, part: float) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: int(len(data) * part) - 2 if part else 0])
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as a thing; make it again"):
        artefact.load(folder, "thing", 2)


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / artefact.CONFIG).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArtefactError, match="is damaged"):
        artefact.load(folder, "thing", 2)


@pytest.mark.parametrize(("kind", "version"), [("other", 2), ("thing", 1), ("thing", 3)])
def test_a_foreign_kind_and_another_version_are_refused(folder: Path, kind: str, version: int) -> None:
    with pytest.raises(ArtefactError, match=f"is not a {kind} of format {version}; make it again with this release"):
        artefact.load(folder, kind, version)


def test_a_configuration_that_is_no_object_is_refused(folder: Path) -> None:
    (folder / artefact.CONFIG).write_text("[1]")
    with pytest.raises(ArtefactError, match="is not a thing of format 2"):
        artefact.load(folder, "thing", 2)


def test_the_error_is_a_failed_run() -> None:
    assert issubclass(ArtefactError, RunError)


def test_a_fingerprint_tells_arrays_names_shapes_types_and_parts_apart() -> None:
    a = np.zeros((2, 3), np.float32)
    others = [
        artefact.fingerprint({"a": a}),
        artefact.fingerprint({"b": a}),
        artefact.fingerprint({"a": a.T}),
        artefact.fingerprint({"a": a.astype(np.float64)[:, :1]}),
        artefact.fingerprint({"a": a + 1}),
        artefact.fingerprint({"a": a}, "part"),
        artefact.fingerprint({"a": a, "b": a}),
    ]
    assert len(set(others)) == len(others)
    assert artefact.fingerprint({"a": a, "b": a}) == artefact.fingerprint({"b": a.copy(), "a": a})
    assert len(others[0]) == 64
