"""Tests of nlp.evaluate: what the scorers are given, and what is said where one cannot run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, tiny_engine

from corpus.types import DocumentError
from nlp import evaluate
from nlp.errors import RunError

# Prints the gold file's name and every prediction, and fails where the gold file says so.
SCORER = """\
import pathlib, sys
gold, predictions = map(pathlib.Path, sys.argv[1:])
if gold.is_file() and "fail" in gold.read_text():
    sys.exit("line one\\nscores are missing")
print(gold.name)
print(predictions.read_text(), end="")
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return an evaluation folder with two small documents and scorers that print what they get."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.md").write_text(f"# One Privacy\n\n{SELL} {POLICE}\n")
    (tmp_path / "docs" / "two.md").write_text(f"# Two Privacy\n\n{KEEP} {COOKIES}\n")
    questions = [
        {"id": 7, "doc": "two", "question": "what cookies does the website set?"},
        {"id": "b", "doc": "one", "question": "do you sell personal data?"},
        {"id": "c", "doc": "two", "question": ""},
    ]
    (tmp_path / "dev_qa.jsonl").write_text("".join(json.dumps(q) + "\n" for q in questions))
    (tmp_path / "dev_clauses.jsonl").write_text('{"doc": "two"}\n{"doc": "one"}\n{"doc": "two"}\n')
    for name in ("qa", "clauses"):
        (tmp_path / f"score_{name}.py").write_text(SCORER)
    return tmp_path


def test_questions_are_answered_and_given_to_the_scorer(data: Path) -> None:
    name, *lines = evaluate.evaluate_questions(tiny_engine(), data).splitlines()
    predictions = [json.loads(line) for line in lines]
    assert name == "dev_qa.jsonl"
    assert [(p["id"], p["verdict"]) for p in predictions] == [("7", "stated"), ("c", "not_stated"), ("b", "no")]
    assert predictions[0]["citations"][0] == COOKIES
    assert 0.5 < predictions[0]["confidence"] < 1


def test_clauses_are_tagged_and_given_to_the_scorer(data: Path) -> None:
    name, *lines = evaluate.evaluate_clauses(tiny_engine().clauses, data).splitlines()
    assert name == "dev_clauses.jsonl"
    assert [tuple(json.loads(line).values()) for line in lines] == [
        ("two", KEEP, ["retention"]),
        ("two", COOKIES, ["collection"]),
        ("one", SELL, ["sharing"]),
        ("one", POLICE, ["sharing"]),
    ]


def test_pages_are_read_and_given_to_the_scorer(tmp_path: Path) -> None:
    pages = tmp_path / "data" / "html"
    pages.mkdir(parents=True)
    (pages / "b.html").write_text(f"<html><body><h1>Privacy</h1><p>{SELL}</p></body></html>")
    (pages / "b.md").write_text("gold")
    (pages / "without-gold.html").write_text("<p>x</p>")
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "score_reader.py").write_text(SCORER)
    name, line = evaluate.evaluate_reader(pages).splitlines()
    record = json.loads(line)
    assert (name, record["name"]) == ("html", "b")
    assert SELL in record["text"]


@pytest.mark.parametrize("make", [True, False])
def test_a_folder_without_pages_or_scorer_is_refused(tmp_path: Path, make: bool) -> None:
    if make:
        (tmp_path / "eval").mkdir()
    with pytest.raises(DocumentError, match=r"holds no NAME\.html with NAME\.md, or no eval/score_reader\.py"):
        evaluate.evaluate_reader(tmp_path)


def test_a_scorer_that_fails_is_quoted(data: Path) -> None:
    (data / "dev_clauses.jsonl").write_text('{"doc": "one", "note": "fail"}\n')
    with pytest.raises(RunError, match=r"score_clauses\.py failed: scores are missing$"):
        evaluate.evaluate_clauses(tiny_engine().clauses, data)


def test_a_missing_scorer_is_a_failed_run(data: Path) -> None:
    (data / "score_clauses.py").unlink()
    with pytest.raises(RunError, match=r"score_clauses\.py failed: .*No such file"):
        evaluate.evaluate_clauses(tiny_engine().clauses, data)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no such file: .*dev_qa\.jsonl; give the evaluation folder with --data"):
        evaluate.evaluate_questions(tiny_engine(), tmp_path)


@pytest.mark.parametrize("content", [b"no json\n", b"\xff\xff\n"])
def test_a_file_that_is_no_json_is_named(data: Path, content: bytes) -> None:
    (data / "dev_qa.jsonl").write_bytes(content)
    with pytest.raises(DocumentError, match=r"dev_qa\.jsonl is not a file of JSON lines"):
        evaluate.evaluate_questions(tiny_engine(), data)


def test_a_file_where_a_folder_should_be_is_named(data: Path) -> None:
    with pytest.raises(DocumentError, match=r"one\.md/dev_qa\.jsonl is not a file of JSON lines: .*Not a directory"):
        evaluate.evaluate_questions(tiny_engine(), data / "docs" / "one.md")
