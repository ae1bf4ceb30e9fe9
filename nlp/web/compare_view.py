"""Show a comparison in the page: a table that leads to the quotes, then the two statements side by side.

Everything that comes from a document passes through `nlp.web.escape`; the ids are numbers that we count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.taxonomy import CATEGORY_NAMES
from corpus.types import Statement
from nlp.changes import CHANGE_KINDS, Passage
from nlp.report.figures import BADGES, SIGNS, Cell, Line, figures
from nlp.report.layout import Across, Columns, Entry, Row, lay_out
from nlp.report.words import Terms, facts, pieces, plural, summary, terms_of, where
from nlp.types import Clause
from nlp.web.escape import as_sentence, text_html
from nlp.web.pair import Pair

MOST_SHOWN = 400
_NO_CATEGORY = "no category"


def empty_html() -> str:
    """Return what the tab shows before the first comparison."""
    return (
        '<div class="sp-teach"><p class="sp-teach-title">What changed?</p>'
        "<p>Choose two versions of a statement, for example Janrain's of 2016 and your own, and see which clauses were "
        "added, removed, reworded or moved, side by side, in their own words.</p>"
        "<p>New markup, links, dates or numbering are not told as changes; they are only counted.</p></div>"
    )


def summary_of(pair: Pair) -> str:
    """Return in a sentence or two what changed."""
    terms = terms_of(pair.comparison, pair.old.statement, pair.new.statement)
    return summary(pair.comparison, terms)


def comparison_view(pair: Pair) -> str:
    """Return the report of a comparison as HTML on one line, its first `MOST_SHOWN` changes with their quotes."""
    terms = terms_of(pair.comparison, pair.old.statement, pair.new.statement)
    rows = lay_out(pair.comparison, pair.old.clauses, pair.new.clauses)
    view = _View(terms)
    sides = "".join(
        _version(name, statement)
        for name, statement in ((terms.old, pair.old.statement), (terms.new, pair.new.statement))
    )
    beside = "".join(map(view.row, _first(rows)))
    left = len(pair.comparison.changes) - MOST_SHOWN
    more = f'<p class="sp-soft">{left:,} more changes are in the files below.</p>' if left > 0 else ""
    return (
        f'<div class="sp-report"><div class="sp-versions">{sides}</div>{_table(pair, terms)}'
        f'<h2>Side by side</h2>{_hidden(pair)}<div class="sp-rows">{beside}</div>{more}</div>'
    )


def _first(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows up to the last one with a change that is shown."""
    for row in rows:
        if not all(entry.number <= MOST_SHOWN for entry in _entries(row)):
            return
        yield row


def _entries(row: Row) -> tuple[Entry, ...]:
    if isinstance(row, Columns):
        return (*row.left, *row.right)
    return (row.entry,) if isinstance(row, Across) else ()


def _version(name: str, statement: Statement) -> str:
    about = text_html(" · ".join(dict.fromkeys([*facts(statement), statement.id])))
    warnings = "".join(f'<p class="sp-warning">{text_html(as_sentence(one))}</p>' for one in statement.warnings)
    return (
        f'<div class="sp-version"><h2><span class="sp-side">{name}:</span> {text_html(statement.title)}</h2>'
        f'<p class="sp-soft">{about}</p>{warnings}</div>'
    )


def _hidden(pair: Pair) -> str:
    """Return what says that changes are hidden; the style sheet shows it while they are."""
    wording = sum(change.significance == "wording" for change in pair.comparison.changes)
    count = plural(wording, "change")
    return f'<p class="sp-soft sp-hides">{count} of wording hidden.</p>' if pair.is_mixed else ""


