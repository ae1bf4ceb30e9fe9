"""Tests of nlp.finetune: the loss by hand, and a toy problem that an encoder of a few weights learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from classifier_fakes import losses, small_encoder, toy_examples
from torch import Tensor

from nlp import finetune as finetune_module
from nlp.finetune import Examples, Recipe, finetune
from nlp.transformer_scorer import TagModel, TransformerScorer

RECIPE = Recipe(epochs=40, learning_rate=2e-2, tokens=24)


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use an encoder of a few weights."""
    with small_encoder(tmp_path_factory.mktemp("encoder")):
        yield


def tiny_model(labels: int = 2) -> TagModel:
    """Return a model whose weights are always the same."""
    torch.manual_seed(0)
    return TagModel.untrained(labels, dropout=0.1)


def state_after(recipe: Recipe, examples: Examples | None = None) -> dict[str, Tensor]:
    """Return the parameters after a run on the toy problem."""
    return finetune(tiny_model(), examples or toy_examples(), recipe, lambda line: None).state_dict()


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Tell whether two models are the same, bit for bit."""
    return all(torch.equal(one[name], other[name]) for name in one)


def test_a_toy_problem_is_learnt_in_place() -> None:
    model, lines = tiny_model(), list[str]()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert finetune(model, toy_examples(), RECIPE, lines.append) is model
    assert not model.training
    assert [line.split(", loss")[0] for line in lines] == [f"epoch {n} of 40" for n in range(1, 41)]
    assert losses(lines)[-1] < 0.2 < 1 < losses(lines)[0]
    unseen = ["you sell names", "you keep names", "nobody sell data", "nobody keep data"]
    scores = TransformerScorer.of(model, half=False).score(unseen)
    np.testing.assert_array_equal(scores > 0, [[True, False], [False, True]] * 2)
    for name, value in model.state_dict().items():
        if "embeddings" in name:
            assert torch.equal(value, before[name]), name
    assert not torch.equal(model.head.weight, before["head.weight"])


def test_a_seed_gives_the_same_model() -> None:
    recipe = replace(RECIPE, epochs=2)
    first = state_after(recipe)
    model = tiny_model()
    # What was drawn before shall not matter.
    torch.rand(1)
    assert same(first, finetune(model, toy_examples(), recipe, lambda line: None).state_dict())
    assert not same(first, state_after(replace(recipe, seed=1)))


def test_a_text_that_counts_nothing_teaches_nothing() -> None:
    # One batch, so that the text changes no other loss.
    recipe, toy = replace(RECIPE, epochs=1, tokens=10_000), toy_examples()
    targets, weights = toy.targets.copy(), toy.weights.copy()
    targets[0], weights[0] = [0, 1], 0
    silent = state_after(recipe, Examples(toy.texts, toy.targets, weights))
    assert same(silent, state_after(recipe, Examples(toy.texts, targets, weights)))
    assert not same(silent, state_after(recipe, Examples(toy.texts, targets, toy.weights)))


def test_the_loss_by_hand() -> None:
    logits = torch.tensor([[0.0, 2.0], [-1.0, 1.0]])
    targets = torch.tensor([[0.5, 1.0], [0.0, 0.25]])

    def entropy(logit: float, target: float) -> float:
        return float(target * np.logaddexp(0, -logit) + (1 - target) * np.logaddexp(0, logit))

    first = entropy(0, 0.5) + entropy(2, 1)
    second = entropy(-1, 0) + entropy(1, 0.25)
    loss = finetune_module.weighted_loss(logits, targets, torch.tensor([1.0, 3.0]))
    assert loss.item() == pytest.approx((first + 3 * second) / 4, abs=1e-6)


def test_only_trained_matrices_decay() -> None:
    model = tiny_model()
    matrices, rest = finetune_module.parameter_groups(model)
    assert (matrices["weight_decay"], rest["weight_decay"]) == (0.01, 0)
    own = {name: p for name, p in model.named_parameters() if not name.startswith("body.embeddings.")}
    decays = {id(p) for p in matrices["params"]}  # type: ignore[attr-defined]
    does_not = {id(p) for p in rest["params"]}  # type: ignore[attr-defined]
    assert {name for name, p in own.items() if id(p) in decays} == {n for n, p in own.items() if p.ndim == 2}
    assert {name for name, p in own.items() if id(p) in does_not} == {n for n, p in own.items() if p.ndim == 1}
    assert len(decays) + len(does_not) == len(own)


def test_examples_add_up() -> None:
    one = Examples(["a"], np.array([[0, 1]], np.float32), np.array([0.5], np.float32))
    two = Examples(["b", "c"], np.array([[1, 0], [0.25, 0]], np.float32), np.array([1, 2], np.float32))
    both = one + two
    assert both.texts == ["a", "b", "c"]
    assert both.targets.tolist() == [[0, 1], [1, 0], [0.25, 0]]
    assert both.weights.tolist() == [0.5, 1, 2]
    assert (both.targets.dtype, both.weights.dtype) == (np.float32, np.float32)
    assert one.texts == ["a"]
