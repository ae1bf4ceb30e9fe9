"""Read Markdown into a `Statement`: the one reader that every format passes through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.builder import StatementBuilder
from corpus.inline import Line, Run, join, lines, runs, visible
from corpus.tree import Node, tree_of
from corpus.types import BlockKind

# Bold paragraphs that serve as headings rank below every real heading, bold list items below those.
_BOLD_LEVEL, _ITEM_LEVEL = 10, 11
_HEADING_WORDS = 14
_HEADER_CELL_WORDS = 12
# A document with this few headings has its headings as plain short lines instead.
_FEW_HEADINGS = 3
_PLAIN_WORDS = 10
# The parser drops what is nested deeper, without a word; its own limit of 20 is ten lists in each other.
_MAX_NESTING = 100

# A list item that its author typed by hand within a paragraph: "- to erase your data", "• cookies", "2) the purpose".
_TYPED_ITEM = re.compile(r"^([-–—•·▪◦‣●○*](?=\s|[^\W\d])|(?:\(?\d{1,2}[.)]|\(?[a-z][.)])(?=\s))\s*(?=\S)")
_TERMINAL = (".", "!", "?", ";", ",")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
# A paragraph of more characters is worth less than the room that it takes.
_LONGEST_KNOWN = 1000
# Where CommonMark's inline markup can begin, and a label end.
_MARKUP = re.compile(r"[\n&*<\[\\\]_`]|!(?=\[)")
_SCRIPT = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


@cache
def _parser(html: bool) -> MarkdownIt:
    """Return the parser, which keeps nothing of what it parses."""
    parser = MarkdownIt("commonmark", {"html": html, "maxNesting": _MAX_NESTING}).enable("table")
    # Indented text is prose here; escaped characters stay apart, so that "\\*\\*" is never taken for bold.
    # The text of a block is parsed by `_inline`, once, and line breaks are what `parse` makes of them.
    parser.disable(["code", "text_join", "inline", "normalize"])
    # It stops at a dozen other signs as well, for extensions that are not in use, and tries every rule there.
    parser.inline.terminator_re = _MARKUP
    return parser


def parse(markdown: str, *, html: bool = True) -> Node:
    """Parse CommonMark with pipe tables; indented text is text, because policies hold no program code."""
    # Characters that nobody sees would keep "**" from being read as bold.
    source = "\n".join(map(visible, "\n".join(markdown.splitlines()).expandtabs(4).split("\n")))
    defined: dict[str, Any] = {}
    blocks = _parser(html).parse(source, defined)

    def inline(content: str) -> Node:
        # The same words mean the same in every document, unless it says elsewhere where their links go to.
        if defined.get("references") or len(content) > _LONGEST_KNOWN:
            return _inline(content, html, defined)
        return _known(content, html)

    return tree_of(blocks, inline)


def _inline(content: str, html: bool, defined: dict[str, Any] | None = None) -> Node:
    """Return the inline node of the text of a block; `defined` is what the document says of its links."""
    tokens: list[Token] = []
    parser = _parser(html)
    parser.inline.parse(content, parser, defined if defined is not None else {}, tokens)
    return Node("inline", content=content, runs=tuple(runs(tokens)))


_known: Callable[[str, bool], Node] = _inline


def remember(paragraphs: int) -> None:
    """Keep the last so many paragraphs from now on: versions of a policy have most of theirs in common.

    For a process that reads many documents of one owner. Any other must not keep what it has read, and none does at
    first.
    """
    global _known
    _known = lru_cache(paragraphs)(_inline) if paragraphs else _inline


def key(text: str) -> str:
    """Reduce a heading to what makes it the same heading in a table of contents: no number, case or punctuation."""
    if text.isascii():
        return text.encode().translate(None, _NO_LETTERS).lower().decode()
    return re.sub(r"[\W\d_]+", "", text).casefold()


def build(root: Node) -> StatementBuilder:
    """Lay a parsed document out as text, blocks and sections."""
    headings = Counter(key(line.text) for line in _heading_lines(root))
    reader = _Reader(StatementBuilder(), headings, plain_headings=headings.total() <= _FEW_HEADINGS)
    reader.read(root.children)
    return reader.builder


def _heading_lines(root: Node) -> Iterator[Line]:
    for node in root.walk():
        if node.type == "heading" or (node.type == "paragraph" and "**" in node.text.content):
            found = node.text.line
            if node.type == "heading" or found.all_bold:
                yield found


@dataclass(slots=True)
class _List:
    """The list that is being read: its depth, the block that introduces it, and whether it has but one item."""

    level: int = 0
    lead_in: int | None = None
    marker: str = ""
    is_single: bool = False


@dataclass(slots=True)
class _Reader:
    builder: StatementBuilder
    headings: Counter[str]
    plain_headings: bool
    here: _List = field(default_factory=_List)
    open_bold: bool = False

    def read(self, nodes: Iterable[Node]) -> None:
        """Read sibling nodes in order."""
        nodes = list(nodes)
        for i, node in enumerate(nodes):
            following = nodes[i + 1] if i + 1 < len(nodes) else None
            if node.type == "heading":
                self.builder.heading(node.text.line, int(node.tag[1]))
            elif self.plain_headings and not self.here.level and _plain_heading(nodes[i : i + 3]):
                self.builder.heading(node.text.line, _BOLD_LEVEL)
            elif node.type == "paragraph":
                self._paragraph(node, following)
            elif node.type in ("bullet_list", "ordered_list"):
                self._list(node)
            elif node.type == "table":
                self._table(node)
            elif node.type == "html_block":
                self._html(node.content)
            elif node.type in ("fence", "code_block"):
                self._text(node.content)
            elif node.type == "blockquote":
                self.read(node.children)

    def _paragraph(self, node: Node, following: Node | None) -> None:
        mended = self._mend_bold(node.text.runs)
        for group in _groups(node.text.lines if mended is node.text.runs else lines(mended)):
            whole = join(group, " ")
            named = _is_heading(whole) and not (whole.text.endswith(":") and _is_list(following))
            if named and not self._only_links(whole, following):
                self._bold_heading(whole, following)
            elif not self.here.level and (typed := _TYPED_ITEM.match(whole.text)):
                lead_in = self._introduction(typed=True)
                first = group[0].after(typed.end())
                self.builder.block([first, *group[1:]], "item", level=1, marker=typed[1], lead_in=lead_in)
            else:
                self._prose(group)

    def _only_links(self, line: Line, following: Node | None) -> bool:
        """Tell an item that is a link and nothing else, however bold, from a heading over the rest of its item."""
        # A list of one item is how converters write a numbered heading.
        in_list = bool(self.here.marker) and not self.here.is_single
        return in_list and line.all_link and following is None

    def _mend_bold(self, parts: Sequence[Run]) -> Sequence[Run]:
        """Read leftover "**" as the author meant it: CommonMark leaves them where the bold ends after a line break."""
        if not any("**" in run.text or "_" in run.text for run in parts):
            self.open_bold = False
            return parts
        mended: list[Run] = []
        bold = self.open_bold and any("**" in run.text and not run.escaped for run in parts)
        for run in parts:
            for number, piece in enumerate([run.text] if run.escaped else run.text.split("**")):
                bold = bold != bool(number)
                # The same happens to "_", which no one writes at the edge of a word.
                if not run.escaped and piece.count("_") == 1 and piece.strip("_ ") != piece.strip():
                    piece = piece.replace("_", "")
                mended.append(Run(piece, run.bold or bold, run.href, run.escaped))
        self.open_bold = bold
        return mended

    def _prose(self, group: list[Line]) -> None:
        marker, self.here.marker = self.here.marker, ""
        kind = _kind(join(group, " "), "item" if marker else "paragraph")
        shown = "" if kind == "paragraph" else marker
        self.builder.block(group, kind, level=self.here.level, marker=shown, lead_in=self.here.lead_in)

    def _bold_heading(self, line: Line, following: Node | None) -> None:
        repeated = self.headings[key(line.text)] > 1
        self.headings[key(line.text)] -= 1
        if repeated and following is not None and _is_bold_paragraph(following):
            self.builder.block([line], "contents")
            return
        if self.here.marker and self.here.marker != "•":
            line = join([Line(self.here.marker), line], " ")
        self.here.marker = ""
        self.builder.heading(line, _ITEM_LEVEL if self.here.level else _BOLD_LEVEL)

    def _introduction(self, *, typed: bool = False) -> int | None:
        """Return the block that introduces the list about to be read, if the text runs on into it."""
        blocks = self.builder.blocks
        if not blocks:
            return None
        last = len(blocks) - 1
        if typed and blocks[last].kind == "item" and blocks[last].level == 1:
            return blocks[last].lead_in
        if blocks[last].kind != "paragraph" and not (blocks[last].kind == "item" and self.here.level):
            return None
        text = self.builder.text_of(last)
        return None if text.endswith(_TERMINAL) and not self.here.level else last

    def _list(self, node: Node) -> None:
        outer, lead_in, section = self.here, self._introduction(), self.builder.section
        start = node.start if node.type == "ordered_list" else None
        for number, item in enumerate(node.children):
            marker = "•" if start is None else f"{start + number}{item.markup or '.'}"
            self.here = _List(outer.level + 1, lead_in, marker, len(node.children) == 1)
            self.read(item.children)
            if len(node.children) > 1:
                self.builder.close_sections(section)
        self.here = outer

    def _table(self, node: Node) -> None:
        rows = [row for part in node.children for row in part.children]
        cells = [[cell.text.line for cell in row.children] for row in rows]
        head, body = cells[0], cells[1:]
        if len(head) == 1:
            for (cell,) in cells:
                self.builder.block([cell], _kind(cell, "paragraph"))
            return
        if sum(len(cell.text.split()) for cell in head) > _HEADER_CELL_WORDS * len(head):
            head, body = [Line() for _ in head], cells
        self.builder.row(head, "header_row")
        for row in body:
            self.builder.row(row, "row", tuple(cell.text for cell in head))

    def _html(self, content: str) -> None:
        from markdownify import markdownify

        # What the fragment shows is parsed with HTML off, so that escaped markup stays text.
        self.read(parse(markdownify(_SCRIPT.sub("", content)), html=False).children)

    def _text(self, content: str) -> None:
        for piece in re.split(r"\n\s*\n", content):
            self._prose(lines([Run(re.sub(r"\s+", " ", piece))]))


def _groups(parts: list[Line]) -> Iterator[list[Line]]:
    """Split the lines of a paragraph where its author drew a heading, a list or an empty line with line breaks."""
    group: list[Line] = []
    for line in parts:
        alone = _is_heading(line) and len(parts) > 1
        after_item = bool(group) and bool(_TYPED_ITEM.match(group[0].text)) and group[-1].text.endswith(_TERMINAL)
        if group and (not line.text or alone or after_item or _TYPED_ITEM.match(line.text)):
            yield group
            group = []
        if alone:
            yield [line]
        elif line.text:
            group.append(line)
    if group:
        yield group


def _is_heading(line: Line) -> bool:
    if not line.all_bold:
        return False
    words = len(line.text.split())
    return words <= (_HEADING_WORDS // 2 if line.text.endswith(_TERMINAL) else _HEADING_WORDS)


def _plain_heading(nodes: Sequence[Node]) -> bool:
    """Tell a heading that is a plain paragraph by its looks and by the prose or list that follows it."""
    first, *rest = nodes
    if first.type != "paragraph" or not rest:
        return False
    line = first.text.line
    looks = line.text[:1].isupper() or line.text[:1].isdigit()
    if not looks or line.links or line.text.endswith((*_TERMINAL, ":")) or len(line.text.split()) > _PLAIN_WORDS:
        return False
    if re.search(r"@|\d{4}", line.text):
        return False
    if rest[0].type != "paragraph":
        return rest[0].type in ("bullet_list", "ordered_list", "table")
    return len(rest[0].text.content.split()) > _PLAIN_WORDS or _plain_heading(rest)


def _is_bold_paragraph(node: Node) -> bool:
    return node.type == "paragraph" and _is_heading(node.text.line)


def _is_list(node: Node | None) -> bool:
    return node is not None and node.type in ("bullet_list", "ordered_list")


def _kind(line: Line, kind: BlockKind) -> BlockKind:
    """Tell navigation from prose: a line that is all link names another place and says nothing itself."""
    if not line.all_link or line.text.endswith(_TERMINAL):
        return kind
    targets = {href.partition(":")[0] if ":" in href else href[:1] for _, _, href in line.links}
    if targets <= {"#"}:
        return "contents"
    return kind if targets & {"mailto", "tel"} else "link"
