"""A linear model over words and character n-grams: a weaker teacher whose errors are not those of the transformers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from nlp.finetune import Examples

_INVERSE_REGULARISATION = 8.0
# The logit of a label that never holds, about one in four hundred, or, negated, of one that always does.
_NEVER = -6.0


@dataclass(frozen=True)
class LinearTeacher:
    """A logistic regression for each label over TF-IDF; `models` has a number for one that does not vary."""

    features: FeatureUnion
    models: tuple[LogisticRegression | float, ...]

    @classmethod
    def fit(cls, examples: Examples) -> LinearTeacher:
        """Fit to examples, a label being held where its target is a half at least."""
        features = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)),
                ("parts", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=5)),
            ]
        )
        rows = features.fit_transform(examples.texts)
        truth = examples.targets >= 0.5
        models = tuple(
            LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=300).fit(rows, column, examples.weights)
            if column.any() and not column.all()
            else _NEVER * (1 - 2 * float(column.any()))
            for column in truth.T
        )
        return cls(features, models)

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels)."""
        rows = self.features.transform(texts)
        return np.stack(
            [
                np.full(len(texts), model) if isinstance(model, float) else model.decision_function(rows)
                for model in self.models
            ],
            axis=1,
        )
