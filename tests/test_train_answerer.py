"""Tests of nlp.train_answerer: figures by hand, and a fit on small statements that then answers rightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nlp_fakes import (
    COOKIES,
    POLICE,
    SELL,
    OverlapReranker,
    WordEncoder,
    acme,
    evidence,
    no_topics,
    tiny_classifier,
    tiny_engine,
)

from corpus.questions import Question, QuestionSet
from corpus.taxonomy import CATEGORY_IDS
from nlp import train_answerer
from nlp.classifier import ClauseClassifier
from nlp.encoder import SentenceEncoder
from nlp.polarity import polarity_features
from nlp.reranker import FOLDER, Reranker
from nlp.train_answerer import (
    Asked,
    ask_all,
    best_threshold,
    fit,
    fit_negation,
    fit_rank,
    learn_topics,
    reranked,
    summary,
    untrained_engine,
)

QUESTIONS = (
    ("do you sell personal data?", "no", (SELL,)),
    ("do you give data to the police?", "yes", (POLICE,)),
    ("what cookies does the website set?", "stated", (COOKIES,)),
    ("what is the weather?", "not_stated", ()),
    ("are you a bank?", "not_stated", ()),
)


def question(text: str, verdict: str, quotes: tuple[str, ...] = (), categories: tuple[str, ...] = ()) -> Question:
    """Return a question with the passages that answer it."""
    return Question(text, text, verdict, quotes, quotes, (), (), categories)


def question_set(name: str) -> QuestionSet:
    """Return the small statement under a name, with its questions."""
    return QuestionSet(name, acme(id=name), tuple(question(*parts) for parts in QUESTIONS))


def asked(verdict: str, text: str = "We sell.", statement: str = "one") -> Asked:
    """Return a question with one piece of evidence; "We sell." answers."""
    return Asked(statement, question("sell?", verdict, ("We sell.",)), [evidence(text)])


@pytest.mark.parametrize(
    ("confidence", "right", "unanswerable", "highest"),
    [
        ([0.2, 0.6], [0, 1], [1, 0], 0.6),
        ([0.2, 0.6, 0.65], [1, 0, 1], [0, 0, 0], 0.2),
        ([0.9, 0.9], [1, 1], [0, 0], 0.8),
        ([0.05, 0.09], [0, 0], [1, 1], 0.8),
        ([0.3, *[0.7] * 99], [1] * 100, [0] * 100, 0.7),
        ([0.3, 0.3, *[0.7] * 98], [1] * 100, [0] * 100, 0.3),
    ],
)
def test_the_threshold_is_the_highest_that_costs_no_more_than_one_right_decision_in_a_hundred(
    confidence: list[float], right: list[int], unanswerable: list[int], highest: float
) -> None:
    found = best_threshold(np.array(confidence), np.array(right, bool), np.array(unanswerable, bool))
    assert found == pytest.approx(highest, abs=0.011)


def test_figures_in_one_line() -> None:
    questions = [asked("yes"), asked("no", "We lend."), asked("stated"), asked("not_stated", statement="two")]
    line = summary(questions, np.array([1, 0, 1, 0], bool), np.array([0.95, 0.95, 0.15, 0.35]), 0.5)
    assert line == (
        "4 questions of 2 held-back statements: hit@1 0.667, right when all are answered 0.667,"
        " answered or declined rightly 0.500 at threshold 0.50, calibration error 0.525"
    )


def test_a_hit_is_a_first_passage_that_answers() -> None:
    right, wrong = evidence("We sell."), evidence("We lend.")
    assert replace(asked("yes"), evidence=[right, wrong]).hit is True
    assert replace(asked("yes"), evidence=[wrong, right]).hit is False
    assert replace(asked("yes"), evidence=[]).hit is False


def test_evidence_is_gathered_by_the_rerankers_relevance(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, reranker = WordEncoder(), OverlapReranker()
    monkeypatch.setattr(ClauseClassifier, "load", tiny_classifier)
    monkeypatch.setattr(SentenceEncoder, "load", lambda: encoder)
    loaded: list[Path] = []
    monkeypatch.setattr(Reranker, "load", lambda folder: loaded.append(folder) or reranker)
    topics = no_topics()
    engine = untrained_engine(topics)
    assert engine.answerer.encoder is encoder
    assert engine.answerer.weigher.topics is topics
    untrained_engine(topics, Path("made"))
    assert loaded == [FOLDER, Path("made")]
    (found, *_) = ask_all(engine, [question_set("one")])
    relevance = np.array([e.relevance for e in found.evidence])
    assert relevance.max() > relevance.min()
    np.testing.assert_allclose([e.score for e in found.evidence], 1 / (1 + np.exp(-relevance)), rtol=1e-6)
    assert relevance.tolist() == sorted(relevance, reverse=True)


def test_every_question_is_asked_of_its_statement() -> None:
    engine = tiny_engine()
    found = ask_all(engine, [question_set("one"), question_set("two")])
    assert [a.statement for a in found] == ["one"] * 5 + ["two"] * 5
    assert [a.hit for a in found[:5]] == [True, True, True, False, False]
    assert all(len(a.evidence) == 4 for a in found)


def test_ranks_are_fitted_on_answered_questions_and_put_answers_first() -> None:
    engine = tiny_engine()
    found = ask_all(engine, [question_set("one")])
    rank = fit_rank(found)
    for a in found[:3]:
        shuffled = reranked(rank, a.evidence[::-1])
        assert shuffled[0].clause.text == a.question.quotes[0]
        assert [e.score for e in shuffled] == sorted((e.score for e in shuffled), reverse=True)
        assert shuffled[0].score > 0.5 > shuffled[1].score
    assert reranked(rank, []) == []


@pytest.mark.parametrize("names", [("one",), ("one", "two")])
def test_a_fit_answers_and_declines_rightly(names: tuple[str, ...]) -> None:
    engine = tiny_engine()
    weigher, outcomes, figures = fit(engine, [question_set(name) for name in names], [question_set("seen")])
    assert weigher.topics is engine.answerer.weigher.topics
    assert outcomes.right.tolist() == [True, True, True, False, False] * len(names)
    assert outcomes.confidence[outcomes.right].min() > outcomes.confidence[~outcomes.right].max()
    assert figures.startswith(f"{5 * len(names)} questions of {len(names)} held-back statements: hit@1 1.000,")
    assert "answered or declined rightly 1.000" in figures
    assert 0.1 <= weigher.threshold <= 0.8
    fitted = replace(engine, answerer=replace(engine.answerer, weigher=weigher))
    for text, verdict, quotes in QUESTIONS:
        answer = fitted.ask(acme(), text)
        assert answer.verdict == verdict
        assert not quotes or answer.citations[0].quote == quotes[0]


def test_topics_are_learnt_from_our_questions_and_others() -> None:
    encoder = WordEncoder()
    ours = [QuestionSet("one", acme(), (question("sell?", "no", (SELL,), ("sharing",)), question("keep?", "stated")))]
    topics = learn_topics(ours, [("police?", ["sharing", "access"]), ("cookies?", ["collection"])], encoder)
    assert encoder.asked == [4]
    found = {word: topics.probabilities(encoder.encode([f"{word}?"])[0]) for word in ("sell", "keep", "police")}
    sharing, access, retention = (CATEGORY_IDS.index(name) for name in ("sharing", "access", "retention"))
    assert found["sell"][sharing] > 0.5 > found["keep"][sharing]
    assert found["police"][sharing] > 0.5
    assert found["police"][access] > found["sell"][access]
    assert found["sell"][retention] == pytest.approx(1 / (1 + np.exp(5)))


def test_negation_is_learnt_from_clauses_that_answer_yes_or_no() -> None:
    negation = fit_negation([question_set("one")])
    no = polarity_features("do you sell personal data?", SELL)
    yes = polarity_features("do you give data to the police?", POLICE)
    assert negation.probability(np.stack([no, yes])).round().tolist() == [0, 1]
    # Questions of other kinds and their clauses are no part of it.
    np.testing.assert_allclose(negation.mean, (no + yes) / 2)


def test_every_statement_is_weighed_with_weights_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: dict[str, list[set[str]]] = {}

    def watch(name: str) -> None:
        real = getattr(train_answerer, name)

        def watched(asked: Sequence[Asked], *rest: Any) -> Any:
            fitted.setdefault(name, []).append({a.statement for a in asked})
            return real(asked, *rest)

        monkeypatch.setattr(train_answerer, name, watched)

    watch("fit_rank")
    watch("_fit_answered")
    fit(tiny_engine(), [question_set("one"), question_set("two")], [question_set("seen")])
    # The last of each is what is kept.
    expected = [{"two"}, {"one"}, {"one", "two"}]
    assert fitted == {"fit_rank": expected, "_fit_answered": expected}
