"""The real models over the bundled statement: the answers that the project is made for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from corpus.load import load_bundled
from corpus.types import Statement
from nlp.engine import Smallprint
from nlp.recent import Recent

pytestmark = pytest.mark.models

SELL = "We do not sell your personal information to third parties."
QUESTIONS = (
    "do you sell my data?",
    "can the cops get my info?",
    "what is the weather today?",
    "how long do you keep my information?",
    "which cookies does social login set?",
    "do I have to give you my name?",
    "who do I write to about privacy?",
    "is my credit card number encrypted?",
)


@pytest.fixture(scope="module")
def engine() -> Smallprint:
    """Return the engine with the shipped models."""
    return Smallprint.load()


@pytest.fixture(scope="module")
def statement() -> Statement:
    """Return the bundled statement."""
    return load_bundled("janrain.com")


def test_selling_is_denied_in_the_statements_own_words(engine: Smallprint, statement: Statement) -> None:
    answer = engine.ask(statement, "do you sell my data?")
    assert (answer.verdict, answer.citations[0].quote) == ("no", SELL)
    assert answer.answer == f"No. The statement says: “{SELL}”"


def test_the_police_can_ask(engine: Smallprint, statement: Statement) -> None:
    answer = engine.ask(statement, "can the cops get my info?")
    assert answer.verdict == "yes"
    assert "law enforcement" in answer.citations[0].quote


def test_the_weather_is_not_stated(engine: Smallprint, statement: Statement) -> None:
    answer = engine.ask(statement, "what is the weather today?")
    assert answer.verdict == "not_stated"
    assert len(answer.citations) == 5


def test_every_quote_stands_in_the_text(engine: Smallprint, statement: Statement) -> None:
    clauses = {clause.id: clause for clause in engine.clauses(statement)}
    for question in QUESTIONS:
        answer = engine.ask(statement, question)
        assert 0 <= answer.confidence <= 1
        assert [c.score for c in answer.citations] == sorted((c.score for c in answer.citations), reverse=True)
        for citation in (*answer.citations, *answer.conditions):
            assert statement.text[citation.start : citation.end] == citation.quote
            assert clauses[citation.clause_id].text == citation.quote


def test_every_clause_has_a_category(engine: Smallprint, statement: Statement) -> None:
    clauses = engine.clauses(statement)
    assert all(clause.categories for clause in clauses)
    sell = next(clause for clause in clauses if clause.text == SELL)
    assert "sharing" in sell.categories


def test_eight_threads_get_the_answers_that_one_gets(engine: Smallprint, statement: Statement) -> None:
    expected = [engine.ask(statement, question) for question in QUESTIONS]
    engine = replace(engine, _kept=Recent(8))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: engine.ask(statement, question), QUESTIONS)) == expected


def test_odd_questions_are_answered_or_refused(engine: Smallprint, statement: Statement) -> None:
    for question in ("do you sell 🙂 data? \udcff", "x" * 2000, "DROP TABLE; \x00 data?", "数据 卖 吗"):
        assert engine.ask(statement, question).verdict in ("yes", "no", "stated", "not_stated")
