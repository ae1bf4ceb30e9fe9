"""The tables of a store and their columns.

A store is a folder with `store.json` and a folder for each table. What is imported together is a part: the files
`part-NNNNN.parquet` of all tables with one number. The file in `versions` is written last, and a part without it does
not count. Any tool that reads Parquet opens a table: `pandas.read_parquet("STORE/clauses")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

FORMAT: Final = 1

VERSIONS, TEXTS, OCCURRENCES, CLAUSES, PROBLEMS = "versions", "texts", "occurrences", "clauses", "problems"
TABLES: Final = (PROBLEMS, CLAUSES, OCCURRENCES, TEXTS, VERSIONS)
"""In the order in which the files of a part are written."""

ADDED: Final = frozenset(("precision",))
"""Columns that stores made before them lack, and that are empty there."""

_STRINGS = pa.list_(pa.string())


def schemas(labels: int, dimensions: int) -> Mapping[str, pa.Schema]:
    """Return the columns of each table, for so many categories and vectors of so many dimensions.

    `versions`: `order` counts the versions of one document as they were imported, `part` is where their text stands;
    `precision` is "day", "month" or "year".
    `texts`: `text` is as the archive has it, `visible` the one that offsets refer to, `layout` the blocks,
    sections and links of the statement as JSON. Texts with the same `normal_id` differ in nothing that counts.
    `occurrences`: the clauses of a text; `normal_key` is the same for clauses that say the same, and "" for what does
    not count. `clauses`: one row for each clause under its heading (`context`), tagged and embedded as that.
    """
    return {
        VERSIONS: pa.schema(
            [
                ("service", pa.string()),
                ("document", pa.string()),
                ("order", pa.int32()),
                ("archive", pa.string()),
                ("reference", pa.string()),
                ("url", pa.string()),
                ("observed_at", pa.timestamp("us", tz="UTC")),
                ("precision", pa.string()),
                ("technical", pa.bool_()),
                ("subject", pa.string()),
                ("text_id", pa.string()),
                ("normal_id", pa.string()),
                ("part", pa.int32()),
                ("words", pa.int32()),
                ("clauses", pa.int32()),
                ("flags", _STRINGS),
                ("language", pa.string()),
                ("warnings", _STRINGS),
            ]
        ),
        TEXTS: pa.schema(
            [
                ("text_id", pa.string()),
                ("normal_id", pa.string()),
                ("format", pa.string()),
                ("text", pa.string()),
                ("visible", pa.string()),
                ("layout", pa.string()),
                ("title", pa.string()),
                ("effective_on", pa.string()),
                ("language", pa.string()),
                ("words", pa.int32()),
                ("clauses", pa.int32()),
                ("flags", _STRINGS),
                ("warnings", _STRINGS),
            ]
        ),
        OCCURRENCES: pa.schema(
            [
                ("text_id", pa.string()),
                ("position", pa.int32()),
                ("clause_key", pa.string()),
                ("normal_key", pa.string()),
                ("clause_id", pa.string()),
                ("start", pa.int32()),
                ("end", pa.int32()),
                ("kind", pa.string()),
                ("heading", _STRINGS),
                ("lead_in", pa.string()),
                ("columns", _STRINGS),
                ("block", pa.int32()),
            ]
        ),
        CLAUSES: pa.schema(
            [
                ("clause_key", pa.string()),
                ("text", pa.string()),
                ("context", pa.string()),
                ("categories", _STRINGS),
                ("probabilities", pa.list_(pa.float32(), labels)),
                ("vector", pa.list_(pa.float16(), dimensions)),
            ]
        ),
        PROBLEMS: pa.schema([("reference", pa.string()), ("reason", pa.string())]),
    }
