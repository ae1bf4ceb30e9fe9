"""Find the document in a row of a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from corpus.inputs.files import too_large
from corpus.inputs.types import Document, Unreadable
from corpus.load import MAX_BYTES
from corpus.types import DocumentError

TEXT_NAMES = ("text", "markdown", "policy_text", "plain_text", "content", "policy", "body", "document")
HTML_NAMES = ("html", "policy_html", "page_html", "raw_html")

# A row may have a hundred columns, or another long text; neither says where it comes from.
_MOST, _LONGEST = 30, 500
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold the text, the HTML and the id; None is not said, or not there."""

    text: str | None = None
    html: str | None = None
    id: str | None = None

    def found_in(self, names: Collection[str], shown: str) -> Columns:
        """Return the columns of a table with these names: those that are wanted, or else found by their names.

        Raises `DocumentError` where one is wanted that the table lacks, and where there is neither text nor HTML.
        """
        for wanted in (self.text, self.html, self.id):
            if wanted is not None and wanted not in names:
                raise DocumentError(f"{shown} has no column {wanted!r}; it has {_listed(names)}")
        if self.text or self.html:
            return self
        text, html = _first(TEXT_NAMES, names), _first(HTML_NAMES, names)
        if text is None and html is None:
            raise DocumentError(
                f"{shown} has no column that is named like a text; it has {_listed(names)}: "
                "name one with --text-column or --html-column"
            )
        return Columns(text, None if text else html, self.id)

    def document(self, row: Mapping[str, object], source: str) -> Document | Unreadable:
        """Return the document in a row, or why there is none; `source` is "FILE#ROW"."""
        id = short_text(row.get(self.id)) if self.id else None
        content, column, name = row.get(self.text) if self.text else None, self.text, None
        if self.html and not (isinstance(content, str | bytes) and content.strip()):
            content, column, name = row.get(self.html), self.html, "cell.html"
        about = {key: said for key in row if key not in (self.text, self.html) and (said := short_text(row[key]))}
        if not isinstance(content, str | bytes):
            kind = "nothing" if content is None else f"a {type(content).__name__}"
            return Unreadable(
                id or source, source, f"the column {column!r} holds {kind} in this row, where text belongs"
            )
        if not content.strip():
            return Unreadable(id or source, source, f"the column {column!r} is empty in this row")
        if len(content) > MAX_BYTES:
            return Unreadable(id or source, source, too_large(len(content)))
        whole = whole_characters(content) if isinstance(content, str) else content
        return Document(id or source, source, whole, name, dict(list(about.items())[:_MOST]))


def whole_characters(text: str) -> str:
    """Return a text with each half of a character, as a JSON file may hold, replaced: it can be stored nowhere."""
    return _HALF_CHARACTER.sub("\ufffd", text)


def _first(wanted: Collection[str], names: Collection[str]) -> str | None:
    lower = {name.lower(): name for name in reversed(list(names))}
    return next((lower[name] for name in wanted if name in lower), None)


def _listed(names: Collection[str]) -> str:
    listed = list(names)
    return ", ".join(map(repr, listed[:20])) + (" ..." if len(listed) > 20 else "") if listed else "none"


def short_text(value: object) -> str | None:
    """Return a value as a short text, if it is one."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float) or value == "":
        return None
    text = whole_characters(str(value))
    return text if len(text) <= _LONGEST else None
