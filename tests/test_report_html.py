"""The HTML report: one file that asks for nothing, in which policy text is only text and every link leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from report_fakes import COOKIES, KEEP_NEW, KEEP_OLD, MAIL, POLICE, SELL, Case, archived, case, quoting

from corpus.load import load_file
from nlp.changes import Comparison
from nlp.report.html import comparison_html
from nlp.report.words import shown
from nlp.segment import segment
from nlp.types import StatementRef

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

HOSTILE = [
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=2">',
    "{{7*7}} {% for x in y %} ${7*7}",
    "</blockquote></article></main><h1>Fine</h1>",
    "' onfocus='window.hacked=3' autofocus='",
    "safe \u202eevil\u202c <b>bold</b> &lt;i&gt;",
    "</title></style><style>* { display: none }",
]


def page(one: Case, **options: str) -> str:
    return comparison_html(one.comparison, one.old, one.new, one.old_clauses, one.new_clauses, **options)


def soup(one: Case, **options: str) -> BeautifulSoup:
    return BeautifulSoup(page(one, **options), "html.parser")


def words(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text().split())


def test_the_head_names_both_versions() -> None:
    found = soup(case())
    assert words(found.h1) == "What changed"
    assert words(found.select_one(".summary")) == (
        "2 changes of substance, 2 of wording; 3 differences of links or dates left out."
    )
    old, new = found.select(".versions section")
    assert words(old) == (
        "Old: Acme Privacy acme.example archived 31 May 2012 in effect since March 2010 acme.example "
        "the archived original"
    )
    assert words(new) == "New: Acme Privacy acme.example archived 31 May 2016 acme.example the archived original"
    link = old.select_one("a")
    assert link and link.attrs == {
        "href": "https://archive.example/acme",
        "rel": ["noopener", "noreferrer", "nofollow"],
    }


def test_the_table_counts_and_its_cells_lead_to_the_quotes() -> None:
    found = soup(case())
    lines = [[words(cell) for cell in line.select("th, td")] for line in found.select("table tr")]
    assert lines == [
        ["Category", "+ Added", "− Removed", "± Modified", "→ Moved", "All"],
        ["Collection and use", "1", "", "", "", "1"],
        ["Retention", "", "1", "1", "", "2"],
        ["Contact", "", "1", "", "", "1"],
        ["No category", "", "", "", "1", "1"],
        ["All changes", "1", "1", "1", "1", "4"],
    ]
    cells = {(cell["data-category"], cell["data-kind"]): cell["href"] for cell in found.select(".cell")}
    assert (cells["retention", "removed"], cells["none", "moved"], cells["", ""]) == (
        "#change-2",
        "#change-4",
        "#change-1",
    )
    (label,) = (cell["aria-label"] for cell in found.select('.cell[data-category="retention"][data-kind="removed"]'))
    assert label == "1 removed, Retention"


def test_each_change_says_what_it_is() -> None:
    found = soup(case())
    heads = [words(head) for head in found.select(".change > header")]
    assert heads == [
        "→ 4. Moved, old place new place, under Logs",
        "± 1. Modified substance Retention, no more, to the table a number: 30 -> 90",
        "− 2. Removed substance Contact, no more, to the table Retention, no more, to the table",
        "+ 3. Added wording Collection and use, no more, to the table wording only",
        "→ 4. Moved wording",
    ]
    texts = [[words(quote) for quote in change.select("blockquote")] for change in found.select(".change")]
    assert texts == [[POLICE], [KEEP_OLD, KEEP_NEW], [MAIL], [COOKIES], [POLICE]]
    assert [words(mark) for mark in found.select("del, ins")] == ["30", "90"]
    assert [words(place) for place in found.select("#change-1 .where")] == ["Old: Logs", "New: Logs"]


def test_a_move_is_linked_with_its_other_place() -> None:
    found = soup(case())
    there, here = found.select(".change.moved")
    assert (there["id"], here["id"]) == ("change-4-from", "change-4")
    assert [link["href"] for link in there.select("a")] == ["#change-4"]
    assert [(link["href"], words(link)) for link in here.select("a")] == [
        ("#change-4-from", "old place, under Sharing")
    ]


def test_a_category_leads_to_its_next_change() -> None:
    one, two, three = (replace(case().comparison.changes[1], reason=str(n)) for n in range(3))
    mail = next(clause for clause in case().old_clauses if clause.text == MAIL)
    others = [replace(mail, id=f"x{n}") for n in (1, 2)]
    assert one.old and two.old and three.old
    changes = (
        one,
        replace(two, old=replace(two.old, clause_ids=("x1",)), categories=("contact",)),
        replace(three, old=replace(three.old, clause_ids=("x2",)), categories=("retention",)),
    )
    base = case().with_changes(*changes)
    found = soup(replace(base, old_clauses=[*base.old_clauses, *others]))
    links = [[link["href"] for link in change.select(".topic")] for change in found.select(".change")]
    assert links == [["#change-2", "#change-3"], ["#table"], ["#table"]]


def test_unchanged_clauses_are_folded() -> None:
    folds = soup(case()).select("details.fold")
    assert [words(fold.summary) for fold in folds] == ["1 clause unchanged", "2 clauses left out of the count"]
    assert [words(text) for text in folds[0].select("p")] == [SELL, SELL]
    assert not any(fold.has_attr("open") for fold in folds)


def test_every_link_within_leads_somewhere_and_no_id_is_there_twice() -> None:
    found = soup(case())
    ids = [tag["id"] for tag in found.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"]).removeprefix("#") for link in found.select("a[href^='#']")} <= set(ids)
    assert {label for tag in found.select("[aria-labelledby]") for label in str(tag["aria-labelledby"]).split()} <= set(
        ids
    )


def test_the_policy_of_the_page_lets_in_its_own_style_and_script_alone() -> None:
    found = soup(case())
    (policy,) = (tag["content"] for tag in found.select('meta[http-equiv="Content-Security-Policy"]'))
    (style,), (script,) = found.select("style"), found.select("script")
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(str(part.string).encode()).digest()).decode()}'"
        for part in (style, script)
    ]
    assert policy == (
        f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_for_nothing() -> None:
    found = soup(case())
    assert not found.select("[src], link, iframe, object, embed, form, base, [style]")
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp", page(case()))
    assert not [name for tag in found.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_substance_comes_first() -> None:
    switch = soup(case()).select_one("#substance")
    assert switch and switch.has_attr("checked")
    assert words(soup(case()).select_one(".hides")) == "2 changes of wording hidden"


@pytest.mark.parametrize("significance", ["substantive", "wording"])
def test_there_is_no_switch_where_nothing_would_be_hidden_or_all(significance: str) -> None:
    changes = [replace(change, significance=significance) for change in case().comparison.changes]  # type: ignore[arg-type]
    assert soup(case().with_changes(*changes)).select("#substance") == []


def test_no_change_is_one_fold_without_a_table() -> None:
    one = case()
    pairs = tuple((clause.id, clause.id) for clause in one.old_clauses)
    comparison = replace(one.comparison, changes=(), pairs=pairs, noise={})
    same = Case(comparison, one.old, one.old, one.old_clauses, one.old_clauses)
    found = soup(same)
    assert words(found.select_one(".summary")) == "No change."
    assert [words(fold.summary) for fold in found.select("details")] == ["5 clauses unchanged"]
    assert found.select("table, .controls") == []


def test_two_documents_have_other_words() -> None:
    one = case().with_changes(*case().comparison.changes, similarity=0.0, kinship=0.0)
    found = soup(replace(one, new=replace(one.new, archive=archived(2016, "other.example"))))
    assert words(found.h1) == "What two statements say"
    assert [words(cell) for cell in found.select("thead th")][1:3] == ["+ Only in B", "− Only in A"]
    assert [words(head) for head in found.select(".change h3")] == [
        "→ 4. In both, elsewhere",
        "± 1. In both, reworded",
        "− 2. Only in A",
        "+ 3. Only in B",
        "→ 4. In both, elsewhere",
    ]


def test_a_note_and_warnings_are_shown() -> None:
    one = case()
    found = soup(replace(one, old=replace(one.old, warnings=("this is <odd>",))), note="Only these.")
    assert words(found.select_one(".note")) == "Only these."
    assert words(found.select_one(".warning")) == "this is <odd>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", None])
def test_an_unsafe_address_is_no_link(url: str | None) -> None:
    one = case()
    found = soup(replace(one, old=replace(one.old, archive=archived(2012, url=url))))
    assert [link["href"] for link in found.select(".versions a")] == ["https://archive.example/acme"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_quote_is_only_text(text: str) -> None:
    found = soup(quoting(text, "modified"))
    assert [words(quote) for quote in found.select("blockquote")] == [text, text]
    assert_harmless(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_anywhere_else_is_only_text(text: str) -> None:
    one = quoting("We sell nothing.", "modified", reason=text, categories=(text,))
    change = one.comparison.changes[0]
    assert change.old
    change = replace(change, old=replace(change.old, heading=(text, text)))
    statement = replace(one.old, title=text, id=text, effective_on=text, warnings=(text,))
    found = soup(replace(one.with_changes(change), old=statement), note=text)
    shown_twice = [words(tag) for tag in found.select(".reason, .note, .warning, #version-1 bdi")]
    assert shown_twice == [text] * 4
    assert words(found.select_one("#change-1 .where bdi")) == f"{text} > {text}"
    assert_harmless(found)


def assert_harmless(found: BeautifulSoup) -> None:
    """Check that a page has the tags and attributes of the page itself alone."""
    assert [len(found.select(name)) for name in ("script", "style", "main", "h1", "title")] == [1] * 5
    assert not found.select("img, b, i, [onerror], [onfocus], [autofocus]")
    assert "49" not in words(found.body)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3))
def test_any_quote_with_any_marks_is_shown_as_it_is(text: str, marks: list[tuple[int, int]]) -> None:
    one = quoting(text, "modified")
    change = one.comparison.changes[0]
    assert change.old and change.new
    change = replace(change, old=replace(change.old, marks=tuple(marks)), new=replace(change.new, marks=()))
    found = soup(one.with_changes(change))
    # Beautiful Soup makes one space of a piece that is all white.
    assert ["".join(quote.get_text().split()) for quote in found.select("blockquote")] == [
        "".join(shown(text).split())
    ] * 2
    page(one).encode("utf-8")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpus")
def test_a_real_statement_is_there_with_every_clause() -> None:
    statement = load_file(CORPUS / "janrain.com.2012-06-14.md")
    clauses = segment(statement)
    ref = StatementRef.of(statement)
    comparison = Comparison(ref, ref, (), tuple((clause.id, clause.id) for clause in clauses))
    found = soup(Case(comparison, statement, statement, clauses, clauses))
    assert [text.get_text() for text in found.select(".fold .new p")] == [clause.text for clause in clauses]
    assert found.select_one('.versions a[href^="https://web.archive.org/web/20120614230835id_/"]')
