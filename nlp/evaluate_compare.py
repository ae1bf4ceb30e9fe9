"""Compare pairs of versions and hold the changes against those that people marked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.load import load_file
from corpus.types import DocumentError
from nlp.changes import Change
from nlp.compare import compare
from nlp.evaluate import Tagger, run_scorer


def evaluate_compare(tagger: Tagger, data: Path, scorer: Path, *, as_json: bool = False) -> str:
    """Compare every pair of `data/compare` and return the table of a scorer, `score_compare.py`.

    `tagger` returns the clauses of a statement with their categories. Raises `DocumentError` where a file is missing or
    is not what it should be, `RunError` where the scorer fails.
    """
    folder = data / "compare"
    if not scorer.is_file():
        raise DocumentError(f"no such file: {scorer}; give the evaluation folder with --scorers")
    records = [
        {"pair": pair, "changes": [_as_record(change) for change in _changes(tagger, folder, pair)]}
        for pair in _pairs(folder / "pairs.jsonl")
    ]
    options = ["--dir", str(folder), "--json" if as_json else "--per-pair"]
    return run_scorer(scorer, records, lambda file: [file, *options])


def _pairs(path: Path) -> Iterator[str]:
    """Yield the names of the pairs that a file of JSON lines lists."""
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield str(json.loads(line)["pair"])
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the data folder with --data") from e
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise DocumentError(f"{path} is not a list of pairs, one JSON object a line: {e}") from e


def _changes(tagger: Tagger, folder: Path, pair: str) -> tuple[Change, ...]:
    old, new = (load_file(folder / f"{pair}_{side}.md") for side in ("old", "new"))
    return compare(old, new, tagger(old), tagger(new)).changes


def _as_record(change: Change) -> Mapping[str, Any]:
    """Return a change as the scorer reads it."""
    # What introduces or defines is "other" to those who marked the pairs.
    categories = ["other" if name == "generic" else name for name in change.categories[:1]]
    return {
        "kind": change.kind,
        "old": change.old.quote if change.old else None,
        "new": change.new.quote if change.new else None,
        "category": categories[0] if categories else None,
        "significance": change.significance,
    }
