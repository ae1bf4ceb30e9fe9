"""Fit the fast scorer: what teaches it most are many texts without labels that better models have tagged."""

from __future__ import annotations

import random
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp.bag_scorer import BUCKETS, BagScorer, features
from nlp.finetune import Examples, weighted_loss
from nlp.steps import Progress, linear_rate
from nlp.transformer_scorer import TagModel
from nlp.word_pieces import load_tokenizer, token_ids

_DIMENSIONS, _HIDDEN = 64, 96
_BATCH = 512
_LEARNING_RATE = 6e-3
_DROPPED = 0.3
# The spread of the first vectors, which are MiniLM's own word embeddings, seen from their main directions.
_SPREAD = 0.3


class Bag(nn.Module):
    """The network of `BagScorer` in training; `words` of shape (vocabulary, any) are what it knows at first."""

    def __init__(self, words: Tensor, labels: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(len(words) + BUCKETS, _DIMENSIONS + labels, mode="sum", sparse=True)
        first = main_directions(words, _DIMENSIONS)
        with torch.no_grad():
            self.table.weight.zero_()
            self.table.weight[: len(words), : first.shape[1]] = first * _SPREAD
        self.hidden = nn.Linear(_DIMENSIONS, _HIDDEN)
        self.output = nn.Linear(_HIDDEN, labels)

    def forward(self, columns: Tensor, starts: Tensor, counts: Tensor) -> Tensor:
        """Return logits (n, labels) for the features of n texts laid end to end, their starts and numbers (n,)."""
        summed = self.table(columns, starts) / counts.clamp(min=1).sqrt().unsqueeze(1)
        deep, wide = summed[:, :_DIMENSIONS], summed[:, _DIMENSIONS:]
        return self.output(torch.relu(self.hidden(deep))) + wide  # type: ignore[no-any-return]


def main_directions(words: Tensor, dimensions: int) -> Tensor:
    """Return vectors of shape (n, any) along their first principal components, the whole scaled to unit variance."""
    centred = words - words.mean(0)
    _, _, axes = torch.linalg.svd(centred.T @ centred)
    turned = centred @ axes.T[:, :dimensions]
    scaled: Tensor = turned / turned.std().clamp(min=1e-6)
    return scaled


def fit_bag(examples: Examples, *, epochs: int, seed: int = 0, report: Progress = print) -> BagScorer:
    """Fit a scorer to soft targets by binary cross-entropy; `report` gets a line after each epoch."""
    torch.manual_seed(seed)
    rng, tokenizer = random.Random(seed), load_tokenizer()
    words = TagModel.untrained(1).word_vectors()[: tokenizer.get_vocab_size()]
    columns, starts = (torch.from_numpy(a) for a in features(token_ids(tokenizer, examples.texts), len(words)))
    targets, weights = torch.from_numpy(examples.targets), torch.from_numpy(examples.weights)
    model = Bag(words, targets.shape[1])
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.SparseAdam(model.table.parameters(), lr=_LEARNING_RATE),
        torch.optim.AdamW([*model.hidden.parameters(), *model.output.parameters()], lr=_LEARNING_RATE),
    ]
    steps = epochs * (1 + len(targets) // _BATCH)
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, lambda s: linear_rate(s, steps, 0.05)) for o in optimizers]
    started, order = time.monotonic(), list(range(len(targets)))
    for epoch in range(epochs):
        losses = []
        rng.shuffle(order)
        for at in range(0, len(order), _BATCH):
            chosen = order[at : at + _BATCH]
            loss = weighted_loss(model(*_take(columns, starts, chosen)), targets[chosen], weights[chosen])
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            for optimizer, schedule in zip(optimizers, schedules, strict=True):
                optimizer.step()
                schedule.step()
            losses.append(loss.item())
        minutes = (time.monotonic() - started) / 60
        report(f"fast: epoch {epoch + 1} of {epochs}, loss {np.mean(losses):.3f}, {minutes:.1f} min")
    return _scorer(model, tokenizer)


def _take(columns: Tensor, starts: Tensor, chosen: list[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Return the features of some texts, a part of them dropped at random: no single word shall decide."""
    parts = [columns[starts[i] : starts[i + 1]] for i in chosen]
    parts = [part[torch.rand(len(part)) >= _DROPPED] for part in parts]
    counts = torch.tensor([len(part) for part in parts])
    return torch.cat(parts), counts.cumsum(0) - counts, counts


def _scorer(model: Bag, tokenizer: Tokenizer) -> BagScorer:
    weights = [model.table.weight, model.hidden.weight.T, model.hidden.bias, model.output.weight.T, model.output.bias]
    return BagScorer(tokenizer, *(np.ascontiguousarray(w.detach().numpy()) for w in weights))
