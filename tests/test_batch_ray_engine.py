"""Tests of nlp.batch.ray_engine: two workers of a Ray cluster on this machine give the rows of one process."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import pytest
from batch_fakes import (
    MODEL,
    Deadly,
    InlineEngine,
    content_of,
    document,
    hash_tagger,
    no_tagger,
    remembering_tagger,
    write_policies,
)

from nlp.batch.chunks import Chunk
from nlp.batch.ray_engine import RayEngine
from nlp.batch.run import Job, run
from nlp.errors import RunError

TESTS = str(Path(__file__).parent)


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    message = r"^--engine ray needs Ray, which is not installed; run: pip install 'smallprint\[ray\]'$"
    with pytest.raises(RunError, match=message):
        next(RayEngine(hash_tagger, 1).map([]))


@pytest.fixture(scope="module")
def cluster() -> object:
    """Start a cluster of two workers that know the fakes."""
    ray = pytest.importorskip("ray", reason="Ray is not installed")
    os.environ.setdefault("RAY_worker_niceness", "0")  # else it waits for whatever else the machine does
    paths = {"PYTHONPATH": f"{TESTS}:{Path(TESTS).parent}"}
    ray.init(num_cpus=2, log_to_driver=False, include_dashboard=False, runtime_env={"env_vars": paths})
    yield ray
    ray.shutdown()


def test_the_rows_are_those_of_the_local_engine(cluster: object, tmp_path: Path) -> None:
    policies = write_policies(tmp_path / "in", 40)
    for name, engine in (("here", InlineEngine()), ("ray", RayEngine(hash_tagger, 2))):
        done = run(Job((str(policies),), tmp_path / name, "fast"), MODEL, lambda engine=engine: engine)  # type: ignore[misc]
        assert (done.read, done.errors) == (36, 4)
    assert content_of(tmp_path / "ray") == content_of(tmp_path / "here")


def test_actors_share_a_memory_of_documents(cluster: object, tmp_path: Path) -> None:
    policies = write_policies(tmp_path / "in", 40)
    tagged = {}
    for name in ("cold", "warm"):
        engine = RayEngine(partial(remembering_tagger, tmp_path / "cache"), 2)
        done = run(Job((str(policies),), tmp_path / name, "fast"), MODEL, lambda engine=engine: engine)  # type: ignore[misc]
        tagged[name] = (done.tagged, done.stages["segmentation"] > 0)
    assert tagged == {"cold": (180, True), "warm": (0, False)}
    assert content_of(tmp_path / "warm") == content_of(tmp_path / "cold")


def test_a_document_that_kills_its_process_gets_an_error_row(cluster: object) -> None:
    engine = RayEngine(hash_tagger, 1)
    (parts,) = engine.map([Chunk(0, 0, (Deadly("a", "a", "", 0, 0), document(1)))])
    engine.close()
    assert (parts.read, parts.errors) == (1, 1)


def test_a_model_that_cannot_be_loaded_ends_the_run(cluster: object) -> None:
    engine = RayEngine(no_tagger, 1)
    with pytest.raises(RunError, match=r"^models/classifier is missing; train it$"):
        list(engine.map([Chunk(0, 0, (document(1),))]))
    engine.close()
