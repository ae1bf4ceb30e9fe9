"""Fit the weights that turn evidence into answers, on statements that the reranker was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from corpus.questions import Question, QuestionSet
from nlp.answer import Answerer
from nlp.calibrate import calibration_error, reliability
from nlp.classifier import ClauseClassifier
from nlp.encoder import Encoder, SentenceEncoder
from nlp.engine import Smallprint
from nlp.evidence import (
    RANK_FEATURES,
    YES_THRESHOLD,
    Evidence,
    LinearModel,
    Outcomes,
    Weigher,
    answered_features,
    probability_right,
    rank_features,
    yes_features,
)
from nlp.polarity import polarity_features
from nlp.question import is_polar
from nlp.reranker import FOLDER, Reranker
from nlp.segment import segment
from nlp.topics import Topics, fit_topics
from nlp.train_reranker import answers

# Of a hundred right decisions so many may be given up for the sake of fewer wrong answers.
_SPARE = 0.01
_REGULARISATION = {"rank": 1.0, "answered": 0.1, "negation": 0.3, "polarity": 1.0}


@dataclass(frozen=True)
class Asked:
    """A training question with its evidence, from the statement named."""

    statement: str
    question: Question
    evidence: list[Evidence]

    @property
    def hit(self) -> bool:
        """Whether the best evidence is a passage that answers."""
        return bool(self.evidence) and answers(self.evidence[0].clause.text, self.question)


def untrained_engine(topics: Topics, reranker: Path = FOLDER) -> Smallprint:
    """Return an engine whose weigher passes the reranker's first feature through, to gather evidence with."""
    blank = LinearModel(np.zeros(1), np.ones(1), np.ones(1), np.zeros(1))
    by_relevance = replace(
        blank, mean=np.zeros(RANK_FEATURES), scale=np.ones(RANK_FEATURES), weights=np.eye(RANK_FEATURES)[0]
    )
    weigher = Weigher(by_relevance, blank, blank, blank, topics, threshold=0.5)
    return Smallprint(ClauseClassifier.load(), Answerer(SentenceEncoder.load(), Reranker.load(reranker), weigher))


def learn_topics(sets: Sequence[QuestionSet], others: Sequence[tuple[str, Sequence[str]]], encoder: Encoder) -> Topics:
    """Fit what questions ask about on sets of ours and on further (question, categories)."""
    known = [(question.text, question.categories) for one in sets for question in one.questions]
    known += [(text, tuple(categories)) for text, categories in others]
    return fit_topics(encoder.encode([text for text, _ in known]), [categories for _, categories in known])


def fit(engine: Smallprint, sets: Sequence[QuestionSet], seen: Sequence[QuestionSet]) -> tuple[Weigher, Outcomes, str]:
    """Fit rank, yes against no, and the probability that an answer is right; choose the threshold.

    `sets` are statements that the reranker was not trained on; what negation means is learnt from those that it was
    trained on (`seen`), because that does not depend on the reranker.

    Returns the weights, the outcomes and a line of figures. For these, every statement was weighed with weights of the
    others; only the threshold was chosen on all of them.
    """
    asked = ask_all(engine, sets)
    negation = fit_negation(seen)
    statements = sorted({a.statement for a in asked})
    unseen, right = list(asked), np.zeros(len(asked), bool)
    for held in statements:
        others = [a for a in asked if a.statement != held] or asked
        rank, yes = fit_rank(others), _fit_yes(negation, others)
        for i, a in enumerate(asked):
            if a.statement == held:
                unseen[i] = replace(a, evidence=reranked(rank, a.evidence))
                right[i] = _right(negation, yes, unseen[i])
    confidence = np.zeros(len(asked))
    for held in statements:
        inside = np.array([a.statement == held for a in asked])
        train = ~inside if len(statements) > 1 else inside
        model = _fit_answered([a for a, t in zip(unseen, train, strict=True) if t], right[train])
        confidence[inside] = [_confidence(model, a) for a, i in zip(unseen, inside, strict=True) if i]
    threshold = best_threshold(confidence, right, np.array([a.question.verdict == "not_stated" for a in asked]))
    topics = engine.answerer.weigher.topics
    answered, yes = _fit_answered(unseen, right), _fit_yes(negation, asked)
    weigher = Weigher(fit_rank(asked), answered, negation, yes, topics, threshold)
    return weigher, Outcomes(confidence, right), summary(unseen, right, confidence, threshold)


def ask_all(engine: Smallprint, sets: Sequence[QuestionSet]) -> list[Asked]:
    """Return the evidence for every question of several statements."""
    found = []
    for questions in sets:
        indexed = engine.read(questions.statement)
        found += [Asked(questions.name, q, engine.answerer.evidence(indexed, q.text)) for q in questions.questions]
    return found


