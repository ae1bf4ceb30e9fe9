"""Tests of corpus.inputs.tables: rows of JSON lines, CSV and Parquet, and all that can be wrong with them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.inputs import tables
from corpus.inputs.columns import Columns
from corpus.inputs.tables import is_table, read_table
from corpus.inputs.types import Document, Unreadable
from corpus.types import DocumentError

SELL, KEEP = "We sell.", "We keep."


def rows(path: Path, wanted: Columns | None = None) -> list[Document | Unreadable]:
    """Return what a table yields."""
    return list(read_table(str(path), wanted or Columns()))


def short(found: list[Document | Unreadable], path: Path) -> list[tuple[str, str]]:
    """Return where each row stands and its text, or why there is none."""
    return [
        (item.source.removeprefix(str(path)), str(item.content) if isinstance(item, Document) else item.reason)
        for item in found
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.jsonl.gz", "a.csv", "a.tsv", "a.csv.gz", "a.parquet"])
def test_tables_are_told_by_their_names(name: str) -> None:
    assert is_table(name)


@pytest.mark.parametrize("name", ["a.md", "a.json", "a.gz", "jsonl", "a.parquet.gz"])
def test_other_files_are_no_tables(name: str) -> None:
    assert not is_table(name)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(f'{{"text": "{SELL}", "url": "u"}}\n\n{{"text": "{KEEP}"}}\n', encoding="utf-8-sig")
    assert rows(path) == [
        Document(f"{path}#1", f"{path}#1", SELL, None, {"url": "u"}),
        Document(f"{path}#3", f"{path}#3", KEEP),
    ]


def test_bad_json_lines_do_not_stop_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_LONGEST_LINE", 60)
    path = tmp_path / "t.jsonl"
    lines = [
        b"[1]",
        b"{",
        b'{"text": "\xff"}',
        b'{"text": "' + b"x" * 300 + b'"}',
        b'{"text": "We sell."}',
        b'{"other": 1}',
    ]
    path.write_bytes(b"\n".join(lines))
    assert short(rows(path), path) == [
        ("#1", "the line is JSON, but no object with columns"),
        (
            "#2",
            "the line is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("#3", "the line is not UTF-8"),
        ("#4", "the line has more than 60 bytes"),
        ("#5", SELL),
        ("#6", "the column 'text' holds nothing in this row, where text belongs"),
    ]


def test_json_that_is_nested_without_end_is_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"text":' + "[" * 100_000 + "\n" + json.dumps({"text": SELL}))
    assert [type(item) for item in rows(path)] == [Unreadable, Document]


def test_packed_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"text": SELL}).encode()))
    assert short(rows(path), path) == [("#1", SELL)]


def test_a_packed_table_that_is_cut_off_says_where(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    lines = [json.dumps({"text": f"{number} {number * 7919 % 1009}" * 9}) for number in range(5000)]
    packed = gzip.compress("\n".join(lines).encode())
    path.write_bytes(packed[: len(packed) // 2])
    *read, last = rows(path)
    assert all(isinstance(item, Document) for item in read)
    end = "Compressed file ended before the end-of-stream marker was reached"
    assert last == Unreadable(str(path), str(path), f"it cannot be read beyond row {len(read)}: {end}")


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('url,text\nu,"We sell,\nand ""share""."\n\nv,We keep.\n', encoding="utf-8-sig")
    assert rows(path) == [
        Document(f"{path}#1", f"{path}#1", 'We sell,\nand "share".', None, {"url": "u"}),
        Document(f"{path}#2", f"{path}#2", KEEP, None, {"url": "v"}),
    ]


@pytest.mark.parametrize(("name", "mark"), [("t.tsv", "\t"), ("t.csv", ";")])
def test_other_separators(tmp_path: Path, name: str, mark: str) -> None:
    path = tmp_path / name
    path.write_text(f"url{mark}text\nu, v{mark}{SELL}\n")
    assert short(rows(path), path) == [("#1", SELL)]


def test_bad_rows_of_csv_do_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"text,url\nWe sell.,a,b\n\xff\xfe,u\n,u\nWe keep.\n")
    assert short(rows(path), path) == [
        ("#1", "the row has 3 cells under 2 column names"),
        ("#2", "the row is not UTF-8"),
        ("#3", "the column 'text' is empty in this row"),
        ("#4", KEEP),
    ]


@pytest.mark.parametrize("length", [60, 400])
def test_a_cell_of_csv_over_the_limit_is_a_bad_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(tables, "MAX_BYTES", 50)
    monkeypatch.setattr(tables, "_LONGEST_LINE", 100)
    path = tmp_path / "t.csv"
    path.write_text(f"text\n{'x' * length}\n{SELL}\n")
    assert short(rows(path), path) == [
        ("#1", "the row cannot be read: field larger than field limit (50)"),
        ("#2", SELL),
    ]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    texts = [f"{SELL} {number}" for number in range(40)]
    pq.write_table(pa.table({"html": texts, "n": range(40), "nested": [[1]] * 40, "raw": [b"x"] * 40}), path)
    found = rows(path)
    assert [item.content for item in found if isinstance(item, Document)] == texts
    assert found[39] == Document(f"{path}#40", f"{path}#40", texts[39], "cell.html", {"n": "39"})


def test_cells_of_parquet_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"text": [1, None]}), path)
    assert short(rows(path), path) == [
        ("#1", "the column 'text' holds a int in this row, where text belongs"),
        ("#2", "the column 'text' holds nothing in this row, where text belongs"),
    ]


def test_a_damaged_parquet_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    (found,) = rows(path)
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("it cannot be read beyond row 0: ")


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "t.parquet"])
def test_an_empty_file_is_no_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()
    if name == "t.csv":
        with pytest.raises(DocumentError, match="it has none"):
            rows(path)
    else:
        assert all(isinstance(item, Unreadable) for item in rows(path))


def test_a_table_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps({"text": SELL}) + "\n")
    reader = read_table(str(path), Columns())
    assert isinstance(next(reader), Document)
    path.write_text(json.dumps({"text": KEEP}) + "\n\n")
    last = list(reader)[-1]
    reason = "it changed while it was read: some of its rows may be old ones"
    assert last == Unreadable(str(path), str(path), reason)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), min_size=1, max_size=20)
)
def test_every_format_gives_back_the_texts(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "t.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    pq.write_table(pa.table({"text": texts}), folder / "t.parquet")
    for name in ("t.jsonl", "t.parquet"):
        assert [item.content for item in rows(folder / name) if isinstance(item, Document)] == texts
