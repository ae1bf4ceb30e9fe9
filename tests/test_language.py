"""Tests of corpus.language."""

from __future__ import annotations

import pytest

from corpus import language as module
from corpus.language import language_of, reads_like_policy

ENGLISH = "We collect your personal information when you open an account with us and share it with nobody at all."
GERMAN = (
    "Wir erheben Ihre personenbezogenen Daten, wenn Sie ein Konto eröffnen, und geben sie niemals an Dritte weiter."
)
FRENCH = "Nous recueillons vos données personnelles lorsque vous ouvrez un compte et ne les partageons avec personne."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (FRENCH, "fr"),
        ("個人情報を収集します。第三者に提供することはありません。" * 3, "ja"),
        ("", "en"),
        ("Datenschutz und Cookies", "en"),
        ("12345 " * 100, "en"),
        ("x " * 500, "en"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language_of(text) == code


def test_mostly_english_is_english_without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_identifier", None)
    assert language_of("We tell you that this is your choice and the choice of your child. " * 5) == "en"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, "Wij zijn de eigenaar of huurder van uw gegevens."])
def test_a_few_words_of_english_do_not_make_a_text_english(text: str) -> None:
    assert language_of(f"{text} " * 8 + "The terms of use and the privacy policy.") != "en"


def test_only_the_start_of_a_long_text_counts() -> None:
    assert language_of(GERMAN * 60 + ENGLISH * 600) == "de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, True),
        ("The cat sat on the mat and looked at the bird, and it was a sunny day for all of them.", False),
        ("", False),
        ("個人情報", False),
        ("Privacy—POLICY’s ‘data’/cookies.", True),
        ("dataprivacy x9 " * 20 + "é data", False),
    ],
)
def test_reads_like_policy(text: str, expected: bool) -> None:
    assert reads_like_policy(text) is expected
