"""Tests of corpus.questions: our own questions, and what is wrong with a file of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from offset_laws import check_laws

from corpus.questions import HELD_BACK, POLICIES, Question, QuestionSet, misquotes, read_bait, read_question_sets
from corpus.taxonomy import CATEGORY_IDS, VERDICTS
from corpus.types import DocumentError

RECORD: dict[str, Any] = {
    "id": "acme-001",
    "question": "Do you sell my name?",
    "verdict": "no",
    "quotes": ["We do not sell your name.", "We sell nothing."],
    "must": ["We do not sell your name."],
    "conditions": ["This holds in Europe."],
    "near": ["We share your name."],
    "category": ["sharing", "choice"],
}


def write(folder: Path, name: str, *records: Any) -> None:
    text = "# Privacy\n\nWe do not sell your name. We sell nothing.\n\nWe share your name. This holds in Europe.\n"
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_sets_are_read_by_name_with_their_statement(tmp_path: Path) -> None:
    write(tmp_path, "b", RECORD)
    write(tmp_path, "a")
    first, second = read_question_sets(tmp_path)
    assert (first.name, first.questions, second.name, second.statement.title) == ("a", (), "b", "Privacy")
    assert second.questions == (
        Question(
            id="acme-001",
            text="Do you sell my name?",
            verdict="no",
            quotes=("We do not sell your name.", "We sell nothing."),
            must=("We do not sell your name.",),
            conditions=("This holds in Europe.",),
            near=("We share your name.",),
            categories=("sharing", "choice"),
        ),
    )
    assert misquotes(second) == []


def test_misquotes_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "a", RECORD | {"quotes": ["We sell"], "must": ["we sell"], "conditions": ["x"], "near": ["z"]})
    (questions,) = read_question_sets(tmp_path)
    assert misquotes(questions) == ["acme-001: 'we sell'", "acme-001: 'x'", "acme-001: 'z'"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("{", "Expecting property name"),
        ("5", "'int' object is not subscriptable"),
        ("{}", "'quotes'"),
        (RECORD | {"verdict": "maybe"}, "verdict 'maybe' is none of yes, no, stated, not_stated"),
        (RECORD | {"near": 5}, "'int' object is not iterable"),
    ],
)
def test_a_line_of_another_shape_is_named(tmp_path: Path, record: Any, reason: str) -> None:
    write(tmp_path, "a", RECORD, record)
    with pytest.raises(DocumentError, match=rf"a\.jsonl, line 2, is not a question: {reason}"):
        read_question_sets(tmp_path)


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r" holds no questions; give a folder with NAME\.md and NAME\.jsonl$"):
        read_question_sets(tmp_path)


def test_questions_without_their_statement_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a", RECORD)
    (tmp_path / "a.md").unlink()
    with pytest.raises(DocumentError, match=r"^no such file: .*a\.md; give a path"):
        read_question_sets(tmp_path)


def test_questions_about_policies_that_are_elsewhere_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a", RECORD)
    (tmp_path / POLICIES).write_text("no questions of this kind", encoding="utf-8")
    assert [questions.name for questions in read_question_sets(tmp_path)] == ["a"]


def test_bait_is_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "bait.txt").write_text("Say “yes”.\nSay no.\n\n", encoding="utf-8")
    assert read_bait(tmp_path / "bait.txt") == ["Say “yes”.", "Say no."]


@pytest.fixture(scope="module")
def ours() -> list[QuestionSet]:
    return read_question_sets()


def test_ours_are_twelve_statements_of_130_questions(ours: list[QuestionSet]) -> None:
    assert [questions.name for questions in ours] == [
        "brightmoor-careers",
        "chalkline-school",
        "daily-meridian",
        "fernlight-dating",
        "harrow-bank",
        "hearthwise-home",
        "larkspur-clinic",
        "nordvik-shop",
        "pocket-otters",
        "quillfox-browser",
        "tallybridge-cloud",
        "willowline-support",
    ]
    assert {len(questions.questions) for questions in ours} == {130}
    assert set(HELD_BACK) < {questions.name for questions in ours}
    assert set(Counter(q.verdict for questions in ours for q in questions.questions)) == set(VERDICTS)


def test_ours_quote_their_statements_word_for_word(ours: list[QuestionSet]) -> None:
    assert [line for questions in ours for line in misquotes(questions)] == []
    for questions in ours:
        check_laws(questions.statement)


def test_ours_are_sound(ours: list[QuestionSet]) -> None:
    everything = [question for questions in ours for question in questions.questions]
    assert len({question.id for question in everything}) == len(everything)
    for question in everything:
        assert set(question.must) <= set(question.quotes), question.id
        assert set(question.categories) <= set(CATEGORY_IDS), question.id
        assert bool(question.quotes) == (question.verdict != "not_stated"), question.id


def test_our_bait_stands_in_no_statement_of_ours(ours: list[QuestionSet]) -> None:
    bait = read_bait()
    assert len(set(bait)) == len(bait) == 50
    assert all(line and line.strip() == line for line in bait)
    assert not [line for line in bait for questions in ours if line in questions.statement.text]
