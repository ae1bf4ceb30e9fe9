"""A model that reads a question and a clause together and says whether the clause answers it, and how.

A cross-encoder (Nogueira and Cho, "Passage Re-ranking with BERT", 2019) on the weights of all-MiniLM-L6-v2: its word
embeddings are those of the installed encoder, so only the layers above them are kept in `models/reranker`. Weights run
in bfloat16 where the processor multiplies it, else in single precision.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp import artefact
from nlp.bert import encoder_body, fixed_batches, ready
from nlp.encoder import encoder_folder
from nlp.paths import MODELS
from nlp.pooled import PooledModel
from nlp.word_pieces import load_tokenizer, pair_ids

KIND, VERSION = "question-reranker", 2
FOLDER = MODELS / "reranker"
SEPARATOR = 102
"""The id that ends a question, and a clause, in the vocabulary of uncased BERT."""

# Tokens: pairs.
_SHAPES = {32: 8, 40: 8, 48: 8, 64: 8, 80: 4, 96: 4, 128: 4, 192: 2, 256: 2}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PairScores:
    """Logits for n pairs of question and clause, each of shape (n,).

    `relevance` is positive where the clause answers the question; `polarity`, for a question that can be answered
    with yes or no, is positive where the clause's answer is yes.
    """

    relevance: NDArray[np.float32]
    polarity: NDArray[np.float32]


class PairModel(PooledModel):
    """MiniLM over "question [SEP] clause" with two linear heads on the mean of its token vectors."""

    def __init__(self, body: nn.Module, width: int, dropout: float = 0.0) -> None:
        super().__init__(body)
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(width, 2)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return logits of shape (n, 2), relevance and polarity, for ids and mask of shape (n, tokens)."""
        batch = {"input_ids": ids, "token_type_ids": sides(ids), "attention_mask": mask}
        return self.heads(self.dropout(self.pooled(batch)))  # type: ignore[no-any-return]

    @classmethod
    def untrained(cls, dropout: float = 0.0) -> PairModel:
        """Return a model with the encoder's layers, frozen embeddings and new heads; raises `EncoderError`."""
        body = encoder_body("reranker", dropout)
        return cls(body, int(body.config.hidden_size), dropout)


def sides(ids: Tensor) -> Tensor:
    """Return 0 for tokens of the question and 1 for those of the clause, for ids of shape (n, tokens)."""
    ends = (ids == SEPARATOR).long()
    return (ends.cumsum(1) - ends).clamp(max=1)


@dataclass(frozen=True)
class Reranker:
    """Scores pairs of question and clause."""

    model: PairModel
    tokenizer: Tokenizer

    @classmethod
    def of(cls, model: PairModel, *, half: bool | None = None) -> Reranker:
        """Make a reranker of a copy of a model; `half` says whether to use bfloat16, by default where that is fast."""
        return cls(ready(copy.deepcopy(model), half), load_tokenizer())

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Reranker:
        """Load a trained model; raises `ArtefactError` where the folder is torn or made for another encoder."""
        return cls.of(load_model(folder))

    def score(self, pairs: Sequence[Pair]) -> PairScores:
        """Return the scores of pairs, in their order; those of a pair are the same, bit for bit, in any company."""
        logits = np.zeros((len(pairs), 2), np.float32)
        rows = pair_ids(self.tokenizer, pairs)
        with torch.inference_mode():
            for chosen, ids, mask in fixed_batches(rows, _SHAPES):
                logits[chosen] = self.model(ids, mask)[: len(chosen)].float().numpy()
        return PairScores(logits[:, 0], logits[:, 1])


def save(model: PairModel, folder: Path, about: dict[str, Any] | None = None) -> None:
    """Write the trained layers in half precision, whole or not at all."""
    _, fingerprint = encoder_folder()
    config = {"kind": KIND, "version": VERSION, "encoder": fingerprint, **(about or {})}
    artefact.save(folder, config, model.arrays())


def load_model(folder: Path, *, dropout: float = 0.0) -> PairModel:
    """Load the trained layers, with dropout where they are to be trained further.

    Raises `ArtefactError` where the folder is torn or made for another encoder.
    """
    config, arrays = artefact.load(folder, KIND, VERSION)
    made, (_, fingerprint) = config.get("encoder"), encoder_folder()
    if made != fingerprint:
        raise artefact.ArtefactError(f"{folder} was trained with the encoder {made}, not {fingerprint}; train again")
    model = PairModel.untrained(dropout)
    try:
        model.take_arrays(arrays)
    except ValueError as e:
        raise artefact.ArtefactError(f"{folder} is damaged: its arrays are not those of a {KIND}; train again") from e
    return model.eval()
