"""What the engine returns: clauses, citations and answers.

`as_dict` of each gives the JSON objects that the command line prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.types import Statement

ClauseKind = Literal["sentence", "item", "row"]
Verdict = Literal["yes", "no", "stated", "not_stated"]


_CONFIDENCE_WORDS = ((0.75, "sure"), (0.6, "fairly sure"), (0.5, "probably right"), (0.0, "not sure"))


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest piece of a statement that says something: a sentence, a list item or a table row.

    `text` is `statement.text[start:end]`. `heading` is the path of headings over it, outermost first; `lead_in` the
    sentence that introduces the list it stands in; `columns` the column names of a table row. Each of the three has
    500 characters at most: outermost headings and last columns are left out, and what is longer by itself is cut.
    `block` indexes `Statement.blocks`. `probabilities` are calibrated per category and empty until a classifier has
    run.
    """

    id: str
    start: int
    end: int
    text: str
    kind: ClauseKind
    heading: tuple[str, ...] = ()
    lead_in: str | None = None
    columns: tuple[str, ...] = ()
    block: int = 0
    categories: tuple[str, ...] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)

    @property
    def context(self) -> str:
        """The clause as it must be read to be understood: under its heading, after its lead-in or column names."""
        parts = [self.heading[-1]] if self.heading else []
        parts += [self.lead_in.rstrip(": ")] if self.lead_in else []
        parts += [", ".join(filter(None, self.columns))] if any(self.columns) else []
        return ": ".join([*parts, self.text])

    def as_dict(self) -> dict[str, Any]:
        """Return the clause as the command line prints it."""
        return {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "kind": self.kind,
            "heading": list(self.heading),
            "lead_in": self.lead_in,
            "categories": list(self.categories),
            "probabilities": {name: round(p, 4) for name, p in self.probabilities.items()},
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause offered as evidence. `score` in 0..1 says how well it answers the question."""

    clause_id: str
    quote: str
    start: int
    end: int
    heading: tuple[str, ...]
    score: float

    @classmethod
    def of(cls, clause: Clause, score: float) -> Citation:
        """Return a citation of a whole clause."""
        return cls(clause.id, clause.text, clause.start, clause.end, clause.heading, score)

    def as_dict(self) -> dict[str, Any]:
        """Return the citation as the command line prints it."""
        return {
            "clause_id": self.clause_id,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "heading": list(self.heading),
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class StatementRef:
    """Which statement, and which version of it, an answer is about."""

    id: str
    title: str
    archived_on: str | None
    effective_on: str | None

    @classmethod
    def of(cls, statement: Statement) -> StatementRef:
        """Return the reference to a statement."""
        return cls(statement.id, statement.title, statement.archived_on, statement.effective_on)

    def as_dict(self) -> dict[str, Any]:
        """Return the reference as the command line prints it."""
        return {
            "id": self.id,
            "title": self.title,
            "archived_on": self.archived_on,
            "effective_on": self.effective_on,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the words it rests on.

    `verdict` is "stated" for a who, what or how question and "not_stated" where the statement does not answer; then
    `citations` hold the nearest clauses. `confidence` in 0..1 is the calibrated probability that answering is
    right, also where the question is declined because that is too low. `conditions` limit the answer.
    `notice` is a sentence about the question itself (empty, too long, not English), if there is something to say.
    """

    question: str
    statement: StatementRef
    verdict: Verdict
    answer: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    conditions: tuple[Citation, ...] = ()
    id: str | None = None
    notice: str | None = None

    @property
    def confidence_words(self) -> str:
        """The confidence in words that a reader can act on."""
        return next(words for least, words in _CONFIDENCE_WORDS if self.confidence >= least)

    @property
    def answered(self) -> bool:
        """Whether the statement answers the question."""
        return self.verdict != "not_stated"

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the command line prints it."""
        return {
            "id": self.id,
            "question": self.question,
            "statement": self.statement.as_dict(),
            "verdict": self.verdict,
            "answer": self.answer,
            "confidence": round(self.confidence, 4),
            "conditions": [c.as_dict() for c in self.conditions],
            "citations": [c.as_dict() for c in self.citations],
            "notice": self.notice,
        }
