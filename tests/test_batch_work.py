"""Tests of nlp.batch.work: documents in, the rows of three tables out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_fakes import HashTagger, document

from corpus.inputs.files import ListedFile, list_file
from corpus.inputs.read import Item
from corpus.inputs.types import Document, Unreadable
from corpus.load import load_text
from corpus.taxonomy import CATEGORY_IDS
from nlp.batch import reading as module
from nlp.batch.chunks import Chunk
from nlp.batch.rows import array_of
from nlp.batch.schema import TABLES, Table, clause_of, schema
from nlp.batch.work import STAGES, TAGGING, Parts, work
from nlp.segment import segment


def rows(parts: Parts, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    found = pq.read_table(io.BytesIO(parts.files[table])).to_pylist()
    assert isinstance(found, list)
    return found


def made(*items: Item, first: int = 0, number: int = 0) -> Parts:
    """Work on items."""
    return work(Chunk(number, first, items), HashTagger())


def test_clauses_are_those_of_the_statement() -> None:
    given = document(3)
    statement = load_text(str(given.content))
    parts = made(given, first=7)
    found = rows(parts, "clauses")
    clauses = segment(statement)
    assert [clause_of(row, CATEGORY_IDS).context for row in found] == [clause.context for clause in clauses]
    assert [(row["clause_id"], row["position"], row["kind"]) for row in found] == [
        ("c1", 0, "sentence"),
        ("c2", 1, "sentence"),
        ("c3", 2, "sentence"),
        ("c4", 3, "item"),
        ("c5", 4, "item"),
    ]
    assert all(statement.text[row["start"] : row["end"]] == row["text"] for row in found)
    assert {row["number"] for row in found} == {7}
    assert {row["statement_id"] for row in found} == {"doc3"}
    assert {row["provenance"] for row in found} == {'{"url": "https://example.com/3"}'}
    assert found[3]["lead_in"] == "We collect this:"
    assert found[3]["heading"] == ["Rights"]
    assert (parts.clauses, parts.read, parts.errors, parts.documents) == (5, 1, 0, 1)


def test_categories_come_with_their_probabilities_the_likeliest_first() -> None:
    for row in rows(made(document(1)), "clauses"):
        probabilities = clause_of(row, CATEGORY_IDS).probabilities
        kept = [name for name in probabilities if probabilities[name] >= 0.5]
        assert row["categories"] == sorted(kept, key=lambda name: -probabilities[name])
        assert row["model"] == "fake:hash"


def test_statements_are_counted_and_judged() -> None:
    text = "Datenschutz. Wir sammeln Ihre Daten und geben sie nicht an Dritte weiter, denn das ist nicht erlaubt."
    (row,) = rows(made(Document("a", "a", text)), "statements")
    assert (row["language"], row["reads_like_policy"], row["clauses"]) == ("de", False, 1)
    assert row["words"] == len(text.split())
    assert row["characters"] == len(text)
    assert any("de" in warning for warning in row["warnings"])


def test_the_tables_have_the_documented_columns() -> None:
    parts = made(document(1), Unreadable("a", "a", "it is gone"))
    for table in TABLES:
        assert pq.read_schema(io.BytesIO(parts.files[table])).equals(schema(table, list(CATEGORY_IDS)))


def zip_bomb() -> bytes:
    """Return a small file that unpacks to 300 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 300_000_000)
    return packed.getvalue()


def test_what_cannot_be_read_gets_a_row_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\nand nothing else")
    (tmp_path / "bomb.docx").write_bytes(zip_bomb())
    listed = [list_file(str(tmp_path / name)) for name in ("empty.md", "torn.pdf", "bomb.docx")]
    gone = ListedFile("gone.md", "gone.md", str(tmp_path / "gone.md"), 1, 1)
    parts = made(*listed, gone, Unreadable("row", "t#4", "the line is not JSON"), document(1), number=3)
    assert [(row["number"], row["source"].rpartition("/")[2], row["reason"]) for row in rows(parts, "errors")] == [
        (0, "empty.md", "empty.md is empty; give a document that holds a privacy policy"),
        (
            1,
            "torn.pdf",
            "torn.pdf: this PDF cannot be read, it is damaged or of another kind; "
            "open and save it again, or paste its text",
        ),
        (2, "bomb.docx", "bomb.docx: this Word file unpacks to 300 MB, too much for a policy; paste its text instead"),
        (3, "gone.md", "it cannot be read: No such file or directory"),
        (4, "t#4", "the line is not JSON"),
    ]
    assert [row["statement_id"] for row in rows(parts, "statements")] == ["doc1"]
    assert (parts.read, parts.errors) == (1, 5)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "it takes more memory to read than a policy can need"),
        (RecursionError("too\ndeep"), "the reader failed: RecursionError: too deep"),
        (KeyError("x"), "the reader failed: KeyError: 'x'"),
    ],
)
def test_a_reader_that_fails_gives_a_row(monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, "load_text", fail)
    (row,) = rows(made(document(1)), "errors")
    assert row["reason"] == reason
    assert row["provenance"] == '{"url": "https://example.com/1"}'


def test_html_of_a_cell_is_read_as_html() -> None:
    parts = made(Document("a", "a", "We sell <b>your</b> data to everyone.", "cell.html"))
    assert [row["text"] for row in rows(parts, "clauses")] == ["We sell your data to everyone."]


def test_what_is_given_up_is_not_tried() -> None:
    told: list[int] = []
    chunk = Chunk(0, 0, (document(1), document(2)))
    parts = work(chunk, HashTagger(), given_up={0: "it takes too long"}, report=told.append)
    assert [row["reason"] for row in rows(parts, "errors")] == ["it takes too long"]
    assert told == [1, TAGGING]


def test_clauses_of_all_documents_are_tagged_together() -> None:
    tagger = HashTagger()
    work(Chunk(0, 0, (document(1), document(2))), tagger)
    assert [len(asked) for asked in tagger.asked] == [10]


def test_tables_without_rows_are_there_in_the_first_chunk_only() -> None:
    assert set(made(document(1)).files) == set(TABLES)
    assert set(made(document(1), number=1).files) == {"clauses", "statements"}
    assert set(made(Unreadable("a", "a", "gone"), number=1).files) == {"errors", "statements"}


def test_the_same_chunk_gives_the_same_bytes() -> None:
    assert made(document(1), document(2)).files == made(document(1), document(2)).files


def test_half_characters_are_stored_as_replaced() -> None:
    schema = pa.list_(pa.string())
    assert array_of([("a\ud800", "b"), ()], schema).to_pylist() == [["a\ufffd", "b"], []]
    assert array_of(["\udfff", None], pa.string()).to_pylist() == ["\ufffd", None]


def test_the_time_of_each_stage_is_told() -> None:
    assert sorted(made(document(1)).seconds) == sorted(STAGES)
