"""Tests of one question across an archive: each text is asked once, and it is told when the answer changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from nlp_fakes import OverlapReranker, WordEncoder, tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version

from corpus.archives.types import Version
from corpus.types import DocumentError
from nlp.archive_answers import ArchiveAnswers, ask_archive, newest
from nlp.engine import Smallprint
from nlp.errors import RunError
from nlp.question import QuestionError
from nlp.store import Store

QUESTION = "do you sell my data to anyone?"
MAY = "We do sell your data to anyone who asks."


@pytest.fixture
def engine() -> Smallprint:
    """Return an engine of fakes."""
    return tiny_engine()


def store_of(folder: Path, texts: Sequence[str]) -> Store:
    """Return a store of the versions of one document."""
    return made_store(folder / "store", [version(day, text) for day, text in enumerate(texts)])


def told(found: ArchiveAnswers) -> list[tuple[int, int, str, str | None]]:
    """Return of each answer its first version, the number of versions, the verdict and what differs."""
    return [(a.version.number, a.versions, a.answer.verdict, a.differs) for a in found.answers]


def test_the_answer_of_each_text_and_when_it_changed(tmp_path: Path, engine: Smallprint) -> None:
    texts = [policy(), policy(SELL), policy(SELL, KEEP), policy(MAY), policy(MAY), policy("We do sell data to anyone.")]
    found = ask_archive(store_of(tmp_path, texts), engine, "acme", QUESTION)
    assert told(found) == [
        (1, 1, "not_stated", None),
        (2, 1, "no", "verdict"),
        (3, 1, "no", None),
        (4, 2, "yes", "verdict"),
        (6, 1, "yes", "quote"),
    ]
    assert [answer.quote for answer in found.answers][:4] == [None, SELL, SELL, MAY]
    merged = [(a.version.number, a.last.number, a.versions, a.answer.verdict) for a in found.merged()]
    assert merged == [(1, 1, 1, "not_stated"), (2, 3, 2, "no"), (4, 5, 2, "yes"), (6, 6, 1, "yes")]
    assert [(a.version.date, a.answer.verdict) for a in found.changes] == [("2020-01-02", "no"), ("2020-01-04", "yes")]


HOW_LONG = "How long do you keep records of calls?"


def kept(time: str, more: str = "") -> str:
    """Return a policy that says how long."""
    return policy(f"We keep records of calls{more} for {time}.")


def test_another_amount_is_another_answer(tmp_path: Path, engine: Smallprint) -> None:
    times = [kept("30 days"), kept("90 days"), kept("90 days", " and mails"), kept("ninety days"), kept("2 years")]
    found = ask_archive(store_of(tmp_path, times), engine, "Acme", HOW_LONG)
    assert [(a.answer.verdict, a.amount, a.differs) for a in found.answers] == [
        ("stated", "30 days", None),
        ("stated", "90 days", "answer"),
        ("stated", "90 days", "quote"),
        ("stated", "ninety days", "quote"),
        ("stated", "2 years", "answer"),
    ]
    assert found.as_dict()["changed"] == [
        {"on": "2020-01-02", "verdict": "stated", "amount": "90 days"},
        {"on": "2020-01-05", "verdict": "stated", "amount": "2 years"},
    ]


def test_without_an_amount_other_words_are_another_answer(tmp_path: Path, engine: Smallprint) -> None:
    texts = [policy("We keep records of calls as we like."), kept("as long as we like"), kept("30 days")]
    found = ask_archive(store_of(tmp_path, texts), engine, "Acme", HOW_LONG)
    assert [(a.amount, a.first_words, a.differs) for a in found.answers] == [
        (None, None, None),
        (None, None, "answer"),
        ("30 days", "30 days", "answer"),
    ]


def test_a_limit_that_comes_is_another_answer(tmp_path: Path, engine: Smallprint) -> None:
    limited = "We do not sell your data to anyone unless you agree."
    found = ask_archive(store_of(tmp_path, [policy(SELL), policy(limited)]), engine, "Acme", QUESTION)
    assert [(a.answer.verdict, a.first_words, a.differs) for a in found.answers] == [
        ("no", "No", None),
        ("no", "No, with an exception", "answer"),
    ]


def test_it_is_what_the_engine_answers(tmp_path: Path, engine: Smallprint) -> None:
    store = store_of(tmp_path, [policy(SELL, KEEP), policy(MAY)])
    found = ask_archive(store, engine, "Acme", QUESTION)
    for answer in found.answers:
        expected = engine.ask(store.statement(answer.version), QUESTION)
        assert answer.answer.confidence == pytest.approx(expected.confidence, abs=1e-3)
        assert replace(answer.answer, confidence=0, citations=()) == replace(expected, confidence=0, citations=())
        assert [c.quote for c in answer.answer.citations] == [c.quote for c in expected.citations]
        text = store.statement(answer.version).text
        assert all(text[c.start : c.end] == c.quote for c in answer.answer.citations)


def test_what_says_the_same_is_asked_once_and_nothing_is_embedded_again(tmp_path: Path, engine: Smallprint) -> None:
    texts = [policy(SELL), policy(MAY), policy(SELL), policy(f"**{SELL}**"), policy(MAY)]
    store = store_of(tmp_path, texts)
    found = ask_archive(store, engine, "Acme", QUESTION)
    assert told(found) == [
        (1, 1, "no", None),
        (2, 1, "yes", "verdict"),
        (3, 2, "no", "verdict"),
        (5, 1, "yes", "verdict"),
    ]
    assert isinstance(engine.answerer.encoder, WordEncoder)
    assert engine.answerer.encoder.asked == [1, 1]
    assert isinstance(engine.answerer.reranker, OverlapReranker)
    assert len(engine.answerer.reranker.asked) == 10
    # The answer of a version that returned is that of the first one, and names it.
    assert found.answers[2].answer.statement.id == store.versions("Acme")[0].reference


def test_flagged_versions_are_not_asked(tmp_path: Path, engine: Smallprint) -> None:
    found = ask_archive(store_of(tmp_path, ["", policy(SELL), "", policy(SELL)]), engine, "Acme", QUESTION)
    assert told(found) == [(2, 2, "no", None)]
    assert found.answers[0].last.number == 4
    none = ask_archive(made_store(tmp_path / "none", [version(0, "")]), engine, "Acme", QUESTION)
    assert (none.answers, none.left_out) == ((), (("Acme", "Privacy Policy"),))


def archive() -> list[Version]:
    """Return versions of three services, the last of which was never archived well."""
    return [
        version(0, policy(SELL)),
        version(9, policy(MAY)),
        version(12, ""),
        version(5, policy(KEEP), service="Bond"),
        version(1, "Page not found", service="Coil"),
    ]


def test_all_services_are_asked_by_their_newest_version(tmp_path: Path, engine: Smallprint) -> None:
    found = ask_archive(made_store(tmp_path / "store", archive()), engine, None, QUESTION)
    assert [(a.version.service, a.version.date, a.answer.verdict) for a in found.answers] == [
        ("Acme", "2020-01-10", "yes"),
        ("Bond", "2020-01-06", "not_stated"),
    ]
    assert found.left_out == (("Coil", "Privacy Policy"),)
    assert found.changes == ()
    assert found.merged() == found.answers


def test_all_services_are_asked_as_they_were_on_a_day(tmp_path: Path, engine: Smallprint) -> None:
    store = made_store(tmp_path / "store", archive())
    found = ask_archive(store, engine, None, QUESTION, at=date(2020, 1, 5))
    assert [(a.version.service, a.version.date, a.answer.verdict) for a in found.answers] == [
        ("Acme", "2020-01-01", "no")
    ]
    assert found.left_out == (("Bond", "Privacy Policy"), ("Coil", "Privacy Policy"))
    one = ask_archive(store, engine, "Acme", QUESTION, at=date(2020, 1, 9))
    assert told(one) == [(1, 1, "no", None)]


def test_only_the_documents_of_a_name(tmp_path: Path, engine: Smallprint) -> None:
    items = [version(0), version(1, document="Cookies", reference="c"), version(2, service="Bond")]
    store = made_store(tmp_path / "store", items)
    found = ask_archive(store, engine, None, QUESTION, document="cookies")
    assert [(a.version.service, a.version.document) for a in found.answers] == [("Acme", "Cookies")]
    with pytest.raises(
        DocumentError, match=r"^there is no document 'cookie' in this archive; did you mean 'Cookies'\?$"
    ):
        ask_archive(store, engine, None, QUESTION, document="cookie")


def test_newest(tmp_path: Path) -> None:
    versions = made_store(tmp_path / "store", archive()).versions("Acme")
    assert [v and v.number for v in (newest(versions), newest(versions, date(2020, 1, 3)))] == [2, 1]
    assert newest(versions, date(2019, 1, 3)) is None


def test_what_cannot_be_asked(tmp_path: Path, engine: Smallprint) -> None:
    store = store_of(tmp_path, [policy(SELL)])
    with pytest.raises(QuestionError, match="the question is empty"):
        ask_archive(store, engine, "Acme", "?")
    with pytest.raises(DocumentError, match="there is no service 'Zzz'"):
        ask_archive(store, engine, "Zzz", QUESTION)
    other = replace(engine, answerer=replace(engine.answerer, encoder=WordEncoder("fake:others")))
    with pytest.raises(RunError, match="was made with the encoder fake:words, and questions are read with fake:others"):
        ask_archive(store, other, "Acme", QUESTION)


def test_progress_and_plain_data(tmp_path: Path, engine: Smallprint) -> None:
    told_of = list[tuple[int, int]]()
    store = store_of(tmp_path, [policy(SELL), policy(MAY)])
    found = ask_archive(store, engine, "Acme", QUESTION, report=lambda done, total: told_of.append((done, total)))
    assert told_of == [(1, 2), (2, 2)]
    record = found.as_dict()
    assert record["changed"] == [{"on": "2020-01-02", "verdict": "yes", "amount": None}]
    assert [(a["from"], a["until"], a["verdict"], a["quote"]) for a in record["answers"]] == [
        ("2020-01-01", "2020-01-01", "no", SELL),
        ("2020-01-02", "2020-01-02", "yes", MAY),
    ]
    assert record["answers"][0]["answer"]["citations"][0]["quote"] == SELL
