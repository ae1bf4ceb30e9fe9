"""Tests of nlp.literal: a clause that uses the verb of the question says yes or no by itself."""

from __future__ import annotations

import pytest

from nlp.literal import literally
from nlp.types import Clause


def clause(text: str, lead_in: str | None = None) -> Clause:
    """Return a clause with nothing but its words."""
    return Clause("c1", 0, len(text), text, "item" if lead_in else "sentence", (), lead_in, (), 0)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("do you sell my data?", "We sell your data."),
        ("u sell my info?", "We do sell personal information."),
        ("Are you selling my data?", "We sell your personal information to data brokers."),
        ("ever sold my data?", "Your data may be sold to others, unless you object."),
        ("is my profile public?", "Your profile is public by default; you can change it."),
        ("do you share my data?", "We may collect, use and share your data."),
        ("do you share my data?", "If you do not agree, we may share your data."),
        ("do you keep my logs?", "We never sell your logs, and although they are deleted here, we keep them there."),
    ],
)
def test_yes_is_said_in_the_verb_of_the_question(question: str, text: str) -> None:
    assert literally(question, clause(text)) is True


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("do you sell my data?", "We do not sell, rent or trade your data."),
        ("do you trade my data?", "We don’t sell, rent, or trade your data."),
        ("is my data shared?", "Your data is not sold, rented or shared."),
        ("is my data sold?", "None of your data is sold."),
        ("do you sell it?", "Under no circumstances do we sell it."),
        ("do you share my data?", "We share your data with no one."),
        ("is my data encrypted?", "We encrypt nothing."),
        ("is my data encrypted at rest?", "Data at rest is not encrypted, but our servers are locked away."),
        ("is my data encrypted at rest?", "We encrypt data in transit, but not at rest."),
        ("so you use health data for ads?", "We do not use health information for advertising."),
    ],
)
def test_no_is_said_in_the_verb_of_the_question(question: str, text: str) -> None:
    assert literally(question, clause(text)) is False


def test_what_introduces_a_list_is_said_of_each_item() -> None:
    assert literally("do you sell my data?", clause("sell your data", "We will never:")) is False
    assert literally("do you sell my data?", clause("sell your data", "We may:")) is True


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # Another verb, a noun, or what the reader does.
        ("do you sell my data?", "We share your data."),
        ("do you use cookies?", "Our use of cookies is described below."),
        ("can you wipe my medical record?", "We record calls."),
        ("do you share my data?", "You may share your data with others."),
        ("do you sell my data?", "If you sell your account, we delete it."),
        # Both, or of something else.
        ("do you collect my location?", "We do not collect your name, but collect your location."),
        ("do you share my data?", "We share data here. We do not share data there."),
        ("do you share my data with the police?", "We share your data with partners."),
        # The question is turned.
        ("do you only sell it?", "We sell it."),
        ("do you never sell it?", "We sell it."),
        ("must I share my data?", "We share your data."),
        ("do you keep my data secret?", "We keep your data."),
        ("do you sell and share my data?", "We sell it."),
    ],
)
def test_what_cannot_be_told_is_left_to_the_models(question: str, text: str) -> None:
    assert literally(question, clause(text)) is None


def test_a_sentence_without_end_is_read_as_well() -> None:
    # Each verb is looked at with the words near it: with all before it, this would take minutes.
    assert literally("do you sell it?", clause("we sold " * 20_000)) is True
