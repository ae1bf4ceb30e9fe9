"""Score clauses with a fine-tuned MiniLM: the classifier's `accurate` mode.

The word embeddings are those of the installed encoder and stay frozen in training, so only the layers above them are
kept in `models/`. Weights run in bfloat16 where the processor multiplies it, else in single precision.
"""

from __future__ import annotations

import copy
import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from nlp.artefact import ArtefactError
from nlp.encoder import EncoderError, encoder_folder
from nlp.pooled import PooledModel
from nlp.word_pieces import MAX_TOKENS, load_tokenizer, token_ids

# Every forward pass has one of these shapes (tokens: texts), filled up where texts run out. Matrix kernels round
# differently for different shapes, and an answer must not depend on what else is in the batch.
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
        folder = Path(encoder_folder()[0])
        if not (folder / "model.safetensors").is_file():
            raise EncoderError(f"{folder} is no folder with model.safetensors, which the classifier builds on")
        try:
            body, missing = _body(folder, dropout)
        except (OSError, RuntimeError, ValueError, SafetensorError) as e:
            raise EncoderError(f"{folder} is damaged and cannot be read as a BERT; check SMALLPRINT_ENCODER") from e
        if missing:
            raise EncoderError(f"{folder} is not a BERT as the classifier needs it: {missing[0]} is missing")
        return cls(body, int(body.config.hidden_size), labels, dropout)


def _body(folder: Path, dropout: float) -> tuple[BertModel, list[str]]:
    """Return the encoder's layers, embeddings frozen, and the names of the weights that its file lacks."""
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    # Dropout inside attention costs a fifth of the time on a processor and gives nothing here.
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = dropout, 0.0
    body = BertModel(config, add_pooling_layer=False)
    with safe_open(folder / "model.safetensors", "pt") as weights:
        state = {name: weights.get_tensor(name) for name in weights.keys()}  # noqa: SIM118
    missing = body.load_state_dict(state, strict=False).missing_keys
    body.embeddings.requires_grad_(False)
    return body, list(missing)


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
        # Twelve times as fast in bfloat16 as what training uses, which in turn is faster in training.
        body: Any = model.eval().body
        body.set_attn_implementation("sdpa")
        if half if half is not None else multiplies_bfloat16():
            model = model.to(torch.bfloat16)
        return cls(model, load_tokenizer())

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels); those of a text are the same, bit for bit, in any company."""
        logits = np.zeros((len(texts), self.model.head.out_features))
        rows = token_ids(self.tokenizer, texts)
        with torch.inference_mode():
            for chosen, ids, mask in _batches(rows):
                logits[chosen] = self.model(ids, mask)[: len(chosen)].double().numpy()
        return logits


def _batches(rows: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """Yield the indices of rows of like length with their ids and mask, in one of the fixed shapes."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by_length[next(length for length in _SHAPES if len(row) <= length)].append(i)
    for length, members in by_length.items():
        size = _SHAPES[length]
        for at in range(0, len(members), size):
            chosen = members[at : at + size]
            ids = torch.zeros((size, length), dtype=torch.long)
            mask = torch.zeros((size, length), dtype=torch.long)
            # A filler attends to its first token, because a mean over nothing is not a number.
            mask[:, 0] = 1
            for place, i in enumerate(chosen):
                ids[place, : len(rows[i])] = torch.tensor(rows[i])
                mask[place, : len(rows[i])] = 1
            yield chosen, ids, mask


@functools.cache
def multiplies_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself; where it is emulated, single precision is faster."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16") or able.get("bf16"))
