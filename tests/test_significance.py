"""Tests of nlp.significance: what makes a change one of substance, and the reason that is given."""

from __future__ import annotations

import pytest

from nlp.changes import Change, ChangeKind, Passage
from nlp.significance import Difference, judge, own_names


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
        ("Write to a@acme.example now.", "Write to b@acme.example now.", "an address"),
        ("Call us.", "Call us on https://acme.example/call", "an address"),
        ("We share names.", "We share names with advertisers.", "adds: advertisers"),
        ("We share names with advertisers.", "We share names.", "drops: advertisers"),
        ("We share names with auditors.", "We share names with advertisers.", "adds: advertisers; drops: auditors"),
    ],
)
def test_facts_are_of_substance(old: str, new: str, reason: str) -> None:
    assert judged(old, new) == ("substantive", reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We collect your names.", "We are collecting your name."),
        ("We may share names.", "We share names, too."),
        ("We keep logs for thirty days.", "We keep logs for 30 days."),
        ("We gladly share names.", "We swiftly share names."),
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
    assert judged(None, "We sell names.", kind="added") == ("substantive", "said only in the new version")
    assert judged("We sell names.", None, kind="removed") == ("substantive", "said only in the old version")


@pytest.mark.parametrize(
    "text", ["For more information, see our Cookie Policy.", "We do so as follows:", "Click here to learn more."]
)
def test_a_pointer_is_wording(text: str) -> None:
    reason = "a pointer or introduction without facts of its own"
    assert judged(None, text, kind="added") == ("wording", reason)
    assert judged(text, None, kind="removed") == ("wording", reason)


def test_what_moved_is_wording() -> None:
    assert judged("We sell names.", "We sell names.", kind="moved") == ("wording", "the same words in another place")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 300_000 + " we keep", "a" * 299_999 + "b we keep"),
        ("a@" * 100_000 + " we keep", "a@" * 100_000 + " we sell"),
        ("1 (" * 100_000, "1 )" * 100_000),
        ("Ab " * 20_000, "Cd " * 20_000),
    ],
)
def test_hostile_text_is_judged(old: str, new: str) -> None:
    assert judged(old, new)[0] in ("substantive", "wording")


def test_a_number_in_words_is_a_number() -> None:
    found = Difference.of("We keep logs for thirty days.", "We keep logs for ninety days.")
    assert found.reason == "a number: thirty → ninety"
