"""Tests of the command line: what it prints, where it reads, its exit codes, and one line for every error."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import click
import numpy as np
import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, WordScorer, term_weights, tiny_classifier, tiny_engine

from corpus.load import load_bundled, load_file
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp import cli
from nlp.artefact import ArtefactError
from nlp.classifier import MODES, ClauseClassifier
from nlp.cli import measure, read
from nlp.cli.output import mode_option

ROOT = Path(__file__).parent.parent
ACME = f"# Acme Privacy\n\n## Sharing\n\n{SELL} {POLICE}\n\n## Logs\n\n{KEEP}\n\n* {COOKIES}\n"
QUESTION = "do you sell personal data?"


@pytest.fixture(autouse=True)
def modes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer and tag without models, and return the modes that a classifier is loaded in."""
    loaded: list[str] = []

    def load(*, mode: str) -> ClauseClassifier:
        loaded.append(mode)
        # The fast one takes whatever it knows for sharing.
        weights = term_weights() if mode == "accurate" else np.tile(term_weights()[0], (4, 1))
        return tiny_classifier(WordScorer(weights))

    monkeypatch.setattr(ClauseClassifier, "load", load)
    monkeypatch.setattr(read, "load_engine", tiny_engine)
    monkeypatch.setattr(measure, "load_engine", tiny_engine)
    return loaded


