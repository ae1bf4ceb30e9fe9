"""A statement at a glance: since when it holds, whom to ask, and what it says on what people ask most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from nlp.recent import Recent
from nlp.reply import verdict_words
from nlp.report.words import long_date
from nlp.types import Answer, Clause
from nlp.web.chat_view import mark_html
from nlp.web.desk import Desk
from nlp.web.escape import text_html
from nlp.web.session import Reading
from nlp.web.statement_view import anchor, main_category


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing that people want to know of every statement, and the question that is asked for it."""

    label: str
    question: str


# Whether data is sold and who gets it are two questions: most statements say no to one and name many for the other.
TOPICS: Final = (
    Topic("What is collected", "What information do you collect about me?"),
    Topic("Is it sold", "Do you sell my personal information?"),
    Topic("Who else gets it", "Who do you share my information with?"),
    Topic("How long it is kept", "How long do you keep my data?"),
    Topic("Children", "What about children under 13?"),
)
_SURE: Final = frozenset({"sure", "fairly sure"})
_OTHER_LANGUAGE: Final = "This statement is not in English, so nothing is drawn from it here. The text is below."
_CONTACTS = 2
_LONGEST = 110
_KEPT = 64


class Overviews:
    """Makes the overviews of statements and keeps the last ones; safe to share between threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        # No longer than the statements themselves are kept.
        self._made: Recent[str] = Recent(_KEPT)

    def html(self, key: str) -> str:
        """Return the overview of an open statement, or nothing as long as there are no models to make it.

        Raises `ValueError` where the statement is no longer in memory, `NotReady` where the models do not load.
        """
        if not self.desk.is_ready:
            return ""
        reading = self.desk.find(key)
        made = self._made.get(reading.key)
        if made is None:
            # The models read English; of another language they would say what sounds alike.
            if reading.statement.language == "en":
                made = overview_html(reading, [self.desk.ask(key, topic.question) for topic in TOPICS])
            else:
                made = _source(reading, f"<p>{_OTHER_LANGUAGE}</p>")
            self._made.put(reading.key, made)
        return made


def overview_html(reading: Reading, answers: Sequence[Answer]) -> str:
    """Return what is known at a glance, given the answers to the topics; one line of HTML."""
    rows = "".join(_row(topic.label, _answer(answer)) for topic, answer in zip(TOPICS, answers, strict=True))
    rows += _row("In effect since", _date(reading)) + _row("Whom to ask", _contacts(reading.clauses))
    return _source(reading, f"<dl>{rows}</dl>")


def _source(reading: Reading, content: str) -> str:
    return f'<div class="sp-glance-source for-{reading.key[:16]}">{content}</div>'


def _row(label: str, content: str) -> str:
    return f"<dt>{label}</dt><dd>{content}</dd>"


def _answer(answer: Answer) -> str:
    if not answer.answered:
        nearest = f" {_link(answer.citations[0].clause_id, 'Nearest passage')}" if answer.citations else ""
        return f'<span class="sp-not-stated">{mark_html("not_stated")} <strong>It does not say</strong></span>{nearest}'
    best = answer.citations[0]
    if answer.confidence_words not in _SURE:
        # A yes or no without its doubts would be taken for more than it is.
        mark = f'<span class="sp-not-stated">{mark_html("not_stated")} <strong>Perhaps</strong></span>'
        return f"{mark} {_quoted(best.clause_id, best.quote)}"
    # "It says" is said by the quotation marks already.
    said = "" if answer.verdict == "stated" else verdict_words(answer.verdict, limited=bool(answer.conditions))
    word = f"<strong>{said}</strong> " if said else ""
    limited = f" {_link(answer.conditions[0].clause_id, 'But see')}" if answer.conditions else ""
    return (
        f'<span class="sp-{answer.verdict}">{mark_html(answer.verdict)} {word}</span>'
        f"{_quoted(best.clause_id, best.quote)}{limited}"
    )


def _date(reading: Reading) -> str:
    since = reading.statement.effective_on
    return text_html(long_date(since)) if since else "The text names no date"


def _contacts(clauses: Sequence[Clause]) -> str:
    """Return the clauses that are about contact before all else."""
    found = islice((clause for clause in clauses if main_category(clause) == "contact"), _CONTACTS)
    return "<br>".join(_quoted(clause.id, clause.text) for clause in found) or "No passage was found about that"


def _quoted(clause_id: str, text: str) -> str:
    text = " ".join(text.split())
    shown = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return _link(clause_id, f"“{text_html(shown)}”", "sp-quoted")


def _link(clause_id: str, words: str, kind: str = "sp-nearby") -> str:
    """Return a link to a clause; `words` are HTML."""
    return f'<a class="sp-cite {kind}" href="#{anchor(clause_id)}">{words}</a>'
