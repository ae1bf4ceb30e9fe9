"""Cut a statement into clauses as a spaCy component; the work is that of `nlp.clauses`."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from corpus.types import Block, Statement
from nlp.clauses import clauses_of, segment
from nlp.types import Clause

__all__ = ["CLAUSES", "ClauseFinder", "clauses_of", "make_clauses", "segment"]

CLAUSES = "smallprint_clauses"

# Lines up to one that is empty or blank.
_PARAGRAPH = re.compile(r"^[^\n\S]*\S[^\n]*(\n[^\n\S]*\S[^\n]*)*", re.MULTILINE)

for _name in ("statement", "clauses"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
if not Span.has_extension("clause"):
    Span.set_extension("clause", default=None)


@Language.factory(CLAUSES, assigns=["doc._.clauses", "span._.clause"])
def make_clauses(nlp: Language, name: str) -> ClauseFinder:
    """Make the component; after `import nlp.segment` any pipeline can `add_pipe("smallprint_clauses")`."""
    return ClauseFinder(name)


class ClauseFinder:
    """Find the clauses of a document: `doc._.clauses`, and `doc.spans["clauses"]` with `span._.clause`.

    Set `doc._.statement` before to use its structure (headings, lists, tables); a document without one is read as
    plain paragraphs between empty lines.
    """

    def __init__(self, name: str = CLAUSES) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document and return it."""
        return self.set_annotations(doc, self.predict(doc))

    def predict(self, doc: Doc) -> list[Clause]:
        """Return the clauses; the document stays as it is."""
        return list(clauses_of(doc._.statement or _plain(doc.text)))

    def set_annotations(self, doc: Doc, clauses: list[Clause]) -> Doc:
        """Write what `predict` returned."""
        doc._.clauses = tuple(clauses)
        spans: list[Span] = []
        for clause in clauses:
            span = doc.char_span(clause.start, clause.end, alignment_mode="expand")
            if span is not None:
                span._.clause = clause
                spans.append(span)
        doc.spans[CLAUSES.removeprefix("smallprint_")] = spans
        return doc


def _plain(text: str) -> Statement:
    blocks = tuple(Block("paragraph", *found.span(), run_in=found.start()) for found in _PARAGRAPH.finditer(text))
    return Statement(id="", title="", text=text, blocks=blocks)
