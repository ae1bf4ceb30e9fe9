"""Weigh candidates for a question: which answers best, does any, and is it a yes or a no?

The weights are logistic regressions over the reranker's logits and what retrieval found, fitted by
`nlp.train_answerer` on questions that the reranker was not trained on, so that the probabilities are calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from nlp import artefact
from nlp.lexical import words
from nlp.paths import MODELS
from nlp.polarity import NAMES, main_part, polarity_features
from nlp.question import is_polar
from nlp.reranker import PairScores, Reranker
from nlp.retrieve import Candidate
from nlp.topics import Topics
from nlp.types import Clause

KIND, VERSION = "answerer", 2
FOLDER = MODELS / "answerer"
RANK_FEATURES = 7
ANSWERED_FEATURES = 19
YES_FEATURES = 2
YES_THRESHOLD = 0.5
"""The probability from which a yes is said."""

# A linear model knows nothing beyond what it was fitted on: where ten clauses answer, the sum of their scores, seven
# deviations from the mean, would say by itself that none does.
_DEVIATIONS = 3.0
_PARTS = ("rank", "answered", "negation", "polarity")
_ARRAYS = ("mean", "scale", "weights", "intercept")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate with the reranker's logits and the probability `score` that it answers the question."""

    clause: Clause
    candidate: Candidate
    relevance: float
    polarity: float
    score: float


@dataclass(frozen=True)
class LinearModel:
    """A logistic regression over standardised features: four arrays of shape (n,) and one of shape (1,)."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def logit(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log odds of shape (m,) for features of shape (m, n)."""
        return np.asarray((features - self.mean) / self.scale @ self.weights + self.intercept[0])

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities of shape (m,) for features of shape (m, n)."""
        return np.asarray(expit(self.logit(features)))


@dataclass(frozen=True)
class Outcomes:
    """Of n questions that were all answered: how sure the answer was and whether it was right, both of shape (n,).

    An answer to a question that the statement does not answer is never right.
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Outcomes:
        """Load the outcomes of the held-back questions; raises `ArtefactError`."""
        _, arrays = artefact.load(folder, KIND, VERSION)
        try:
            return cls(arrays["outcomes.confidence"], arrays["outcomes.right"])
        except KeyError as e:
            raise artefact.ArtefactError(f"{folder} keeps no outcomes; run: smallprint train answerer") from e


@dataclass(frozen=True)
class Weigher:
    """Five small models: of rank, of an answer's being right, two of yes against no, and of what is asked about.

    `negation` reads the negations on both sides, `polarity` weighs it against the reranker's view. `threshold` is the
    probability of being right under which a question is declined.
    """

    rank: LinearModel
    answered: LinearModel
    negation: LinearModel
    polarity: LinearModel
    topics: Topics
    threshold: float

    def weigh(self, reranker: Reranker, question: str, candidates: Sequence[Candidate]) -> list[Evidence]:
        """Return the evidence for a question, best first."""
        if not candidates:
            return []
        scores = _scores(reranker, question, [candidate.clause.context for candidate in candidates])
        ranked = self.rank.probability(rank_features(candidates, scores.relevance))
        evidence = [
            Evidence(c.clause, c, float(r), float(p), float(s))
            for c, r, p, s in zip(candidates, scores.relevance, scores.polarity, ranked, strict=True)
        ]
        return sorted(evidence, key=lambda e: -e.score)

    def probability_answered(self, question: str, evidence: Sequence[Evidence]) -> float:
        """Return the calibrated probability that the statement answers the question and the best evidence says how."""
        return probability_right(self.answered, question, evidence) if evidence else 0.0

    def probability_yes(self, question: str, evidence: Evidence) -> float:
        """Return the probability that a piece of evidence, if it answers a yes-or-no question, says yes."""
        return float(self.polarity.probability(yes_features(self.negation, question, evidence)[None])[0])

    def save(self, folder: Path, about: dict[str, Any] | None = None, outcomes: Outcomes | None = None) -> None:
        """Write the weights to a folder, whole or not at all, with what came of the questions they were fitted on."""
        arrays: dict[str, NDArray[Any]] = {
            f"{part}.{name}": np.asarray(getattr(getattr(self, part), name), np.float64)
            for part in _PARTS
            for name in _ARRAYS
        }
        arrays |= {"topics.weights": self.topics.weights, "topics.offset": self.topics.offset}
        if outcomes is not None:
            arrays |= {"outcomes.confidence": outcomes.confidence, "outcomes.right": outcomes.right}
        artefact.save(folder, {"kind": KIND, "version": VERSION, "threshold": self.threshold, **(about or {})}, arrays)

    @classmethod
    def load(cls, folder: Path = FOLDER, *, reranker: Path | None = None) -> Weigher:
        """Load the weights; raises `ArtefactError` where the folder is torn, foreign or fitted to another reranker."""
        config, arrays = artefact.load(folder, KIND, VERSION)
        if reranker is not None and config.get("reranker") != artefact.digest(reranker):
            raise artefact.ArtefactError(f"{folder} was fitted to another reranker; run: smallprint train answerer")
        try:
            models = [LinearModel(*(arrays[f"{part}.{name}"] for name in _ARRAYS)) for part in _PARTS]
            rank, answered, negation, polarity = models
            widths = (RANK_FEATURES, ANSWERED_FEATURES, len(NAMES), YES_FEATURES)
            if any(m.weights.shape != (n,) for m, n in zip(models, widths, strict=True)):
                raise ValueError("the weights do not fit the features")
            topics = Topics(arrays["topics.weights"], arrays["topics.offset"])
            return cls(rank, answered, negation, polarity, topics, threshold=float(config["threshold"]))
        except (KeyError, TypeError, ValueError) as e:
            raise artefact.ArtefactError(f"{folder} is damaged and cannot be read as an {KIND}; train again") from e


