"""A lock that threads get in the order in which they ask for it."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """Lets one thread in at a time, the one that has waited longest first.

    A `threading.Lock` goes to whoever takes it first, and a thread that lets go of it only to take it again is always
    faster than one that has to be woken: those that wait would wait until it is done. A thread that is in must not ask
    again.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            turn.wait()
        except BaseException:
            self._give_up(turn)
            raise

    def __exit__(self, *error: object) -> None:
        with self._guard:
            # It stays taken, by the one whose turn it is.
            self._taken = bool(self._waiting)
            if self._waiting:
                self._waiting.popleft().set()

    def _give_up(self, turn: threading.Event) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self.__exit__()
