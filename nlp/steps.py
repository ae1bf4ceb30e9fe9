"""Batches and learning rates for training."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

Progress = Callable[[str], None]
"""What is told, in a line now and then, how far a training is."""


def make_batches(lengths: Sequence[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Return the indices of texts in random batches of like length, each of about so many tokens with padding."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], rng.random()))
    batches: list[list[int]] = []
    for i in order:
        if not batches or (len(batches[-1]) + 1) * lengths[i] > tokens:
            batches.append([])
        batches[-1].append(i)
    rng.shuffle(batches)
    return batches


def linear_rate(step: int, steps: int, warm_up: float) -> float:
    """Return the share of the learning rate at a step: up over `warm_up` of all steps, then down to nothing."""
    warm = max(1, int(warm_up * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def descend(loss: Tensor, optimizer: Optimizer, schedule: LRScheduler) -> float:
    """Change an optimizer's weights by one step down a loss, the gradient clipped to length one; return the loss."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)
    optimizer.step()
    schedule.step()
    return loss.item()


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return ids of shape (n, longest) and the mask of what is no padding."""
    longest = max(len(row) for row in rows)
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask
