"""Fine-tune MiniLM on texts with soft labels."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from nlp.steps import Progress, descend, linear_rate, make_batches, padded
from nlp.transformer_scorer import TagModel
from nlp.word_pieces import load_tokenizer, token_ids

_WARM_UP = 0.1
_WEIGHT_DECAY = 0.01


@dataclass(frozen=True)
class Examples:
    """Texts to learn from.

    `targets` of shape (n, labels) say in 0..1 how much each label holds, `weights` of shape (n,) what each text counts.
    """

    texts: list[str]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]

    def __add__(self, other: Examples) -> Examples:
        """Return both together."""
        return Examples(
            self.texts + other.texts,
            np.concatenate([self.targets, other.targets]),
            np.concatenate([self.weights, other.weights]),
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to train; a step is about `tokens` tokens."""

    epochs: int = 6
    learning_rate: float = 3e-4
    tokens: int = 2048
    seed: int = 0


def finetune(model: TagModel, examples: Examples, recipe: Recipe, report: Progress = print) -> TagModel:
    """Train a model in place by the binary cross-entropy with soft targets, and return it.

    `report` gets a line after each epoch.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    rows = token_ids(load_tokenizer(), examples.texts)
    lengths = [len(row) for row in rows]
    targets, weights = torch.from_numpy(examples.targets), torch.from_numpy(examples.weights)
    optimizer = torch.optim.AdamW(parameter_groups(model), lr=recipe.learning_rate, fused=True)
    steps = recipe.epochs * len(make_batches(lengths, recipe.tokens, random.Random(recipe.seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: linear_rate(step, steps, _WARM_UP))
    started = time.monotonic()
    model.train()
    for epoch in range(recipe.epochs):
        losses = []
        for chosen in make_batches(lengths, recipe.tokens, rng):
            ids, mask = padded([rows[i] for i in chosen])
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, mask)
            loss = weighted_loss(logits.float(), targets[chosen], weights[chosen])
            losses.append(descend(loss, optimizer, schedule))
        minutes = (time.monotonic() - started) / 60
        report(f"epoch {epoch + 1} of {recipe.epochs}, loss {np.mean(losses):.3f}, {minutes:.1f} min")
    return model.eval()


def weighted_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean over texts of the summed cross-entropy over labels."""
    each = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)
    return (each * weights).sum() / weights.sum()


def parameter_groups(model: nn.Module) -> Sequence[dict[str, object]]:
    """Return the trained parameters, with weight decay on the matrices alone."""
    trained = [p for p in model.parameters() if p.requires_grad]
    return (
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": _WEIGHT_DECAY},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    )
