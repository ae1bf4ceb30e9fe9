"""Tests of nlp.significance: what makes a change one of substance, and the reason that is given."""

from __future__ import annotations

import pytest

from nlp.changes import Change, ChangeKind, Passage
from nlp.difference import Difference
from nlp.significance import judge, own_names


def passage(text: str) -> Passage:
    """Return a passage that is a whole statement."""
    return Passage(("c1",), text, 0, len(text))


def judged(
    old: str | None, new: str | None, *, kind: ChangeKind = "modified", texts: list[str] | None = None
) -> tuple[str, str]:
    """Return the significance of a change and the reason for it."""
    change = Change(kind, passage(old) if old else None, passage(new) if new else None)
    (found,) = judge([change], texts or [])
    return found.significance, found.reason


WORDING = ("wording", "the same in other words")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("We keep logs for 30 days.", "We keep logs for 90 days.", "a number: 30 → 90"),
        ("We keep logs.", "We keep logs for 90 days.", "a number: none → 90"),
        ("We sell your data.", "We do not sell your data.", "a negation"),
        ("We don't sell your data.", "We do sell your data.", "a negation"),
        ("We sell no data.", "We sell no data, except names.", "an exception"),
        ("We sell it unless you object.", "We do not sell it.", "a negation"),
        ("Write to a@acme.example now.", "Write to b@acme.example now.", "an address"),
        ("Call us.", "Call us on https://acme.example/call", "an address"),
        ("We share names.", "We share names with advertisers.", "adds: advertisers"),
        ("We share names with advertisers.", "We share names.", "drops: advertisers"),
        ("We share names with auditors.", "We share names with advertisers.", "adds: advertisers; drops: auditors"),
        ("We will delete your data.", "We may delete your data.", "a promise: will → may"),
        ("We share names.", "We may share names.", "a promise: none → may"),
        ("We keep it for 12 months.", "We keep it for two years.", "a number: 12 months → two years"),
        ("Calls are kept 90 days.", "Calls are kept 2 years.", "a number: 90 days → 2 years"),
        ("Calls are kept for 30 days.", "Calls are kept for 30 hours.", "a number: 30 days → 30 hours"),
        ("Calls are kept for one year.", "Calls are kept for two weeks.", "a number: one year → two weeks"),
        ("We reply in 2 days.", "We reply in 3 business days.", "a number: 2 → 3"),
        ("We share it with 3 partners.", "We share it with 5 partners.", "a number: 3 → 5"),
        ("It is not encrypted.", "It is encrypted with AES-256.", "a negation"),
        ("It is not sent encrypted.", "It is sent encrypted with TLS 1.2.", "a negation"),
        ("It is sent with TLS 1.2.", "It is sent with TLS 1.3.", "a number: 2 → 3"),
        ("We never delete it.", "We delete it after 30 days.", "a number: none → 30"),
        ("Copies are free of charge.", "Copies cost a fee.", "a promise: free → none"),
        ("It is free of errors.", "It has errors.", "a negation"),
        ("You may write to us first.", "You must write to us first.", "a promise: may → must"),
        ("We will write to you first.", "We can write to you first.", "a promise: will → can"),
        ("We ask before we do so.", "We ask after we did so.", "a promise: before → after"),
        ("You opt in to mails.", "You can opt-out of mails.", "adds: opt out; drops: opt in"),
        ("We keep names in the EU.", "We keep names in the US.", "adds: USA; drops: EU"),
        ("We only use names for mail.", "We use names for mail.", "a promise: only → none"),
        ("We keep mail 30 days, logs 90 days.", "We keep mail 90 days, logs 30 days.", "a number: 30, 90 → 90, 30"),
        ("We do not sell it and we share it.", "We sell it and we do not share it.", "a negation"),
        ("We sell names, but never mail.", "We never sell names, but mail.", "a negation"),
        (
            "We may sell it and will ask first.",
            "We will sell it and may ask first.",
            "a promise: may, will → will, may",
        ),
        ("We log your searches and pages.", "We log your searches, chats and pages.", "a list with: chats"),
        ("| * User Data * Voice Data * Usage Data", "| * User Data * Usage Data", "a list without: Voice Data"),
    ],
)
def test_facts_are_of_substance(old: str, new: str, reason: str) -> None:
    assert judged(old, new) == ("substantive", reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We collect your names.", "We are collecting your name."),
        ("We share names.", "We share names, too."),
        ("We keep it for 12 months.", "We keep it for one year."),
        ("We reply within 14 days.", "We reply within two weeks."),
        ("We keep logs for thirty days.", "We keep logs for 30 days."),
        ("For 30 days we keep your names.", "We keep your names for 30 days."),
        ("We do not sell or rent it.", "We never rent or sell it."),
        ("We gladly share names.", "We swiftly share names."),
        ("We shall log names.", "We will log names."),
        ("You can and may use it.", "You can or might use it."),
        ("Copies are free of charge.", "Copies are without cost to you."),
        ("Copies are made at no additional cost.", "Copies are made free of charge."),
        ("Our lists are free from errors.", "Our lists are without errors."),
        ("We keep logs for 30 days.", "We keep logs for 30 business days."),
        ("We log names for a purpose.", "We log and use names for a purpose."),
        ("Postal address: Acme Ltd, 1 High Street.", "Acme Ltd, 1 High Street."),
        ("We may change this statement.", "Changes 1. We may change this statement."),
        ("We are Acme Technologies AG.", "We are Acme AG."),
        ("We keep names in the United States.", "We keep names in the U.S."),
        ("You opted out.", "You opt-out."),
        ("We obey the European Economic Area.", "We obey the EEA."),
        ("We share recieved names.", "We share received names."),
        (
            "Write to a@acme.example. Names are kept for 30 days.",
            "For 30 days names are kept. Write to a@acme.example.",
        ),
    ],
)
def test_the_same_facts_in_other_words_are_wording(old: str, new: str) -> None:
    assert judged(old, new) == WORDING


