"""Train the clause classifier on OPP-115 and measure it on the validation split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from corpus.opp115 import Segment, read_split, targets
from corpus.taxonomy import CATEGORY_IDS
from nlp.classifier import TFIDF, ClauseClassifier, sparse_words
from nlp.encoder import Encoder
from nlp.sentences import sentence_starts

# Chosen on the validation split and on the development clauses; the model card has the table.
VECTOR_SCALE = 2.0
INVERSE_REGULARISATION = 4.0
_FOLDS = 5
_SEED = 0
_MIN_WORDS = 3

Targets = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Training texts with targets of shape (n, 13) and the segment that each comes from."""

    texts: list[str]
    targets: Targets
    segments: NDArray[np.int64]


def train(data: Path, encoder: Encoder) -> ClauseClassifier:
    """Train on the train split of a data folder that holds `opp115/`.

    Whole segments count with the majority's categories; each of their sentences counts as well, with the categories
    for which at least half of the annotators marked words in it, because single clauses are what will be tagged.
    """
    examples = make_examples(read_split(data, "train"))
    vectors = encoder.encode(examples.texts)
    # Terms are those of two segments at least: a sentence repeats its segment's words, and a street address is no term.
    whole = [examples.texts[i] for i in np.unique(examples.segments, return_index=True)[1]]
    vectorizer = TfidfVectorizer(min_df=2, **TFIDF).fit(whole)
    words = sparse_words(vectorizer, examples.texts)
    features = sparse.hstack([words, sparse.csr_matrix(vectors * VECTOR_SCALE)]).tocsr()
    held_out = _out_of_fold(features, examples)
    weights, intercepts = _fit(features, examples.targets)
    calibration = np.stack([_platt(held_out[:, j], examples.targets[:, j]) for j in range(len(CATEGORY_IDS))])
    slope, offset = calibration.T
    probabilities = 1 / (1 + np.exp(-(slope * held_out + offset)))
    thresholds = [best_threshold(probabilities[:, j], examples.targets[:, j]) for j in range(len(CATEGORY_IDS))]
    terms = len(vectorizer.vocabulary_)
    return ClauseClassifier(
        encoder=encoder,
        labels=list(CATEGORY_IDS),
        terms=tuple(vectorizer.get_feature_names_out().tolist()),
        idf=np.asarray(vectorizer.idf_, np.float32),
        word_weights=weights[:, :terms].astype(np.float32),
        vector_weights=(weights[:, terms:] * VECTOR_SCALE).astype(np.float32),
        intercepts=intercepts.astype(np.float32),
        calibration=calibration.astype(np.float32),
        thresholds=np.asarray(thresholds, np.float32),
    )


def make_examples(segments: Sequence[Segment]) -> Examples:
    """Return whole segments and, of those whose annotations are known, their single sentences."""
    texts = [segment.text for segment in segments]
    rows = [targets(segment.categories) for segment in segments]
    origin = list(range(len(segments)))
    for i, segment in enumerate(segments):
        for text, row in _sentences(segment):
            texts.append(text)
            rows.append(row)
            origin.append(i)
    return Examples(texts, np.array(rows, bool), np.array(origin))


def _sentences(segment: Segment) -> list[tuple[str, list[bool]]]:
    starts = [*sentence_starts(segment.text), len(segment.text)]
    if not segment.annotators or len(starts) < 3:
        return []
    found = []
    for start, end in pairwise(starts):
        text = segment.text[start:end].strip()
        votes: dict[str, set[str]] = {category: set() for category in CATEGORY_IDS}
        for span in segment.spans:
            if span.start < end and span.end > start:
                votes[span.category].add(span.annotator)
        row = [2 * len(votes[category]) >= segment.annotators for category in CATEGORY_IDS]
        # A sentence that nobody marked may still say something: it teaches neither yes nor no.
        if len(text.split()) >= _MIN_WORDS and any(votes.values()):
            found.append((text, row))
    return found


def _fit(features: sparse.csr_matrix, rows: Targets) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    models = [
        LogisticRegression(C=INVERSE_REGULARISATION, max_iter=500).fit(features, rows[:, j])
        for j in range(rows.shape[1])
    ]
    return np.vstack([m.coef_[0] for m in models]), np.array([m.intercept_[0] for m in models])


def _out_of_fold(features: sparse.csr_matrix, examples: Examples) -> NDArray[np.float64]:
    """Return the score of every example by a model that saw neither it nor its segment."""
    scores = np.zeros(examples.targets.shape)
    segments = np.unique(examples.segments)
    for _, held in KFold(_FOLDS, shuffle=True, random_state=_SEED).split(segments):
        out = np.isin(examples.segments, segments[held])
        weights, intercepts = _fit(features[~out], examples.targets[~out])
        scores[out] = features[out] @ weights.T + intercepts
    return scores


def _platt(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return slope and offset that turn scores into probabilities (Platt, 1999)."""
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), truth)
    return np.array([model.coef_[0, 0], model.intercept_[0]])


def best_threshold(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Return the threshold of the best F1, drawn half way to 0.3 so that a rare category does not overfit its own."""
    grid = np.linspace(0.1, 0.7, 61)
    f1 = [_f1(probabilities >= threshold, truth) for threshold in grid]
    return float((grid[int(np.argmax(f1))] + 0.3) / 2)


def _f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    hits = float((predicted & truth).sum())
    return 2 * hits / max(float(predicted.sum() + truth.sum()), 1.0)
