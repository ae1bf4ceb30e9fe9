"""Tests of nlp.answer: verdicts, thresholds, citations and conditions, with fakes for the models."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from nlp_fakes import (
    COOKIES,
    KEEP,
    POLICE,
    SELL,
    OverlapReranker,
    WordEncoder,
    acme,
    evidence,
    indexed,
    make_statement,
    tiny_weigher,
)

from corpus.types import ArchiveRecord, Statement
from nlp.answer import CANDIDATES, CITATIONS, Answerer, declined, sentence
from nlp.question import QuestionError
from nlp.types import Answer, StatementRef, Verdict


def answerer(threshold: float = 0.5) -> Answerer:
    """Return an answerer of fakes."""
    return Answerer(WordEncoder(), OverlapReranker(), tiny_weigher(threshold))  # type: ignore[arg-type]


def ask(question: str, statement: Statement | None = None, threshold: float = 0.5, **options: object) -> Answer:
    """Answer a question about the small statement."""
    return answerer(threshold).answer(indexed(statement or acme()), question, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "verdict", "text"),
    [
        ("do you sell my personal data?", "no", f"No. The statement says: “{SELL}”"),
        ("can the police ask for data?", "yes", f"Yes. The statement says: “{POLICE}”"),
        ("what cookies does the website set?", "stated", f"The statement says: “{COOKIES}”"),
        (
            "what is the weather today?",
            "not_stated",
            "The statement does not say; the nearest passages do not answer it.",
        ),
    ],
)
def test_each_verdict_with_its_sentence(question: str, verdict: Verdict, text: str) -> None:
    answer = ask(question)
    assert (answer.verdict, answer.answer, answer.question) == (verdict, text, question)
    assert answer.answered is (verdict != "not_stated")


def test_the_threshold_decides_and_the_limit_itself_answers() -> None:
    question = "website cookies?"
    confidence = ask(question).confidence
    assert confidence == pytest.approx(0.7310586)
    assert ask(question, threshold=confidence).verdict == "yes"
    assert ask(question, threshold=confidence + 1e-9).verdict == "not_stated"


def test_citations_come_best_first_and_quote_the_statement() -> None:
    statement = acme()
    answer = ask("do you sell personal data to the police?", statement)
    assert [c.quote for c in answer.citations[:2]] == [SELL, POLICE]
    assert [c.score for c in answer.citations] == sorted((c.score for c in answer.citations), reverse=True)
    assert all(statement.text[c.start : c.end] == c.quote for c in answer.citations)
    assert answer.citations[0].heading == ("Sharing",)
    assert len({c.clause_id for c in answer.citations}) == 4


def test_a_declined_question_still_shows_the_nearest_passages() -> None:
    answer = ask("what is the weather today?")
    assert len(answer.citations) == 4
    assert answer.conditions == ()
    assert answer.confidence < 0.5


def test_no_more_candidates_are_read_than_needed_and_few_are_cited() -> None:
    statement = make_statement(*[("paragraph", f"We do sell item number {i} to you.") for i in range(30)])
    reranker = OverlapReranker()
    made = replace(answerer(), reranker=reranker)  # type: ignore[arg-type]
    answer = made.answer(indexed(statement), "do you sell items?")
    assert len(reranker.asked) == CANDIDATES == 10
    assert len(answer.citations) == CITATIONS == 5


def test_a_statement_without_clauses_says_nothing() -> None:
    answer = ask("do you sell my data?", make_statement(("heading", "Privacy")))
    assert (answer.verdict, answer.confidence, answer.citations) == ("not_stated", 0.0, ())
    assert answer.answer == "The statement does not say."


def test_an_exception_in_the_best_passage_is_a_condition() -> None:
    answer = ask("how long do you keep log files?")
    assert answer.citations[0].quote == KEEP
    assert answer.conditions == (answer.citations[0],)


def test_a_likely_passage_with_an_exception_is_a_condition_and_an_unlikely_one_is_not() -> None:
    likely = "However, we may sell personal data of firms."
    unlikely = "Unless told, cookies stay."
    statement = make_statement(*[("paragraph", text) for text in (SELL, likely, unlikely)])
    answer = ask("do you sell personal data to anyone?", statement)
    assert [c.quote for c in answer.citations] == [SELL, likely, unlikely]
    assert [c.quote for c in answer.conditions] == [likely]


def test_the_answer_names_the_statement_and_its_dates() -> None:
    archive = ArchiveRecord("acme.example", date(2016, 5, 31))
    answer = ask("do you sell data?", acme(archive=archive, effective_on="2015-03"))
    assert answer.statement == StatementRef("acme.example", "Acme Privacy", "2016-05-31", "2015-03")


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 2001])
def test_a_question_that_cannot_be_asked_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match=r"^the question (is empty|has 2,001 characters)"):
        ask(question)


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    alone = ask("and the police?")
    after = ask("and the police?", earlier=("first one?", "do you give data if the law asks?"))
    assert (alone.citations[0].quote, after.citations[0].quote) == (POLICE, POLICE)
    assert alone.confidence < 0.5 < after.confidence
    assert after.question == "and the police?"


def test_a_question_in_another_language_gets_a_notice() -> None:
    answer = ask("Verkaufen Sie meine persönlichen Daten an andere Unternehmen oder Personen?")
    assert answer.notice == "This question does not seem to be in English; answers are made for questions in English."
    assert ask("Do you sell my personal data to other companies or to other people?").notice is None
    assert ask("Verkaufen Sie Daten?").notice is None


def test_a_long_passage_is_shortened_at_a_word() -> None:
    text = "We keep " + "many " * 100 + "logs."
    shown = sentence("stated", [evidence(text)])
    assert shown.startswith("The statement says: “We keep many many ")
    assert shown.endswith("many …”")
    assert len(shown) < 310
    assert sentence("yes", [evidence("We\nkeep  logs.")]) == "Yes. The statement says: “We keep logs.”"


def test_a_declined_answer_gives_the_reason() -> None:
    answer = declined(indexed(acme()), "?", QuestionError("the question is empty; ask"))
    assert (answer.verdict, answer.answer, answer.confidence, answer.question) == (
        "not_stated",
        "The question is empty; ask",
        0.0,
        "?",
    )
    assert answer.statement.id == "acme.example"
