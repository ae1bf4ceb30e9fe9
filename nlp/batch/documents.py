"""The rows of documents that were tagged before, on disk: a document that is the same need not be read again.

Same is: every byte, the name (which tells the format and may be the title), the code and libraries that read and tag,
and the model. What the input says about a document is no part of it. Whoever lacks the document cannot read what is
kept of it: that is hidden under a key made of the document itself, of which the cache does not know more than a hash
(Douceur et al., "Reclaiming Space from Duplicate Files in a Serverless Distributed File System", ICDCS 2002).
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
_TAG_BYTES = 16
_TAGGING = (
    "bag_scorer.py",
    "batch/documents.py",
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
        secret = self._secret(document)
        key = _key(secret)
        sealed = self.cache.read([key]).get(key)
        content = _opened(sealed, secret) if sealed is not None else None
        return self._unpacked(content) if content is not None else None

    def put(self, made: Iterable[tuple[Document, DocumentRows]]) -> None:
        """Keep the rows of documents."""
        sealed: dict[bytes, bytes] = {}
        for document, rows in made:
            secret = self._secret(document)
            blob = _sealed(_packed(rows), secret)
            if len(blob) <= _LARGEST:
                sealed[_key(secret)] = blob
        self.cache.write(sealed)

    def _secret(self, document: Document) -> bytes:
        """Return what only those know who have the document."""
        content = document.content
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        about = repr((self.made_with, tuple(self.labels), document.name, type(content).__name__)).encode()
        return hashlib.sha256(len(about).to_bytes(8, "little") + about + raw).digest()

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


def _key(secret: bytes) -> bytes:
    return hashlib.sha256(b"key" + secret).digest()[:16]


def _sealed(content: bytes, secret: bytes) -> bytes:
    """Hide bytes, behind a tag that tells whether they are whole."""
    hidden = _mixed(content, secret)
    return hashlib.blake2b(hidden, key=secret, digest_size=_TAG_BYTES).digest() + hidden


def _opened(sealed: bytes, secret: bytes) -> bytes | None:
    """Return what was sealed, None where that is damaged."""
    tag, hidden = sealed[:_TAG_BYTES], sealed[_TAG_BYTES:]
    if hashlib.blake2b(hidden, key=secret, digest_size=_TAG_BYTES).digest() != tag:
        return None
    return _mixed(hidden, secret)


def _mixed(content: bytes, secret: bytes) -> bytes:
    """Add a stream of bytes that only the secret gives; adding it again takes it off."""
    # A secret stands for one document and one content, so no stream is used for two.
    stream = hashlib.shake_256(b"stream" + secret).digest(len(content))
    return (np.frombuffer(content, np.uint8) ^ np.frombuffer(stream, np.uint8)).tobytes()
