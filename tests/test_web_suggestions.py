"""What is suggested to be asked next."""

from __future__ import annotations

import pytest
from web_fakes import clause_of, make_statement

from corpus.taxonomy import CATEGORY_IDS
from nlp.types import Clause
from nlp.web.suggestions import SUBJECTS, suggest


def clauses(*categories: str) -> list[Clause]:
    statement = make_statement(("paragraph", "x"))
    return [clause_of(statement, "x", name) for name in categories]


def test_only_what_the_statement_speaks_of_is_suggested() -> None:
    assert suggest(clauses("retention", "contact"), []) == [
        "How long do you keep my data?",
        "Whom can I complain to?",
    ]


def test_a_subject_that_was_touched_comes_last() -> None:
    there = clauses("sharing", "retention", "security")
    assert suggest(there, ["Do you sell my data?"]) == [
        "How long do you keep my data?",
        "How do you protect my data?",
        "Who do you share my information with?",
    ]


def test_what_was_asked_is_not_suggested_again_however_it_is_written() -> None:
    there = clauses("sharing")
    assert suggest(there, ["who do you share my information with"]) == ["Can the police get my information?"]
    assert suggest(there, [question for subject in SUBJECTS for question in subject.questions]) == []


def test_no_more_than_three_are_suggested() -> None:
    assert len(suggest(clauses(*CATEGORY_IDS), [])) == 3


def test_following_every_suggestion_comes_to_an_end_after_each_was_asked_once() -> None:
    there, asked = clauses(*CATEGORY_IDS), []
    while more := suggest(there, asked):
        asked.append(more[0])
    assert sorted(asked) == sorted(question for subject in SUBJECTS for question in subject.questions)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.category)
def test_the_words_of_a_subject_know_its_own_questions(subject: object) -> None:
    assert subject.category in CATEGORY_IDS  # type: ignore[attr-defined]
    for question in subject.questions:  # type: ignore[attr-defined]
        assert subject.words.search(question), question  # type: ignore[attr-defined]


def test_every_category_that_answers_something_has_a_subject() -> None:
    assert {subject.category for subject in SUBJECTS} == set(CATEGORY_IDS) - {"generic", "other"}
