"""A statement is shown whole, in its structure, and nothing in it can be anything but text."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from web_fakes import Page, clause_of, link_over, make_statement

from corpus import load_statement
from corpus.assemble import statement_from_markdown
from corpus.types import ArchiveRecord, Statement
from nlp.report.words import long_date
from nlp.segment import segment
from nlp.types import Clause
from nlp.web.session import Reading
from nlp.web.statement_view import main_category, statement_html


def show(statement: Statement, *clauses: Clause) -> Page:
    return Page(statement_html(Reading("0" * 64, statement, clauses)))


def test_a_clause_is_an_anchor_with_its_categories() -> None:
    statement = make_statement(("paragraph", "We log visits. We keep logs."))
    clause = clause_of(statement, "We keep logs.", "retention", "collection", id="c7")
    (shown,) = show(statement, clause).of_class("clause")
    assert shown.attributes == {
        "id": "c-c7",
        "class": "clause cat-retention in-retention in-collection",
        "title": "Retention, Collection and use",
    }
    assert shown.text == "We keep logs."


def test_the_likeliest_category_gives_the_colour() -> None:
    clause = clause_of(make_statement(("paragraph", "We share.")), "We share.", "sharing", "choice")
    assert main_category(replace(clause, probabilities={"sharing": 0.6, "choice": 0.7})) == "choice"
    assert main_category(replace(clause, categories=())) is None


def test_the_legend_counts_every_category_of_every_clause() -> None:
    statement = make_statement(("paragraph", "One. Two. Three."))
    page = show(
        statement,
        clause_of(statement, "One.", "sharing", "choice", id="1"),
        clause_of(statement, "Two.", "sharing", id="2"),
        clause_of(statement, "Three.", id="3"),
    )
    assert [chip.text for chip in page.of_class("sp-chip")] == ["Everything 3", "Sharing 2", "Choice 1"]


def test_without_clauses_there_is_text_and_no_legend() -> None:
    page = show(make_statement(("heading", "Logs"), ("paragraph", "We log visits.")))
    assert page.of_class("sp-chip") == []
    assert page.of_class("sp-pages")[0].text == "LogsWe log visits."


def test_headings_nest_by_section_and_a_table_of_contents_links_to_them() -> None:
    statement = make_statement(("contents", "Your Rights"), ("heading", "2. Your rights"), ("heading", "Access"))
    below = replace(statement.sections[1], parent=0)
    page = show(replace(statement, sections=(statement.sections[0], below)))
    assert [(e.tag, e.attributes["id"]) for e in page.elements if e.tag in ("h3", "h4")] == [
        ("h3", "s-0"),
        ("h4", "s-1"),
    ]
    (link,) = [e for e in page.of_tag("a") if e.text == "Your Rights"]
    assert link.attributes == {"href": "#s-0"}


def test_lists_nest_and_keep_their_markers() -> None:
    statement = make_statement(("item", "one"), ("item", "deep"), ("item", "two"))
    levels = (1, 3, 1)
    blocks = tuple(replace(b, level=n, marker=f"{n}.") for b, n in zip(statement.blocks, levels, strict=True))
    source = statement_html(Reading("0" * 64, replace(statement, blocks=blocks)))
    marker = '<span class="sp-marker">{}.</span> '
    assert (
        f'<ul><li class="sp-item">{marker.format(1)}one<ul><li class="sp-item">{marker.format(3)}deep</li></ul></li>'
        f'<li class="sp-item">{marker.format(1)}two</li></ul>'
    ) in source


def table() -> Statement:
    statement = make_statement(("header_row", "Name | Kept"), ("row", "sid | a day"))
    head, row = statement.blocks
    cells = [((b.start, b.start + a), (b.start + a + 3, b.end)) for b, a in ((head, 4), (row, 3))]
    return replace(
        statement, blocks=(replace(head, cells=cells[0]), replace(row, cells=cells[1], columns=("Name", "Kept")))
    )


def test_a_table_has_column_heads_and_its_row_is_the_anchor() -> None:
    statement = table()
    page = show(statement, clause_of(statement, "sid | a day", "retention", id="r", block=1, kind="row"))
    assert [cell.text for cell in page.of_tag("th")] == ["Name", "Kept"]
    assert [cell.text for cell in page.of_tag("td")] == ["sid", "a day"]
    assert [row.attributes.get("id") for row in page.of_tag("tr")] == [None, "c-r"]


def test_a_table_without_a_header_row_gets_its_column_names() -> None:
    statement = table()
    page = show(replace(statement, blocks=statement.blocks[1:]))
    assert [cell.text for cell in page.of_tag("th")] == ["Name", "Kept"]


def test_a_row_of_several_clauses_has_them_in_its_cells() -> None:
    statement = table()
    clauses = (clause_of(statement, "sid", id="a", block=1), clause_of(statement, "a day", id="b", block=1))
    page = show(statement, *clauses)
    assert [(e.tag, e.attributes["id"], e.text) for e in page.of_class("clause")] == [
        ("span", "c-a", "sid"),
        ("span", "c-b", "a day"),
    ]


def test_a_link_that_crosses_clauses_is_cut_and_bold_words_stay_bold() -> None:
    statement = make_statement(("paragraph", "Logs. We log visits. See here."))
    statement = replace(
        statement,
        blocks=(replace(statement.blocks[0], run_in=5),),
        links=(link_over(statement, "visits. See", "https://a.example/"),),
    )
    page = show(
        statement, clause_of(statement, "Logs. We log visits.", id="1"), clause_of(statement, "See here.", id="2")
    )
    assert [e.text for e in page.of_tag("a") if e.attributes["href"] == "https://a.example/"] == ["visits.", " ", "See"]
    assert [e.text for e in page.of_tag("strong")] == ["Logs."]
    assert [e.text for e in page.of_class("clause")] == ["Logs. We log visits.", "See here."]


def test_links_leave_safely_or_not_at_all() -> None:
    statement = make_statement(("paragraph", "good bad"))
    links = (link_over(statement, "good", "https://a.example/"), link_over(statement, "bad", "javascript:alert(1)"))
    page = show(replace(statement, links=links))
    outside = [e.attributes for e in page.of_tag("a") if "sp-back" not in e.classes]
    assert outside == [{"href": "https://a.example/", "rel": "noopener noreferrer nofollow"}]


HOSTILE = '<script>x()</script><img src=x onerror=x()> ${x()} <a id="c-1" href="#c-1">\n\n# x </span></div>'


def test_a_hostile_document_is_only_text() -> None:
    statement = make_statement(
        ("title", HOSTILE), ("heading", HOSTILE), ("paragraph", HOSTILE), ("item", HOSTILE), title=HOSTILE
    )
    blocks = tuple(replace(b, marker=HOSTILE, columns=(HOSTILE,)) for b in statement.blocks)
    record = ArchiveRecord(HOSTILE, date(2016, 5, 31), "javascript:x()")
    statement = replace(statement, blocks=blocks, archive=record, warnings=(HOSTILE,), effective_on=HOSTILE)
    clause = clause_of(statement, HOSTILE, "security", id='1" onclick="x', block=2)
    source = statement_html(Reading("0" * 64, statement, (clause,)))
    assert len(source.splitlines()) == 1
    page = Page(source)
    assert {e.tag for e in page.elements} & {"script", "img"} == set()
    assert [a for e in page.elements for a in e.attributes if a.startswith("on")] == []
    assert page.ids == ["s-0", 'c-1" onclick="x']
    assert [e.attributes["href"] for e in page.of_tag("a")] == ["#sp-chat"]


def test_the_head_says_which_statement_and_version() -> None:
    record = ArchiveRecord("acme.example", date(2016, 5, 31), "https://web.archive.org/web/2016/http://acme.example")
    page = show(make_statement(("paragraph", "x"), archive=record, effective_on="2016-02"))
    assert page.of_tag("h2")[0].text == "Acme Privacy"
    assert [e.text for e in page.of_tag("li")] == [
        "acme.example",
        "archived 31 May 2016",
        "in effect since February 2016",
        "the archived original",
    ]


@pytest.mark.parametrize(
    ("iso", "shown"), [("2016-02-01", "1 February 2016"), ("2016-02", "February 2016"), ("2016", "2016"), ("x", "x")]
)
def test_dates_are_written_out(iso: str, shown: str) -> None:
    assert long_date(iso) == shown


def test_all_of_janrains_statement_is_shown_and_every_clause_has_one_anchor() -> None:
    statement = load_statement("janrain.com")
    clauses = segment(statement)
    page = show(statement, *clauses)
    assert [id for id in page.ids if id.startswith("c-")] == [f"c-{clause.id}" for clause in clauses]
    for shown, clause in zip(page.of_class("clause"), clauses, strict=True):
        assert letters(shown.text) == letters(clause.text)
    visible = "".join(b.marker + statement.quote(b) for b in statement.blocks if b.kind != "title")
    assert letters(page.of_class("sp-pages")[0].text) == letters(visible)


def letters(text: str) -> str:
    """Reduce text to what does not depend on how cells and lines are set apart."""
    return "".join(ch for ch in text if not ch.isspace() and ch != "|")


def test_every_block_kind_is_shown() -> None:
    kinds = ("title", "heading", "paragraph", "item", "row", "header_row", "contents", "link")
    statement = make_statement(*((kind, f"the {kind}") for kind in kinds))  # type: ignore[misc]
    text = show(statement).of_class("sp-pages")[0].text
    assert [kind for kind in kinds if f"the {kind}" not in text] == []


def test_a_row_of_many_cells_with_a_link_in_each_is_shown_at_once() -> None:
    table = f"# P\n\n|{'a|' * 6_000}\n|{'-|' * 6_000}\n|{'[We do](http://b.c) it|' * 6_000}\n"
    statement = statement_from_markdown(table)
    start = time.monotonic()
    page = show(statement, *segment(statement))
    assert time.monotonic() - start < 10
    assert [clause.text for clause in page.of_class("clause")] == ["We do it"] * 6_000
    assert [link.attributes["href"] for link in page.of_tag("a") if link.text == "We do"] == ["http://b.c"] * 6_000
