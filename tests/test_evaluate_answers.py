"""Tests of nlp.evaluate_answers: risks by hand, and what deleting clauses does to an engine of fakes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nlp_fakes import COOKIES, SELL, acme, clause, make_statement, tiny_engine

from corpus.types import DocumentError, Statement
from nlp.evaluate import DevQuestion
from nlp.evaluate_answers import (
    Deletions,
    Retrieval,
    Risk,
    _place,
    deletions,
    dev_outcomes,
    policyqa_retrieval,
    risk_curve,
    risks,
    unrelated,
)
from nlp.evidence import ANSWERED_FEATURES, LinearModel

SURE = np.array([0.5, 0.9, 0.7, 0.6])
RIGHT = np.array([False, True, False, True])


def same(cited: str, gold: str) -> bool:
    """Tell whether two passages are the same one, letter for letter."""
    return cited == gold


def question(text: str, type: str, *quotes: str, statement: Statement | None = None) -> DevQuestion:
    """Return a development question about the small statement."""
    return DevQuestion(statement or acme(), text, type, quotes)


def test_the_risk_is_the_share_of_wrong_answers_among_the_surest() -> None:
    np.testing.assert_allclose(risk_curve(SURE, RIGHT), [0, 1 / 2, 1 / 3, 1 / 2])
    np.testing.assert_array_equal(risk_curve(SURE, ~RIGHT), [1, 1 / 2, 2 / 3, 1 / 2])


def test_equal_confidences_keep_their_order() -> None:
    np.testing.assert_allclose(risk_curve(np.full(3, 0.5), np.array([True, False, True])), [0, 1 / 2, 1 / 3])


def test_risks_at_four_coverages() -> None:
    assert risks(SURE, RIGHT) == [Risk(0.5, 2, 1), Risk(0.7, 3, 1), Risk(0.9, 4, 2), Risk(1.0, 4, 2)]
    assert [risk.share for risk in risks(SURE, RIGHT)] == [1 / 2, 1 / 3, 1 / 2, 1 / 2]
    assert risks(np.array([0.5]), np.array([False])) == [Risk(c, 1, 1) for c in (0.5, 0.7, 0.9, 1.0)]
    assert Risk(0.5, 0, 0).share == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30))
def test_all_answered_is_the_share_of_wrong_answers(answers: list[tuple[int, bool]]) -> None:
    confidence = np.array([c / 9 for c, _ in answers])
    right = np.array([r for _, r in answers])
    whole = risks(confidence, right)[-1]
    assert (whole.answered, whole.wrong) == (len(answers), sum(not r for _, r in answers))


def test_every_question_is_answered_whatever_the_confidence() -> None:
    engine = tiny_engine(threshold=0.99)
    asked = [
        question("do you sell my personal data?", "no", SELL),
        question("do you sell my personal data?", "yes", SELL),
        question("what cookies does the website set?", "extractive", COOKIES),
        question("police?", "yes", COOKIES),
        question("what is the weather today?", "unanswerable"),
    ]
    outcomes = dev_outcomes(engine, asked, same)
    assert outcomes.right.tolist() == [True, False, True, False, False]
    assert outcomes.right.dtype == bool
    # Three words are shared, three, two, one and none: 2n - 3 is the log of the odds.
    np.testing.assert_allclose(outcomes.confidence, 1 / (1 + np.exp([-3, -3, -1, 1, 3])))
    # The engine itself is as it was.
    assert engine.ask(acme(), "do you sell my personal data?").verdict == "not_stated"


NO_MATTER = [f"{what} is of no matter." for what in "ABCDEFGH"]


def among(*texts: str) -> Statement:
    """Return a statement with some paragraphs in the middle of eight that are of no matter."""
    return make_statement(*[("paragraph", text) for text in (*NO_MATTER[:4], *texts, *NO_MATTER[4:])])


def test_unrelated_clauses_are_the_likeliest_and_the_least_likely_that_do_not_answer() -> None:
    engine, statement = tiny_engine(), among(SELL)
    indexed, answer = engine.read(statement), engine.ask(statement, "do you sell my personal data?")
    assert [citation.clause_id for citation in answer.citations] == ["c5", "c1", "c2", "c3", "c4"]

    def ids(question: str, cited: int, conditions: int) -> list[str]:
        shown = replace(answer, citations=answer.citations[:cited], conditions=answer.citations[:conditions])
        return [clause.id for clause in unrelated(engine.answerer, indexed, question, shown)]

    assert ids(answer.question, 5, 0) == ["c6", "c9"]
    assert ids(answer.question, 1, 0) == ["c1", "c9"]
    assert ids(answer.question, 0, 2) == ["c2", "c9"]
    # All but one share a word with this question, and are too likely.
    assert ids("what about matter F?", 0, 0) == ["c5"]
    assert ids("what about matter F?", 1, 0) == []


def test_answers_that_are_deleted_are_counted_and_clauses_beside_the_point() -> None:
    statement = among(SELL)
    asked = [
        question("do you sell my personal data?", "no", SELL, statement=statement),
        # Not answered to begin with, with a passage and without.
        question("do you keep logs?", "yes", SELL, statement=statement),
        question("what is the weather today?", "unanswerable", statement=statement),
    ]
    # For each of them two clauses are beside the point.
    assert deletions(tiny_engine(), asked, same) == Deletions(answered=1, declined=1, kept=6, changed=0)


def test_a_passage_that_answers_is_not_beside_the_point() -> None:
    asked = [question("do you sell my personal data?", "no", SELL, *NO_MATTER[5:], statement=among(SELL))]
    # Of the four that are not cited the likeliest is "E is of no matter.", the least likely is a passage.
    assert deletions(tiny_engine(), asked, same) == Deletions(answered=1, declined=1, kept=1, changed=0)


def test_a_verdict_that_hangs_on_a_clause_beside_the_point_is_counted() -> None:
    engine = tiny_engine()
    weigher = engine.answerer.weigher
    # The scores sum up to 0.953 + 8 * 0.047 = 1.332, without one of the eight to 1.285: sure if it is over 1.3.
    total = np.eye(ANSWERED_FEATURES)[6]
    hanging = LinearModel(1.3 * total, np.full(ANSWERED_FEATURES, 1e-3), total, np.zeros(1))
    moved = replace(engine, answerer=replace(engine.answerer, weigher=replace(weigher, answered=hanging)))
    asked = [question("do you sell my personal data?", "no", SELL, statement=among(SELL))]
    assert deletions(moved, asked, same) == Deletions(answered=1, declined=1, kept=2, changed=2)


def test_an_answer_that_stands_twice_is_still_given() -> None:
    twice = make_statement(("paragraph", SELL), ("paragraph", "We sell personal data to no one."))
    asked = [question("do you sell my personal data?", "no", SELL, statement=twice)]
    assert deletions(tiny_engine(), asked, same) == Deletions(answered=1, declined=0, kept=0, changed=0)


PASSAGES = {
    "a": ["We sell names to partners.", "We keep logs for a year. We burn them then.", "Children may not play here."],
    "b": ["Nothing of b is looked at."],
    "c": ["Nothing of c is looked at."],
    "d": ["Our bank holds gold.", "Our shop holds bread."],
}


def write_policyqa(folder: Path, *asked: tuple[str, int, str]) -> Path:
    """Write questions, each with its policy and the number of its passage, and return the data folder."""
    records = [{"policy": p, "context": PASSAGES[p][i], "qas": [{"question": q, "answers": []}]} for p, i, q in asked]
    (folder / "policyqa").mkdir()
    (folder / "policyqa" / "dev.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return folder


def test_passages_are_looked_for_in_the_policies_held_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.evaluate_answers.PASSAGES", 1)
    data = write_policyqa(
        tmp_path,
        ("a", 0, "who gets names of partners?"),
        ("a", 1, "when are logs burnt, after a year?"),
        ("a", 2, "may children play?"),
        # It points elsewhere for all of them.
        ("a", 2, "are names kept for partners?"),
        ("b", 0, "sell?"),
        ("c", 0, "sell?"),
        ("d", 0, "who holds gold?"),
        ("d", 1, "who holds bread?"),
    )
    assert policyqa_retrieval(tiny_engine(), data) == Retrieval(6, 5 / 6, 5 / 6, 5 / 6)


def test_a_passage_among_the_first_five_is_found(tmp_path: Path) -> None:
    data = write_policyqa(tmp_path, ("a", 0, "weather?"), ("a", 1, "weather?"), ("a", 2, "weather?"))
    assert policyqa_retrieval(tiny_engine(), data) == Retrieval(3, 1, 1, 1)


def test_passages_of_a_question_are_told_apart_by_the_words_of_a_clause() -> None:
    passages = PASSAGES["a"]
    assert [_place(clause(text), passages) for text in ("We keep logs.", "Children", "names to partners")] == [1, 2, 0]
    # Of passages that fit as well the first.
    assert _place(clause("We"), passages) == 0


@pytest.mark.parametrize("content", ["", "{"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DocumentError, match="no such file: "):
        policyqa_retrieval(tiny_engine(), tmp_path)
    (tmp_path / "policyqa").mkdir()
    (tmp_path / "policyqa" / "dev.jsonl").write_text(content)
    with pytest.raises(DocumentError, match="is not a file of PolicyQA questions"):
        policyqa_retrieval(tiny_engine(), tmp_path)


def test_a_set_without_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policyqa").mkdir()
    (tmp_path / "policyqa" / "dev.jsonl").write_text('{"policy": "a", "context": "b", "qas": []}\n')
    with pytest.raises(DocumentError, match="holds too few policies of PolicyQA to hold any back"):
        policyqa_retrieval(tiny_engine(), tmp_path)
