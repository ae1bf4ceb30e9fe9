"""The report of a comparison as one HTML file that asks for nothing and can be read without its script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from corpus.taxonomy import CATEGORY_NAMES
from corpus.types import Statement
from nlp.changes import ChangeKind, Comparison
from nlp.report import words
from nlp.report.figures import BADGES, SIGNS, categories_of, figures
from nlp.report.layout import Entry, lay_out
from nlp.types import Clause

_FOLDER: Final = Path(__file__).parent


def comparison_html(
    comparison: Comparison,
    old_statement: Statement,
    new_statement: Statement,
    old_clauses: Sequence[Clause],
    new_clauses: Sequence[Clause],
    *,
    note: str = "",
) -> str:
    """Return the report of a comparison, given what was compared; `note` is a sentence that follows the summary."""
    terms = words.terms_of(comparison, old_statement, new_statement)
    style, script = _part("comparison.css"), _part("comparison.js")
    changes = [Entry(number, change) for number, change in enumerate(comparison.changes, 1)]
    weights = {change.significance for change in comparison.changes}
    return _template().render(
        policy=f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        terms=terms,
        summary=words.summary(comparison, terms),
        note=note,
        versions=((terms.old, old_statement), (terms.new, new_statement)),
        table=figures(comparison.changes),
        following=_following(changes),
        rows=lay_out(comparison, old_clauses, new_clauses),
        mixed=len(weights) > 1,
        wording=sum(change.significance == "wording" for change in comparison.changes),
    )


def _following(entries: Sequence[Entry]) -> dict[tuple[str, int], int]:
    """Return, for a category of a change, the number of the next change of that category and kind, if there is one."""
    found = {}
    last: dict[tuple[str, ChangeKind], int] = {}
    for entry in entries:
        for category in entry.change.categories:
            place = category, entry.change.kind
            if place in last:
                found[category, last[place]] = entry.number
            last[place] = entry.number
    return found


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Everything that is printed passes through this; what is no plain text has passed already.
        finalize=lambda value: words.shown(value) if type(value) is str else value,
    )
    environment.globals |= {
        "SIGNS": SIGNS,
        "BADGES": BADGES,
        "CATEGORY_NAMES": CATEGORY_NAMES,
        "categories": categories_of,
        "facts": words.facts,
        "pieces": words.pieces,
        "plural": words.plural,
        "web_address": words.web_address,
        "where": words.where,
    }
    return environment.get_template("comparison.html")


@cache
def _part(name: str) -> Markup:
    """Return a style sheet or script of ours; it is no text of a document, and goes into the page as it is."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))


def _source(part: str) -> str:
    """Return the source expression that allows one inline style or script (CSP Level 3, section 8.4)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
