"""Inline Markdown to lines of visible text, with what is bold and what is a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_INLINE_TAGS = frozenset(
    (
        "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label map mark "
        "meter nobr object output picture progress q ruby s samp select small span strike strong sub sup svg time tt "
        "u var video wbr"
    ).split()
)
# No one writes a word of a thousand characters; what takes words apart would take minutes over a million of them.
_LONGEST = 1000
_UNBROKEN = re.compile(rf"(\S{{{_LONGEST}}})(?=\S)")
_SPACES = re.compile("  +")
_SIGNS = re.compile(r"[\W_]+")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
# So many characters are replaced one by one sooner than by a table.
_FEW = 8
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
        return self.bold > 0 and self.bold >= _letters(self.text)

    @property
    def all_link(self) -> bool:
        """Whether the whole line is links and punctuation between them."""
        linked = sum(_letters(self.text[a:b]) for a, b, _ in self.links)
        return linked > 0 and linked >= _letters(self.text)

    def after(self, offset: int) -> Line:
        """Return the line from an offset on, for instance without its list marker."""
        links = [(max(a - offset, 0), b - offset, href) for a, b, href in self.links if b > offset]
        return Line(self.text[offset:], self.bold, max(self.bold_head - offset, 0), links)


def runs(tokens: Iterable[Token]) -> Iterator[Run]:
    """Yield the visible runs of markdown-it's inline tokens; a hard line break is a run of a single newline."""
    bold, links = 0, list[str]()
    for token in tokens:
        kind, href = token.type, links[-1] if links else None
        if kind in ("text", "code_inline"):
            yield Run(token.content, bold > 0, href)
        elif kind == "text_special":
            yield Run(token.content, bold > 0, href, escaped=True)
        elif kind == "softbreak":
            yield Run(" ", bold > 0, href)
        elif kind == "hardbreak":
            yield Run("\n", bold > 0, href)
        elif kind == "html_inline":
            yield from _html_runs(token.content, bold > 0, href)
        elif kind == "link_open":
            links.append(str(token.attrs.get("href", "")))
        elif kind == "link_close":
            links.pop()
        elif token.tag == "strong":
            bold += token.nesting


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
    # Python calls the same characters printable that a reader sees, and of white space the space alone.
    if text.isprintable():
        return text
    odd = {ch: " " if ch.isspace() else "" for ch in set(text) if not ch.isprintable() and ch != "\n"}
    if len(odd) > _FEW:
        return text.translate({ord(ch): shown for ch, shown in odd.items()})
    for ch, shown in odd.items():
        text = text.replace(ch, shown)
    return text


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
    words = _SPACES.sub(" ", piece) if "  " in piece else piece
    if len(words) > _LONGEST:
        words = _UNBROKEN.sub(r"\1 ", words)
    if not line.text or line.text.endswith(" "):
        words = words.lstrip(" ")
    if not words:
        return
    start = len(line.text)
    line.text += words
    if run.bold and line.bold_head == start:
        line.bold_head = len(line.text)
    if run.bold:
        line.bold += _letters(words)
    if run.href is not None and words.strip():
        start += len(words) - len(words.lstrip())
        line.links.append((start, len(line.text.rstrip()), run.href))


def join(parts: Sequence[Line], separator: str) -> Line:
    """Join lines into one, moving their links along; between the cells of a row an empty one counts."""
    if separator.isspace():
        parts = [part for part in parts if part.text]
    if len(parts) == 1:
        return parts[0]
    head = parts[0].bold_head if parts else 0
    joined = Line(separator.join(part.text for part in parts), sum(part.bold for part in parts), head)
    offset = 0
    for part in parts:
        joined.links += [(offset + a, offset + b, href) for a, b, href in part.links]
        offset += len(part.text) + len(separator)
    return joined


def _letters(text: str) -> int:
    """Count letters and digits."""
    if text.isascii():
        return len(text.encode().translate(None, _ASCII_SIGNS))
    return len(_SIGNS.sub("", text))
