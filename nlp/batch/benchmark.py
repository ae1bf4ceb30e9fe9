"""Time the bulk tagger beside the plain way, on the same documents in one run, and measure its memory.

The plain way is that of a script: sentence-transformers embeds the clauses of a policy, scikit-learn gives their
probabilities, a policy at a time. Reading and segmentation are ours in all rows, and models are loaded before the clock
starts.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from corpus.archives.flags import flags_of
from corpus.archives.read import read_archive
from corpus.archives.types import Version
from corpus.inputs.types import Document
from corpus.load import DEFAULT_ID, load_bundled, load_file
from corpus.types import DocumentError
from nlp.batch.cache import MAX_BYTES
from nlp.batch.chunks import Chunk
from nlp.batch.memory import peak_memory
from nlp.batch.pool import LocalEngine
from nlp.batch.run import Job, default_workers, run
from nlp.batch.tagger import load_tagger, make_caches, shipped_model
from nlp.batch.work import STAGES
from nlp.classifier import MODES, ClauseClassifier, Mode
from nlp.encoder import SentenceEncoder
from nlp.segment import segment

ARCHIVE = "open-terms-archive-sample.bundle"
_SEED = 0
_CHANGED = 0.01
_SENTENCE = "We collect your data and share it with our partners."


@dataclass(frozen=True, slots=True)
class Speed:
    """A way of tagging, policies a second of the clock, and that divided by the plain way's.

    `stages` are the shares of the time of all workers, by stage; the plain way has none.
    """

    way: str
    policies_per_second: float
    ratio: float
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """The speeds over `documents` documents (the plain way: `plain` of them), and peak memory in MB by documents."""

    documents: int
    plain: int
    workers: int
    speeds: tuple[Speed, ...]
    memory: dict[int, float]

    def table(self) -> str:
        """Return the figures as they are printed."""
        lines = [f"{self.documents} policies ({self.plain} the plain way), {self.workers} workers"]
        lines += [f"{'way':34} {'policies/s':>10} {'x plain':>8}" + "".join(f" {stage:>12}" for stage in STAGES)]
        for row in self.speeds:
            shares = "".join(f" {row.stages[stage]:12.0%}" for stage in STAGES) if row.stages else ""
            lines.append(f"{row.way:34} {row.policies_per_second:10.1f} {row.ratio:8.1f}{shares}")
        lines += [
            f"{'peak memory, fast mode':34} {count:>10} policies {peak:8.0f} MB" for count, peak in self.memory.items()
        ]
        return "\n".join(lines)


def batch_figures(
    data: Path,
    *,
    versions: int = 200,
    plain: int = 40,
    sizes: Sequence[int] = (200, 2_000, 20_000),
    workers: int | None = None,
    modes: Sequence[Mode] = MODES,
) -> Figures:
    """Measure over the policies of DATA/compare and `versions` of the sample archive, spread over its history.

    `plain` of them are tagged the plain way; `sizes` are the numbers of documents, made of them by changing one word in
    a hundred, at which memory is measured. Raises `DocumentError` where the data is not there.
    """
    workers = workers or default_workers()
    with tempfile.TemporaryDirectory(prefix="smallprint-") as scratch:
        folder = Path(scratch)
        files = write_policies(data, folder / "policies", versions)
        some = random.Random(_SEED).sample(files, min(plain, len(files)))
        speeds = [Speed("MiniLM + scikit-learn, one by one", _plain_way(some), 1.0)]
        for mode in modes:
            for way in ("cold cache", "warm cache"):
                rate, stages = _bulk(folder, mode, f"{mode}, {way}", workers)
                speeds.append(
                    Speed(f"smallprint batch, {mode}, {way}", rate, rate / speeds[0].policies_per_second, stages)
                )
        memory = {size: _memory(files, folder, size, workers) / 1e6 for size in sizes}
    return Figures(len(files), len(some), workers, tuple(speeds), memory)


def write_policies(data: Path, folder: Path, versions: int) -> list[Path]:
    """Write the policies of DATA/compare and versions of the sample archive to files, and return their paths."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((data / "compare").glob("*.md"))]
    # Versions that are empty or an error page are no policies.
    items = read_archive(data / ARCHIVE)
    read = [one for one in items if isinstance(one, Version) and not flags_of(one.text, None)]
    texts += [one.text for one in islice(read, 0, None, max(1, len(read) // versions))][:versions] if versions else []
    if not texts:
        raise DocumentError(f"{data} holds no policies; give the folder that CONTRIBUTING describes")
    folder.mkdir()
    files = [folder / f"{number:05d}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def _bulk(folder: Path, mode: Mode, name: str, workers: int) -> tuple[float, dict[str, float]]:
    """Return policies a second and the shares of the stages of a bulk run; the second one of a mode finds its cache."""
    cache = folder / f"cache-{mode}"
    make_caches(cache)
    engine = LocalEngine(partial(load_tagger, mode, cache, MAX_BYTES), workers)
    _warm(engine)
    job = Job((str(folder / "policies"),), folder / name, mode)
    done = run(job, shipped_model(mode), lambda: engine)
    total = sum(done.stages.values())
    return done.documents / done.seconds, {stage: seconds / total for stage, seconds in done.stages.items()}


def _warm(engine: LocalEngine) -> None:
    """Have every worker load its model, on a document that is none of the measured."""
    document = Document("warm", "warm", _SENTENCE)
    for _ in engine.map(Chunk(number, number, (document,)) for number in range(engine.workers)):
        pass


def _plain_way(files: Sequence[Path]) -> float:
    """Return policies a second."""
    tag = _plain_tagger()
    tag([_SENTENCE])
    start = time.perf_counter()
    for file in files:
        tag([clause.context for clause in segment(load_file(file))])
    return len(files) / (time.perf_counter() - start)


def _plain_tagger() -> Callable[[Sequence[str]], Any]:
    """Return a function that embeds clauses and gives probabilities of the thirteen categories by linear models."""
    encoder = SentenceEncoder.load()
    texts = [clause.context for clause in segment(load_bundled(DEFAULT_ID))]
    labels = ClauseClassifier.load(mode="fast").predict(texts)
    # A linear model takes the same time whatever it has learnt, but each label needs both answers.
    labels[0], labels[1] = True, False
    model = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(encoder.encode(texts), labels.astype(np.int64))
    return lambda contexts: model.predict_proba(encoder.encode(contexts)) if contexts else None


def _memory(files: Sequence[Path], folder: Path, size: int, workers: int) -> int:
    """Return the peak of a run of the command over so many documents, in bytes."""
    table, out = folder / f"{size}.jsonl", folder / f"out-{size}"
    with table.open("w", encoding="utf-8") as file:
        for text in islice(changed_policies(files), size):
            file.write(json.dumps({"text": text}) + "\n")
    command = [sys.executable, "-c", "from nlp.cli.batch import batch; batch()", str(table), "--out", str(out)]
    peak = peak_memory([*command, "--mode", "fast", "--no-cache", "--quiet", "--workers", str(workers)])
    table.unlink()
    return peak


def changed_policies(files: Sequence[Path]) -> Iterator[str]:
    """Yield the texts of files again and again for ever, one word in a hundred changed for another of the text."""
    chance = random.Random(_SEED)
    while True:
        for file in files:
            words = file.read_text(encoding="utf-8").split(" ")
            for _ in range(max(1, int(_CHANGED * len(words)))):
                words[chance.randrange(len(words))] = chance.choice(words)
            yield " ".join(words)
