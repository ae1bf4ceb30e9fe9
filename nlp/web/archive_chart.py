"""A chart of what the versions of a document are about, made of text and boxes.

It follows the page's colours and the width of the window, which a picture would not, and its numbers are text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.taxonomy import CATEGORIES
from nlp.web.contents import bar_html
from nlp.web.escape import text_html

if TYPE_CHECKING:
    from nlp.timeline import Step


def chart_html(steps: Sequence[Step]) -> str:
    """Return a bar for each step, in parts by category and as long as its clauses are many; nothing without steps."""
    if not steps:
        return ""
    longest = max(step.categories.total() for step in steps)
    rows = "".join(_row(step, longest) for step in steps)
    return (
        '<h2>What it was about</h2><p class="sp-soft">Clauses by category as of each date. A clause with two '
        f'categories counts in both.</p>{_key(steps)}<table class="sp-figures sp-chart"><thead><tr>'
        '<th scope="col">Date</th><th scope="col" class="sp-words">Categories</th><th scope="col">Clauses</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _key(steps: Sequence[Step]) -> str:
    """Return which colour is which category."""
    names = "".join(
        f'<li class="cat-{category.id}"><i class="sp-dot"></i>{category.name}</li>'
        for category in CATEGORIES
        if any(step.categories[category.id] for step in steps)
    )
    return f'<ul class="sp-chart-key">{names}</ul>' if names else ""


def _row(step: Step, longest: int) -> str:
    width = 100 * step.categories.total() / longest if longest else 0
    return (
        f'<tr><th scope="row">{text_html(step.version.date)}</th><td class="sp-words"><div style="width: {width:.1f}%">'
        f"{bar_html(step.categories)}</div></td><td>{step.version.clauses:,}</td></tr>"
    )
