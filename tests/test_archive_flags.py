"""Tests of corpus.archives.flags: what is noise, and short policies that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.archives.flags import Flag, dips, flags_of
from corpus.load import load_file, load_text
from corpus.questions import FOLDER
from corpus.types import DocumentError, Statement

CLOUD = """# Attention Required!

## Sorry, you have been blocked

You are unable to access acme.com

### Why have I been blocked?

This website is using a security service to protect itself from online attacks. The action you just performed triggered
the security solution. There are several actions that could trigger this block.

Performance & security by Cloud
"""
BEFORE = """# Before you continue

We use cookies and data to

- Deliver and maintain services, like tracking outages and protecting against spam, fraud, and abuse
- Measure audience engagement and site statistics

If you agree, we will also use cookies and data to improve our services and to measure ads.

Reject all

Accept all
"""
PARTNERS = """# We value your privacy

We and our partners store and access information on a device, such as cookies, and process personal data. With your
permission we and our partners may use precise data about where you are. You may consent to our partners' processing.

MORE OPTIONS

AGREE
"""
MENU = "\n".join(f"* {word}" for word in ("Home", "Mail", "News", "Privacy", "Your Account", "Security", "Help") * 3)
REGIONS = "# Terms\n\nTo read the terms, please choose your region from the list below.\n\n" + "\n\n".join(
    f"{place} ({language})"
    for place, language in [
        ("Argentina", "español"), ("Australia", "English"), ("België", "Nederlands"), ("Brasil", "português"),
        ("Canada", "English"), ("Česká republika", "čeština"), ("Danmark", "dansk"), ("Deutschland", "Deutsch"),
        ("France", "français"), ("Italia", "italiano"), ("Latvija", "latviešu"), ("Magyarország", "magyar"),
        ("Polska", "polski"), ("Suomi", "suomi"), ("Türkiye", "Türkçe"), ("Ελλάδα", "ελληνικά"),
        ("Россия", "русский"), ("Україна", "українська"), ("日本", "日本語"), ("臺灣", "繁體中文"),
    ]
)  # fmt: skip
GERMAN = "# Datenschutz\n\n" + (
    "Wir erheben Ihren Namen und Ihre Anschrift, wenn Sie bei uns bestellen. Wir geben diese Daten nicht an andere "
    "weiter, und wir löschen sie nach sieben Jahren, wenn kein Gesetz etwas anderes verlangt.\n\n"
) * 3  # fmt: skip


def flagged(text: str) -> tuple[Flag, ...]:
    return flags_of(text, statement(text))


def statement(text: str) -> Statement | None:
    try:
        return load_text(text, kind="markdown")
    except DocumentError:
        return None


@pytest.mark.parametrize(
    "text", ["", "  \n\n", "***", "\ufeff", "<html><body><script>we_collect()</script></body></html>"]
)
def test_a_version_without_a_word_is_empty(text: str) -> None:
    assert flagged(text) == ("empty",)


@pytest.mark.parametrize(
    "text",
    [
        "404 Not Found\n\nnginx/1.18.0",
        "# 404\n\nPage not found\n\nSorry, the page you requested could not be found.",
        "404. That’s an error.\n\nThe requested URL /privacy was not found on this server.",
        "Error 404 - Page Not Found",
        "HTTP Error 403 - Forbidden",
        "# Oops! That page can’t be found.\n\nIt looks like nothing was found at this location.",
        "Whoops, we couldn't find that page.",
        "We can't find the page you were trying to reach. We apologize for the inconvenience.",
        "Access Denied\n\nYou don't have permission to access this on this server.\n\nReference 18.2d3e1402",
        "Just a moment...\n\nEnable JavaScript and cookies to continue",
        "# acme.com\n\n## Checking if the site connection is secure\n\nacme.com needs to review the security of it.",
        "# Robot Check\n\nEnter the characters you see below\n\nPlease make sure your browser is accepting cookies.",
        "Verify you are human by completing the action below.",
        "Please enable JavaScript in your browser to view the content.",
        "You need to enable JavaScript to run this app.",
        "503 Service Unavailable\n\nNo server is available to handle this request.",
        "We'll be back soon!\n\nSorry, we are performing some maintenance at the moment.",
        "Loading\n=======",
        CLOUD,
    ],
)
def test_an_error_page_is_flagged(text: str) -> None:
    assert flagged(text) == ("error-page",)


@pytest.mark.parametrize(
    "text",
    [
        "We use cookies to improve your experience. By continuing you accept them.\n\nAccept all\n\nReject all",
        "This website uses cookies.\n\nCookie settings\n\nI agree",
        BEFORE,
        PARTNERS,
    ],
)
def test_a_cookie_banner_is_flagged(text: str) -> None:
    assert flagged(text) == ("cookie-banner",)


def test_another_language_is_flagged() -> None:
    assert flagged(GERMAN) == ("other-language",)
    # A menu in English does not make it English, nor does one in German make a policy German.
    assert flagged(MENU + "\n\n" + GERMAN) == ("other-language",)
    policy = (FOLDER / "harrow-bank.md").read_text(encoding="utf-8")
    assert flagged("* Startseite\n* Über uns\n* Nachrichten\n* Anmelden\n\n" + policy) == ()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Privacy Policy", ("short", "not-a-policy")),
        ("This domain is for sale.", ("short", "not-a-policy")),
        (MENU, ("short", "not-a-policy")),
        (REGIONS, ("short", "not-a-policy")),
        (
            "# Privacy Center\n\nThis is how we use your information.\n\nRead the Acme Privacy Policy.",
            ("short",),
        ),
    ],
)
def test_what_is_too_short_or_no_policy_is_flagged(text: str, flags: tuple[Flag, ...]) -> None:
    assert flagged(text) == flags


def test_a_long_text_on_something_else_is_no_policy() -> None:
    recipe = (
        "Peel the apples and cut them into slices. Melt the butter with the sugar, and stir until it is brown.\n\n" * 20
    )
    assert flagged("# Apple cake\n\n" + recipe) == ("not-a-policy",)


@pytest.mark.parametrize(
    "text",
    [
        "# Privacy Policy\n\nThis app does not collect, store or share any personal information. If you have "
        "questions, send an email to dev@acme.com and we will answer as soon as we can.",
        "# Privacy\n\nPlease enable JavaScript to use this site.\n\nWe collect your email address when you sign up. We "
        "never sell it. We delete your data within 30 days when you ask for it.",
        "# Cookie policy\n\nWe use one cookie to keep you signed in. It holds a random number and is deleted when you "
        "sign out. We do not use cookies of third parties. We do not share information with anybody.",
        "# Privacy Policy\n\nWe use cookies to remember you.\n\nAccept all\n\nReject all\n\nWe collect your name and "
        "your email address when you order. We share your address with our carrier. We keep orders for seven years.",
        "# Privacy Policy\n\nIf access is denied, you get an error 404. We log such requests with your IP address and "
        "keep these records for 14 days. We do not share the logs with third parties.",
        "# Privacy\n\nAny information collected from our customers will never be sold, given, rented or loaned to any "
        "third party, and that is all there is to say.",
    ],
)
def test_a_short_policy_is_no_noise(text: str) -> None:
    assert flagged(text) == ()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*-*.md")), ids=lambda path: path.stem)
def test_our_own_statements_are_not_flagged(path: Path) -> None:
    read = load_file(path)
    assert flags_of(path.read_text(encoding="utf-8"), read) == ()
    notice = "# JavaScript is disabled\n\nPlease enable JavaScript.\n\n* * *\n\n"
    assert flagged(notice + path.read_text(encoding="utf-8")) == ()


def test_what_could_not_be_read_is_judged_by_its_text() -> None:
    assert flags_of("<html><body><h1>404 Not Found</h1></body></html>", None) == ("error-page",)
    assert flags_of("[](https://acme.com)", None) == ("empty",)


@given(st.text(max_size=300))
def test_any_text_has_flags_and_an_empty_or_broken_page_only_one(text: str) -> None:
    found = flagged(text)
    assert len(set(found)) == len(found)
    assert len(found) == 1 or not {"empty", "error-page", "cookie-banner"} & set(found)


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([], []),
        ([100], [0]),
        ([100, 5, 100], [0, 1, 0]),
        ([100, 5, 0, 5, 60, 100], [0, 1, 1, 1, 0, 0]),
        ([100, 15, 100], [0, 0, 0]),
        ([5, 100, 100], [0, 0, 0]),
        ([100, 5, 5, 5], [0, 0, 0, 0]),
        ([100, 5, 40], [0, 0, 0]),
        ([100, 5, 100, 8, 100], [0, 1, 0, 1, 0]),
        ([0, 0, 100], [0, 0, 0]),
    ],
)
def test_a_passing_dip_is_told_from_a_policy_that_was_shortened(sizes: list[int], found: list[int]) -> None:
    assert dips(sizes) == tuple(map(bool, found))
