"""Tests of a timeline for people and programs: the HTML is safe and leads to the changes, the CSV reads back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from store_fakes import SAID, SELL, made_store, policy, version

from nlp.timeline import Timeline, roles_of, timeline
from nlp.timeline_plot import inline_svg, is_plot_name, plot_bytes
from nlp.timeline_report import (
    CLAUSE_COLUMNS,
    STEP_COLUMNS,
    clauses_csv,
    counts_words,
    role_words,
    steps_csv,
    timeline_html,
)

HOSTILE = "We share data: &lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} \"quoted\" 'data' \u202eback \x07bell."
FORMULA = "=cmd|' /C calc'!A0 is how we use your data."


@pytest.fixture
def acme(tmp_path: Path) -> Timeline:
    """Return a timeline of a change, a return and a change by the archive, of a service with a bad name."""
    texts = [policy(), policy(SELL, HOSTILE), policy(), policy(FORMULA)]
    name = '<b onclick="x">Acme</b>'
    items = [version(day, text, service=name, technical=day == 3) for day, text in enumerate(texts)]
    return timeline(made_store(tmp_path / "store", items), name)


@pytest.fixture
def empty(tmp_path: Path) -> Timeline:
    """Return a timeline of flagged versions."""
    return timeline(made_store(tmp_path / "empty", [version(0, "")]), "Acme")


def test_the_page_asks_for_nothing_and_runs_nothing(acme: Timeline) -> None:
    page = BeautifulSoup(timeline_html(acme), "html.parser")
    assert page.find_all(["script", "iframe", "img", "link", "form", "object", "b"]) == []
    attributes = [(name, value) for tag in page.find_all(True) for name, value in tag.attrs.items()]
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert {str(value)[0] for name, value in attributes if name in ("href", "xlink:href", "src")} == {"#"}
    (policy_tag,) = page.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy_tag["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_what_a_policy_says_is_text(acme: Timeline) -> None:
    html = timeline_html(acme)
    assert "{{7*7}}" in BeautifulSoup(html, "html.parser").get_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\x07" not in html
    assert all(tag.get("dir") == "auto" for tag in BeautifulSoup(html, "html.parser").find_all("blockquote"))


def test_each_step_leads_to_its_changes(acme: Timeline) -> None:
    page = BeautifulSoup(timeline_html(acme), "html.parser")
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = [tag["href"].removeprefix("#") for tag in page.find_all("a")]
    assert set(links) <= set(ids)
    rows = page.find("tbody").find_all("tr")
    assert [row.find("td").get_text() for row in rows] == [
        "first version",
        "change",
        "returned to version 1",
        "technical (by the archive)",
    ]
    assert rows[2].find("td").find("a")["href"] == "#row-1"
    assert [row.find("th").find("a")["href"] if row.find("a") else None for row in rows[:2]] == [None, "#step-2"]
    step = page.find(id="step-2")
    assert step.find("ins").get_text() == SELL
    assert "2 changes, 2 of substance" in step.get_text()


def test_the_page_says_what_the_versions_add_up_to(acme: Timeline, empty: Timeline) -> None:
    text = " ".join(BeautifulSoup(timeline_html(acme), "html.parser").get_text().split())
    sum_ = "4 versions = the first + 1 real change + 1 technical + 1 return + 0 with noise only + 0 flagged"
    assert f"{sum_}; 3 different texts. A return says again" in text
    assert counts_words(empty.counts).startswith("1 version = 0 real changes + ")


def test_what_a_version_is_in_words(tmp_path: Path) -> None:
    long = " ".join(SAID * 20)
    items = [version(day, policy(*said)) for day, said in enumerate([(long,), (), (long,)])]
    found = timeline(made_store(tmp_path / "store", [*items, version(3, "")]), "Acme")
    words = [role_words(v, role) for v, role in zip(found.versions, roles_of(found.versions, found.steps), strict=True)]
    assert words == ["first version", "flagged: text lost for a while", "noise only", "flagged: empty"]


def test_words_that_were_changed_are_marked(tmp_path: Path) -> None:
    kept = "We keep the records of your data for thirty days after you leave."
    texts = [policy(kept), policy(kept.replace("thirty", "ninety"))]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    page = BeautifulSoup(timeline_html(timeline(store, "Acme")), "html.parser")
    assert [tag.get_text() for tag in page.find("article").find_all(["del", "ins"])] == ["thirty", "ninety"]


def test_a_page_without_steps_says_why(empty: Timeline) -> None:
    html = timeline_html(empty)
    assert "No version of it can be compared: all are flagged." in html
    assert "<table>" not in html


def test_steps_read_back_from_csv(acme: Timeline) -> None:
    rows = list(csv.DictReader(io.StringIO(steps_csv(acme), newline="")))
    assert tuple(rows[0]) == STEP_COLUMNS
    assert [row["kind"] for row in rows] == ["first", "change", "return", "technical"]
    assert [row["added"] for row in rows] == ["0", "2", "0", "1"]
    assert [row["removed"] for row in rows] == ["0", "0", "2", "0"]
    assert (rows[2]["returns_to"], rows[2]["compared_with"], rows[2]["date"]) == ("1", "2", "2020-01-03")
    assert [row["clauses_sharing"] for row in rows] == ["0", "1", "0", "0"]
    assert rows[1]["reference"] == acme.steps[1].version.reference


def test_clauses_read_back_from_csv_and_are_no_formulas(acme: Timeline) -> None:
    rows = list(csv.DictReader(io.StringIO(clauses_csv(acme), newline="")))
    assert tuple(rows[0]) == CLAUSE_COLUMNS
    assert [row["text"].removeprefix("'") for row in rows] == [clause.text for clause in acme.clauses]
    assert rows[-1]["text"] == f"'{FORMULA}"
    assert (rows[4]["text"], rows[4]["first"], rows[4]["last"], rows[4]["stands"]) == (
        SELL,
        "2020-01-02",
        "2020-01-02",
        "False",
    )


def test_the_plot_is_the_same_for_the_same_timeline(acme: Timeline) -> None:
    assert plot_bytes(acme, ".svg") == plot_bytes(acme, ".svg")
    assert plot_bytes(acme, ".png").startswith(b"\x89PNG")
    svg = inline_svg(acme)
    assert svg.startswith("<svg")
    assert re.findall(r"<(script|image|foreignObject)", svg) == []
    assert {"Sharing", "Other", "Collection and use"} <= set(re.findall(r">([^<>]+)</text>", svg))
    assert "Retention" not in svg


def test_the_plot_of_nothing(empty: Timeline) -> None:
    assert plot_bytes(empty, ".png").startswith(b"\x89PNG")


@pytest.mark.parametrize(("name", "right"), [("a.svg", True), ("a.PNG", True), ("a.pdf", False), ("svg", False)])
def test_the_names_of_plots(name: str, right: bool) -> None:
    assert is_plot_name(Path(name)) is right
