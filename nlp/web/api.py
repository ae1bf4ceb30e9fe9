"""What programs call: through Gradio's client, over HTTP and, where that is switched on, as tools of MCP.

The shapes are those that the command line prints. Gradio makes schemas of the types and descriptions of the docstrings,
where a parameter has one line; it reads types as objects, so `from __future__ import annotations` is not used here.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, TypedDict, cast

import gradio as gr
from gradio.events import api

from corpus import DEFAULT_ID
from corpus.types import DocumentError
from nlp.changes import ChangeKind, Significance
from nlp.errors import RunError
from nlp.types import ClauseKind, Verdict
from nlp.web.desk import Desk
from nlp.web.escape import as_sentence
from nlp.web.queues import PROGRAMS
from nlp.web.session import Reading

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = 60


class StatementRecord(TypedDict):
    """Which statement it is; `key` names it in later calls, for as long as the server has it in memory."""

    id: str
    title: str
    archived_on: str | None
    effective_on: str | None
    key: str


class CitationRecord(TypedDict):
    """A passage of the statement, word for word."""

    clause_id: str
    quote: str
    start: int
    end: int
    heading: list[str]
    score: float


class AnswerRecord(TypedDict):
    """An answer with the words that it rests on."""

    id: str | None
    question: str
    statement: StatementRecord
    verdict: Verdict
    answer: str
    confidence: float
    conditions: list[CitationRecord]
    citations: list[CitationRecord]
    notice: str | None


class ClauseRecord(TypedDict):
    """The smallest piece of a statement that says something, with what it is about."""

    id: str
    start: int
    end: int
    text: str
    kind: ClauseKind
    heading: list[str]
    lead_in: str | None
    categories: list[str]
    probabilities: dict[str, float]


class ClausesRecord(TypedDict):
    """The clauses of a statement, and the text that all offsets index."""

    statement: StatementRecord
    text: str
    clauses: list[ClauseRecord]


class ChangeRecord(TypedDict):
    """A change from one statement to another."""

    kind: ChangeKind
    old: str | None
    new: str | None
    categories: list[str]
    significance: Significance
    reason: str
    group: int | None
    old_start: int | None
    old_end: int | None
    old_heading: list[str] | None
    new_start: int | None
    new_end: int | None
    new_heading: list[str] | None


class ComparisonRecord(TypedDict):
    """What changed from one statement to another; `noise` counts the differences that are no changes."""

    old: StatementRecord
    new: StatementRecord
    changes: list[ChangeRecord]
    noise: dict[str, int]
    similarity: float


class Api:
    """The three functions, over the statements and the engine of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def publish(self) -> None:
        """Make endpoints of the functions, inside the blocks that are being built."""
        functions: dict[Literal["ask", "clauses", "compare"], Callable[..., Any]] = {
            "ask": self.ask,
            "clauses": self.clauses,
            "compare": self.compare,
        }
        for name, function in functions.items():
            api(function, api_name=name, **PROGRAMS)

    def ask(self, statement: str, question: str) -> AnswerRecord:
        """Answer a question from a privacy statement, in its own words, or say that it does not say.

        Parameters:
            statement: its text (Markdown, HTML or plain; 300,000 characters), a key from a result, or janrain.com
            question: a question in English, at most 2,000 characters, such as "Do you sell my data?"

        Returns:
            the verdict (yes, no, stated, not_stated), a sentence, a confidence, and the passages cited, best first
        """
        with _told():
            reading = self._read(statement)
            answer = self.desk.ask(reading.key, _text(question, "the question"))
        return cast(AnswerRecord, answer.as_dict() | {"statement": _record(reading)})

    def clauses(self, statement: str) -> ClausesRecord:
        """Cut a privacy statement into clauses and tag each with what it is about, in thirteen categories.

        Parameters:
            statement: its text (Markdown, HTML or plain; 300,000 characters), a key from a result, or janrain.com

        Returns:
            the clauses in reading order with categories and probabilities, and the text that their offsets index
        """
        with _told():
            reading = self._read(statement)
        found = [cast(ClauseRecord, clause.as_dict()) for clause in reading.clauses]
        return {"statement": _record(reading), "text": reading.statement.text, "clauses": found}

    def compare(self, old: str, new: str) -> ComparisonRecord:
        """Say what changed from one privacy statement to another: clauses added, removed, modified or moved.

        Parameters:
            old: the earlier statement: its text, a key from an earlier result, or janrain.com
            new: the later statement, given in the same way

        Returns:
            the changes in the reading order of the new statement, each of substance or of wording only
        """
        # It brings SciPy along, which the page need not wait for.
        from nlp.compare import compare

        with _told():
            ours, theirs = self._read(old), self._read(new)
        found = compare(ours.statement, theirs.statement, ours.clauses, theirs.clauses)
        return cast(ComparisonRecord, found.as_dict() | {"old": _record(ours), "new": _record(theirs)})

    def _read(self, statement: object) -> Reading:
        """Return the reading of a text, a key or an id. It is never a path: the files of the server are its own."""
        self.desk.wait()
        text = _text(statement, "the statement")
        name = text.strip()
        if name == DEFAULT_ID:
            return self.desk.default()
        if _KEY.fullmatch(name):
            return self.desk.find(name)
        if name and len(name.split()) == 1:
            shown = name if len(name) <= _SHOWN else name[:_SHOWN] + " …"
            raise DocumentError(f"there is no statement {shown!r}; give the text of one, or {DEFAULT_ID}")
        return self.desk.open_text(text)


def _text(value: object, name: str) -> str:
    """Return a value that must be text; a program may send anything."""
    if not isinstance(value, str):
        raise DocumentError(f"{name} is no text; give a string")
    return value


def _record(reading: Reading) -> StatementRecord:
    statement = reading.statement
    return {
        "id": statement.id,
        "title": statement.title,
        "archived_on": statement.archived_on,
        "effective_on": statement.effective_on,
        "key": reading.key,
    }


@contextmanager
def _told() -> Iterator[None]:
    """Tell the program that called what is wrong, in a line, and print no traceback."""
    try:
        yield
    except (ValueError, RunError) as e:
        raise gr.Error(as_sentence(str(e)), print_exception=False) from e
