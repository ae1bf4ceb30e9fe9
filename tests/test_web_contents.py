"""The table of contents and the bar of categories."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import Page, make_statement

from corpus import load_statement
from corpus.types import Section, Statement
from nlp.web.contents import bar_html, contents_html


def with_sections(*parents: int | None) -> Statement:
    sections = tuple(Section(f"Heading {i}", None, 1, parent, i) for i, parent in enumerate(parents))
    return replace(make_statement(("paragraph", "x")), sections=sections)


def outline(source: str) -> str:
    """Reduce a list to its brackets and the numbers of its links."""
    out = source[source.index("<ul>") : source.rindex("</ul>") + 5].replace("<ul>", "(").replace("</ul>", ")")
    for index, link in enumerate(Page(source).of_tag("a")):
        out = out.replace(f'<li><a href="{link.attributes["href"]}">{link.text}</a>', str(index), 1)
    return out.replace("</li>", " ").replace(" )", ")")


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ((None, None), "(0 1)"),
        ((None, 0, 0, None), "(0(1 2) 3)"),
        ((None, 0, 1, None), "(0(1(2)) 3)"),
        # The deepest levels are shown as one.
        ((None, 0, 1, 2, 3, 4), "(0(1(2(3 4 5))))"),
    ],
)
def test_the_headings_are_nested_as_in_the_statement(parents: tuple[int | None, ...], expected: str) -> None:
    assert outline(contents_html(with_sections(*parents))) == expected


@given(st.lists(st.integers(0, 30), min_size=2, max_size=30))
def test_every_section_has_one_link_whatever_the_nesting(numbers: list[int]) -> None:
    # The parent of a section comes before it.
    statement = with_sections(*(None if n >= i else n for i, n in enumerate(numbers)))
    links = Page(contents_html(statement)).of_tag("a")
    assert [link.attributes["href"] for link in links] == [f"#s-{i}" for i in range(len(numbers))]


def test_a_statement_with_one_heading_needs_no_contents() -> None:
    assert contents_html(make_statement(("heading", "Logs"), ("paragraph", "x"))) == ""


def test_headings_are_text_and_long_ones_are_cut() -> None:
    statement = make_statement(("heading", "<img src=x>"), ("heading", "y" * 200))
    first, second = Page(contents_html(statement)).of_tag("a")
    assert first.text == "<img src=x>"
    assert second.text == "y" * 120 + " …"


def test_janrains_contents_lead_to_its_headings() -> None:
    statement = load_statement("janrain.com")
    page = Page(contents_html(statement))
    assert [link.text for link in page.of_tag("a")] == [section.heading for section in statement.sections]
    assert page.of_tag("summary")[0].text == f"Contents {len(statement.sections)}"


def test_the_bar_has_a_part_for_each_category_and_says_its_number() -> None:
    page = Page(bar_html({"security": 3, "sharing": 12, "other": 0}))
    assert [(e.classes, e.attributes["style"], e.text) for e in page.of_tag("li")] == [
        ({"cat-sharing"}, "flex-grow: 12", "Sharing: 12"),
        ({"cat-security"}, "flex-grow: 3", "Security: 3"),
    ]
    assert bar_html({}) == ""
