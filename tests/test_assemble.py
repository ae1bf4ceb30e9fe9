"""Tests of corpus.assemble: title, table of contents, dates and warnings, and the bundled statement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from offset_laws import Outline, check_laws, outline

from corpus.assemble import MAX_TEXT, statement_from_markdown
from corpus.load import load_bundled, load_file
from corpus.types import ArchiveRecord, Block, DocumentError, Link, Section, Statement

SHARED = Path(__file__).parents[2] / "shared"
NO_POLICY = "this document does not read like a privacy policy; tags and answers may mean little"

ACME = """\
> *The following text is extracted and transformed from the acme.example privacy policy that was archived on \
2016-05-31. Please check the [original snapshot](https://web.archive.org/web/1/acme) for the rest.*

# Acme Privacy Policy | Acme

Effective as of May 1, 2016. See [our site](https://acme.example/).

  1. Data
  2. Sharing
  3. Contacting us

### 1\\. Data

We collect:

- your name;
- your address.

### 2\\. Sharing

**Partners.** We share nothing.

### 3\\. Contacting Us

us@acme.example
"""


def test_a_small_statement_in_full() -> None:
    assert statement_from_markdown(ACME, id="acme") == Statement(
        id="acme",
        title="Acme Privacy Policy",
        text=(
            "Acme Privacy Policy | Acme\n\nEffective as of May 1, 2016. See our site.\n\n"
            "1. Data\n2. Sharing\n3. Contacting us\n\n1. Data\n\nWe collect:\n\n• your name;\n• your address.\n\n"
            "2. Sharing\n\nPartners. We share nothing.\n\n3. Contacting Us\n\nus@acme.example"
        ),
        blocks=(
            Block("title", 0, 26, level=1),
            Block("paragraph", 28, 70, run_in=28),
            Block("contents", 75, 79, level=1, marker="1.", run_in=75),
            Block("contents", 83, 90, level=1, marker="2.", run_in=83),
            Block("contents", 94, 107, level=1, marker="3.", run_in=94),
            Block("heading", 109, 116, 0, level=3, run_in=109),
            Block("paragraph", 118, 129, 0, run_in=118),
            Block("item", 133, 143, 0, lead_in=6, level=1, marker="•", run_in=133),
            Block("item", 146, 159, 0, lead_in=6, level=1, marker="•", run_in=146),
            Block("heading", 161, 171, 1, level=3, run_in=161),
            Block("paragraph", 173, 200, 1, run_in=182),
            Block("heading", 202, 218, 2, level=3, run_in=202),
            Block("paragraph", 220, 235, 2, run_in=220),
        ),
        sections=(
            Section("1. Data", "1", 30, None, 109),
            Section("2. Sharing", "2", 30, None, 161),
            Section("3. Contacting Us", "3", 30, None, 202),
        ),
        links=(Link(61, 69, "https://acme.example/"),),
        archive=ArchiveRecord("acme.example", date(2016, 5, 31), "https://web.archive.org/web/1/acme"),
        effective_on="2016-05-01",
    )


@pytest.mark.parametrize(
    ("markdown", "title", "first"),
    [
        ("# Privacy\n\n## A\n\nWe share data.", "Privacy", "title"),
        ("# Acme\n\nWe share data.", "Acme", "title"),
        ("Home\n\n# Acme\n\nWe share data.", "Acme", "paragraph"),
        ("a\n\nb\n\n# Acme\n\nWe share data.", "Given", "paragraph"),
        ("## 1. Scope\n\nWe share data.", "Given", "heading"),
        ("## A\n\nWe share data.\n\n## B\n\nWe share data.", "Given", "heading"),
        ("## Privacy notice\n\nWe share data.\n\n## B\n\nWe share data.", "Privacy notice", "title"),
        ("# A\n\nWe share data.\n\n# B\n\nWe share data.", "Given", "heading"),
        ("We share data.", "Given", "paragraph"),
        ("# Acme – Privacy Policy\n\nWe share data.", "Privacy Policy", "title"),
        ("# Cookies — Acme\n\nWe share data.", "Cookies — Acme", "title"),
        ("# Non-profit privacy\n\nWe share data.", "Non-profit privacy", "title"),
    ],
)
def test_title(markdown: str, title: str, first: str) -> None:
    statement = statement_from_markdown(markdown, title="Given")
    assert (statement.title, statement.blocks[0].kind) == (title, first)
    check_laws(statement)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (None, "Privacy policy"),
        ("", "Privacy policy"),
        ("\u200b\n", "Privacy policy"),
        ("Acme\u202e \x1b[31m\nInc", "Acme [31m Inc"),
        ("Acme | Privacy Notice", "Privacy Notice"),
        ("x" * 4_000_000, "x" * 200),
    ],
)
def test_a_given_title_is_made_fit_to_show(given: str | None, title: str) -> None:
    assert statement_from_markdown("We share data.", title=given).title == title


def test_an_archived_copy_without_a_title_is_named_after_its_site() -> None:
    note = ACME.split("\n\n")[0]
    statement = statement_from_markdown(note + "\n\nWe share data.")
    assert (statement.title, statement.archived_on) == ("Privacy policy of acme.example", "2016-05-31")
    assert statement.text == "We share data."


def test_a_title_is_taken_out_of_the_heading_paths() -> None:
    statement = statement_from_markdown("# Acme\n\nIntro.\n\n## A\n\n### B\n\nWe share.\n\n## C\n\nWe sell.")
    assert outline(statement) == [
        ("title", "Acme", (), "", 1),
        ("paragraph", "Intro.", (), "", 0),
        ("heading", "A", ("A",), "", 2),
        ("heading", "B", ("A", "B"), "", 3),
        ("paragraph", "We share.", ("A", "B"), "", 0),
        ("heading", "C", ("C",), "", 2),
        ("paragraph", "We sell.", ("C",), "", 0),
    ]


def test_a_table_of_contents_under_its_own_heading() -> None:
    markdown = "# P\n\n## Contents\n\n- Sharing\n- Cookies\n- Us\n\nWe are Acme.\n\n"
    markdown += "".join(f"## {name}\n\nWe do.\n\n" for name in ("Sharing", "Cookies", "Us"))
    assert outline(statement_from_markdown(markdown))[:8] == [
        ("title", "P", (), "", 1),
        ("heading", "Contents", ("Contents",), "", 2),
        ("contents", "Sharing", ("Contents",), "•", 1),
        ("contents", "Cookies", ("Contents",), "•", 1),
        ("contents", "Us", ("Contents",), "•", 1),
        ("paragraph", "We are Acme.", (), "", 0),
        ("heading", "Sharing", ("Sharing",), "", 2),
        ("paragraph", "We do.", ("Sharing",), "", 0),
    ]


@pytest.mark.parametrize(
    ("items", "kinds"),
    [
        (["A", "B", "C", "your name", "your age"], ["contents"] * 5),
        (["A", "B", "your name", "your age"], ["item"] * 4),
        (["A", "B"], ["item"] * 2),
    ],
)
def test_a_list_is_contents_if_most_of_it_names_headings(items: list[str], kinds: list[str]) -> None:
    listed = "".join(f"- {item}\n" for item in items)
    headed = "".join(f"\n## {name}\n\nWe share.\n" for name in "ABC")
    statement = statement_from_markdown(listed + headed)
    assert [block.kind for block in statement.blocks][: len(items)] == kinds


def test_a_date_counts_at_the_start_and_at_the_end_only() -> None:
    filler = "\n\n".join(f"We share data {n}." for n in range(8))
    assert statement_from_markdown(f"Updated May 1, 2015\n\n{filler}\n\n{filler}").effective_on == "2015-05-01"
    assert statement_from_markdown(f"{filler}\n\n{filler}\n\nUpdated May 1, 2015").effective_on == "2015-05-01"
    assert statement_from_markdown(f"{filler}\n\nUpdated May 1, 2015\n\n{filler}").effective_on is None


def test_the_id_is_a_hash_of_the_text_unless_one_is_given() -> None:
    assert statement_from_markdown("We share *data*.").id == statement_from_markdown("We share data.").id
    assert statement_from_markdown("We share data.").id == "75846f24ae3e"
    assert statement_from_markdown("We share data.", id="acme").id == "acme"


def test_warnings_come_after_those_of_the_reader() -> None:
    cat = "The cat sat on the mat and looked at the bird, and it was a sunny day for all of them."
    german = "Wir erheben Ihre personenbezogenen Daten, wenn Sie ein Konto eröffnen, und geben sie niemals weiter."
    assert statement_from_markdown("We share your data.", warnings=["odd"]).warnings == ("odd",)
    assert statement_from_markdown(cat, warnings=["odd"]).warnings == ("odd", NO_POLICY)
    statement = statement_from_markdown(german)
    assert statement.language == "de"
    assert statement.warnings == (
        "this document seems to be in another language (de); tags and answers are made for English",
    )


@pytest.mark.parametrize(
    "markdown", ["", " \n\t", "# Privacy\n\n## Data", "[Home](/)", "![](x.png)", "<!-- x -->", "\u200b\u202e", "***"]
)
def test_a_document_without_text_is_refused(markdown: str) -> None:
    with pytest.raises(DocumentError, match=r"^the document has no text to read; give a file that holds the words of"):
        statement_from_markdown(markdown)


def test_a_document_that_is_too_long_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"^the document has 5,000,001 characters; the limit is 5,000,000: split"):
        statement_from_markdown("a" * (MAX_TEXT + 1))


JANRAIN_HEADINGS = (
    "1. Web Sites Covered",
    "2. Consent",
    "3. Personal Information We Collect",
    "Information You Give Us",
    "Information We Collect Automatically and Cookies",
    "Behavioral Targeting",
    "Do-Not-Track",
    "Other Information Collected",
    "4. Use of Personal Information Collected",
    "5. Sharing of Personal Information Collected",
    "6. Choices and Communication Preferences",
    "7. Security",
    "8. Customer Data",
    "Observance of Safe Harbor Principles",
    "Cookies Related to Our Social Login Service",
    "Anonymous Statistics",
    "9. Children",
    "10. Blog",
    "11. Correcting and Updating Your Information",
    "12. Changes to this Privacy Statement",
    "13. Contacting Us",
)


@pytest.fixture(scope="module")
def janrain() -> Statement:
    return load_bundled("janrain.com")


def test_janrain_is_known_by_title_dates_and_origin(janrain: Statement) -> None:
    assert janrain.id == "janrain.com"
    assert janrain.title == "Janrain Privacy Statement"
    assert janrain.effective_on == "2016-02-01"
    assert janrain.archived_on == "2016-05-31"
    assert janrain.archive == ArchiveRecord(
        domain="janrain.com",
        archived_on=date(2016, 5, 31),
        url="https://web.archive.org/web/20160531201556id_/http%3A//janrain.com/janrain-privacy-statement",
    )
    assert (janrain.language, janrain.warnings) == ("en", ())
    assert "archived on" not in janrain.text
    check_laws(janrain)


def test_janrain_opens_with_its_title_and_date(janrain: Statement) -> None:
    assert outline(janrain)[:2] == [
        ("title", "Janrain Privacy Statement | Janrain", (), "", 1),
        ("paragraph", "Effective as of February 1, 2016.", (), "", 0),
    ]


def test_janrain_has_a_table_of_contents_that_is_no_clause(janrain: Statement) -> None:
    names = [
        "Web Sites Covered",
        "Consent",
        "Personal Information We Collect",
        "Use of Personal Information Collected",
        "Sharing of Personal Information Collected",
        "Choices and Communication Preferences",
        "Security",
        "Customer Data",
        "Children",
        "Blog",
        "Correcting and updating your information",
        "Changes to this Privacy Statement",
        "Contacting Us",
    ]
    expected: Outline = [("contents", name, (), f"{n}.", 1) for n, name in enumerate(names, 1)]
    assert [row for row in outline(janrain) if row[0] == "contents"] == expected
    assert outline(janrain)[8:21] == expected


def test_janrain_keeps_every_heading_and_its_place(janrain: Statement) -> None:
    assert tuple(section.heading for section in janrain.sections) == JANRAIN_HEADINGS
    assert [section.number for section in janrain.sections if section.number] == [str(n) for n in range(1, 14)]
    nested = {section.heading: janrain.heading_path(i)[:-1] for i, section in enumerate(janrain.sections)}
    data, customers = "3. Personal Information We Collect", "8. Customer Data"
    assert {heading: path for heading, path in nested.items() if path} == {
        "Information You Give Us": (data,),
        "Information We Collect Automatically and Cookies": (data,),
        "Behavioral Targeting": (data,),
        "Do-Not-Track": (data,),
        "Other Information Collected": (data,),
        "Observance of Safe Harbor Principles": (customers,),
        "Cookies Related to Our Social Login Service": (customers,),
        "Anonymous Statistics": (customers,),
    }


def test_janrain_has_a_table_of_three_cookies(janrain: Statement) -> None:
    path = ("8. Customer Data", "Cookies Related to Our Social Login Service")
    columns = ("Type", "Cookie Name", "Created", "Stored Data", "Usage")
    rows = [block for block in janrain.blocks if block.kind in ("header_row", "row")]
    assert [block.kind for block in rows] == ["header_row", "row", "row", "row"]
    assert [janrain.heading_path(block.section) for block in rows] == [path] * 4
    assert [block.columns for block in rows] == [(), columns, columns, columns]
    assert [tuple(janrain.text[start:end] for start, end in block.cells) for block in rows] == [
        columns,
        (
            "Session",
            "login_tab",
            "When the user clicks on a social sign-in link",
            "Identity provider name or identifier",
            "Records which identity provider has been selected by the user, for use during the transaction",
        ),
        (
            "Session",
            "expected_tab",
            "After a successful social sign-in transaction",
            "Identity provider name or identifier",
            "Records which identity provider has successfully authenticated the user, for use during the transaction",
        ),
        (
            "Permanent",
            "welcome_info_name",
            "After a successful social sign-in transaction",
            "Display name of user as returned by identity provider",
            "Retrieves a display name for providing visual confirmation to end user",
        ),
    ]


def test_janrain_links_name_where_they_lead(janrain: Statement) -> None:
    mail = ("privacy@janrain.com", "mailto:privacy@janrain.com")
    assert [(janrain.text[link.start : link.end], link.href) for link in janrain.links] == [
        ("here", "https://feedback-form.truste.com/watchdog/request"),
        ("http://www.export.gov/safeharbor/", "http://www.export.gov/safeharbor/"),
        ("www.janrain.com", "http://www.janrain.com/"),
        ("http://www.janrain.com", "http://www.janrain.com/"),
        ("http://janrain.com/", "http://janrain.com/"),
        ("http://trust.janrain.com/", "http://trust.janrain.com/"),
        ("https://rpxnow.com/privacy", "https://rpxnow.com/privacy"),
        ("https://janraincapture.com/", "https://janraincapture.com/"),
        mail,
        ("here", "http://preferences-mgr.truste.com/"),
        ("here", "http://www.youronlinechoices.eu/"),
        ("http://www1.janrain.com/UnsubscribePage.html", "http://www1.janrain.com/UnsubscribePage.html"),
        mail,
        mail,
        mail,
    ]


def test_janrain_shows_what_is_no_markup_and_mends_what_is(janrain: Statement) -> None:
    quotes = [quote for _, quote, *_ in outline(janrain)]
    assert any("janrain_sso_checked <domainspecifier>. These cookies" in quote for quote in quotes)
    assert quotes[-1].endswith(
        "or by mailing Janrain, Inc.\nAttn: Privacy , 519 SW 3rd Ave., Suite 200, Portland, OR 97204"
    )
    assert "_You can request" not in janrain.text and "*" not in janrain.text


@pytest.mark.skipif(not SHARED.is_dir(), reason="the documents to measure against are not on this machine")
@pytest.mark.parametrize("folder", ["eval/docs", "corpus", "data/compare"])
def test_the_laws_hold_for_every_document(folder: str) -> None:
    paths = [path for path in sorted((SHARED / folder).glob("*.md")) if path.name != "README.md"]
    assert paths
    for path in paths:
        check_laws(load_file(path))


def test_a_title_that_says_privacy_needs_no_vocabulary() -> None:
    words = "Only the otter and its friends may look, and nobody else ever does so."
    assert statement_from_markdown(f"# Otters\n\n{words}").warnings == (NO_POLICY,)
    assert statement_from_markdown(f"# Privacy for Otters\n\n{words}").warnings == ()
