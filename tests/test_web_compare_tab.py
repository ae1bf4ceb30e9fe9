"""The tab Compare without a browser: what is compared, what is offered, what a visitor's state is."""

from __future__ import annotations

import csv
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from nlp_fakes import tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import loaded

from nlp.web.compare_tab import CompareTab
from nlp.web.desk import Desk, Engine
from nlp.web.shelf import Shelf
from nlp.web.side import ARCHIVE, BUNDLED, PASTE

OLD = policy("We keep log files for 30 days.", "You may write us a letter at any time.")
NEW = policy("We keep log files for 90 days.", "You can write us a letter at any time, if you like.")
NOTE, REPORT, KEYS, TOOLS, SUBSTANCE, HTML, CSV, MARKDOWN = range(8)
NONE: list[Any] = ["", "", None, None]


def tab(shelf: Shelf | None = None, engine: Future[Engine] | None = None) -> CompareTab:
    made = CompareTab(Desk(engine or loaded(tiny_engine())), shelf)
    with gr.Blocks():
        made.lay_out()
    return made


def pasted(old: str, new: str) -> list[Any]:
    return [PASTE, old, *NONE[1:], PASTE, new, *NONE[1:]]


def end(steps: Any) -> tuple[Any, ...]:
    """Return the last step, after checking that the wait for it is announced and changes nothing else."""
    waiting, last = steps
    assert "Comparing the two" in waiting[NOTE]
    return last


def path_of(button: gr.DownloadButton) -> Path:
    return Path(button.value["path"] if isinstance(button.value, dict) else button.value)


def rows(button: gr.DownloadButton) -> list[dict[str, str]]:
    with path_of(button).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_pasted_statements_are_compared() -> None:
    one = tab()
    made = end(one.on_compare("", *pasted(OLD, NEW)))
    assert "1 change of substance, 1 of wording" in made[NOTE]
    assert 'class="sp-change sp-is-modified sp-substantive"' in made[REPORT]
    assert [one.desk.find(key).statement.title for key in made[KEYS].split()] == ["Acme Privacy Policy"] * 2
    assert made[TOOLS].visible is True
    assert made[SUBSTANCE].visible is True
    assert [path_of(made[at]).name for at in (HTML, CSV, MARKDOWN)] == [
        "comparison.html",
        "comparison.csv",
        "comparison.md",
    ]


def test_the_bundled_statement_and_the_open_one() -> None:
    one = tab()
    mine = one.desk.open_text(OLD)
    made = end(one.on_compare(mine.key, BUNDLED, *NONE, "open", *NONE))
    assert made[KEYS] == f"{one.desk.default().key} {mine.key}"


def test_bad_input_is_one_line_and_leaves_the_rest_alone() -> None:
    made = end(tab().on_compare("", *pasted(OLD, " ")))
    assert made[NOTE] == (
        '<p class="sp-error" role="alert">There is no text in “Second statement”; paste a privacy statement there.</p>'
    )
    assert all(item == gr.skip() for item in made[1:])


def test_models_that_do_not_load_are_one_line() -> None:
    engine: Future[Engine] = Future()
    engine.set_exception(OSError("models/encoder is missing"))
    made = end(tab(engine=engine).on_compare("", BUNDLED, *NONE, BUNDLED, *NONE))
    assert "models/encoder is missing" in made[NOTE]


def test_the_files_follow_the_switch() -> None:
    one = tab()
    made = end(one.on_compare("", *pasted(OLD, NEW)))
    assert len(rows(made[CSV])) == 1
    _, *files = one.on_substance(made[KEYS], False)
    assert len(rows(files[1])) == 2
    assert "Only changes of substance" not in path_of(files[2]).read_text(encoding="utf-8")


def test_a_pair_that_is_no_longer_in_memory() -> None:
    note, *files = tab().on_substance(f"{'0' * 64} {'1' * 64}", True)
    assert "no longer in memory" in note
    assert [file.interactive for file in files] == [False] * 3


def test_sides_are_swapped() -> None:
    swapped = tab().on_swap(BUNDLED, *NONE, PASTE, NEW, "key", None, None)
    assert swapped[:3] == (PASTE, NEW, "key")
    assert swapped[5:7] == (BUNDLED, "")
    assert [swapped[at].value for at in (3, 4, 8, 9)] == [None] * 4


def test_what_is_shown_is_compared_anew_when_the_sides_are_swapped() -> None:
    one = tab()
    sides = (PASTE, OLD, "", None, None, PASTE, NEW, "", None, None)
    assert list(one.on_swapped("", "", *sides)) == []
    again, direct = list(one.on_swapped("a b", "", *sides)), list(one.on_compare("", *sides))
    assert again[-1][REPORT] == direct[-1][REPORT]
    assert len(again) == len(direct)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made_store(tmp_path / "store", [version(0, policy(SELL)), version(9, policy(SELL, KEEP))])
    return Shelf.open(tmp_path / "store")


def test_two_versions_of_the_archive(shelf: Shelf) -> None:
    one = tab(shelf)
    made = end(one.on_compare("", ARCHIVE, "", "", "0", 1, ARCHIVE, "", "", "0", 2))
    assert "1 change of substance" in made[NOTE]
    assert KEEP in made[REPORT]
    refused = end(one.on_compare("", ARCHIVE, "", "", None, None, ARCHIVE, "", "", "0", 2))
    assert "Choose a service first." in refused[NOTE]


def test_a_date_of_the_timeline_is_shown_as_chosen(shelf: Shelf) -> None:
    one = tab(shelf)
    waiting, made = one.on_versions("0", 1, 2)
    assert len(waiting) == len(made) == len(one.outputs) + len(one.choices)
    assert [waiting[at].value for at in (8, 9, 10, 11, 12, 13)] == [ARCHIVE, "0", 1, ARCHIVE, "0", 2]
    assert KEEP in made[REPORT]
    _, failed = one.on_versions("0", 1, 9)
    assert "Choose a version first." in failed[NOTE]


@pytest.mark.parametrize("keys", ["", "0" * 64, f"{'0' * 64} "])
def test_a_visitor_starts_with_no_pair(keys: str) -> None:
    one = tab()
    assert one.keys.value == ""
    note, *_ = one.on_substance(keys, True)
    assert "There is no comparison yet; compare two statements first." in note
