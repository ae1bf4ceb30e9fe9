"""Keep the statements that visitors read: bounded, shared between threads, found only by their content.

A visitor's session holds nothing but a key. The key is a hash of the document and its file name, so only someone who
has the same document can come to the same entry, and would see nothing in it that is not theirs.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from corpus.types import Statement
from nlp.recent import FORGET_AFTER_S, Recent
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
        return len(self.statement.text) + len(self.statement.title) + _CLAUSE_BYTES * len(self.clauses)


def content_key(data: bytes, name: str) -> str:
    """Return the key of a document: hex SHA-256 over its name and its bytes."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    digest.update(b"\0")
    digest.update(data)
    return digest.hexdigest()


class ReadingCache:
    """The most recently used readings, at most `limit` of them and `size` bytes of them together, none for ever.

    The newest one always stays, however large it is.
    """

    def __init__(
        self,
        limit: int = 1_000,
        size: int = 256 * 1024**2,
        seconds: float = FORGET_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._readings: Recent[Reading] = Recent(
            limit, seconds, size=size, size_of=lambda reading: reading.size, clock=clock
        )

    def __len__(self) -> int:
        return len(self._readings)

    def get(self, key: str) -> Reading | None:
        """Return the reading of a key, or None where there never was one or it was let go of."""
        return self._readings.get(key)

    def put(self, reading: Reading) -> None:
        """Keep a reading and let go of those that were used longest ago."""
        self._readings.put(reading.key, reading)
