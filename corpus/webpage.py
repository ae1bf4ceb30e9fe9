"""Read a captured web page: the document in it as Markdown, without the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.furniture import BLOCKS, HEADINGS, drop_furniture, is_block
from corpus.plaintext import plain_text_to_markdown
from corpus.types import DocumentError

MAX_DEPTH = 100
"""Elements nested deeper than this are unwrapped: no page needs more, and the converter goes down by recursion."""

MAX_MARKUP = 3_000_000
"""Most characters of markup, scripts and styles aside, that are still taken for a document."""

_UNSEEN = (
    "head, script, style, template, svg, iframe, canvas, video, audio, picture, img, object, embed, map, link, meta, "
    "datalist, colgroup"
)
_NO_TEXT = "no text found in this web page; if it is built by scripts, save it from the browser as text and try again"

# A run of spaces this long is padding. The converter's own pattern takes quadratic time over it.
_PADDING = re.compile(r"[ \t]{50,}")
# Soft hyphens and zero-width characters: a reader does not see them, but they split words.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\x00"))
# A bullet typed as text at the start of a line, after the markers of the list items that it may stand in.
_TYPED_BULLET = re.compile(r"^((?:> |  )*)((?:- |\d+\. )*)(?:[•·●▪■◦‣○➢\uf0b7]\s*|\\- +)(?=\S)", re.MULTILINE)
_UNSAFE_IN_LINKS = {ord(c): f"%{ord(c):02X}" for c in " ()<>|\n\t\\"}
_KNOWN_BLOCKS = frozenset([
    "p", "div", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "blockquote",
    "pre", "hr", "body", "html", "h1", "h2", "h3", "h4", "h5", "h6",
])  # fmt: skip
_BLOCK_NAMES = sorted(BLOCKS)
# No table needs so many cells for those that span rows, and each takes a while to put in.
_MOST_FILLED = 2_000
_CELLS = ["td", "th"]


def html_to_markdown(html: str) -> str:
    """Return the text of the document in a web page, or in a fragment of one, as Markdown.

    Collapsed text is kept. Raises DocumentError where there is no text or far too much.
    """
    tree = _parse(html)
    for node in tree.css(_UNSEEN):
        node.decompose()
    if tree.root is None:
        raise DocumentError(_NO_TEXT)
    _flatten(tree.root)
    markup = (tree.html or "").replace("&nbsp;", " ").translate(_INVISIBLE)
    if len(markup) > MAX_MARKUP:
        raise DocumentError(
            f"this web page holds {len(markup) / 1e6:.0f} million characters, too many for a policy; "
            "save the part with the policy and try again"
        )
    # A page on which nothing stands out from the furniture is returned whole.
    markdown = markup_to_markdown(markup, prune=True) or markup_to_markdown(markup)
    if not markdown:
        raise DocumentError(_NO_TEXT)
    return markdown


def markup_to_markdown(markup: str, *, prune: bool = False) -> str:
    """Return well-formed HTML as Markdown, less the furniture if `prune`; empty where there is not a letter in it."""
    soup = BeautifulSoup(markup, "html.parser")
    body = soup.body or soup
    _settle_noscript(body)
    _name_headings(body)
    if prune:
        drop_furniture(body)
    _normalise(soup, body)
    markdown = _tidy(_Converter(heading_style=ATX, bullets="-", escape_misc=True, strip=_PLAIN).convert_soup(body))
    return markdown if any(character.isalnum() for character in markdown) else ""


def page_title(html: str) -> str | None:
    """Return what a web page calls itself in its `title` element, or None where it has none."""
    title = _parse(html).css_first("head > title, body > title")
    text = " ".join(title.text().split()) if title is not None else ""
    return text or None


def _parse(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(_PADDING.sub(" ", html).translate(_INVISIBLE))


def _flatten(root: LexborNode) -> None:
    """Unwrap the elements that are nested too deep, with a space where each began and ended."""
    deep: list[LexborNode] = []
    depths = {root.mem_id: 0}
    for node in root.traverse():
        if node.parent is None:
            continue
        depth = depths.get(node.parent.mem_id, 0) + 1
        depths[node.mem_id] = depth
        if depth > MAX_DEPTH:
            deep.append(node)
    for node in deep:
        node.insert_before(" ")
        node.insert_after(" ")
        node.unwrap()


def _settle_noscript(body: Tag) -> None:
    """Drop what is shown only without scripts, unless most of the page is in there."""
    everything = len(body.get_text())
    for element in body.find_all("noscript"):
        if len(element.get_text()) < everything / 2:
            element.decompose()
        else:
            element.unwrap()


def _normalise(soup: BeautifulSoup, root: Tag) -> None:
    """Rewrite what Markdown has no word for into what it has."""
    for element in root.find_all(True):
        if element.decomposed:
            continue
        if element.name in ("input", "select", "textarea", "button"):
            element.decompose()
        elif _is_idle(element):
            element.unwrap()
        elif element.name in ("ul", "ol") and element.parent is not None and element.parent.name in ("ul", "ol"):
            _nest_list(soup, element)
        elif element.name == "dt":
            element.name = "p"
            _embolden(soup, element)
        elif _is_preformatted(element):
            element.name = "pre"
        elif is_block(element) and element.name not in _KNOWN_BLOCKS:
            element.name = "div"
    for numbered in root.find_all("ol"):
        _number_items(numbered)
    for table in root.find_all("table"):
        _square_table(soup, table)


def _name_headings(root: Tag) -> None:
    """Give the titles of collapsed panels, and what is a heading by its role, the name of a heading."""
    level = 1
    of_depth: dict[int, int] = {}  # the titles of one accordion stand equally deep in the page
    for element in root.find_all(True):
        if element.name in HEADINGS:
            level = int(element.name[1])
        elif element.get("role") == "heading":
            level = min(max(_whole(element.get("aria-level"), 2), 1), 6)
            element.name = f"h{level}"
        elif element.name == "summary" or (element.name == "button" and _opens_panel(element)):
            if element.find_parent(HEADINGS) or element.find(HEADINGS):
                element.name = "span" if element.find_parent(HEADINGS) else "div"
            else:
                depth = sum(1 for _ in element.parents)
                element.name = f"h{of_depth.setdefault(depth, min(level + 1, 6))}"


def _opens_panel(button: Tag) -> bool:
    opens = button.has_attr("aria-expanded") or button.has_attr("aria-controls") or button.has_attr("data-target")
    return opens or button.find_parent(HEADINGS) is not None


def _is_idle(element: Tag) -> bool:
    """Say whether Markdown cannot hold a link or bold text here: over several blocks, in a heading, to nowhere."""
    if element.name == "a":
        return not _is_target(element) or element.find(_BLOCK_NAMES) is not None
    return element.name in ("b", "strong") and (
        element.find(_BLOCK_NAMES) is not None or element.find_parent(HEADINGS) is not None
    )


def _is_target(link: Tag) -> bool:
    href = str(link.get("href") or "").strip().lower()
    return bool(href) and href != "#" and not href.startswith(("javascript:", "data:", "vbscript:"))


def _is_preformatted(element: Tag) -> bool:
    """Say whether line breaks in an element's source are shown, as in `pre`."""
    look = f"{element.get('style') or ''} {' '.join(element.get('class') or [])}".lower().replace(" ", "")
    if "white-space:pre" not in look and "whitespace-pre" not in look:
        return False
    return "\n" in element.get_text().strip() and element.find([*_BLOCK_NAMES, "br"]) is None


