"""A timeline for people and programs: one HTML file that asks for nothing, and rows for CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from corpus.taxonomy import CATEGORY_NAMES
from nlp.changes import CHANGE_KINDS, Change
from nlp.report.tables import csv_text
from nlp.report.words import category_names, pieces, plural, shown, where
from nlp.store import StoredVersion
from nlp.store.versions import DIP
from nlp.timeline import Role, Step, Timeline
from nlp.timeline_plot import inline_svg

_ROLE_WORDS: Final[Mapping[Role, str]] = {
    "first": "first version",
    "change": "change",
    "technical": "technical (by the archive)",
    "noise": "noise only",
}
STEP_COLUMNS: Final = (
    "service",
    "document",
    "number",
    "date",
    "until",
    "versions",
    "kind",
    "returns_to",
    "compared_with",
    *CHANGE_KINDS,
    "substantive",
    "wording",
    "clauses",
    *(f"clauses_{name}" for name in CATEGORY_NAMES),
    "reference",
    "url",
)
CLAUSE_COLUMNS: Final = (
    "service",
    "document",
    "first",
    "first_number",
    "last",
    "last_number",
    "versions",
    "gaps",
    "stands",
    "categories",
    "heading",
    "text",
)


def kind_words(step: Step) -> str:
    """Return what a step is, in words."""
    return role_words(step.version, step.kind)


def role_words(version: StoredVersion, role: Role) -> str:
    """Return what a version is, in words."""
    if role == "return":
        return f"returned to version {version.returns_to}"
    if role == "flagged":
        return f"flagged: {', '.join('text lost for a while' if flag == DIP else flag for flag in version.flags)}"
    return _ROLE_WORDS[role]


def counts_words(counts: Mapping[str, int]) -> str:
    """Return in words what the versions of a document add up to, and how many texts of their own they have."""
    parts = [
        *(["the first"] if counts["first"] else []),
        plural(counts["real changes"], "real change"),
        f"{counts['technical']:,} technical",
        plural(counts["returns"], "return"),
        f"{counts['noise only']:,} with noise only",
        f"{counts['flagged']:,} flagged",
    ]
    return f"{plural(counts['versions'], 'version')} = {' + '.join(parts)}; {plural(counts['texts'], 'different text')}"


def steps_csv(made: Timeline) -> str:
    """Return the steps of a timeline as CSV, a row for each."""
    return csv_text((_step_row(made, step) for step in made.steps), STEP_COLUMNS)


def clauses_csv(made: Timeline) -> str:
    """Return the clauses of a timeline as CSV, a row for each, with where it stood first and last."""
    rows = (
        clause.as_dict()
        | {
            "service": made.service,
            "document": made.document,
            "categories": ";".join(clause.categories),
            "heading": " > ".join(clause.heading),
        }
        for clause in made.clauses
    )
    return csv_text(rows, CLAUSE_COLUMNS)


def _step_row(made: Timeline, step: Step) -> dict[str, Any]:
    version, counts = step.version, step.count()
    return {
        "service": made.service,
        "document": made.document,
        "number": version.number,
        "date": version.date,
        "until": step.last.date,
        "versions": step.versions,
        "kind": step.kind,
        "returns_to": version.returns_to,
        "compared_with": step.before.number if step.before else None,
        **{kind: counts[kind] for kind in CHANGE_KINDS},
        "substantive": step.substantive,
        "wording": len(step.changes) - step.substantive,
        "clauses": version.clauses,
        **{f"clauses_{name}": step.categories[name] for name in CATEGORY_NAMES},
        "reference": version.reference,
        "url": version.url,
    }


def timeline_html(made: Timeline) -> str:
    """Return the timeline as one HTML file without scripts: the plot, a table of the steps, and the changes of each.

    Raises `RunError` where matplotlib is not installed.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_finalized)
    return environment.from_string(_TEMPLATE).render(
        made=made,
        counts=made.counts,
        counts_words=counts_words,
        plot=Markup(inline_svg(made)),
        style=Markup(_STYLE),
        steps=[(number, step) for number, step in enumerate(made.steps, 1)],
        numbers={step.version.number: number for number, step in enumerate(made.steps, 1)},
        standing=sum(clause.stands for clause in made.clauses),
        KINDS=CHANGE_KINDS,
        NAMES=CATEGORY_NAMES,
        kind_words=kind_words,
        sides=_sides,
        category_names=category_names,
        plural=plural,
        where=where,
    )


def _finalized(value: object) -> object:
    return shown(value) if type(value) is str else value


