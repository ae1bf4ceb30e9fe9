"""Tests of nlp.negated: which questions ask for what they seem to deny."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.negated import positively


@pytest.mark.parametrize(
    ("question", "positive"),
    [
        ("Don't you collect GPS?", "Do you collect GPS?"),
        ("dont you collect GPS?", "do you collect GPS?"),
        ("isn’t my data sold?", "is my data sold?"),
        ("Can't I just opt out", "Can I just opt out"),
        ("cannot the police see it?", "can the police see it?"),
        ("so won't you tell me?", "so will you tell me?"),
        ("I live in Rome. Aren't my rights the same?", "I live in Rome. Are my rights the same?"),
        ("My child is ten, can't she join?", "My child is ten, can she join?"),
        ("Do you not sell it?", "Do you sell it?"),
        ("You don't keep it, do you?", "Do you keep it?"),
        ("so you never ever share it, do you", "do you ever share it?"),
        ("you would never sell it, would you?", "would you sell it?"),
        ("you're not listening, are you?", "are you listening?"),
        ("It's not stored, is it?", "Is it stored?"),
        ("You did not sell it, did you?", "Did you sell it?"),
    ],
)
def test_a_negative_question_asks_the_positive_one(question: str, positive: str) -> None:
    assert positively(question) == positive


@pytest.mark.parametrize(
    "question",
    [
        # These ask to be confirmed.
        "You don't keep logs, correct?",
        "is it true that you never sell data?",
        # Not only this.
        "Do you not only store my data but also sell it?",
        "You do not just keep it, do you?",
        # Another form of the verb would be needed.
        "You never sold my data, did you?",
        # No "i" of English.
        "İsn't my data sold?",
        "ısn't my data sold?",
        # A choice, no denial.
        "can I not give my name?",
        # The negation is beside what is asked.
        "We tried it, didn't like it. Do you keep it?",
        "I don't have an account. Do you know me?",
        "You keep it, don't you?",
        "do you sell it?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert positively(question) == question


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_hardly_grows(question: str) -> None:
    # By no more than a question mark.
    assert len(positively(question)) <= len(question) + 1
