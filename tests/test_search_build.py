"""Tests of nlp.search.build: an index appears whole or not at all, and a run that was cut off goes on."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from nlp_fakes import WordEncoder
from search_fakes import row, two_policies, write_result

from corpus.types import DocumentError
from nlp.errors import RunError
from nlp.search import build
from nlp.search.build import Made, make_index
from nlp.search.choose import Plan
from nlp.search.index import SearchIndex
from nlp.search.layout import CONFIG, read_config
from nlp.search.source import BatchResult


def result_of(folder: Path, *parts: list[dict[str, Any]]) -> BatchResult:
    """Write a batch result, by default that of two policies, and open it."""
    return BatchResult.open(write_result(folder / "tagged", *(parts or two_policies())))


def texts(index: Path, encoder: WordEncoder | None = None) -> list[str]:
    """Return the texts of an index in order."""
    found = SearchIndex.open(index, encoder or WordEncoder())
    return sorted(found.clauses[i].text for i in range(len(found)))


def test_an_index_is_made(tmp_path: Path) -> None:
    encoder = WordEncoder()
    made = make_index(result_of(tmp_path), tmp_path / "index", encoder)
    size = sum(path.stat().st_size for path in (tmp_path / "index").iterdir() if path.name != CONFIG)
    assert made == Made(tmp_path / "index", Plan("flat"), 2, 6, 5, 5, round(size / 1e6, 1), fresh=True)
    assert sum(encoder.asked) == 5
    assert texts(tmp_path / "index") == sorted(clause["text"] for part in two_policies() for clause in part)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".index.lock", "index", "tagged"]
    assert not [path for path in (tmp_path / "index").iterdir() if path.name.startswith(".")]


def test_the_index_does_not_need_the_result(tmp_path: Path) -> None:
    result = result_of(tmp_path)
    make_index(result, tmp_path / "index", WordEncoder())
    result.folder.rename(tmp_path / "elsewhere")
    (tmp_path / "index").rename(tmp_path / "moved")
    assert len(texts(tmp_path / "moved")) == 6


def test_an_index_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    first = make_index(result_of(tmp_path), tmp_path / "index", WordEncoder())
    encoder = WordEncoder()
    again = make_index(result_of(tmp_path), tmp_path / "index", encoder)
    assert (again.fresh, again.embedded, encoder.asked) == (False, 0, [])
    assert (again.distinct, again.megabytes) == (first.distinct, first.megabytes)


def test_more_clauses_another_encoder_or_a_torn_file_make_it_again(tmp_path: Path) -> None:
    out = tmp_path / "index"
    make_index(result_of(tmp_path), out, WordEncoder())
    assert make_index(result_of(tmp_path), out, WordEncoder("fake:other")).fresh
    assert read_config(out)["encoder"] == "fake:other"
    more = result_of(tmp_path, *two_policies(), [row("new", "third")])
    assert make_index(more, out, WordEncoder("fake:other")).clauses == 7
    (out / "index.faiss").write_bytes(b"")
    assert make_index(more, out, WordEncoder("fake:other")).fresh
    assert texts(out, WordEncoder("fake:other"))[-1] == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".index.lock", "index", "tagged"]


def test_another_kind_is_made_of_the_same_vectors(tmp_path: Path) -> None:
    rows = [row(f"word{number}", str(number), number) for number in range(1000)]
    encoder = WordEncoder(dimensions=64)
    assert make_index(result_of(tmp_path, rows), tmp_path / "index", encoder).plan.kind == "flat"
    made = make_index(result_of(tmp_path, rows), tmp_path / "index", encoder, kind="hnsw")
    assert (made.plan.kind, made.fresh, made.embedded) == ("hnsw", True, 0)
    assert sum(encoder.asked) == 1000
    assert len(texts(tmp_path / "index", encoder)) == 1000
    assert make_index(result_of(tmp_path, rows), tmp_path / "index", encoder, kind="hnsw").fresh is False


@pytest.mark.parametrize("stage", ["gather", "embed", "build_vector_index", "_finish"])
def test_a_run_that_is_cut_off_leaves_the_old_index_and_goes_on(
    tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "index"
    make_index(result_of(tmp_path, [row("old")]), out, WordEncoder())
    result = result_of(tmp_path)

    def stop(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, stage, stop)
        with pytest.raises(KeyboardInterrupt):
            make_index(result, out, WordEncoder())
    assert texts(out) == ["old"]
    encoder = WordEncoder()
    assert make_index(result, out, encoder).embedded == sum(encoder.asked) == (5 if stage in ("gather", "embed") else 0)
    assert len(texts(out)) == 6


def test_what_another_run_left_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "index"

    def stop(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "_finish", stop)
        with pytest.raises(KeyboardInterrupt):
            make_index(result_of(tmp_path, [row("old")]), out, WordEncoder())
    assert make_index(result_of(tmp_path), out, WordEncoder()).embedded == 5
    assert len(texts(out)) == 6


def test_an_empty_result_gives_an_index_that_finds_nothing(tmp_path: Path) -> None:
    made = make_index(result_of(tmp_path, []), tmp_path / "index", WordEncoder())
    assert (made.statements, made.clauses, made.distinct) == (0, 0, 0)
    assert SearchIndex.open(tmp_path / "index", WordEncoder()).search("anything") == []


@pytest.mark.parametrize("kind", ["file", "folder", "artefact"])
def test_what_is_something_else_is_not_written_over(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "index"
    if kind == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / CONFIG).write_text('{"kind": "clause-classifier"}' if kind == "artefact" else "mine")
    with pytest.raises(DocumentError, match="is there and is not a search-index; give another folder with --out"):
        make_index(result_of(tmp_path), out, WordEncoder())
    assert out.exists()


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    result = result_of(tmp_path)
    with (
        FileLock(tmp_path / ".index.lock"),
        pytest.raises(RunError, match=r"another run is making .*index; wait for it"),
    ):
        make_index(result, tmp_path / "index", WordEncoder())


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("Error in fwrite: No space left on device")],
)
def test_a_full_disk_is_said_in_one_line(tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object) -> None:
        raise error

    monkeypatch.setattr(build, "build_vector_index", full)
    with pytest.raises(RunError, match=r"cannot write .*index: No space left on device; make room and run it again"):
        make_index(result_of(tmp_path), tmp_path / "index", WordEncoder())
    assert not (tmp_path / "index").exists()


def test_other_errors_are_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*given: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(build, "build_vector_index", wrong)
    with pytest.raises(RuntimeError, match="a bug"):
        make_index(result_of(tmp_path), tmp_path / "index", WordEncoder())
