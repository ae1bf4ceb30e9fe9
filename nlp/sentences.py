"""Sentence boundaries in legal prose as a spaCy component; the rules are those of `nlp.boundaries`."""

from __future__ import annotations

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.boundaries import sentence_spans, sentence_starts

__all__ = ["SENTENCES", "SentenceBoundaries", "make_sentences", "sentence_spans", "sentence_starts"]

SENTENCES = "smallprint_sentences"


@Language.factory(SENTENCES, assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> SentenceBoundaries:
    """Make the component; after `import nlp.sentences` any pipeline can `add_pipe("smallprint_sentences")`."""
    return SentenceBoundaries(name)


class SentenceBoundaries:
    """Set `token.is_sent_start` by `sentence_starts`; an empty line always separates sentences."""

    def __init__(self, name: str = SENTENCES) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document and return it."""
        return self.set_annotations(doc, self.predict(doc))

    def predict(self, doc: Doc) -> list[bool]:
        """Return for each token whether it starts a sentence; the document stays as it is."""
        starts = set(sentence_starts(doc.text))
        return [i == 0 or token.idx in starts for i, token in enumerate(doc)]

    def set_annotations(self, doc: Doc, starts: list[bool]) -> Doc:
        """Write what `predict` returned."""
        # All at once: setting them token by token takes time that grows with the square of the text.
        flags = np.where(np.array(starts, bool), 1, -1).astype(np.int64)
        return doc.from_array(["SENT_START"], flags.astype(np.uint64)) if len(doc) else doc  # type: ignore[arg-type]