@pytest.fixture
def acme(tmp_path: Path) -> str:
    """Return the path of a small statement."""
    path = tmp_path / "acme.md"
    path.write_text(ACME)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command line and return what it prints; it must not fail or complain."""
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def fail(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Run the command line, which must fail with a code and one line on standard error, and return the line."""
    assert cli.main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("smallprint: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.removeprefix("smallprint: ").rstrip("\n")


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def json_lines(text: str) -> list[Any]:
    """Return the objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_clauses_are_printed_under_their_headings(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    assert run(capsys, "clauses", acme) == (
        f"\nSharing\n  {SELL} [Sharing]\n  {POLICE} [Sharing]\n"
        f"\nLogs\n  {KEEP} [Retention]\n- {COOKIES} [Collection and use]\n"
    )


def test_clauses_as_json_lines(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    text = load_file(Path(acme)).text
    clauses = json_lines(run(capsys, "clauses", acme, "--jsonl"))
    keys = ["id", "start", "end", "text", "kind", "heading", "lead_in", "categories", "probabilities"]
    assert [list(clause) for clause in clauses] == [keys] * 4
    assert [(c["id"], c["text"], c["kind"], c["heading"], c["categories"]) for c in clauses] == [
        ("c1", SELL, "sentence", ["Sharing"], ["sharing"]),
        ("c2", POLICE, "sentence", ["Sharing"], ["sharing"]),
        ("c3", KEEP, "sentence", ["Logs"], ["retention"]),
        ("c4", COOKIES, "item", ["Logs"], ["collection"]),
    ]
    assert all(text[c["start"] : c["end"]] == c["text"] for c in clauses)
    assert all(tuple(c["probabilities"]) == CATEGORY_IDS for c in clauses)
    assert clauses[0]["lead_in"] is None


def test_clauses_as_one_object(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    lines = json_lines(run(capsys, "clauses", acme, "--jsonl"))
    (record,) = json_lines(run(capsys, "clauses", acme, "--json"))
    assert record == {"statement": "acme.md", "title": "Acme Privacy", "clauses": lines}


@pytest.mark.parametrize(
    ("options", "mode", "categories"),
    [
        ([], "accurate", ["sharing", "sharing", "retention", "collection"]),
        (["--mode", "accurate"], "accurate", ["sharing", "sharing", "retention", "collection"]),
        (["--mode", "fast"], "fast", ["sharing"] * 4),
    ],
)
def test_clauses_are_tagged_in_the_mode_asked_for(
    capsys: pytest.CaptureFixture[str],
    acme: str,
    modes: list[str],
    options: list[str],
    mode: str,
    categories: list[str],
) -> None:
    clauses = json_lines(run(capsys, "clauses", acme, "--jsonl", *options))
    assert [clause["categories"] for clause in clauses] == [[category] for category in categories]
    assert modes == [mode]


def test_clauses_need_nothing_of_what_answers(
    capsys: pytest.CaptureFixture[str], acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(read, "load_engine")
    assert run(capsys, "clauses", acme).startswith(f"\nSharing\n  {SELL} [Sharing]\n")


def test_the_modes_to_choose_from_are_those_of_the_classifier() -> None:
    (option,) = mode_option(click.Command("x")).params
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == MODES
    assert option.default == "accurate"


def test_the_text_is_the_one_that_offsets_refer_to(
    capsys: pytest.CaptureFixture[str], acme: str, modes: list[str]
) -> None:
    assert run(capsys, "clauses", acme, "--text") == load_file(Path(acme)).text
    assert modes == []


def test_a_bundled_statement_is_read_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "clauses", "janrain.com", "--text") == load_bundled("janrain.com").text


def test_standard_input_is_read_like_a_file(
    capsys: pytest.CaptureFixture[str], acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(capsys, "clauses", acme, "--jsonl")
    stdin(monkeypatch, ACME.encode())
    assert run(capsys, "clauses", "-", "--jsonl") == expected


def test_an_answer_is_printed_with_its_passages(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    assert run(capsys, "ask", acme, "how long are log files kept?") == (
        f"Thirty days. The statement says: “{KEEP}”\n"
        "Acme Privacy; fairly sure; here are its words\n\n"
        f"1. “{KEEP}”\n   Logs\n"
        f"2. “{COOKIES}”\n   Logs\n"
        f"3. “{SELL}”\n   Sharing\n"
        f"4. “{POLICE}”\n   Sharing\n"
    )


def test_a_declined_question_says_so(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    first, second, *_ = run(capsys, "ask", acme, "what is the weather today?").splitlines()
    assert first == "The statement does not say. None of the nearest passages seems to answer it."
    assert second == "Acme Privacy; the nearest passages, none of which seems to answer"


def test_an_answer_as_json(capsys: pytest.CaptureFixture[str], acme: str) -> None:
    text = load_file(Path(acme)).text
    out = run(capsys, "ask", acme, QUESTION, "--json")
    (answer,) = json_lines(out)
    citations = answer.pop("citations")
    assert answer == {
        "id": None,
        "question": QUESTION,
        "statement": {"id": "acme.md", "title": "Acme Privacy", "archived_on": None, "effective_on": None},
        "verdict": "no",
        "answer": f"No. The statement says: “{SELL}”",
        "confidence": 0.9526,
        "conditions": [],
        "notice": None,
    }
    assert list(citations[0]) == ["clause_id", "quote", "start", "end", "heading", "score"]
    assert [citation["quote"] for citation in citations][:2] == [SELL, POLICE]
    assert all(text[c["start"] : c["end"]] == c["quote"] for c in citations)
    assert run(capsys, "ask", acme, QUESTION, "--jsonl") == out


def test_the_dates_of_the_bundled_statement_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "archived 2016-05-31; " in run(capsys, "ask", "janrain.com", "do you sell my data?").splitlines()[1]
    (answer,) = json_lines(run(capsys, "ask", "janrain.com", "do you sell my data?", "--json"))
    assert answer["statement"]["id"] == "janrain.com"
    assert answer["statement"]["archived_on"] == "2016-05-31"


def test_questions_of_a_file_keep_their_order(capsys: pytest.CaptureFixture[str], acme: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text(f"\ufeff{QUESTION}\n\n  what cookies does the website set?  \n?\n{QUESTION}\n", encoding="utf-8")
    answers = json_lines(run(capsys, "ask", acme, "--questions", str(file), "--jsonl"))
    assert [(a["id"], a["question"], a["verdict"]) for a in answers] == [
        (None, QUESTION, "no"),
        (None, "what cookies does the website set?", "stated"),
        (None, "?", "not_stated"),
        (None, QUESTION, "no"),
    ]
    assert answers[2]["answer"].startswith("The question is empty; ask in a few words")
    (together,) = json_lines(run(capsys, "ask", acme, "--questions", str(file), "--json"))
    assert together == {"answers": answers}


def test_questions_as_json_lines_keep_their_ids(
    capsys: pytest.CaptureFixture[str], acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [{"id": "z", "question": QUESTION}, {"id": "a", "question": ""}, {"question": "police? \ud800"}]
    records.append({"id": "half", "question": "\ud800"})
    stdin(monkeypatch, "\n".join(map(json.dumps, records)).encode())
    answers = json_lines(run(capsys, "ask", acme, "--questions", "-", "--jsonl"))
    assert [(a["id"], a["question"]) for a in answers] == [
        ("z", QUESTION),
        ("a", ""),
        (None, "police? ?"),
        ("half", "?"),
    ]


def test_questions_are_printed_before_their_answers(
    capsys: pytest.CaptureFixture[str], acme: str, tmp_path: Path
) -> None:
    file = tmp_path / "questions.txt"
    file.write_text(f"{QUESTION}\n\x1b[31m?\n")
    out = run(capsys, "ask", acme, "--questions", str(file))
    assert out.startswith(f"> {QUESTION}\nNo. The statement says: ")
    assert "\n\n> [31m?\n" in out
    assert "\x1b" not in out


def test_a_list_goes_on_after_a_question_that_is_too_long(
    capsys: pytest.CaptureFixture[str], acme: str, tmp_path: Path
) -> None:
    file = tmp_path / "questions.txt"
    file.write_text("x" * 10_000 + f"\n{QUESTION}\n")
    answers = json_lines(run(capsys, "ask", acme, "--questions", str(file), "--jsonl"))
    assert [a["verdict"] for a in answers] == ["not_stated", "no"]
    assert answers[0]["answer"] == "The question has 10,000 characters; ask it in at most 2,000"


def test_a_warning_about_the_document_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(f"{ACME}\nThe café keeps your résumé and naïve façade details.\n".encode("cp1252"))
    assert cli.main(["clauses", str(path), "--jsonl"]) == 0
    out, err = capsys.readouterr()
    assert len(json_lines(out)) == 5
    assert err.startswith("smallprint: warning: the document is not UTF-8; it was read as cp1252")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nosuch"], "No such command 'nosuch'. (see smallprint --help)"),
        (["ask", "x", "q", "--nosuch"], "No such option '--nosuch'"),
        (["ask"], "Missing argument 'SOURCE'. (see smallprint --help)"),
        (["ask", "janrain.com"], "give either one QUESTION or --questions FILE (see smallprint --help)"),
        (["ask", "janrain.com", "q?", "--questions", "f"], "give either one QUESTION or --questions FILE"),
        (["ask", "janrain.com", ""], "the question is empty; ask in a few words, for example: do you sell my data?"),
        (["ask", "janrain.com", "  ?! "], "the question is empty"),
        (["ask", "janrain.com", "x" * 10_000], "the question has 10,000 characters; ask it in at most 2,000"),
        (["ask", "janrain.com", "--questions", "no/where"], "no such file: no/where; give a file with a question"),
        (["clauses", "no/where.md"], "no such file: no/where.md; give a path, - for standard input, or a bundled id"),
        (["clauses", "."], ". is a folder; give one document"),
        (["clauses", "a", "b"], "Got unexpected extra argument (b)"),
        (["clauses", "janrain.com", "--mode", "slow"], "Invalid value for '--mode': 'slow' is not one of 'accurate', "),
        (["evaluate", "classifier", "--data", "x", "--mode", "slow"], "Invalid value for '--mode': 'slow' is not one"),
        (["benchmark", "classifier", "--rounds", "101"], "Invalid value for '--rounds': 101 is not in the range"),
        (["benchmark", "statement", "--rounds", "0"], "Invalid value for '--rounds': 0 is not in the range"),
        (["evaluate", "qa"], "Missing option '--data'"),
        (["evaluate", "qa", "--data", "no/where"], "no such file: no/where/dev_qa.jsonl; give the evaluation folder"),
        (["evaluate", "reader", "--data", "no/where"], "no/where holds no NAME.html with NAME.md"),
    ],
)
def test_bad_input_is_said_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert fail(capsys, 2, *arguments).startswith(message)


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_document_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "empty.md").write_bytes(content)
    assert fail(capsys, 2, "clauses", str(tmp_path / "empty.md")).startswith("empty.md is empty; give a document")
    stdin(monkeypatch, content)
    assert " is empty; give a document" in fail(capsys, 2, "ask", "-", QUESTION)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no questions; give one a line"),
        (b"\n  \n", "holds no questions; give one a line"),
        (b"\xff\xfe\xfa", "as UTF-8 text; give a file with a question a line"),
        (b'{"question": "q?"}\n\n{"question"\n', 'line 3: give JSON with "id" and "question", one object a line'),
        (b'{"question": "q?"}\nwhat?\n', 'line 2: give JSON with "id" and "question", one object a line'),
        (b'{"id": "a"}\n', 'line 1: give JSON with "id" and "question"'),
        (b'{"id": "a", "question": null}\n', 'line 1: give JSON with "id" and "question"'),
        (b'{"question": "q?"}\n[1]\n', 'line 2: give JSON with "id" and "question"'),
    ],
)
def test_a_bad_file_of_questions_is_refused(
    capsys: pytest.CaptureFixture[str], acme: str, tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "questions").write_bytes(content)
    line = fail(capsys, 2, "ask", acme, "--questions", str(tmp_path / "questions"), "--jsonl")
    assert str(tmp_path / "questions") in line
    assert line.endswith(message) or message in line


def test_a_folder_of_questions_is_refused(capsys: pytest.CaptureFixture[str], acme: str, tmp_path: Path) -> None:
    assert fail(capsys, 2, "ask", acme, "--questions", str(tmp_path)).startswith(f"cannot read {tmp_path} as UTF-8")


@pytest.mark.parametrize(
    ("error", "code"),
    [(ArtefactError("models are\nmissing; make them"), 1), (DocumentError("no good"), 2), (KeyboardInterrupt(), 130)],
)
def test_what_goes_wrong_later_is_one_line_too(
    capsys: pytest.CaptureFixture[str], acme: str, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def broken(**options: str) -> NoReturn:
        raise error

    monkeypatch.setattr(read, "load_engine", broken)
    monkeypatch.setattr(ClauseClassifier, "load", broken)
    expected = " ".join(str(error).split()) or "interrupted"
    assert fail(capsys, code, "clauses", acme) == expected
    assert fail(capsys, code, "ask", acme, QUESTION) == expected


@pytest.mark.parametrize("arguments", [[], ["evaluate"], ["train"], ["benchmark"]])
def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(" ".join(["Usage: smallprint", *arguments, "[OPTIONS] COMMAND [ARGS]...\n\n"]))


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        expected = version("smallprint")
    except PackageNotFoundError:
        pytest.skip("smallprint is not installed; `make setup` installs it")
    assert run(capsys, "--version") == f"smallprint, version {expected}\n"


def test_arguments_come_from_the_process(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, acme: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["smallprint", "clauses", acme, "--text"])
    with pytest.raises(SystemExit) as caught:
        cli.entry()
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("Acme Privacy\n")


def test_the_web_app_gives_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    # In place of the real one, which brings Gradio along.
    server = ModuleType("nlp.web.server")
    monkeypatch.setitem(sys.modules, "nlp.web.server", server)
    server.serve = lambda **given: 0  # type: ignore[attr-defined]
    assert cli.main(["web"]) == 0
    server.serve = lambda **given: 3  # type: ignore[attr-defined]
    with pytest.raises(SystemExit) as caught:
        cli.main(["web"])
    assert caught.value.code == 3


def test_a_closed_pipe_is_no_error(acme: str) -> None:
    program = "import sys; from nlp.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", program, "clauses", acme, "--text"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
