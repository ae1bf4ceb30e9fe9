"""A statement as one row of a table, and back: what was read once need not be read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date
from typing import Any

from corpus.types import ArchiveRecord, Block, Link, Section, Statement


def layout_json(statement: Statement) -> str:
    """Return the blocks, sections, links and archive record of a statement as JSON."""
    archive = statement.archive
    record = {
        "blocks": [astuple(block) for block in statement.blocks],
        "sections": [astuple(section) for section in statement.sections],
        "links": [astuple(link) for link in statement.links],
        "archive": [archive.domain, archive.archived_on.isoformat(), archive.url] if archive else None,
    }
    return json.dumps(record, separators=(",", ":"))


def statement_of(row: Mapping[str, Any], *, id: str) -> Statement:
    """Return the statement of a row of the table of texts."""
    layout = json.loads(row["layout"])
    archive = layout["archive"]
    return Statement(
        id=id,
        title=row["title"],
        text=row["visible"],
        blocks=tuple(map(_block, layout["blocks"])),
        sections=tuple(Section(*section) for section in layout["sections"]),
        links=tuple(Link(*link) for link in layout["links"]),
        archive=ArchiveRecord(archive[0], date.fromisoformat(archive[1]), archive[2]) if archive else None,
        effective_on=row["effective_on"],
        language=row["language"],
        warnings=tuple(row["warnings"]),
    )


def _block(record: list[Any]) -> Block:
    kind, start, end, section, lead_in, level, marker, columns, cells, run_in = record
    return Block(kind, start, end, section, lead_in, level, marker, tuple(columns), tuple(map(_span, cells)), run_in)


def _span(record: list[int]) -> tuple[int, int]:
    start, end = record
    return start, end
