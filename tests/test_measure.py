"""Tests of nlp.measure: the rows of the timing table."""

from __future__ import annotations

import pytest
from nlp_fakes import tiny_engine

from corpus.load import load_bundled
from corpus.types import DocumentError
from nlp.measure import QUESTIONS, time_statement


def test_every_stage_is_timed_beside_the_peer() -> None:
    engine = tiny_engine()
    count = len(engine.clauses(load_bundled("janrain.com")))
    timings = time_statement(engine, "janrain.com", rounds=1)
    assert [t.stage for t in timings] == [
        f"peer: embed {count} clauses",
        "read",
        "segment",
        "tag",
        "index words",
        "read, segment, embed, tag and index",
        f"one question, median of {len(QUESTIONS)}",
        "one question, 95th percentile",
    ]
    peer, *others = timings
    assert peer.ratio == 1
    for timing in others:
        assert timing.milliseconds > 0
        assert timing.ratio == pytest.approx(timing.milliseconds / peer.milliseconds)
    assert timings[-1].milliseconds >= timings[-2].milliseconds


def test_an_unknown_statement_is_refused() -> None:
    with pytest.raises(DocumentError, match="there is no bundled statement 'nowhere'"):
        time_statement(tiny_engine(), "nowhere")
