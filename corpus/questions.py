"""Questions that people ask of privacy statements, with what a careful reader answers: our own, for training.

Every statement NAME.md in the folder `questions/` is invented and has its questions in NAME.jsonl.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.load import load_file
from corpus.taxonomy import VERDICTS
from corpus.types import DocumentError, Statement

FOLDER = Path(__file__).parent / "questions"
POLICIES = "policies.jsonl"
"""The file of questions about real policies, which `corpus.policy_questions` reads."""
HELD_BACK = ("larkspur-clinic", "quillfox-browser", "tallybridge-cloud")
"""Statements that the reranker is not trained on, so that verdicts and confidence are fitted on unseen questions."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its verdict.

    `quotes` are all passages that answer it, best first; `must` those that an ideal answer cites; `conditions`
    passages that limit the answer; `near` tempting passages that do not answer.
    """

    id: str
    text: str
    verdict: str
    quotes: tuple[str, ...]
    must: tuple[str, ...]
    conditions: tuple[str, ...]
    near: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A statement and the questions about it."""

    name: str
    statement: Statement
    questions: tuple[Question, ...]


def read_question_sets(folder: Path = FOLDER) -> list[QuestionSet]:
    """Read every statement of a folder with its questions, by name; raises `DocumentError`."""
    paths = sorted(path for path in folder.glob("*.jsonl") if path.name != POLICIES)
    if not paths:
        raise DocumentError(f"{folder} holds no questions; give a folder with NAME.md and NAME.jsonl")
    return [QuestionSet(p.stem, load_file(p.with_suffix(".md")), tuple(_questions(p))) for p in paths]


def _questions(path: Path) -> Iterator[Question]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _question(json.loads(line))
        except (ValueError, KeyError, TypeError) as e:
            raise DocumentError(f"{path}, line {number}, is not a question: {e}") from e


def _question(record: Mapping[str, Any]) -> Question:
    lists: dict[str, Sequence[str]] = {
        name: record[name] for name in ("quotes", "must", "conditions", "near", "category")
    }
    if record["verdict"] not in VERDICTS:
        raise ValueError(f"verdict {record['verdict']!r} is none of {', '.join(VERDICTS)}")
    return Question(record["id"], record["question"], record["verdict"], *(tuple(part) for part in lists.values()))


def read_bait(path: Path = FOLDER / "bait.txt") -> list[str]:
    """Return lines that tell the reader of a statement what to answer, and are themselves no answer to anything."""
    return path.read_text(encoding="utf-8").strip().split("\n")


def misquotes(questions: QuestionSet) -> list[str]:
    """Return a line for each passage that does not stand in the statement word for word."""
    text = questions.statement.text
    return [
        f"{question.id}: {passage!r}"
        for question in questions.questions
        for passage in (*question.quotes, *question.must, *question.conditions, *question.near)
        if passage not in text
    ]
