"""Two readings and what changed: the choice of changes holds for every file."""

from __future__ import annotations

import csv
import io

import pytest
from report_fakes import Case, case

from nlp.web.pair import FORMATS, SUBSTANCE_NOTE, Pair
from nlp.web.session import Reading


def pair_of(one: Case) -> Pair:
    return Pair(
        Reading("a" * 64, one.old, tuple(one.old_clauses)),
        Reading("b" * 64, one.new, tuple(one.new_clauses)),
        one.comparison,
    )


def test_readings_are_compared() -> None:
    one = pair_of(case())
    made = Pair.of(one.old, one.new)
    assert {change.kind for change in made.comparison.changes} >= {"modified", "added"}
    assert made.note == ""


def test_of_substance_leaves_wording_out_and_says_so() -> None:
    made = pair_of(case()).of_substance()
    assert [change.significance for change in made.comparison.changes] == ["substantive"] * 2
    assert made.note == SUBSTANCE_NOTE


def test_where_there_is_one_weight_nothing_is_left_out() -> None:
    one = case()
    wording = [change for change in one.comparison.changes if change.significance == "wording"]
    made = pair_of(one.with_changes(*wording))
    assert not made.is_mixed
    assert made.of_substance() is made


def test_the_files_tell_what_is_chosen() -> None:
    whole, chosen = pair_of(case()), pair_of(case()).of_substance()
    rows = [list(csv.DictReader(io.StringIO(made.file("csv").decode()))) for made in (whole, chosen)]
    assert [len(found) for found in rows] == [4, 2]
    for format in ("html", "md"):
        assert SUBSTANCE_NOTE not in whole.file(format).decode()
        assert SUBSTANCE_NOTE in chosen.file(format).decode()
    assert chosen.file("html").startswith(b"<!DOCTYPE html>")


def test_there_is_no_other_format() -> None:
    assert [format for format, _ in FORMATS] == ["html", "csv", "md"]
    with pytest.raises(KeyError):
        pair_of(case()).file("exe")
