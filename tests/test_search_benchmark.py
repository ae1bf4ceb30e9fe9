"""Tests of nlp.search.benchmark, trial_vectors and capacity: exact on small data; no time is asserted."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nlp_fakes import WordEncoder
from search_fakes import unit

from corpus.types import DocumentError
from nlp.search.benchmark import Row, SearchTable, search_table
from nlp.search.capacity import capacity, capacity_text
from nlp.search.trial_vectors import exact_nearest, real_clauses, write_perturbed

COLUMNS = (
    "Folder\tDocID\tQueryID\tSplit\tQuery\tfirst\tthird\tdatasecurity\tdataretention\tuser_access\tuser_choice\tother"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with sixty clauses and three questions."""
    folder = tmp_path / "data"
    (folder / "privacyqa").mkdir(parents=True)
    questions = [f"x\tx\tx\ttrain\tdo you sell word{n}?\t1\t0\t0\t0\t0\t0\t0" for n in range(3)]
    (folder / "privacyqa" / "train_questions.tsv").write_text("\n".join([COLUMNS, *questions, ""]))
    with gzip.open(folder / "policy_paragraphs.jsonl.gz", "wt") as file:
        for n in range(30):
            text = f"We sell word{n} to others. We keep thing{n} for years."
            file.write(json.dumps({"service": "Acme", "date": "2020-01-02", "text": text}) + "\n")
    return folder


def measured(**changes: float) -> Row:
    """Return a row of an inverted file over a million vectors."""
    row = Row("ivfpq", "4096 cells", 500.0, 300.0, 2000.0, 64.0, 10.0, 60.0, 0.98, 0.96, 4.0, 6.0)
    return replace(row, **changes)


def table_of(*rows: Row) -> SearchTable:
    """Return a table over a million vectors."""
    return SearchTable(1_000_000, 30_000, 0.94, (250, 250), 2, 200.0, 9.0, 768, rows)


def test_every_kind_is_measured(data: Path, tmp_path: Path) -> None:
    work, encoder = tmp_path / "work", WordEncoder(dimensions=32)
    table = search_table(data, vectors=1200, real=50, queries=6, work=work, encoder=encoder)
    assert [row.kind for row in table.rows] == ["flat", "hnsw", "ivfpq"]
    assert (table.vectors, table.real, table.queries, table.vector_bytes) == (1200, 50, (3, 3), 64)
    flat = table.rows[0]
    assert (flat.recall_clauses, flat.recall_questions) == (1, 1)
    assert all(row.recall_clauses >= 0.9 and row.recall_questions >= 0.9 for row in table.rows)
    assert all(row.disk > 4 for row in table.rows)
    # Nothing but the embedded clauses is left, and these are used the next time.
    assert [path.suffix for path in work.iterdir()] == [".npy"]
    embedded = sum(encoder.asked)
    again = search_table(data, vectors=1200, real=50, queries=6, work=work, encoder=encoder)
    assert [row.recall_questions for row in again.rows] == [row.recall_questions for row in table.rows]
    assert embedded == 2 * (50 + 3) - 50 + 1
    lines = table.table().splitlines()
    assert lines[0].startswith("1200 vectors, 50 of real clauses, the others these perturbed (median cosine ")
    assert [line.split()[0] for line in lines[3:6]] == ["flat", "hnsw", "ivfpq"]
    assert json.loads(json.dumps(table.as_dict()))["rows"][0]["kind"] == "flat"


def test_clauses_come_once_and_always_in_the_same_order(data: Path) -> None:
    clauses = real_clauses(data, 60)
    assert sorted(clauses) == sorted(
        f"We {what}{n} {end}"
        for n in range(30)
        for what, end in (("sell word", "to others."), ("keep thing", "for years."))
    )
    assert real_clauses(data, 10) == clauses[:10]
    with pytest.raises(DocumentError, match="holds 60 different clauses; 61 are needed"):
        real_clauses(data, 61)


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no such file: .*train_questions.tsv"):
        search_table(tmp_path, encoder=WordEncoder())
    with pytest.raises(DocumentError, match=r"no such file: .*policy_paragraphs.jsonl.gz"):
        real_clauses(tmp_path, 1)


def test_the_first_vectors_are_real_and_the_others_near_to_them(tmp_path: Path) -> None:
    base = unit(50, 24)
    cosine = write_perturbed(base, 500, tmp_path / "v")
    made = np.fromfile(tmp_path / "v", "<f2").reshape(500, 24).astype(np.float32)
    np.testing.assert_array_equal(made[:50], base.astype(np.float16))
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-2)
    nearest = (made[50:] @ base.T).max(axis=1)
    assert 0.85 < cosine <= np.median(nearest) + 1e-3 < 1
    # The others are no copies, but for those whose noise happens to be none.
    assert len(np.unique(made, axis=0)) > 450
    assert write_perturbed(base, 20, tmp_path / "few") == 1.0


def test_the_nearest_are_those_of_numpy() -> None:
    stored, queries = unit(700).astype(np.float16), unit(5, seed=1)
    expected = np.argsort(-(queries @ stored.astype(np.float32).T), axis=1)[:, :10]
    np.testing.assert_array_equal(exact_nearest(stored, queries, 10), expected)


def test_a_corpus_is_worked_out_from_what_was_measured() -> None:
    one = capacity(table_of(measured()), clauses=190_000_000)
    assert (one.machines, one.clauses, one.cells) == (1, 190_000_000, 65_536)
    assert one.index_gb == pytest.approx(190e6 * 64 / 1e9)
    assert one.disk_gb == pytest.approx(190e6 * (64 + 768 + 275 + 18) / 1e9)
    assert one.embed_hours == pytest.approx(190e6 / 200 / 3600)
    assert one.build_hours == pytest.approx((300 * 16**2 + 200 * 190 + 190 * 22) / 3600)
    assert one.query_ms == pytest.approx(6 * (190e6 / 65_536) / (1e6 / 4096))


def test_more_machines_share_the_work() -> None:
    table = table_of(measured())
    one, ten = capacity(table, clauses=100_000_000), capacity(table, clauses=100_000_000, machines=10)
    assert ten.clauses == 10_000_000
    assert ten.embed_hours == pytest.approx(one.embed_hours / 10)
    assert ten.index_gb == pytest.approx(one.index_gb / 10)
    assert ten.query_ms < one.query_ms


def test_the_calculation_is_printed_with_what_it_takes_for_granted() -> None:
    lines = capacity_text(table_of(measured()), machines=(1, 8)).splitlines()
    assert lines[0] == "190 million clauses, on paper, from the inverted file over 1000000 vectors"
    assert [line.split()[0] for line in lines[2:4]] == ["1", "8"]
    assert "Taken for granted, not measured:" in lines
    assert lines[-1].endswith("measure it before relying on it.")


def test_the_calculation_needs_an_inverted_file() -> None:
    with pytest.raises(ValueError, match="has no row for an inverted file"):
        capacity(table_of(measured(kind="flat")))  # type: ignore[arg-type]
