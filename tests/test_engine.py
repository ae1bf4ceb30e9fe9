"""Tests of nlp.engine: tagging, asking, what is kept, and threads."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from nlp_fakes import (
    COOKIES,
    KEEP,
    POLICE,
    SELL,
    TERMS,
    OverlapReranker,
    WordEncoder,
    WordScorer,
    acme,
    make_statement,
    term_weights,
    tiny_classifier,
    tiny_engine,
    tiny_weigher,
)

import nlp
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import ArchiveRecord, Statement
from nlp import engine as engine_module
from nlp.answer import Answerer
from nlp.classifier import ClauseClassifier
from nlp.encoder import SentenceEncoder, Vectors
from nlp.engine import Smallprint
from nlp.evidence import Weigher
from nlp.recent import Recent
from nlp.reranker import Reranker
from nlp.retrieve import IndexedStatement


def encoder_of(engine: Smallprint) -> WordEncoder:
    """Return the fake encoder of an engine."""
    assert isinstance(engine.answerer.encoder, WordEncoder)
    return engine.answerer.encoder


def tagged(engine: Smallprint) -> list[int]:
    """Return how many clauses the fake classifier of an engine was given, each time."""
    assert isinstance(engine.classifier.scorer, WordScorer)
    return engine.classifier.scorer.asked


def numbered(number: int) -> Statement:
    """Return one of many different statements."""
    return make_statement(("paragraph", f"We sell product {number} to all of you."))


def test_the_package_offers_the_engine() -> None:
    assert nlp.Smallprint is Smallprint
    with pytest.raises(AttributeError, match="module 'nlp' has no attribute 'Nothing'"):
        nlp.Nothing  # noqa: B018


def test_clauses_are_tagged_the_likeliest_first() -> None:
    statement = acme()
    clauses = tiny_engine().clauses(statement)
    assert [(c.text, c.categories) for c in clauses] == [
        (SELL, ("sharing",)),
        (POLICE, ("sharing",)),
        (KEEP, ("retention",)),
        (COOKIES, ("collection",)),
    ]
    for clause in clauses:
        assert tuple(clause.probabilities) == CATEGORY_IDS
        assert clause.probabilities[clause.categories[0]] == max(clause.probabilities.values())
        assert type(clause.probabilities["other"]) is float
        assert statement.text[clause.start : clause.end] == clause.text


def test_several_categories_come_in_order_of_probability() -> None:
    weights = term_weights()
    weights[TERMS.index("sell"), CATEGORY_IDS.index("choice")] = 20
    engine = replace(tiny_engine(), classifier=tiny_classifier(WordScorer(weights)))
    (clause,) = engine.clauses(make_statement(("paragraph", "We sell.")))
    assert clause.categories == ("choice", "sharing")


def test_a_clause_is_tagged_as_it_is_read_under_its_lead_in() -> None:
    statement = make_statement(("paragraph", "This is what we sell:"), ("item", "names"))
    assert [c.categories for c in tiny_engine().clauses(statement)] == [("sharing",), ("sharing",)]


def test_asking_answers_from_the_statement() -> None:
    answer = tiny_engine().ask(acme(), "do you sell personal data?")
    assert (answer.verdict, answer.citations[0].quote) == ("no", SELL)
    follow_up = tiny_engine().ask(acme(), "and the police?", earlier=["do you give data if the law asks?"])
    assert (follow_up.verdict, follow_up.citations[0].quote) == ("yes", POLICE)


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 10_000])
def test_a_question_that_cannot_be_asked_is_declined_with_the_reason(question: str) -> None:
    answer = tiny_engine().ask(acme(), question)
    assert (answer.verdict, answer.confidence, answer.citations) == ("not_stated", 0.0, ())
    assert answer.answer == answer.notice
    assert answer.answer.startswith("The question ")


def test_a_list_goes_on_after_a_question_that_cannot_be_asked() -> None:
    asked = [("b", "do you sell personal data?"), ("a", ""), (None, "what cookies does the website set?")]
    answers = list(tiny_engine().ask_all(acme(), asked))
    assert [(a.id, a.question, a.verdict) for a in answers] == [
        ("b", "do you sell personal data?", "no"),
        ("a", "", "not_stated"),
        (None, "what cookies does the website set?", "stated"),
    ]
    assert answers[1].answer.startswith("The question is empty; ask in a few words")
    assert answers[1].statement.title == "Acme Privacy"
    assert list(tiny_engine().ask_all(acme(), [])) == []


@pytest.mark.parametrize("text", [None, "Privacy"])
def test_a_statement_that_says_nothing_can_be_asked(text: str | None) -> None:
    statement = make_statement(*([("heading", text)] if text else []))
    engine = tiny_engine()
    assert engine.clauses(statement) == []
    assert engine.ask(statement, "do you sell it?").verdict == "not_stated"


def test_a_statement_is_read_once() -> None:
    engine = tiny_engine()
    engine.clauses(acme())
    engine.ask(acme(), "do you sell it?")
    engine.ask(acme(), "do you keep it?")
    assert encoder_of(engine).asked == [4, 1, 1]
    assert tagged(engine) == [4]


def test_two_copies_of_one_text_keep_their_own_dates() -> None:
    engine = tiny_engine()
    copies = [acme(archive=ArchiveRecord("acme.example", date(year, 1, 2)), id=f"{year}") for year in (2014, 2019)]
    for statement in (*copies, copies[0]):
        answer = engine.ask(statement, "do you sell it?")
        assert answer.statement.archived_on == statement.archived_on
        assert answer.statement.id == statement.id
    assert encoder_of(engine).asked == [4, 1, 1, 1]


def test_what_is_kept_is_bounded_and_what_was_used_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_KEPT", 3)
    engine = tiny_engine()
    for number in (1, 2, 3, 1, 4):
        engine.read(numbered(number))
    assert encoder_of(engine).asked == [1] * 4
    engine.read(numbered(1))
    assert encoder_of(engine).asked == [1] * 4
    engine.read(numbered(2))
    assert encoder_of(engine).asked == [1] * 5
    assert len(engine._kept) == 3


def test_the_shipped_bound_holds() -> None:
    engine = tiny_engine()
    for number in range(40):
        engine.read(numbered(number))
    assert len(engine._kept) == 32


def test_a_statement_that_nobody_asks_is_forgotten() -> None:
    now = [0.0]
    engine = replace(tiny_engine(), _kept=Recent(8, clock=lambda: now[0]))
    for hours, passes in ((0, 1), (2, 1), (4.1, 2)):
        now[0] = hours * 3600
        engine.read(numbered(1))
        assert encoder_of(engine).asked == [1] * passes


class CarefulEncoder(WordEncoder):
    """Fails where two threads are in it at once, as a tokenizer would."""

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        assert inside.acquire(blocking=False), "two threads at once"
        try:
            return super().encode(texts)
        finally:
            inside.release()


inside = threading.Lock()


def test_threads_get_the_answers_that_one_gets() -> None:
    questions = ["do you sell personal data?", "police?", "what cookies does the website set?", "weather today?"] * 6
    encoder = CarefulEncoder()
    engine = Smallprint(
        tiny_classifier(),
        Answerer(encoder, OverlapReranker(), tiny_weigher()),  # type: ignore[arg-type]
    )
    expected = [tiny_engine().ask(acme(), question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: engine.ask(acme(), question), questions)) == expected
    assert encoder.asked.count(4) == 1


class SlowEncoder(WordEncoder):
    """Takes its time at statements: it waits in its second turn until another thread waits for one."""

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        if self.asked == [2]:
            turn_begun.set()
            assert others_wait.wait(30), "nobody asked"
        return super().encode(texts)


turn_begun, others_wait = threading.Event(), threading.Event()


def waiting_for(engine: Smallprint) -> None:
    """Wait until a thread waits for its turn, and let the reading go on."""
    while not engine._lock._waiting:
        threading.Event().wait(0.001)
    others_wait.set()


def test_a_question_of_another_comes_in_between_the_turns_of_a_long_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_TURN", 2)
    turn_begun.clear()
    others_wait.clear()
    encoder = SlowEncoder()
    engine = Smallprint(tiny_classifier(), Answerer(encoder, OverlapReranker(), tiny_weigher()))  # type: ignore[arg-type]
    short = engine.index(numbered(1))
    encoder.asked.clear()
    long = make_statement(*[("paragraph", f"We sell product {number} to you.") for number in range(9)])
    reading = threading.Thread(target=engine.read, args=(long,))
    reading.start()
    assert turn_begun.wait(30)
    asking = threading.Thread(target=engine.answer, args=(short, "do you sell product 1?"))
    asking.start()
    waiting_for(engine)
    for thread in (asking, reading):
        thread.join(timeout=30)
    assert encoder.asked == [2, 2, 1, 2, 2, 1], "the question is answered after the turn in which it was asked"


class Waited(Future[IndexedStatement]):
    """Lets the reading go on when somebody waits for what comes of it."""

    def result(self, timeout: float | None = None) -> IndexedStatement:
        others_wait.set()
        return super().result(timeout)


def test_whoever_wants_a_statement_that_is_being_read_waits_for_it_and_reads_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_module, "_TURN", 2)
    turn_begun.clear()
    others_wait.clear()
    encoder = SlowEncoder()
    engine = Smallprint(tiny_classifier(), Answerer(encoder, OverlapReranker(), tiny_weigher()))  # type: ignore[arg-type]
    monkeypatch.setattr(engine_module, "Future", Waited)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(engine.clauses, acme())
        assert turn_begun.wait(30)
        second = pool.submit(engine.clauses, acme())
        assert first.result(30) == second.result(30) == tiny_engine().clauses(acme())
    assert encoder.asked == [2, 2]


def test_the_turns_of_a_long_statement_make_what_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tiny_engine().index(acme())
    monkeypatch.setattr(engine_module, "_TURN", 3)
    parts = tiny_engine().index(acme())
    assert parts.clauses == whole.clauses
    np.testing.assert_array_equal(parts.index.vectors, whole.index.vectors)
    np.testing.assert_array_equal(parts.categories, whole.categories)


def test_a_reading_that_fails_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = tiny_engine()
    with monkeypatch.context() as patch:
        patch.setattr(engine_module, "segment", lambda statement: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            engine.read(acme())
    assert len(engine._kept) == 0
    assert len(engine.clauses(acme())) == 4


@pytest.mark.parametrize("options", [{}, {"mode": "accurate"}, {"mode": "fast"}])
def test_the_mode_is_that_of_the_classifier(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    parts = {"classifier": tiny_classifier(), "encoder": WordEncoder(), "reranker": OverlapReranker()}
    modes: list[str] = []
    monkeypatch.setattr(SentenceEncoder, "load", lambda: parts["encoder"])
    monkeypatch.setattr(Reranker, "load", lambda: parts["reranker"])
    monkeypatch.setattr(Weigher, "load", lambda *, reranker: tiny_weigher())
    monkeypatch.setattr(ClauseClassifier, "load", lambda *, mode: modes.append(mode) or parts["classifier"])
    engine = Smallprint.load(**options)
    assert modes == [options.get("mode", "accurate")]
    loaded = {
        "classifier": engine.classifier,
        "encoder": engine.answerer.encoder,
        "reranker": engine.answerer.reranker,
    }
    assert all(loaded[name] is part for name, part in parts.items())
    assert engine.ask(acme(), "do you sell personal data?").citations[0].quote == SELL


def test_an_index_holds_every_clause_with_its_vector() -> None:
    engine, statement = tiny_engine(), acme()
    indexed = engine.index(statement)
    np.testing.assert_allclose(indexed.index.vectors, WordEncoder().encode([c.context for c in indexed.clauses]))
    assert indexed.index.statement == statement.fingerprint
    assert indexed.index.encoder == "fake:words"
    assert indexed.lexical.size == len(indexed.clauses) == 4
