"""Tests of nlp.polarity: which words on which side count, and together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.polarity import CONTINUATION, EXCEPTION, NAMES, main_part, polarity_features


def says(question: str, clause: str) -> set[str]:
    """Return the names of the features that hold."""
    features = polarity_features(question, clause)
    return {name for name, value in zip(NAMES, features, strict=True) if value}


@pytest.mark.parametrize(
    ("question", "clause", "expected"),
    [
        ("", "", set()),
        ("do you sell data?", "We sell data.", set()),
        ("do you sell data?", "We do not sell data.", {"clause:negated", "clause:flat", "clause:negated early"}),
        (
            "don't you sell data?",
            "We don’t sell data.",
            {"question:negated", "clause:negated", "clause:negated early", "negated&negated"},
        ),
        (
            "do I have to tell?",
            "Telling is optional.",
            {"question:duty", "clause:choice", "duty&choice"},
        ),
        (
            "can I see everything?",
            "You see it except for logs.",
            {"question:total", "question:permission", "clause:exception", "total&exception"},
        ),
        ("does it cost anything?", "It is free.", {"question:price", "clause:free", "price&free"}),
        (
            "must I pay?",
            "You must pay, but only once.",
            {"question:duty", "question:price", "clause:duty", "clause:exception", "clause:only", "duty&duty"},
        ),
        (
            "is it true?",
            "It cannot be.",
            {"question:confirmation", "clause:negated", "clause:negated early", "clause:duty", "clause:may_not"}
            | {"confirmation&negated"},
        ),
    ],
)
def test_what_each_side_says(question: str, clause: str, expected: set[str]) -> None:
    assert says(question, clause) == expected


def test_a_late_negation_is_not_early() -> None:
    clause = "We sell all that you have told us here, and do not regret it."
    assert says("do you sell it?", clause) == {"clause:negated", "clause:flat"}


def test_case_does_not_count() -> None:
    assert says("DO YOU NEVER SELL?", "WE NEVER SELL.") == says("do you never sell?", "we never sell.")


def test_names_are_as_many_as_features_and_differ() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(polarity_features("a", "b"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_features_are_zeros_and_ones(question: str, clause: str) -> None:
    assert set(np.unique(polarity_features(question, clause))) <= {0.0, 1.0}


@pytest.mark.parametrize(
    ("clause", "limits"),
    [
        ("We sell it, except on Sundays.", True),
        ("Unless you ask, we keep it.", True),
        ("However, we may.", True),
        ("Only when you agree.", True),
        ("We use it only after we have asked.", True),
        ("You may, provided you are an adult.", True),
        ("We keep it subject to the law.", True),
        ("We share it with your consent.", True),
        ("We share it where you have given explicit consent.", True),
        ("We share it if you give us your prior consent.", True),
        ("We share it if you opt in.", True),
        ("We sell it where permitted.", True),
        ("We keep it as long as you stay.", True),
        ("We keep it as long as we like.", False),
        ("We share it with your bank.", False),
        ("If you ask, we tell.", False),
        ("The subject is data.", False),
        ("We sell only names.", False),
        ("An exceptional firm.", False),
    ],
)
def test_exceptions(clause: str, limits: bool) -> None:
    assert bool(EXCEPTION.search(clause)) is limits


@pytest.mark.parametrize(
    ("clause", "takes_back"),
    [
        ("However, we may.", True),
        ("but not on Sundays", True),
        ("This does not apply to banks.", True),
        ("That said, we may.", True),
        ("Unless you ask.", True),
        ("We may, however, not.", False),
        ("Butter is no data.", False),
        ("This applies to banks.", False),
    ],
)
def test_continuations(clause: str, takes_back: bool) -> None:
    assert bool(CONTINUATION.match(clause)) is takes_back


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("We sell your location to brokers, unless you opt out.", "We sell your location to brokers"),
        ("Sharing: We do not sell it to anyone (except as required by law).", "Sharing: We do not sell it to anyone"),
        ("Unless you agree, we do not sell it.", "Unless you agree, we do not sell it."),
        ("We never lend unless you ask us to.", "We never lend unless you ask us to."),
        ("We keep it only if you agree to that.", "We keep it only if you agree to that."),
    ],
)
def test_the_main_part_is_what_stands_before_an_exception(text: str, main: str) -> None:
    assert main_part(text) == main
