"""Tests of nlp.reranker on a body of a few weights: means over tokens, batches, saving and loading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from nlp_fakes import tiny_reranker
from torch import Tensor

from nlp import artefact
from nlp import reranker as reranker_module
from nlp.artefact import ArtefactError
from nlp.reranker import PairModel, Reranker

PAIRS = [
    ("do you sell it?", "We do not sell anything to anybody at all."),
    ("a", "b"),
    ("how long?", "For a year."),
    ("who?", "We do."),
]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the encoder's folder and for the untrained model on it."""
    monkeypatch.setattr(reranker_module, "encoder_folder", lambda: ("folder", "fake"))
    monkeypatch.setattr(Reranker, "untrained", classmethod(lambda cls: tiny_reranker(seed=0)))


def by_hand(model: PairModel, pair: Sequence[str]) -> Tensor:
    """Return the logits of one pair without a batch."""
    ids = torch.tensor([len(word) for text in pair for word in text.split()])
    return model.heads(model.body.layer(model.body.embeddings(ids)).mean(0))  # type: ignore[operator,union-attr]


@pytest.mark.parametrize("batch_size", [1, 2, 32])
def test_scores_are_those_of_each_pair_alone_in_its_place(batch_size: int) -> None:
    reranker = tiny_reranker(batch_size=batch_size)
    scores = reranker.score(PAIRS)
    expected = torch.stack([by_hand(reranker.model, pair) for pair in PAIRS]).detach().numpy()
    np.testing.assert_allclose(scores.relevance, expected[:, 0], rtol=1e-5)
    np.testing.assert_allclose(scores.polarity, expected[:, 1], rtol=1e-5)
    assert sum(reranker.tokenizer.batches) == 4
    assert max(reranker.tokenizer.batches) <= batch_size


def test_no_pairs_give_no_scores() -> None:
    scores = tiny_reranker().score([])
    assert scores.relevance.shape == scores.polarity.shape == (0,)


def test_the_word_embeddings_are_not_its_own() -> None:
    assert set(tiny_reranker().model.own_state()) == {
        "body.layer.weight",
        "body.layer.bias",
        "heads.weight",
        "heads.bias",
    }


@pytest.mark.usefixtures("encoder")
def test_a_round_trip_scores_the_same_up_to_half_precision(tmp_path: Path) -> None:
    trained = tiny_reranker(seed=0)
    with torch.no_grad():
        trained.model.heads.weight += 1
    trained.save(tmp_path / "reranker", {"epochs": 1})
    loaded = Reranker.load(tmp_path / "reranker")
    np.testing.assert_allclose(loaded.score(PAIRS).relevance, trained.score(PAIRS).relevance, atol=0.01)
    assert not np.allclose(loaded.score(PAIRS).relevance, tiny_reranker(seed=0).score(PAIRS).relevance, atol=0.1)
    assert not loaded.model.training
    config, arrays = artefact.load(tmp_path / "reranker", "question-reranker", 1)
    assert config["epochs"] == 1
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}


@pytest.mark.usefixtures("encoder")
def test_another_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_reranker().save(tmp_path / "reranker")
    monkeypatch.setattr(reranker_module, "encoder_folder", lambda: ("folder", "another"))
    with pytest.raises(ArtefactError, match="was trained with the encoder fake, not another; train again"):
        Reranker.load(tmp_path / "reranker")


@pytest.mark.usefixtures("encoder")
@pytest.mark.parametrize("extra", [{}, {"foreign": np.zeros(1, np.float16)}])
def test_arrays_of_another_model_are_refused(tmp_path: Path, extra: dict[str, np.ndarray]) -> None:
    tiny_reranker().save(tmp_path / "reranker")
    config, arrays = artefact.load(tmp_path / "reranker", "question-reranker", 1)
    kept = {**arrays, **extra} if extra else {n: a for n, a in arrays.items() if n != "heads.bias"}
    artefact.save(tmp_path / "reranker", config, kept)
    with pytest.raises(ArtefactError, match="is damaged: its arrays are not those of a question-reranker"):
        Reranker.load(tmp_path / "reranker")


@pytest.mark.usefixtures("encoder")
def test_arrays_of_another_shape_are_refused(tmp_path: Path) -> None:
    tiny_reranker().save(tmp_path / "reranker")
    config, arrays = artefact.load(tmp_path / "reranker", "question-reranker", 1)
    artefact.save(tmp_path / "reranker", config, {**arrays, "heads.bias": np.zeros(3, np.float16)})
    with pytest.raises(ArtefactError, match="is damaged: its arrays are not those of a question-reranker"):
        Reranker.load(tmp_path / "reranker")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"holds no question-reranker: config\.json is missing"):
        Reranker.load(tmp_path)
