"""Tests of nlp.retrieve: candidates by meaning, words and categories together, and statements without a clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from nlp_fakes import COOKIES, DIMENSIONS, KEEP, POLICE, SELL, WordEncoder, acme, indexed, make_statement
from numpy.typing import NDArray

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import Statement
from nlp.retrieve import CATEGORY_WEIGHT, Candidate, IndexedStatement

NOTHING = np.zeros(len(CATEGORY_IDS))


def asking(**categories: float) -> NDArray[np.float64]:
    """Return how likely a question asks about each category, shape (13,)."""
    return np.array([categories.get(name, 0.0) for name in CATEGORY_IDS])


def tag(statement: IndexedStatement, *probabilities: Mapping[str, float]) -> IndexedStatement:
    """Return a statement with the probabilities of categories, one mapping for each clause."""
    clauses = [replace(c, probabilities=p) for c, p in zip(statement.clauses, probabilities, strict=True)]
    index = statement.index
    return IndexedStatement.of(statement.statement, clauses, index.vectors, encoder=index.encoder)


def tagged() -> IndexedStatement:
    """Return the small statement with the probabilities of a few categories; the last clause has none."""
    return tag(indexed(acme()), {"sharing": 0.9, "choice": 0.5}, {"sharing": 0.5}, {"retention": 1.0}, {})


def candidates(question: str, k: int = 10, statement: IndexedStatement | None = None) -> list[Candidate]:
    """Return the candidates of the small statement, for a question that asks about no category."""
    vector = WordEncoder().encode([question])[0]
    return (statement or indexed(acme())).candidates(question, vector, NOTHING, k)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("do you sell personal data?", SELL),
        ("police?", POLICE),
        ("how long are log files kept?", KEEP),
        ("which cookies does the website set", COOKIES),
    ],
)
def test_the_nearest_clause_comes_first(question: str, best: str) -> None:
    assert candidates(question)[0].clause.text == best


def test_scores_add_up_and_fall() -> None:
    encoder, question = WordEncoder(), "do you sell personal data to the police?"
    statement = indexed(acme(), encoder)
    found = statement.candidates(question, encoder.encode([question])[0], NOTHING, 10)
    assert {c.clause.text for c in found} == {SELL, POLICE, KEEP, COOKIES}
    assert [c.fused for c in found] == sorted((c.fused for c in found), reverse=True)
    lexical = statement.lexical.scores(question)
    for c in found:
        assert statement.clauses[c.position] is c.clause
        cosine = statement.index.vectors[c.position] @ encoder.encode([question])[0]
        assert c.cosine == pytest.approx(cosine, abs=1e-6)
        assert c.lexical == pytest.approx(lexical[c.position])
        assert c.category == 0
        assert c.fused == pytest.approx(c.cosine + 0.04 * c.lexical, abs=1e-6)


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (3, 3), (99, 4)])
def test_no_more_come_than_asked_for(k: int, count: int) -> None:
    assert len(candidates("data", k)) == count


def test_clauses_that_are_alike_keep_their_order() -> None:
    statement = indexed(make_statement(*[("paragraph", "We sell your data.")] * 3))
    found = candidates("sell?", 3, statement)
    assert [(c.clause.id, c.position) for c in found] == [("c1", 0), ("c2", 1), ("c3", 2)]


def test_a_statement_without_clauses_has_no_candidates() -> None:
    statement = indexed(make_statement(("heading", "Privacy")))
    assert statement.candidates("sell?", np.zeros(DIMENSIONS, np.float32), NOTHING, 3) == []
    assert statement.categories.shape == (0, 13)


def test_categories_are_a_row_a_clause() -> None:
    expected = [asking(sharing=0.9, choice=0.5), asking(sharing=0.5), asking(retention=1), NOTHING]
    np.testing.assert_array_equal(tagged().categories, expected)
    np.testing.assert_array_equal(indexed(acme()).categories, np.zeros((4, 13)))


def test_shared_categories_count() -> None:
    question, vector = "?", np.zeros(DIMENSIONS, np.float32)
    found = tagged().candidates(question, vector, asking(sharing=0.5, choice=0.25, retention=0.75), 10)
    assert [c.clause.text for c in found] == [KEEP, SELL, POLICE, COOKIES]
    np.testing.assert_allclose([c.category for c in found], [0.75, 0.5 * 0.9 + 0.25 * 0.5, 0.25, 0])
    np.testing.assert_allclose([c.fused for c in found], [CATEGORY_WEIGHT * c.category for c in found])


def test_a_category_lifts_a_clause_over_one_with_no_better_words() -> None:
    question = "data?"
    vector = WordEncoder().encode([question])[0]
    texts = ("We store data of staff.", "We share data of staff.")
    plain = indexed(make_statement(*[("paragraph", text) for text in texts]))
    lifted = tag(plain, {}, {"sharing": 1.0})
    for statement, expected in ((plain, texts), (lifted, texts[::-1])):
        found = statement.candidates(question, vector, asking(sharing=1.0), 2)
        assert tuple(c.clause.text for c in found) == expected


def test_a_statement_without_a_clause_is_as_if_it_did_not_stand_in_it() -> None:
    whole = tagged()
    left = whole.without(lambda clause: clause.text in (SELL, KEEP))
    assert [c.text for c in left.clauses] == [POLICE, COOKIES]
    # What is left keeps its place in the text, its id and its category.
    assert left.clauses == (whole.clauses[1], whole.clauses[3])
    assert left.statement is whole.statement
    np.testing.assert_array_equal(left.index.vectors, whole.index.vectors[[1, 3]])
    np.testing.assert_array_equal(left.categories, whole.categories[[1, 3]])
    assert (left.index.statement, left.index.encoder) == (whole.index.statement, whole.index.encoder)
    # The words are counted anew: "data" now stands in one clause of two.
    assert left.lexical.scores("data")[0] != whole.lexical.scores("data")[1]
    assert [(c.clause.text, c.position) for c in candidates("sell data?", 9, left)] == [(POLICE, 0), (COOKIES, 1)]
    assert len(whole.clauses) == 4


@pytest.mark.parametrize("statement", [acme(), make_statement(("heading", "Privacy"))])
def test_a_statement_may_lose_all_its_clauses_or_none(statement: Statement) -> None:
    whole = indexed(statement)
    empty = whole.without(lambda clause: True)
    assert (empty.clauses, len(empty.index), candidates("sell?", 3, empty)) == ((), 0, [])
    assert empty.without(lambda clause: True).clauses == ()
    same = whole.without(lambda clause: False)
    assert same.clauses == whole.clauses
    assert candidates("sell data?", 9, same) == candidates("sell data?", 9, whole)
