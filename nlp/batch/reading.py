"""Read a document whatever it does to those who read it: here, or in a process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import PurePath

from corpus.inputs.files import reason_of
from corpus.inputs.types import Document, Unreadable
from corpus.load import SUFFIXES, load_bytes, load_text
from corpus.types import DocumentError, Statement
from nlp.batch.process import Child, confine

Read = Callable[[Document], Statement | Unreadable]
_LEAVE_OUT = "leave out what is not the policy"


def read_document(document: Document) -> Statement | Unreadable:
    """Read a document in this process; what fails is told as a reason."""
    try:
        if isinstance(document.content, bytes):
            return load_bytes(document.content, name=document.name, id=document.id)
        named = SUFFIXES.get(PurePath(document.name).suffix.lower()) if document.name else None
        return load_text(document.content, kind=named, id=document.id)
    except DocumentError as e:
        reason = reason_of(e)
    except MemoryError:
        reason = "it takes more memory to read than a policy can need"
    except Exception as e:  # Of a million documents, one finds the bug of a library; it must not end the night's work.
        reason = f"the reader failed: {type(e).__name__}: {reason_of(e)[:300]}"
    return Unreadable(document.id, document.source, reason)


@dataclass(frozen=True)
class ReaderProcesses:
    """Reads documents that may be hostile, each in a process that is started for it and ends with it.

    A process has `seconds` and, on Linux, `memory` bytes. No more than `most` work at once; a document waits
    `patience` seconds at most for its turn. Safe to share between threads. `read`, which can be pickled, does the work.
    """

    read: Read = read_document
    seconds: float = 20.0
    memory: int | None = 1024**3
    most: int = 2
    patience: float = 20.0
    _places: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", threading.Semaphore(self.most))

    def read_apart(self, document: Document) -> Statement | Unreadable:
        """Read a document; one that takes too long or ends the process is told so as a reason."""
        if not self._places.acquire(timeout=self.patience):
            return _unread(document, "has to wait too long for other documents; try again in a minute")
        try:
            # This thread waits until the process has ended, which would end with the thread.
            child = Child.started(_serve, self.read, document, self.memory)
            return self._result(document, child)
        except OSError as e:
            return _unread(document, f"cannot be read, as no process can be started for it: {reason_of(e)}")
        finally:
            self._places.release()

    def _result(self, document: Document, child: Child) -> Statement | Unreadable:
        try:
            if not child.pipe.poll(self.seconds):
                return _unread(document, f"takes longer than {self.seconds:g} seconds to read; {_LEAVE_OUT}")
            result: Statement | Unreadable = child.pipe.recv()
        except (EOFError, ConnectionError):
            return _unread(document, f"cannot be read: the process that read it {child.how_it_ended()}; {_LEAVE_OUT}")
        finally:
            child.end()
        return result


def _unread(document: Document, what: str) -> Unreadable:
    return Unreadable(document.id, document.source, f"{document.source} {what}")


def _serve(pipe: Connection, read: Read, document: Document, memory: int | None) -> None:
    """Read one document; this is the life of the process."""
    confine(memory)
    with suppress(BrokenPipeError, ConnectionResetError):
        pipe.send(read(document))
