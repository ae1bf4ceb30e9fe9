"""A comparison as a flat table: one row a change, each with the provenance of both statements."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from nlp.changes import Change, Comparison, Passage
from nlp.types import StatementRef

Row = dict[str, Any]

_REF: Final = ("id", "title", "archived_on", "effective_on")
_PASSAGE: Final = ("heading", "quote", "start", "end")
COLUMNS: Final[tuple[str, ...]] = (
    "number",
    "kind",
    "significance",
    "reason",
    "group",
    "categories",
    *(f"{side}_{name}" for side in ("old", "new") for name in (*_REF, *_PASSAGE)),
)
# What a spreadsheet takes for a formula where a cell begins with it; the apostrophe, so that the guard can be undone.
_GUARDED: Final = tuple("=+-@\t\r\n'")


def change_rows(comparison: Comparison) -> list[Row]:
    """Return a row for each change, with the columns `COLUMNS`; what a change has not is None.

    Categories are joined with ";", the headings over a passage with " > ". Offsets are into the text of that side.
    """
    return [_row(number, change, comparison) for number, change in enumerate(comparison.changes, 1)]


def _row(number: int, change: Change, comparison: Comparison) -> Row:
    return {
        "number": number,
        "kind": change.kind,
        "significance": change.significance,
        "reason": change.reason,
        "group": change.group,
        "categories": ";".join(change.categories),
        **_side("old", comparison.old, change.old),
        **_side("new", comparison.new, change.new),
    }


def _side(side: str, ref: StatementRef, passage: Passage | None) -> Row:
    found: Row = dict.fromkeys(_PASSAGE)
    if passage:
        found = {
            "heading": " > ".join(passage.heading),
            "quote": passage.quote,
            "start": passage.start,
            "end": passage.end,
        }
    return {f"{side}_{name}": value for name, value in (ref.as_dict() | found).items()}


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> str:
    """Return rows as CSV with a header; a missing value is an empty cell.

    A text that begins with = + - @, a tab, a line break or an apostrophe gets an apostrophe in front, so that no
    spreadsheet takes it for a formula; dropping the first apostrophe of a cell that has one gives the text back.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def jsonl_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def guarded(value: object) -> object:
    """Return the value of a cell so that no spreadsheet takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_GUARDED) else value
