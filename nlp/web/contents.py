"""What helps to find the way in a statement: its table of contents, and a bar of what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.taxonomy import CATEGORIES
from corpus.types import Statement
from nlp.web.escape import text_html

_DEEPEST = 4
_FEWEST = 2
_SHOWN = 120


def contents_html(statement: Statement) -> str:
    """Return the headings as a folded, nested list of links; nothing where there are too few to need one."""
    if len(statement.sections) < _FEWEST:
        return ""
    out: list[str] = []
    depths: list[int] = []
    here = 0
    for index, section in enumerate(statement.sections):
        above = 0 if section.parent is None else depths[section.parent]
        depths.append(above + 1)
        # No deeper than the list above reaches, and no deeper than a narrow screen has room for.
        depth = min(above + 1, here + 1, _DEEPEST)
        out.append("<ul>" if depth > here else "</li></ul>" * (here - depth) + "</li>")
        here = depth
        heading = section.heading if len(section.heading) <= _SHOWN else section.heading[:_SHOWN] + " …"
        out.append(f'<li><a href="#s-{index}">{text_html(heading)}</a>')
    out.append("</li></ul>" * here)
    return (
        f'<details class="sp-drawer sp-toc"><summary>Contents <span class="sp-count">{len(statement.sections):,}</span>'
        f'</summary><div class="sp-drawn" tabindex="0" role="region">{"".join(out)}</div></details>'
    )


def bar_html(counts: Mapping[str, int]) -> str:
    """Return a bar with a part for each category, as wide as it has clauses; its words are for screen readers."""
    parts = "".join(
        f'<li class="cat-{category.id}" style="flex-grow: {counts[category.id]}" title="{category.name}">'
        f'<span class="sp-unseen">{category.name}: {counts[category.id]}</span></li>'
        for category in CATEGORIES
        if counts.get(category.id)
    )
    return f'<ul class="sp-bar">{parts}</ul>' if parts else ""
