"""Paragraphs of real policies, from the data folder that CONTRIBUTING describes."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus.types import DocumentError

PARAGRAPHS: Final = "policy_paragraphs.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that was new in the policy of a service on a date."""

    service: str
    date: str
    text: str


def read_paragraphs(data: Path) -> list[Paragraph]:
    """Read the paragraphs of a data folder; raises `DocumentError` where they are not there."""
    path = data / PARAGRAPHS
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found = [_paragraph(json.loads(line)) for line in file]
        if not found:
            raise ValueError("it is empty")
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the folder that holds it with --data") from e
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as e:
        raise DocumentError(f"{path} is not a gzipped file of paragraphs: {e}") from e
    return found


def _paragraph(record: Mapping[str, Any]) -> Paragraph:
    fields = [record[name] for name in ("service", "date", "text")]
    if not all(isinstance(field, str) for field in fields):
        raise TypeError("each line must be an object with service, date and text")
    return Paragraph(*fields)
