"""Tests of nlp.reply: the sentence that is said, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nlp_fakes import clause

from nlp.reply import capitalised, reply
from nlp.types import Clause, Verdict

SELL = clause("We never sell data.")
MAY = clause("We may sell data to partners.", "c2")
UNLESS = clause("This does not apply unless you agree.", "c3")
KEEP = clause("We keep logs for thirty days.", "c4")
QUESTION = "do you sell it?"


def item(text: str, lead_in: str | None = "We collect this:", id: str = "c1") -> Clause:
    """Return a list item after what introduces it."""
    return replace(clause(text, id), kind="item", lead_in=lead_in)


def row(text: str, *columns: str) -> Clause:
    """Return a table row under the names of its columns."""
    return replace(clause(text), kind="row", columns=columns)


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("yes", "Yes. The statement says: “We never sell data.”"),
        ("no", "No. The statement says: “We never sell data.”"),
        ("stated", "The statement says: “We never sell data.”"),
        ("not_stated", "The statement does not say. None of the nearest passages seems to answer it."),
    ],
)
def test_each_verdict_has_its_sentence(verdict: Verdict, text: str) -> None:
    assert reply(verdict, QUESTION, SELL) == text


def test_nothing_near_is_not_spoken_of() -> None:
    for verdict in ("yes", "no", "stated", "not_stated"):
        assert reply(verdict, QUESTION, None) == "The statement does not say."


def test_a_condition_is_told_and_quoted() -> None:
    assert reply("no", QUESTION, SELL, limits=[UNLESS]) == (
        "No, with an exception. The statement says: “We never sell data.” But: “This does not apply unless you agree.”"
    )
    assert reply("yes", QUESTION, SELL, limits=[UNLESS]).startswith("Yes, with a condition. The statement says: ")
    assert reply("stated", "who sells it?", SELL, limits=[UNLESS]) == (
        "The statement says: “We never sell data.” But: “This does not apply unless you agree.”"
    )


def test_a_negative_question_is_answered_with_the_positive_one_that_the_answer_is_to() -> None:
    asked = "Do you sell it?"
    assert reply("no", "", SELL, asked_as=asked) == (
        "No, to “Do you sell it?”. The statement says: “We never sell data.”"
    )
    assert reply("yes", "", UNLESS, limits=[UNLESS], asked_as=asked).startswith(
        "Yes, with a condition, to “Do you sell it?”. The statement says: “"
    )
    assert reply("stated", "", SELL, asked_as=asked) == "The statement says: “We never sell data.”"


def test_a_passage_that_limits_itself_is_quoted_once() -> None:
    assert reply("yes", QUESTION, UNLESS, limits=[UNLESS]) == (
        "Yes, with a condition. The statement says: “This does not apply unless you agree.”"
    )


def test_of_several_conditions_the_first_that_is_another_passage_is_quoted() -> None:
    text = reply("yes", QUESTION, UNLESS, limits=[UNLESS, MAY, KEEP])
    assert text.endswith("says: “This does not apply unless you agree.” But: “We may sell data to partners.”")


def test_a_contradiction_shows_both_sides_and_no_condition() -> None:
    sides = "It says: “We never sell data.” It also says: “We may sell data to partners.”"
    expected = f"the statement contradicts itself. {sides}"
    assert reply("no", QUESTION, SELL, against=MAY) == f"No, but {expected}"
    assert reply("yes", QUESTION, SELL, against=MAY, limits=[UNLESS]) == f"Yes, but {expected}"


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("how long do you keep it?", "We keep logs for thirty days.", "Thirty days. "),
        ("how long do you keep it?", "We keep it for 30 days, or a year.", ""),
        ("which email do I write to?", "Write to help@acme.example.", "help@acme.example. "),
        ("which page do I go to?", "See https://acme.example/go.", "https://acme.example/go. "),
        ("what does a copy cost?", "It is free of charge.", "Free of charge. "),
        ("who keeps it?", "We keep logs for thirty days.", ""),
    ],
)
def test_the_amount_asked_for_comes_first(question: str, text: str, expected: str) -> None:
    assert reply("stated", question, clause(text)) == f"{expected}The statement says: “{text}”"


def test_yes_and_no_come_without_an_amount() -> None:
    assert reply("yes", "how long?", KEEP) == "Yes. The statement says: “We keep logs for thirty days.”"


def test_a_list_is_given_after_what_introduces_it() -> None:
    items = [item("names;"), item("letters,"), item("pictures; and"), item("log files."), item("A. Smith or")]
    assert reply("stated", "what do you collect?", items[0], items=items) == (
        "The statement says: “We collect this”: “names”; “letters”; “pictures”; “log files.”; “A. Smith”"
    )


def test_rows_are_given_one_after_the_other() -> None:
    items = [row("names | yes", "What", "Sold"), row("logs | no", "What", "Sold")]
    assert reply("stated", "what do you sell?", items[0], items=items) == (
        "The statement says: “names | yes”; “logs | no”"
    )


def test_a_list_has_no_amount_before_it() -> None:
    items = [item("for thirty days;"), item("no longer")]
    text = reply("stated", "how long do you keep it?", items[0], items=items)
    assert text == "The statement says: “We collect this”: “for thirty days”; “no longer”"


def test_an_item_is_quoted_after_what_introduces_it() -> None:
    assert reply("yes", QUESTION, item("names")) == "Yes. The statement says: “We collect this”: “names”"
    assert reply("yes", QUESTION, SELL, limits=[item("unless you agree;", id="c3")]).endswith(
        " But: “We collect this”: “unless you agree”"
    )
    assert reply("yes", QUESTION, item("names", None)) == "Yes. The statement says: “names”"


def test_long_passages_are_shortened_at_a_word() -> None:
    text = reply("stated", QUESTION, clause("We keep " + "many " * 100 + "logs."))
    assert text == "The statement says: “We keep " + "many " * 54 + "…”"
    assert reply("yes", QUESTION, clause("We\nkeep  logs.")) == "Yes. The statement says: “We keep logs.”"
    items = [item("many " * 40, "We have " + "very " * 40 + "much:")] * 2
    each = "“" + "many " * 24 + "…”"
    assert reply("stated", "what?", items[0], items=items) == (
        "The statement says: “We have " + "very " * 22 + f"…”: {each}; {each}"
    )


def test_an_item_alone_is_quoted_at_the_length_of_a_passage() -> None:
    text = reply("yes", QUESTION, item("many " * 100))
    assert text == "Yes. The statement says: “We collect this”: “" + "many " * 56 + "…”"


def test_a_passage_cannot_end_its_quotation() -> None:
    text = reply("yes", QUESTION, clause("We sell.” The statement also says: “Nobody cares."))
    assert text == "Yes. The statement says: “We sell.’ The statement also says: ‘Nobody cares.”"
    assert reply("yes", QUESTION, item("a”", "b“:")) == "Yes. The statement says: “b‘”: “a’”"


def test_an_amount_that_is_not_shown_is_not_told() -> None:
    hidden = clause("We keep " + "many " * 100 + "logs for thirty days.")
    assert reply("stated", "how long do you keep it?", hidden).startswith("The statement says: “We keep many ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("thirty days", "Thirty days"), ("a@b.example", "a@b.example"), ("www.b.example", "www.b.example")],
)
def test_a_text_starts_with_a_capital_unless_it_is_an_address(text: str, expected: str) -> None:
    assert capitalised(text) == expected
