"""What an import makes of one text before any model sees it: its statement, its clauses and what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.archives.flags import flags_of
from corpus.archives.types import Unreadable, Version
from corpus.load import load_text
from corpus.types import DocumentError, Statement
from nlp.normal import Words
from nlp.segment import segment
from nlp.store.layout import layout_json
from nlp.types import Clause
from nlp.units import units_of

_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text with its rows: one of the table of texts, and one of the table of occurrences for each clause."""

    row: dict[str, Any]
    occurrences: list[dict[str, Any]]
    clauses: list[Clause]


def storable(item: Version | Unreadable) -> Version | Unreadable:
    """Return an item of an archive with names that can be stored: a byte of a file's name that is no text as "\\udcff".

    Names that differ still differ then.
    """
    if isinstance(item, Unreadable):
        return Unreadable(_stored(item.reference), _stored(item.reason))
    return replace(
        item,
        service=_stored(item.service),
        document=_stored(item.document),
        reference=_stored(item.reference),
        url=item.url and _stored(item.url),
        subject=item.subject and _stored(item.subject),
    )


def _stored(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def text_id(version: Version) -> str:
    """Return the hex SHA-256 of a text as it was stored, and of its format."""
    return _hash(version.format, version.text)


def clause_key(clause: Clause) -> str:
    """Return what tells a clause, as it is tagged and embedded, from any other."""
    return _hash(clause.context)[:_KEY_LENGTH]


def read_text(version: Version) -> ReadText:
    """Read the text of a version; one that cannot be read has no clauses, and a warning that says why."""
    # Half a character cannot be stored.
    text = version.text.encode("utf-8", "replace").decode()
    key = text_id(version)
    statement: Statement | None = None
    warnings: list[str] = []
    try:
        statement = load_text(text, kind=version.format, id=key)
    except DocumentError as e:
        warnings.append(str(e))
    clauses = segment(statement) if statement else []
    said = _said(statement, clauses) if statement else {}
    row = {
        "text_id": key,
        "normal_id": _hash(*(" ".join(words) for words in said.values())),
        "format": version.format,
        "text": text,
        "words": len((statement.text if statement else text).split()),
        "clauses": len(clauses),
        "flags": list(flags_of(text, statement)),
        **_statement_row(statement),
    }
    row["warnings"] += warnings
    return ReadText(row, _occurrences(key, clauses, said), clauses)


def _statement_row(statement: Statement | None) -> dict[str, Any]:
    if statement is None:
        return {"visible": None, "layout": None, "title": None, "effective_on": None, "language": "en", "warnings": []}
    return {
        "visible": statement.text,
        "layout": layout_json(statement),
        "title": statement.title,
        "effective_on": statement.effective_on,
        "language": statement.language,
        "warnings": list(statement.warnings),
    }


def _said(statement: Statement, clauses: Sequence[Clause]) -> dict[str, Words]:
    """Return the normal words of the clauses whose change counts, by their id."""
    units = units_of(statement, clauses)
    return {unit.clause.id: unit.normal.undated for unit in units if unit.clause and unit.counts}


def _occurrences(key: str, clauses: Iterable[Clause], said: dict[str, Words]) -> list[dict[str, Any]]:
    return [
        {
            "text_id": key,
            "position": position,
            "clause_key": clause_key(clause),
            "normal_key": _hash(" ".join(said[clause.id]))[:_KEY_LENGTH] if clause.id in said else "",
            "clause_id": clause.id,
            "start": clause.start,
            "end": clause.end,
            "kind": clause.kind,
            "heading": list(clause.heading),
            "lead_in": clause.lead_in,
            "columns": list(clause.columns),
            "block": clause.block,
        }
        for position, clause in enumerate(clauses)
    ]


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
