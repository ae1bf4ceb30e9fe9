"""Tests of nlp.batch.run: interrupted anywhere, a run goes on, and its result is that of one that was not."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import datasets
import pandas as pd
import pytest
from batch_fakes import MODEL, HashTagger, InlineEngine, content_of, document, write_policies
from filelock import FileLock

import nlp.batch.writer as writer
from corpus.inputs.columns import Columns
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp.batch import run as module
from nlp.batch.pool import Engine
from nlp.batch.progress import Lines
from nlp.batch.run import Job, Summary, default_workers, run
from nlp.batch.schema import probability_column
from nlp.batch.tagger import Model
from nlp.errors import RunError

FAKES = Path(__file__).parent / "batch_fakes.py"


def tag(inputs: Path, out: Path, engine: Engine | None = None, **options: Any) -> Summary:
    """Tag a folder in this process."""
    job = Job((str(inputs),), out, "fast", limit=options.pop("limit", None), columns=options.pop("columns", Columns()))
    return run(job, options.pop("model", MODEL), lambda: engine or InlineEngine(), **options)


class PowerCut(BaseException):
    """Ends a run like nothing that can be caught, at a step of its writing."""


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 40 small policies, four of them empty."""
    return write_policies(tmp_path_factory.mktemp("policies"), 40)


