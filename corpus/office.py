"""Read PDF and DOCX files as Markdown."""

from __future__ import annotations

import io
import logging
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from corpus.plaintext import escape_markdown, looks_like_heading, split_marker
from corpus.types import DocumentError
from corpus.webpage import markup_to_markdown

# The PDF library warns of every oddity in a damaged file; what matters of that is raised here.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())

MAX_PAGES = 400
MAX_UNPACKED = 200_000_000
"""Most bytes that a DOCX file may unpack to."""

_ENCRYPTED = "this {kind} is protected by a password; save a copy without one and try again"
_BROKEN = "this {kind} cannot be read, it is damaged or of another kind; open and save it again, or paste its text"
_NO_TEXT = "this PDF holds no text, only pictures of pages; run text recognition (OCR) on it, or paste its text"
_PAGE_NUMBER = re.compile(r"(page\s*)?[-\u2013|]?\s*\d{1,4}\s*([-\u2013|]|(of|/)\s*\d{1,4})?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SECTION_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")
_ENDS = ".!?:;"
# Word's bullets are letters of such fonts ("o" of Courier New); some files say only the number of the glyph.
_BULLET_FONT = re.compile(r"symbol|dingbat|wingding|webding|courier", re.IGNORECASE)
_UNNAMED_GLYPH = re.compile(r"\(cid:\d+\)")
# What programs write as the title of a file that nobody gave one.
_NO_TITLE = re.compile(
    r"\.(?:docx?|pdf|html?|indd|odt|rtf|txt|md|pages|pub|qxp)$|^(?:microsoft \w+|powerpoint presentation) -"
    r"|^untitled\b|^(?:document|layout|print)[ \d]*$",
    re.IGNORECASE,
)
# What the two PDF libraries raise on damaged files; neither wraps all of them.
_PDF_ERRORS = (
    PdfminerException, PSException, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError,
    RecursionError, OverflowError, zlib.error, struct.error,
)  # fmt: skip
_DOCX_ERRORS = (
    zipfile.BadZipFile, zlib.error, ExpatError, OSError, KeyError, ValueError, IndexError, AttributeError, TypeError,
    NotImplementedError, RecursionError,
)  # fmt: skip
# "List Bullet 2" is an item of an item by its style alone; numbered, it is at the first level of a list of its own.
_STYLE_MAP = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        *(
            f"p[style-name='List {name} {depth}'] => {'ul|ol > li > ' * (depth - 1)}{kind} > li:fresh"
            for name, kind in (("Bullet", "ul"), ("Number", "ol"))
            for depth in range(2, 6)
        ),
    ]
)
_LONGEST_HEADING = 25  # words; a longer run of bold lines is a paragraph in bold
_OLE_FILE = b"\xd0\xcf\x11\xe0"  # a DOCX with a password is wrapped in a file of the old kind


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page: points from the page's left and top, type size in points. `table` is Markdown, if it is one."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    edge: bool = False
    table: str = ""


def docx_to_markdown(data: bytes) -> str:
    """Return the text of a DOCX file as Markdown. Raises DocumentError for a protected, damaged or empty file."""
    if data.startswith(_OLE_FILE):
        raise DocumentError(_ENCRYPTED.format(kind="Word file") + "; an old .doc file must be saved as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise DocumentError(
                f"this Word file unpacks to {unpacked // 1_000_000} MB, too much for a policy; paste its text instead"
            )
        result = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLE_MAP, convert_image=_no_image)
    except DocumentError:
        raise
    except _DOCX_ERRORS as e:
        raise DocumentError(_BROKEN.format(kind="Word file")) from e
    markdown = markup_to_markdown(result.value)
    if not markdown:
        raise DocumentError("this Word file holds no text; if it holds pictures of pages, run text recognition (OCR)")
    return markdown


def _no_image(image: Any) -> list[Any]:
    return []


@dataclass(frozen=True, slots=True)
class Pdf:
    """The text of a PDF file as Markdown, and the title that its metadata name, if that is one."""

    markdown: str
    title: str | None


def pdf_to_markdown(data: bytes) -> str:
    """Return the text of a PDF file as Markdown. Raises DocumentError as `read_pdf` does."""
    return read_pdf(data).markdown


