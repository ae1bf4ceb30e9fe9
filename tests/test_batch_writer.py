"""Tests of nlp.batch.writer: a result is one run's alone, and a part of it is there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from batch_fakes import MODEL, HashTagger, content_of, document
from filelock import FileLock

from corpus.inputs.types import Unreadable
from corpus.types import DocumentError
from nlp.batch.chunks import Chunk
from nlp.batch.work import Parts, work
from nlp.batch.writer import Plan, result_folder, write_whole
from nlp.errors import RunError

PLAN = Plan("fast", MODEL.fingerprint, MODEL.labels, "reader", {"limit": None}, "input", 4)
ELSE = "give another --out, or --restart to begin again"


def parts(number: int) -> Parts:
    """Return what comes of a chunk of a document and an error."""
    return work(Chunk(number, 2 * number, (document(number), Unreadable("a", "a", "gone"))), HashTagger())


def made(out: Path, *numbers: int, plan: Plan = PLAN) -> dict[str, bytes]:
    """Write chunks and return all files."""
    with result_folder(out, plan) as folder:
        for number in numbers:
            folder.commit(parts(number))
    return content_of(out)


def test_a_part_of_each_table_is_written(tmp_path: Path) -> None:
    found = made(tmp_path / "out", 0, 12)
    assert set(found) == {
        "batch.json",
        *(f"{table}/part-{n}.parquet" for table in ("clauses", "errors", "statements") for n in ("00000", "00012")),
    }
    assert found["clauses/part-00012.parquet"] == parts(12).files["clauses"]


def test_what_made_it_is_written_first_and_that_it_is_complete_last(tmp_path: Path) -> None:
    with result_folder(tmp_path, PLAN) as folder:
        config = json.loads((tmp_path / "batch.json").read_text())
        assert config["kind"] == "smallprint batch"
        assert (config["version"], config["model"], config["complete"]) == (1, "fake:hash", False)
        folder.finish({"read": 3, "errors": 1, "clauses": 9})
    config = json.loads((tmp_path / "batch.json").read_text())
    assert (config["complete"], config["read"], config["documents"]) == (True, 3, 4)


def test_what_is_done_is_known_when_it_goes_on(tmp_path: Path) -> None:
    made(tmp_path, 0, 2)
    with result_folder(tmp_path, PLAN) as folder:
        assert folder.done() == {0, 2}


def test_what_was_left_half_done_is_removed(tmp_path: Path) -> None:
    before = made(tmp_path, 0, 1)
    (tmp_path / "statements/part-00001.parquet").unlink()
    (tmp_path / "clauses/.part-00002.parquet").write_bytes(b"half of it")
    with result_folder(tmp_path, PLAN) as folder:
        assert folder.done() == {0}
        assert set(content_of(tmp_path)) == {name for name in before if "00001" not in name}


@pytest.mark.parametrize("table", ["clauses", "errors", "statements"])
@pytest.mark.parametrize("content", [b"", b"PAR1 and no more"])
def test_what_was_damaged_is_done_again(tmp_path: Path, table: str, content: bytes) -> None:
    before = made(tmp_path, 0, 1)
    (tmp_path / table / "part-00001.parquet").write_bytes(content)
    with result_folder(tmp_path, PLAN) as folder:
        assert folder.done() == {0}
        folder.commit(parts(1))
    assert content_of(tmp_path) == before


def test_clauses_that_were_lost_are_done_again(tmp_path: Path) -> None:
    before = made(tmp_path, 0, 1)
    (tmp_path / "clauses/part-00001.parquet").unlink()
    assert made(tmp_path, 1) == before


def test_an_option_that_this_run_has_not_is_named(tmp_path: Path) -> None:
    made(tmp_path, 0, plan=replace(PLAN, options={"limit": None, "depth": 2}))
    with (
        pytest.raises(DocumentError, match="was begun with --depth 2, and this run has no --depth; "),
        result_folder(tmp_path, PLAN),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "other"}, "the model fake:hash, and this run has other"),
        ({"mode": "accurate", "model": "other"}, "the mode fast, and this run has accurate"),
        ({"reader": "other"}, "another release of smallprint or of a library"),
        ({"options": {"limit": 3}}, "no --limit, and this run has --limit 3"),
        (
            {"options": {"limit": None, "id_column": "a\nb", "text_column": "c" * 50}},
            f"no --id-column, no --text-column, and this run has --id-column a b, --text-column {'c' * 40}",
        ),
        ({"input": "other"}, "other input, or the input has changed"),
    ],
)
def test_another_plan_is_refused_and_nothing_is_touched(tmp_path: Path, change: dict[str, object], said: str) -> None:
    before = made(tmp_path, 0)
    with (
        pytest.raises(DocumentError, match=rf"^{tmp_path} was begun with {said}; {ELSE}$"),
        result_folder(tmp_path, replace(PLAN, **change)),  # type: ignore[arg-type]
    ):
        pass
    assert content_of(tmp_path) == before


def test_restart_removes_the_result_and_nothing_else(tmp_path: Path) -> None:
    made(tmp_path, 0)
    (tmp_path / "notes.txt").touch()
    with result_folder(tmp_path, replace(PLAN, model="other"), restart=True) as folder:
        assert folder.done() == frozenset()
    assert set(content_of(tmp_path)) == {"batch.json", "notes.txt"}


def test_a_result_of_another_version_is_refused(tmp_path: Path) -> None:
    made(tmp_path, 0)
    config = json.loads((tmp_path / "batch.json").read_text()) | {"version": 99}
    (tmp_path / "batch.json").write_text(json.dumps(config))
    message = f"^{tmp_path} has format 99, this release writes format 1; {ELSE}$"
    with pytest.raises(DocumentError, match=message), result_folder(tmp_path, PLAN):
        pass


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("thesis.tex", "", r"holds something else and no batch\.json; give a new or an empty folder as --out$"),
        ("batch.json", "{", r"batch\.json is damaged; give another --out$"),
        ("batch.json", '{"kind": "cron"}', r"batch\.json is not that of a bulk run; give another --out$"),
        ("batch.json", "[]", r"batch\.json is not that of a bulk run; give another --out$"),
    ],
)
def test_a_folder_of_something_else_is_refused(
    tmp_path: Path, name: str, content: str, message: str, restart: bool
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DocumentError, match=message), result_folder(tmp_path, PLAN, restart=restart):
        pass
    assert (tmp_path / name).read_text() == content


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with (
        pytest.raises(DocumentError, match=r"out is a file; give a folder as --out$"),
        result_folder(tmp_path / "out", PLAN),
    ):
        pass


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(RunError, match=rf"^another run writes to {tmp_path}; wait for it, or give another --out$"),
        result_folder(tmp_path, PLAN),
    ):
        pass
    made(tmp_path, 0)


def test_parts_of_another_model_are_refused(tmp_path: Path) -> None:
    with (
        result_folder(tmp_path, PLAN) as folder,
        pytest.raises(RunError, match=r"another model than this process"),
    ):
        folder.commit(replace(parts(0), model="other"))


@pytest.mark.parametrize("table", ["clauses", "errors", "statements"])
def test_a_full_disk_tears_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    before = made(tmp_path / "out", 0)
    real = os.fsync

    def full(descriptor: int) -> None:
        if f"/{table}/." in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with result_folder(tmp_path / "out", PLAN) as folder:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(RunError, match=r"^the disk is full: .*; make room and run it again: it goes on"):
                folder.commit(parts(1))
        assert folder.done() == {0}
    assert made(tmp_path / "out") == before
    assert made(tmp_path / "out", 1) == made(tmp_path / "other", 0, 1)


def test_other_errors_of_the_disk_are_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^cannot write .*/none/a: No such file or directory$"):
        write_whole(tmp_path / "none/a", b"")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(RunError, match=r"^cannot write .*: Not a directory$"),
        result_folder(tmp_path / "file/out", PLAN),
    ):
        pass
