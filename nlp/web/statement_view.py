"""Show a statement as a document: its structure kept, every clause an anchor, coloured by what it is about.

The page's style sheet and script give the classes used here their looks and their behaviour. Everything that comes
from the document passes through `nlp.web.escape`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter

from corpus.taxonomy import CATEGORIES, CATEGORY_NAMES
from corpus.types import Block, Link, Statement
from nlp.report.words import facts
from nlp.types import Clause
from nlp.web.contents import bar_html, contents_html
from nlp.web.escape import WEB, as_sentence, attribute, safe_href, text_html
from nlp.web.session import Reading

LIST_KINDS = frozenset({"item", "contents", "link"})
TABLE_KINDS = frozenset({"header_row", "row"})
_DEEPEST_HEADING = 6
_FIRST_HEADING = 3
_DEEPEST_LIST = 6


def anchor(clause_id: str) -> str:
    """Return the anchor of a clause on the page."""
    return attribute(f"c-{clause_id}")


def main_category(clause: Clause) -> str | None:
    """Return the likeliest of a clause's categories, which gives it its colour."""
    if not clause.categories:
        return None
    return max(clause.categories, key=lambda name: clause.probabilities.get(name, 0.0))


def statement_html(reading: Reading) -> str:
    """Return the pane of a statement: what it is, the legend, and its text."""
    return (
        f'<div class="sp-statement key-{reading.key[:16]}">'
        f"{_head(reading.statement)}{_legend(reading.clauses)}{_tools(reading)}"
        f'<div class="sp-pages" tabindex="0" role="region">{_Pages(reading).html()}</div>'
        '<div class="sp-foot"><p class="sp-about" role="status"></p>'
        '<a class="sp-back" href="#sp-chat">Back to the chat</a></div></div>'
    )


def _head(statement: Statement) -> str:
    items = "".join(f"<li>{text_html(fact)}</li>" for fact in facts(statement))
    href = safe_href(statement.archive.url, WEB) if statement.archive and statement.archive.url else None
    if href:
        items += f'<li><a href="{href}" rel="noopener noreferrer nofollow">the archived original</a></li>'
    warnings = "".join(f'<p class="sp-warning">{text_html(as_sentence(warning))}</p>' for warning in statement.warnings)
    return (
        f'<div class="sp-head"><h2>{text_html(statement.title)}</h2><ul class="sp-facts">{items}</ul>{warnings}</div>'
    )


def _legend(clauses: Sequence[Clause]) -> str:
    """Return a button for each category that occurs; the script makes them filter."""
    counts = Counter(name for clause in clauses for name in clause.categories)
    if not counts:
        return ""
    chips = "".join(
        f'<button type="button" class="sp-chip cat-{category.id}" title="{attribute(category.description)}">'
        f'<i class="sp-dot"></i>{category.name} <span class="sp-count">{counts[category.id]}</span></button>'
        for category in CATEGORIES
        if counts[category.id]
    )
    everything = (
        f'<button type="button" class="sp-chip sp-all">Everything <span class="sp-count">{len(clauses)}</span></button>'
    )
    return f'{bar_html(counts)}<div class="sp-legend" role="group">{everything}{chips}</div>'


def _tools(reading: Reading) -> str:
    """Return what helps to find the way; the script adds a search, and puts the overview in when it has come."""
    glance = (
        '<details class="sp-drawer sp-glance"><summary>At a glance</summary><div class="sp-drawn" tabindex="0" '
        'role="region"><p class="sp-waiting">Asking what people ask most</p></div></details>'
    )
    return f'<div class="sp-tools">{glance if reading.clauses else ""}{contents_html(reading.statement)}</div>'


