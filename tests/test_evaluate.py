"""Tests of nlp.evaluate: scores on arrays made by hand, and what the scorers are given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, tiny_classifier, tiny_engine

from corpus.opp115 import Segment
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp import evaluate
from nlp.errors import RunError
from nlp.evaluate import LabelScore, calibration_error, label_score, macro_f1, micro_f1

# Prints the gold file's name and every prediction, and fails where the gold file says so.
SCORER = """\
import pathlib, sys
gold, predictions = map(pathlib.Path, sys.argv[1:])
if gold.is_file() and "fail" in gold.read_text():
    sys.exit("line one\\nscores are missing")
print(gold.name)
print(predictions.read_text(), end="")
"""


def bools(text: str) -> Any:
    """Return "1 0" as an array."""
    return np.array([ch == "1" for ch in text.split()])


def test_a_label_is_scored_by_hand() -> None:
    score = label_score("choice", bools("1 1 1 0 0"), bools("1 1 0 1 0"), np.array([1.0, 1, 0, 1, 0]))
    assert score == LabelScore("choice", pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3), 0.4, 3, 3)


@pytest.mark.parametrize(
    ("truth", "chosen", "expected"),
    [
        ("0 0", "0 0", (0, 0, 0)),
        ("1 1", "0 0", (0, 0, 0)),
        ("0 0", "1 1", (0, 0, 0)),
        ("1 0", "1 1", (0.5, 1, 2 / 3)),
        ("1 1", "1 0", (1, 0.5, 2 / 3)),
    ],
)
def test_nothing_is_divided_by_zero(truth: str, chosen: str, expected: tuple[float, float, float]) -> None:
    score = label_score("x", bools(truth), bools(chosen), np.zeros(2))
    assert (score.precision, score.recall, score.f1) == pytest.approx(expected)


def test_totals_agree_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(0)
    truth, chosen = rng.random((40, 5)) < 0.3, rng.random((40, 5)) < 0.3
    # A category that is given and never right counts against the total as well.
    truth[:, 4], chosen[:10, 4] = False, True
    scores = [label_score(str(j), truth[:, j], chosen[:, j], np.zeros(40)) for j in range(5)]
    assert scores[4].precision == 0
    assert micro_f1(scores) == pytest.approx(f1_score(truth, chosen, average="micro"))
    assert macro_f1(scores) == pytest.approx(f1_score(truth, chosen, average="macro", zero_division=0))


def test_totals_of_nothing_are_zero() -> None:
    scores = [label_score("x", bools("0"), bools("0"), np.zeros(1))]
    assert (micro_f1(scores), macro_f1(scores)) == (0, 0)


@pytest.mark.parametrize(
    ("probability", "truth", "expected"),
    [
        ([1.0, 0.0], "1 0", 0.0),
        ([1.0, 0.0], "0 1", 1.0),
        ([0.75, 0.75, 0.75, 0.75], "1 1 1 0", 0.0),
        ([0.25, 0.25, 0.95, 0.95], "0 0 1 1", 0.15),
        # 0.31 and 0.39 share a bin, where they are right on average.
        ([0.31, 0.39, 0.35, 0.35], "1 0 0 0", 0.1),
    ],
)
def test_calibration_by_hand(probability: list[float], truth: str, expected: float) -> None:
    assert calibration_error(np.array(probability), bools(truth)) == pytest.approx(expected)


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
    name, *lines = evaluate.evaluate_clauses(tiny_engine(), data).splitlines()
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
        evaluate.evaluate_clauses(tiny_engine(), data)


def test_a_missing_scorer_is_a_failed_run(data: Path) -> None:
    (data / "score_clauses.py").unlink()
    with pytest.raises(RunError, match=r"score_clauses\.py failed: .*No such file"):
        evaluate.evaluate_clauses(tiny_engine(), data)


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


def test_the_classifier_is_scored_per_category(monkeypatch: pytest.MonkeyPatch) -> None:
    segments = [
        Segment("We sell it.", frozenset({"sharing"})),
        Segment("We keep it.", frozenset({"sharing"})),
        Segment("We keep cookies.", frozenset({"retention"})),
    ]
    monkeypatch.setattr(evaluate, "read_split", lambda folder, split: segments if split == "validation" else [])
    scores = {s.label: s for s in evaluate.evaluate_classifier(tiny_classifier(), Path("data"))}
    assert list(scores) == list(CATEGORY_IDS)
    assert (scores["sharing"].precision, scores["sharing"].recall, scores["sharing"].count) == (1, 0.5, 2)
    assert (scores["retention"].precision, scores["retention"].recall) == (0.5, 1)
    assert (scores["collection"].chosen, scores["collection"].count, scores["collection"].f1) == (1, 0, 0)
