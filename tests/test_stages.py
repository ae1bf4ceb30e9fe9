"""Tests of nlp.stages: what is kept, what is made again, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.stages import KIND, VERSION, Stages

MADE = {"layer.weight": torch.tensor([[1.0, 2.5], [3.0, -4.0]]), "layer.bias": torch.tensor([0.1])}


def maker(*values: dict[str, Tensor]) -> Callable[[], dict[str, Tensor]]:
    """Return a function that makes each of some values once and then fails."""
    left = list(values)
    return lambda: left.pop(0)


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Tell whether two states are the same, bit for bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_stage_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "work"
    assert equal(Stages(folder, "k").get("words", maker(MADE)), MADE)
    assert equal(Stages(folder, "k").get("words", maker()), MADE)
    assert [path.name for path in folder.iterdir()] == ["words"]


def test_another_key_makes_it_again(tmp_path: Path) -> None:
    other = {"layer.bias": torch.tensor([7.0])}
    Stages(tmp_path, "k").get("words", maker(MADE))
    assert equal(Stages(tmp_path, "l").get("words", maker(other)), other)
    assert equal(Stages(tmp_path, "l").get("words", maker()), other)
    # The newest run has the folder.
    assert equal(Stages(tmp_path, "k").get("words", maker(MADE)), MADE)


def test_stages_do_not_mix(tmp_path: Path) -> None:
    stages, other = Stages(tmp_path, "k"), {"layer.bias": torch.tensor([7.0])}
    stages.get("words", maker(MADE))
    stages.get("student", maker(other))
    assert equal(stages.get("words", maker()), MADE)
    assert equal(stages.get("student", maker()), other)


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stages, make = Stages(None, "k"), maker(MADE, {})
    assert stages.get("words", make) is MADE
    assert stages.get("words", make) == {}
    assert list(tmp_path.iterdir()) == []


def test_parameters_that_are_being_trained_can_be_kept(tmp_path: Path) -> None:
    layer = torch.nn.Linear(2, 3)
    made = dict(layer.named_parameters())
    Stages(tmp_path, "k").get("layer", maker(made))
    kept = Stages(tmp_path, "k").get("layer", maker())
    assert equal(kept, made)
    assert not any(value.requires_grad for value in kept.values())


def test_a_stage_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexError):
        Stages(tmp_path, "k").get("words", maker())
    assert list(tmp_path.iterdir()) == []


def test_a_torn_stage_is_refused(tmp_path: Path) -> None:
    Stages(tmp_path, "k").get("words", maker(MADE))
    (tmp_path / "words" / artefact.ARRAYS).write_bytes(b"torn")
    with pytest.raises(ArtefactError, match=r"words is damaged and cannot be read as a training-stage"):
        Stages(tmp_path, "k").get("words", maker(MADE))


def test_a_folder_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    artefact.save(tmp_path / "words", {"kind": "clause-classifier", "version": 2}, {})
    with pytest.raises(ArtefactError, match=r"words is not a training-stage of format 1"):
        Stages(tmp_path, "k").get("words", maker(MADE))
    assert artefact.load(tmp_path / "words", "clause-classifier", 2)[1] == {}


def test_the_folder_says_what_it_is(tmp_path: Path) -> None:
    Stages(tmp_path, "k").get("words", maker(MADE))
    assert artefact.load(tmp_path / "words", KIND, VERSION)[0] == {"kind": KIND, "version": VERSION, "key": "k"}
