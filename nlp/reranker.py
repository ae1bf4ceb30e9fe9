"""A model that reads a question and a clause together and says whether the clause answers it, and how.

A cross-encoder (Nogueira and Cho, "Passage Re-ranking with BERT", 2019) on the weights of all-MiniLM-L6-v2: its word
embeddings are those of the installed encoder, so only the layers above them are kept in `models/reranker`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from nlp import artefact
from nlp.encoder import encoder_folder
from nlp.paths import MODELS
from nlp.pooled import PooledModel

KIND, VERSION = "question-reranker", 1
FOLDER = MODELS / "reranker"
MAX_TOKENS = 192

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

    def __init__(self, body: nn.Module, width: int) -> None:
        super().__init__(body)
        self.heads = nn.Linear(width, 2)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return logits of shape (n, 2): relevance and polarity."""
        return self.heads(self.pooled(batch))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Reranker:
    """Scores pairs of question and clause."""

    model: PairModel
    tokenizer: Any
    batch_size: int = 4

    @classmethod
    def untrained(cls) -> Reranker:
        """Return a model with the encoder's layers and new heads, to be trained."""
        folder, _ = encoder_folder()
        # The pooler of the published model is not used here, which transformers would report at length.
        transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        body = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        return cls(PairModel(body, int(body.config.hidden_size)), AutoTokenizer.from_pretrained(folder))

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Reranker:
        """Load a trained model; raises `ArtefactError` where the folder is torn or made for another encoder."""
        config, arrays = artefact.load(folder, KIND, VERSION)
        _, fingerprint = encoder_folder()
        if config.get("encoder") != fingerprint:
            made = config.get("encoder")
            raise artefact.ArtefactError(
                f"{folder} was trained with the encoder {made}, not {fingerprint}; train again"
            )
        reranker = cls.untrained()
        try:
            reranker.model.take_arrays(arrays)
        except ValueError as e:
            message = f"{folder} is damaged: its arrays are not those of a {KIND}; train again"
            raise artefact.ArtefactError(message) from e
        reranker.model.eval()
        return reranker

    def save(self, folder: Path, about: dict[str, Any] | None = None) -> None:
        """Write the trained layers as half precision, whole or not at all."""
        _, fingerprint = encoder_folder()
        config = {"kind": KIND, "version": VERSION, "encoder": fingerprint, **(about or {})}
        artefact.save(folder, config, self.model.arrays())

    def batch(self, pairs: Sequence[Pair]) -> dict[str, Tensor]:
        """Return the token ids of pairs, padded to the longest; long clauses are cut."""
        return dict(
            self.tokenizer(
                [question for question, _ in pairs],
                [clause for _, clause in pairs],
                truncation="longest_first",
                max_length=MAX_TOKENS,
                padding=True,
                return_tensors="pt",
            )
        )

    def score(self, pairs: Sequence[Pair]) -> PairScores:
        """Return the scores of pairs, in their order."""
        logits = np.zeros((len(pairs), 2), np.float32)
        # Pairs of like length together, so that little is spent on padding.
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        with torch.inference_mode():
            for at in range(0, len(order), self.batch_size):
                chosen = order[at : at + self.batch_size]
                logits[chosen] = self.model(self.batch([pairs[i] for i in chosen])).float().numpy()
        return PairScores(logits[:, 0], logits[:, 1])
