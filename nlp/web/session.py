"""Keep the statements that visitors read: bounded, shared between threads, found only by their content.

A visitor's session holds nothing but a key. The key is a hash of the document and its file name, so only someone who
has the same document can come to the same entry, and would see nothing in it that is not theirs.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from corpus.types import Statement
from nlp.types import Clause

# A clause with its thirteen probabilities.
_CLAUSE_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with its clauses. `clauses` is empty as long as the models are loading."""

    key: str
    statement: Statement
    clauses: tuple[Clause, ...] = ()

    @property
    def size(self) -> int:
        """About how much memory it takes, in bytes."""
        return len(self.statement.text) + _CLAUSE_BYTES * len(self.clauses)


def content_key(data: bytes, name: str) -> str:
    """Return the key of a document: hex SHA-256 over its name and its bytes."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    digest.update(b"\0")
    digest.update(data)
    return digest.hexdigest()


class ReadingCache:
    """The most recently used readings, at most `limit` of them and `size` bytes of them together.

    The newest one always stays, however large it is. One that nobody used for `seconds` is let go of.
    """

    def __init__(
        self,
        limit: int = 1_000,
        size: int = 256 * 1024**2,
        seconds: float = 2 * 3600,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self.size = size
        self.seconds = seconds
        self.clock = clock
        # With the time of the last use; the least recently used one comes first.
        self._readings: OrderedDict[str, tuple[Reading, float]] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._readings)

    def get(self, key: str) -> Reading | None:
        """Return the reading of a key, or None where there never was one or it was let go of."""
        with self._lock:
            self._let_go()
            if key not in self._readings:
                return None
            reading, _ = self._readings.pop(key)
            self._readings[key] = reading, self.clock()
            return reading

    def put(self, reading: Reading) -> None:
        """Keep a reading and let go of those that were used longest ago."""
        with self._lock:
            former = self._readings.pop(reading.key, None)
            self._used += reading.size - (former[0].size if former else 0)
            self._readings[reading.key] = reading, self.clock()
            self._let_go()

    def _let_go(self) -> None:
        while self._readings and self._is_one_too_many():
            _, (reading, _) = self._readings.popitem(last=False)
            self._used -= reading.size

    def _is_one_too_many(self) -> bool:
        _, last_used = next(iter(self._readings.values()))
        is_full = len(self._readings) > self.limit or self._used > self.size
        return (is_full and len(self._readings) > 1) or self.clock() - last_used > self.seconds
