"""Measure answers: risk against coverage, what deleting clauses changes, and retrieval on PolicyQA."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.load import load_text
from corpus.policyqa import PassageQuestion, held_back, read_policyqa
from corpus.types import DocumentError
from nlp.answer import Answerer
from nlp.engine import Smallprint
from nlp.evaluate import DevQuestion, Match
from nlp.evidence import Outcomes
from nlp.lexical import LexicalIndex
from nlp.retrieve import IndexedStatement
from nlp.types import Answer, Clause

COVERAGES = (0.5, 0.7, 0.9, 1.0)
PASSAGES = 5
_UNRELATED_SCORE = 0.05


@dataclass(frozen=True, slots=True)
class Risk:
    """When the share `coverage` of questions is answered, those of the highest confidence, `wrong` of them wrongly."""

    coverage: float
    answered: int
    wrong: int

    @property
    def share(self) -> float:
        """The share of answers that are wrong."""
        return self.wrong / max(self.answered, 1)


def risk_curve(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of wrong answers among the n most confident, for n from 1 to all, shape (n,).

    Risk and coverage as El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010.
    """
    wrong = ~right[np.argsort(-confidence, kind="stable")]
    return np.asarray(np.cumsum(wrong) / np.arange(1, len(wrong) + 1))


def risks(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[Risk]:
    """Return the risk at 50, 70, 90 and 100 per cent answered."""
    curve, rows = risk_curve(confidence, right), []
    for coverage in COVERAGES:
        answered = max(1, round(coverage * len(right)))
        rows.append(Risk(coverage, answered, round(float(curve[answered - 1]) * answered)))
    return rows


def dev_outcomes(engine: Smallprint, asked: Sequence[DevQuestion], same_passage: Match) -> Outcomes:
    """Answer every question, whatever the confidence, and return how sure and how right the answers are."""
    always = replace(engine.answerer, weigher=replace(engine.answerer.weigher, threshold=0.0))
    answers = [always.answer(engine.read(one.statement), one.text) for one in asked]
    right = [one.answered_rightly(answer, same_passage) for one, answer in zip(asked, answers, strict=True)]
    return Outcomes(np.array([answer.confidence for answer in answers]), np.array(right, bool))


@dataclass(frozen=True, slots=True)
class Deletions:
    """What deleting clauses did: `declined` of `answered` questions after their answers went, `changed` of `kept`."""

    answered: int
    declined: int
    kept: int
    changed: int


def deletions(engine: Smallprint, asked: Iterable[DevQuestion], same_passage: Match) -> Deletions:
    """Ask each question of the whole statement, without what answers it, and without each of two clauses beside it.

    Only questions that are answered from the whole statement count for the first figure; all count for the second.
    """
    answered = declined = kept = changed = 0
    for one in asked:
        indexed, question, passages = engine.read(one.statement), one.text, one.quotes
        before = engine.answerer.answer(indexed, question)
        if passages and before.answered:
            answered += 1
            gone = indexed.without(lambda c, p=passages: any(same_passage(c.text, q) for q in p))  # type: ignore[misc]
            declined += not engine.answerer.answer(gone, question).answered
        for drop in unrelated(engine.answerer, indexed, question, before):
            if not any(same_passage(drop.text, passage) for passage in passages):
                kept += 1
                left = indexed.without(lambda c, d=drop: c.id == d.id)  # type: ignore[misc]
                changed += engine.answerer.answer(left, question).verdict != before.verdict
    return Deletions(answered, declined, kept, changed)


def unrelated(answerer: Answerer, indexed: IndexedStatement, question: str, answer: Answer) -> list[Clause]:
    """Return two candidates that have nothing to do with an answer: the likeliest and the least likely of those."""
    cited = {citation.clause_id for citation in (*answer.citations, *answer.conditions)}
    found = [e for e in answerer.evidence(indexed, question) if e.score < _UNRELATED_SCORE]
    weak = [e.clause for e in found if e.clause.id not in cited]
    return list({clause.id: clause for clause in (*weak[:1], *weak[-1:])}.values())


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The shares of `questions` whose passage a system has among its first five."""

    questions: int
    bm25: float
    minilm: float
    smallprint: float


def policyqa_retrieval(engine: Smallprint, data: Path) -> Retrieval:
    """Look for PolicyQA's passages in whole policies that the reranker was not trained on; raises `DocumentError`.

    The peers rank passages by BM25 and by the cosine of plain MiniLM. A passage ranks here as its best clause.
    """
    by_policy: dict[str, list[PassageQuestion]] = defaultdict(list)
    for question in read_policyqa(data):
        by_policy[question.policy].append(question)
    found = []
    for name in held_back(by_policy):
        found += _policy(engine, by_policy[name])
    if not found:
        raise DocumentError(f"{data} holds too few policies of PolicyQA to hold any back")
    bm25, minilm, ours = np.mean(found, axis=0)
    return Retrieval(len(found), float(bm25), float(minilm), float(ours))


def _policy(engine: Smallprint, questions: Sequence[PassageQuestion]) -> list[tuple[bool, bool, bool]]:
    passages = list(dict.fromkeys(q.passage for q in questions))
    encoder, lexical = engine.answerer.encoder, LexicalIndex.from_texts(passages)
    vectors = encoder.encode(passages)
    indexed = engine.read(load_text("\n\n".join(passages)))
    places = [_place(clause, passages) for clause in indexed.clauses]
    texts = list(dict.fromkeys(q.question for q in questions))
    firsts = {}
    for text, vector in zip(texts, encoder.encode(texts), strict=True):
        ranked = [places[e.candidate.position] for e in engine.answerer.evidence(indexed, text)]
        plain = [np.argsort(-s, kind="stable")[:PASSAGES].tolist() for s in (lexical.scores(text), vectors @ vector)]
        firsts[text] = (*plain, list(dict.fromkeys(ranked))[:PASSAGES])
    return [
        (gold in bm25, gold in minilm, gold in ours)
        for q in questions
        for gold, (bm25, minilm, ours) in [(passages.index(q.passage), firsts[q.question])]
    ]


def _place(clause: Clause, passages: Sequence[str]) -> int:
    """Return the passage that a clause stands in, told by its words."""
    words = set(clause.text.split())
    return int(np.argmax([len(words & set(passage.split())) for passage in passages]))
