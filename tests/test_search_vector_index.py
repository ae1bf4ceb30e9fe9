"""Tests of nlp.search.vector_index: every kind held against numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from search_fakes import unit

from nlp.encoder import Vectors
from nlp.search import vector_index
from nlp.search.choose import KINDS, IndexKind, Plan, choose
from nlp.search.layout import INDEX, IndexFolderError
from nlp.search.vector_index import VectorIndex, build_vector_index

COUNT, DIMENSIONS = 3000, 32


def ignore(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def stored(count: int = COUNT, seed: int = 0) -> NDArray[Any]:
    """Return vectors around a hundred centres, as clauses lie, in half precision."""
    random = np.random.default_rng(seed)
    made = unit(100, DIMENSIONS)[random.integers(0, 100, count)] + 0.15 * random.normal(size=(count, DIMENSIONS))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype("<f2")


def built(folder: Path, kind: IndexKind, vectors: NDArray[Any]) -> VectorIndex:
    """Build an index of a kind, whatever the number of vectors, and open it."""
    plan = choose(len(vectors), DIMENSIONS, kind)
    folder.mkdir(exist_ok=True)
    build_vector_index(vectors, plan, folder, ignore)
    return VectorIndex.open(folder, plan, vectors)


def brute(vectors: NDArray[Any], query: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Return the positions of the k nearest, the first of equal ones first."""
    cosines = np.vecdot(np.asarray(vectors, np.float32), query)
    if allowed is not None:
        cosines = np.where(allowed, cosines, -9)
    return np.argsort(-cosines, kind="stable")[:k]


@pytest.fixture(scope="module", params=KINDS)
def each_kind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    return built(tmp_path_factory.mktemp("index"), request.param, stored())


def test_flat_search_is_exact(tmp_path: Path) -> None:
    vectors = stored()
    index = built(tmp_path, "flat", vectors)
    for query in unit(20, seed=1):
        positions, cosines, found = index.nearest(query, 10)
        assert positions.tolist() == brute(vectors, query, 10).tolist()
        np.testing.assert_array_equal(cosines, np.vecdot(np.asarray(vectors[positions], np.float32), query))
        np.testing.assert_array_equal(found, np.asarray(vectors[positions], np.float32))


def test_every_kind_finds_most_of_the_nearest(each_kind: VectorIndex) -> None:
    vectors, queries = stored(), unit(50, seed=1)
    shares = []
    for query in queries:
        positions, cosines, _ = each_kind.nearest(query, 300)
        np.testing.assert_allclose(cosines, np.asarray(vectors[positions], np.float32) @ query, atol=1e-6)
        assert (np.diff(cosines) <= 0).all()
        shares.append(len(set(positions[:10]) & set(brute(vectors, query, 10))) / 10)
    assert np.mean(shares) >= 0.98


@pytest.mark.parametrize("left", [1, 5, 400, 2500])
def test_a_filter_leaves_all_that_it_allows(each_kind: VectorIndex, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that some filters are left to FAISS and some are not.
    monkeypatch.setattr(vector_index, "EXACT_UP_TO", 100)
    allowed = np.zeros(COUNT, bool)
    allowed[np.random.default_rng(2).choice(COUNT, left, replace=False)] = True
    shares = []
    for query in unit(20, seed=3):
        positions, _, _ = each_kind.nearest(query, 300, allowed)
        assert len(positions) == len(set(positions.tolist())) == min(300, left)
        assert allowed[positions].all()
        shares.append(len(set(positions[:10]) & set(brute(stored(), query, min(10, left), allowed))) / min(10, left))
    assert np.mean(shares) >= (1.0 if left <= 100 else 0.95)


def test_too_few_from_faiss_are_made_up_for(each_kind: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = np.zeros(0, np.int64)
    monkeypatch.setattr(VectorIndex, "_approximate", lambda *given: nothing)
    monkeypatch.setattr(vector_index, "_BLOCK", 256)
    query = unit(1, seed=4)[0]
    assert each_kind.nearest(query, 40)[0].tolist() == brute(stored(), query, 40).tolist()


@pytest.mark.parametrize("count", [COUNT, COUNT + 1, 10 * COUNT])
def test_all_are_found_where_more_are_asked_for(each_kind: VectorIndex, count: int) -> None:
    positions, _, _ = each_kind.nearest(unit(1, seed=5)[0], count)
    assert sorted(positions.tolist()) == list(range(COUNT))


@pytest.mark.parametrize("count", [0, -3])
def test_nothing_is_found_where_nothing_is_asked_for(each_kind: VectorIndex, count: int) -> None:
    positions, cosines, found = each_kind.nearest(unit(1)[0], count)
    assert (positions.shape, cosines.shape, found.shape) == ((0,), (0,), (0, DIMENSIONS))


def test_equal_vectors_come_in_their_order(tmp_path: Path) -> None:
    for kind in KINDS:
        vectors = np.concatenate((stored(1200), np.repeat(unit(1, seed=9), 8, axis=0).astype("<f2")))
        index = built(tmp_path / kind, kind, vectors)
        positions, cosines, _ = index.nearest(np.asarray(vectors[1203], np.float32), 8)
        assert positions.tolist() == list(range(1200, 1208))
        assert len(set(cosines.tolist())) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 7])
def test_few_vectors_do_for_every_kind(tmp_path: Path, kind: IndexKind, count: int) -> None:
    index = built(tmp_path, kind, stored()[:count])
    assert sorted(index.nearest(unit(1)[0], 10)[0].tolist()) == list(range(count))


def test_cells_may_lie_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = stored()
    one = built(tmp_path / "one", "ivfpq", vectors)
    monkeypatch.setattr(vector_index, "_SHARD", 1100)
    several = built(tmp_path / "several", "ivfpq", vectors)
    assert sorted(path.name for path in (tmp_path / "several").glob("cells-*")) == [
        "cells-00000.faiss",
        "cells-00001.faiss",
        "cells-00002.faiss",
    ]
    for query in unit(10, seed=6):
        for mine, theirs in zip(several.nearest(query, 30), one.nearest(query, 30), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_progress_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "_BLOCK", 2000)
    said = list[tuple[str, int, int]]()
    build_vector_index(stored(), choose(COUNT, DIMENSIONS, "ivfpq"), tmp_path, lambda *what: said.append(what))
    assert said == [("training", 0, 1), ("training", 1, 1), ("indexing", 2000, 3000), ("indexing", 3000, 3000)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_torn_index_is_refused(tmp_path: Path, kind: IndexKind) -> None:
    built(tmp_path, kind, stored())
    content = (tmp_path / INDEX).read_bytes()
    (tmp_path / INDEX).write_bytes(content[: len(content) // 2])
    with pytest.raises(IndexFolderError, match=r"is damaged: FAISS cannot read index.faiss; index again"):
        VectorIndex.open(tmp_path, choose(COUNT, DIMENSIONS, kind), stored())


def test_an_index_over_other_vectors_is_refused(tmp_path: Path) -> None:
    built(tmp_path, "flat", stored())
    with pytest.raises(IndexFolderError, match=r"index.faiss does not fit its vectors; index again"):
        VectorIndex.open(tmp_path, Plan("flat"), stored(10))
