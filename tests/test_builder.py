"""Tests of corpus.builder: text, blocks and sections with their offsets."""

from __future__ import annotations

import pytest

from corpus.builder import StatementBuilder
from corpus.inline import Line
from corpus.types import Block, Link, Section


def test_text_is_laid_out_as_it_is_read() -> None:
    builder = StatementBuilder()
    builder.heading(Line("Data"), 2)
    first = builder.block([Line("We collect:"), Line("as below")], "paragraph")
    builder.block([Line("names")], "item", level=1, marker="•", lead_in=first)
    builder.block([Line("streets")], "item", level=2, marker="1.", lead_in=2)
    builder.block([Line("The end.")], "paragraph")
    assert builder.text == "Data\n\nWe collect:\nas below\n\n• names\n  1. streets\n\nThe end."
    assert builder.blocks == [
        Block("heading", 0, 4, 0, level=2, run_in=0),
        Block("paragraph", 6, 26, 0, run_in=6),
        Block("item", 30, 35, 0, lead_in=1, level=1, marker="•", run_in=30),
        Block("item", 41, 48, 0, lead_in=2, level=2, marker="1.", run_in=41),
        Block("paragraph", 50, 58, 0, run_in=50),
    ]
    assert [builder.text_of(i) for i in (1, 3)] == ["We collect:\nas below", "streets"]


def test_rows_have_the_offsets_of_their_cells() -> None:
    builder = StatementBuilder()
    builder.row([Line("Data"), Line("Use")], "header_row")
    builder.row([Line("Name"), Line("Orders", links=[(0, 6, "/o")])], "row", ("Data", "Use"))
    builder.row([Line(""), Line("Post")], "row", ("Data", "Use"))
    assert builder.text == "Data | Use\nName | Orders\n | Post"
    assert [block.cells for block in builder.blocks] == [
        ((0, 4), (7, 10)),
        ((11, 15), (18, 24)),
        ((25, 25), (28, 32)),
    ]
    assert builder.links == [Link(18, 24, "/o")]


def test_nothing_to_see_is_no_block() -> None:
    builder = StatementBuilder()
    builder.heading(Line(""), 1)
    assert builder.block([Line("")], "item", level=1, marker="•") is None
    assert builder.block([], "paragraph") is None
    assert builder.row([Line(""), Line("")], "row") is None
    assert (builder.text, builder.blocks, builder.sections) == ("", [], [])


def test_links_move_with_their_block() -> None:
    builder = StatementBuilder()
    builder.block([Line("See")], "paragraph")
    builder.block([Line("a"), Line("the page", links=[(4, 8, "/p")])], "item", level=1, marker="(a)")
    assert builder.links == [Link(15, 19, "/p")]
    assert builder.text[15:19] == "page"


def test_run_in_ends_after_bold_words_but_not_for_a_line_all_bold() -> None:
    builder = StatementBuilder()
    builder.block([Line("Cookies. We set", bold=7, bold_head=8)], "paragraph")
    builder.block([Line("Cookies", bold=7, bold_head=7)], "paragraph")
    assert [(block.start, block.run_in) for block in builder.blocks] == [(0, 8), (17, 17)]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("8. Customer Data", "8"),
        ("2.1 Cookies", "2.1"),
        ("2.1. Cookies", "2.1"),
        ("IV. Law", "IV"),
        ("iv) Law", "iv"),
        ("A) Scope", "A"),
        ("Section 3: Use", "3"),
        ("I collect stamps", None),
        ("A policy", None),
        ("Cookies", None),
        ("8.", None),
        ("3rd parties", None),
        ("XLI. Discs", "XLI"),
        ("Civil rights", None),
    ],
)
def test_the_authors_number_is_read(heading: str, number: str | None) -> None:
    builder = StatementBuilder()
    builder.heading(Line(heading), 2)
    assert builder.sections == [Section(heading, number, 20 + (number or "").count("."), None, 0)]


def test_sections_nest_by_level_and_by_number() -> None:
    builder = StatementBuilder()
    for heading, level in (("1. A", 2), ("1.1 B", 2), ("1.1.1 C", 2), ("1.2 D", 2), ("E", 4), ("2. F", 2), ("G", 1)):
        builder.heading(Line(heading), level)
    assert [(s.heading, s.parent) for s in builder.sections] == [
        ("1. A", None),
        ("1.1 B", 0),
        ("1.1.1 C", 1),
        ("1.2 D", 0),
        ("E", 3),
        ("2. F", None),
        ("G", None),
    ]


def test_sections_can_be_closed() -> None:
    builder = StatementBuilder()
    builder.heading(Line("A"), 2)
    outer = builder.section
    builder.heading(Line("B"), 3)
    builder.close_sections(outer)
    builder.block([Line("text")], "paragraph")
    builder.heading(Line("C"), 3)
    assert [block.section for block in builder.blocks] == [0, 1, 0, 2]
    assert builder.sections[2].parent == 0
