"""Vectors to try an index on: those of real clauses, and as many more as it takes, made from them.

Each of the others is normalise(v + 0.3 (u - w)) for random real v, u and w: noise in the directions in which clauses
differ.
"""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.paragraphs import read_paragraphs
from corpus.types import Block, DocumentError, Statement
from nlp.encoder import Vectors
from nlp.search.gather import blocks
from nlp.segment import segment

NOISE = 0.3

_SEED = 0
_BLOCK = 16_384


def real_clauses(data: Path, count: int) -> list[str]:
    """Return clauses of real paragraphs in their contexts, each once, in a random order that is always the same."""
    texts = [paragraph.text for paragraph in read_paragraphs(data)]
    random.Random(_SEED).shuffle(texts)
    statements = (Statement("", "", text, (Block("paragraph", 0, len(text)),)) for text in texts)
    found = dict.fromkeys(clause.context for statement in statements for clause in segment(statement))
    if len(found) < count:
        raise DocumentError(f"{data} holds {len(found)} different clauses; {count} are needed")
    return list(islice(found, count))


def write_perturbed(base: Vectors, count: int, path: Path) -> float:
    """Write unit vectors in half precision: `base`, then perturbed ones; return their median cosine to their origin."""
    random_numbers, cosines = np.random.default_rng(_SEED), [np.ones(0, np.float32)]
    with path.open("wb") as file:
        for first, last in blocks(count, _BLOCK):
            here = np.arange(first, last)
            own, plus, minus = random_numbers.integers(0, len(base), (3, last - first))
            own = np.where(here < len(base), here, own) % len(base)
            made = base[own] + (NOISE * (here >= len(base)))[:, None] * (base[plus] - base[minus])
            made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
            file.write(made.astype("<f2").tobytes())
            cosines.append((made * base[own]).sum(axis=1)[here >= len(base)])
    near = np.concatenate(cosines)
    return float(np.median(near)) if len(near) else 1.0


def exact_nearest(stored: NDArray[Any], queries: Vectors, count: int) -> NDArray[np.int64]:
    """Return the positions of the `count` nearest stored vectors to each query, best first, by comparing all."""
    best = np.zeros((len(queries), 0), np.int64)
    cosines = np.zeros((len(queries), 0), np.float32)
    for first, last in blocks(len(stored), _BLOCK):
        found = queries @ np.asarray(stored[first:last], np.float32).T
        positions = np.broadcast_to(np.arange(first, last), found.shape)
        best, cosines = np.concatenate((best, positions), axis=1), np.concatenate((cosines, found), axis=1)
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        best, cosines = np.take_along_axis(best, order, axis=1), np.take_along_axis(cosines, order, axis=1)
    return best
