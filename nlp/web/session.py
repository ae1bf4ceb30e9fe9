"""Keep the statements that visitors read: bounded, shared between threads, found only by their content.

A visitor's session holds nothing but a key. The key is a hash of the document and its file name, so only someone who
has the same document can come to the same entry, and would see nothing in it that is not theirs.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

from corpus.types import Statement
from nlp.types import Clause


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with its clauses. `clauses` is empty as long as the models are loading."""

    key: str
    statement: Statement
    clauses: tuple[Clause, ...] = ()

    @property
    def size(self) -> int:
        """About how much memory it takes, in characters."""
        return len(self.statement.text) + 200 * len(self.clauses)


def content_key(data: bytes, name: str) -> str:
    """Return the key of a document: hex SHA-256 over its name and its bytes."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    digest.update(b"\0")
    digest.update(data)
    return digest.hexdigest()


class ReadingCache:
    """The most recently used readings, at most `limit` of them and `characters` in size together.

    The newest one always stays, however large it is.
    """

    def __init__(self, limit: int = 64, characters: int = 20_000_000) -> None:
        self.limit = limit
        self.characters = characters
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._readings)

    def get(self, key: str) -> Reading | None:
        """Return the reading of a key, or None where there never was one or it had to make room."""
        with self._lock:
            if key in self._readings:
                self._readings.move_to_end(key)
            return self._readings.get(key)

    def put(self, reading: Reading) -> None:
        """Keep a reading and let go of those that were used longest ago."""
        with self._lock:
            self._readings[reading.key] = reading
            self._readings.move_to_end(reading.key)
            while len(self._readings) > 1 and self._is_full():
                self._readings.popitem(last=False)

    def _is_full(self) -> bool:
        size = sum(reading.size for reading in self._readings.values())
        return len(self._readings) > self.limit or size > self.characters
