"""Tests of nlp.question: what can be asked, what wants yes or no, what follows another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.question import MAX_QUESTION, QuestionError, Reading, checked, follows_up, in_context, is_polar

YES_OR_NO = """
do you sell my data?
Does Janrain share data with Facebook?
can the cops get my info?
do I have to give you my name?
is my credit card number encrypted?
are kids allowed to use the site
has the policy changed since 2015?
may I see what you hold on me?
can't I opt out?
isn’t my data sold?
don't you encrypt passwords?
will you tell me if my data is stolen
could someone read my messages?
is it true that you sell data?
sell my data?
tracking cookies?
you sell my data, right?
"do you sell my data?"
so you never share my email, do you?
You don't keep logs, correct?
when you share my data, do you tell me?
if I ask you to, will you delete everything?
I live in Germany. Do you follow GDPR?
where I live kids use it, is it allowed?
can you tell me if you sell my data?
please tell me, do you sell my data?
do you say that I am tracked?
""".strip().splitlines()

OTHER = """
how long do you keep my information?
what is the weather today?
when do you delete my account?
where is my data stored?
which cookies does social login set?
who do I write to about privacy?
I deleted my account. How long until my data is gone?
what can I do to stop emails?
how can I delete my account?
why do you need my phone number?
what's in the logs?
name the third parties that get my data
list the cookies
in what cases do you share data?
for how long are logs kept?
whose rules apply?
under what law can police get my data?
what rights do I have?
what happens if I say no?
who are you?
how secure is it?
what is my right?
What data must be correct?
can you tell me who gets my data?
could someone explain how long it is kept?
hi, do you know where it is stored?
please tell me what you collect
What does the statement say about sharing: “We sold the firm. Do we sell it, Inc. or the data?”
what is meant by "do you sell it? we do."
I'd like to know why you need it
""".strip().splitlines()


def test_there_are_fifty_questions_and_more() -> None:
    assert len({*YES_OR_NO, *OTHER}) == 57


@pytest.mark.parametrize("question", YES_OR_NO)
def test_it_wants_yes_or_no(question: str) -> None:
    assert is_polar(question)
    assert is_polar(question.upper())


@pytest.mark.parametrize("question", OTHER)
def test_it_wants_more_than_yes_or_no(question: str) -> None:
    assert not is_polar(question)
    assert not is_polar(f"  {question.capitalize()} ")


def test_a_question_loses_white_space_and_half_characters() -> None:
    assert checked("  do you\n\tsell\u00a0it?  ") == "do you sell it?"
    assert checked("sell \udcff it") == "sell ? it"


@pytest.mark.parametrize("question", ["", " \n", "?", "¿?!", "a?", "🙂🙂"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty; ask in a few words, for example: do you sell"):
        checked(question)


@pytest.mark.parametrize("question", ["hello", "Thanks!", "ok", "yes or no?", "Good morning", "thank you"])
def test_small_talk_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="that asks nothing of the statement; ask in a few words"):
        checked(question)


@pytest.mark.parametrize(
    "question", ["why?", "hello, do you sell it", "no cookies?", "¿vendes mis datos?", "你们出售吗"]
)
def test_what_may_ask_something_is_no_small_talk(question: str) -> None:
    assert checked(question) == question


def test_a_long_question_is_refused_with_its_length() -> None:
    assert len(checked("a" * MAX_QUESTION)) == 2000
    with pytest.raises(QuestionError, match="the question has 10,000 characters; ask it in at most 2,000"):
        checked("a" * 10_000)


def test_the_error_is_a_value_error() -> None:
    assert issubclass(QuestionError, ValueError)


SELL = "do you sell my data?"


@pytest.mark.parametrize(
    ("question", "text", "polar"),
    [
        ("and for children?", "do you sell my data, for children?", True),
        ("or my address?", "do you sell my address?", True),
        ("and my name?", "do you sell my name?", True),
        ("What about cookies?", "do you sell cookies?", True),
        ("but how about my data?", "do you sell my data?", True),
        ("anyone else?", "do you sell my data, anyone else?", True),
        ("even if I say no?", "do you sell my data, even if I say no?", True),
        # "When" asks for no time here.
        ("and when I close my account?", "do you sell my data, when I close my account?", True),
        # These have an interrogative of their own.
        ("why?", "why do you sell my data?", False),
        ("Why not", "Why do you sell my data?", False),
        ("for how long?", "for how long do you sell my data?", False),
        ("to whom?", "to whom do you sell my data?", False),
        ("and when?", "when do you sell my data?", False),
        # What else there is has to be asked beside what there was.
        ("who else?", "do you sell my data? who else?", False),
        ("what else", "do you sell my data? what else", False),
    ],
)
def test_a_short_follow_up_takes_the_last_question_along(question: str, text: str, polar: bool) -> None:
    assert follows_up(question)
    assert in_context(question, ("old?", SELL)) == Reading(text, polar)
    assert in_context(question, ()) == Reading(question, is_polar(question))
    # It never wants yes or no where the question before it does not.
    assert not in_context(question, ("how long is it kept?",)).polar
    assert is_polar(text) == polar


@pytest.mark.parametrize(
    ("base", "question", "text"),
    [
        ("how long do you keep it?", "why?", "why do you keep it?"),
        ("how long is data kept?", "why?", "why is data kept?"),
        ("Are you tracking me?", "how?", "how are you tracking me?"),
        ("What data that you have do you sell?", "to whom?", "to whom do you sell?"),
        ("Don't you sell it?", "why?", "why do you sell it?"),
        ("tracking cookies?", "why?", "tracking cookies? why?"),
        ("If I have my account deleted, do you keep my data?", "why?", "why do you keep my data?"),
    ],
)
def test_an_interrogative_is_asked_of_the_question_before_it(base: str, question: str, text: str) -> None:
    assert in_context(question, (base,)) == Reading(text, False)


@pytest.mark.parametrize(
    "question",
    [
        "do you sell it?",
        "android app?",
        "and do you then tell me about it in time?",
        "orders?",
        "why do you use cookies?",
        "and do you sell it?",
        "how long is it kept?",
        "and all that you have ever known of me?",
    ],
)
def test_other_questions_stand_alone(question: str) -> None:
    assert not follows_up(question)
    assert in_context(question, (SELL,)) == Reading(question, is_polar(question))


def test_a_follow_up_to_a_follow_up_takes_along_the_question_before_both() -> None:
    earlier = ("how long is it kept?", SELL, "why?", "and for children?")
    assert in_context("and cookies?", earlier) == Reading("do you sell cookies?", True)
    assert in_context("and when?", earlier[2:]) == Reading("and when?", False)


def test_an_interrogative_keeps_the_topic_that_was_asked_about_last() -> None:
    earlier = (SELL, "and cookies?", "what about children?", "who else?")
    assert in_context("why?", earlier) == Reading("why do you sell children?", False)


@pytest.mark.parametrize("question", ["how can i turn them off?", "Can I block them?", "does anyone else set them?"])
def test_what_points_back_is_read_after_the_question_before_it(question: str) -> None:
    assert in_context(question, ("do you use cookies?",)) == Reading(
        f"do you use cookies? {question}", is_polar(question)
    )
    assert in_context(question, ()) == Reading(question, is_polar(question))


@pytest.mark.parametrize(
    "question",
    [
        "Can I see my data and delete them?",
        "do children have to ask them?",
        "do cookies stay when I delete them?",
        "will you ask me before you hand my letters and pictures over to them?",
    ],
)
def test_what_points_to_its_own_words_or_is_long_stands_alone(question: str) -> None:
    assert in_context(question, ("do you use cookies?",)) == Reading(question, True)


def test_a_negative_question_is_read_as_the_positive_one_and_marked() -> None:
    assert in_context("Don't you sell it?", ()) == Reading("Do you sell it?", True, positive=True)
    assert in_context("do you sell it?", ()) == Reading("do you sell it?", True)


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert is_polar(text) in (True, False)
    assert isinstance(in_context(text, ("old?",)).text, str)
    assert isinstance(in_context("why?", (text,)).text, str)
    try:
        question = checked(text)
    except QuestionError:
        return
    assert checked(question) == question == question.strip() != ""
