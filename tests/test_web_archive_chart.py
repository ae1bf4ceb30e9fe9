"""The chart of what versions are about: the numbers of the steps, as text, in the colours of the legend."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import Page

from nlp.timeline import Step
from nlp.web.archive_chart import chart_html
from nlp.web.shelf import Shelf


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Step, ...]:
    folder: Path = tmp_path_factory.mktemp("archive") / "store"
    made_store(folder, [version(0, policy(SELL)), version(9, policy(SELL, SELL.replace("data", "name"), KEEP))])
    return Shelf.open(folder).timeline("0").steps


def test_a_bar_for_each_step_says_its_numbers(steps: tuple[Step, ...]) -> None:
    page = Page(chart_html(steps))
    first, second = (row.text for row in page.of_tag("tr")[1:])
    assert first == "2020-01-01Collection and use: 1Sharing: 1Other: 35"
    assert second == "2020-01-10Collection and use: 1Sharing: 2Retention: 1Other: 37"


def test_bars_are_as_long_as_clauses_are_many_and_coloured_like_the_legend(steps: tuple[Step, ...]) -> None:
    page = Page(chart_html(steps))
    assert [bar.attributes["style"] for bar in page.of_tag("div")] == ["width: 71.4%", "width: 100.0%"]
    (key,) = page.of_class("sp-chart-key")
    assert key.text == "Collection and useSharingRetentionOther"
    parts = [item.attributes["class"] for item in page.of_tag("li")]
    assert parts[:4] == parts[-4:] == ["cat-collection", "cat-sharing", "cat-retention", "cat-other"]


def test_without_steps_there_is_no_chart() -> None:
    assert chart_html(()) == ""