def _table(pair: Pair, terms: Terms) -> str:
    """Return the table of category against kind of change; each number leads to the first change that it counts."""
    lines = "".join(map(_line, figures(pair.comparison.changes)))
    if not lines:
        return ""
    head = "".join(
        f'<th scope="col"><span class="sp-sign sp-is-{kind}">{SIGNS[kind]}</span> {terms.title(kind)}</th>'
        for kind in CHANGE_KINDS
    )
    return (
        '<h2>Changes by category</h2><p class="sp-soft">Each number leads to the first of its quotes. A change with '
        "two categories counts in both.</p>"
        '<div class="sp-scroll" tabindex="0" role="region" title="Changes by category">'
        f'<table class="sp-figures"><thead><tr><th scope="col">Category</th>{head}<th scope="col">All</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(line: Line) -> str:
    cells = "".join(f"<td>{_leading(cell)}</td>" for cell in line.cells)
    return f'<tr><th scope="row">{line.name}</th>{cells}</tr>'


def _leading(cell: Cell) -> str:
    """Return how many changes there are, as a link to the first of them if it is shown."""
    if not cell.count:
        return ""
    return f'<a href="#d-{cell.first}">{cell.count}</a>' if cell.first <= MOST_SHOWN else str(cell.count)


class _View:
    """Renders the rows of one comparison."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def row(self, row: Row) -> str:
        """Return a row: changes, or folded what is no change."""
        if isinstance(row, Across):
            return self._card(row.entry)
        if isinstance(row, Columns):
            left, right = ("".join(map(self._card, entries)) for entries in (row.left, row.right))
            return (
                f'<div class="sp-columns"><div class="sp-column">{left}</div><div class="sp-column">{right}</div></div>'
            )
        return _fold(row.clauses)

    def _card(self, entry: Entry) -> str:
        change, n = entry.change, entry.number
        id = f"d-{n}-from" if entry.away else f"d-{n}"
        classes = f"sp-change sp-is-{change.kind} sp-{change.significance}{' sp-elsewhere' if entry.away else ''}"
        place = ", old place" if entry.away and not self.terms.apart else ""
        title = f'<span class="sp-sign">{SIGNS[change.kind]}</span> {n}. {self.terms.title(change.kind)}{place}'
        return (
            f'<div class="{classes}" id="{id}" tabindex="-1" role="group"><div class="sp-change-head"><h3>{title}</h3>'
            f'{self._about(entry)}</div><div class="sp-texts">{self._texts(entry)}</div></div>'
        )

    def _about(self, entry: Entry) -> str:
        change = entry.change
        if entry.away and change.new:
            return f'<a href="#d-{entry.number}">{self._to("B", "new place")}, under {_where(change.new)}</a>'
        names = [CATEGORY_NAMES.get(name, name) for name in change.categories] or [_NO_CATEGORY]
        reason = f'<span class="sp-soft">{text_html(change.reason)}</span>' if change.reason else ""
        return (
            f'<span class="sp-badge">{BADGES[change.significance]}</span>'
            f"<span>{text_html(', '.join(names))}</span>{reason}"
        )

    def _texts(self, entry: Entry) -> str:
        change = entry.change
        made = ""
        if change.old and (entry.away or change.kind in ("removed", "modified")):
            made += _side("old", self.terms.old, change.old)
        if change.new and not entry.away:
            back = ""
            if change.kind == "moved" and change.old:
                link = f'<a href="#d-{entry.number}-from">{self._to("A", "old place")}, under {_where(change.old)}</a>'
                back = f'<p class="sp-where">{link}</p>'
            made += _side("new", self.terms.new, change.new, back)
        return made

    def _to(self, document: str, place: str) -> str:
        return f"in {document}" if self.terms.apart else place


def _side(side: str, name: str, passage: Passage, more: str = "") -> str:
    tag = "del" if side == "old" else "ins"
    quote = "".join(
        f"<{tag}>{text_html(text)}</{tag}>" if alone else text_html(text) for text, alone in pieces(passage)
    )
    return (
        f'<div class="sp-{side}"><p class="sp-where"><span class="sp-side">{name}:</span> {_where(passage)}</p>{more}'
        f"<blockquote>{quote}</blockquote></div>"
    )


def _where(passage: Passage) -> str:
    return text_html(where(passage))


def _fold(clauses: Sequence[tuple[Clause | None, Clause | None]]) -> str:
    """Return clauses that are no change, folded; those that are the same on both sides are shown once."""
    same = sum(1 for old, new in clauses if old and new)
    left_out = len(clauses) - same
    parts = [f"{plural(same, 'clause')} unchanged"] if same else []
    parts += [f"{left_out:,} left out of the count"] if left_out else []
    texts = "".join(_beside(old, new) for old, new in clauses)
    return f'<details class="sp-fold"><summary>{", ".join(parts)}</summary>{texts}</details>'


def _beside(old: Clause | None, new: Clause | None) -> str:
    if old and new and old.text == new.text:
        return f"<p>{text_html(new.text)}</p>"
    sides = "".join(f"<p>{text_html(clause.text) if clause else ''}</p>" for clause in (old, new))
    return f'<div class="sp-texts">{sides}</div>'