@pytest.fixture(scope="module")
def whole(policies: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a run that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole") / "out"
    tag(policies, out)
    return content_of(out)


def test_a_run_says_what_came_of_it(policies: Path, tmp_path: Path) -> None:
    done = tag(policies, tmp_path / "out")
    assert (done.documents, done.read, done.errors, done.new) == (40, 36, 4, 40)
    assert done.clauses == done.tagged == 36 * 5
    assert set(done.stages) == {"reading", "segmentation", "tagging", "writing"}
    config = json.loads((tmp_path / "out/batch.json").read_text())
    assert (config["complete"], config["read"], config["errors"], config["clauses"]) == (True, 36, 4, 180)


def test_a_second_run_has_nothing_to_do(policies: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    tag(policies, tmp_path / "out")

    def none() -> Engine:
        raise AssertionError

    again = run(Job((str(policies),), tmp_path / "out", "fast"), MODEL, none)
    assert (again.read, again.errors, again.new, again.tagged) == (36, 4, 0, 0)
    assert content_of(tmp_path / "out") == whole


def test_the_order_of_the_work_does_not_matter(policies: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    engine = InlineEngine(backwards=True)
    tag(policies, tmp_path / "out", engine)
    assert engine.closed
    assert content_of(tmp_path / "out") == whole


def cut_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the power before a step that changes the disk: a sync or a renaming."""
    steps, sync, rename = [0], os.fsync, Path.replace

    def count() -> None:
        steps[0] += 1
        if steps[0] == step:
            raise PowerCut

    monkeypatch.setattr(writer.os, "fsync", lambda descriptor: (count(), sync(descriptor)))
    monkeypatch.setattr(Path, "replace", lambda self, target: (count(), rename(self, target))[1])


def test_power_cut_at_any_step_leaves_a_run_that_goes_on(
    policies: Path, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    step = 0
    while True:
        step += 1
        out = tmp_path / str(step)
        with pytest.MonkeyPatch.context() as patch:
            cut_at(step, patch)
            try:
                tag(policies, out)
                break
            except PowerCut:
                pass
        # What is there, is whole, and says no more than is there.
        config = out / "batch.json"
        assert not config.exists() or json.loads(config.read_text())["complete"] is (
            content_of(out).keys() == whole.keys() and config.read_bytes() == whole["batch.json"]
        )
        done = tag(policies, out)
        assert (done.read, done.errors) == (36, 4)
        assert content_of(out) == whole, f"cut at step {step}"
    assert step > 3 * 5 * 3


def test_killed_at_random_points_it_goes_on(policies: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    out, chance, kills = tmp_path / "out", random.Random(0), 0
    command = [sys.executable, str(FAKES), str(policies), str(out), "0.2"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(FAKES.parent.parent), str(FAKES.parent)])}
    while True:
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True) as process:
            before = len(list(out.glob("statements/part-*")))
            while process.poll() is None and kills < 3:
                if len(list(out.glob("*/*part-*"))) and len(list(out.glob("statements/part-*"))) > before:
                    time.sleep(chance.uniform(0, 0.2))
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    kills += 1
                    break
                time.sleep(0.005)
            said = process.communicate()[1].decode()
        if process.returncode != -signal.SIGKILL:
            break
    assert process.returncode == 0, said
    assert kills >= 2
    assert content_of(out) == whole


def test_the_same_place_in_another_spelling_is_the_same_input(
    policies: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    tag(policies, out)
    next((out / "statements").iterdir()).unlink()
    monkeypatch.chdir(policies.parent)
    assert run(Job((policies.name,), out, "fast"), MODEL, InlineEngine).new > 0
    assert content_of(out) == whole
    again = tmp_path / "again"
    assert run(Job((policies.name,), again, "fast"), MODEL, InlineEngine).new == 40
    assert run(Job((f"{policies}/../{policies.name}/",), again, "fast"), MODEL, InlineEngine).new == 0
    with pytest.raises(DocumentError, match="other input"):
        tag(write_policies(tmp_path / "other", 40), again)


def test_an_input_whose_name_is_no_text(tmp_path: Path) -> None:
    policies = write_policies(tmp_path / os.fsdecode(b"in\xff"), 3)
    assert tag(policies, tmp_path / "out").new == 3
    assert tag(policies, tmp_path / "out").new == 0


def test_a_changed_input_is_noticed(tmp_path: Path) -> None:
    policies, out = write_policies(tmp_path / "in", 12), tmp_path / "out"
    tag(policies, out)
    before = content_of(out)
    (policies / "0003.md").write_text("We changed our policy.")
    with pytest.raises(DocumentError, match=r"other input, or the input has changed; give another --out, or --restart"):
        tag(policies, out)
    assert content_of(out) == before
    assert tag(policies, out, restart=True).new == 12
    assert content_of(out).keys() == before.keys()
    assert content_of(out) != before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": Model("other", MODEL.labels)}, "the model fake:hash, and this run has other;"),
        ({"limit": 3}, "no --limit, and this run has --limit 3;"),
        ({"columns": Columns(id="id")}, "no --id-column, and this run has --id-column id;"),
    ],
)
def test_another_model_or_option_is_noticed(policies: Path, tmp_path: Path, options: dict[str, Any], said: str) -> None:
    tag(policies, tmp_path / "out")
    with pytest.raises(DocumentError, match=rf"was begun with {said}"):
        tag(policies, tmp_path / "out", **options)


def test_another_release_is_noticed(policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tag(policies, tmp_path / "out")
    monkeypatch.setattr(module, "reader_fingerprint", lambda: "other")
    with pytest.raises(DocumentError, match=r"was begun with another release of smallprint"):
        tag(policies, tmp_path / "out")


def test_a_limit_takes_the_first(policies: Path, tmp_path: Path) -> None:
    assert tag(policies, tmp_path / "out", limit=7).documents == 7


def test_a_result_inside_its_input_is_left_out(tmp_path: Path) -> None:
    policies = write_policies(tmp_path / "in", 5)
    assert tag(policies, policies / "out").documents == 5
    assert tag(policies, policies / "out").new == 0


def test_input_and_result_must_differ(tmp_path: Path) -> None:
    policies = write_policies(tmp_path / "in", 5)
    with pytest.raises(DocumentError, match=r"is an input and --out at once"):
        tag(policies, policies)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(DocumentError, match=r"^there is no document in "):
        tag(tmp_path / "in", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_runs_at_once_are_refused(policies: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out/.lock"), pytest.raises(RunError, match=r"^another run writes to "):
        tag(policies, tmp_path / "out")


def test_a_run_that_fails_goes_on_later(policies: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    class Failing(InlineEngine):
        def map(self, chunks: Any) -> Any:
            for number, parts in enumerate(super().map(chunks)):
                if number == 2:
                    raise RunError("out of memory")
                yield parts

    engine = Failing()
    with pytest.raises(RunError, match=r"^out of memory$"):
        tag(policies, tmp_path / "out", engine)
    assert engine.closed
    assert json.loads((tmp_path / "out/batch.json").read_text())["complete"] is False
    assert tag(policies, tmp_path / "out").new == 40 - 16
    assert content_of(tmp_path / "out") == whole


def test_errors_that_were_lost_are_noticed(policies: Path, tmp_path: Path) -> None:
    assert tag(policies, tmp_path / "out").errors
    for part in (tmp_path / "out/errors").glob("part-*.parquet"):
        part.unlink()
    with pytest.raises(RunError, match=r"^rows of .*/out were lost from outside; run it with --restart$"):
        tag(policies, tmp_path / "out")


def test_trouble_is_told_once(policies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = InlineEngine(HashTagger(trouble="the cache is not used"))
    tag(policies, tmp_path / "out", engine, progress=Lines(sys.stderr, every=1e9))
    assert capsys.readouterr().err.splitlines() == ["smallprint: 40 documents", "smallprint: the cache is not used"]


def test_a_table_of_documents(tmp_path: Path) -> None:
    rows = [{"id": f"p{n}", "text": document(n).content, "url": f"u{n}"} for n in range(3)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, [*rows, {"text": 5}])) + "\nno JSON\n")
    tag(tmp_path / "t.jsonl", tmp_path / "out", columns=Columns(id="id"))
    statements = pd.read_parquet(tmp_path / "out/statements")
    assert statements["statement_id"].tolist() == ["p0", "p1", "p2"]
    assert json.loads(statements["provenance"][1]) == {"id": "p1", "url": "u1"}
    errors = pd.read_parquet(tmp_path / "out/errors")
    assert errors["source"].str.rpartition("#")[2].tolist() == ["4", "5"]


def test_the_result_opens_in_pandas(policies: Path, tmp_path: Path) -> None:
    tag(policies, tmp_path / "out")
    clauses, statements, errors = (
        pd.read_parquet(tmp_path / "out" / table) for table in ("clauses", "statements", "errors")
    )
    assert clauses["number"].is_monotonic_increasing
    assert (clauses.groupby("number").size() == statements.set_index("number")["clauses"]).all()
    assert clauses["p_sharing"].dtype == "float32"
    assert sorted([*statements["number"], *errors["number"]]) == list(range(40))


def test_the_result_opens_in_datasets(policies: Path, tmp_path: Path) -> None:
    tag(policies, tmp_path / "out")
    files = str(tmp_path / "out/clauses/*.parquet")
    clauses = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "hub"))
    assert clauses.num_rows == 180
    assert clauses[3]["categories"] == [
        name
        for name in sorted(CATEGORY_IDS, key=lambda name: -clauses[3][probability_column(name)])
        if clauses[3][probability_column(name)] >= 0.5
    ]


def test_the_result_opens_in_duckdb(policies: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    tag(policies, tmp_path / "out")
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/out/clauses/*.parquet'").fetchone() == (180,)


def test_the_result_opens_in_polars(policies: Path, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="Polars is not installed")
    tag(policies, tmp_path / "out")
    assert polars.scan_parquet(f"{tmp_path}/out/clauses/*.parquet").collect().height == 180


def test_there_is_a_worker_for_each_core() -> None:
    assert 1 <= default_workers() <= (os.cpu_count() or 1)
