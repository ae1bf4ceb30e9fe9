"""Tests of nlp.search.progress."""

from __future__ import annotations

import io

from nlp.search.progress import Bar, Lines


def test_a_line_is_printed_for_each_stage_and_now_and_then() -> None:
    stream, now = io.StringIO(), [0.0]
    lines = Lines(stream, clock=lambda: now[0])
    for seconds, what in (
        (0, ("gathering", 0, 1)),
        (1, ("gathering", 1, 1)),
        (2, ("embedding", 10, 100)),
        (3, ("embedding", 20, 100)),
        (13, ("embedding", 30, 100)),
        (14, ("embedding", 100, 100)),
    ):
        now[0] = float(seconds)
        lines(*what)
    assert stream.getvalue().splitlines() == [
        "smallprint: gathering",
        "smallprint: gathering: done",
        "smallprint: embedding: 10 of 100",
        "smallprint: embedding: 30 of 100",
        "smallprint: embedding: 100 of 100",
    ]


def test_a_bar_is_drawn_for_each_stage() -> None:
    stream = io.StringIO()
    bar = Bar(stream)
    bar("training", 0, 1)
    bar("training", 1, 1)
    bar("indexing", 30, 60)
    bar("indexing", 60, 60)
    bar.close()
    drawn = stream.getvalue()
    assert "training: 100%" in drawn
    assert "indexing: 100%" in drawn
    assert "60/60" in drawn


def test_a_bar_that_was_never_drawn_can_be_closed() -> None:
    stream = io.StringIO()
    Bar(stream).close()
    assert stream.getvalue() == ""
