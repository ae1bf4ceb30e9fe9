"""Tag clauses with the thirteen categories.

A linear model per category over TF-IDF of words and word pairs beside the sentence embedding, with calibrated
probabilities and a threshold for each category. Trained by `nlp.train_classifier`, kept in `models/classifier`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp import artefact
from nlp.encoder import Encoder, SentenceEncoder, Vectors
from nlp.paths import MODELS

KIND, VERSION = "clause-classifier", 1
VOCABULARY = "vocabulary.json"
FOLDER = MODELS / "classifier"

# A vectorizer must be made the same way for training and for use.
TFIDF = {"ngram_range": (1, 2), "sublinear_tf": True, "strip_accents": "unicode"}


@dataclass(frozen=True)
class ClauseClassifier:
    """A multi-label classifier in the manner of scikit-learn.

    With n labels and t terms: `word_weights` has shape (n, t), `vector_weights` (n, d), `intercepts` (n,);
    `calibration` of shape (n, 2) holds slope and offset of Platt's scaling; `thresholds` has shape (n,).
    """

    encoder: Encoder
    labels: list[str]
    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    word_weights: NDArray[np.float32]
    vector_weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    calibration: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def predict_proba(self, texts: Sequence[str], vectors: Vectors | None = None) -> NDArray[np.float64]:
        """Return calibrated probabilities of shape (len(texts), 13).

        `vectors` are the texts' embeddings, if they are at hand; otherwise the encoder makes them.
        """
        if len(texts) == 0:
            return np.zeros((0, len(self.labels)))
        vectors = self.encoder.encode(texts) if vectors is None else vectors
        scores = self._words.transform(texts) @ self.word_weights.T + vectors @ self.vector_weights.T + self.intercepts
        slope, offset = self.calibration.T
        return np.asarray(expit(slope * np.asarray(scores, np.float64) + offset))

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which labels hold: those over their threshold, or the likeliest one where none is."""
        chosen = probabilities >= self.thresholds
        bare = ~chosen.any(axis=1)
        chosen[bare, probabilities[bare].argmax(axis=1)] = True
        return np.asarray(chosen, np.bool_)

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which labels hold, shape (len(texts), 13); every text gets one at least."""
        return self.decide(self.predict_proba(texts))

    @cached_property
    def _words(self) -> TfidfVectorizer:
        vectorizer = TfidfVectorizer(vocabulary=list(self.terms), dtype=np.float32, **TFIDF)
        vectorizer.idf_ = self.idf
        return vectorizer

    @cached_property
    def fingerprint(self) -> str:
        """What tells this classifier's tags from another's."""
        return artefact.fingerprint(self._arrays(), self.labels, self.terms, self.encoder.fingerprint)

    def save(self, folder: Path, about: dict[str, Any] | None = None) -> None:
        """Write the classifier to a folder, whole or not at all; `about` goes into its configuration."""
        config = {
            "kind": KIND,
            "version": VERSION,
            "labels": self.labels,
            "encoder": self.encoder.fingerprint,
            "terms": len(self.terms),
            "fingerprint": self.fingerprint,
            **(about or {}),
        }
        vocabulary = json.dumps(self.terms, ensure_ascii=False).encode()
        artefact.save(folder, config, self._arrays(), {VOCABULARY: vocabulary})

    def _arrays(self) -> dict[str, NDArray[Any]]:
        names = ("idf", "word_weights", "vector_weights", "intercepts", "calibration", "thresholds")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def load(cls, folder: Path = FOLDER, *, encoder: Encoder | None = None) -> ClauseClassifier:
        """Load a classifier; raises `ArtefactError` where the folder is torn, foreign or made for another encoder."""
        config, arrays = artefact.load(folder, KIND, VERSION)
        encoder = encoder or SentenceEncoder.load()
        if config.get("encoder") != encoder.fingerprint:
            made, given = config.get("encoder"), encoder.fingerprint
            raise artefact.ArtefactError(f"{folder} was trained with the encoder {made}, not with {given}; train again")
        try:
            terms = tuple(json.loads((folder / VOCABULARY).read_text(encoding="utf-8")))
            made = cls(encoder, list(config["labels"]), terms, **arrays)
        except (OSError, ValueError, KeyError, TypeError) as e:
            raise artefact.ArtefactError(f"{folder} is damaged and cannot be read as a {KIND}; train again") from e
        if made.fingerprint != config.get("fingerprint"):
            raise artefact.ArtefactError(f"{folder} is not what was trained: its fingerprint differs; train again")
        return made


def sparse_words(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the TF-IDF of texts, shape (len(texts), terms)."""
    return sparse.csr_matrix(vectorizer.transform(texts), dtype=np.float32)
