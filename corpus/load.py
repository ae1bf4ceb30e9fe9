"""Load a statement from a path, an id, bytes or text, in any of the formats that policies come in."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Literal

import charset_normalizer

from corpus.assemble import statement_from_markdown
from corpus.types import DocumentError, Statement

Format = Literal["markdown", "html", "text", "pdf", "docx"]

MAX_BYTES = 20 * 1024 * 1024
SUFFIXES: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".pdf": "pdf",
    ".docx": "docx",
}
BUNDLED: dict[str, str] = {"janrain.com": "janrain.com.2016-05-31.md"}
DEFAULT_ID = "janrain.com"

_DOCUMENTS = Path(__file__).parent / "documents"
_SIGNATURES: tuple[tuple[bytes, Format], ...] = ((b"%PDF-", "pdf"), (b"PK\x03\x04", "docx"))
_KINDS = "Markdown, HTML, text, PDF or DOCX"


def load_statement(source: str | bytes | Path) -> Statement:
    """Load a statement from a bundled id, a path, the bytes of a document, or its text.

    A `str` is an id if it is a bundled one, text if it has a line break or is a sentence that names no file, and
    otherwise a path. Raises `DocumentError`, a `ValueError`, whose one line says what is wrong and what to do.
    """
    if isinstance(source, bytes):
        return load_bytes(source)
    if isinstance(source, Path):
        return load_file(source)
    if source in BUNDLED:
        return load_bundled(source)
    if _is_text(source):
        return load_text(source)
    return load_file(Path(source))


def load_bundled(id: str) -> Statement:
    """Load a statement that ships with the project."""
    if id not in BUNDLED:
        raise DocumentError(f"there is no bundled statement {id!r}; there is {', '.join(BUNDLED)}")
    return statement_from_markdown((_DOCUMENTS / BUNDLED[id]).read_text(encoding="utf-8"), id=id)


def load_file(path: Path) -> Statement:
    """Load a statement from a file; its format is told from its content, then from its name."""
    shown = _printable(str(path))
    try:
        if path.is_dir():
            raise DocumentError(f"{shown} is a folder; give one document of it")
        # No more than the limit, whatever the file system says of its size: a pipe or a device has none.
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as e:
        if str(path).startswith(("http:", "https:")):
            raise DocumentError(f"{shown} is an address; save the page to a file and give that") from e
        known = ", ".join(BUNDLED)
        raise DocumentError(
            f"no such file: {shown}; give a path, - for standard input, or a bundled id ({known})"
        ) from e
    except DocumentError:
        raise
    except (OSError, ValueError) as e:
        reason = getattr(e, "strerror", None) or e
        raise DocumentError(f"cannot read {shown}: {reason}") from e
    return load_bytes(data, name=path.name)


def load_bytes(data: bytes, *, name: str | None = None, id: str | None = None) -> Statement:
    """Load a statement from the bytes of a document; `name` is its file name, if it had one."""
    name = _printable(name) if name else None
    shown = name or "the document"
    _check_size(len(data), shown)
    if not data.strip():
        raise DocumentError(f"{shown} is empty; give a document that holds a privacy policy")
    kind = _format(data, name)
    title = Path(name).stem if name else None
    try:
        if kind == "pdf":
            from corpus.office import read_pdf

            pdf = read_pdf(data)
            return statement_from_markdown(pdf.markdown, id=id or name, title=pdf.title or title)
        if kind == "docx":
            from corpus.office import docx_to_markdown

            return statement_from_markdown(docx_to_markdown(data), id=id or name, title=title)
        text, warnings = decode(data)
        return load_text(text, kind=kind, id=id or name, title=title, warnings=warnings)
    except DocumentError as e:
        raise DocumentError(f"{shown}: {e}") from e


def load_text(
    text: str,
    *,
    kind: Format | None = None,
    id: str | None = None,
    title: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Statement:
    """Load a statement from text; what kind of text is told from the text itself unless `kind` says."""
    _check_size(len(text), "the document")
    seen = _text_format(text)
    # A web page saved as .txt is still a web page.
    kind = seen if kind is None or (kind == "text" and seen == "html") else kind
    if kind == "html":
        from corpus.webpage import html_to_markdown, page_title

        return statement_from_markdown(
            html_to_markdown(text), id=id, title=page_title(text) or title, warnings=warnings
        )
    if kind == "text":
        from corpus.plaintext import plain_text_to_markdown

        text = plain_text_to_markdown(text)
    return statement_from_markdown(text, id=id, title=title, warnings=warnings)


def is_packed(data: bytes) -> bool:
    """Tell whether a document is of a kind, PDF or DOCX, that unpacks to more than its bytes."""
    return data.startswith(tuple(signature for signature, _ in _SIGNATURES))


def load_stdin() -> Statement:
    """Load a statement from standard input."""
    return load_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), id="stdin")


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a document and a warning where its encoding had to be guessed.

    Raises `DocumentError` where the bytes are no text in any encoding.
    """
    for encoding, marks in (("utf-8-sig", (b"",)), ("utf-16", (b"\xff\xfe", b"\xfe\xff"))):
        if data.startswith(marks):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text[:1000]:
                return text, ()
    guessed = _guess(data)
    text = data.decode(guessed or "ascii", errors="replace")
    if guessed is None or _is_binary(text):
        raise DocumentError(f"this is not text in any known encoding; give {_KINDS}")
    if guessed not in ("utf_8", "ascii"):
        return text, (f"the document is not UTF-8; it was read as {guessed}: check its accents and quotes",)
    lost = text.count("\ufffd")
    return text, (f"{lost} characters of this document are damaged; they are shown as \ufffd",) if lost else ()