def fit_rank(asked: Sequence[Asked]) -> LinearModel:
    """Fit the probability that a candidate answers its question."""
    rows, truth = [], []
    for a in asked:
        if a.question.verdict != "not_stated":
            rows.append(_rank_rows(a.evidence))
            truth += [answers(e.clause.text, a.question) for e in a.evidence]
    return _linear(np.vstack(rows), np.array(truth), _REGULARISATION["rank"])


def reranked(rank: LinearModel, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return evidence with the scores and in the order of a rank model."""
    if not evidence:
        return []
    scores = rank.probability(_rank_rows(evidence))
    return sorted((replace(e, score=float(s)) for e, s in zip(evidence, scores, strict=True)), key=lambda e: -e.score)


def _rank_rows(evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    relevance = np.array([e.relevance for e in evidence], np.float32)
    return rank_features([e.candidate for e in evidence], relevance)


def fit_negation(sets: Sequence[QuestionSet]) -> LinearModel:
    """Fit yes against no from the negations in questions and in the clauses that answer them."""
    rows, truth = [], []
    for questions in sets:
        clauses = segment(questions.statement)
        for q in questions.questions:
            if q.verdict in ("yes", "no"):
                found = [polarity_features(q.text, clause.text) for clause in clauses if answers(clause.text, q)]
                rows += found
                truth += [q.verdict == "yes"] * len(found)
    return _linear(np.stack(rows), np.array(truth), _REGULARISATION["negation"])


def _fit_yes(negation: LinearModel, asked: Sequence[Asked]) -> LinearModel:
    rows, truth = [], []
    for a in asked:
        for e in a.evidence:
            if a.question.verdict in ("yes", "no") and answers(e.clause.text, a.question):
                rows.append(yes_features(negation, a.question.text, e))
                truth.append(a.question.verdict == "yes")
    return _linear(np.stack(rows), np.array(truth), _REGULARISATION["polarity"])


def _right(negation: LinearModel, yes: LinearModel, asked: Asked) -> bool:
    """Tell whether answering would be right, as the scorer of the development questions does.

    The best evidence answers, and for a question that yes or no answers says which of them.
    """
    if asked.question.verdict == "not_stated" or not asked.hit:
        return False
    if asked.question.verdict == "stated":
        return True
    features = yes_features(negation, asked.question.text, asked.evidence[0])
    says_yes = yes.probability(features[None])[0] >= YES_THRESHOLD
    return is_polar(asked.question.text) and says_yes == (asked.question.verdict == "yes")


def _fit_answered(asked: Sequence[Asked], right: NDArray[np.bool_]) -> LinearModel:
    rows = np.stack([answered_features(a.question.text, a.evidence) for a in asked])
    return _linear(rows, right, _REGULARISATION["answered"])


def _confidence(model: LinearModel, asked: Asked) -> float:
    return probability_right(model, asked.question.text, asked.evidence)


def _linear(rows: NDArray[np.float64], truth: NDArray[np.bool_], c: float) -> LinearModel:
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=c, max_iter=2000).fit((rows - mean) / scale, truth)
    return LinearModel(mean, scale, model.coef_[0], model.intercept_)


def best_threshold(confidence: NDArray[np.float64], right: NDArray[np.bool_], unanswerable: NDArray[np.bool_]) -> float:
    """Return the confidence from which to answer: the highest that costs next to none of the right decisions.

    A decision is right where the answer is, or where a question without an answer is declined. The curve is flat at its
    top, and there no answer is better than a wrong one.
    """
    grid = np.linspace(0.1, 0.8, 71)
    score = np.array([np.where(confidence >= t, right, unanswerable).mean() for t in grid])
    return float(grid[score >= score.max() - _SPARE].max())


def summary(asked: Sequence[Asked], right: NDArray[np.bool_], confidence: NDArray[np.float64], threshold: float) -> str:
    """Return the figures of a fit in one line."""
    unanswerable = np.array([a.question.verdict == "not_stated" for a in asked])
    hit = np.array([a.hit for a in asked])[~unanswerable].mean()
    decided = np.where(confidence >= threshold, right, unanswerable).mean()
    error = calibration_error(reliability(confidence, right))
    return (
        f"{len(asked)} questions of {len({a.statement for a in asked})} held-back statements: hit@1 {hit:.3f},"
        f" right when all are answered {right[~unanswerable].mean():.3f},"
        f" answered or declined rightly {decided:.3f} at threshold {threshold:.2f}, calibration error {error:.3f}"
    )
