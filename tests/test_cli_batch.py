"""Tests of `smallprint batch`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from batch_fakes import MODEL, InlineEngine, content_of, write_policies

from nlp import cli
from nlp.batch import tagger
from nlp.batch.cache import ClauseCache
from nlp.batch.pool import LocalEngine
from nlp.batch.ray_engine import RayEngine
from nlp.batch.tagger import Model
from nlp.errors import RunError

# `nlp.cli.batch` is the command in the package's namespace, and this its module.
module = importlib.import_module("nlp.cli.batch")

if "batch" not in cli.smallprint.commands:
    cli.smallprint.add_command(module.batch)


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Tag without models and processes, and return what the engines were made with."""
    made: list[tuple[Any, ...]] = []

    def engine(*settings: Any) -> InlineEngine:
        made.append(settings)
        return InlineEngine()

    monkeypatch.setattr(module, "_engine", engine)
    monkeypatch.setattr(tagger, "shipped_model", lambda mode: MODEL)
    return made


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Return a folder of eleven policies, one of them empty."""
    return write_policies(tmp_path / "in", 11)


def run(capsys: pytest.CaptureFixture[str], code: int, *arguments: object) -> tuple[str, str]:
    """Run the command, which must end with a code, and return what it prints."""
    assert cli.main(["batch", *map(str, arguments)]) == code
    out, err = capsys.readouterr()
    return out, err


def unread(policies: Path) -> str:
    """Return what is said of the policy that is empty."""
    why = "it is empty; give a document that holds a privacy policy"
    return f"smallprint: 1 document could not be read:\n  {policies}/0009.md: {why}\n"


def test_documents_are_tagged(capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path) -> None:
    out, err = run(capsys, 0, policies, "--out", tmp_path / "out")
    assert out.startswith(f"10 documents with 50 clauses in {tmp_path}/out (")
    assert out.endswith(f"; 1 could not be read: smallprint batch --errors --out {tmp_path}/out\n")
    assert err == f"smallprint: 11 documents\n{unread(policies)}"
    assert {"batch.json", "clauses/part-00000.parquet"} <= set(content_of(tmp_path / "out"))


@pytest.mark.parametrize(("more", "said"), [((), "again"), (("--restart",), "without --restart")])
def test_an_interrupted_run_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str],
    policies: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    said: str,
) -> None:
    def interrupted(*settings: object) -> InlineEngine:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_engine", interrupted)
    _, err = run(capsys, 130, policies, "--out", tmp_path / "out", *more)
    told = f"smallprint: interrupted: what is done is kept, and the same command {said} goes on from there"
    assert err.splitlines()[-1] == told


def test_a_second_run_says_that_all_was_done(
    capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path
) -> None:
    run(capsys, 0, policies, "--out", tmp_path / "out")
    out, err = run(capsys, 0, policies, "--out", tmp_path / "out")
    assert ", all of it done before); 1 could not be read" in out
    assert err == f"smallprint: 11 documents, 11 of them done before\n{unread(policies)}"


def test_json(capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path) -> None:
    out, err = run(capsys, 0, policies, "--out", tmp_path / "out", "--json", "--quiet")
    record = json.loads(out)
    assert err == ""
    assert {name: record[name] for name in ("out", "documents", "read", "errors", "clauses", "new", "tagged")} == {
        **{"out": f"{tmp_path}/out", "documents": 11, "read": 10, "errors": 1},
        **{"clauses": 50, "new": 11, "tagged": 50},
    }


def test_errors_of_a_result_are_printed(capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path) -> None:
    run(capsys, 0, policies, "--out", tmp_path / "out", "--quiet")
    line = unread(policies).splitlines()[1].strip()
    assert run(capsys, 0, "--errors", "--out", tmp_path / "out") == (f"{line}\n", "")
    out, err = run(capsys, 0, "--errors", "--out", tmp_path / "out", "--json")
    record = json.loads(out)
    assert (err, record["out"]) == ("", f"{tmp_path}/out")
    assert record["errors"] == [
        {
            "number": 9,
            "statement_id": f"{policies}/0009.md",
            "source": f"{policies}/0009.md",
            "reason": "0009.md is empty; give a document that holds a privacy policy",
        }
    ]
    _, err = run(capsys, 2, "--errors", "--out", policies)
    hint = "give as --out the folder that has one"
    assert err == f"smallprint: '{policies}' holds no result of smallprint batch; {hint}\n"


def test_options_reach_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, engines: list[tuple[Any, ...]]
) -> None:
    rows = [{"words": "We sell your data.", "page": "<p>x", "key": n, "text": ""} for n in range(5)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = [
        "--text-column",
        "words",
        "--html-column",
        "page",
        "--id-column",
        "key",
        "--limit",
        "3",
        "--mode",
        "fast",
    ]
    more = ["--workers", "5", "--cache", tmp_path / "cache", "--timeout", "7", "--engine", "ray"]
    out, _ = run(capsys, 0, tmp_path / "t.jsonl", "--out", tmp_path / "out", *options, *more, "--json")
    assert json.loads(out)["read"] == 3
    config = json.loads((tmp_path / "out/batch.json").read_text())
    assert config["options"] == {"text_column": "words", "html_column": "page", "id_column": "key", "limit": 3}
    assert config["mode"] == "fast"
    assert engines == [("ray", "fast", 5, 7.0, tmp_path / "out", tmp_path / "cache", False)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none", "--out", "OUT"], "there is no 'none'; give files, folders or tables"),
        (["-", "--out", "OUT"], "standard input cannot be read a second time, as going on needs; save it to a file"),
        (["IN", "--out", "IN"], "IN is an input and --out at once; give another folder as --out"),
        (["IN"], "Missing option '--out'. (see smallprint --help)"),
        (["--out", "OUT"], "Missing argument 'INPUT...'. (see smallprint --help)"),
        (
            ["IN", "--out", "OUT", "--errors"],
            "--errors prints what a run could not read; give it --out alone (see smallprint --help)",
        ),
        (
            ["IN", "--out", "OUT", "--cache", "c", "--no-cache"],
            "give either --cache or --no-cache (see smallprint --help)",
        ),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    places = {"IN": str(policies), "OUT": str(tmp_path / "out")}
    out, err = run(capsys, 2, *(places.get(argument, argument) for argument in arguments))
    assert (out, err) == ("", f"smallprint: {message.replace('IN is', f'{policies} is')}\n")
    assert not (tmp_path / "out").exists()


def test_another_model_is_bad_input(
    capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, 0, policies, "--out", tmp_path / "out")
    monkeypatch.setattr(tagger, "shipped_model", lambda mode: Model("other", MODEL.labels))
    _, err = run(capsys, 2, policies, "--out", tmp_path / "out")
    hint = "give another --out, or --restart to begin again"
    assert err == f"smallprint: {tmp_path}/out was begun with the model fake:hash, and this run has other; {hint}\n"


def test_a_run_that_fails_is_one_line(
    capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RunError("models/classifier is missing; train it")

    monkeypatch.setattr(module, "_engine", fail)
    _, err = run(capsys, 1, policies, "--out", tmp_path / "out", "--quiet")
    assert err == "smallprint: models/classifier is missing; train it\n"


def test_the_cache_of_the_run_alone_is_removed(
    capsys: pytest.CaptureFixture[str], policies: Path, tmp_path: Path, engines: list[tuple[Any, ...]]
) -> None:
    ClauseCache(tmp_path / "out/.seen").make()
    run(capsys, 0, policies, "--out", tmp_path / "out", "--no-cache")
    assert engines[0][-2:] == (None, True)
    assert not (tmp_path / "out/.seen").exists()


def test_engines_are_made_with_their_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    local = module._engine("local", "fast", 3, 9.0, tmp_path / "out", None, False)
    assert isinstance(local, LocalEngine)
    assert (local.workers, local.timeout) == (3, 9.0)
    assert (tmp_path / "user/smallprint/clauses-2.sqlite3").exists()
    ray = module._engine("ray", "fast", 3, 9.0, tmp_path / "out", tmp_path / "own", False)
    assert isinstance(ray, RayEngine)
    assert (tmp_path / "own/clauses-2.sqlite3").exists()
    module._engine("local", "fast", 3, 9.0, tmp_path / "out", None, True)
    assert (tmp_path / "out/.seen/clauses-2.sqlite3").exists()
