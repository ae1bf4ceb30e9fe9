"""Build and query each kind of index over many vectors made from real ones, and hold them against exact search.

Queries are clauses of real policies that were left out, and questions of PrivacyQA; none is perturbed.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.privacyqa import read_privacyqa
from nlp.encoder import Encoder, SentenceEncoder, Vectors
from nlp.search.choose import KINDS, RERANKED, Plan, choose
from nlp.search.embed import Report, stored_vectors
from nlp.search.gather import blocks
from nlp.search.layout import VECTORS, sizes
from nlp.search.trial_vectors import exact_nearest, real_clauses, write_perturbed
from nlp.search.vector_index import VectorIndex, build_vector_index

WANTED = 10

_SEED = 0
_ENCODED_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of index over all vectors.

    `build_seconds` are those of training (`training_seconds`), adding and writing; `build_megabytes` the most memory
    that took, of which a part are pages of mapped files. `disk` is bytes of index files a vector; `own_memory` and
    `mapped_memory` are the bytes a vector that a process holds itself and has mapped in once all queries ran. The
    recalls are the share of the true ten nearest among the ten found; `median` and `p95` are milliseconds of one query
    that is already a vector, the exact comparison of its candidates included. Memory is measured on Linux alone.
    """

    kind: str
    parameters: str
    build_seconds: float
    training_seconds: float
    build_megabytes: float
    disk: float
    own_memory: float
    mapped_memory: float
    recall_clauses: float
    recall_questions: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class SearchTable:
    """All kinds over `vectors` vectors, made from `real` real ones; `cosine` is how near the others are to theirs.

    `queries` are (clauses, questions); `clauses_per_second` were embedded, and a question takes
    `question_milliseconds` to embed, the median. `vector_bytes` is the size of a stored vector: all kinds need these to
    compare candidates exactly.
    """

    vectors: int
    real: int
    cosine: float
    queries: tuple[int, int]
    cores: int
    clauses_per_second: float
    question_milliseconds: float
    vector_bytes: int
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the table as the command line prints it."""
        return asdict(self)

    def table(self) -> str:
        """Return the table for people."""
        lines = [
            f"{self.vectors} vectors, {self.real} of real clauses, the others these perturbed "
            f"(median cosine {self.cosine:.2f}); {self.queries[0]} clauses and {self.queries[1]} questions asked, "
            f"one at a time, {self.cores} cores",
            f"{'':6} {'':32} {'build':>7} {'peak':>6} {'disk':>6} {'own':>6} {'mapped':>6} {'recall@10':>18}"
            f" {'ms a query':>14}",
            f"{'kind':6} {'parameters':32} {'s':>7} {'MB':>6} {'B/vec':>6} {'B/vec':>6} {'B/vec':>6}"
            f" {'clauses':>8} {'questions':>9} {'median':>7} {'95 %':>6}",
        ]
        lines += [
            f"{row.kind:6} {row.parameters:32} {row.build_seconds:7.0f} {row.build_megabytes:6.0f} {row.disk:6.0f}"
            f" {row.own_memory:6.0f} {row.mapped_memory:6.0f} {row.recall_clauses:8.3f} {row.recall_questions:9.3f}"
            f" {row.median:7.2f} {row.p95:6.2f}"
            for row in self.rows
        ]
        lines += [
            f"beside the index, {self.vector_bytes} bytes a vector on the disk; a query reads {RERANKED} such vectors",
            f"embedding: {self.clauses_per_second:.0f} clauses a second, a question in "
            f"{self.question_milliseconds:.1f} ms",
        ]
        return "\n".join(lines)


def search_table(
    data: Path,
    *,
    vectors: int = 1_000_000,
    real: int = 30_000,
    queries: int = 500,
    work: Path | None = None,
    encoder: Encoder | None = None,
    report: Report = lambda stage, done, total: None,
) -> SearchTable:
    """Measure every kind of index over `vectors` vectors, half of the `queries` being clauses and half questions.

    `work` is a folder that keeps the embedded clauses for the next time and holds the indexes while it lasts (three GB
    for a million). Raises `DocumentError` where `data` lacks the paragraphs or the questions.
    """
    encoder = encoder or SentenceEncoder.load()
    half = queries // 2
    asked = sorted({question for question, _ in read_privacyqa(data)})
    random.Random(_SEED).shuffle(asked)
    if work:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix=".search-") as scratch:
        known, rate = _embedded(data, real + half, encoder, work, report)
        base, left_out = known[:-half], known[-half:]
        questioned, milliseconds = _timed_questions(encoder, asked[:half])
        folder = Path(scratch)
        cosine = write_perturbed(base, vectors, folder / VECTORS)
        stored = stored_vectors(folder, vectors, encoder.dimensions)
        asked_vectors = np.concatenate((left_out, questioned))
        truth = exact_nearest(stored, asked_vectors, WANTED)
        rows = list[Row]()
        for kind in KINDS:
            report(kind, len(rows), len(KINDS))
            plan = choose(vectors, encoder.dimensions, kind)
            rows.append(_row(folder, plan, stored.shape, asked_vectors, truth, half))
    return SearchTable(
        vectors=vectors,
        real=min(len(base), vectors),
        cosine=cosine,
        queries=(half, len(questioned)),
        cores=_cores(),
        clauses_per_second=rate,
        question_milliseconds=milliseconds,
        vector_bytes=2 * encoder.dimensions,
        rows=tuple(rows),
    )


def _embedded(data: Path, count: int, encoder: Encoder, work: Path | None, report: Report) -> tuple[Vectors, float]:
    """Return the vectors of real clauses, kept ones if there are any, and how many were embedded a second."""
    texts = real_clauses(data, count)
    name = f"clauses-{count}-{encoder.fingerprint.rpartition(':')[2][:16]}.npy"
    kept = work / name if work else None
    if kept and kept.is_file():
        some = texts[:_ENCODED_AT_ONCE]
        start = time.perf_counter()
        encoder.encode(some)
        return np.load(kept), len(some) / (time.perf_counter() - start)
    made, start = [], time.perf_counter()
    for first, last in blocks(count, _ENCODED_AT_ONCE):
        made.append(encoder.encode(texts[first:last]))
        report("embedding", last, count)
    rate = count / (time.perf_counter() - start)
    if kept:
        np.save(kept, np.concatenate(made))
    return np.concatenate(made), rate


def _timed_questions(encoder: Encoder, questions: list[str]) -> tuple[Vectors, float]:
    vectors, seconds = [], []
    encoder.encode(questions[:1])
    for question in questions:
        start = time.perf_counter()
        vectors.append(encoder.encode([question]))
        seconds.append(time.perf_counter() - start)
    return np.concatenate(vectors), 1000 * float(np.median(seconds))


def _row(
    folder: Path, plan: Plan, shape: tuple[int, int], queries: Vectors, truth: NDArray[np.int64], half: int
) -> Row:
    """Build and query a kind, each in a process of its own, whose memory is then its own."""
    before = set(sizes(folder))
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        seconds, training, megabytes = pool.apply(_build, (folder, plan, shape))
        row = pool.apply(_query, (folder, plan, shape, queries, truth, half))
    files = {name: size for name, size in sizes(folder).items() if name not in before}
    for name in files:
        (folder / name).unlink()
    disk = sum(files.values()) / shape[0]
    return replace(row, build_seconds=seconds, training_seconds=training, build_megabytes=megabytes, disk=disk)


def _build(folder: Path, plan: Plan, shape: tuple[int, int]) -> tuple[float, float, float]:
    start, trained = time.perf_counter(), [0.0]

    def report(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("training", total):
            trained[0] = time.perf_counter() - start

    build_vector_index(stored_vectors(folder, *shape), plan, folder, report)
    return time.perf_counter() - start, trained[0], _memory()["VmHWM"] / 1e6


def _query(
    folder: Path, plan: Plan, shape: tuple[int, int], queries: Vectors, truth: NDArray[np.int64], half: int
) -> Row:
    before = _memory()
    index = VectorIndex.open(folder, plan, stored_vectors(folder, *shape))
    # The first time round the pages come from the disk.
    found = [index.nearest(query, RERANKED)[0][:WANTED] for query in queries]
    after = _memory()
    seconds = []
    for query in queries:
        start = time.perf_counter()
        index.nearest(query, RERANKED)
        seconds.append(time.perf_counter() - start)
    hits = np.array([len(set(mine) & set(best)) / len(best) for mine, best in zip(found, truth, strict=True)])
    return Row(
        kind=plan.kind,
        parameters=_parameters(plan),
        build_seconds=0,
        training_seconds=0,
        build_megabytes=0,
        disk=0,
        own_memory=(after["RssAnon"] - before["RssAnon"]) / shape[0],
        mapped_memory=(after["RssFile"] - before["RssFile"]) / shape[0],
        recall_clauses=float(hits[:half].mean()),
        recall_questions=float(hits[half:].mean()),
        median=1000 * float(np.median(seconds)),
        p95=1000 * float(np.quantile(seconds, 0.95)),
    )


def _parameters(plan: Plan) -> str:
    if plan.kind == "flat":
        return "float16"
    if plan.kind == "hnsw":
        return f"int8, M {plan.links}, ef {plan.build_effort}/{plan.effort}"
    return f"{plan.lists} cells, {plan.probed} probed, PQ {plan.code_bytes} B"


def _memory() -> Counter[str]:
    """Return the memory of this process in bytes, by Linux's names; zeros elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return Counter()
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return Counter({name: 1024 * int(value.removesuffix("kB")) for name, value in pairs})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
