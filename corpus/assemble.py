"""Assemble a `Statement` from Markdown: title, dates, archive record, table of contents, warnings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, islice

from corpus.builder import StatementBuilder
from corpus.dates import effective_on
from corpus.header import archive_record
from corpus.inline import visible
from corpus.language import language_of, reads_like_policy
from corpus.markdown import build, key, parse
from corpus.types import CLAUSE_BLOCKS, Block, DocumentError, Section, Statement

MAX_TEXT = 5_000_000
# What names a document beside its text may be as long as the rest of a file, and is held and shown in many places.
_LONGEST_TITLE = 200
_POLICY_WORD = re.compile(r"privacy|policy|notice|statement|data protection", re.IGNORECASE)
_POLICY_TITLE = re.compile(r"privacy|data protection", re.IGNORECASE)
# What a site writes between the name of a page and its own.
_TITLE_PARTS = re.compile(r"\s+[|–—·»-]\s+|\s*\|\s*")
_DATED_BLOCKS = 8


def statement_from_markdown(
    markdown: str, *, id: str | None = None, title: str | None = None, warnings: Sequence[str] = ()
) -> Statement:
    """Read Markdown into a statement.

    `id` names the statement (by default the start of a hash of its text), `title` is used where the document has no
    heading of its own. Raises `DocumentError` where there is no text, or more than five million characters of it.
    """
    if len(markdown) > MAX_TEXT:
        raise DocumentError(f"the document has {len(markdown):,} characters; the limit is {MAX_TEXT:,}: split it")
    try:
        root = parse(markdown)
        archive = archive_record(root)
        if archive:
            root.children = root.children[1:]
        builder = build(root)
    except RecursionError as e:
        raise DocumentError("the document is nested too deep to read; give its text without the layout") from e
    if not any(block.kind in CLAUSE_BLOCKS for block in builder.blocks):
        raise DocumentError("the document has no text to read; give a file that holds the words of a privacy policy")
    own_title = _take_title(builder)
    text, blocks = builder.text, _mark_contents(builder)
    language = language_of(text)
    given = " ".join(visible((title or "")[: 2 * _LONGEST_TITLE]).split())[:_LONGEST_TITLE].rstrip()
    fallback = given or (f"Privacy policy of {archive.domain}" if archive else "Privacy policy")
    return Statement(
        id=id or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        title=_page_name(own_title or fallback),
        text=text,
        blocks=blocks,
        sections=tuple(builder.sections),
        links=tuple(builder.links),
        archive=archive,
        effective_on=effective_on(_dated(builder)),
        language=language,
        warnings=(*warnings, *_doubts(text, language, own_title)),
    )


def _take_title(builder: StatementBuilder) -> str | None:
    """Take the document's own title out of the sections, so that it is not repeated over every clause."""
    sections, blocks = builder.sections, builder.blocks
    if not sections or sections[0].number:
        return None
    index = next(i for i, block in enumerate(blocks) if block.kind == "heading")
    rest = [section.level for section in sections[1:]]
    highest = bool(rest) and sections[0].level < min(rest)
    if index > 1 or not (highest or not rest or _POLICY_WORD.search(sections[0].heading)):
        return None
    blocks[index] = replace(blocks[index], kind="title", section=None)
    blocks[:] = [b if b.section is None else b.under(b.section - 1 if b.section else None) for b in blocks]
    builder.sections[:] = [replace(s, parent=s.parent - 1 if s.parent else None) for s in sections[1:]]
    return builder.text_of(index)


def _page_name(title: str) -> str:
    parts = [part for part in _TITLE_PARTS.split(title) if part]
    return next((part for part in parts if _POLICY_WORD.search(part)), title)


def _mark_contents(builder: StatementBuilder) -> tuple[Block, ...]:
    """Mark lists that only name the statement's own headings as its table of contents."""
    headings, text = {key(section.heading) for section in builder.sections}, builder.text
    marked: list[Block] = []
    for (kind, _), group in groupby(builder.blocks, lambda block: (block.kind, block.section)):
        items = list(group)
        if kind == "item" and len(items) > 2 and _names_headings(items, text, headings):
            items = [replace(block, kind="contents") for block in items]
        marked += items
    return tuple(_after_contents(marked, builder.sections))


def _after_contents(blocks: list[Block], sections: list[Section]) -> list[Block]:
    """Put what follows a table of contents back under the outer heading: "Quick links" is not its subject."""
    listing: dict[int | None, bool] = {}
    for i, block in enumerate(blocks):
        before = blocks[i - 1].kind if i else None
        if block.kind == "contents" and before == "heading":
            listing[block.section] = True
        elif block.kind not in ("contents", "heading") and block.section is not None and listing.get(block.section):
            blocks[i] = block.under(sections[block.section].parent)
    return blocks


def _names_headings(items: Sequence[Block], text: str, headings: set[str]) -> bool:
    # As soon as it is clear: most lists name no heading, and their items are long.
    others = (block for block in items if key(text[block.start : block.end]) not in headings)
    return next(islice(others, int(0.4 * len(items)), None), None) is None


def _dated(builder: StatementBuilder) -> list[str]:
    prose = [i for i, block in enumerate(builder.blocks) if block.kind not in ("contents", "link", "title")]
    ends = dict.fromkeys([*prose[:_DATED_BLOCKS], *prose[-_DATED_BLOCKS:]])
    return [builder.text_of(i) for i in ends]


def _doubts(text: str, language: str, title: str | None) -> list[str]:
    if language != "en":
        return [f"this document seems to be in another language ({language}); tags and answers are made for English"]
    # One in plain words for children or patients says so in its title alone.
    if not reads_like_policy(text) and not _POLICY_TITLE.search(title or ""):
        return ["this document does not read like a privacy policy; tags and answers may mean little"]
    return []