def read_pdf(data: bytes) -> Pdf:
    """Return the text of a PDF file, paragraphs joined again and headings told by their type, and its title.

    Raises DocumentError for a protected or damaged file, and for one that holds only pictures of pages.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise DocumentError(
                    f"this PDF has {len(pdf.pages)} pages, more than a policy; save the part that is one"
                )
            lines = [line for page in pdf.pages for line in _page_lines(page)]
            pages, title = len(pdf.pages), _named(pdf.metadata.get("Title"))
    except DocumentError:
        raise
    except _PDF_ERRORS as e:
        locked = isinstance(e, PDFPasswordIncorrect) or any(isinstance(arg, PDFPasswordIncorrect) for arg in e.args)
        raise DocumentError((_ENCRYPTED if locked else _BROKEN).format(kind="PDF")) from e
    lines = _without_running_lines(lines, pages)
    if not any(character.isalnum() for line in lines for character in line.text + line.table):
        raise DocumentError(_NO_TEXT)
    return Pdf("\n\n".join(_render(lines)) + "\n", title)


def _named(title: object) -> str | None:
    """Return a title of metadata, None where it is no name: an empty one, that of a file or of a program."""
    named = " ".join(title.split()) if isinstance(title, str) else ""
    return named if " " in named and not _NO_TITLE.search(named) else None


def _page_lines(page: Any) -> Iterator[Line]:
    """Yield a page's lines and ruled tables from the top down."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    rest = page
    found: list[Line] = []
    for table in tables:
        x0, top, x1, bottom = table.bbox
        markdown = _table_markdown(table.extract())
        if markdown:
            rest = rest.filter(lambda thing, box=table.bbox: not _inside(thing, box))
            found.append(Line("", page.page_number, x0, x1, top, bottom, 0.0, table=markdown))
    for line in rest.extract_text_lines(return_chars=True, x_tolerance_ratio=0.15):
        found.append(_read_line(line, page))
    page.close()
    yield from sorted(found, key=lambda line: (round(line.top), line.left))


