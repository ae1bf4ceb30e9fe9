"""`smallprint compare`: what it prints and writes, and one line for every error."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from nlp_fakes import tiny_classifier
from report_fakes import COOKIES, DATED_NEW, DATED_OLD, KEEP_NEW, KEEP_OLD, MAIL, POLICE, SELL, case

from corpus.types import Statement
from nlp import cli
from nlp import compare as compare_module
from nlp.changes import Comparison
from nlp.classifier import ClauseClassifier
from nlp.cli.compare import compare
from nlp.report.tables import COLUMNS, change_rows
from nlp.types import Clause, StatementRef

OLD = "\n\n".join(["# Acme Privacy", "## Sharing", SELL, POLICE, "## Logs", KEEP_OLD, MAIL, DATED_OLD]) + "\n"
NEW = "\n\n".join(["# Acme Privacy", "## Sharing", SELL, "## Logs", KEEP_NEW, COOKIES, POLICE, DATED_NEW]) + "\n"


@pytest.fixture(autouse=True)
def modes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tag without models, and return the modes that a classifier is loaded in."""
    loaded: list[str] = []

    def load(*, mode: str) -> ClauseClassifier:
        loaded.append(mode)
        return tiny_classifier()

    monkeypatch.setattr(ClauseClassifier, "load", load)
    monkeypatch.setitem(cli.smallprint.commands, "compare", compare)
    return loaded


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the changes that were made by hand, whatever is compared."""

    def fake(old: Statement, new: Statement, ours: Sequence[Clause], theirs: Sequence[Clause]) -> Comparison:
        return replace(case().comparison, old=StatementRef.of(old), new=StatementRef.of(new))

    monkeypatch.setattr(compare_module, "compare", fake)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of two statements, in which the command runs."""
    (tmp_path / "old.md").write_text(OLD)
    (tmp_path / "new.md").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """Run the command and return what it prints and what it says beside; it must not fail."""
    code = cli.main(["compare", *arguments])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out, err


