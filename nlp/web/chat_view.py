"""Show an answer in the chat: the verdict first, then the sentence, then the words of the statement it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from corpus.types import Statement
from nlp.reply import verdict_words
from nlp.report.words import facts
from nlp.types import Answer, Citation, Clause, Verdict
from nlp.web.escape import text_html
from nlp.web.statement_view import anchor, main_category

# A word and a mark each, because colour alone is lost on some readers and on paper.
_VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "yes": ("✓", "Yes"),
    "no": ("✕", "No"),
    "stated": ("❝", "The statement says"),
    "not_stated": ("?", "The statement does not say"),
}
_MEANINGS: Mapping[Verdict, str] = {
    "yes": "with what limits it, if anything does",
    "no": "as directly as the statement puts it",
    "stated": "to questions that start with who, what, when or how",
    "not_stated": "and the nearest passages, so that you can check",
}
_SHOWN = 3
_QUESTION_SHOWN = 1_000
_SHORT_WORDS = 14
# A sentence that starts otherwise says more than the verdict over it: an amount, or a contradiction.
_PLAIN_LEAD = re.compile(r"((Yes|No)(, with (a condition|an exception))?\. )?The statement says: ")


def welcome_html() -> str:
    """Return what the chat shows before the first question: what answers look like."""
    items = "".join(
        f'<li class="{_tone(verdict)}">{mark_html(verdict)} '
        f"<span><strong>{_VERDICTS[verdict][1]}</strong>, {meaning}</span></li>"
        for verdict, meaning in _MEANINGS.items()
    )
    return (
        '<div class="sp-welcome"><p class="sp-welcome-title">What would you like to know?</p>'
        f"<p>Ask in your own words. An answer is one of four:</p><ul>{items}</ul>"
        "<p>Under it are the passages it rests on. Follow one to see it in the statement, "
        "where colours show what each passage is about.</p></div>"
    )


def question_html(question: str) -> str:
    """Return what a user asked, as text."""
    shown = question if len(question) <= _QUESTION_SHOWN else question[:_QUESTION_SHOWN] + " …"
    return f'<p class="sp-question">{text_html(shown)}</p>'


def notice_html(message: str) -> str:
    """Return a message from the app itself."""
    return f'<p class="sp-notice">{text_html(message)}</p>'


def waiting_html(message: str) -> str:
    """Return a message that something is under way."""
    return f'<p class="sp-waiting" role="status">{text_html(message)}</p>'


def opened_html(statement: Statement, clauses: int) -> str:
    """Return the first message after a change of statement."""
    details = f" ({text_html(', '.join(facts(statement)))})" if facts(statement) else ""
    return (
        f'<p class="sp-notice">Now reading <strong>{text_html(statement.title)}</strong>{details}: '
        f"{clauses:,} passage{'' if clauses == 1 else 's'}. The chat starts anew.</p>"
    )


def confidence_odds(confidence: float) -> str:
    """Return what a calibrated confidence means: of ten answers like it, how many are right."""
    return f"about {min(max(round(10 * confidence), 1), 9)} in 10 answers like this are right"


def answer_html(answer: Answer, clauses: Iterable[Clause]) -> str:
    """Return an answer as HTML on one line; `clauses` give the citations their colours."""
    colours = {clause.id: main_category(clause) for clause in clauses}
    notice = notice_html(answer.notice) if answer.notice else ""
    passages = _passages(answer, colours) if answer.answered else _nearest(answer, colours)
    return (
        f'<div class="sp-answer {_tone(answer.verdict)}">{notice}{_verdict(answer)}{_sentence(answer)}{passages}</div>'
    )


def _verdict(answer: Answer) -> str:
    # The confidence of a declined question is that of the answer that was not given: nothing to show.
    sure = f' <span class="sp-sure" title="{confidence_odds(answer.confidence)}">{answer.confidence_words}</span>'
    return (
        f'<p class="sp-verdict">{mark_html(answer.verdict)} <strong>{_words(answer)}</strong>'
        f"{sure if answer.answered else ''}</p>"
    )


def _words(answer: Answer) -> str:
    """Return the verdict in words: what limits a yes or a no must not wait until the passages."""
    if answer.verdict in ("yes", "no"):
        return verdict_words(answer.verdict, limited=bool(answer.conditions))
    return _VERDICTS[answer.verdict][1]


def _sentence(answer: Answer) -> str:
    """Return the sentence, unless it only repeats the verdict over it or the first passage under it."""
    lead, _, rest = answer.answer.partition("“")
    if answer.answered:
        first = " ".join(answer.citations[0].quote.split()) if answer.citations else ""
        repeats = bool(_PLAIN_LEAD.fullmatch(lead)) and first.startswith(rest.rpartition("”")[0].removesuffix(" …"))
    else:
        repeats = lead.startswith(_VERDICTS["not_stated"][1]) and len(lead.split()) <= _SHORT_WORDS
    return "" if repeats else f'<p class="sp-sentence">{text_html(answer.answer)}</p>'


def _tone(verdict: Verdict) -> str:
    return f"sp-{verdict.replace('_', '-')}"


def mark_html(verdict: Verdict) -> str:
    """Return the mark of a verdict."""
    return f'<span class="sp-mark">{_VERDICTS[verdict][0]}</span>'


def _passages(answer: Answer, colours: Mapping[str, str | None]) -> str:
    """Return the passage that answers, then what limits it, then what else there is; each passage once."""
    first = answer.citations[:1]
    seen = {citation.clause_id for citation in first}
    # A passage that limits itself stays where it is and is named for it.
    limited = any(condition.clause_id in seen for condition in answer.conditions)
    conditions = [condition for condition in answer.conditions if condition.clause_id not in seen]
    seen |= {condition.clause_id for condition in conditions}
    others = [citation for citation in answer.citations if citation.clause_id not in seen]
    label = "In the words of the statement, with their limits:" if limited else "In the words of the statement:"
    return (
        _labelled(label, first, colours)
        + _labelled("But:", conditions, colours)
        + _labelled("See also:", others[: _SHOWN - 1], colours)
        + _folded(others[_SHOWN - 1 :], colours)
    )


def _nearest(answer: Answer, colours: Mapping[str, str | None]) -> str:
    label = "The nearest passages; none of them seems to answer:"
    return _labelled(label, answer.citations[:_SHOWN], colours) + _folded(answer.citations[_SHOWN:], colours)


def _labelled(label: str, citations: Sequence[Citation], colours: Mapping[str, str | None]) -> str:
    return f'<p class="sp-label">{label}</p>{_list(citations, colours)}' if citations else ""


def _folded(citations: Sequence[Citation], colours: Mapping[str, str | None]) -> str:
    count = f"{len(citations)} more passage{'s' if len(citations) > 1 else ''}"
    return f"<details><summary>{count}</summary>{_list(citations, colours)}</details>" if citations else ""


def _list(citations: Sequence[Citation], colours: Mapping[str, str | None]) -> str:
    items = "".join(_citation(citation, colours.get(citation.clause_id)) for citation in citations)
    return f'<ul class="sp-cites">{items}</ul>'


def _citation(citation: Citation, category: str | None) -> str:
    section = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(citation.heading) or "before the first heading"
    return (
        f'<li class="sp-cited{f" cat-{category}" if category else ""}"><q>{text_html(citation.quote)}</q>'
        f'<a class="sp-cite" href="#{anchor(citation.clause_id)}">'
        f'<span class="sp-unseen">Show in the statement: </span>{text_html(section)}</a></li>'
    )
