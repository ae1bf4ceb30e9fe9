"""Clauses that we labelled ourselves, to train on; `GUIDELINES.md` beside this file says how.

`statements.jsonl` labels every clause of our invented statements. `paragraphs.jsonl` labels paragraphs of real policies
without holding their text: each is named by the SHA-256 of its text in `policy_paragraphs.jsonl.gz` of the data folder.
`noise.txt` holds lines that say nothing about privacy in English, which no category shall claim.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError

FOLDER = Path(__file__).parent
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Label:
    """What a text is about: `categories` must be said, `also` may be."""

    categories: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledClause:
    """A clause of one of our statements: `statement.text[start:start + len(text)] == text`."""

    statement: str
    start: int
    text: str
    label: Label


def read_clauses(folder: Path = FOLDER) -> list[LabelledClause]:
    """Read the labelled clauses of our statements; raises `DocumentError`."""
    path = folder / "statements.jsonl"
    fields = {"statement": str, "start": int, "text": str}
    return [
        LabelledClause(record["statement"], record["start"], record["text"], label)
        for record, label in _records(path, fields)
    ]


def read_paragraph_labels(folder: Path = FOLDER) -> dict[str, Label]:
    """Read the labels of paragraphs by their key; raises `DocumentError`."""
    path = folder / "paragraphs.jsonl"
    return {record["key"]: label for record, label in _records(path, {"key": str})}


def read_noise(folder: Path = FOLDER) -> list[str]:
    """Read the lines that no category shall claim; raises `DocumentError`."""
    return _lines(folder / "noise.txt")


def paragraph_key(text: str) -> str:
    """Return the name of a paragraph: the first 16 hex digits of the SHA-256 of its text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_KEY_LENGTH]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise DocumentError(f"cannot read {path} as UTF-8 text; it is part of the repository") from e


def _records(path: Path, fields: Mapping[str, type]) -> Iterator[tuple[dict[str, Any], Label]]:
    """Yield the records of a file, which must have fields of these types, with their labels."""
    for number, line in enumerate(_lines(path), 1):
        if line:
            try:
                record = json.loads(line)
                if not isinstance(record, dict) or not _has(record, {**fields, "categories": list}):
                    raise ValueError(f"it must be an object with {', '.join((*fields, 'categories'))}")
                yield record, _label(record)
            except (ValueError, TypeError) as e:
                raise DocumentError(f"{path}, line {number}: {e}") from e


def _has(record: Mapping[str, Any], fields: Mapping[str, type]) -> bool:
    return all(type(record.get(name)) is kind for name, kind in fields.items())


def _label(record: dict[str, Any]) -> Label:
    label = Label(tuple(record["categories"]), tuple(record.get("also", ())))
    unknown = {*label.categories, *label.also} - set(CATEGORY_IDS)
    if unknown or not label.categories:
        given = ", ".join(sorted(map(str, unknown))) or "no categories"
        raise ValueError(f"{given}: choose from {', '.join(CATEGORY_IDS)}")
    return label
