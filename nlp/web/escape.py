"""Turn text of a document, or of a user, into HTML that can only ever be text.

Gradio reads the result as Markdown. A line that starts with a block tag and holds no line break is passed through as
HTML untouched, so everything made here is one line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from urllib.parse import urlsplit

WEB: frozenset[str] = frozenset({"http", "https"})
WEB_AND_MAIL: frozenset[str] = WEB | {"mailto"}

# Controls have no look of their own; a browser or a Markdown reader may give them a meaning. Tab and the line breaks
# of str.splitlines (down to U+001E) are handled before.
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF])

_TAG = re.compile(r"<[^<>]*>")


def text_html(text: str) -> str:
    """Return text as HTML on one line; its line breaks become `<br>`."""
    lines = text.replace("\t", " ").splitlines() or [""]
    # Half a surrogate pair cannot be sent as UTF-8.
    clean = (line.translate(_CONTROLS).encode("utf-8", "replace").decode() for line in lines)
    return "<br>".join(html.escape(line, quote=True) for line in clean)


def plain_text(markup: str) -> str:
    """Return the text that `text_html` was given, on one line, from the markup around it."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def attribute(text: str) -> str:
    """Return text as the value of a double-quoted HTML attribute."""
    return text_html(" ".join(text.split()))


def safe_href(href: str, schemes: Collection[str] = WEB_AND_MAIL) -> str | None:
    """Return an address as the value of `href`, or None where following it could do more than open a page.

    Only addresses with one of `schemes` pass. Browsers ignore controls and spaces that would hide a scheme
    ("java\\tscript:"), so an address that has any is refused.
    """
    if any(ch.isspace() or ord(ch) < 0x20 or ord(ch) == 0x7F for ch in href.strip()):
        return None
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in schemes or (parts.scheme.lower() in WEB and not parts.hostname):
        return None
    return attribute(href.strip())


def as_sentence(message: str) -> str:
    """Return a message with a capital and a full stop."""
    # A message that opens with the name of a file keeps it as it is.
    first = message if "." in message.partition(" ")[0] else message[:1].upper() + message[1:]
    return first + ("" if message.endswith((".", "?")) else ".")
