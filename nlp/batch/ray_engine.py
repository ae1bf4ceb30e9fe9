"""Work on a Ray cluster: the processes are those of one machine, each inside an actor that Ray places.

Needs the extra `smallprint[ray]`. With RAY_ADDRESS set (or inside a Ray job) the cluster there is used, else one is
started on this machine. Chunks go to the actors and parts come back through Ray's object store; this process alone
writes them, so that the result and going on with it are what they are without Ray. Files are opened by the actors: on
several machines inputs must have the same paths on all of them (a shared file system or a mounted bucket); the rows
of tables travel with their chunk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nlp.batch.chunks import Chunk
from nlp.batch.pool import MEMORY_BYTES, TIMEOUT_SECONDS, LocalEngine
from nlp.batch.tagger import Tagger
from nlp.batch.work import Parts
from nlp.errors import RunError


class _Host:
    """An actor: one worker process, so that a document that hangs or kills it does not take the actor along."""

    def __init__(self, load: Callable[[], Tagger], timeout: float, memory: int | None) -> None:
        self._engine = LocalEngine(load, 1, timeout, memory)

    def work(self, chunk: Chunk) -> Parts | RunError:
        try:
            (parts,) = self._engine.map([chunk])
        except RunError as e:
            return e  # Ray would wrap it in a traceback
        return parts


@dataclass
class RayEngine:
    """Actors of a Ray cluster, one for each of `workers` cores; `load` is called once in each."""

    load: Callable[[], Tagger]
    workers: int
    timeout: float = TIMEOUT_SECONDS
    memory: int | None = MEMORY_BYTES
    _actors: list[Any] = field(default_factory=list)
    _began: bool = False

    def map(self, chunks: Iterable[Chunk]) -> Iterator[Parts]:
        """Yield what comes of each chunk, in the order in which they are done."""
        ray = _ray()
        self._start(ray)
        coming, idle, waiting = iter(chunks), list(self._actors), dict[Any, Any]()
        try:
            while True:
                while idle and (chunk := next(coming, None)) is not None:
                    actor = idle.pop()
                    waiting[actor.work.remote(chunk)] = actor
                if not waiting:
                    return
                ready, _ = ray.wait(list(waiting), num_returns=1)
                for reference in ready:
                    idle.append(waiting.pop(reference))
                    parts = ray.get(reference)
                    if isinstance(parts, RunError):
                        raise parts
                    yield parts
        except ray.exceptions.RayError as e:
            raise RunError(f"the Ray cluster failed: {str(e).strip().splitlines()[0]}; run it again: it goes on") from e

    def close(self) -> None:
        """End the actors, and the cluster if it was started here."""
        ray = _ray()
        for actor in self._actors:
            ray.kill(actor)
        self._actors.clear()
        if self._began:
            ray.shutdown()
            self._began = False

    def _start(self, ray: Any) -> None:
        if not ray.is_initialized():
            settings: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": self.workers}
            # Otherwise a cluster on this machine gives way to whatever else runs on it.
            os.environ.setdefault("RAY_worker_niceness", "0")
            ray.init(log_to_driver=False, include_dashboard=False, configure_logging=False, **settings)
            self._began = True
        # An actor whose machine is lost begins again elsewhere, with the chunk that it was at.
        host = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)(_Host)
        self._actors = [host.remote(self.load, self.timeout, self.memory) for _ in range(self.workers)]


def _ray() -> Any:
    try:
        import ray
    except ImportError as e:
        raise RunError("--engine ray needs Ray, which is not installed; run: pip install 'smallprint[ray]'") from e
    return ray
