"""Score clauses by their word pieces and pairs of them alone: the classifier's `fast` mode.

Each piece and each pair of neighbours has a vector (Joulin et al., "Bag of Tricks for Efficient Text Classification",
EACL 2017: n-grams share hashed vectors). One part of their scaled sum goes through a hidden layer, the other straight
into the logits (Cheng et al., "Wide & Deep Learning for Recommender Systems", 2016).
Taught by better models, not by labels alone (Hinton et al., "Distilling the Knowledge in a Neural Network", 2015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tokenizers import Tokenizer

from nlp.artefact import ArtefactError
from nlp.word_pieces import load_tokenizer, token_ids

BUCKETS = 1 << 16
"""How many vectors the pairs share."""

_ROWS = 256
_ARRAYS = ("table", "hidden", "hidden_bias", "output", "output_bias")
# Knuth's multiplicative hashing, over both pieces of a pair.
_LEFT, _RIGHT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(64 - BUCKETS.bit_length() + 1)


@dataclass(frozen=True)
class BagScorer:
    """Logits of the labels from a bag of pieces and pairs.

    `table` has shape (vocabulary + BUCKETS, d + labels): d columns go through the layers, the rest are added to their
    logits. `hidden` has shape (d, h), `output` (h, labels), the biases (h,) and (labels,).
    """

    tokenizer: Tokenizer
    table: NDArray[np.float32]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float16]], labels: int, folder: Path) -> BagScorer:
        """Make a scorer of kept arrays; raises `ArtefactError`, naming the folder, where they do not fit together."""
        tokenizer = load_tokenizer()
        shapes = {name: array.shape for name, array in arrays.items()}
        width, middle = (*shapes.get("hidden", ()), 0, 0)[:2]
        rows = tokenizer.get_vocab_size() + BUCKETS
        fitting = [(rows, width + labels), (width, middle), (middle,), (middle, labels), (labels,)]
        if shapes != dict(zip(_ARRAYS, fitting, strict=True)):
            raise ArtefactError(f"{folder} is damaged: its arrays are not those of a classifier; train again")
        return cls(tokenizer, **{name: array.astype(np.float32) for name, array in arrays.items()})

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return the weights in half precision, as they are kept."""
        return {name: getattr(self, name).astype(np.float16) for name in _ARRAYS}

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels); those of a text are the same, bit for bit, in any company."""
        parts = [self._block(texts[at : at + _ROWS]) for at in range(0, len(texts), _ROWS)]
        return np.vstack([np.zeros((0, self.output.shape[1])), *parts])

    def _block(self, texts: Sequence[str]) -> NDArray[np.float64]:
        # Matrix kernels round differently for different shapes: always the same number of rows.
        counts, scale = bags(token_ids(self.tokenizer, texts), self.tokenizer.get_vocab_size())
        summed = np.zeros((_ROWS, self.table.shape[1]), np.float32)
        summed[: len(texts)] = counts @ self.table * scale[:, None]
        deep, wide = np.split(summed, [len(self.hidden)], axis=1)
        hidden = np.maximum(np.ascontiguousarray(deep) @ self.hidden + self.hidden_bias, 0)
        return np.asarray((hidden @ self.output + self.output_bias + wide)[: len(texts)], np.float64)


def bags(rows: Sequence[Sequence[int]], vocabulary: int) -> tuple[sparse.csr_matrix, NDArray[np.float32]]:
    """Return counts of pieces and pairs, shape (n, vocabulary + BUCKETS), and the scale of each row's sum, (n,).

    The scale is one over the square root of the number of features, so that a long clause does not shout.
    """
    columns, starts = features(rows, vocabulary)
    counts = np.diff(starts)
    shape = (len(rows), vocabulary + BUCKETS)
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    return matrix, (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)


def features(rows: Sequence[Sequence[int]], vocabulary: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the features of all rows in one array, and where each row's start in it, shape (n + 1,).

    A row of t ids, marks of start and end included, has t - 2 pieces and t - 1 pairs.
    """
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    if not len(lengths):
        return np.zeros(0, np.int64), np.zeros(1, np.int64)
    ids = np.fromiter(chain.from_iterable(rows), np.uint64, int(lengths.sum()))
    ends = np.cumsum(lengths)
    first = np.zeros(len(ids), bool)
    first[ends - lengths] = True
    last = np.zeros(len(ids), bool)
    last[ends - 1] = True
    with np.errstate(over="ignore"):
        mixed = (ids[:-1] * _LEFT) ^ (ids[1:] * _RIGHT)
        pairs = ((mixed ^ (mixed >> np.uint64(29))) * _LEFT) >> _SHIFT
    # Each token gives its own piece and the pair with the one after it; the marks are no pieces, an end has no pair.
    both = np.stack([ids.astype(np.int64), np.append(pairs.astype(np.int64) + vocabulary, 0)], axis=1)
    kept = np.stack([~(first | last), ~last], axis=1)
    starts = np.concatenate([[0], np.cumsum(2 * lengths - 3)])
    return both[kept], starts
