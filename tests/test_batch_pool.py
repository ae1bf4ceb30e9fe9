"""Tests of nlp.batch.pool: what hangs or dies gets an error row, and the rest is done."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from batch_fakes import Deadly, Hanging, HashTagger, InlineEngine, document, hash_tagger, no_tagger

from nlp.batch.chunks import Chunk
from nlp.batch.pool import LocalEngine
from nlp.batch.tagger import Tagger
from nlp.batch.work import Parts
from nlp.errors import RunError


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    """Return two processes, ended after the test."""
    made = LocalEngine(hash_tagger, 2)
    yield made
    made.close()


def chunks(count: int) -> list[Chunk]:
    """Return chunks of two documents each."""
    return [Chunk(n, 2 * n, (document(2 * n), document(2 * n + 1))) for n in range(count)]


def errors(parts: Parts) -> list[tuple[int, str]]:
    """Return number and reason of what could not be read."""
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(parts.files["errors"])).to_pylist()
    return [(row["number"], row["reason"]) for row in rows]


def die() -> Tagger:
    """Kill the process that loads a tagger."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fail() -> Tagger:
    """Fail in a way that nobody foresaw."""
    raise ZeroDivisionError("by\nzero")


def test_the_rows_are_those_of_this_process(engine: LocalEngine) -> None:
    here = {parts.number: parts.files for parts in InlineEngine().map(chunks(5))}
    there = {parts.number: parts.files for parts in engine.map(iter(chunks(5)))}
    assert there == here


STARTED = """
import time
from batch_fakes import hash_tagger
from nlp.batch.pool import LocalEngine

if __name__ == "__main__":
    print(LocalEngine(hash_tagger, 1)._started().process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process that its parent ended")
def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / "started.py"
    script.write_text(STARTED)
    settings = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path.cwd())])}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=settings) as parent:
        assert parent.stdout is not None
        worker = Path(f"/proc/{parent.stdout.readline().strip()}/stat")
        assert worker.exists()
        parent.kill()
    # One that has ended may wait for somebody to ask how.
    while worker.exists() and worker.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.05)


def test_no_more_chunks_are_taken_than_are_worked_on(engine: LocalEngine) -> None:
    taken: list[int] = []

    def coming() -> Iterator[Chunk]:
        for chunk in chunks(9):
            taken.append(chunk.number)
            yield chunk

    for done, _ in enumerate(engine.map(coming()), 1):
        assert len(taken) <= done + 2
    assert len(taken) == 9


def test_no_more_processes_are_started_than_there_is_work(engine: LocalEngine) -> None:
    assert len(list(engine.map(chunks(1)))) == 1
    assert len(engine._running) == 1
    assert len(list(engine.map(chunks(3)))) == 3
    assert len(engine._running) == 2


def test_a_document_that_hangs_and_one_that_kills_get_error_rows() -> None:
    bad = (Hanging("slow", "slow", "", 0, 0), document(1), Deadly("deadly", "deadly", "", 0, 0), document(2))
    engine = LocalEngine(hash_tagger, 1, timeout=5)
    found = {parts.number: parts for parts in engine.map([Chunk(0, 0, bad), *chunks(3)[1:]])}
    engine.close()
    assert errors(found[0]) == [
        (0, "it takes longer than 5 seconds to read"),
        (2, "the process that read it was ended by SIGKILL, twice"),
    ]
    assert [found[n].read for n in range(3)] == [2, 2, 2]


def test_a_process_that_is_killed_once_is_no_documents_fault(engine: LocalEngine, tmp_path: Path) -> None:
    unlucky = Deadly("a", "a", str(tmp_path / "killed"), 0, 0)
    (parts,) = engine.map([Chunk(0, 0, (unlucky, document(1)))])
    assert (tmp_path / "killed").exists()
    assert (parts.read, parts.errors) == (2, 0)


def test_a_model_that_cannot_be_loaded_ends_the_run() -> None:
    engine = LocalEngine(no_tagger, 1)
    with pytest.raises(RunError, match=r"^models/classifier is missing; train it$"):
        list(engine.map(chunks(1)))
    engine.close()


def test_a_worker_that_fails_ends_the_run_in_one_line() -> None:
    engine = LocalEngine(fail, 1)
    with pytest.raises(RunError, match=r"^a worker process failed: ZeroDivisionError: by zero$"):
        list(engine.map(chunks(1)))
    engine.close()


def test_processes_that_die_without_reading_end_the_run() -> None:
    engine = LocalEngine(die, 1)
    with pytest.raises(RunError, match=r"was ended by SIGKILL 3 times; is there enough memory\? try fewer --workers$"):
        list(engine.map(chunks(1)))
    engine.close()


def test_closing_ends_the_processes(engine: LocalEngine) -> None:
    next(engine.map(chunks(5)))
    processes = [worker.process for worker in engine._running]
    engine.close()
    assert all(not process.is_alive() for process in processes)
    assert engine._running == []


def test_the_environment_is_left_as_it_was(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = dict(os.environ)
    list(engine.map(chunks(1)))
    assert dict(os.environ) == before


def test_a_tagger_can_have_settings() -> None:
    engine = LocalEngine(partial(hash_tagger, fingerprint="other"), 1)
    (parts,) = engine.map(chunks(1))
    engine.close()
    assert parts.model == "other"
    assert parts.model != HashTagger().fingerprint
