"""Find the structure of plain text: paragraphs, headings and lists that are shown by layout alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.types import DocumentError

LineKind = Literal["blank", "rule", "item", "text"]

_WRAPPED_WIDTH = 110
"""Text whose lines nearly all stay below so many characters has been wrapped by hand or by a program."""

# The marker of a list item. "o" is how Word's hollow bullet comes out of the clipboard.
_BULLET = re.compile(r"(?:[-*•·●▪■◦‣○➢\u2013\u2014\uf0b7]|o(?= +[A-Z]))\s+(?=\S)|[•●▪■◦‣○➢\uf0b7](?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_SECTION_NUMBER = re.compile(
    r"(?:section\s+|article\s+)?(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.):]?\s+(?=\S)", re.IGNORECASE
)
_LETTER = re.compile(r"\((?:[a-z]{1,4}|\d{1,2})\)\s+(?=\S)|[a-z][.)]\s+(?=\S)", re.IGNORECASE)
_RULE = re.compile(r"\s*(=|-|_|\*|~)\1{2,}\s*")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
# At the start of a block these would begin a list, a heading's underline or a numbered item.
_SPECIAL_START = re.compile(r"^(?:([-+=])|(\d{1,9})([.)])(?=\s|$))")
# An address, a telephone number or the line that dates a policy is short as a heading is, and is none.
_NOT_A_HEADING = re.compile(
    r"@|https?://|www\.|\+?\d[\d ()-]{7,}|^(last )?(updated|modified|revised|effective|version|date)\b.*\d",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset([
    "a", "an", "and", "as", "at", "by", "for", "from", "how", "in", "is", "of", "on", "or", "our", "the", "to",
    "us", "we", "what", "when", "who", "with", "you", "your",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text without its indentation. `marker` is that of a list item, and not part of `text`."""

    kind: LineKind
    text: str
    indent: int
    marker: str = ""

    @property
    def width(self) -> int:
        """Columns up to the end of the line."""
        return self.indent + len(self.marker) + len(self.text)


def plain_text_to_markdown(text: str) -> str:
    """Return plain text as Markdown that shows its paragraphs, headings and lists, with all else escaped.

    Raises DocumentError where there is not a letter in it.
    """
    if not any(character.isalnum() for character in text):
        raise DocumentError("there is no text in this document; give a policy as text, Markdown, HTML, PDF or DOCX")
    text = text.replace("\x00", "").replace("\ufeff", "").replace("\u00a0", " ").replace("\u00ad", "")
    lines = [_read(line) for line in text.expandtabs(4).splitlines()]
    blocks = list(_blocks(lines, _wrap_width(lines)))
    return "\n\n".join(_render(blocks)) + "\n"


