"""The tab Archive without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from nlp_fakes import WordEncoder, tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import loaded

from nlp.web.archive_tab import ArchiveTab
from nlp.web.compare_tab import CompareTab
from nlp.web.desk import Desk, Engine
from nlp.web.shelf import Shelf

QUESTION = "Do you sell data to anyone?"


class Counter(gr.Progress):
    """Notes how far it was told it is."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def __call__(self, progress: Any, *given: Any, **named: Any) -> None:  # type: ignore[override]
        """Note one step."""
        self.told.append(progress)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    items = [version(0, policy(SELL)), version(9, policy(SELL, KEEP)), version(5, policy(KEEP), service="Bolt")]
    made_store(tmp_path / "store", items)
    return Shelf.open(tmp_path / "store")


def tab(shelf: Shelf | None, engine: Engine | None = None) -> ArchiveTab:
    desk = Desk(loaded(engine or tiny_engine()))
    compare = CompareTab(desk, shelf)
    made = ArchiveTab(desk, compare, shelf)
    with gr.Blocks():
        compare.lay_out()
        made.lay_out()
    return made


def test_a_service_shows_its_timeline(shelf: Shelf) -> None:
    counter = Counter()
    waiting, (note, timeline, chart, answers, _) = tab(shelf).on_service("0", counter)
    assert "Looking through the versions" in waiting[0]
    assert counter.told == [(1, 2), (2, 2)]
    assert "Acme, Privacy Policy: 1 real change in 2 versions." in note
    assert 'href="#v-1-2"' in timeline
    assert "What it was about" in chart
    assert answers == ""


def test_a_question_goes_to_every_version(shelf: Shelf) -> None:
    counter = Counter()
    _, (note, answers, history) = tab(shelf).on_versions(QUESTION, "0", counter)
    assert history.visible is True
    assert "The answer never changed." in note
    assert SELL in answers
    assert counter.told[-1] == (2, 2)


def test_a_question_goes_to_every_service_of_a_day(shelf: Shelf) -> None:
    _, (note, answers, _) = tab(shelf).on_services(QUESTION, "", Counter())
    assert "Of 2 statements" in note
    assert "Bolt" in answers
    _, (note, answers, _) = tab(shelf).on_services(QUESTION, " 2020-01-03 ", Counter())
    assert "Of 1 statement," in note
    assert "Bolt" not in answers


@pytest.mark.parametrize(
    ("question", "place", "message"),
    [
        ("", "0", "The question is empty"),
        (None, "0", "The question is empty"),
        (QUESTION, None, "Choose a service first."),
        (QUESTION, "99", "Choose a service first."),
        ("x" * 9_999, "0", "The question has 9,999 characters"),
    ],
)
def test_bad_input_is_one_line(shelf: Shelf, question: str | None, place: str | None, message: str) -> None:
    *_, (note, answers, _) = tab(shelf).on_versions(question, place, Counter())
    assert message in note
    assert answers == gr.skip()


def test_a_day_that_is_none(shelf: Shelf) -> None:
    ((note, *_),) = tab(shelf).on_services(QUESTION, "last year", Counter())
    assert "Write the day as YYYY-MM-DD" in note


def test_no_service_no_timeline(shelf: Shelf) -> None:
    *_, (note, _, chart, *_) = tab(shelf).on_service(None, Counter())
    assert "Choose a service first." in note
    assert chart == ""


def test_a_store_of_other_models_is_one_line(shelf: Shelf) -> None:
    engine = tiny_engine()
    other = engine_with(engine, WordEncoder(fingerprint="fake:other"))
    *_, (note, *_) = tab(shelf, other).on_versions(QUESTION, "0", Counter())
    assert "import the archive into a new folder" in note


def engine_with(engine: Any, encoder: WordEncoder) -> Any:
    from dataclasses import replace

    return replace(engine, answerer=replace(engine.answerer, encoder=encoder))


def test_a_date_leads_to_what_changed(shelf: Shelf) -> None:
    one = tab(shelf)
    waiting, (tabs, *changes) = one.on_step("#v-1-2", "0")
    assert waiting[0].selected == tabs.selected == "compare"
    assert KEEP in changes[1]


@pytest.mark.parametrize("step", ["", None, "#v-1", "#v-a-b", "javascript:alert(1)", "#v-1-99", "#v-9999999-1"])
def test_a_link_that_names_no_versions(shelf: Shelf, step: str | None) -> None:
    *_, (_, note, *_) = tab(shelf).on_step(step, "0")
    assert "Choose a version first." in note


def test_without_a_store_there_is_nothing_to_push() -> None:
    one = tab(None)
    assert not hasattr(one, "service")
    with gr.Blocks(), gr.Tabs() as tabs:
        one.wire(tabs)
