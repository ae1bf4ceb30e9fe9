"""Tests of corpus.dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import effective_on


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Effective as of February 1, 2016.", "2016-02-01"),
        ("Effective: 2016-02-01", "2016-02-01"),
        ("Effective Date: 3rd of May 2018", "2018-05-03"),
        ("Last updated 25 May 2018", "2018-05-25"),
        ("Last updated: Sept. 4th, 2019", "2019-09-04"),
        ("Last modified: 12/31/2010", "2010-12-31"),
        ("Last revised: 31.12.2010", "2010-12-31"),
        ("Last revised March 2010", "2010-03"),
        ("Last revised in DECEMBER, 2010", "2010-12"),
        ("In force from 14 October 2021", "2021-10-14"),
        ("Version of 1/2/99", "1999-01-02"),
        ("Effective February 30, 2016", None),
        ("Effective May 1, 1889", None),
        ("Effective May 1, 2101", None),
        ("February 1, 2016", None),
        ("Effective today", None),
        ("We change this in May 2016", None),
        ("Effective 2016", None),
        ("", None),
    ],
)
def test_one_paragraph(text: str, expected: str | None) -> None:
    assert effective_on([text]) == expected


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (["Last updated: May 1, 2015", "Effective June 1, 2016"], "2016-06-01"),
        (["Version of May 1, 2014", "Last updated: May 2, 2015"], "2015-05-02"),
        (["Effective June 1, 2016. Last updated May 1, 2015."], "2016-06-01"),
        (["Effective May 1, 2015", "Effective May 1, 2016"], "2015-05-01"),
        (["Effective June 31, 2016", "Last updated May 1, 2015"], "2015-05-01"),
        (["Effective " + "x" * 300 + " May 1, 2015", "Posted May 2, 2016"], "2016-05-02"),
        ([], None),
    ],
)
def test_the_date_from_which_it_holds_counts_most(paragraphs: list[str], expected: str | None) -> None:
    assert effective_on(paragraphs) == expected


def test_a_date_far_from_its_cue_does_not_count() -> None:
    assert effective_on([f"Effective {'x' * 50} 1/2/2016"]) == "2016-01-02"
    assert effective_on([f"Effective {'x' * 51} 1/2/2016"]) is None


def test_a_date_is_not_cut_off_where_the_cue_stops_counting() -> None:
    # Cut after 60 characters, "1/2/2016" would read "1/2/20".
    assert effective_on([f"Effective{' ' * 54}1/2/2016"]) is None
    assert effective_on([f"Effective{' ' * 52}1/2/2016"]) == "2016-01-02"


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%m/%d/%Y"])
)
def test_any_date_comes_back(day: date, layout: str) -> None:
    assert effective_on([f"Last updated: {day.strftime(layout)}"]) == day.isoformat()


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_text_breaks_it(paragraphs: list[str]) -> None:
    cued = [f"Effective {text}" for text in paragraphs]
    found = effective_on(cued)
    assert found is None or len(found) in (7, 10)


def test_many_cues_take_no_time() -> None:
    assert effective_on(["Effective last date " * 15] * 200) is None


def test_a_date_with_dots_names_its_day_first() -> None:
    assert effective_on(["Effective 01.02.2020"]) == "2020-02-01"
