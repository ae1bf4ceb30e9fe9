"""What was worked out before, on disk, for all processes of a machine: the probabilities of clauses, by their words.

The words of a clause are not kept: its key is a hash, and nobody can read it back.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from platformdirs import user_cache_path

Rows = NDArray[np.float32]

MAX_BYTES = 1024**3
"""Most bytes that the cache takes on disk, by default: about twelve million clauses."""

_VERSION = 2
_KEY_BYTES = 16
# SQLite takes 32,766 parameters, and is no faster with more than these.
_AT_ONCE = 500
_WAIT_SECONDS = 60
# When a row was used last is noted to the hour: a warm run would otherwise write as much as a cold one.
_NOTED_EVERY = 3600
_TABLE = """
CREATE TABLE IF NOT EXISTS cached (key BLOB PRIMARY KEY, content BLOB NOT NULL, used INTEGER NOT NULL)
"""


def default_folder() -> Path:
    """Return the folder of the cache: that of the user, as the system has it."""
    return user_cache_path("smallprint", appauthor=False)


def key_of(context: str, model: str) -> bytes:
    """Return the key of a clause, as it is read in its context, and a model by its fingerprint."""
    digest = hashlib.sha256(f"{len(model)}:{model}".encode())
    digest.update(context.encode("utf-8", "surrogatepass"))
    return digest.digest()[:_KEY_BYTES]


@dataclass
class BlobCache:
    """Bytes by key, at most `max_bytes` of them on disk; those that were not used for longest go first.

    Several processes may share a folder, and several caches, each of a `name`; `small` says that a hundred bytes are
    much for one key. A cache is there to save time: where it cannot be read or written, it does nothing any more,
    `trouble` says why, and nobody has to stop.
    """

    folder: Path
    max_bytes: int = MAX_BYTES
    clock: Callable[[], float] = time.time
    name: str = "clauses"
    small: bool = True
    trouble: str | None = None
    _connection: sqlite3.Connection | None = field(default=None, repr=False)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is there under keys."""
        found: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        now = int(self.clock())
        try:
            connection = self._opened()
            for part in _parts(keys) if connection else ():
                marks = ",".join("?" * len(part))
                for key, content, used in connection.execute(  # type: ignore[union-attr]
                    f"SELECT key, content, used FROM cached WHERE key IN ({marks})", part
                ):
                    found[key] = content
                    if used + _NOTED_EVERY <= now:
                        stale.append(key)
            if connection and stale:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.executemany("UPDATE cached SET used = ? WHERE key = ?", [(now, key) for key in stale])
        except sqlite3.Error as e:
            self._give_up(e)
        return found

    def write(self, contents: Mapping[bytes, bytes]) -> None:
        """Keep bytes under keys, and let the oldest go where there are too many."""
        now = int(self.clock())
        try:
            connection = self._opened()
            if connection is None or not contents:
                return
            # In the order of the keys, which is that of the pages.
            given = [(key, contents[key], now) for key in sorted(contents)]
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR REPLACE INTO cached VALUES (?, ?, ?)", given)
                self._evict(connection)
        except sqlite3.Error as e:
            self._give_up(e)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / f"{self.name}-{_VERSION}.sqlite3"

    def make(self) -> None:
        """Make the file where there is none: one process does, before several want it at once."""
        self._opened()
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _evict(self, connection: sqlite3.Connection) -> None:
        """Delete the tenth that was not used for longest, as often as there is too much."""
        while _bytes_used(connection) > self.max_bytes:
            (count,) = connection.execute("SELECT count(*) FROM cached").fetchone()
            if not count:
                return
            connection.execute(
                "DELETE FROM cached WHERE key IN (SELECT key FROM cached ORDER BY used, key LIMIT ?)",
                (count // 10 + 1,),
            )

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and self.trouble is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                # SQLite does not wait for another process that sets the mode at the same time: it fails.
                with FileLock(self.path.with_suffix(".lock"), timeout=_WAIT_SECONDS):
                    connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
                    # Set even where another process has it: reads need not wait for writes then.
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute("PRAGMA synchronous = NORMAL")
                    connection.execute(_TABLE + ("WITHOUT ROWID" if self.small else ""))
                self._connection = connection
            except (OSError, sqlite3.Error) as e:
                self._give_up(e)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        # A file that is locked, full or not to be written to is sound.
        broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        hint = "delete it" if broken else "give another folder with --cache"
        self.trouble = f"the cache {self.path} is not used: {' '.join(str(error).split())}; {hint}"
        self.close()


class ClauseCache(BlobCache):
    """Rows of float32 by key."""

    def get(self, keys: Sequence[bytes], width: int) -> dict[bytes, Rows]:
        """Return the rows that are there, each of shape (width,)."""
        found = self.read(keys)
        return {key: np.frombuffer(row, "<f4") for key, row in found.items() if len(row) == 4 * width}

    def put(self, rows: Mapping[bytes, Rows]) -> None:
        """Keep rows, and let the oldest go where there are too many."""
        self.write({key: row.astype("<f4").tobytes() for key, row in rows.items()})


def _bytes_used(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def _parts(keys: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE)]