def _nest_list(soup: BeautifulSoup, nested: Tag) -> None:
    """Move a list that stands directly in a list into the item before it."""
    item = nested.find_previous_sibling("li")
    if item is None:
        item = nested.wrap(soup.new_tag("li"))
    else:
        item.append(nested.extract())


def _embolden(soup: BeautifulSoup, element: Tag) -> None:
    if element.find(_BLOCK_NAMES) is None and element.get_text(strip=True):
        strong = soup.new_tag("strong")
        for child in list(element.contents):
            strong.append(child.extract())
        element.append(strong)


def _number_items(numbered: Tag) -> None:
    number = _whole(numbered.get("start"), 1)
    for item in numbered.find_all("li", recursive=False):
        number = _whole(item.get("value"), number)
        item["value"] = str(number)
        number += 1


def _whole(attribute: object, default: int) -> int:
    """Return an attribute's whole number; Markdown knows none of more than nine digits."""
    text = str(attribute)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else default


def _square_table(soup: BeautifulSoup, table: Tag) -> None:
    """Make a table square: a reader of pipe tables drops the cells that stick out beyond the first row."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    _fill_rowspans(soup, rows)
    widths = [sum(_span(cell, "colspan") for cell in row.find_all(_CELLS, recursive=False)) for row in rows]
    if not rows:
        return
    first = rows[0].find_all(_CELLS, recursive=False)
    if len(rows) > 1 and table.find("th") is None and first and all(map(_is_all_bold, first)):
        for cell in first:
            cell.name = "th"
    name = "th" if first and all(cell.name == "th" for cell in first) else "td"
    for _ in range(max(widths) - widths[0]):
        rows[0].append(soup.new_tag(name))


def _fill_rowspans(soup: BeautifulSoup, rows: list[Tag]) -> None:
    """Put an empty cell under each cell that spans several rows, in each of the others."""
    cells = [row.find_all(_CELLS, recursive=False) for row in rows]
    left = _MOST_FILLED
    for index, here in enumerate(cells):
        for column, cell in enumerate(here):
            for below in range(index + 1, min(index + _span(cell, "rowspan"), len(rows))):
                left -= 1
                if left < 0:
                    return
                empty = soup.new_tag("td")
                if len(cells[below]) > column:
                    cells[below][column].insert_before(empty)
                else:
                    rows[below].append(empty)
                cells[below].insert(column, empty)


def _span(cell: Tag, attribute: str) -> int:
    """Return how many rows or columns a cell spans, within reason, and leave that in its attribute."""
    span = min(max(_whole(cell.get(attribute), 1), 1), 30)
    cell[attribute] = str(span)
    return span


def _is_all_bold(cell: Tag) -> bool:
    text = cell.get_text(strip=True)
    return bool(text) and text == "".join(bold.get_text(strip=True) for bold in cell.find_all(["b", "strong"]))


_PLAIN = ["em", "i", "u", "del", "s", "code", "kbd", "samp", "q", "sub", "sup", "figcaption", "dd"]


class _Converter(MarkdownConverter):
    """The converter of markdownify, kept to what a CommonMark reader takes literally."""

    def process_tag(self, node: Tag, parent_tags: set[str] | None = None) -> str:
        if node.name in ("code", "kbd", "samp"):
            node.name = "span"  # or the converter leaves special characters in it unescaped
        return str(super().process_tag(node, parent_tags=parent_tags))  # type: ignore[misc]

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        label = " ".join(text.split())
        if not label:
            return text
        href = str(el["href"]).strip().translate(_UNSAFE_IN_LINKS)
        return f"{_lead(text)}[{label}]({href}){_trail(text)}"

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inner = text.strip()
        if not inner or "\n" in inner or not parent_tags.isdisjoint({"b", "strong", "th"}):
            return text
        if not _can_open(_neighbour(el, -1), inner, text) or not _can_open(_neighbour(el, 1), inner[::-1], text[::-1]):
            return text
        return f"{_lead(text)}**{inner}**{_trail(text)}"

    convert_strong = convert_b

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:  # a pipe table's cell holds one line
            return f" • {text.strip()} " if text.strip() else ""
        marker = f"{el['value']}. " if el.parent is not None and el.parent.name == "ol" else "- "
        lines = text.strip().split("\n")
        indented = [" " * len(marker) + line if line else "" for line in lines[1:]]
        return "\n".join([marker + lines[0], *indented]) + "\n" if lines[0] else "\n"

    def convert_hN(  # noqa: N802
        self, n: int, el: Tag, text: str, parent_tags: set[str]
    ) -> str:
        return str(super().convert_hN(n, el, text, parent_tags)) if text.strip() else ""  # type: ignore[misc]

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" {' '.join(text.split())}" + " |" * _span(el, "colspan")

    convert_th = convert_td

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        plain = el.get_text()
        if "_inline" in parent_tags or not plain.strip():
            return f" {' '.join(text.split())} "
        return f"\n\n{plain_text_to_markdown(plain)}\n\n"


def _lead(text: str) -> str:
    return " " if text[:1].isspace() else ""


def _trail(text: str) -> str:
    return " " if text[-1:].isspace() else ""


def _neighbour(element: Tag, step: int) -> str:
    """Return the character on the page just before (-1) or after (1) an element, or a space at a block's edge."""
    node: Any = element
    while True:
        beside = node.previous_sibling if step < 0 else node.next_sibling
        if beside is None:
            node = node.parent
            if node is None or is_block(node):
                return " "
            continue
        if isinstance(beside, Tag) and (is_block(beside) or beside.name == "br"):
            return " "
        text = beside.get_text() if isinstance(beside, Tag) else str(beside)
        if text:
            return text[-1] if step < 0 else text[0]
        node = beside


def _can_open(outside: str, inner: str, text: str) -> bool:
    """Say whether asterisks between `outside` and `inner` count as emphasis: CommonMark 0.31, section 6.2."""
    if text[:1].isspace() or outside.isspace():
        return True
    return inner[0].isalnum() or not outside.isalnum()


def _tidy(markdown: str) -> str:
    """Make list items of lines that begin with a typed bullet, and leave one blank line between blocks."""
    markdown = markdown.replace("****", "")  # bold text right after bold text; an asterisk of the page is escaped
    markdown = _TYPED_BULLET.sub(lambda match: match[1] + (match[2] or "- "), markdown)
    return "\n".join(_without_gaps(markdown.strip().split("\n"))) + "\n"


def _without_gaps(lines: list[str]) -> Iterator[str]:
    following = [*lines[1:], ""]
    for line, after in zip(lines, following, strict=True):
        if not (after.strip() and line.strip()):
            line = line.rstrip()  # two spaces at the end of a block break no line
        if line or after.strip():
            yield line
