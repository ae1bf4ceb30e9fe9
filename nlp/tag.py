"""Give clauses their categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.classifier import ClauseClassifier
from nlp.types import Clause


def tag(clauses: Sequence[Clause], classifier: ClauseClassifier) -> list[Clause]:
    """Return the clauses with categories, the likeliest first, and probabilities, as read in their context."""
    probabilities = classifier.predict_proba([clause.context for clause in clauses])
    tagged = []
    for clause, row, chosen in zip(clauses, probabilities, classifier.decide(probabilities), strict=True):
        likeliest = [i for i in row.argsort()[::-1] if chosen[i]]
        categories = tuple(classifier.labels[i] for i in likeliest)
        named = dict(zip(classifier.labels, row.tolist(), strict=True))
        tagged.append(replace(clause, categories=categories, probabilities=named))
    return tagged
