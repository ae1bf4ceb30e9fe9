"""The classifier with a memory: a clause that was seen before is not read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.artefact import CONFIG, ArtefactError
from nlp.batch.cache import ClauseCache, Rows, key_of
from nlp.batch.documents import DocumentCache, document_blobs
from nlp.classifier import FOLDERS, ClauseClassifier, Mode

# Clauses that are read at once: enough that those of like length fill their batches.
_BLOCK = 2048


class Tagger(Protocol):
    """Gives clauses their probabilities; what `nlp.batch.work` needs of a classifier."""

    @property
    def fingerprint(self) -> str:
        """What tells this model's tags from another's."""
        ...

    @property
    def labels(self) -> list[str]:
        """The categories."""
        ...

    @property
    def documents(self) -> DocumentCache | None:
        """The rows of documents that were tagged before, if they are kept."""
        ...

    @property
    def trouble(self) -> str | None:
        """What is wrong that does not stop the work."""
        ...

    def probabilities(self, contexts: Sequence[str], alive: Callable[[], None]) -> tuple[Rows, int]:
        """Return probabilities of shape (len(contexts), labels) and how many clauses a model had to read for them.

        `alive` is called now and then. The probabilities of a clause do not depend on the others.
        """
        ...

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which labels hold."""
        ...


@dataclass(frozen=True)
class CachedTagger:
    """A classifier, the cache of the clauses that it has read, and that of whole documents, if they are kept."""

    classifier: ClauseClassifier
    cache: ClauseCache
    documents: DocumentCache | None = None

    @property
    def fingerprint(self) -> str:
        """What tells this model's tags from another's."""
        return self.classifier.fingerprint

    @property
    def labels(self) -> list[str]:
        """The categories."""
        return self.classifier.labels

    @property
    def trouble(self) -> str | None:
        """Why a cache is not used, if it is not."""
        return self.cache.trouble or (self.documents.cache.trouble if self.documents else None)

    def probabilities(self, contexts: Sequence[str], alive: Callable[[], None]) -> tuple[Rows, int]:
        """Return probabilities as `Tagger` says: from the cache, and where they are not there, from the classifier.

        They are rounded to single precision, as the cache keeps them, wherever they come from.
        """
        width = len(self.labels)
        keys = [key_of(context, self.fingerprint) for context in contexts]
        distinct = dict(zip(keys, contexts, strict=True))
        rows = self.cache.get(list(distinct), width)
        alive()
        # By length, so that the batches of a block are full.
        unseen = sorted((key for key in distinct if key not in rows), key=lambda key: len(distinct[key]))
        for at in range(0, len(unseen), _BLOCK):
            block = unseen[at : at + _BLOCK]
            read = self.classifier.predict_proba([distinct[key] for key in block]).astype(np.float32)
            new = dict(zip(block, read, strict=True))
            self.cache.put(new)
            rows |= new
            alive()
        return np.array([rows[key] for key in keys], np.float32).reshape(-1, width), len(unseen)

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which labels hold."""
        return self.classifier.decide(probabilities)


def make_caches(folder: Path) -> None:
    """Make the files of the caches: one process does, before several want them at once."""
    for cache in (ClauseCache(folder), document_blobs(folder)):
        cache.make()


def load_tagger(mode: Mode, folder: Path, max_bytes: int, *, keep_documents: bool = True) -> CachedTagger:
    """Load the classifier of a mode with the caches in a folder; raises `ArtefactError`.

    `max_bytes` is the most that each of the two takes on disk.
    """
    classifier = ClauseClassifier.load(mode=mode)
    documents = DocumentCache.of(folder, classifier.labels, classifier.fingerprint, max_bytes)
    return CachedTagger(classifier, ClauseCache(folder, max_bytes), documents if keep_documents else None)


@dataclass(frozen=True, slots=True)
class Model:
    """Which classifier a run is made with, without its weights."""

    fingerprint: str
    labels: tuple[str, ...]


def shipped_model(mode: Mode) -> Model:
    """Return which classifier `models/` holds for a mode; whether it is sound is seen where it is loaded."""
    path = FOLDERS[mode] / CONFIG
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        return Model(str(config["fingerprint"]), tuple(config["labels"]))
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise ArtefactError(f"{path} cannot be read; run from a checkout of the repository, or train it") from e
