"""A process of this machine that may hang or die without harm to the one that started it, and the pipe to it."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

# prctl(2).
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process with our end of the pipe to it."""

    process: Any
    pipe: Connection

    @classmethod
    def started(cls, target: Callable[..., None], *arguments: object) -> Self:
        """Start a process that calls `target` with its end of the pipe and the arguments; all can be pickled.

        On Linux it ends with the thread that starts it, where it calls `confine`.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
        with _uninterrupted():
            process.start()
        theirs.close()
        return cls(process, ours)

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def how_it_ended(self) -> str:
        """Return how a process ended that nobody has told to."""
        self.process.join(5)
        code = self.process.exitcode
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"


def confine(memory: int | None) -> None:
    """Have this process end when the one that started it does, and take no more than so many bytes of memory."""
    # The one who started this process is interrupted as well, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    _limit_memory(memory)


def _end_with_parent() -> None:
    """Have this process end when the one that started it does, even by SIGKILL: nobody else would end it."""
    if sys.platform.startswith("linux"):
        import ctypes

        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        sys.exit()  # it ended before it could be said


def _limit_memory(memory: int | None) -> None:
    if memory is None or not sys.platform.startswith("linux"):
        return
    import resource

    # Not the address space, of which libraries reserve many times what they use.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have a process start deaf to Ctrl-C, which it would otherwise answer with a traceback until it is up."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say so, and is alone to be interrupted
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
