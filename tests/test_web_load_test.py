"""Many visitors at once, in small: what counts as wrong is found, and what is right passes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

import pytest
from browser_fakes import served
from web_fakes import FakeEngine, answer_of, loaded

from corpus.types import Statement
from nlp.types import Answer
from nlp.web.load_test import (
    QUESTIONS,
    LoadTestError,
    Memory,
    Outcome,
    company,
    judge,
    main,
    measured,
    policy,
    report,
    resident,
    visit_all,
)


class Leaky(FakeEngine):
    """Answers from the first statement that it ever saw."""

    def __init__(self) -> None:
        self.first: Statement | None = None

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer from the wrong statement."""
        self.first = self.first or statement
        return answer_of(self.first, "yes", self.clauses(self.first)[0], question=question)


class Failing(FakeEngine):
    """Fails at one question."""

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Fail, or answer."""
        if question == QUESTIONS[1]:
            raise AssertionError("a defect")
        return super().ask(statement, question)


def test_visitors_who_get_their_own_answers_are_content() -> None:
    with served(loaded()) as address:
        outcome, memory = asyncio.run(measured(address, os.getpid(), 4, QUESTIONS[:5], settle_s=0))
    assert (outcome.foreign, outcome.errors) == ([], [])
    assert outcome.is_good
    assert (len(outcome.answers), len(outcome.openings)) == (4 * 5, 4 * 2)
    assert 0 < memory.before <= memory.peak
    assert memory.after > 0
    assert memory.again > 0


def test_an_answer_from_anothers_statement_is_found() -> None:
    with served(loaded(Leaky())) as address:
        outcome = asyncio.run(visit_all(address, 2, QUESTIONS[:2]))
    assert not outcome.is_good
    # Both statements of one visitor and the second one of the other.
    assert len(outcome.foreign) == 3
    assert outcome.errors == []


def test_an_error_is_found() -> None:
    with served(loaded(Failing())) as address:
        outcome = asyncio.run(visit_all(address, 2, QUESTIONS[:2]))
    assert not outcome.is_good
    assert len(outcome.errors) == 2
    assert outcome.errors[0].startswith("visitor ")


def test_a_page_that_is_not_there_is_one_line() -> None:
    with pytest.raises(LoadTestError, match=r"there is no page at http://127\.0\.0\.1:9/"):
        asyncio.run(visit_all("http://127.0.0.1:9/", 1, QUESTIONS[:2]))


def test_every_sentence_names_the_company_and_no_other() -> None:
    names = [company(user, number) for user in range(60) for number in range(2)]
    assert len(set(names)) == 120
    for name in names[:4]:
        sentences = [line for line in policy(name).replace("#", "").split(". ") if line.strip()]
        assert all(name in sentence for sentence in sentences)
        outcome = Outcome()
        judge(f'<div class="sp-answer">{policy(name)}</div>', name, "x", outcome)
        assert (outcome.foreign, outcome.errors) == ([], [])


def test_a_company_is_not_taken_for_one_whose_name_begins_alike() -> None:
    outcome = Outcome()
    judge('<div class="sp-answer">Quill11a says so.</div>', "Quill1a", "x", outcome)
    assert outcome.foreign == ["asked of Quill1a: 'x', answered from quill11a"]


def test_the_report_says_median_and_tail_and_memory() -> None:
    outcome = Outcome(answers=[1.0] * 19 + [3.0], openings=[2.0], seconds=9.87)
    assert list(report(outcome, Memory(100, 300, 110, 120), 2)) == [
        "2 visitors at once, 20 answers over 4 statements in 9.9 s",
        "an answer: median 1.00 s, 95th percentile 1.10 s, longest 3.00 s",
        "opening a statement: median 2.00 s, 95th percentile 2.00 s, longest 2.00 s",
        "answers from another's statement: 0; errors: 0",
        "memory of the server: 100 MB before, 300 MB at most, 110 MB after, "
        "120 MB after as many others with other statements",
    ]


def test_memory_of_a_process_that_is_not_there_is_nothing() -> None:
    assert resident(2**22 + 1) == 0.0


def test_no_visitors_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--users", "0"])
    assert "give at least one visitor" in capsys.readouterr().err