def escape_markdown(text: str) -> str:
    """Escape what Markdown would take for markup, so that a paragraph reads literally."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _SPECIAL_START.sub(lambda match: f"{match[2] or ''}\\{match[1] or match[3]}", escaped)


def split_marker(text: str) -> tuple[str, str]:
    """Split a list marker off a line: its Markdown marker, "" for none, and the text of the item.

    A letter in brackets stays in the text, since the policy may refer to it.
    """
    if bullet := _BULLET.match(text):
        return "- ", text[bullet.end() :]
    if number := _NUMBER.match(text):
        return f"{int(number[1])}. ", text[number.end() :]
    return ("- ", text) if _LETTER.match(text) else ("", text)


def looks_like_heading(text: str) -> bool:
    """Say whether a line that stands alone is worded like a heading."""
    words = text.split()
    if not 1 <= len(words) <= 14 or len(text) > 100 or text[-1] in ".,;:!" or _NOT_A_HEADING.search(text):
        return False
    if not any(character.isalpha() for character in text):
        return False
    numbered = _SECTION_NUMBER.match(text)
    bare = text[numbered.end() :] if numbered and len(words) > 1 else text
    if not bare[0].isupper() and not bare[0].isdigit():
        return False
    named = [word for word in bare.split() if word.lower() not in _SMALL_WORDS and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in named)
    return bare.isupper() or len(words) <= 8 or capitals >= 0.7 * len(named)


def _read(line: str) -> Line:
    bare = line.strip()
    indent = len(line) - len(line.lstrip())
    if not bare:
        return Line("blank", "", 0)
    if _RULE.fullmatch(bare):
        return Line("rule", bare, indent)
    marker, rest = split_marker(bare)
    return Line("item" if marker else "text", rest, indent, marker)


def _wrap_width(lines: list[Line]) -> int | None:
    """Return the column at which the text is wrapped, or None if each line is a whole paragraph."""
    widths = sorted(line.width for line in lines if line.kind in ("text", "item"))
    widest = widths[int(0.97 * (len(widths) - 1))] if widths else 0
    pairs = [(a, b) for a, b in pairwise(lines) if b.kind == "text" and a.kind in ("text", "item")]
    full = sum(_is_full(before, line, widest) for before, line in pairs)
    return widest if 40 <= widest <= _WRAPPED_WIDTH and full > 0.2 * len(pairs) else None


def _is_full(before: Line, line: Line, wrap: int) -> bool:
    """Say whether the first word of a line would not have gone on the line before it."""
    return before.width + 1 + len(line.text.split()[0]) > 0.97 * wrap


@dataclass(slots=True)
class _Block:
    kind: Literal["text", "item", "h1", "h2"]
    lines: list[Line]
    alone: bool
    joined: str


def _blocks(lines: list[Line], wrap: int | None) -> Iterator[_Block]:
    """Group lines into paragraphs and items, their text joined."""
    block: _Block | None = None
    airy = sum(line.kind == "blank" for line in lines) >= 0.1 * len(lines)
    alone = True  # a blank line goes before, or the text has none
    for line in lines:
        if line.kind == "rule" and block and block.kind == "text" and len(block.lines) == 1 and line.text[0] in "=-~":
            block.kind = "h1" if line.text[0] == "=" else "h2"
        if line.kind in ("blank", "rule"):
            if block:
                yield block
            block, alone = None, True
        elif block and line.kind == "text" and _continues(block.lines[-1], line, wrap):
            block.lines.append(line)
            block.joined += (" " if _runs_on(block.lines[-2], line, wrap) else "\n") + line.text
        else:
            if block:
                yield block
            block = _Block("item" if line.kind == "item" else "text", [line], alone or not airy, line.text)
            alone = False
    if block:
        yield block


def _runs_on(before: Line, line: Line, wrap: int | None) -> bool:
    """Say whether a line goes on with the sentence of the line before it."""
    if wrap is not None and _is_full(before, line, wrap):
        return True
    return line.text[0].islower() and before.text[-1] not in ".!?:;"


def _continues(before: Line, line: Line, wrap: int | None) -> bool:
    """Say whether a line belongs to the paragraph of the line before it."""
    if _runs_on(before, line, wrap):
        return True
    short = 45  # lines of an address, which stay together under each other
    return wrap is not None and before.width < short and line.width < short and not line.marker and not before.marker


def _render(blocks: list[_Block]) -> Iterator[str]:
    indents: list[int] = []
    items: list[str] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        level = _heading_level(block, following, first=index == 0)
        if block.kind == "item" and not level:
            items.append(_item(block, indents))
            continue
        if items:
            yield "\n".join(items)
            items, indents = [], []
        text = block.lines[0].marker.strip() + " " + block.joined if block.kind == "item" else block.joined
        if level:
            yield "#" * level + " " + escape_markdown(" ".join(text.split()))
        else:
            yield "  \n".join(escape_markdown(part) for part in text.split("\n"))
    if items:
        yield "\n".join(items)


def _item(block: _Block, indents: list[int]) -> str:
    """Return an item of a list, as deep as its indentation says; `indents` holds those of the items it may be in."""
    line = block.lines[0]
    while indents and line.indent < indents[-1]:
        indents.pop()
    if not indents or line.indent > indents[-1] + 1:
        indents.append(line.indent)
    pad = "    " * (len(indents) - 1)
    text = "  \n".join(escape_markdown(part) for part in block.joined.split("\n"))
    return pad + line.marker + text.replace("\n", "\n" + pad + " " * len(line.marker))


def _heading_level(block: _Block, following: _Block | None, *, first: bool) -> int:
    """Return the level of a heading, or 0 for a block that is none."""
    if block.kind in ("h1", "h2"):
        return int(block.kind[1])
    text = block.joined
    marker = block.lines[0].marker
    if following is None or "\n" in text or marker == "- " or not block.alone or not looks_like_heading(text):
        return 0
    if marker and following.lines[0].marker == f"{int(marker[:-2]) + 1}. ":
        return 0  # one item of a numbered list
    if first:
        return 1
    words = following.joined.split()
    stands_over = len(words) > 12 or (len(words) > 3 and words[-1][-1] in ".:;") or following.kind != "text"
    if not stands_over and not looks_like_heading(following.joined):
        return 0
    number = _SECTION_NUMBER.match(marker + text)
    return min(2 + number[1].count("."), 6) if number else 2
