"""Work on the cores of this machine, in processes that may hang or die without harm to the rest.

Executors of the standard library do not end a task that takes too long, and give up as a whole when a process dies.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Protocol

from corpus.inputs.types import Document
from corpus.markdown import remember
from nlp.batch.chunks import Chunk
from nlp.batch.process import Child, confine
from nlp.batch.reading import read_document
from nlp.batch.tagger import Tagger
from nlp.batch.work import TAGGING, Parts, work
from nlp.errors import RunError

TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 4 * 1024**3
"""Most memory that a process may take: a bomb must not bring the machine down."""

_TRIES = 3
# As many as twenty policies have, a few megabytes.
_PARAGRAPHS = 4096
_WARM = "<html><body><h1>Privacy</h1><p>We collect your data, and we share it with our partners.</p></body></html>"
# One thread each: the processes share the cores already. The last keeps freed memory from being scattered.
_ALONE = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false",
    "MALLOC_ARENA_MAX": "2",
}


class Engine(Protocol):
    """Works on chunks, wherever."""

    def map(self, chunks: Iterable[Chunk]) -> Iterator[Parts]:
        """Yield what comes of each chunk, in any order; no more of them are taken than are worked on.

        Raises `RunError` where the work cannot go on.
        """
        ...

    def close(self) -> None:
        """End what works."""
        ...


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a worker cannot work."""

    reason: str


@dataclass
class _Worker(Child):
    """A process with what it is at: `place` is that of the document in `chunk` that it reads, since `since`."""

    chunk: Chunk | None = None
    place: int = TAGGING
    since: float = 0.0
    given_up: dict[int, str] = field(default_factory=dict)
    blamed: list[int] = field(default_factory=list)

    @property
    def reads(self) -> bool:
        return self.chunk is not None and self.place != TAGGING


@dataclass
class LocalEngine:
    """Processes on this machine, each with a tagger of its own that `load` (which can be pickled) loads once.

    A document that takes longer than `timeout` seconds to read, and one that ends the process twice, gets an error row;
    the rest of its chunk is done again.
    """

    load: Callable[[], Tagger]
    workers: int
    timeout: float = TIMEOUT_SECONDS
    memory: int | None = MEMORY_BYTES
    _running: list[_Worker] = field(default_factory=list)

    def map(self, chunks: Iterable[Chunk]) -> Iterator[Parts]:
        """Yield what comes of each chunk, in the order in which they are done."""
        coming = iter(chunks)
        finished: list[Parts] = []
        while True:
            # Whoever is done gets the next chunk before the last one is written.
            self._fill(coming)
            yield from finished
            busy = [worker for worker in self._running if worker.chunk is not None]
            if not busy:
                return
            finished = self._heard(busy)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for worker in self._running:
            worker.end()
        self._running.clear()

    def _fill(self, coming: Iterator[Chunk]) -> None:
        """Give a chunk to everyone who has none, as long as there are any."""
        while True:
            idle = next((worker for worker in self._running if worker.chunk is None), None)
            if idle is None and len(self._running) == self.workers:
                return
            chunk = next(coming, None)
            if chunk is None:
                return
            if idle is None:
                idle = self._started()
                self._running.append(idle)
            self._give(idle, chunk)

    def _started(self) -> _Worker:
        with _environment(_ALONE):
            return _Worker.started(_serve, self.load, self.memory)

    def _give(self, worker: _Worker, chunk: Chunk) -> None:
        worker.chunk, worker.place = chunk, TAGGING
        # One that has died is found dead when it is listened to.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send((chunk, worker.given_up))

    def _heard(self, busy: list[_Worker]) -> list[Parts]:
        """Wait for messages, deal with who is late or dead, and return the parts that have come in."""
        soonest = min((worker.since + self.timeout for worker in busy if worker.reads), default=None)
        patience = None if soonest is None else max(0.0, soonest - time.monotonic())
        ready = wait([worker.pipe for worker in busy], patience)
        finished: list[Parts] = []
        for worker in busy:
            if worker.pipe in ready:
                finished += self._received(worker)
            elif worker.reads and time.monotonic() - worker.since >= self.timeout:
                worker.given_up[worker.place] = f"it takes longer than {self.timeout:g} seconds to read"
                self._replace(worker)
        return finished

    def _received(self, worker: _Worker) -> list[Parts]:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace_dead(worker)
            return []
        if isinstance(message, _Failure):
            raise RunError(message.reason)
        if isinstance(message, Parts):
            worker.chunk = None
            worker.given_up.clear()
            worker.blamed.clear()
            return [message]
        worker.place, worker.since = message, time.monotonic()
        return []

    def _replace_dead(self, worker: _Worker) -> None:
        how = worker.how_it_ended()
        worker.blamed.append(worker.place)
        if worker.blamed.count(worker.place) == _TRIES and worker.place == TAGGING:
            raise RunError(f"a worker process {how} {_TRIES} times; is there enough memory? try fewer --workers")
        # The first time it may have been the fault of another process that took all memory.
        if worker.reads and worker.blamed.count(worker.place) > 1:
            worker.given_up[worker.place] = f"the process that read it {how}, twice"
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """Put a new process in the place of one, at the same chunk."""
        assert worker.chunk is not None
        worker.end()
        new = self._started()
        worker.process, worker.pipe = new.process, new.pipe
        self._give(worker, worker.chunk)


def _serve(pipe: Connection, load: Callable[[], Tagger], memory: int | None) -> None:
    """Work on what comes through a pipe until it is closed; this is the life of a worker process."""
    confine(memory)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            remember(_PARAGRAPHS)
            tagger = load()
            # What is imported for the first document must not count as its time.
            read_document(Document("", "", _WARM))
            # Half a million objects of libraries are here to stay: nothing of them has to be looked at again and again.
            gc.freeze()
            while True:
                chunk, given_up = pipe.recv()
                pipe.send(work(chunk, tagger, given_up=given_up, report=pipe.send))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except RunError as e:
            pipe.send(_Failure(str(e)))
        except Exception as e:  # It is said in one line by the process that the user sees.
            pipe.send(_Failure(f"a worker process failed: {type(e).__name__}: {' '.join(str(e).split())}"))


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment while a process starts, which takes them along."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
