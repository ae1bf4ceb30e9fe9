"""Tests of corpus.labels: what is read, what is refused, and a check of every label that we made."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.labels import (
    FOLDER,
    Label,
    LabelledClause,
    paragraph_key,
    read_clauses,
    read_noise,
    read_paragraph_labels,
)
from corpus.paragraphs import PARAGRAPHS, read_paragraphs
from corpus.questions import FOLDER as STATEMENTS
from corpus.questions import read_question_sets
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp.segment import segment

SHARED = Path(__file__).parents[2] / "shared" / "data"
CLAUSE = {"statement": "acme", "start": 7, "text": "We sell.", "categories": ["sharing"], "also": ["other"]}
CHOICE = f"choose from {', '.join(CATEGORY_IDS)}"
PARAGRAPH = {"key": "0123456789abcdef", "categories": ["sharing", "choice"]}


def write(folder: Path, name: str, *records: object) -> Path:
    """Write records, each a line of JSON or a line as it is, and return their folder."""
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


def raw(name: str) -> list[dict[str, Any]]:
    """Return the records of one of our files, unread by the code under test."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def without(record: dict[str, object], name: str) -> dict[str, object]:
    """Return a record that lacks a field."""
    return {field: value for field, value in record.items() if field != name}


def test_clauses_are_read(tmp_path: Path) -> None:
    other = {**without(CLAUSE, "also"), "start": 20}
    assert read_clauses(write(tmp_path, "statements.jsonl", CLAUSE, "", other)) == [
        LabelledClause("acme", 7, "We sell.", Label(("sharing",), ("other",))),
        LabelledClause("acme", 20, "We sell.", Label(("sharing",))),
    ]


def test_labels_of_paragraphs_are_read(tmp_path: Path) -> None:
    other = {"key": "f" * 16, "categories": ["other"], "also": ["generic"]}
    assert read_paragraph_labels(write(tmp_path, "paragraphs.jsonl", PARAGRAPH, other)) == {
        "0123456789abcdef": Label(("sharing", "choice")),
        "f" * 16: Label(("other",), ("generic",)),
    }


def place(folder: Path, name: str, line: int) -> str:
    """Return a pattern for the start of a message about a line of a file."""
    return rf"^{re.escape(str(folder / name))}, line {line}: "


@pytest.mark.parametrize(
    "line",
    ["{", "words", "[1]", "null", "7", "[]", '[["categories", ["sharing"]]]', '"key statement start text categories"'],
)
def test_what_is_no_json_object_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(DocumentError, match=place(tmp_path, "statements.jsonl", 2) + "."):
        read_clauses(write(tmp_path, "statements.jsonl", CLAUSE, line))
    with pytest.raises(DocumentError, match=place(tmp_path, "paragraphs.jsonl", 3) + "."):
        read_paragraph_labels(write(tmp_path, "paragraphs.jsonl", PARAGRAPH, "", line))


@pytest.mark.parametrize("field", ["statement", "start", "text", "categories"])
def test_a_clause_that_lacks_a_field_is_refused(tmp_path: Path, field: str) -> None:
    expected = place(tmp_path, "statements.jsonl", 2) + "it must be an object with statement, start, text, categories$"
    with pytest.raises(DocumentError, match=expected):
        read_clauses(write(tmp_path, "statements.jsonl", CLAUSE, without(CLAUSE, field)))


@pytest.mark.parametrize("field", ["key", "categories"])
def test_a_paragraph_that_lacks_a_field_is_refused(tmp_path: Path, field: str) -> None:
    expected = place(tmp_path, "paragraphs.jsonl", 2) + "it must be an object with key, categories$"
    with pytest.raises(DocumentError, match=expected):
        read_paragraph_labels(write(tmp_path, "paragraphs.jsonl", PARAGRAPH, without(PARAGRAPH, field)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"categories": []}, f"no categories: {CHOICE}"),
        ({"categories": [], "also": ["other"]}, f"no categories: {CHOICE}"),
        ({"categories": ["sharing", "selling", 5]}, f"5, selling: {CHOICE}"),
        ({"also": ["Sharing"]}, f"Sharing: {CHOICE}"),
        ({"categories": "oo"}, "it must be an object with "),
        ({"categories": None}, ""),
        ({"categories": [["sharing"]]}, ""),
        ({"also": 7}, ""),
    ],
)
def test_categories_outside_the_taxonomy_are_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError, match=place(tmp_path, "paragraphs.jsonl", 1) + re.escape(message)):
        read_paragraph_labels(write(tmp_path, "paragraphs.jsonl", {**PARAGRAPH, **change}))
    with pytest.raises(DocumentError, match=place(tmp_path, "statements.jsonl", 1) + re.escape(message)):
        read_clauses(write(tmp_path, "statements.jsonl", {**CLAUSE, **change}))


