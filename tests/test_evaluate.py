"""Tests of nlp.evaluate: what the scorers are given, and what is said where one cannot run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, clause, tiny_engine

from corpus.types import DocumentError
from nlp import evaluate
from nlp.errors import RunError
from nlp.evaluate import DevQuestion, dev_questions, load_matching
from nlp.types import Answer, Citation, StatementRef, Verdict

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


QUESTION: dict[str, Any] = {"doc": "one", "question": "do you sell it?", "type": "no", "quotes": [SELL, POLICE]}


def write_questions(data: Path, *records: object) -> None:
    """Put records in the place of the development questions."""
    (data / "dev_qa.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))


def test_development_questions_come_with_their_statements(data: Path) -> None:
    write_questions(
        data,
        QUESTION | {"doc": "two", "question": "why?", "type": "unanswerable", "quotes": []},
        QUESTION,
        QUESTION | {"doc": "two", "question": "how long?", "type": "extractive", "quotes": [KEEP]},
    )
    first, second, third = dev_questions(data)
    # Those of a document stand together.
    assert [(q.text, q.type, q.quotes) for q in (first, second, third)] == [
        ("why?", "unanswerable", ()),
        ("how long?", "extractive", (KEEP,)),
        ("do you sell it?", "no", (SELL, POLICE)),
    ]
    assert [q.statement.title for q in (first, second, third)] == ["Two Privacy", "Two Privacy", "One Privacy"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({name: QUESTION[name] for name in ("doc", "question", "type")}, "'quotes'"),
        ({name: QUESTION[name] for name in ("doc", "quotes", "type")}, "'question'"),
        (QUESTION | {"quotes": 5}, "'int' object is not iterable"),
    ],
)
def test_development_questions_of_another_shape_are_refused(data: Path, record: dict[str, object], reason: str) -> None:
    write_questions(data, QUESTION, record)
    with pytest.raises(DocumentError, match=rf"dev_qa\.jsonl is not a file of development questions: {reason}"):
        dev_questions(data)


@pytest.mark.parametrize("record", [5, ["doc"], {"question": "why?"}])
def test_development_questions_must_name_their_document(data: Path, record: object) -> None:
    write_questions(data, QUESTION, record)
    with pytest.raises(DocumentError, match='a development record must be an object with "doc"; see CONTRIBUTING'):
        dev_questions(data)


def test_a_missing_document_is_named(data: Path) -> None:
    write_questions(data, QUESTION | {"doc": "three"})
    with pytest.raises(DocumentError, match=r"^no such file: .*docs/three\.md"):
        dev_questions(data)


def dev_questions_of(data: Path, *records: object) -> list[DevQuestion]:
    """Return the development questions of records."""
    write_questions(data, *records)
    return dev_questions(data)


def answer_of(verdict: Verdict, *quotes: str) -> Answer:
    """Return an answer that cites passages."""
    cited = tuple(Citation.of(clause(quote), 0.5) for quote in quotes)
    return Answer("?", StatementRef("a", "A", None, None), verdict, "", 0.5, cited)


@pytest.mark.parametrize(
    ("type", "answer", "right"),
    [
        ("no", answer_of("no", SELL, COOKIES), True),
        ("no", answer_of("no", POLICE), True),
        ("no", answer_of("yes", SELL), False),
        ("no", answer_of("stated", SELL), False),
        ("yes", answer_of("yes", SELL), True),
        ("extractive", answer_of("stated", SELL), True),
        ("extractive", answer_of("yes", SELL), True),
        # Only the first passage counts.
        ("no", answer_of("no", COOKIES, SELL), False),
        ("no", answer_of("no"), False),
    ],
)
def test_an_answer_is_right_if_its_first_passage_and_its_verdict_are(
    data: Path, type: str, answer: Answer, right: bool
) -> None:
    (question,) = dev_questions_of(data, QUESTION | {"type": type})
    assert question.answered_rightly(answer, str.__eq__) is right


def test_an_answer_to_a_question_without_one_is_never_right(data: Path) -> None:
    (question,) = dev_questions_of(data, QUESTION | {"type": "unanswerable", "quotes": []})
    assert not question.answered_rightly(answer_of("stated", SELL), str.__eq__)


def test_passages_are_compared_as_the_folder_says(data: Path) -> None:
    (data / "matching.py").write_text("def same_passage(cited, gold):\n    return cited[0] == gold[0]\n")
    same_passage = load_matching(data)
    assert same_passage("abc", "ax")
    assert not same_passage("abc", "xa")


def test_a_folder_that_does_not_say_how_is_refused(data: Path) -> None:
    expected = r"^no such file: .*matching\.py; give the evaluation folder with --data$"
    for folder in (data, data / "nowhere", data / "dev_qa.jsonl"):
        with pytest.raises(DocumentError, match=expected):
            load_matching(folder)


@pytest.mark.parametrize(
    ("program", "reason"),
    [("def", "invalid syntax"), ("1 / 0", "division by zero"), ("x = 1", "module 'matching' has no attribute")],
)
def test_matching_that_cannot_be_run_is_a_failed_run(data: Path, program: str, reason: str) -> None:
    (data / "matching.py").write_text(program)
    with pytest.raises(RunError, match=rf"matching\.py failed: {reason}"):
        load_matching(data)
