"""The report of a comparison as Markdown, for an issue or a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.taxonomy import CATEGORIES
from corpus.types import Statement
from nlp.changes import CHANGE_KINDS, Change, Comparison, Passage
from nlp.report import words
from nlp.report.words import Terms

# No quote stands at the start of a line, so what has a meaning only there needs no escape. ":" and "." are those of
# addresses, which become links by themselves.
_ACTIVE: Final = re.compile(r"[\\`*_{}\[\]<>#|~&$^]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
# What calls a person or an issue where it is pasted ("@name", "#12"); an empty comment breaks the call, unseen.
_CALL: Final = re.compile(r"(?<!\w)(@|\\#)(?=\w)")
_OLD_MARK, _NEW_MARK = "~~", "**"


def comparison_markdown(
    comparison: Comparison, old_statement: Statement, new_statement: Statement, *, note: str = ""
) -> str:
    """Return the report of a comparison as GitHub's Markdown: what changed in substance first, then in wording."""
    terms = words.terms_of(comparison, old_statement, new_statement)
    lines = [f"# {_text(old_statement.title)} | {_text(new_statement.title)}", ""]
    lines += [f"* {_version(terms.old, old_statement)}", f"* {_version(terms.new, new_statement)}", ""]
    lines += [words.summary(comparison, terms), "", *([note, ""] if note else []), *_table(comparison, terms)]
    for significance, title in (("substantive", "Changes of substance"), ("wording", "Changes of wording")):
        numbered = [(n, c) for n, c in enumerate(comparison.changes, 1) if c.significance == significance]
        if numbered:
            lines += [f"## {title}", ""]
        for number, change in numbered:
            lines += [*_change(number, change, terms), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _version(side: str, statement: Statement) -> str:
    about = ", ".join(map(_text, [statement.title, *words.facts(statement), statement.id]))
    address = words.web_address(statement)
    return f"{side}: {about}{f' ([the archived original](<{_target(address)}>))' if address else ''}"


def _target(address: str) -> str:
    return re.sub(r"[<>\\]", lambda found: f"%{ord(found[0]):02X}", address).replace("&", "&amp;")


def _table(comparison: Comparison, terms: Terms) -> list[str]:
    """Return the lines of category against kind of change; none where nothing changed."""
    if not comparison.changes:
        return []
    by_category = comparison.by_category()
    rows = [(category.name, by_category[category.id]) for category in CATEGORIES if category.id in by_category]
    rows.append(("all changes", comparison.count()))
    lines = [_row(["Category", *(terms.kinds[kind] for kind in CHANGE_KINDS)]), _row(["---", *["---:"] * 4])]
    lines += [_row([name, *(str(counts[kind] or "") for kind in CHANGE_KINDS)]) for name, counts in rows]
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _change(number: int, change: Change, terms: Terms) -> Iterator[str]:
    names = ", ".join(words.category_names(change))
    about = "; ".join(_text(part) for part in (names, change.reason) if part)
    yield f"**{number}. {terms.title(change.kind)}**{f': {about}' if about else ''}"
    yield ""
    if change.kind == "moved" and change.new:
        yield f"> {_text(words.route(change))}: {_quote(change.new, '')}"
        return
    if change.old:
        yield f"> **−** {_text(words.where(change.old))}: {_quote(change.old, _OLD_MARK)}"
    if change.old and change.new:
        yield ">"
    if change.new:
        yield f"> **+** {_text(words.where(change.new))}: {_quote(change.new, _NEW_MARK)}"


def _quote(passage: Passage, mark: str) -> str:
    """Return a quote on one line, in quotation marks, the words that the other side lacks between two `mark`s."""
    return f"“{''.join(_marked(text, mark) if alone else _text(text) for text, alone in words.pieces(passage))}”"


def _marked(text: str, mark: str) -> str:
    """Put marks around the words of a text; they are read as marks only where they touch a letter or a digit."""
    found = re.search(r"[^\W_](?:.*[^\W_])?", text, re.DOTALL)
    if not found or not mark:
        return _text(text)
    return f"{_text(text[: found.start()])}{mark}{_text(found[0])}{mark}{_text(text[found.end() :])}"


def _text(text: str) -> str:
    """Return text as Markdown on one line that can only ever be that text."""
    seen = "".join(ch for ch in words.shown(text) if ch.isprintable() or ch.isspace())
    escaped = _ACTIVE.sub(lambda found: f"\\{found[0]}", re.sub(r"\s+", " ", seen))
    return _CALL.sub(r"\1<!-- -->", escaped)
