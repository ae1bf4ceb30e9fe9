"""Tests of nlp.batch.documents: a document that was tagged before has the very same rows, and is not read again."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from batch_fakes import (
    MODEL,
    HashTagger,
    InlineEngine,
    content_of,
    document,
    documents,
    remembering_tagger,
    write_policies,
)

from corpus.inputs.read import Item
from corpus.inputs.types import Document, Unreadable
from corpus.taxonomy import CATEGORY_IDS
from nlp.batch import documents as module
from nlp.batch import work as work_module
from nlp.batch.cache import BlobCache
from nlp.batch.chunks import Chunk
from nlp.batch.documents import DocumentCache
from nlp.batch.pool import LocalEngine
from nlp.batch.run import Job, run
from nlp.batch.work import Parts, work

EMPTY = Document("empty", "t#9", "#", None, {"url": "u"})
HALF = Document("half", "t#8", "We sell your data\ud800 to \udfff nobody.", None)
TABLE = Document("table", "t#7", b"# T\n\n| a | b |\n|---|---|\n| we sell | it |\n", "t.md")


def cache(folder: Path, **changes: Any) -> DocumentCache:
    """Return a cache for the fake model."""
    made = DocumentCache.of(folder, CATEGORY_IDS, MODEL.fingerprint)
    return replace(made, **changes) if changes else made


def made(*items: Item, documents: DocumentCache | None = None, first: int = 0) -> Parts:
    """Work on items."""
    return work(Chunk(0, first, items), HashTagger(documents=documents))


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no document be read from now on."""

    def fail(document: Document) -> None:
        raise AssertionError(document.id)

    monkeypatch.setattr(work_module, "read_document", fail)


def test_what_is_known_is_not_read_and_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [*documents(6), HALF, TABLE]
    plain = made(*given)
    first = made(*given, documents=cache(tmp_path))
    assert first.files == plain.files
    refuse(monkeypatch)
    again = made(*given, documents=cache(tmp_path))
    assert again.files == plain.files
    assert (again.read, again.clauses, again.tagged) == (8, plain.clauses, 0)
    assert "segmentation" not in again.seconds


def test_known_and_new_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    made(document(1), document(3), TABLE, documents=cache(tmp_path))
    given = [document(4), document(3), HALF, TABLE, document(3), document(1), document(5)]
    parts = made(*given, documents=cache(tmp_path), first=70)
    assert parts.files == made(*given, first=70).files
    assert parts.tagged == 5 + 1 + 5


def test_what_the_input_says_is_that_of_now(tmp_path: Path) -> None:
    made(document(1), documents=cache(tmp_path))
    moved = replace(document(1), id="other", source="elsewhere#7", provenance={"date": "2020"})
    parts = made(moved, documents=cache(tmp_path), first=9)
    assert parts.tagged == 0
    assert parts.files == made(moved, first=9).files


@pytest.mark.parametrize(
    "other",
    [
        replace(document(1), content=str(document(1).content) + "\n"),
        replace(document(1), content=str(document(1).content).encode()),
        replace(document(1), name="policy.md"),
    ],
)
def test_another_text_kind_or_name_is_another_document(tmp_path: Path, other: Document) -> None:
    known = cache(tmp_path)
    made(document(1), documents=known)
    assert known.get(document(1)) is not None
    assert known.get(other) is None


def test_another_model_release_or_set_of_categories_knows_nothing(tmp_path: Path) -> None:
    made(document(1), documents=cache(tmp_path))
    assert DocumentCache.of(tmp_path, CATEGORY_IDS, "other").get(document(1)) is None
    assert cache(tmp_path, made_with="other").get(document(1)) is None
    assert cache(tmp_path, labels=CATEGORY_IDS[1:]).get(document(1)) is None


