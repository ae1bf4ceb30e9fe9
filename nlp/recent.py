"""Keep what was used last, bounded in number, size and age."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")
Later = Callable[[float, Callable[[], None]], Callable[[], None]]

FORGET_AFTER_S = 2 * 3600.0
"""What was read of a statement is forgotten when nobody has used it for so long; the page says so to visitors."""


def later(seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    """Have something called once after so many seconds, and return what calls it off."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer.cancel


class Recent(Generic[V]):
    """The most recently used values, at most `limit` of them and `size` of them together; safe to share among threads.

    `size_of` tells how much one counts; the newest always stays, however large it is. One that nobody used for
    `seconds` is let go of, also where nobody asks for another any more.
    """

    def __init__(
        self,
        limit: int,
        seconds: float = FORGET_AFTER_S,
        *,
        size: float = float("inf"),
        size_of: Callable[[V], float] = lambda value: 0,
        clock: Callable[[], float] = time.monotonic,
        later: Later = later,
    ) -> None:
        self.limit = limit
        self.seconds = seconds
        self.size = size
        self._size_of = size_of
        self._clock = clock
        self._later = later
        # With the time of the last use; the least recently used one comes first.
        self._kept: OrderedDict[str, tuple[V, float]] = OrderedDict()
        self._used = 0.0
        self._waiting: weakref.finalize[..., Recent[V]] | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str) -> V | None:
        """Return the value of a key, or None where there never was one or it was let go of."""
        with self._lock:
            self._let_go()
            return self._touched(key)

    def put(self, key: str, value: V) -> None:
        """Keep a value in the place of the one that its key had."""
        with self._lock:
            self._put(key, value)

    def setdefault(self, key: str, value: V) -> V:
        """Return the value of a key; the given one, which is kept, where there is none."""
        with self._lock:
            self._let_go()
            found = self._touched(key)
            if found is not None:
                return found
            self._put(key, value)
            return value

    def drop(self, key: str, value: V) -> None:
        """Let go of a value, unless its key has another by now."""
        with self._lock:
            if key in self._kept and self._kept[key][0] is value:
                self._pop(key)

    def _touched(self, key: str) -> V | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        value, _ = self._kept[key]
        self._kept[key] = value, self._clock()
        return value

    def _put(self, key: str, value: V) -> None:
        if key in self._kept:
            self._pop(key)
        self._kept[key] = value, self._clock()
        self._used += self._size_of(value)
        self._let_go()
        self._await()

    def _pop(self, key: str) -> None:
        value, _ = self._kept.pop(key)
        self._used -= self._size_of(value)

    def _let_go(self) -> None:
        while self._kept and self._is_one_too_many():
            self._pop(next(iter(self._kept)))

    def _is_one_too_many(self) -> bool:
        is_full = len(self._kept) > self.limit or self._used > self.size
        return (is_full and len(self._kept) > 1) or self._clock() - self._oldest_use() > self.seconds

    def _oldest_use(self) -> float:
        _, last_used = next(iter(self._kept.values()))
        return last_used

    def _await(self) -> None:
        """See to it that the oldest is let go of when it is time, where that is not seen to already."""
        if self._kept and self._waiting is None:
            # A second late, as one may be kept for just so long.
            due = self._oldest_use() + self.seconds - self._clock() + 1
            on_time = weakref.WeakMethod(self._on_time)
            call_off = self._later(due, lambda: (method := on_time()) and method())
            # Nobody waits for what is gone as a whole.
            self._waiting = weakref.finalize(self, call_off)

    def _on_time(self) -> None:
        with self._lock:
            if self._waiting is not None:
                self._waiting.detach()
                self._waiting = None
            self._let_go()
            self._await()