@dataclass(slots=True)
class _Pages:
    """Renders the text of one statement."""

    reading: Reading
    clauses: dict[int, list[Clause]] = field(init=False)
    links: dict[int, list[Link]] = field(init=False)
    targets: dict[str, int] = field(init=False)
    anchored: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        statement = self.reading.statement
        self.clauses = {i: list(group) for i, group in groupby(self.reading.clauses, key=lambda clause: clause.block)}
        self.links = _by_block(statement)
        # The first heading wins where two are alike, as in a printed table of contents.
        self.targets = {_bare(s.heading): i for i, s in reversed(list(enumerate(statement.sections)))}

    def html(self) -> str:
        """Return the blocks in reading order, lists and tables put together."""
        indexed = list(enumerate(self.reading.statement.blocks))
        return "".join(
            self._group(kind, list(group)) for kind, group in groupby(indexed, key=lambda pair: _grouping(pair[1]))
        )

    def _group(self, kind: str, blocks: list[tuple[int, Block]]) -> str:
        if kind == "list":
            return self._list(blocks)
        if kind == "table":
            return "".join(map(self._table, _tables(blocks)))
        return "".join(self._paragraph(i, block) for i, block in blocks)

    def _paragraph(self, index: int, block: Block) -> str:
        inner = self._inline(index, block.start, block.end)
        if block.kind == "title":
            # The head of the pane shows the title already.
            shown = self.reading.statement.title in self.reading.statement.quote(block)
            return "" if shown else f'<p class="sp-title">{inner}</p>'
        if block.kind != "heading" or block.section is None:
            return f"<p>{inner}</p>"
        depth = len(self.reading.statement.heading_path(block.section))
        tag = f"h{min(_FIRST_HEADING + depth - 1, _DEEPEST_HEADING)}"
        return f'<{tag} id="s-{block.section}" tabindex="-1">{inner}</{tag}>'

    def _list(self, blocks: Iterable[tuple[int, Block]]) -> str:
        """Return nested lists; a level that the document skips is not shown."""
        out: list[str] = []
        depth = 0
        for index, block in blocks:
            level = min(max(block.level, 1), depth + 1, _DEEPEST_LIST)
            if level > depth:
                out.append("<ul>")
            else:
                out.append("</li></ul>" * (depth - level) + "</li>")
            depth = level
            marker = f'<span class="sp-marker">{text_html(block.marker)}</span> ' if block.marker else ""
            out.append(f'<li class="sp-{block.kind}">{marker}{self._item(index, block)}')
        return "".join(out) + "</li></ul>" * depth

    def _item(self, index: int, block: Block) -> str:
        inner = self._inline(index, block.start, block.end)
        if block.kind == "contents":
            section = self.targets.get(_bare(self.reading.statement.quote(block)))
            if section is not None:
                return f'<a href="#s-{section}">{text_html(self.reading.statement.quote(block))}</a>'
        return inner

    def _table(self, rows: list[tuple[int, Block]]) -> str:
        head = [self._row(i, row, "th") for i, row in rows if row.kind == "header_row"]
        body = [self._row(i, row, "td") for i, row in rows if row.kind == "row"]
        if not head and any(rows[0][1].columns):
            cells = "".join(f'<th scope="col">{text_html(name)}</th>' for name in rows[0][1].columns)
            head = [f"<tr>{cells}</tr>"]
        return (
            '<div class="sp-table" tabindex="0" role="region">'
            f"<table><thead>{''.join(head)}</thead><tbody>{''.join(body)}</tbody></table></div>"
        )

    def _row(self, index: int, row: Block, cell: str) -> str:
        clauses = self.clauses.get(index, [])
        whole = clauses[0] if len(clauses) == 1 else None
        scope = ' scope="col"' if cell == "th" else ""
        cells = "".join(
            f"<{cell}{scope}>{self._linked(index, a, b) if whole else self._inline(index, a, b)}</{cell}>"
            for a, b in row.cells or ((row.start, row.end),)
        )
        return f"<tr{self._attributes(whole) if whole else ''}>{cells}</tr>"

    def _inline(self, index: int, start: int, end: int) -> str:
        """Return `text[start:end]` of a block with its clauses as anchors."""
        out: list[str] = []
        here = start
        clauses = self.clauses.get(index, [])
        for clause in clauses[bisect_right(clauses, start, key=_end) : bisect_left(clauses, end, key=_start)]:
            a, b = max(clause.start, here), min(clause.end, end)
            if a >= b:
                continue
            out.append(self._linked(index, here, a))
            out.append(f"<span{self._attributes(clause)}>{self._linked(index, a, b)}</span>")
            here = b
        return "".join([*out, self._linked(index, here, end)])

    def _attributes(self, clause: Clause) -> str:
        """Return id, classes and title of a clause; a clause in several cells has its id on the first."""
        main = main_category(clause)
        classes = ["clause", *([f"cat-{main}"] if main else []), *(f"in-{name}" for name in clause.categories)]
        names = ", ".join(CATEGORY_NAMES[name] for name in clause.categories)
        id = "" if clause.id in self.anchored else f' id="{anchor(clause.id)}"'
        self.anchored.add(clause.id)
        return f'{id} class="{" ".join(classes)}"' + (f' title="{attribute(names)}"' if names else "")

    def _linked(self, index: int, start: int, end: int) -> str:
        """Return `text[start:end]` with its links and with the bold words that open the block."""
        block = self.reading.statement.blocks[index]
        links = self.links.get(index, [])
        links = links[bisect_right(links, start, key=_end) : bisect_left(links, end, key=_start)]
        edges = {start, end, min(max(block.run_in, start), end)}
        edges |= {min(max(edge, start), end) for link in links for edge in (link.start, link.end)}
        return "".join(self._piece(block, links, a, b) for a, b in pairwise(sorted(edges)))

    def _piece(self, block: Block, links: Sequence[Link], start: int, end: int) -> str:
        shown = text_html(self.reading.statement.text[start:end])
        if end <= block.run_in:
            shown = f"<strong>{shown}</strong>"
        link = links[at] if (at := bisect_right(links, start, key=_start) - 1) >= 0 else None
        href = safe_href(link.href) if link and end <= link.end else None
        return f'<a href="{href}" rel="noopener noreferrer nofollow">{shown}</a>' if href else shown


# The clauses and the links of a block follow one another. Looked for one by one, in a table of a thousand cells those
# of each would take seconds.
_start, _end = attrgetter("start"), attrgetter("end")


def _by_block(statement: Statement) -> dict[int, list[Link]]:
    """Return the links of each block; both come in reading order, so one walk finds them."""
    found: dict[int, list[Link]] = {}
    links = sorted(statement.links, key=lambda link: link.start)
    first = 0
    for index, block in enumerate(statement.blocks):
        while first < len(links) and links[first].end <= block.start:
            first += 1
        i = first
        while i < len(links) and links[i].start < block.end:
            found.setdefault(index, []).append(links[i])
            i += 1
    return found


def _grouping(block: Block) -> str:
    if block.kind in LIST_KINDS:
        return "list"
    return "table" if block.kind in TABLE_KINDS else "text"


def _tables(rows: list[tuple[int, Block]]) -> Iterator[list[tuple[int, Block]]]:
    """Tell tables that follow each other apart: a new one has a header row or other columns."""
    table: list[tuple[int, Block]] = []
    for index, row in rows:
        before = table[-1][1] if table else None
        if before and (
            (row.kind == "header_row" and before.kind == "row")
            or (row.kind == before.kind == "row" and row.columns != before.columns)
        ):
            yield table
            table = []
        table.append((index, row))
    yield table


def _bare(heading: str) -> str:
    """Reduce a heading to its letters, which is what it shares with its line in a table of contents."""
    return "".join(ch for ch in heading.casefold() if ch.isalpha())
