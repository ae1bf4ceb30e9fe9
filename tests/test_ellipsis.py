"""Tests of nlp.ellipsis: a follow-up puts what it names in the place of what was asked about."""

from __future__ import annotations

import pytest

from nlp.ellipsis import in_place


@pytest.mark.parametrize(
    ("base", "topic", "question"),
    [
        ("how long do you keep call recordings", "order history", "how long do you keep order history"),
        ("how long do you keep call recordings", "for logs", "how long do you keep logs"),
        ("how long do you keep my data after I leave", "backups", "how long do you keep backups after I leave"),
        ("How long are voice recordings kept", "billing details", "How long are billing details kept"),
        ("do you also share my email with advertisers", "my name", "do you also share my name with advertisers"),
        ("is my data sold to anyone", "cookies", "is cookies sold to anyone"),
        ("can i stop the marketing mails", "transactional ones", "can i stop transactional mails"),
    ],
)
def test_a_thing_takes_the_place_of_another(base: str, topic: str, question: str) -> None:
    assert in_place(base, topic) == question


@pytest.mark.parametrize(
    ("base", "topic"),
    [
        # Said beside the thing.
        ("do you sell my data", "for children"),
        ("do you sell my data", "even if I say no"),
        ("how long do you keep my data", "for my kids"),
        ("do you ask my parents", "for logs"),
        ("do you sell my data", "anyone else"),
        # No thing, or a long one.
        ("are you safe", "cookies"),
        ("what do you do with it", "cookies"),
        ("do you sell large old lists of my own friends", "cookies"),
        ("tracking cookies", "ads"),
    ],
)
def test_what_does_not_look_like_it_is_left_alone(base: str, topic: str) -> None:
    assert in_place(base, topic) is None
