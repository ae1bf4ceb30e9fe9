"""The Markdown report says what changed, and policy text in it can only be text."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_fakes import Case, archived, case, quoting

from nlp.changes import Passage
from nlp.report.markdown import comparison_markdown
from nlp.report.words import shown

EXPECTED = """\
# Acme Privacy | Acme Privacy

* Old: Acme Privacy, acme.example, archived 31 May 2012, in effect since March 2010, acme.example \
([the archived original](<https://archive.example/acme>))
* New: Acme Privacy, acme.example, archived 31 May 2016, acme.example \
([the archived original](<https://archive.example/acme>))

2 changes of substance, 2 of wording; 3 differences of links or dates left out.

| Category | added | removed | modified | moved |
| --- | ---: | ---: | ---: | ---: |
| Collection and use | 1 |  |  |  |
| Retention |  | 1 | 1 |  |
| Contact |  | 1 |  |  |
| all changes | 1 | 1 | 1 | 1 |

## Changes of substance

**1. Modified**: Retention; a number: 30 -\\> 90

> **−** Logs: “We keep logs for ~~30~~ days.”
>
> **+** Logs: “We keep logs for **90** days.”

**2. Removed**: Contact, Retention

> **−** Logs: “Write us a letter.”

## Changes of wording

**3. Added**: Collection and use; wording only

> **+** Logs: “Our website sets cookies.”

**4. Moved**

> Sharing → Logs: “The police may ask for data.”
"""


def report(one: Case, **options: str) -> str:
    return comparison_markdown(one.comparison, one.old, one.new, **options)


def rendered(one: Case) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(report(one)))


def said(one: Case) -> str:
    """Return what a reader of the rendered report sees."""
    return html.unescape(re.sub(r"<!-- -->|</?\w[^>]*>", "", rendered(one)))


def test_the_whole_report() -> None:
    assert report(case()) == EXPECTED


def test_a_note_follows_the_summary() -> None:
    assert "left out.\n\nOnly these.\n\n| Category" in report(case(), note="Only these.")


def test_no_change_is_a_sentence() -> None:
    assert report(case().with_changes(noise={})).endswith("\n\nNo change.\n")


def test_two_documents_have_other_words() -> None:
    one = case().with_changes(*case().comparison.changes, similarity=0.0, kinship=0.0)
    text = report(replace(one, new=replace(one.new, archive=archived(2016, "other.example"))))
    assert "\n* A: Acme Privacy" in text
    assert "| Category | only in B | only in A | in both, reworded | in both, elsewhere |" in text
    assert "**3. Only in B**" in text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![pixel](https://elsewhere.example/p.png)",
        "[^1] and [a]: b",
        "`code` *emphasis* _underlined_ ~~gone~~",
        "a | b || c",
        "&lt;b&gt; &amp; &#64;",
        "{{7*7}} {% raw %} $x^2$",
        "https://elsewhere.example and <https://elsewhere.example> and www.elsewhere.example",
        "ends in a backslash \\",
        "\\* \\\\",
        "# not a heading",
    ],
)
def test_hostile_text_is_only_text(text: str) -> None:
    page = rendered(quoting(text))
    assert not re.search(r"<(script|img|a|code|em|s|b|hr|h3|sup)\b", page)
    assert f"“{text}”" in said(quoting(text))


def test_addresses_do_not_become_links_by_themselves() -> None:
    text = report(quoting("see https://a.example or WWW.a.example"))
    assert "https\\://a.example" in text
    assert "WWW\\.a.example" in text


def test_nobody_is_called_where_it_is_pasted() -> None:
    text = report(quoting("ask @octocat about #12, or me@acme.example"))
    assert "ask @<!-- -->octocat about \\#<!-- -->12, or me@acme.example" in text
    assert "ask @octocat about #12, or me@acme.example" in said(quoting("ask @octocat about #12, or me@acme.example"))


def test_order_of_reading_cannot_be_turned() -> None:
    assert "“safe evil”" in report(quoting("safe \u202eevil"))


@pytest.mark.parametrize("place", ["title", "heading", "reason", "id"])
def test_text_beside_the_quotes_is_escaped(place: str) -> None:
    hostile = "<script>alert(1)</script> *x*"
    one = quoting("We sell nothing.")
    if place in ("title", "id"):
        one = replace(one, old=replace(one.old, **{place: hostile}))
    elif place == "heading":
        one = quoting("x", "added")
        passage = replace(one.comparison.changes[0].new or Passage((), "", 0, 0), heading=(hostile,))
        one = one.with_changes(replace(one.comparison.changes[0], new=passage))
    else:
        one = quoting("x", reason=hostile)
    assert "<script>" not in rendered(one)
    assert "<em>" not in rendered(one)
    assert hostile in said(one)


def test_an_address_stays_in_its_link() -> None:
    one = case()
    url = "https://archive.example/a_(b)<c>\\?d=1&amp;e=[f]"
    page = rendered(replace(one, old=replace(one.old, archive=archived(2012, url=url))))
    assert page.count("<a ") == 2
    assert '<a href="https://archive.example/a_(b)%3Cc%3E%5C?d=1&amp;amp;e=%5Bf%5D">the archived original</a>' in page


def test_an_unsafe_address_is_no_link() -> None:
    one = case()
    page = rendered(replace(one, old=replace(one.old, archive=archived(2012, url="javascript:alert(1)"))))
    assert page.count("<a ") == 1
    assert "javascript" not in page


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3))
@example("00", [(0, 1), (0, 2)])
def test_any_text_with_any_marks_is_that_text(text: str, marks: list[tuple[int, int]]) -> None:
    one = quoting(text, "modified")
    change = one.comparison.changes[0]
    assert change.old and change.new
    sides = [replace(side, marks=tuple(marks)) for side in (change.old, change.new)]
    one = one.with_changes(replace(change, old=sides[0], new=sides[1]))
    visible = re.sub(r"\s+", " ", "".join(ch for ch in shown(text) if ch.isprintable() or ch.isspace()))
    assert said(one).count(f"“{visible}”") == 2
