"""Keep what follows a tag that is never closed.

"<style>", "<!--" and their like hide all that comes after them, up to where they are closed. In a page that somebody
made, that is meant; in a text that was pasted, a tag that is never closed would take the rest of the statement along.
"""

from __future__ import annotations

import re
from typing import Final

# Elements whose content is no text of the page, for a browser or for our reader.
_HIDING: Final = (
    "audio button canvas dialog iframe map math noembed noframes noscript object picture script select style svg "
    "template textarea title video xmp"
).split()
_OPENING: Final = re.compile(rf"<(?=(!--|(?:{'|'.join(_HIDING)})\b))", re.IGNORECASE)
_CLOSING: Final = re.compile(rf"--!?>|</({'|'.join(_HIDING)})\b", re.IGNORECASE)
_COMMENT: Final = "!--"


def with_loose_tags_shown(text: str) -> str:
    """Return a text in which a tag that hides what follows, and is never closed, is no tag but words of the text.

    A space after its "<" does that in HTML and in Markdown alike.
    """
    closed = {(found[1] or _COMMENT).lower(): found.start() for found in _CLOSING.finditer(text)}

    def shown(found: re.Match[str]) -> str:
        return "<" if closed.get(found[1].lower(), -1) > found.start() else "< "

    return _OPENING.sub(shown, text)
