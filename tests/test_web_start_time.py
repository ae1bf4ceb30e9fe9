"""The time of a start, measured of a page over fakes; what goes wrong is one line."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future

import pytest
from browser_fakes import served
from web_fakes import FakeEngine, loaded

from corpus.types import Statement
from nlp.types import Clause
from nlp.web import start_time
from nlp.web.desk import Engine
from nlp.web.load_test import LoadTestError
from nlp.web.start_time import Start, first_answer, main, report


class Counting(FakeEngine):
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.read = 0

    def clauses(self, statement: Statement) -> list[Clause]:
        """Count."""
        self.read += 1
        return list(super().clauses(statement))

    def ask(self, statement: Statement, question: str, *, earlier: object = ()) -> object:  # type: ignore[override]
        """Note the question."""
        self.asked.append(question)
        return super().ask(statement, question)


def test_the_page_comes_before_the_answer_and_is_looked_on_meanwhile() -> None:
    engine = Counting()
    with served(loaded(engine)) as address:
        page, answer = asyncio.run(first_answer(address, time.perf_counter()))
    assert 0 < page < answer
    assert "Do you sell my data?" in engine.asked
    assert len(engine.asked) == 6, "the question, and the five of the overview"


def test_a_question_without_an_answer_is_an_error() -> None:
    failed: Future[Engine] = Future()
    failed.set_exception(OSError("models/encoder is missing"))
    with (
        served(failed) as address,
        pytest.raises(LoadTestError, match=r"got no answer: \n<p .*models/encoder is missing"),
    ):
        asyncio.run(first_answer(address, time.perf_counter()))


def test_a_page_that_does_not_come_is_given_up() -> None:
    with pytest.raises(LoadTestError, match=r"there is no page at http://127\.0\.0\.1:9/"):
        asyncio.run(first_answer("http://127.0.0.1:9/", time.perf_counter(), give_up_s=0.05))


def test_the_report_says_the_median_and_how_busy_the_machine_was() -> None:
    assert list(report([Start(2, 5, 6.04), Start(3, 7, 9), Start(2.5, 5, 7)], 0.4)) == [
        "the page is there: 2.5 s",
        "the models are loaded: 5.0 s",
        "the first question is answered: 7.0 s",
        "median of 3 starts, the longest 9.0 s; load of the machine before them 0.4",
    ]


def test_every_run_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    starts = [Start(1, 2, 3), Start(1, 2, 5)]
    monkeypatch.setattr(start_time, "one_start", lambda: starts.pop())
    assert main(["--runs", "2"]) == 0
    assert "the first question is answered: 4.0 s" in capsys.readouterr().out


def test_a_start_that_fails_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> Start:
        raise LoadTestError("there is no page at http://127.0.0.1:9/")

    monkeypatch.setattr(start_time, "one_start", fail)
    assert main([]) == 1
    assert capsys.readouterr().err == "start time: there is no page at http://127.0.0.1:9/\n"


def test_no_runs_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--runs", "0"])
    assert "give at least one run" in capsys.readouterr().err
