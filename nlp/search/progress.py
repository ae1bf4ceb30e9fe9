"""How far the making of an index is: a bar on a terminal, or a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from tqdm import tqdm  # type: ignore[import-untyped]

_EVERY_SECONDS = 10.0


@dataclass
class Bar:
    """A bar for each stage, with the rate and the time left."""

    stream: TextIO
    _stage: str = ""
    _bar: tqdm | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move the bar of a stage, a new one where the stage is new."""
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=stage, unit=" clauses", file=self.stream)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()


@dataclass
class Lines:
    """A line for each stage, and one every few seconds while it lasts."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _stage: str = ""
    _said: float = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Print a line where the stage is new or over, or the last line is some time ago."""
        now = self.clock()
        if stage == self._stage and done < total and now - self._said < _EVERY_SECONDS:
            return
        self._stage, self._said = stage, now
        share = f": {done} of {total}" if total > 1 else "" if done < total else ": done"
        print(f"smallprint: {stage}{share}", file=self.stream, flush=True)