def _sides(change: Change) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Return the passages of a change in pieces, the old one in "del" and the new one in "ins"."""
    found = []
    if change.old and change.kind != "moved":
        found.append(("del", list(pieces(change.old))))
    if change.new:
        found.append(("ins", list(pieces(change.new))))
    return found


_STYLE = """
:root { color-scheme: light dark; --paper: #f6f5f1; --sheet: #fff; --ink: #1d2327; --soft: #545d63; --line: #dddad2;
  --accent: #0b5563; --ins: #b9e5c6; --del: #f6c9c4; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14181a; --sheet: #1b2023; --ink: #e6e8e6;
  --soft: #a9b1b3; --line: #333b3f; --accent: #7fd0de; --ins: #27573a; --del: #6b2f2b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; margin: 1.6rem 0 .5rem; } h1 { font-size: 1.6rem; margin-top: 0; }
h2 { font-size: 1.2rem; } h3 { font-size: 1rem; }
a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.plot { margin: 1rem 0; padding: .5rem; background: #fff; border: 1px solid var(--line); border-radius: .5rem; }
.plot svg { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; } bdi { overflow-wrap: anywhere; }
table { border-collapse: collapse; background: var(--sheet); border: 1px solid var(--line); font-size: .9375rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:nth-child(-n+2), td.words { text-align: left; } thead th { vertical-align: bottom; } tbody th { font-weight: 400; }
.soft { color: var(--soft); font-size: .875rem; }
section.step { margin-top: 1.5rem; padding: .2rem 1rem 1rem; background: var(--sheet); border: 1px solid var(--line);
  border-radius: .5rem; }
section.step:target, tr:target { outline: 3px solid var(--accent); }
article { margin-top: .9rem; padding-top: .6rem; border-top: 1px solid var(--line); }
article p { margin: 0; } blockquote { margin: .3rem 0 0; overflow-wrap: anywhere; white-space: pre-line;
  unicode-bidi: isolate; }
ins, del { text-decoration: none; border-radius: .15rem; } ins { background: var(--ins); }
del { background: var(--del); text-decoration: line-through; }
@media print { details { display: block; } section.step { break-inside: auto; } }
"""

_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{ made.service }}: {{ made.document }} over time</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<h1><bdi>{{ made.service }}</bdi>: <bdi>{{ made.document }}</bdi> over time</h1>
<p>{{ counts_words(counts) }}. A return says again what an earlier version said, a technical one was made by the
archive's own tools, noise is what differs in markup, links or dates only, and what is flagged is left out.
{{ plural(made.clauses | length, "clause") }} ever stood there, {{ standing }} stand there now.</p>
{% if steps %}
<h2 id="plot">Clauses by category, and changes</h2>
<div class="plot" role="img" aria-label="Clauses by category over time; the table has the numbers.">\
{{ plot }}</div>
<h2 id="steps">Steps</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="steps"><table>
<thead><tr><th scope="col">Date</th><th scope="col">What</th><th scope="col">Version</th><th scope="col">Stood in</th>
{% for kind in KINDS %}<th scope="col">{{ kind | capitalize }}</th>{% endfor %}
<th scope="col">Of substance</th><th scope="col">Clauses</th></tr></thead>
<tbody>
{% for n, step in steps %}{% set count = step.count() %}
<tr id="row-{{ n }}"><th scope="row">{% if step.changes %}<a href="#step-{{ n }}">{{ step.version.date }}</a>\
{% else %}{{ step.version.date }}{% endif %}</th>
<td class="words">{% if step.kind == "return" and step.version.returns_to in numbers %}\
<a href="#row-{{ numbers[step.version.returns_to] }}">{{ kind_words(step) }}</a>{% else %}{{ kind_words(step) }}\
{% endif %}</td>
<td>{{ step.version.number }}</td><td>{{ step.versions }}</td>
{% for kind in KINDS %}<td>{{ count[kind] or "" }}</td>{% endfor %}
<td>{{ step.substantive or "" }}</td><td>{{ step.version.clauses }}</td></tr>
{% endfor %}
</tbody></table></div>
<h2>Changes</h2>
{% for n, step in steps if step.changes %}
<section class="step" id="step-{{ n }}" aria-labelledby="step-{{ n }}-head">
<h3 id="step-{{ n }}-head">{{ step.version.date }}, version {{ step.version.number }}: {{ kind_words(step) }}</h3>
<p class="soft">Compared with version {{ step.before.number }} of {{ step.before.date }}.
<bdi>{{ step.version.reference }}</bdi> <a href="#row-{{ n }}">In the table</a></p>
<details{% if step.changes | length <= 20 and step.kind != "return" %} open{% endif %}>
<summary>{{ plural(step.changes | length, "change") }}, {{ step.substantive }} of substance</summary>
{% for change in step.changes %}
<article>
<p><strong>{{ change.kind | capitalize }}</strong> <span class="soft">{{ change.significance }}\
{% if change.reason %}: <bdi>{{ change.reason }}</bdi>{% endif %}; \
{{ category_names(change) | join(", ") or "no category" }}; \
<bdi>{{ where(change.new or change.old) }}</bdi></span></p>
{% for tag, parts in sides(change) %}
<blockquote dir="auto">{% if change.kind == "modified" or change.kind == "moved" %}{% for text, alone in parts %}\
{% if alone %}<{{ tag }}>{{ text }}</{{ tag }}>{% else %}{{ text }}{% endif %}{% endfor %}{% else %}\
<{{ tag }}>{% for text, _ in parts %}{{ text }}{% endfor %}</{{ tag }}>{% endif %}</blockquote>
{% endfor %}
</article>
{% endfor %}
</details>
</section>
{% endfor %}
{% else %}
<p>No version of it can be compared: all are flagged.</p>
{% endif %}
</main>
</body>
</html>
"""
