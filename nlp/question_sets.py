"""Our own questions, over our statements and over real policies, as sets of a statement with its questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.policy_questions import PolicyQuestion, clause_key, read_policies, read_policy_questions
from corpus.questions import HELD_BACK as STATEMENTS_HELD_BACK
from corpus.questions import Question, QuestionSet, read_question_sets
from corpus.types import DocumentError
from nlp.segment import segment

HELD_BACK = frozenset(
    (
        "bundle/Yahoo",
        "compare/05_new.md",
        "compare/07_new.md",
        "compare/21_new.md",
        "compare/22_new.md",
        "paragraphs/Arc@2025-09-10",
        "paragraphs/BBC@2020-12-08",
        "paragraphs/Hugging Face@2023-03-09",
        "paragraphs/Lyft@2022-12-12",
        "paragraphs/Swiss Post@2022-02-15",
        "paragraphs/Wordfeud@2018-09-06",
        "paragraphs/hide.me VPN@2025-08-04",
    )
)
"""Policies that the reranker is not trained on, as `corpus.questions.HELD_BACK` are of our own statements."""


def question_sets(data: Path) -> tuple[list[QuestionSet], list[QuestionSet]]:
    """Return all our questions: the sets to train the reranker on, and those held back; raises `DocumentError`."""
    sets = [*read_question_sets(), *policy_sets(data)]
    held_back = {*STATEMENTS_HELD_BACK, *HELD_BACK}
    return [s for s in sets if s.name not in held_back], [s for s in sets if s.name in held_back]


def policy_sets(data: Path) -> list[QuestionSet]:
    """Return the questions about the real policies of a data folder, the clauses they name put in words.

    Raises `DocumentError` where a policy is missing, or lacks a clause that a question names.
    """
    asked = read_policy_questions()
    sets = []
    for name, statement in read_policies(data, list(asked)):
        words = {clause_key(clause.text): clause.text for clause in segment(statement)}
        try:
            questions = [_question(f"{name}#{i}", question, words) for i, question in enumerate(asked[name])]
        except KeyError as e:
            message = f"{name} in {data} lacks a clause that a question names: it is another version or cut otherwise"
            raise DocumentError(message) from e
        sets.append(QuestionSet(name, statement, tuple(questions)))
    return sets


def _question(id: str, question: PolicyQuestion, words: Mapping[str, str]) -> Question:
    quotes, conditions, near = (
        tuple(words[key] for key in keys) for keys in (question.answers, question.conditions, question.near)
    )
    return Question(id, question.text, question.verdict, quotes, quotes[:1], conditions, near, question.categories)
