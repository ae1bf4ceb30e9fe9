"""Inline Markdown to lines of visible text, with what is bold and what is a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.common.html_blocks import block_names
from markdown_it.tree import SyntaxTreeNode

_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_INLINE_TAGS = frozenset(
    (
        "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label map mark "
        "meter nobr object output picture progress q ruby s samp select small span strike strong sub sup svg time tt "
        "u var video wbr"
    ).split()
)
# No one writes a word of a thousand characters; what takes words apart would take minutes over a million of them.
_UNBROKEN = re.compile(r"(\S{1000})(?=\S)")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
HTML_TAGS = frozenset(block_names) | _INLINE_TAGS | {"script", "style", "pre", "textarea"}


@dataclass(frozen=True, slots=True)
class Run:
    """Visible text in one style. `href` is where it links to; what was escaped is never markup."""

    text: str
    bold: bool = False
    href: str | None = None
    escaped: bool = False


@dataclass(slots=True)
class Line:
    """A line of visible text: between two hard line breaks, white space collapsed, trimmed.

    `bold` counts its bold letters and digits, `bold_head` the characters of the bold words that it opens with.
    """

    text: str = ""
    bold: int = 0
    bold_head: int = 0
    links: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def all_bold(self) -> bool:
        """Whether every visible character that carries meaning is bold."""
        return self.bold > 0 and self.bold >= sum(ch.isalnum() for ch in self.text)

    @property
    def all_link(self) -> bool:
        """Whether the whole line is links and punctuation between them."""
        linked = sum(sum(ch.isalnum() for ch in self.text[a:b]) for a, b, _ in self.links)
        return linked > 0 and linked >= sum(ch.isalnum() for ch in self.text)

    def after(self, offset: int) -> Line:
        """Return the line from an offset on, for instance without its list marker."""
        links = [(max(a - offset, 0), b - offset, href) for a, b, href in self.links if b > offset]
        return Line(self.text[offset:], self.bold, max(self.bold_head - offset, 0), links)


def runs(node: SyntaxTreeNode, bold: bool = False, href: str | None = None) -> Iterator[Run]:
    """Yield the visible runs of an inline node; a hard line break is a run of a single newline."""
    for child in node.children:
        if child.type in ("text", "code_inline"):
            yield Run(child.content, bold, href)
        elif child.type == "text_special":
            yield Run(child.content, bold, href, escaped=True)
        elif child.type == "softbreak":
            yield Run(" ", bold, href)
        elif child.type == "hardbreak":
            yield Run("\n", bold, href)
        elif child.type == "html_inline":
            yield from _html_runs(child.content, bold, href)
        elif child.type == "link":
            yield from runs(child, bold, str(child.attrs.get("href", "")))
        elif child.type != "image":
            yield from runs(child, bold or child.type == "strong", href)


def _html_runs(tag: str, bold: bool, href: str | None) -> Iterator[Run]:
    name = _TAG_NAME.match(tag)
    if name is None:
        return
    if name[1].lower() == "br":
        yield Run("\n", bold, href)
    elif name[1].lower() not in HTML_TAGS:
        # "<domainspecifier>" in a cookie's name is text to its reader, not markup.
        yield Run(tag, bold, href)


def visible(text: str) -> str:
    """Return text without characters that a reader cannot see: controls, zero-width and direction overrides."""
    if text.isascii() and text.isprintable():
        return text
    spaced = (" " if ch != "\n" and ch.isspace() else ch for ch in text)
    return "".join(ch for ch in spaced if ch == "\n" or unicodedata.category(ch) not in _UNSEEN)


def lines(parts: Iterable[Run]) -> list[Line]:
    """Lay runs out as lines, as a browser would: white space collapses, only hard breaks break."""
    result = [Line()]
    for run in parts:
        for number, piece in enumerate(visible(run.text).split("\n")):
            if number:
                result.append(Line())
            _append(result[-1], piece, run)
    for line in result:
        line.text = line.text.rstrip()
        line.links = [(a, min(b, len(line.text)), href) for a, b, href in line.links if a < len(line.text)]
    return result


def _append(line: Line, piece: str, run: Run) -> None:
    words = _UNBROKEN.sub(r"\1 ", re.sub(" +", " ", piece))
    if not line.text or line.text.endswith(" "):
        words = words.lstrip(" ")
    if not words:
        return
    start = len(line.text)
    line.text += words
    if run.bold and line.bold_head == start:
        line.bold_head = len(line.text)
    if run.bold:
        line.bold += sum(ch.isalnum() for ch in words)
    if run.href is not None and words.strip():
        start += len(words) - len(words.lstrip())
        line.links.append((start, len(line.text.rstrip()), run.href))


def join(parts: Sequence[Line], separator: str) -> Line:
    """Join lines into one, moving their links along; between the cells of a row an empty one counts."""
    if separator.isspace():
        parts = [part for part in parts if part.text]
    head = parts[0].bold_head if parts else 0
    joined = Line(separator.join(part.text for part in parts), sum(part.bold for part in parts), head)
    offset = 0
    for part in parts:
        joined.links += [(offset + a, offset + b, href) for a, b, href in part.links]
        offset += len(part.text) + len(separator)
    return joined