def _inside(thing: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(thing["object_type"] == "char" and box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _read_line(line: dict[str, Any], page: Any) -> Line:
    chars = [char for char in line["chars"] if char["text"].strip()]
    size = Counter(round(char["size"], 1) for char in chars).most_common(1)[0][0] if chars else 0.0
    bold = bool(chars) and all(
        any(name in char["fontname"].lower() for name in ("bold", "black", "heavy", "semibd")) for char in chars
    )
    edge = line["top"] < 0.1 * page.height or line["bottom"] > 0.9 * page.height
    text = " ".join(line["text"].replace("\x00", "").split())
    if bullet := _drawn_bullet(text, chars):
        text = f"• {text[len(bullet) :].lstrip()}"
    return Line(text, page.page_number, line["x0"], line["x1"], line["top"], line["bottom"], size, bold, edge)


def _drawn_bullet(text: str, chars: list[dict[str, Any]]) -> str:
    """Return how the text of a line begins where that is a letter or glyph that its font draws as a bullet."""
    if len(chars) < 2:
        return ""
    first, second = chars[:2]
    alone = first["fontname"] != second["fontname"] and second["x0"] - first["x1"] > 0.2 * first["size"]
    drawn = _UNNAMED_GLYPH.fullmatch(first["text"]) or _BULLET_FONT.search(first["fontname"])
    return str(first["text"]) if alone and drawn and text.startswith(first["text"]) else ""


def _table_markdown(rows: list[list[str | None]]) -> str:
    cells = [[escape_markdown(" ".join((cell or "").split())) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    head, *body = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([head, "|" + " --- |" * len(cells[0]), *body])


def _without_running_lines(lines: list[Line], pages: int) -> list[Line]:
    """Drop page numbers, and what stands at the top or bottom edge of at least half of the pages."""
    seen: Counter[str] = Counter()
    for key, _ in {(_running(line.text), line.page) for line in lines if line.edge}:
        seen[key] += 1
    least = max(2, pages / 2)
    return [
        line
        for line in lines
        if line.table
        or (line.text and not (line.edge and (seen[_running(line.text)] >= least or _PAGE_NUMBER.fullmatch(line.text))))
    ]


def _running(text: str) -> str:
    """Return a line without its digits, since a running line often holds the page's number."""
    return re.sub(r"\d+", "#", text)


@dataclass(frozen=True, slots=True)
class _Look:
    """The look of a document's body: type size and spacing of lines in points, right edge, headings' sizes, words."""

    size: float
    step: float
    right: float
    sizes: tuple[float, ...]
    words: frozenset[str]


def _look(lines: list[Line]) -> _Look:
    sizes: Counter[float] = Counter()
    rights: Counter[int] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
        rights[round(line.right / 10) * 10] += 1
    body = max(sizes, key=lambda size: sizes[size])
    steps = Counter(
        round(b.top - a.top, 0)
        for a, b in pairwise(lines)
        if a.page == b.page and a.size == b.size == body and b.top > a.top
    )
    step = steps.most_common(1)[0][0] if steps else 1.2 * body
    right = max((edge for edge, count in rights.items() if count >= 3), default=max(rights))
    headings = tuple(sorted({line.size for line in lines if line.size > 1.1 * body}, reverse=True))
    return _Look(body, step, right, headings, _whole_words(lines))


def _whole_words(lines: list[Line]) -> frozenset[str]:
    """Return the words of a document, less the halves of those that a line's end divides."""
    words: set[str] = set()
    divided = False
    for line in lines:
        found = _WORD.findall(line.text.lower())
        ends_divided = line.text.endswith("-")
        words.update(found[1 if divided else 0 : -1 if ends_divided else None])
        divided = ends_divided
    return frozenset(words)


def _heading_level(line: Line, look: _Look, before: Line | None) -> int:
    """Return the level of a heading by its type, or 0. Bold type of the body's size ranks below all larger sizes."""
    if line.table or not any(character.isalpha() for character in line.text):
        return 0
    number = _SECTION_NUMBER.match(line.text)
    deeper = number[1].count(".") if number else 0
    if line.size in look.sizes:
        return min(look.sizes.index(line.size) + 1 + deeper, 6)
    if before is None and looks_like_heading(line.text):
        return 1
    apart = before is None or before.page != line.page or line.top - before.top > 1.2 * look.step or bool(before.table)
    titled = (line.bold and (number or line.text[-1] == "?")) or looks_like_heading(line.text.rstrip(":"))
    if apart and titled and (line.bold or line.text.isupper()):
        return min(max(2, len(look.sizes) + 1) + deeper, 6)
    return 0


def _render(lines: list[Line]) -> Iterator[str]:
    """Yield Markdown blocks from a document's lines."""
    look = _look(lines)
    text, level, before, first = "", 0, None, None
    for line in lines:
        own_level = _heading_level(line, look, before)
        out = first is not None and _stands_out(first, line)
        if before is not None and text and not out and _goes_on(before, line, look, level, own_level):
            text = _join(text, line.text, look.words)
        else:
            if text:
                yield _block(text, level)
            text, level, first = line.text, own_level, line
        if line.table:
            yield line.table
            text = ""
        before = line
    if text:
        yield _block(text, level)


def _block(text: str, level: int) -> str:
    if level and len(text.split()) <= _LONGEST_HEADING:
        return f"{'#' * level} {escape_markdown(text)}"
    marker, rest = split_marker(text)
    return marker + escape_markdown(rest)


def _stands_out(item: Line, line: Line) -> bool:
    """Say whether a line begins farther left than the marker of a list item, which it then does not go on with."""
    marked = item.page == line.page and bool(split_marker(item.text)[0])
    return marked and line.left < item.left - 1 and line.top > item.top


def _goes_on(before: Line, line: Line, look: _Look, level: int, own_level: int) -> bool:
    """Say whether a line goes on with the block of the line before it."""
    if before.table or line.table or (own_level and not level) or split_marker(line.text)[0]:
        return False
    if before.page != line.page:
        return (
            not level and before.text[-1] not in _ENDS and (line.text[0].islower() or before.right > 0.85 * look.right)
        )
    if line.top - before.top > 1.35 * max(look.step, 1.2 * line.size) or line.top < before.top - 1:
        return False
    if level:
        # One that looks like the body is told by its words, which those of the next line are not.
        if before.size == look.size and not before.bold and not before.text.isupper():
            return False
        return (before.size, before.bold) == (line.size, line.bold) and not _SECTION_NUMBER.match(line.text)
    return before.right > 0.75 * look.right or line.text[0].islower()


def _join(text: str, more: str, words: frozenset[str]) -> str:
    """Join two lines, and the halves of a word divided at the end of the first."""
    if text.endswith("\u00ad"):
        return text[:-1] + more
    if not (text.endswith("-") and text[-2:-1].isalpha() and more[0].isalpha()):
        return f"{text} {more}"
    first, second = re.split(r"\W", text[:-1])[-1].lower(), re.split(r"\W", more)[0].lower()
    if first + second in words or (f"{first}-{second}" not in words and not {first, second} <= words):
        return text[:-1] + more
    return text + more
