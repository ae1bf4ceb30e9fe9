"""The words in which a comparison is told: counts, versions, places, kinds of change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from corpus.taxonomy import CATEGORY_NAMES
from corpus.types import Statement
from nlp.changes import CHANGE_KINDS, Change, ChangeKind, Comparison, Passage

# Below this share of words that stayed, a reader is told how little of a text is left.
LEAST_SIMILARITY: Final = 0.2
# Below this share of words in clauses that both have, reworded or not, two statements read as two documents. Those of
# two companies had 0.00 to 0.07, versions of one 0.2 and more.
LEAST_KINSHIP: Final = 0.1
# Stands for the categories of a change that has none.
NO_CATEGORY: Final = "none"

_NOISE: Final = {
    "formatting": "markup",
    "heading": "headings",
    "link": "links",
    "numbering": "numbering",
    "date": "dates",
    "punctuation": "punctuation",
}
# Controls have no look of their own, but a browser, a terminal or a spreadsheet may give them a meaning.
_CONTROLS: Final = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF} - {ord("\t"), ord("\n")})


@dataclass(frozen=True, slots=True)
class Terms:
    """What the kinds of change and the two sides are called: of versions of one document, or of two documents."""

    kinds: Mapping[ChangeKind, str]
    old: str
    new: str
    apart: bool = False

    def title(self, kind: ChangeKind) -> str:
        """Return what a kind is called where a line begins with it."""
        return self.kinds[kind][:1].upper() + self.kinds[kind][1:]


VERSIONS: Final = Terms(
    {"added": "added", "removed": "removed", "modified": "modified", "moved": "moved"}, "Old", "New"
)
DOCUMENTS: Final = Terms(
    {"added": "only in B", "removed": "only in A", "modified": "in both, reworded", "moved": "in both, elsewhere"},
    "A",
    "B",
    apart=True,
)


def terms_of(comparison: Comparison, old: Statement, new: Statement) -> Terms:
    """Return the terms that suit two statements; copies from one domain are versions, however little is left."""
    one_domain = old.archive is not None and new.archive is not None and old.archive.domain == new.archive.domain
    return DOCUMENTS if comparison.kinship < LEAST_KINSHIP and not one_domain else VERSIONS


def summary(comparison: Comparison, terms: Terms) -> str:
    """Return in a sentence what changed and what was left out; a second one says so where little is in common."""
    said = f"{_counts(comparison, terms)}{_left_out(comparison.noise)}."
    if comparison.similarity >= LEAST_SIMILARITY:
        return said
    share = f"{comparison.similarity:.0%}".replace("%", " %")
    if terms.apart:
        return f"The two have little in common ({share} of their words), so they are told as two documents. {said}"
    return f"{said} Little of the old text is left as it was: {share} of the words of both."


def _counts(comparison: Comparison, terms: Terms) -> str:
    if not comparison.changes:
        return "No change"
    if terms.apart:
        kinds = comparison.count()
        parts = [f"{count} {terms.kinds[kind]}" for kind in CHANGE_KINDS if (count := kinds[kind])]
        return f"{plural(len(comparison.changes), 'passage')}: {'; '.join(parts)}"
    weights = Counter(change.significance for change in comparison.changes)
    substantive, wording = weights["substantive"], weights["wording"]
    first = f"{plural(substantive, 'change')} of substance" if substantive else "No change of substance"
    return f"{first}, {wording} of wording" if wording else first


def _left_out(noise: Mapping[str, int]) -> str:
    kinds = [kind for kind, count in sorted(noise.items(), key=lambda item: -item[1]) if count]
    if not kinds:
        return ""
    return f"; {plural(sum(noise.values()), 'difference')} of {_listed([_NOISE.get(k, k) for k in kinds])} left out"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def plural(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def category_names(change: Change) -> list[str]:
    """Return the names of the categories of a change."""
    return [CATEGORY_NAMES.get(name, name) for name in change.categories]


def where(passage: Passage) -> str:
    """Return the headings over a passage."""
    return " > ".join(passage.heading) or "introduction"


def route(change: Change) -> str:
    """Return from where to where a change moved."""
    places = [where(side) for side in sides(change)]
    return " → ".join(places) if len(set(places)) > 1 else f"within {places[0]}"


def sides(change: Change) -> tuple[Passage, ...]:
    """Return the passages that a change has, the old one first."""
    return tuple(side for side in (change.old, change.new) if side)


def pieces(passage: Passage) -> Iterator[tuple[str, bool]]:
    """Yield the quote in pieces, each with whether the other side lacks it; marks that touch are one piece."""
    here = 0
    for start, end in _apart(passage):
        if here < start:
            yield passage.quote[here:start], False
        yield passage.quote[start:end], True
        here = end
    if here < len(passage.quote):
        yield passage.quote[here:], False


def _apart(passage: Passage) -> list[tuple[int, int]]:
    """Return the marks inside the quote in their order, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(passage.marks):
        start, end = max(start, 0), min(end, len(passage.quote))
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            start, end = found[-1][0], max(found.pop()[1], end)
        found.append((start, end))
    return found


def facts(statement: Statement) -> list[str]:
    """Return what tells this version of a statement from others, as phrases."""
    found = [statement.archive.domain] if statement.archive else []
    if statement.archived_on:
        found.append(f"archived {long_date(statement.archived_on)}")
    if statement.effective_on:
        found.append(f"in effect since {long_date(statement.effective_on)}")
    return found


def long_date(iso: str) -> str:
    """Return an ISO 8601 date, or a month or year, as people write it: "31 May 2016"."""
    year, *rest = iso.split("-")
    try:
        day = date(int(year), *(int(part) for part in rest), *([1] * (2 - len(rest))))
    except (ValueError, TypeError):
        return iso
    return {0: f"{day:%Y}", 1: f"{day:%B %Y}", 2: f"{day.day} {day:%B %Y}"}[len(rest)]


def web_address(statement: Statement) -> str | None:
    """Return the address of the archived original, or None where following it could do more than open a web page.

    Browsers ignore controls and spaces that would hide a scheme ("java\\tscript:"), so an address that has any is
    refused.
    """
    url = (statement.archive.url or "").strip() if statement.archive else ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not url.isprintable() or any(ch.isspace() for ch in url):
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def shown(text: str) -> str:
    """Return text without its controls, and without halves of characters, which cannot be written as UTF-8."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode()
