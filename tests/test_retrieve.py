"""Tests of nlp.retrieve: candidates by meaning and words together."""

from __future__ import annotations

import numpy as np
import pytest
from nlp_fakes import COOKIES, DIMENSIONS, KEEP, POLICE, SELL, WordEncoder, acme, indexed, make_statement

from nlp.retrieve import Candidate


def candidates(question: str, k: int = 10) -> list[Candidate]:
    """Return the candidates of the small statement."""
    encoder = WordEncoder()
    return indexed(acme(), encoder).candidates(question, encoder.encode([question])[0], k)


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
    found = statement.candidates(question, encoder.encode([question])[0], 10)
    assert {c.clause.text for c in found} == {SELL, POLICE, KEEP, COOKIES}
    assert [c.fused for c in found] == sorted((c.fused for c in found), reverse=True)
    lexical = statement.lexical.scores(question)
    for c in found:
        position = statement.clauses.index(c.clause)
        cosine = statement.index.vectors[position] @ encoder.encode([question])[0]
        assert c.cosine == pytest.approx(cosine, abs=1e-6)
        assert c.lexical == pytest.approx(lexical[position])
        assert c.fused == pytest.approx(c.cosine + 0.04 * c.lexical, abs=1e-6)


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (3, 3), (99, 4)])
def test_no_more_come_than_asked_for(k: int, count: int) -> None:
    assert len(candidates("data", k)) == count


def test_clauses_that_are_alike_keep_their_order() -> None:
    encoder = WordEncoder()
    statement = indexed(make_statement(*[("paragraph", "We sell your data.")] * 3), encoder)
    found = statement.candidates("sell?", encoder.encode(["sell?"])[0], 3)
    assert [c.clause.id for c in found] == ["c1", "c2", "c3"]


def test_a_statement_without_clauses_has_no_candidates() -> None:
    statement = indexed(make_statement(("heading", "Privacy")))
    assert statement.candidates("sell?", np.zeros(DIMENSIONS, np.float32), 3) == []
