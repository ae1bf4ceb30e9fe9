"""The rows of documents that were tagged before, on disk: a document that is the same need not be read again.

Same is: every byte, the name (which tells the format and may be the title), the code and libraries that read and tag,
and the model. What the input says about a document is no part of it. The rows hold the text of the clauses, as the
result does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from corpus.inputs.types import Document
from nlp.batch.cache import BlobCache
from nlp.batch.reader import fingerprint_of, reader_files
from nlp.batch.schema import own_schema

MAX_BYTES = 1024**3
"""Most bytes that the cache takes on disk, by default: about eighty thousand policies."""

# What is larger is no policy, and would take the place of a hundred of them.
_LARGEST = 1024**2
_DIGEST_BYTES = 16
_TAGGING = (
    "bag_scorer.py",
    "batch/documents.py",
    "batch/reading.py",
    "batch/rows.py",
    "batch/schema.py",
    "batch/work.py",
    "bert.py",
    "classifier.py",
    "pooled.py",
    "tag.py",
    "transformer_scorer.py",
    "word_pieces.py",
)


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """The rows of a document, without what the input says about it: Arrow's record batches of `own_schema`.

    `statement` has one row, `clauses` as many as there are clauses.
    """

    statement: Any
    clauses: Any


@dataclass
class DocumentCache:
    """Rows by document; `made_with` tells what reads and tags from any other, `labels` are the categories."""

    cache: BlobCache
    labels: Sequence[str]
    made_with: str

    @classmethod
    def of(cls, folder: Path, labels: Sequence[str], model: str, max_bytes: int = MAX_BYTES) -> DocumentCache:
        """Return the cache in a folder for a model by its fingerprint, and for the code of this release."""
        own = Path(__file__).parent.parent
        code = fingerprint_of(reader_files() + [own / name for name in _TAGGING])
        return cls(document_blobs(folder, max_bytes), labels, f"{code} {model} {pa.__version__}")

    def get(self, document: Document) -> DocumentRows | None:
        """Return the rows of a document; None where they are not there, or damaged."""
        key = self._key(document)
        kept = self.cache.read([key]).get(key)
        content = _checked(kept, key) if kept is not None else None
        return self._unpacked(content) if content is not None else None

    def put(self, made: Iterable[tuple[Document, DocumentRows]]) -> None:
        """Keep the rows of documents."""
        blobs: dict[bytes, bytes] = {}
        for document, rows in made:
            key, content = self._key(document), _packed(rows)
            if len(content) <= _LARGEST:
                blobs[key] = _digest(content, key) + content
        self.cache.write(blobs)

    def _key(self, document: Document) -> bytes:
        content = document.content
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        about = repr((self.made_with, tuple(self.labels), document.name, type(content).__name__)).encode()
        return hashlib.sha256(len(about).to_bytes(8, "little") + about + raw).digest()[:_DIGEST_BYTES]

    def _unpacked(self, content: bytes) -> DocumentRows:
        sizes = np.frombuffer(content, "<u8", 2).tolist()
        message = pa.decompress(content[16:], decompressed_size=sum(sizes), codec="zstd")
        parts = {"statements": message.slice(0, sizes[0]), "clauses": message.slice(sizes[0])}
        read = {name: pa.ipc.read_record_batch(part, own_schema(name, self.labels)) for name, part in parts.items()}  # type: ignore[arg-type]
        return DocumentRows(read["statements"], read["clauses"])


def document_blobs(folder: Path, max_bytes: int = MAX_BYTES) -> BlobCache:
    """Return the bytes behind the cache in a folder."""
    return BlobCache(folder, max_bytes, name="documents", small=False)


def _packed(rows: DocumentRows) -> bytes:
    """Return rows as the sizes of two messages of Arrow, eight bytes each, and the messages, compressed together."""
    parts = [rows.statement.serialize(), rows.clauses.serialize()]
    sizes = np.array([part.size for part in parts], "<u8").tobytes()
    return sizes + bytes(pa.compress(b"".join(map(bytes, parts)), codec="zstd", asbytes=True))


def _digest(content: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(content, key=key, digest_size=_DIGEST_BYTES).digest()


def _checked(kept: bytes, key: bytes) -> bytes | None:
    """Return what was kept under a key, None where that is damaged."""
    content = kept[_DIGEST_BYTES:]
    return content if _digest(content, key) == kept[:_DIGEST_BYTES] else None