def fail(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Run the command, which must fail with a code and one line, and return the line."""
    assert cli.main(["compare", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("smallprint: ").rstrip("\n")


@pytest.mark.usefixtures("files", "by_hand")
def test_changes_are_told_under_their_headings_those_of_wording_last(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = run(capsys, "old.md", "new.md")
    assert err == ""
    assert out == (
        "Old: Acme Privacy, in effect since May 2012, old.md\n"
        "New: Acme Privacy, in effect since May 2016, new.md\n"
        "2 changes of substance, 2 of wording; 3 differences of links or dates left out.\n"
        "\nLogs\n"
        f"- {KEEP_OLD}\n+ {KEEP_NEW}\n  modified: a number: 30 -> 90 [Retention]\n"
        f"- {MAIL}\n  removed [Contact, Retention]\n"
        "\nWording only\n"
        "\nLogs\n"
        f"+ {COOKIES}\n  added: wording only [Collection and use]\n"
        f"> {POLICE}\n  moved: Sharing → Logs\n"
    )


@pytest.mark.usefixtures("files", "by_hand")
def test_words_that_differ_stand_out_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.utils, "should_strip_ansi", lambda *_: False)
    out, _ = run(capsys, "old.md", "new.md")
    assert click.style("We keep logs for ", fg="red") + click.style("30", fg="red", reverse=True) in out
    assert click.style("90", fg="green", reverse=True) in out
    assert click.style(f"> {POLICE}", fg="magenta") in out


@pytest.mark.usefixtures("files")
def test_a_hostile_quote_gives_a_terminal_no_orders(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "We sell\n\x1b]0;title\x07 \u202eall\x9b31m."
    removed = case().comparison.changes[1]
    assert removed.old
    passage = replace(removed.old, quote=hostile, heading=(hostile,), marks=((0, 2),))
    changed = replace(case().comparison, changes=(replace(removed, old=passage, reason=hostile),))
    monkeypatch.setattr(compare_module, "compare", lambda *_: changed)
    out, _ = run(capsys, "old.md", "new.md")
    assert "\n- We sell ]0;title all31m.\n" in out
    assert not set(out) & set("\x1b\x07\u202e\x9b")


@pytest.mark.usefixtures("by_hand")
def test_json_is_the_comparison(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    out, err = run(capsys, "old.md", "new.md", "--json")
    record = json.loads(out)
    assert (err, list(record)) == ("", ["old", "new", "changes", "noise", "similarity"])
    assert record["old"]["id"] == "old.md"
    assert record["changes"] == [change.as_dict() for change in case().comparison.changes]


@pytest.mark.usefixtures("files", "by_hand")
def test_json_lines_are_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "old.md", "new.md", "--jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [tuple(row) for row in rows] == [COLUMNS] * 4
    expected = [row["new_quote"] for row in change_rows(case().comparison)]
    assert [row["new_quote"] for row in rows] == expected
    assert {row["old_id"] for row in rows} == {"old.md"}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("options", "mode"), [([], "accurate"), (["--mode", "fast"], "fast")])
def test_only_the_tagger_is_loaded(
    capsys: pytest.CaptureFixture[str], modes: list[str], options: list[str], mode: str
) -> None:
    run(capsys, "old.md", "new.md", "--json", *options)
    assert modes == [mode]


@pytest.mark.usefixtures("files", "by_hand")
@pytest.mark.parametrize(
    ("options", "kinds", "note"),
    [
        (["--substantive"], ["modified", "removed"], "Only changes of substance are told."),
        (["--category", "contact"], ["removed"], "Only changes under Contact are told."),
        (
            ["--category", "contact", "--category", "collection"],
            ["removed", "added"],
            "Only changes under Collection and use or Contact are told.",
        ),
        (
            ["--substantive", "--category", "collection"],
            [],
            "Only changes of substance under Collection and use are told.",
        ),
    ],
)
def test_changes_can_be_chosen(
    capsys: pytest.CaptureFixture[str], files: Path, options: list[str], kinds: list[str], note: str
) -> None:
    out, _ = run(capsys, "old.md", "new.md", "--json", *options)
    assert [change["kind"] for change in json.loads(out)["changes"]] == kinds
    out, _ = run(capsys, "old.md", "new.md", *options, "--html", "a.html", "--markdown", "a.md", "--csv", "a.csv")
    assert note in out.splitlines()
    assert note in (files / "a.html").read_text()
    assert note in (files / "a.md").read_text()
    assert [row["kind"] for row in csv.DictReader(io.StringIO((files / "a.csv").read_text()))] == kinds


@pytest.mark.usefixtures("by_hand")
def test_reports_are_written_beside_what_is_printed(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    printed, _ = run(capsys, "old.md", "new.md", "--json")
    out, err = run(capsys, "old.md", "new.md", "--json", "--html", "a.html", "--markdown", "a.md", "--csv", "a.csv")
    assert out == printed
    assert err == "".join(f"smallprint: wrote {name}\n" for name in ("a.html", "a.md", "a.csv"))
    assert (files / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert (files / "a.md").read_text().startswith("# Acme Privacy | Acme Privacy\n")
    rows = list(csv.DictReader(io.StringIO((files / "a.csv").read_text(), newline="")))
    assert [row["kind"] for row in rows] == ["modified", "removed", "added", "moved"]
    assert sorted(path.name for path in files.iterdir()) == ["a.csv", "a.html", "a.md", "new.md", "old.md"]


@pytest.mark.usefixtures("files")
def test_a_statement_has_no_change_against_itself(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "old.md", "old.md")
    assert out.splitlines()[2:] == ["No change."]


def test_what_is_real_is_found(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    (files / "more.md").write_text(OLD.replace(MAIL, f"{MAIL}\n\n{COOKIES}"))
    out, _ = run(capsys, "old.md", "more.md", "--json")
    (change,) = json.loads(out)["changes"]
    assert (change["kind"], change["new"], change["categories"]) == ("added", COOKIES, ["collection"])
    text = cli_text(capsys, "more.md")
    assert text[change["new_start"] : change["new_end"]] == COOKIES


def cli_text(capsys: pytest.CaptureFixture[str], source: str) -> str:
    assert cli.main(["clauses", source, "--text"]) == 0
    return capsys.readouterr().out


def test_two_documents_are_told_as_two(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    (files / "other.md").write_text(
        "# Zed Privacy\n\nNobody reads minds here.\n\nWe bake bread every single morning.\n"
    )
    out, _ = run(capsys, "old.md", "other.md")
    lines = out.splitlines()
    assert [line[:3] for line in lines[:2]] == ["A: ", "B: "]
    assert lines[2].startswith("The two have little in common (0 % of their words), so they are told as two documents.")
    kinds = [line.split(":")[0].split(" [")[0] for line in lines if line.startswith("  ")]
    # The line with a date alone does not count.
    assert sorted(kinds) == ["  only in A"] * 4 + ["  only in B"] * 2


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("arguments", [("-", "new.md"), ("old.md", "-")])
def test_one_side_can_be_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str]
) -> None:
    text = OLD if arguments[0] == "-" else NEW
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    out, _ = run(capsys, *arguments, "--json")
    piped = json.loads(out)
    assert {piped["old"]["id"], piped["new"]["id"]} == (
        {"stdin", "new.md"} if arguments[0] == "-" else {"old.md", "stdin"}
    )
    out, _ = run(capsys, "old.md", "new.md", "--json")
    assert piped["changes"] == json.loads(out)["changes"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-", "-"), "only one of OLD and NEW can be standard input"),
        (("old.md", "none.md"), "no such file: none.md"),
        (("old.md",), "Missing argument 'NEW'"),
        (
            ("old.md", "new.md", "--html", "none/a.html"),
            "Invalid value for --html: there is no folder none; make it first",
        ),
        (("old.md", "new.md", "--csv", "a", "--html", "./a"), "a is given for --html as well; give another file"),
        (("old.md", "new.md", "--markdown", "./old.md"), "old.md is the statement old.md; give another file"),
        (("old.md", "new.md", "--csv", "."), "Invalid value for '--csv': File '.' is a directory"),
        (("old.md", "new.md", "--csv", "/dev/null"), "/dev/null is no file that can be replaced; give another"),
        (("old.md", "new.md", "--category", "money"), "'money' is not one of 'collection'"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], files: Path, modes: list[str], arguments: Sequence[str], said: str
) -> None:
    assert said in fail(capsys, 2, *arguments)
    # Nothing was worked or written for nothing.
    assert modes == []
    assert sorted(path.name for path in files.iterdir()) == ["new.md", "old.md"]
    assert (files / "old.md").read_text() == OLD


@pytest.mark.usefixtures("by_hand")
def test_a_report_that_cannot_be_written_is_a_failed_run(
    capsys: pytest.CaptureFixture[str], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    line = fail(capsys, 1, "old.md", "new.md", "--html", "a.html")
    assert line == f"cannot write {files.resolve() / 'a.html'}: No space left on device; give another file"
    assert not (files / "a.html").exists()


def test_the_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "--help")
    assert "Example: smallprint compare 2015.html janrain.com --substantive" in " ".join(out.split())