@pytest.mark.parametrize(
    ("name", "read"), [("statements.jsonl", read_clauses), ("paragraphs.jsonl", read_paragraph_labels)]
)
def test_missing_and_foreign_files_are_refused(tmp_path: Path, name: str, read: Callable[[Path], object]) -> None:
    path = tmp_path / name
    expected = f"^cannot read {re.escape(str(path))} as UTF-8 text; it is part of the repository$"
    with pytest.raises(DocumentError, match=expected):
        read(tmp_path)
    path.write_bytes(json.dumps(CLAUSE | PARAGRAPH).encode() + b"\n\xff\xfe{\n")
    with pytest.raises(DocumentError, match=expected):
        read(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(DocumentError, match=expected):
        read(tmp_path)


def test_noise_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "noise.txt").write_text("Menu\n 1.\u2028 2.\nRead more\n", encoding="utf-8")
    assert read_noise(tmp_path) == ["Menu", " 1.\u2028 2.", "Read more"]


def test_a_key_is_the_start_of_the_sha256() -> None:
    # As `printf abc | sha256sum` gives it.
    assert paragraph_key("abc") == "ba7816bf8f01cfea"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_keys_are_16_hex_digits(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", paragraph_key(text))
    assert paragraph_key(text) != paragraph_key(text + " ")


def test_every_clause_of_our_statements_is_labelled_once_where_it_stands() -> None:
    sets = read_question_sets()
    assert len(sets) == 12
    labelled = Counter((clause.statement, clause.start, clause.text) for clause in read_clauses())
    clauses = {(one.name, c.start, c.text) for one in sets for c in segment(one.statement)}
    assert {place for place, number in labelled.items() if number > 1} == set(), "labelled twice"
    assert set(labelled) - clauses == set(), "labelled but no clause"
    assert clauses - set(labelled) == set(), "not labelled"
    texts = {one.name: one.statement.text for one in sets}
    for name, start, text in labelled:
        assert texts[name][start : start + len(text)] == text
    assert texts.keys() == {path.stem for path in STATEMENTS.glob("*.md") if path.with_suffix(".jsonl").exists()}


@pytest.mark.parametrize("name", ["statements.jsonl", "paragraphs.jsonl"])
def test_labels_are_known_and_said_once(name: str) -> None:
    records = raw(name)
    assert records
    for record in records:
        labels = [*record["categories"], *record.get("also", [])]
        assert record["categories"], record
        assert len(labels) == len(set(labels)), record
        assert set(labels) <= set(CATEGORY_IDS), record
    assert {label for record in records for label in record["categories"]} == set(CATEGORY_IDS), "some never occur"


def test_paragraphs_are_named_by_keys_and_hold_no_text() -> None:
    records = raw("paragraphs.jsonl")
    keys = [record["key"] for record in records]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[0-9a-f]{16}", key) for key in keys)
    # With known categories there is no place left for words.
    assert {field for record in records for field in record} <= {"key", "categories", "also"}
    assert read_paragraph_labels().keys() == set(keys)


@pytest.mark.skipif(not (SHARED / PARAGRAPHS).is_file(), reason="the data folder is not there")
def test_every_key_names_a_paragraph_of_the_data_folder() -> None:
    keys = {paragraph_key(paragraph.text) for paragraph in read_paragraphs(SHARED)}
    assert {record["key"] for record in raw("paragraphs.jsonl")} <= keys


def test_noise_is_whole_and_apart_from_our_clauses() -> None:
    lines = read_noise()
    assert "".join(line + "\n" for line in lines) == (FOLDER / "noise.txt").read_text(encoding="utf-8")
    assert len(lines) > 50
    assert len(lines) == len(set(lines))
    assert all(line.strip() == line != "" for line in lines)
    assert not set(lines) & {clause.text for clause in read_clauses()}
