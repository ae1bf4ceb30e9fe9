"""Several files at once: a row each, errors in their rows, tables that open as those of a bulk run."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nlp_fakes import tiny_engine

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp.batch.schema import clause_of, schema
from nlp.web import batch_run
from nlp.web.batch_run import MAX_FILES, FileRow, check_files, clauses_parquet, read_files, rows_csv
from nlp.web.reader import Reader

POLICY = "# Acme Privacy\n\nWe do not sell your personal data to anyone.\n\nWe keep log files for thirty days.\n"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a" / "acme.md", tmp_path / "broken.pdf", tmp_path / "b" / "acme.md", tmp_path / "gone.md"]
    for path in paths[:3]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(POLICY if path.suffix == ".md" else "no", encoding="utf-8")
    return paths


@pytest.fixture
def rows(files: list[Path]) -> list[FileRow]:
    return list(read_files(tiny_engine(), Reader(), files))


def test_each_file_has_a_row(rows: list[FileRow]) -> None:
    assert [row.file for row in rows] == ["acme.md", "broken.pdf", "acme.md (2)", "gone.md"]
    assert [len(row.clauses) for row in rows] == [2, 0, 2, 0]
    assert rows[0].counts == {"sharing": 1, "retention": 1}
    assert rows[0].statement is not None
    assert rows[0].statement.title == "Acme Privacy"
    assert rows[1].error.startswith("broken.pdf is not a PDF file")
    assert "did not arrive" in rows[3].error


def test_an_archive_is_told_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "policies.pdf"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("policy.md", POLICY)
    (row,) = read_files(tiny_engine(), Reader(), [path])
    assert row.error.startswith("policies.pdf is an archive of files")


def test_the_table_as_csv(rows: list[FileRow]) -> None:
    first, broken, *_ = csv.DictReader(io.StringIO(rows_csv(rows).decode()))
    assert (first["file"], first["clauses"], first["clauses_sharing"], first["error"]) == ("acme.md", "2", "1", "")
    assert broken["clauses"] == ""
    assert "is not a PDF file" in broken["error"]


def test_a_cell_is_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "=1+1.md"
    path.write_text(POLICY.replace("Acme", "=cmd()"), encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(rows_csv(list(read_files(tiny_engine(), Reader(), [path]))).decode()))
    assert row["file"] == "'=1+1.md"
    assert row["title"].startswith("'=")


def test_the_clauses_come_back_from_parquet(rows: list[FileRow]) -> None:
    table = pq.read_table(pa.BufferReader(clauses_parquet(rows, CATEGORY_IDS, "fake:four words")))
    assert table.schema.equals(schema("clauses", CATEGORY_IDS))
    found = table.to_pylist()
    assert [row["statement_id"] for row in found] == ["acme.md", "acme.md", "acme.md (2)", "acme.md (2)"]
    assert [row["number"] for row in found] == [0, 0, 2, 2]
    assert {row["model"] for row in found} == {"fake:four words"}
    back = clause_of(found[0], CATEGORY_IDS)
    assert (back.text, back.categories) == (rows[0].clauses[0].text, rows[0].clauses[0].categories)
    assert back.probabilities["sharing"] == pytest.approx(rows[0].clauses[0].probabilities["sharing"], abs=1e-6)


def test_no_clauses_make_an_empty_table() -> None:
    table = pq.read_table(pa.BufferReader(clauses_parquet([FileRow("a.md", error="no")], CATEGORY_IDS, "m")))
    assert table.num_rows == 0
    assert table.schema.equals(schema("clauses", CATEGORY_IDS))


def test_limits_hold_on_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "acme.md"
    path.write_text(POLICY, encoding="utf-8")
    (row,) = read_files(tiny_engine(), Reader(longest=50), [path])
    assert "characters, and this page takes 50" in row.error
    monkeypatch.setattr(batch_run, "MAX_UPLOAD_MB", 0)
    (row,) = read_files(tiny_engine(), Reader(), [path])
    assert "it has more than 0 MB" in row.error


def test_how_many_files() -> None:
    with pytest.raises(DocumentError, match="there are no files yet"):
        check_files(None)
    with pytest.raises(DocumentError, match="these are 21 files, and this page takes 20 at once"):
        check_files(["a.md"] * (MAX_FILES + 1))
    assert len(check_files(["a.md"] * MAX_FILES)) == MAX_FILES