def test_the_code_that_makes_the_rows_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache(tmp_path).made_with
    own = Path(module.__file__).parent.parent
    assert all((own / name).is_file() for name in module._TAGGING)
    monkeypatch.setattr(module, "_TAGGING", module._TAGGING[1:])
    assert cache(tmp_path).made_with != before


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    known = cache(tmp_path)
    gone = Unreadable("gone", "t#1", "it is gone")
    for _ in range(2):
        parts = made(EMPTY, gone, document(1), documents=known)
        assert (parts.read, parts.errors) == (1, 2)
        assert parts.files == made(EMPTY, gone, document(1)).files
    assert known.get(EMPTY) is None
    assert known.get(document(1)) is not None


def damage(file: Path, at: int) -> None:
    """Change a byte of all that a cache holds."""
    with sqlite3.connect(file) as connection:
        for key, content in connection.execute("SELECT key, content FROM cached").fetchall():
            torn = bytearray(content)
            torn[at] ^= 1
            connection.execute("UPDATE cached SET content = ? WHERE key = ?", (bytes(torn), key))


@pytest.mark.parametrize("at", [0, 15, 16, 24, 100, -1])
def test_a_damaged_entry_is_read_anew_and_replaced(tmp_path: Path, at: int) -> None:
    known = cache(tmp_path)
    expected = made(document(1), documents=known).files
    damage(known.cache.path, at)
    assert known.get(document(1)) is None
    parts = made(document(1), documents=known)
    assert (parts.files, parts.tagged) == (expected, 5)
    assert known.get(document(1)) is not None


def test_a_short_entry_is_ignored(tmp_path: Path) -> None:
    known = cache(tmp_path)
    key = known._key(document(1))
    for content in (b"", b"x", b"x" * 16, b"x" * 40):
        known.cache.write({key: content})
        assert known.get(document(1)) is None


def test_a_cache_that_does_not_work_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    known = cache(tmp_path / "file")
    assert made(document(1), documents=known).files == made(document(1)).files
    assert known.cache.trouble is not None


def test_what_was_kept_for_another_document_is_not_taken(tmp_path: Path) -> None:
    known = cache(tmp_path)
    made(document(2), documents=known)
    other = known.cache.read([known._key(document(2))])[known._key(document(2))]
    known.cache.write({known._key(document(1)): other})
    assert known.get(document(1)) is None
    assert known.get(document(2)) is not None


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = cache(tmp_path)
    size = len(module._packed(rows(document(1))))
    monkeypatch.setattr(module, "_LARGEST", size - 1)
    made(document(1), documents=known)
    assert known.get(document(1)) is None
    monkeypatch.setattr(module, "_LARGEST", size)
    made(document(1), documents=known)
    assert known.get(document(1)) is not None


def rows(given: Document) -> module.DocumentRows:
    """Return the rows of a document."""
    kept: list[module.DocumentRows] = []

    class Keeper(DocumentCache):
        def put(self, made: Any) -> None:
            kept.extend(found for _, found in made)

    made(given, documents=Keeper(BlobCache(Path("nowhere"), trouble="none"), CATEGORY_IDS, ""))
    return kept[0]


@pytest.mark.parametrize("engine", ["inline", "processes"])
def test_a_run_over_the_same_documents_reads_none_of_them(tmp_path: Path, engine: str) -> None:
    policies = write_policies(tmp_path / "in", 40)
    load = partial(remembering_tagger, tmp_path / "cache")
    run(Job((str(policies),), tmp_path / "plain", "fast"), MODEL, InlineEngine)
    for name, tagged in (("cold", 180), ("warm", 0)):
        works = InlineEngine(load()) if engine == "inline" else LocalEngine(load, 2)
        done = run(Job((str(policies),), tmp_path / name, "fast"), MODEL, lambda works=works: works)  # type: ignore[misc]
        assert (done.read, done.errors, done.clauses, done.tagged) == (36, 4, 180, tagged)
        assert content_of(tmp_path / name) == content_of(tmp_path / "plain")
