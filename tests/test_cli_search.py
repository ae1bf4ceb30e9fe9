"""Tests of `smallprint index` and `smallprint search`: what they print and how they fail."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click
import pytest
from nlp_fakes import WordEncoder
from search_fakes import KEPT, SHARED, SOLD, row, two_policies, write_result

from nlp.cli import main, smallprint
from nlp.cli.search import index, search
from nlp.encoder import SentenceEncoder


@pytest.fixture(autouse=True)
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands in place, with an encoder of words."""
    monkeypatch.setattr(SentenceEncoder, "load", WordEncoder)
    monkeypatch.setattr(smallprint, "commands", smallprint.commands | {"index": index, "search": search})


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """Return a batch result."""
    return write_result(tmp_path / "tagged", *two_policies())


@pytest.fixture
def indexed(tagged: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a batch result with its index in it."""
    assert main(["index", str(tagged), "--quiet"]) == 0
    capsys.readouterr()
    return tagged


def test_an_index_is_made_and_reported(tagged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tagged)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"6 clauses of 2 documents, 5 of them distinct, in {tagged / 'index'} (flat, ")
    assert out.endswith(" MB, 5 embedded now)\n")
    assert err.splitlines()[-1] == "smallprint: indexing: 5 of 5"
    assert main(["index", str(tagged), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["fresh"], made["embedded"], made["plan"]["kind"]) == (False, 0, "flat")


def test_an_index_goes_where_it_is_told(tagged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tagged), "--out", str(tmp_path / "there"), "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["search", str(tmp_path / "there"), SOLD, "--top", "1", "--jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == SOLD


def test_a_kind_can_be_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SentenceEncoder, "load", lambda: WordEncoder(dimensions=32))
    result = write_result(tmp_path / "tagged", [row(f"word{n} thing{n}", number=n) for n in range(1000)])
    assert main(["index", str(result), "--kind", "ivfpq", "--json", "--quiet"]) == 0
    # FAISS, which writes past Python, must not write into it.
    assert json.loads(capfd.readouterr().out)["plan"]["kind"] == "ivfpq"
    assert main(["search", str(result), "privacy: word7 thing7", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["hits"][0]["score"] == pytest.approx(1, abs=1e-3)
    assert len(found["hits"]) == 10


def test_clauses_are_printed_with_where_they_stand(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(indexed), "privacy: name for advertisers", "--category", "sharing"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[0].startswith("1. 0.")
    assert lines[0].endswith(f"“{SHARED}” [Sharing]")
    assert lines[1] == "   policies/acme.md:10-46 and 2 near-identical > Privacy"
    assert lines[2].endswith(f"“{SOLD}” [Sharing, Choice]")
    assert len(lines) == 4


def test_json_holds_what_was_asked(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["search", str(indexed / "index"), KEPT, "--category", "retention", "--category", "security", "--json"])
        == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert {name: record[name] for name in ("query", "categories", "distinct", "clauses")} == {
        "query": KEPT,
        "categories": ["retention", "security"],
        "distinct": True,
        "clauses": 6,
    }
    (hit,) = record["hits"]
    assert (hit["statement"], hit["id"], hit["text"], hit["copies"]) == ("acme", "c2", KEPT, 1)


def test_nothing_found_is_said(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(indexed), "cookies", "--category", "children"]) == 0
    assert capsys.readouterr().out == "nothing found among 6 clauses\n"


def test_control_characters_are_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = write_result(tmp_path / "tagged", [row("names\x1b[2J sold", source="a\x1b]0;x\x07.md")])
    main(["index", str(result), "--quiet"])
    assert main(["search", str(result), "names"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_result_that_grew_is_searched_with_a_warning(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_result(indexed, *two_policies(), [row("new")])
    assert main(["search", str(indexed), "names"]) == 0
    err = capsys.readouterr().err
    assert err == f"smallprint: warning: {indexed} has changed since; run `smallprint index {indexed}` again\n"


def test_a_result_that_is_not_whole_is_indexed_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = write_result(tmp_path / "tagged", [row("one")], complete=False)
    assert main(["index", str(result), "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == f"smallprint: warning: the run that writes {result} has not ended; what is there is indexed\n"
    assert out.startswith("1 clauses of 1 documents")


def test_bad_input_is_one_line(tagged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, code, said in (
        (["index", str(tmp_path)], 2, "is not a batch result"),
        (["index", str(tmp_path / "none")], 2, "is not a batch result"),
        (["index", str(tagged), "--out", str(tagged)], 2, "is there and is not a search-index"),
        (["search", str(tmp_path / "none"), "names"], 2, "no such folder"),
        (["search", str(tagged), "names"], 2, "is not indexed yet; run `smallprint index"),
        (["search", str(tmp_path), "names"], 1, "holds no search-index: config.json is missing"),
        (["search", str(tagged), " "], 2, "TEXT is empty; give some words to search for"),
        (["search", str(tagged), "names", "--category", "selling"], 2, "'selling' is not one of 'collection'"),
        (["search", str(tagged), "names", "--top", "0"], 2, "0 is not in the range"),
    ):
        assert main(arguments) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert len(err.splitlines()) == 1


def test_a_torn_index_is_one_line(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (indexed / "index" / "vectors.f16").write_bytes(b"")
    assert main(["search", str(indexed), "names"]) == 1
    err = capsys.readouterr().err
    assert err == f"smallprint: {indexed / 'index'} is damaged: vectors.f16 is missing or torn; index again\n"


def test_a_terminal_gets_a_bar(
    tagged: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["index", str(tagged)]) == 0
    assert "embedding: 100%" in capsys.readouterr().err


@pytest.mark.parametrize("command", [index, search])
def test_the_example_is_one_that_the_command_takes(command: click.Command) -> None:
    words = shlex.split((command.epilog or "").partition("Example: ")[2])
    assert words[:2] == ["smallprint", command.name]
    command.make_context(command.name, words[2:])
