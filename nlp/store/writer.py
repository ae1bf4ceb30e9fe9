"""Add versions to a store, a part at a time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from filelock import FileLock, Timeout

from corpus.archives.types import Unreadable, Version
from nlp.errors import RunError
from nlp.store import parts
from nlp.store.config import LOCK, StoreConfig, check_folder, claim
from nlp.store.making import Tagger, config_of
from nlp.store.reading import ReadText, clause_key, read_text, text_id
from nlp.store.schema import CLAUSES, OCCURRENCES, PROBLEMS, TEXTS, VERSIONS, schemas
from nlp.tag import tag
from nlp.types import Clause

# A part is closed when it has so many of one of these: what a killed import does again, and what it has in memory.
_NEW_CLAUSES, _VERSIONS, _CHARACTERS = 1_024, 256, 4_000_000
# What a version has of its text.
_OF_TEXT: Final = ("text_id", "normal_id", "words", "clauses", "flags", "language")


@dataclass
class _Known:
    """What is in the store: hashes of its versions and problems, how many versions each document has, texts, clauses.

    `texts` holds what a version has of its text, by the id of the text.
    """

    items: set[bytes] = field(default_factory=set)
    orders: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    clauses: set[str] = field(default_factory=set)


@dataclass
class _Part:
    """The rows of a part that is being filled, and its clauses that are new."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {VERSIONS: [], TEXTS: [], OCCURRENCES: [], PROBLEMS: []}
    )
    clauses: dict[str, Clause] = field(default_factory=dict)
    characters: int = 0

    @property
    def full(self) -> bool:
        return (
            len(self.clauses) >= _NEW_CLAUSES
            or len(self.rows[VERSIONS]) + len(self.rows[PROBLEMS]) >= _VERSIONS
            or self.characters >= _CHARACTERS
        )


class Writer:
    """Adds versions to a store of which it is the only writer; what it has not flushed is not in the store.

    `seen` counts the clauses of the versions that were added, `embedded` those of them that had to be.
    """

    def __init__(self, folder: Path, tagger: Tagger, known: _Known, number: int) -> None:
        self.folder, self.tagger = folder, tagger
        self.seen = self.embedded = 0
        self._known, self._number, self._part = known, number, _Part()
        self._schemas = schemas(len(tagger.classifier.labels), tagger.encoder.dimensions)

    def add(self, item: Version | Unreadable) -> bool:
        """Take a version, or a file that gave none; return whether it is new to the store."""
        key = _key(item)
        if key in self._known.items:
            return False
        self._known.items.add(key)
        if isinstance(item, Unreadable):
            self._part.rows[PROBLEMS].append({"reference": item.reference, "reason": item.reason})
        else:
            self._add_version(item)
        if self._part.full:
            self.flush()
        return True

    def flush(self) -> None:
        """Tag and embed the new clauses, and write the part; raises `RunError` where that cannot be done."""
        part = self._part
        if not any(part.rows.values()):
            return
        tables = {name: pa.Table.from_pylist(rows, self._schemas[name]) for name, rows in part.rows.items()}
        tables[CLAUSES] = self._clause_table(list(part.clauses), list(part.clauses.values()))
        parts.write_part(self.folder, self._number, tables)
        self.embedded += len(part.clauses)
        self._number += 1
        self._part = _Part()

    def _add_version(self, version: Version) -> None:
        key = text_id(version)
        if key not in self._known.texts:
            self._add_text(read_text(version))
        of_text = self._known.texts[key]
        self._known.orders[version.service, version.document] += 1
        self.seen += of_text["clauses"]
        self._part.rows[VERSIONS].append(
            {
                "service": version.service,
                "document": version.document,
                "order": self._known.orders[version.service, version.document],
                "archive": version.archive,
                "reference": version.reference,
                "url": version.url,
                "observed_at": version.observed_at,
                "precision": version.precision,
                "technical": version.technical,
                "subject": version.subject,
                "warnings": list(version.warnings),
                **of_text,
            }
        )

    def _add_text(self, read: ReadText) -> None:
        self._known.texts[read.row["text_id"]] = {name: read.row[name] for name in _OF_TEXT} | {"part": self._number}
        self._part.rows[TEXTS].append(read.row)
        self._part.rows[OCCURRENCES] += read.occurrences
        self._part.characters += len(read.row["text"])
        for clause in read.clauses:
            key = clause_key(clause)
            if key not in self._known.clauses:
                self._known.clauses.add(key)
                self._part.clauses[key] = clause

    def _clause_table(self, keys: Sequence[str], clauses: Sequence[Clause]) -> pa.Table:
        schema = self._schemas[CLAUSES]
        if not keys:
            return schema.empty_table()
        tagged = tag(clauses, self.tagger.classifier)
        contexts = [clause.context for clause in clauses]
        vectors = self.tagger.encoder.encode(contexts).astype(np.float16)
        labels = self.tagger.classifier.labels
        probabilities = np.array([[clause.probabilities[name] for name in labels] for clause in tagged], np.float32)
        columns = [
            pa.array(keys),
            pa.array([clause.text for clause in clauses]),
            pa.array(contexts),
            pa.array([list(clause.categories) for clause in tagged], schema.field("categories").type),
            pa.FixedSizeListArray.from_arrays(pa.array(probabilities.ravel()), probabilities.shape[1]),
            pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1]),
        ]
        return pa.Table.from_arrays(columns, names=schema.names).cast(schema)


@contextmanager
def opened_writer(folder: Path, tagger: Tagger) -> Iterator[Writer]:
    """Give the only writer of a store, which is made where the folder is new.

    Raises `DocumentError` where the folder is something else or was made otherwise, and `RunError` where another import
    writes into it.
    """
    check_folder(folder, tagger.mode)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as e:
        raise RunError(f"another import writes into {str(folder)!r}; wait for its end") from e
    try:
        config = config_of(tagger)
        claim(folder, config)
        parts.sweep(folder)
        there = parts.numbers(folder)
        yield Writer(folder, tagger, _known(folder, config, there), there[-1] + 1 if there else 0)
    finally:
        lock.release()


def _known(folder: Path, config: StoreConfig, there: Sequence[int]) -> _Known:
    known, columns = _Known(), schemas(len(config.labels), config.dimensions)

    def rows(table: str, number: int, names: Sequence[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = parts.read_part(folder, table, number, columns[table], names).to_pylist()
        return found

    for number in there:
        for row in rows(VERSIONS, number, ("service", "document", "archive", "reference", "observed_at", "text_id")):
            known.items.add(_hash(*map(str, row.values())))
            known.orders[row["service"], row["document"]] += 1
        for row in rows(TEXTS, number, _OF_TEXT):
            known.texts[row["text_id"]] = row | {"part": number}
        for row in rows(PROBLEMS, number, ("reference", "reason")):
            known.items.add(_hash(*row.values()))
        known.clauses.update(row["clause_key"] for row in rows(CLAUSES, number, ("clause_key",)))
    return known


def _key(item: Version | Unreadable) -> bytes:
    """Return what tells an item of an archive from any other; a file that was changed in its place is another one."""
    if isinstance(item, Unreadable):
        return _hash(item.reference, item.reason)
    return _hash(item.service, item.document, item.archive, item.reference, str(item.observed_at), text_id(item))


def _hash(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:16]
