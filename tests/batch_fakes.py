"""A tagger without a model, documents that hang or kill, and an engine without processes."""

from __future__ import annotations

import os
import signal
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.inputs.files import ListedFile
from corpus.inputs.types import Document, Unreadable
from corpus.taxonomy import CATEGORY_IDS
from nlp.batch.chunks import Chunk
from nlp.batch.documents import DocumentCache
from nlp.batch.tagger import Model
from nlp.batch.work import Parts, work
from nlp.errors import RunError

MODEL = Model("fake:hash", CATEGORY_IDS)


@dataclass(frozen=True)
class HashTagger:
    """Probabilities that hang on a hash of the text; `seconds` is how long it takes over a chunk."""

    fingerprint: str = MODEL.fingerprint
    seconds: float = 0.0
    trouble: str | None = None
    documents: DocumentCache | None = None
    asked: list[list[str]] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """Return the thirteen categories."""
        return list(CATEGORY_IDS)

    def probabilities(self, contexts: Sequence[str], alive: Callable[[], None]) -> tuple[Any, int]:
        """Return numbers between 0 and 1, the same for the same text, and note the texts."""
        time.sleep(self.seconds)
        self.asked.append(list(contexts))
        rows = [[zlib.crc32(f"{label} {text}".encode()) % 1000 / 1000 for label in CATEGORY_IDS] for text in contexts]
        return np.array(rows, np.float32).reshape(-1, len(CATEGORY_IDS)), len(contexts)

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return what is at least one half."""
        return probabilities >= 0.5


def hash_tagger(seconds: float = 0.0, fingerprint: str = MODEL.fingerprint) -> HashTagger:
    """Load the tagger, as a worker does."""
    return HashTagger(fingerprint, seconds)


def remembering_tagger(folder: Path) -> HashTagger:
    """Load the tagger with a memory of whole documents in a folder."""
    return HashTagger(documents=DocumentCache.of(folder, CATEGORY_IDS, MODEL.fingerprint))


def no_tagger() -> HashTagger:
    """Fail to load a tagger."""
    raise RunError("models/classifier is missing; train it")


@dataclass
class InlineEngine:
    """Works here and now, in the order of the chunks or against it."""

    tagger: HashTagger = field(default_factory=HashTagger)
    backwards: bool = False
    closed: bool = False

    def map(self, chunks: Iterable[Chunk]) -> Iterator[Parts]:
        """Yield what comes of each chunk."""
        for chunk in list(chunks)[::-1] if self.backwards else chunks:
            yield work(chunk, self.tagger)

    def close(self) -> None:
        """Note it."""
        self.closed = True


@dataclass(frozen=True, slots=True)
class Hanging(ListedFile):
    """A file that takes for ever to read."""

    def load(self) -> Document | Unreadable:
        """Never return."""
        time.sleep(1000)
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Deadly(ListedFile):
    """A file that kills who reads it; once only where there is room for a `path` to note that it has."""

    def load(self) -> Document | Unreadable:
        """Die, or be read where it has killed before."""
        if self.path and Path(self.path).exists():
            return document(0)
        if self.path:
            Path(self.path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def document(number: int) -> Document:
    """Return a small policy; no two are the same."""
    text = (
        f"# Policy {number}\n\nWe keep your data for {number} days. We share it with partner {number}.\n\n"
        "## Rights\n\nWe collect this:\n\n- your name,\n- your address.\n"
    )
    return Document(f"doc{number}", f"table.jsonl#{number}", text, None, {"url": f"https://example.com/{number}"})


def documents(count: int) -> Iterator[Document]:
    """Yield small policies."""
    return map(document, range(count))


def write_policies(folder: Path, count: int) -> Path:
    """Write small policies to a folder, every tenth of them empty, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text = "" if number % 10 == 9 else str(document(number).content)
        (folder / f"{number:04d}.md").write_text(text, encoding="utf-8")
    return folder


def content_of(folder: Path) -> dict[str, bytes]:
    """Return the content of all files of a result, by their paths."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != ".lock")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def run_in_processes(inputs: Path, out: Path, seconds: float) -> None:
    """Tag a folder with two processes that take a while over each chunk: what a test kills."""
    from nlp.batch.pool import LocalEngine
    from nlp.batch.run import Job, run

    run(Job((str(inputs),), out, "fast"), MODEL, lambda: LocalEngine(partial(hash_tagger, seconds), 2))


if __name__ == "__main__":
    import sys

    # By its own name, so that the processes find it.
    from batch_fakes import run_in_processes as go

    go(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
