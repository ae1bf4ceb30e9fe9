"""Tests of nlp.batch.progress: a bar on a terminal, lines in a log, nothing where nothing is wanted."""

from __future__ import annotations

import io

from nlp.batch.progress import Bar, Lines, Quiet, progress_for
from nlp.batch.work import Parts


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def parts(read: int, errors: int = 0) -> Parts:
    """Return the counts of a chunk."""
    return Parts(0, "m", {}, read, errors, 0, 0)


def test_what_suits_a_stream() -> None:
    assert isinstance(progress_for(Terminal()), Bar)
    assert isinstance(progress_for(io.StringIO()), Lines)
    assert isinstance(progress_for(Terminal(), quiet=True), Quiet)


def test_lines_come_now_and_then_with_rate_and_time_left() -> None:
    now, stream = [0.0], io.StringIO()
    lines = Lines(stream, every=10, clock=lambda: now[0])
    lines.start(5000, 1000)
    for seconds in (5, 10, 11, 20):
        now[0] = seconds
        lines.advance(parts(9, 1))
    lines.say("the cache is not used")
    lines.close()
    assert stream.getvalue().splitlines() == [
        "smallprint: 5000 documents, 1000 of them done before",
        "smallprint: 1020 of 5000 documents, 2.0 a second, 0:33:10 left, 2 unread",
        "smallprint: 1040 of 5000 documents, 2.0 a second, 0:33:00 left, 4 unread",
        "smallprint: the cache is not used",
    ]


def test_a_bar_counts_documents() -> None:
    stream = Terminal()
    bar = Bar(stream)
    bar.start(20, 4)
    bar.advance(parts(6, 2))
    bar.say("the cache is not used")
    bar.close()
    shown = stream.getvalue()
    assert "smallprint: the cache is not used" in shown
    assert "12/20" in shown
    assert "2 unread" in shown


def test_nothing_is_said_where_nothing_is_wanted() -> None:
    quiet = Quiet()
    quiet.start(1, 0)
    quiet.advance(parts(1))
    quiet.say("a")
    quiet.close()
