"""Tests of nlp.search.source: what a batch result is and what is read of it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from search_fakes import row, two_policies, write_result

from corpus.types import DocumentError
from nlp.search.source import COLUMNS, BatchResult


def test_the_clauses_come_in_their_order(tmp_path: Path) -> None:
    parts = two_policies()
    result = BatchResult.open(write_result(tmp_path, *parts))
    expected = [{name: clause[name] for name in COLUMNS} for part in parts for clause in part]
    assert [clause for rows in result.rows() for clause in rows] == expected
    assert (result.count(), result.complete) == (6, True)


def test_a_part_whose_statements_are_missing_does_not_count(tmp_path: Path) -> None:
    result = BatchResult.open(write_result(tmp_path, *two_policies(), committed=[1], complete=False))
    assert [part.name for part in result.parts] == ["part-00001.parquet"]
    assert not result.complete


def test_parts_with_longer_numbers_come_later(tmp_path: Path) -> None:
    write_result(tmp_path, [row("one")], [row("two")])
    for table in ("clauses", "statements"):
        (tmp_path / table / "part-00000.parquet").rename(tmp_path / table / "part-100000.parquet")
    assert [part.name for part in BatchResult.open(tmp_path).parts] == ["part-00001.parquet", "part-100000.parquet"]


def test_another_part_gives_another_fingerprint(tmp_path: Path) -> None:
    before = BatchResult.open(write_result(tmp_path, [row("one")])).fingerprint
    assert BatchResult.open(tmp_path).fingerprint == before
    assert BatchResult.open(write_result(tmp_path, [row("one")], [row("two")])).fingerprint != before


def test_that_a_run_ends_changes_no_fingerprint(tmp_path: Path) -> None:
    going_on = BatchResult.open(write_result(tmp_path, [row("one")], complete=False))
    assert BatchResult.open(write_result(tmp_path, [row("one")])).fingerprint == going_on.fingerprint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not a batch result: batch.json cannot be read; give a folder that `smallprint batch --out` wrote"),
        ("{", "batch.json is damaged; give a folder"),
        ("[]", "is not a batch result; give a folder"),
        ('{"kind": "search-index", "version": 1}', "is not a batch result; give a folder"),
    ],
)
def test_what_is_something_else_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "batch.json").write_text(content)
    with pytest.raises(DocumentError, match=said):
        BatchResult.open(tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    write_result(tmp_path, [row("one")])
    made = json.loads((tmp_path / "batch.json").read_text())
    (tmp_path / "batch.json").write_text(json.dumps(made | {"version": 99}))
    with pytest.raises(DocumentError, match="has format 99, this release reads format 1; tag the corpus again"):
        BatchResult.open(tmp_path)


def test_a_torn_part_is_named(tmp_path: Path) -> None:
    write_result(tmp_path, [row("one")])
    part = tmp_path / "clauses" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    result = BatchResult.open(tmp_path)
    with pytest.raises(DocumentError, match=r"part-00000.parquet is damaged; delete part-00000.parquet from each"):
        result.count()
    with pytest.raises(DocumentError, match=r"part-00000.parquet is damaged"):
        list(result.rows())


def test_a_part_without_a_column_is_named(tmp_path: Path) -> None:
    write_result(tmp_path, [row("one")])
    part = tmp_path / "clauses" / "part-00000.parquet"
    pq.write_table(pa.table({"text": ["one"]}), part)
    with pytest.raises(DocumentError, match=r"lacks statement_id, source.*; tag the corpus again"):
        list(BatchResult.open(tmp_path).rows())