def _guess(data: bytes) -> str | None:
    """Guess the encoding of bytes that are not sound UTF-8."""
    if b"\x00" not in data:
        odd = len(data) - len(data.decode("ascii", errors="ignore"))
        if 10 * data.decode("utf-8", errors="replace").count("\ufffd") < odd:
            return "utf_8"  # one stray byte among hundreds of sound quotes
        # English in an old encoding is nearly all ASCII, too little for a statistical guess; browsers do the same.
        if 20 * odd < len(data):
            return "cp1252"
    best = charset_normalizer.from_bytes(data[: 1024 * 1024]).best()
    return best.encoding if best else None


def _is_binary(text: str) -> bool:
    sample = text[:4000]
    odd = sum(not (ch.isprintable() or ch.isspace()) for ch in sample)
    return odd > 0.02 * max(len(sample), 1)


def _check_size(size: int, shown: str) -> None:
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1024**2
        raise DocumentError(f"{shown} has more than {limit} MB; give the policy alone, without pictures or other pages")


def _printable(name: str) -> str:
    # A name may hold line breaks, terminal codes or direction marks, and goes into messages and titles.
    return "".join(ch if ch.isprintable() else "?" for ch in name)


def _is_text(source: str) -> bool:
    if "\n" in source or not source.strip():
        return True
    return " " in source.strip() and Path(source).suffix.lower() not in SUFFIXES and not _is_file(source)


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def _format(data: bytes, name: str | None) -> Format | None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    named = SUFFIXES.get(Path(name).suffix.lower()) if name else None
    if named in ("pdf", "docx"):
        raise DocumentError(f"{name} is not a {named.upper()} file, whatever its name says; give {_KINDS}")
    return named


def _text_format(text: str) -> Format:
    head = text[:2000].lstrip().lower()
    if head.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")) or head.count("</") > 2:
        return "html"
    if re.search(r"^#{1,6} \S", text, re.MULTILINE):
        return "markdown"
    marks = ("\n* ", "\n- ", "](", "\n---", "\n===", "**", "\n| ", "\n> ")
    return "markdown" if ("\n" + text).count("](") or sum(mark in "\n" + text for mark in marks) > 1 else "text"
