"""Tests of corpus.language."""

from __future__ import annotations

import pytest

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


def test_only_the_start_of_a_long_text_counts() -> None:
    assert language_of(GERMAN * 60 + ENGLISH * 600) == "de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, True),
        ("The cat sat on the mat and looked at the bird, and it was a sunny day for all of them.", False),
        ("", False),
        ("個人情報", False),
    ],
)
def test_reads_like_policy(text: str, expected: bool) -> None:
    assert reads_like_policy(text) is expected