def probability_right(answered: LinearModel, question: str, evidence: Sequence[Evidence]) -> float:
    """Return the probability that answering from evidence, best first and not empty, is right."""
    features = answered_features(question, evidence)
    reach = _DEVIATIONS * answered.scale
    return float(answered.probability(np.clip(features, answered.mean - reach, answered.mean + reach)[None])[0])


def _scores(reranker: Reranker, question: str, contexts: Sequence[str]) -> PairScores:
    """Return the scores of clauses; whether they say yes or no is read without the exceptions that they end in."""
    mains = [main_part(context) for context in contexts] if is_polar(question) else list(contexts)
    cut = [i for i, (main, context) in enumerate(zip(mains, contexts, strict=True)) if main != context]
    scores = reranker.score([(question, text) for text in (*contexts, *(mains[i] for i in cut))])
    polarity = scores.polarity[: len(contexts)].copy()
    polarity[cut] = scores.polarity[len(contexts) :]
    return PairScores(scores.relevance[: len(contexts)], polarity)


def rank_features(candidates: Sequence[Candidate], relevance: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return features of shape (n, 7) for ranking n candidates of one question."""
    cosine = np.array([c.cosine for c in candidates])
    lexical = np.array([c.lexical for c in candidates])
    category = np.array([c.category for c in candidates])
    fused = np.array([c.fused for c in candidates])
    introduces = np.array([c.clause.text.endswith(":") for c in candidates], float)
    columns = (relevance, cosine, lexical, category, fused - fused.max(), relevance - relevance.max(), introduces)
    return np.stack(columns, axis=1).astype(np.float64)


def answered_features(question: str, evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """Return features of shape (19,) for whether a question is answered by its evidence, best first."""
    best, polar = evidence[0], float(is_polar(question))
    second = evidence[1].score if len(evidence) > 1 else 0.0
    relevance = np.sort([e.relevance for e in evidence])[::-1]
    asked = set(words(question))
    said = set(words(best.clause.context))
    elsewhere = said.union(*(words(e.clause.context) for e in evidence[:10]))
    return np.array(
        [
            best.relevance,
            relevance[0],
            relevance[:3].mean(),
            relevance.mean(),
            best.relevance - (relevance[1] if len(relevance) > 1 else relevance[0]),
            best.score,
            float(sum(e.score for e in evidence)),
            best.candidate.cosine,
            max(e.candidate.cosine for e in evidence),
            best.candidate.category,
            len(asked & said) / max(len(asked), 1),
            len(asked & elsewhere) / max(len(asked), 1),
            np.log1p(len(question.split())),
            polar,
            # How sure the model is of yes or of no.
            polar * abs(best.polarity),
            polar * min(abs(best.polarity), 2.0),
            float(best.clause.kind != "sentence"),
            float(logit(np.clip(best.score, 1e-6, 1 - 1e-6))),
            float(np.log(second + 1e-6)),
        ]
    )


def yes_features(negation: LinearModel, question: str, evidence: Evidence) -> NDArray[np.float64]:
    """Return features of shape (2,) for yes against no: the log odds of the reranker and of the negations."""
    negations = polarity_features(question, main_part(evidence.clause.text))
    return np.array([evidence.polarity, negation.logit(negations[None])[0]])
