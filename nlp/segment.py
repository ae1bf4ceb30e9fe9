"""Cut a statement into clauses, as a function and as a spaCy component."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Span

from corpus.types import CLAUSE_BLOCKS, Block, Statement
from nlp.sentences import sentence_starts
from nlp.types import Clause, ClauseKind

CLAUSES = "smallprint_clauses"

_KINDS: dict[str, ClauseKind] = {"paragraph": "sentence", "item": "item", "row": "row"}
_LONG_ROW = 600
# Lines up to one that is empty or blank.
_PARAGRAPH = re.compile(r"^[^\n\S]*\S[^\n]*(\n[^\n\S]*\S[^\n]*)*", re.MULTILINE)
_RUN_IN_WORDS = 3
# Punctuation that a converter left at the start of a sentence belongs to the one before.
_LEADING = " \t\n.,;:)"

for _name in ("statement", "clauses"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
if not Span.has_extension("clause"):
    Span.set_extension("clause", default=None)


def segment(statement: Statement) -> list[Clause]:
    """Return the clauses of a statement in reading order; `clause.text == statement.text[clause.start:clause.end]`."""
    # Without tokens, which clauses do not need: spaCy would keep every word it ever saw in memory.
    return list(clauses_of(statement))


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


def clauses_of(statement: Statement) -> Iterator[Clause]:
    """Yield the clauses of a statement in reading order."""
    number = 0
    for index, block in enumerate(statement.blocks):
        if block.kind not in CLAUSE_BLOCKS:
            continue
        for start, end in _cut(statement.text, block):
            number += 1
            yield Clause(
                id=f"c{number}",
                start=start,
                end=end,
                text=statement.text[start:end],
                kind=_KINDS[block.kind],
                heading=statement.heading_path(block.section),
                lead_in=_lead_in(statement, block),
                columns=block.columns,
                block=index,
            )


def _plain(text: str) -> Statement:
    blocks = tuple(Block("paragraph", *found.span(), run_in=found.start()) for found in _PARAGRAPH.finditer(text))
    return Statement(id="", title="", text=text, blocks=blocks)


def _cut(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the clauses of a block: a short table row is one, everything else is cut into sentences."""
    spans: Sequence[tuple[int, int]] = [(block.start, block.end)]
    if block.kind == "row":
        if block.end - block.start <= _LONG_ROW:
            yield from _trimmed(text, block.start, block.end)
            return
        spans = block.cells
    for start, end in spans:
        starts = [start + offset for offset in sentence_starts(text[start:end])]
        if len(starts) > 1 and _is_run_in(text[start : starts[1]], text[block.run_in : starts[1]]):
            del starts[1]
        for here, after in pairwise([*starts, end]):
            yield from _trimmed(text, here, after)


def _is_run_in(first: str, after_bold: str) -> bool:
    """Tell a heading that runs into its sentence ("Cookies. We set ..."): all bold, or a few words."""
    return len(first.split()) <= _RUN_IN_WORDS or (bool(first) and not after_bold.strip(" .:–-)"))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without white space around it and stray punctuation before it, if any words are left."""
    while start < end and text[start] in _LEADING:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if sum(ch.isalpha() for ch in text[start:end]) > 1:
        yield start, end


def _lead_in(statement: Statement, block: Block) -> str | None:
    """Return the sentence that introduces a list: the last one of the block before it."""
    if block.lead_in is None:
        return None
    text = statement.quote(statement.blocks[block.lead_in])
    *_, last = sentence_starts(text)
    return text[last:].strip()
