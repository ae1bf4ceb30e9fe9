"""Tests of nlp.quantity: which amount is asked for, and the one that stands in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.quantity import asked_amount, find_amount

KINDS = {
    "time": "how long do you keep it?",
    "often": "how often do you ask?",
    "age": "how old must I be?",
    "price": "how much does it cost?",
    "email": "which email do I write to?",
    "phone": "what number can I call?",
    "link": "which page do I go to?",
}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        *((question, kind) for kind, question in KINDS.items()),
        ("How fast will you reply?", "time"),
        ("within how many working days do you reply?", "time"),
        ("how many years is my file kept?", "time"),
        ("what’s the retention period?", "time"),
        ("how much time do I have?", "time"),
        ("what is the minimum age?", "age"),
        ("is there an age limit?", "age"),
        ("what’s the fee for a copy?", "price"),
        ("how much do you charge me?", "price"),
        ("what's your e-mail address?", "email"),
        ("what do you do with my email address?", None),
        ("what email client do you use?", None),
        ("what phone number is there for complaints?", "phone"),
        ("why do you need my phone number?", None),
        ("how old is the data?", None),
        ("what web address has the form?", "link"),
        # An address comes before a time.
        ("which email do I write to and how long does it take?", "email"),
        ("how much of my data do you sell?", None),
        ("who gets my data?", None),
        ("how many people see it?", None),
        ("do you sell it?", None),
        ("", None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: str | None) -> None:
    assert asked_amount(question) == kind


@pytest.mark.parametrize(
    ("kind", "text", "amount"),
    [
        ("time", "We keep log files for thirty days, then burn them.", "thirty days"),
        ("time", "We keep it for 24 months.", "24 months"),
        ("time", "Ten years.", "Ten years"),
        ("time", "within thirty (30) calendar days of it", "thirty (30) calendar days"),
        ("time", "within 30 (thirty) days of it", "30 (thirty) days"),
        ("time", "for twenty-one days", "twenty-one days"),
        ("time", "during the 18-month period", None),
        ("time", "after an hour", "an hour"),
        ("time", "1,000 hours", "1,000 hours"),
        # A range is one amount: its end alone would be wrong.
        ("time", "for 30 to 90 days", "30 to 90 days"),
        ("time", "for 6–12 months", "6–12 months"),
        ("time", "for 6 - 12 months", "6 - 12 months"),
        ("time", "for two or three weeks", "two or three weeks"),
        ("time", "for between 30 and 90 days", "between 30 and 90 days"),
        # A bound is a part of it: "5 years" would say more than "at least 5 years".
        ("time", "for at least 5 years", "at least 5 years"),
        ("time", "for up to a year", "up to a year"),
        ("time", "no longer than two weeks", "no longer than two weeks"),
        ("time", "for a minimum of 6 months", "a minimum of 6 months"),
        # These are no terms.
        ("time", "what you did in the past 12 months", None),
        ("time", "We opened two years ago.", None),
        ("time", "Children of 13 years of age", None),
        ("time", "once a year", None),
        ("time", "every 30 days", None),
        # Half of a number is no number.
        ("time", "a hundred and twenty days", None),
        ("often", "We ask once a year.", "once a year"),
        ("often", "We ask every 30 days.", "every 30 days"),
        ("often", "Annually, we ask.", "Annually"),
        ("often", "daily or each week", None),
        ("often", "for 30 days", None),
        # The same amount twice is one, two are none.
        ("time", "for 90 days, yes, 90 days", "90 days"),
        ("time", "24 months for letters, 2 years for mail", None),
        ("time", "as long as we need it", None),
        ("time", "in daylight, for months", None),
        ("age", "You must be at least 13.", "13"),
        ("age", "for people over 16 years of age", "16"),
        ("age", "no 13-year-old children; see Section 4", "13"),
        ("age", "within 30 days, in 2016, for 90% of them", None),
        ("age", "for one of them, not a child", None),
        ("age", "over 13, or 16 in Europe", None),
        ("price", "A copy costs $25.", "$25"),
        ("price", "It is €1,000.50, once.", "€1,000.50"),
        ("price", "It is £ 3, or less.", "£ 3"),
        ("price", "at 10 USD a month", "10 USD"),
        ("price", "We do it free of charge.", "free of charge"),
        ("price", "$5 or $6", None),
        ("price", "for a fee", None),
        ("email", "Write to help.me+you@acme.co.uk.", "help.me+you@acme.co.uk"),
        ("email", "a@acme.example or b@acme.example", None),
        ("email", "Write to us at acme dot example", None),
        ("phone", "Call (800) 555-1234 now.", "(800) 555-1234"),
        ("phone", "Call +1 (800) 555-1234.", "+1 (800) 555-1234"),
        ("phone", "Ring 020 7946 0018.", "020 7946 0018"),
        ("phone", "Room 12 (3rd floor)", None),
        ("phone", "1. .. - 2 (((( 3", None),
        ("phone", "on 2016-05-31 from 192.168.100.200", None),
        ("link", "See https://acme.example/a?b=c.", "https://acme.example/a?b=c"),
        ("link", "at “www.acme.example/privacy”", "www.acme.example/privacy"),
        ("link", "See our page.", None),
    ],
)
def test_the_amount_asked_for(kind: str, text: str, amount: str | None) -> None:
    assert find_amount(KINDS[kind], text) == amount


def test_a_question_for_no_amount_gets_none() -> None:
    assert find_amount("who keeps it?", "We keep it for 24 months at $25; a@acme.example") is None


@given(
    kind=st.sampled_from(sorted(KINDS)),
    text=st.text(max_size=40) | st.from_regex(r"([0-9$€ ().+-]|days|a@b\.c|www\.|13 years ){0,9}", fullmatch=True),
)
def test_an_amount_stands_in_the_text_as_it_is_given(kind: str, text: str) -> None:
    amount = find_amount(KINDS[kind], text)
    assert amount is None or (amount and amount in text and amount == amount.strip())