def test_names_that_stand_in_many_clauses_mean_nothing() -> None:
    texts = ["All that Acme knows.", "What Acme keeps.", "If Acme asks.", "When Acme sells.", "How Acme works."]
    assert own_names(texts) == {"acm"}
    assert own_names(texts[:4]) == frozenset()
    old, new = "Acme keeps your names.", "Globex keeps your names."
    assert judged(old, new)[0] == "substantive"
    assert judged(old, new, texts=[*texts, *(text.replace("Acme", "Globex") for text in texts)]) == WORDING


def test_what_one_side_says_alone_is_of_substance() -> None:
    assert judged(None, "We sell names.", kind="added") == ("substantive", "nothing like it on the other side")
    assert judged("We sell names.", None, kind="removed") == ("substantive", "nothing like it on the other side")


@pytest.mark.parametrize(
    "text",
    [
        "For more information, see our Cookie Policy.",
        "We do so as follows:",
        "Click here to learn more.",
        "Please read the policies of those who receive your data.",
        "Learn more about how we answer these requests.",
        "Further practices can be found in Details of Products.",
        "We set out in the table below which data we collect, share and store:",
        "Why would anyone do that?",
    ],
)
def test_a_pointer_is_wording(text: str) -> None:
    reason = "a pointer or introduction without facts of its own"
    assert judged(None, text, kind="added") == ("wording", reason)
    assert judged(text, None, kind="removed") == ("wording", reason)


@pytest.mark.parametrize(
    "text",
    [
        "Please note that our websites may not recognize Do Not Track signals.",
        "We also share names for the purposes described below.",
        "You opt out by clicking on the unsubscribe link in our mails.",
        "Click here to opt out.",
        "For more information, write to privacy@acme.example.",
        "When you click on a link, we send your search along.",
        "Your profile may also be available in search results.",
        "See our Cookie Policy, and we sell names to brokers.",
    ],
)
def test_what_says_something_by_the_way_is_no_pointer(text: str) -> None:
    assert judged(None, text, kind="added")[0] == "substantive"


def test_a_pointer_that_points_elsewhere_is_wording() -> None:
    assert judged("See our Cookie Policy.", "For details, see our Notice on Advertising.")[0] == "wording"
    assert judged("See our Cookie Policy.", "We sell names; see our Cookie Policy.")[0] == "substantive"


def test_what_moved_is_wording() -> None:
    assert judged("We sell names.", "We sell names.", kind="moved") == ("wording", "the same words in another place")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 300_000 + " we keep", "a" * 299_999 + "b we keep"),
        ("a@" * 100_000 + " we keep", "a@" * 100_000 + " we sell"),
        ("TLS " + "1 " * 30_000, "TLS " + "2 " * 30_000),
        ("1 (" * 100_000, "1 )" * 100_000),
        ("Ab " * 20_000, "Cd " * 20_000),
        ("for more " * 50_000, "for more" * 50_000),
        ("see " * 100_000, "we describe " * 50_000),
        ("Acme Big " * 50_000, "a, " * 100_000),
        ("A" * 500_000 + ".", "A-" * 250_000 + "."),
        ("(" * 500_000, "." * 500_000),
    ],
)
def test_hostile_text_is_judged(old: str, new: str) -> None:
    assert judged(old, new)[0] in ("substantive", "wording")


def test_a_number_in_words_is_a_number() -> None:
    found = Difference.of("We keep logs for thirty days.", "We keep logs for ninety days.")
    assert found.reason == "a number: thirty → ninety"
