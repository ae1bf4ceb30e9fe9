"""What holds for every statement, whatever it was read from, and how tests write one down."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from corpus.types import Block, Statement

Outline = list[tuple[str, str, tuple[str, ...], str, int]]

# Between two blocks stand line breaks, the indentation of a list item and its marker.
_GAP = re.compile(r"\n{1,2} *(\S+ )?")
_MARK_BEFORE_FIRST = re.compile(r" *(\S+ )?")


def outline(statement: Statement) -> Outline:
    """Return every block as (kind, text, heading path, marker, level)."""
    return [
        (block.kind, statement.quote(block), statement.heading_path(block.section), block.marker, block.level)
        for block in statement.blocks
    ]


def check_laws(statement: Statement) -> None:
    """Assert that all offsets point at what they name and that nothing unseen is in the text."""
    _check_text(statement)
    _check_order(statement)
    for index, block in enumerate(statement.blocks):
        _check_block(statement, index, block)
    _check_sections(statement)
    spans = [(block.start, block.end) for block in statement.blocks]
    for link in statement.links:
        shown = statement.text[link.start : link.end]
        assert shown and shown == shown.strip(), link
        assert any(start <= link.start and link.end <= end for start, end in spans), link


def _check_text(statement: Statement) -> None:
    unseen = {ch for ch in statement.text if ch != "\n" and unicodedata.category(ch) in {"Cc", "Cf", "Cs", "Co", "Cn"}}
    assert unseen == set()
    assert all(ch.isprintable() for ch in statement.title)
    assert statement.title.strip()


def _check_order(statement: Statement) -> None:
    first, last = statement.blocks[0], statement.blocks[-1]
    assert _MARK_BEFORE_FIRST.fullmatch(statement.text[: first.start])
    assert last.end == len(statement.text)
    for before, after in pairwise(statement.blocks):
        gap = statement.text[before.end : after.start]
        assert _GAP.fullmatch(gap), (gap, before, after)
        assert gap.split() == ([after.marker] if after.marker else [])


def _check_block(statement: Statement, index: int, block: Block) -> None:
    quote = statement.quote(block)
    assert 0 <= block.start < block.end <= len(statement.text)
    assert quote.strip()
    assert block.cells or quote == quote.strip()  # the first or last cell of a row may be empty
    assert block.start <= block.run_in <= block.end
    assert block.section is None or statement.sections[block.section].start <= block.start
    if block.lead_in is not None:
        assert block.lead_in < index
        assert statement.blocks[block.lead_in].kind in ("paragraph", "item")
    if block.cells:
        assert block.kind in ("row", "header_row")
        assert " | ".join(statement.text[start:end] for start, end in block.cells) == quote
        assert len(block.columns) == (len(block.cells) if block.kind == "row" else 0)


def _check_sections(statement: Statement) -> None:
    headings = [block for block in statement.blocks if block.kind == "heading"]
    assert [(block.start, statement.quote(block)) for block in headings] == [
        (section.start, section.heading) for section in statement.sections
    ]
    assert [block.section for block in headings] == list(range(len(headings)))
    for index, section in enumerate(statement.sections):
        assert section.number is None or section.number in section.heading
        if section.parent is not None:
            assert section.parent < index
            assert statement.sections[section.parent].level < section.level
