"""Score clauses with a fine-tuned MiniLM: the classifier's `accurate` mode.

The word embeddings are those of the installed encoder and stay frozen in training, so only the layers above them are
kept in `models/`. Weights run in bfloat16 where the processor multiplies it, else in single precision.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp.artefact import ArtefactError
from nlp.bert import encoder_body, fixed_batches, ready
from nlp.pooled import PooledModel
from nlp.word_pieces import MAX_TOKENS, load_tokenizer, token_ids

# Tokens: texts.
_SHAPES = {16: 32, 24: 24, 32: 16, 48: 12, 64: 8, 96: 8, 128: 4, 192: 4, MAX_TOKENS: 4}


class TagModel(PooledModel):
    """MiniLM with one linear head per label on the mean of its token vectors."""

    def __init__(self, body: nn.Module, width: int, labels: int, dropout: float = 0.0) -> None:
        super().__init__(body)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, labels)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return logits of shape (n, labels) for ids and mask of shape (n, tokens)."""
        pooled = self.pooled({"input_ids": ids, "attention_mask": mask})
        return self.head(self.dropout(pooled))  # type: ignore[no-any-return]

    def word_vectors(self) -> Tensor:
        """Return the frozen word embeddings, shape (vocabulary, width)."""
        return self.body.embeddings.word_embeddings.weight.detach()  # type: ignore[union-attr,operator]

    @classmethod
    def untrained(cls, labels: int, dropout: float = 0.0) -> TagModel:
        """Return a model with the layers of the installed encoder, frozen embeddings and new heads.

        Raises `EncoderError` where the encoder is not a folder with BERT weights.
        """
        body = encoder_body("classifier", dropout)
        return cls(body, int(body.config.hidden_size), labels, dropout)


@dataclass(frozen=True)
class TransformerScorer:
    """Logits of the labels from a model that has read the whole clause."""

    model: TagModel
    tokenizer: Tokenizer

    @classmethod
    def of(cls, model: TagModel, *, half: bool | None = None) -> TransformerScorer:
        """Make a scorer of a copy of a model; `half` says whether to use bfloat16, by default where that is fast."""
        return cls._taking(copy.deepcopy(model), half)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float16]], labels: int, folder: Path) -> TransformerScorer:
        """Make a scorer of kept arrays; raises `ArtefactError`, naming the folder, where they are not all there."""
        model = TagModel.untrained(labels)
        try:
            model.take_arrays(arrays)
        except ValueError as e:
            raise ArtefactError(f"{folder} is damaged: its arrays are not those of a classifier; train again") from e
        return cls._taking(model, None)

    @classmethod
    def _taking(cls, model: TagModel, half: bool | None) -> TransformerScorer:
        return cls(ready(model, half), load_tokenizer())

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels); those of a text are the same, bit for bit, in any company."""
        logits = np.zeros((len(texts), self.model.head.out_features))
        rows = token_ids(self.tokenizer, texts)
        with torch.inference_mode():
            for chosen, ids, mask in fixed_batches(rows, _SHAPES):
                logits[chosen] = self.model(ids, mask)[: len(chosen)].double().numpy()
        return logits
