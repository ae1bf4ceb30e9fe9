"""The comparison in the page: every number leads to its quotes, and a document can only ever be text."""

from __future__ import annotations

import pytest
from report_fakes import KEEP_NEW, KEEP_OLD, MAIL, POLICE, SELL, case, full_of
from test_web_pair import pair_of
from web_fakes import Page

from nlp.web import compare_view
from nlp.web.compare_view import comparison_view, empty_html, summary_of

HOSTILE = "<script>x()</script><img src=x onerror=x()> <a id='d-1' href='javascript:x()'>\n\n{{x}} ${x} \u202e"
KNOWN = {
    "div", "h2", "h3", "p", "span", "a", "blockquote", "ins", "del", "details", "summary", "table", "thead", "tbody",
    "tr", "th", "td", "br",
}  # fmt: skip


def test_every_change_stands_once_with_its_words() -> None:
    page = Page(comparison_view(pair_of(case())))
    cards = {card.attributes["id"]: card for card in page.of_class("sp-change")}
    assert set(cards) == {"d-1", "d-2", "d-3", "d-4", "d-4-from"}
    assert KEEP_OLD in cards["d-1"].text
    assert KEEP_NEW in cards["d-1"].text
    assert [mark.text for mark in page.of_tag("del")] == ["30"]
    assert [mark.text for mark in page.of_tag("ins")] == ["90"]
    assert MAIL in cards["d-2"].text
    assert POLICE in cards["d-4"].text
    assert cards["d-3"].classes >= {"sp-wording", "sp-is-added"}
    assert cards["d-1"].classes >= {"sp-substantive", "sp-is-modified"}


def test_what_is_the_same_is_folded_and_shown_once() -> None:
    page = Page(comparison_view(pair_of(case())))
    assert sum(fold.text.count(SELL) for fold in page.of_class("sp-fold")) == 1
    assert any("1 clause unchanged" in fold.text for fold in page.of_class("sp-fold"))


def test_every_link_leads_to_a_change() -> None:
    page = Page(comparison_view(pair_of(case())))
    links = [link.attributes["href"] for link in page.of_tag("a")]
    assert len(links) > 6
    assert {str(link).removeprefix("#") for link in links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_table_counts_by_category() -> None:
    page = Page(comparison_view(pair_of(case())))
    rows = [row.text for row in page.of_tag("tr")]
    assert any(row.startswith("Retention") and row.endswith("2") for row in rows)
    assert rows[-1] == "All changes11114"


def test_how_much_the_switch_hides_is_said_where_it_hides_some() -> None:
    assert "2 changes of wording hidden." in comparison_view(pair_of(case()))
    one = case()
    assert "hidden" not in comparison_view(pair_of(one.with_changes(*one.comparison.changes[:2])))


def test_two_equal_statements_have_no_table() -> None:
    one = pair_of(case().with_changes())
    assert Page(comparison_view(one)).of_tag("table") == []
    assert summary_of(one).startswith("No change")


def test_the_quotes_of_a_long_report_are_cut_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_view, "MOST_SHOWN", 2)
    source = comparison_view(pair_of(case()))
    page = Page(source)
    shown = {str(id) for id in page.ids}
    assert shown <= {"d-1", "d-2"}
    assert "2 more changes are in the files" in source
    assert {str(link.attributes["href"]).removeprefix("#") for link in page.of_tag("a")} <= {"d-1", "d-2"}


def test_a_hostile_document_is_only_text() -> None:
    source = comparison_view(pair_of(full_of(HOSTILE)))
    page = Page(source)
    assert {element.tag for element in page.elements} <= KNOWN
    for element in page.elements:
        assert not any(name.startswith("on") for name in element.attributes)
        assert "javascript" not in (element.attributes.get("href") or "")
    assert len(page.ids) == len(set(page.ids))
    assert "\n" not in source
    assert "<script>x()</script>" in page.of_class("sp-report")[0].text


def test_the_empty_tab_teaches() -> None:
    assert "Janrain's of 2016 and your own" in Page(empty_html()).of_class("sp-teach")[0].text
