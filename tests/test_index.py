"""Tests of nlp.index: held against numpy, saved, loaded, refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nlp_fakes import WordEncoder

from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.encoder import Vectors
from nlp.index import ClauseIndex, Hit, build_index


def unit(count: int, dimensions: int = 24, seed: int = 0) -> Vectors:
    """Return random vectors of length one."""
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def index_of(vectors: Vectors, encoder: str = "fake:words") -> ClauseIndex:
    """Return an index over vectors."""
    return ClauseIndex.from_vectors(vectors, statement="s", encoder=encoder)


@pytest.mark.parametrize(("count", "k"), [(1, 1), (50, 7), (300, 300), (5, 9)])
def test_a_search_agrees_with_brute_force(count: int, k: int) -> None:
    vectors, queries = unit(count), unit(20, seed=1)
    index = index_of(vectors)
    for query in queries:
        cosines = vectors @ query
        expected = np.argsort(-cosines)[:k]
        hits = index.search(query, k)
        assert [hit.position for hit in hits] == expected.tolist()
        np.testing.assert_allclose([hit.cosine for hit in hits], cosines[expected], atol=1e-6)
        np.testing.assert_allclose(index.cosines(query), cosines, atol=1e-6)


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(deadline=None, max_examples=30)
def test_a_vector_finds_itself_with_cosine_one(count: int, seed: int) -> None:
    vectors = unit(count, seed=seed)
    for position, vector in enumerate(vectors):
        (hit,) = index_of(vectors).search(vector, 1)
        assert hit.position == position
        assert hit.cosine == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_is_found_where_nothing_is_wanted(k: int) -> None:
    assert index_of(unit(3)).search(unit(1)[0], k) == []


def test_an_empty_index_finds_nothing() -> None:
    index = index_of(np.zeros((0, 4), np.float32))
    assert len(index) == 0
    assert index.search(unit(1, 4)[0], 3) == []
    assert index.cosines(unit(1, 4)[0]).shape == (0,)
    assert index.vectors.shape == (0, 4)


def test_vectors_come_back_and_double_precision_is_taken() -> None:
    vectors = unit(6)
    index = index_of(vectors.astype(np.float64)[::2].astype(np.float64))  # type: ignore[arg-type]
    np.testing.assert_array_equal(index.vectors, vectors[::2])
    assert len(index) == 3


@pytest.mark.parametrize(
    "vectors",
    [np.ones((2, 3)), np.zeros((1, 3)), np.full((1, 3), np.nan), np.array([1.0, 0.0]), unit(3) * 1.01],
)
def test_vectors_that_are_not_of_length_one_are_refused(vectors: Vectors) -> None:
    with pytest.raises(ValueError, match=r"vectors must have shape \(n, d\) and length one, not shape"):
        index_of(vectors)


@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_round_trip_is_identical(tmp_path: Path, count: int) -> None:
    index, query = index_of(unit(count, 64)), unit(1, 64, seed=2)[0]
    index.save(tmp_path / "index")
    loaded = ClauseIndex.load(tmp_path / "index", encoder=WordEncoder())
    np.testing.assert_array_equal(loaded.vectors, index.vectors, strict=True)
    assert loaded.search(query, 10) == index.search(query, 10)
    assert (loaded.statement, loaded.encoder) == ("s", "fake:words")


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    index_of(unit(2), encoder="other").save(tmp_path / "index")
    with pytest.raises(ArtefactError, match="index was made by the encoder other, not by fake:words; index again"):
        ClauseIndex.load(tmp_path / "index", encoder=WordEncoder())


@pytest.mark.parametrize("change", [{"clauses": 3}, {"dimensions": 8}, {"clauses": None}])
def test_vectors_that_do_not_fit_are_refused(tmp_path: Path, change: dict[str, int]) -> None:
    folder = tmp_path / "index"
    index_of(unit(2)).save(folder)
    config = json.loads((folder / artefact.CONFIG).read_text())
    (folder / artefact.CONFIG).write_text(json.dumps({**config, **change}))
    with pytest.raises(ArtefactError, match="index is damaged: its vectors do not fit its configuration; index again"):
        ClauseIndex.load(folder, encoder=WordEncoder())


def test_a_folder_without_vectors_is_refused(tmp_path: Path) -> None:
    config = {"kind": "clause-index", "version": 1, "encoder": "fake:words", "clauses": 1, "dimensions": 2}
    artefact.save(tmp_path / "index", config, {"other": np.zeros((1, 2), np.float32)})
    with pytest.raises(ArtefactError, match="its vectors do not fit"):
        ClauseIndex.load(tmp_path / "index", encoder=WordEncoder())


def test_a_torn_folder_is_refused(tmp_path: Path) -> None:
    index_of(unit(2)).save(tmp_path / "index")
    (tmp_path / "index" / artefact.ARRAYS).write_bytes(b"\x00" * 10)
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as a clause-index"):
        ClauseIndex.load(tmp_path / "index", encoder=WordEncoder())


def test_texts_are_embedded_and_indexed() -> None:
    encoder = WordEncoder()
    index = build_index(["we sell names", "cookies"], encoder, statement="f")
    assert index.search(encoder.encode(["cookies"])[0], 1) == [Hit(1, 1.0)]
    assert (index.statement, index.encoder) == ("f", "fake:words")
    assert len(build_index([], encoder, statement="f")) == 0
