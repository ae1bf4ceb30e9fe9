"""A FAISS index over the clauses of a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from nlp import artefact
from nlp.encoder import Encoder, Vectors

KIND, VERSION = "clause-index", 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found: its position among the indexed ones and its cosine to the query."""

    position: int
    cosine: float


@dataclass(frozen=True)
class ClauseIndex:
    """Exact search by inner product over unit vectors (Johnson et al., "Billion-scale similarity search", 2017).

    `statement` and `encoder` are the fingerprints of what was indexed and of what made the vectors.
    """

    faiss: faiss.IndexFlatIP
    statement: str
    encoder: str

    @classmethod
    def from_vectors(cls, vectors: Vectors, *, statement: str, encoder: str) -> ClauseIndex:
        """Index unit vectors of shape (n, d); raises `ValueError` where they are not of length one."""
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.ndim != 2 or not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
            raise ValueError(f"vectors must have shape (n, d) and length one, not shape {vectors.shape}")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index, statement, encoder)

    def __len__(self) -> int:
        return int(self.faiss.ntotal)

    @property
    def vectors(self) -> Vectors:
        """The indexed vectors, shape (n, d)."""
        flat = faiss.rev_swig_ptr(self.faiss.get_xb(), len(self) * self.faiss.d)
        return np.asarray(flat, np.float32).reshape(len(self), self.faiss.d).copy()

    def search(self, query: Vectors, k: int) -> list[Hit]:
        """Return the k nearest clauses to one vector of shape (d,), best first; fewer if there are fewer."""
        k = min(k, len(self))
        if k < 1:
            return []
        cosines, positions = self.faiss.search(np.ascontiguousarray(query, np.float32).reshape(1, -1), k)
        return [Hit(int(p), float(c)) for p, c in zip(positions[0], cosines[0], strict=True)]

    def cosines(self, query: Vectors) -> NDArray[np.float32]:
        """Return the cosine of every clause to one vector, in clause order."""
        result = np.zeros(len(self), np.float32)
        for hit in self.search(query, len(self)):
            result[hit.position] = hit.cosine
        return result

    def save(self, folder: Path) -> None:
        """Write the index to a folder, whole or not at all."""
        config = {
            "kind": KIND,
            "version": VERSION,
            "statement": self.statement,
            "encoder": self.encoder,
            "clauses": len(self),
            "dimensions": int(self.faiss.d),
        }
        artefact.save(folder, config, {"vectors": self.vectors})

    @classmethod
    def load(cls, folder: Path, *, encoder: Encoder) -> ClauseIndex:
        """Load an index; raises `ArtefactError` where it is torn or its vectors come from another encoder."""
        config, arrays = artefact.load(folder, KIND, VERSION)
        if config.get("encoder") != encoder.fingerprint:
            made, given = config.get("encoder"), encoder.fingerprint
            raise artefact.ArtefactError(f"{folder} was made by the encoder {made}, not by {given}; index again")
        vectors = arrays.get("vectors")
        if vectors is None or vectors.shape != (config.get("clauses"), config.get("dimensions")):
            raise artefact.ArtefactError(f"{folder} is damaged: its vectors do not fit its configuration; index again")
        return cls.from_vectors(vectors, statement=str(config.get("statement")), encoder=encoder.fingerprint)


def build_index(texts: Sequence[str], encoder: Encoder, *, statement: str) -> ClauseIndex:
    """Embed texts and index them."""
    return ClauseIndex.from_vectors(encoder.encode(texts), statement=statement, encoder=encoder.fingerprint)
