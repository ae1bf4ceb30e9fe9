"""How far a bulk run is: a bar on a terminal, a line now and then in a log, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TextIO

from tqdm import tqdm  # type: ignore[import-untyped]

from nlp.batch.work import Parts

_LINE_EVERY_SECONDS = 10.0


class Progress(Protocol):
    """Is told how far a run is."""

    def start(self, documents: int, done: int) -> None:
        """Begin: so many documents in all, so many of them done before."""
        ...

    def advance(self, parts: Parts) -> None:
        """Count a chunk."""
        ...

    def say(self, message: str) -> None:
        """Pass something on to the user."""
        ...

    def close(self) -> None:
        """End."""
        ...


class Quiet:
    """Says nothing."""

    def start(self, documents: int, done: int) -> None:
        """Begin."""

    def advance(self, parts: Parts) -> None:
        """Count a chunk."""

    def say(self, message: str) -> None:
        """Pass something on, to nobody."""

    def close(self) -> None:
        """End."""


@dataclass
class Bar:
    """A bar with the rate and the time left."""

    stream: TextIO
    _bar: tqdm | None = None
    _errors: int = 0

    def start(self, documents: int, done: int) -> None:
        """Begin."""
        self._bar = tqdm(total=documents, initial=done, unit=" policies", file=self.stream, smoothing=0.1)

    def advance(self, parts: Parts) -> None:
        """Count a chunk."""
        self._errors += parts.errors
        if self._bar is not None:
            self._bar.update(parts.documents)
            if self._errors:
                self._bar.set_postfix_str(f"{self._errors} unread")

    def say(self, message: str) -> None:
        """Print a line over the bar."""
        tqdm.write(f"smallprint: {message}", file=self.stream)

    def close(self) -> None:
        """End."""
        if self._bar is not None:
            self._bar.close()


@dataclass
class Lines:
    """A line every few seconds."""

    stream: TextIO
    every: float = _LINE_EVERY_SECONDS
    clock: Callable[[], float] = time.monotonic
    _total: int = 0
    _done: int = 0
    _errors: int = 0
    _before: int = 0
    _began: float = 0.0
    _said: float = field(default=0.0)

    def start(self, documents: int, done: int) -> None:
        """Begin."""
        self._total, self._done, self._before = documents, done, done
        self._began = self._said = self.clock()
        self.say(f"{documents} documents" + (f", {done} of them done before" if done else ""))

    def advance(self, parts: Parts) -> None:
        """Count a chunk, and print a line where the last one is some time ago."""
        self._done += parts.documents
        self._errors += parts.errors
        now = self.clock()
        if now - self._said < self.every:
            return
        self._said = now
        rate = (self._done - self._before) / (now - self._began)
        left = _duration((self._total - self._done) / rate)
        unread = f", {self._errors} unread" if self._errors else ""
        self.say(f"{self._done} of {self._total} documents, {rate:.1f} a second, {left} left{unread}")

    def say(self, message: str) -> None:
        """Print a line."""
        print(f"smallprint: {message}", file=self.stream, flush=True)

    def close(self) -> None:
        """End."""


def progress_for(stream: TextIO = sys.stderr, *, quiet: bool = False) -> Progress:
    """Return what suits a stream: a bar for a terminal, lines for a file or a pipe."""
    if quiet:
        return Quiet()
    return Bar(stream) if stream.isatty() else Lines(stream)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
