"""Tests of nlp.normal: what of a clause counts when it is compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normal import Normal, words_of


def test_words_have_no_case_and_no_punctuation() -> None:
    assert words_of("We DON’T “sell” e-mail_addresses, ever!") == (
        *("we", "don", "t", "sell", "e", "mail", "addresses", "ever"),
    )
    assert words_of("… — !") == ()


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("1. We sell names.", "1.", "We sell names."),
        ("2.3 We sell names.", "2.3", "We sell names."),
        ("(a) We sell names.", "(a)", "We sell names."),
        ("iv) We sell names.", "iv)", "We sell names."),
        ("30 days pass.", "", "30 days pass."),
        ("I sell names.", "", "I sell names."),
        ("2.", "", "2."),
    ],
)
def test_the_number_in_front_stands_apart(text: str, number: str, rest: str) -> None:
    normal = Normal.of(text)
    assert (normal.number, normal.words, normal.undated) == (number, words_of(rest), words_of(rest))


@pytest.mark.parametrize(
    ("text", "undated"),
    [
        ("Data from before 1 May 2018 are deleted.", "data from before are deleted"),
        ("Data from before May 2018 are deleted.", "data from before are deleted"),
        ("Data from before 2018-05-01 are deleted.", "data from before are deleted"),
        ("We may keep 2018 names.", "we may keep 2018 names"),
        ("See section 9.1(b) and Part 2.", "see section and part"),
        ("We keep (a) names, ii) addresses and (B) logs.", "we keep names addresses and logs"),
        ("We keep them for thirty (30) days.", "we keep them for thirty 30 days"),
        ("Name(s) of a child (s.a.)", "name s of a child s a"),
    ],
)
def test_dates_and_numbers_of_lists_and_sections_do_not_count(text: str, undated: str) -> None:
    assert Normal.of(text).undated == tuple(undated.split())


def test_what_does_not_count_is_still_there() -> None:
    normal = Normal.of("Since May 1, 2018 we keep (a) names.")
    assert normal.words == tuple("since may 1 2018 we keep a names".split())
    assert normal.dates == ("May 1, 2018",)


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("Last updated: 1 May 2024", True),
        ("This privacy policy was last modified on June 3, 2025.", True),
        ("2023-11-30", True),
        ("Last updated recently.", False),
        ("On 1 May 2024 we sold names.", False),
    ],
)
def test_the_date_of_a_statement_is_told_from_a_sentence_with_a_date(text: str, is_date: bool) -> None:
    assert Normal.of(text).is_date is is_date


@pytest.mark.parametrize(
    ("text", "is_code"), [("icbu011228245074", True), ("12 / 2", True), ("GDPR2016", False), ("30 days", False)]
)
def test_a_mark_of_a_machine_is_told_from_words(text: str, is_code: bool) -> None:
    assert Normal.of(text).is_code is is_code


def test_what_no_reader_sees_does_not_count() -> None:
    assert Normal.of("pri\u00advacy\u200b \ufb01les \u2460").words == ("privacy", "files", "1")


@given(st.text(max_size=60))
def test_the_normal_form_is_that_of_unicode(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text)
    assert Normal.of(text).words == Normal.of(plain).words


def test_a_word_of_a_hundred_thousand_accents_is_read() -> None:
    assert len(Normal.of("a" + "\u0301\u0323" * 50_000).words) >= 1
