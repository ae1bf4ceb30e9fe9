"""Find the date from which a statement holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from dateutil import parser

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b(\d{{4}}-\d\d?-\d\d?|\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|{_MONTH},?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}|{_MONTH},?\s+\d{{4}})",
    re.IGNORECASE,
)
# In the order of what counts most: the date from which it holds, then the date of its last change.
_CUES = (
    re.compile(r"\b(effective|in effect|in force|valid|applies|applicable)\b", re.IGNORECASE),
    re.compile(r"\b(last|updated|revised|modified|reviewed|changed|amended)\b", re.IGNORECASE),
    re.compile(r"\b(date[d:]?|version|posted|published|as of)\b", re.IGNORECASE),
)
_NEAR = 60
_LONG = 300


def effective_on(paragraphs: Iterable[str]) -> str | None:
    """Return the ISO 8601 date from which a statement holds, or of its last change if it gives only that.

    `paragraphs` are those where such a date stands: the first few and the last few of the statement. A date counts
    when a cue ("effective", "last updated") stands before it in a short paragraph. The result has the precision of
    the document: "2016-02-01" or "2010-03".
    """
    short = [text for text in paragraphs if len(text) <= _LONG]
    for cue in _CUES:
        for text in short:
            for found in cue.finditer(text):
                dated = _DATE.search(text, found.end())
                iso = _iso(dated[1]) if dated and dated.end() <= found.end() + _NEAR else None
                if iso:
                    return iso
    return None


def _iso(text: str) -> str | None:
    try:
        # Parsed against two defaults, a part that differs was not in the text.
        # "1.2.2020" is the first of February wherever dates are written with dots.
        given = [datetime(2000, month, day) for month, day in ((1, 1), (2, 2))]
        one, two = (parser.parse(text, default=default, dayfirst="." in text) for default in given)
    except (ValueError, OverflowError):
        return None
    if not 1990 <= one.year <= 2100:
        return None
    return one.strftime("%Y-%m-%d") if one.day == two.day else one.strftime("%Y-%m")
