"""Run the bulk tagger: list the input, work on what is not done, write it, say what came of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from corpus.inputs.columns import Columns
from corpus.inputs.folders import real_path
from corpus.inputs.read import Item, listed
from corpus.types import DocumentError
from nlp.batch.chunks import Chunk, cut, extent_of
from nlp.batch.pool import Engine
from nlp.batch.progress import Progress, Quiet
from nlp.batch.reader import reader_fingerprint
from nlp.batch.schema import TABLES, Table
from nlp.batch.tagger import Model
from nlp.batch.work import STAGES, Parts
from nlp.batch.writer import Plan, ResultFolder, begun_with, result_folder, rows_in
from nlp.errors import RunError


@dataclass(frozen=True, slots=True)
class Job:
    """What to tag and where to: inputs as `corpus.inputs.read` takes them, at most `limit` documents of them."""

    inputs: tuple[str, ...]
    out: Path
    mode: str
    columns: Columns = field(default_factory=Columns)
    limit: int | None = None

    def items(self) -> Iterator[Item]:
        """Yield the documents as they are listed, the result's own folder left out."""
        return islice(listed(self.inputs, self.columns, leave_out={real_path(str(self.out))}), self.limit)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a result holds (`documents`, `read`, `errors`, `clauses`), and what this run had to do for it.

    `new` documents were worked on by this run and `tagged` clauses read by the model, in `seconds` of the clock;
    `stages` are the seconds of all workers together.
    """

    out: str
    documents: int
    read: int
    errors: int
    clauses: int
    new: int
    tagged: int
    seconds: float
    stages: dict[str, float]


def run(
    job: Job,
    model: Model,
    engine_for: Callable[[], Engine],
    *,
    restart: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Tag what is not tagged yet; run again after an interruption, it goes on, with the same result in the end.

    `engine_for` starts what does the work. Raises `DocumentError` where there is no input, or the folder holds another
    result, and `RunError` where the work cannot go on, or errors that were written are gone.
    """
    progress, began = progress or Quiet(), time.perf_counter()
    _refuse_own(job)
    if not restart:
        job = _as_begun(job)
    extent = extent_of(job.items())
    if not extent.documents:
        raise DocumentError(f"there is no document in {', '.join(job.inputs)}")
    plan = Plan(
        job.mode,
        model.fingerprint,
        model.labels,
        reader_fingerprint(),
        _options(job),
        extent.digest,
        extent.documents,
        job.inputs,
    )
    with result_folder(job.out, plan, restart=restart) as folder:
        done = folder.done()
        missing = (chunk for chunk in cut(job.items()) if chunk.number not in done)
        progress.start(extent.documents, rows_in_table(job.out, "statements") + rows_in_table(job.out, "errors"))
        try:
            tally = _work(missing, engine_for, folder, progress)
        finally:
            progress.close()
        rows = {table: rows_in_table(job.out, table) for table in TABLES}
        if rows["statements"] + rows["errors"] != extent.documents:
            raise RunError(f"rows of {job.out} were lost from outside; run it with --restart")
        folder.finish({"read": rows["statements"], "errors": rows["errors"], "clauses": rows["clauses"]})
    return Summary(
        str(job.out),
        extent.documents,
        rows["statements"],
        rows["errors"],
        rows["clauses"],
        tally.new,
        tally.tagged,
        time.perf_counter() - began,
        dict(tally.seconds),
    )


@dataclass
class _Tally:
    """What this run has done so far."""

    new: int = 0
    tagged: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))

    def add(self, parts: Parts, writing: float) -> None:
        self.new += parts.documents
        self.tagged += parts.tagged
        for stage, seconds in parts.seconds.items():
            self.seconds[stage] += seconds
        self.seconds["writing"] += writing


def _work(
    missing: Iterator[Chunk], engine_for: Callable[[], Engine], folder: ResultFolder, progress: Progress
) -> _Tally:
    """Have chunks worked on, and write what comes of them."""
    tally, said = _Tally(), set[str]()
    first = next(missing, None)
    if first is None:
        return tally  # and no model has to be loaded
    engine = engine_for()
    try:
        for parts in engine.map(chain([first], missing)):
            start = time.perf_counter()
            folder.commit(parts)
            tally.add(parts, time.perf_counter() - start)
            progress.advance(parts)
            if parts.trouble and parts.trouble not in said:
                said.add(parts.trouble)
                progress.say(parts.trouble)
    finally:
        engine.close()
    return tally


def _refuse_own(job: Job) -> None:
    own = real_path(str(job.out))
    if any(real_path(given) == own for given in job.inputs):
        raise DocumentError(f"{job.out} is an input and --out at once; give another folder as --out")


def _as_begun(job: Job) -> Job:
    """Return the job with its inputs as they were spelt when the result was begun, where they are the same places."""
    begun = begun_with(job.out)
    same = list(map(real_path, begun)) == list(map(real_path, job.inputs))
    return replace(job, inputs=begun) if same else job


def _options(job: Job) -> dict[str, Any]:
    columns = job.columns
    return {
        "text_column": columns.text,
        "html_column": columns.html,
        "id_column": columns.id,
        "limit": job.limit,
    }


def rows_in_table(out: Path, table: Table) -> int:
    """Return how many rows a table of a result has."""
    return sum(map(rows_in, (out / table).glob("part-*.parquet")))


def default_workers() -> int:
    """Return how many worker processes suit this machine: one for each core that this process may use."""
    able: Sequence[int] = list(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return len(able) or os.cpu_count() or 1
