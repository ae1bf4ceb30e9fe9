"""Tests of the store that is read: what comes out is what went in, names are found, damage is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from nlp_fakes import WordEncoder, tiny_classifier
from store_fakes import KEEP, SAID, SELL, made_store, policy, version

from corpus.load import BUNDLED, load_bundled, load_text
from corpus.types import ArchiveRecord, DocumentError
from nlp.errors import RunError
from nlp.segment import segment
from nlp.store import Store, tables, writer
from nlp.store.layout import layout_json, statement_of
from nlp.store.parts import part_path
from nlp.store.schema import CLAUSES, OCCURRENCES, TEXTS, VERSIONS
from nlp.tag import tag

LISTS = policy(
    "We collect this data:\n\n* your name;\n* your address: [map](https://example.com);\n\n"
    "| Data | Kept |\n|---|---|\n| log files | thirty days |\n",
    KEEP,
)


def test_statement_and_clauses_are_those_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_NEW_CLAUSES", 3)
    texts = [policy(), LISTS, policy(SELL, KEEP)]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    for found, text in zip(store.versions("Acme"), texts, strict=True):
        fresh = load_text(text, kind="markdown", id=found.reference)
        statement = store.statement(found)
        assert replace(statement, archive=None) == fresh
        assert statement.fingerprint == fresh.fingerprint
        assert store.stored_text(found) == text
        expected = tag(segment(fresh), tiny_classifier())
        clauses = store.clauses(found)
        assert [replace(c, probabilities={}) for c in clauses] == [replace(c, probabilities={}) for c in expected]
        for clause, other in zip(clauses, expected, strict=True):
            assert list(clause.probabilities) == list(other.probabilities)
            assert list(clause.probabilities.values()) == pytest.approx(list(other.probabilities.values()), abs=1e-6)
        vectors = WordEncoder().encode([clause.context for clause in expected])
        np.testing.assert_allclose(store.vectors(found), vectors, atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(store.vectors(found), axis=1), 1, atol=1e-6)


def test_a_store_without_the_column_of_precision_is_read(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0, precision="month")])
    part = part_path(tmp_path / "store", VERSIONS, 0)
    table = pq.read_table(part, partitioning=None)
    assert table.column("precision").to_pylist() == ["month"]
    pq.write_table(table.drop_columns(["precision"]), part)
    assert [found.precision for found in Store.open(tmp_path / "store").versions("Acme")] == ["day"]


def test_a_clause_that_reads_the_same_in_two_places_is_cut_where_it_stands(tmp_path: Path) -> None:
    """The heading "Data: We" over "sell" is tagged as "Data" over "We: sell" is."""
    one, other = policy("Data: we sell all your data."), policy("we sell all your data.", heading="Data: Data")
    store = made_store(tmp_path / "store", [version(0, one), version(1, other)])
    first, second = (store.clauses(found)[-1] for found in store.versions("Acme"))
    assert first.context == second.context
    assert (first.text, second.text) == ("Data: we sell all your data.", "we sell all your data.")


@pytest.mark.parametrize("name", list(BUNDLED))
def test_a_statement_comes_back_from_its_row(name: str) -> None:
    statement = replace(load_bundled(name), warnings=("doubtful",))
    row = {
        "title": statement.title,
        "visible": statement.text,
        "layout": layout_json(statement),
        "effective_on": statement.effective_on,
        "language": statement.language,
        "warnings": ["doubtful"],
    }
    assert statement_of(row, id=statement.id) == statement
    assert statement.archive is not None


def test_a_statement_says_where_and_when_it_was_archived(tmp_path: Path) -> None:
    untitled = "\n\n".join(SAID)
    items = [version(0), version(1, untitled, url="https://example.com/1", warnings=("its date is doubtful",))]
    store = made_store(tmp_path / "store", items)
    titled, other = (store.statement(found) for found in store.versions("Acme"))
    assert (titled.id, titled.title, titled.archived_on) == (items[0].reference, "Acme Privacy Policy", "2020-01-01")
    assert other.title == "Acme: Privacy Policy"
    assert other.archive == ArchiveRecord("Acme", items[1].observed_at.date(), "https://example.com/1")
    assert other.warnings[0] == "its date is doubtful"


def test_names_are_found_whatever_their_case(tmp_path: Path) -> None:
    names = ["Acme", "Bond/Sub", "Proton", "proton"]
    store = made_store(tmp_path / "store", [version(0, service=name) for name in names])
    assert store.services() == sorted(names)
    assert store.versions("aCME")[0].service == "Acme"
    assert store.versions("bond/sub", "PRIVACY policy")[0].service == "Bond/Sub"
    assert store.versions("proton")[0].service == "proton"
    with pytest.raises(DocumentError, match=r"^'PROTON' may be 'Proton' or 'proton'; write it as it is there$"):
        store.versions("PROTON")
    with pytest.raises(DocumentError, match=r"^there is no service 'Acne' in .*; did you mean 'Acme'\?$"):
        store.versions("Acne")
    with pytest.raises(DocumentError, match=r"^there is no service 'Zzz' in .*; there is 'Acme', 'Bond/Sub', 'Proton'"):
        store.versions("Zzz")


def test_a_service_with_several_documents_wants_one_named(tmp_path: Path) -> None:
    items = [version(0), version(1, document="Terms of Service", reference="t")]
    store = made_store(tmp_path / "store", items)
    assert store.documents("acme") == ["Privacy Policy", "Terms of Service"]
    assert [v.reference for v in store.versions("Acme", "terms of service")] == ["t"]
    with pytest.raises(DocumentError, match="has 2 documents; name one with --document: 'Privacy Policy', 'Terms"):
        store.versions("Acme")
    with pytest.raises(DocumentError, match="no document 'Terms of Use' of 'Acme'; did you mean 'Terms of Service'"):
        store.versions("Acme", "Terms of Use")


def test_a_store_is_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    store = made_store(tmp_path / "store", [version(0)])
    made_store(tmp_path / "store", [version(1, policy(SELL))])
    (only,) = store.versions("Acme")
    assert len(store.clauses(only)) == 4
    assert len(Store.open(tmp_path / "store").versions("Acme")) == 2


def test_what_is_kept_of_many_parts_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_VERSIONS", 1)
    for name in ("_TEXT_PARTS", "_CLAUSE_PARTS", "_VECTOR_PARTS", "_CLAUSES"):
        monkeypatch.setattr(tables, name, 2)
    texts = [policy(f"We sell data to partner {day}.") for day in range(6)]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    versions = store.versions("Acme")
    for found in (*versions, *reversed(versions)):
        assert store.statement(found).id == found.reference
        assert store.clauses(found)[-1].text == f"We sell data to partner {found.number - 1}."
        assert store.vectors(found).shape == (5, WordEncoder().dimensions)
    assert len(store.tables._texts.made) == len(store.tables._clauses.made) == 2


def test_there_must_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"does not exist; make one with: smallprint archive import ARCHIVE"):
        Store.open(tmp_path / "none")
    with pytest.raises(DocumentError, match="is no archive store; make one"):
        Store.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(DocumentError, match="is no archive store; make one"):
        Store.open(tmp_path / "file")


def test_a_store_that_one_may_not_read_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")  # as for everybody but root, who may read all

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(DocumentError, match="may not be read by you; ask whoever made it"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ('{"kind": "smallprint-archive", "format": 99}', DocumentError, "of format 99, and this release has 1; import"),
        ('{"kind": "other"}', DocumentError, "is no archive store, whatever its store.json is of"),
        ("[]", DocumentError, "is no archive store, whatever its store.json is of"),
        ("{", RunError, "is damaged: its store.json cannot be read; import the archive into a new folder"),
        ('{"kind": "smallprint-archive", "format": 1}', RunError, "is damaged: its store.json lacks 'reading'"),
    ],
)
def test_a_store_of_something_else_is_refused(
    tmp_path: Path, content: str, error: type[Exception], message: str
) -> None:
    (tmp_path / "store.json").write_text(content)
    with pytest.raises(error, match=message):
        Store.open(tmp_path)


@pytest.mark.parametrize("table", [VERSIONS, TEXTS, OCCURRENCES, CLAUSES])
def test_a_damaged_file_is_named(tmp_path: Path, table: str) -> None:
    made_store(tmp_path / "store", [version(0)])
    path = part_path(tmp_path / "store", table, 0)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(RunError, match=f"{table}/part-00000.parquet is damaged; import the archive into a new folder"):
        store = Store.open(tmp_path / "store")
        (found,) = store.versions("Acme")
        store.statement(found)
        store.clauses(found)


@pytest.mark.parametrize(("table", "message"), [(TEXTS, "it lacks a text"), (CLAUSES, "it lacks clauses")])
def test_a_missing_file_is_noticed(tmp_path: Path, table: str, message: str) -> None:
    store = made_store(tmp_path / "store", [version(0)])
    part_path(tmp_path / "store", table, 0).unlink()
    (found,) = store.versions("Acme")
    with pytest.raises(RunError, match=message):
        (store.statement if table == TEXTS else store.clauses)(found)


def test_a_store_says_what_made_it(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0)])
    record = json.loads((tmp_path / "store" / "store.json").read_text())
    assert (record["kind"], record["format"], record["mode"]) == ("smallprint-archive", 1, "accurate")
    assert (record["classifier"], record["encoder"]) == ("fake:four words", "fake:words")
