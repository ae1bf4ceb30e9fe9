"""Rows of a store's texts and clauses, fetched from the parts in which they stand; what was used last is kept."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlp.errors import RunError
from nlp.store.config import StoreConfig
from nlp.store.parts import read_part
from nlp.store.schema import CLAUSES, OCCURRENCES, TEXTS, schemas

if TYPE_CHECKING:
    from nlp.encoder import Vectors

_TEXT_PARTS, _CLAUSE_PARTS, _VECTOR_PARTS, _CLAUSES = 8, 64, 16, 100_000

Row = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A clause as it was tagged: the text that was read, its categories, the likeliest first, and probabilities."""

    context: str
    categories: tuple[str, ...]
    probabilities: dict[str, float]


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """The things made last, so many of them, by their number."""

    make: Callable[[int], T]
    most: int
    made: OrderedDict[int, T] = field(default_factory=OrderedDict)

    def get(self, number: int) -> T:
        if number not in self.made:
            self.made[number] = self.make(number)
            while len(self.made) > self.most:
                self.made.popitem(last=False)
        self.made.move_to_end(number)
        return self.made[number]


class Tables:
    """The texts and clauses of the parts of a store that were whole when it was opened; safe to share between threads.

    What is kept is looked up and put away by one thread at a time.
    """

    def __init__(self, folder: Path, config: StoreConfig, numbers: Sequence[int]) -> None:
        self.folder, self.config, self.numbers = folder, config, numbers
        self._schemas = schemas(len(config.labels), config.dimensions)
        self._texts = _Kept(self._text_rows, _TEXT_PARTS)
        self._occurrences = _Kept(self._occurrence_rows, _TEXT_PARTS)
        self._clauses = _Kept(
            lambda n: self._read(CLAUSES, n, ("context", "categories", "probabilities")), _CLAUSE_PARTS
        )
        self._vectors = _Kept(lambda n: self._read(CLAUSES, n, ("vector",)), _VECTOR_PARTS)
        self._tagged: dict[str, Tagged] = {}
        self._lock = threading.RLock()

    def text(self, part: int, text_id: str) -> Row:
        """Return a row of the table of texts."""
        with self._lock:
            return self._found(self._texts.get(part), text_id)

    def occurrences(self, part: int, text_id: str) -> list[Row]:
        """Return the occurrences of the clauses of a text, in reading order."""
        with self._lock:
            return self._occurrences.get(part).get(text_id, [])

    def tagged(self, keys: Sequence[str]) -> list[Tagged]:
        """Return the clauses of some keys."""
        with self._lock:
            missing = [key for key in dict.fromkeys(keys) if key not in self._tagged]
            if missing and len(self._tagged) > _CLAUSES:
                self._tagged = {}
                missing = list(dict.fromkeys(keys))
            self._tagged |= self._read_tagged(missing)
            return [self._tagged[key] for key in keys]

    def vectors(self, keys: Sequence[str]) -> Vectors:
        """Return the vectors of some clauses, of length one, shape (len(keys), dimensions)."""
        with self._lock:
            found = np.zeros((len(keys), self.config.dimensions), np.float32)
            for part, rows in self._places(keys):
                column = self._vectors.get(part).column("vector").take([row for _, row in rows]).combine_chunks()
                flat = column.flatten().to_numpy(zero_copy_only=False)
                found[[i for i, _ in rows]] = flat.reshape(len(rows), self.config.dimensions)
            # Half precision has made them a little longer or shorter.
            return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)

    def _read_tagged(self, keys: Sequence[str]) -> dict[str, Tagged]:
        found = {}
        for part, rows in self._places(keys):
            taken = self._clauses.get(part).take([row for _, row in rows]).to_pylist()
            for (i, _), row in zip(rows, taken, strict=True):
                named = dict(zip(self.config.labels, row["probabilities"], strict=True))
                found[keys[i]] = Tagged(row["context"], tuple(row["categories"]), named)
        return found

    def _places(self, keys: Sequence[str]) -> Iterable[tuple[int, list[tuple[int, int]]]]:
        """Return for each part that holds some of the keys which ones, as (index into keys, row of the part)."""
        if not len(keys):
            return ()
        known, parts, rows = self._index
        wanted = np.array(keys, "S32")
        at = np.searchsorted(known, wanted)
        if not len(known) or (at == len(known)).any() or (known[at] != wanted).any():
            raise RunError(f"{str(self.folder)!r} is damaged: it lacks clauses; import the archive into a new folder")
        places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for i, place in enumerate(at):
            places[int(parts[place])].append((i, int(rows[place])))
        return places.items()

    @cached_property
    def _index(self) -> tuple[NDArray[np.bytes_], NDArray[np.int32], NDArray[np.int32]]:
        """Return the keys of all clauses in their order, and the part and the row of each."""
        found = [self._read(CLAUSES, n, ("clause_key",)).column("clause_key").to_pylist() for n in self.numbers]
        keys = np.array([key for part in found for key in part], "S32")
        parts = np.repeat(np.array(self.numbers, np.int32), [len(part) for part in found])
        rows = np.array([row for part in found for row in range(len(part))], np.int32)
        order = np.argsort(keys, kind="stable")
        return keys[order], parts[order], rows[order]

    def _text_rows(self, number: int) -> dict[str, Row]:
        return {row["text_id"]: row for row in self._read(TEXTS, number).to_pylist()}

    def _occurrence_rows(self, number: int) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._read(OCCURRENCES, number).to_pylist():
            found[row["text_id"]].append(row)
        return found

    def _read(self, table: str, number: int, columns: Sequence[str] | None = None) -> pa.Table:
        return read_part(self.folder, table, number, self._schemas[table], columns).combine_chunks()

    def _found(self, rows: dict[str, Row], text_id: str) -> Row:
        if text_id not in rows:
            raise RunError(f"{str(self.folder)!r} is damaged: it lacks a text; import the archive into a new folder")
        return rows[text_id]
