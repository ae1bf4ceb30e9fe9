"""What an archive says, in the page: every date leads to its changes, and nothing of a service is more than text."""

from __future__ import annotations

from pathlib import Path

import pytest
from nlp_fakes import tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import Page

from nlp.web.archive_view import (
    answers_html,
    answers_said,
    empty_html,
    no_store_html,
    timeline_html,
    timeline_said,
)
from nlp.web.shelf import Shelf

EVIL = "<img src=x onerror=x()>"
QUESTION = "Do you sell data to anyone?"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder: Path = tmp_path_factory.mktemp("archive") / "store"
    items = [
        version(0, policy(SELL)),
        version(9, policy(SELL, KEEP)),
        version(20, policy(KEEP)),
        version(30, "Page not found"),
        version(3, policy(SELL + f" `{EVIL}`"), service=EVIL),
        version(4, "Page not found", service="Gone"),
    ]
    made_store(folder, items)
    return Shelf.open(folder)


def place(shelf: Shelf, service: str) -> str:
    return str([name for name, _ in shelf.named].index(service))


def test_each_change_has_a_row_whose_date_names_the_two_versions(shelf: Shelf) -> None:
    made = shelf.timeline(place(shelf, "Acme"))
    page = Page(timeline_html(made))
    assert [link.attributes["href"] for link in page.of_class("sp-step")] == ["#v-1-2", "#v-2-3"]
    assert [row.text[:10] for row in page.of_tag("tr")[1:]] == ["2020-01-01", "2020-01-10", "2020-01-21"]
    assert timeline_said(made) == (
        "Acme, Privacy Policy: 2 real changes in 4 versions; 1 without a readable policy left out"
    )


def test_a_document_without_a_readable_version(shelf: Shelf) -> None:
    made = shelf.timeline(place(shelf, "Gone"))
    assert "No version of it can be compared" in timeline_html(made)


def test_the_dates_at_which_the_answer_changed_are_said(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), QUESTION, place(shelf, "Acme"))
    said = answers_said(found, True)
    assert said.startswith("The answer changed on 21 January 2020 (")
    page = Page(answers_html(found, True))
    assert [row.text[:10] for row in page.of_tag("tr")[1:]] == ["2020-01-01", "2020-01-10", "2020-01-21"]
    assert len(page.of_class("sp-turned")) == 1
    assert SELL in page.of_class("sp-quoted")[0].text


def test_an_answer_that_never_changed(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), QUESTION, place(shelf, EVIL))
    assert answers_said(found, True) == "The answer never changed"


def test_another_amount_and_a_limit_are_other_answers(tmp_path: Path) -> None:
    said = ("We keep records of calls for 30 days.", "We keep records of calls for 2 years.")
    limited = "We do not sell your data to anyone unless you agree."
    made_store(tmp_path / "store", [version(0, policy(said[0], SELL)), version(1, policy(said[1], limited))])
    made = Shelf.open(tmp_path / "store")
    long = made.ask(tiny_engine(), "How long do you keep records of calls?", "0")
    assert answers_said(long, True) == "The answer changed on 2 January 2020 (2 years)"
    assert [cell.text for cell in Page(answers_html(long, True)).of_class("sp-toned")] == ["30 days", "2 years"]
    sold = made.ask(tiny_engine(), QUESTION, "0")
    assert answers_said(sold, True) == "The answer changed on 2 January 2020 (no, with an exception)"
    page = Page(answers_html(sold, True))
    assert [cell.text for cell in page.of_class("sp-toned")] == ["No", "No, with an exception"]
    assert len(page.of_class("sp-turned")) == 1


def test_other_words_are_another_answer_where_no_amount_answers(tmp_path: Path) -> None:
    texts = [policy(f"We keep records of calls {time}.") for time in ("as we like", "for as long as we like")]
    made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    found = Shelf.open(tmp_path / "store").ask(tiny_engine(), "How long do you keep records of calls?", "0")
    assert answers_said(found, True) == "The answer changed on 2 January 2020 (other words)"


def test_company_against_verdict(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), QUESTION)
    said = answers_said(found, False)
    assert said.startswith("Of 2 statements, ")
    assert said.endswith("; 1 without a version that can be asked")
    rows = [row.text for row in Page(answers_html(found, False)).of_tag("tr")]
    assert rows[0] == "ServiceDocumentDateAnswerIn its own words"
    assert len(rows) == 3


def test_a_service_and_a_question_are_only_text(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), f"Do you sell data to anyone? {EVIL}")
    for source in (answers_html(found, False), timeline_html(shelf.timeline(place(shelf, EVIL)))):
        assert "<img" not in source
        assert "\n" not in source
        Page(source)


def test_nothing_to_ask(shelf: Shelf) -> None:
    found = shelf.ask(tiny_engine(), QUESTION, place(shelf, "Gone"))
    assert answers_html(found, True) == ""
    assert answers_said(found, True).startswith("No version can be asked")


def test_without_a_store_the_tab_says_how_to_make_one() -> None:
    codes = [code.text for code in Page(no_store_html()).of_tag("code")]
    assert codes == ["smallprint archive import ARCHIVE --store DIR", "smallprint web --store DIR"]
    assert "Choose a service" in empty_html()
