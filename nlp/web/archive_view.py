"""Show what an archive says: the timeline of a document, and the answers of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nlp.changes import CHANGE_KINDS
from nlp.reply import capitalised
from nlp.report.words import long_date, plural
from nlp.web.chat_view import confidence_odds
from nlp.web.escape import text_html

if TYPE_CHECKING:
    from nlp.archive_answers import ArchiveAnswers, VersionAnswer
    from nlp.timeline import Step, Timeline

_VERDICTS = {"yes": "Yes", "no": "No", "stated": "It says", "not_stated": "It does not say"}
_LONGEST_QUOTE = 300
_WORDS = ' class="sp-words"'


def no_store_html() -> str:
    """Return what the tab shows where the server has no archive."""
    return (
        '<div class="sp-teach"><p class="sp-teach-title">No archive here yet</p>'
        "<p>An archive holds the versions of many statements over the years. Make one and start the page with it:</p>"
        "<p><code>smallprint archive import ARCHIVE --store DIR</code><br><code>smallprint web --store DIR</code></p>"
        "</div>"
    )


def empty_html() -> str:
    """Return what the tab shows before a document is chosen."""
    return (
        '<div class="sp-teach"><p class="sp-teach-title">How a statement changed over the years</p>'
        "<p>Choose a service to see when its statement really changed; each date leads to what changed. Then ask one "
        "question of every version, or of every service: “do you sell my data?”</p></div>"
    )


def timeline_said(made: Timeline) -> str:
    """Return in a sentence what a timeline comes to."""
    counts = made.counts
    flagged = f"; {counts['flagged']:,} without a readable policy left out" if counts["flagged"] else ""
    return (
        f"{made.service}, {made.document}: {plural(counts['real changes'], 'real change')} in "
        f"{plural(counts['versions'], 'version')}{flagged}"
    )


def timeline_html(made: Timeline) -> str:
    """Return the table of the steps; what was changed on a date is one link away."""
    if not made.steps:
        return '<p class="sp-soft">No version of it can be compared: none holds a policy that can be read.</p>'
    names = ["Date", "What", "Version", *(kind.capitalize() for kind in CHANGE_KINDS), "Of substance", "Clauses"]
    head = "".join(f'<th scope="col"{_WORDS if name == "What" else ""}>{name}</th>' for name in names)
    body = "".join(_step(step) for step in made.steps)
    return (
        '<h2>When it changed</h2><p class="sp-soft">Follow a date to see what changed then.</p>'
        '<div class="sp-scroll" tabindex="0" role="region" title="When it changed"><table class="sp-figures">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _step(step: Step) -> str:
    from nlp.timeline_report import kind_words

    version, counts = step.version, step.count()
    date = f"{text_html(version.date)}"
    if step.before:
        unseen = '<span class="sp-unseen">: what changed</span>'
        date = f'<a class="sp-step" href="#v-{step.before.number}-{version.number}">{date}{unseen}</a>'
    figures = "".join(f"<td>{counts[kind] or ''}</td>" for kind in CHANGE_KINDS)
    return (
        f'<tr><th scope="row">{date}</th><td class="sp-words">{text_html(kind_words(step))}</td>'
        f"<td>{version.number}</td>{figures}<td>{step.substantive or ''}</td><td>{version.clauses:,}</td></tr>"
    )


def answers_said(found: ArchiveAnswers, over_time: bool) -> str:
    """Return in a sentence what the answers come to."""
    if not found.answers:
        return "No version can be asked: none holds a policy that can be read"
    if over_time:
        dates = [
            f"{long_date(one.version.date)} ({one.turned_to or _VERDICTS[one.answer.verdict].lower()})"
            for one in found.changes
        ]
        return f"The answer changed on {', '.join(dates)}" if dates else "The answer never changed"
    parts = [
        f"{name.lower()}: {count}"
        for verdict, name in _VERDICTS.items()
        if (count := sum(one.answer.verdict == verdict for one in found.answers))
    ]
    left = f"; {len(found.left_out):,} without a version that can be asked" if found.left_out else ""
    return f"Of {plural(len(found.answers), 'statement')}, {', '.join(parts)}{left}"


def answers_html(found: ArchiveAnswers, over_time: bool) -> str:
    """Return the answers as a table: over time, or company against verdict."""
    if not found.answers:
        return ""
    names = ["From", "Until", "Versions"] if over_time else ["Service", "Document", "Date"]
    head = "".join(f'<th scope="col">{name}</th>' for name in [*names, "Answer", "In its own words"])
    body = "".join(_answer(one, over_time) for one in found.answers)
    title = text_html(found.question)
    return (
        f'<h2>{title}</h2><div class="sp-scroll" tabindex="0" role="region" title="Answers">'
        f'<table class="sp-figures sp-answers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _answer(one: VersionAnswer, over_time: bool) -> str:
    version = one.version
    cells: Sequence[str] = (version.service, version.document, version.date)
    if over_time:
        cells = version.date, one.last.date, f"{one.versions:,}"
    first, *others = map(text_html, cells)
    rest = "".join(f'<td class="sp-words">{cell}</td>' for cell in others)
    quote = one.quote or ""
    said = quote if len(quote) <= _LONGEST_QUOTE else quote[:_LONGEST_QUOTE] + " …"
    shown = f"<q>{text_html(said)}</q>" if said else ""
    changed = ' class="sp-turned"' if one.differs in ("verdict", "answer") else ""
    return (
        f'<tr{changed}><th scope="row">{first}</th>{rest}<td class="sp-words">{_verdict(one)}'
        f'{_turn(one)}</td><td class="sp-words sp-quoted">{shown}</td></tr>'
    )


def _verdict(one: VersionAnswer) -> str:
    answer = one.answer
    said = text_html(capitalised(one.first_words) if one.first_words else _VERDICTS[answer.verdict])
    name = answer.verdict.replace("_", "-")
    sure = f' <span class="sp-soft">{answer.confidence_words}</span>' if answer.answered else ""
    title = f' title="{confidence_odds(answer.confidence)}"' if answer.answered else ""
    return f'<strong class="sp-{name} sp-toned"{title}>{said}</strong>{sure}'


def _turn(one: VersionAnswer) -> str:
    words = {"verdict": "changed", "answer": "changed", "quote": "other words"}
    return f' <span class="sp-badge">{words[one.differs]}</span>' if one.differs else ""
