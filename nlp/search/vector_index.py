"""FAISS indexes over vectors that are on the disk: built block by block, mapped into memory, and searched.

Douze et al., "The Faiss library", 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from nlp.encoder import Vectors
from nlp.search.choose import Plan
from nlp.search.embed import Report
from nlp.search.gather import blocks
from nlp.search.layout import INDEX, IndexFolderError, cells_file

# The stubs of FAISS know its C++ constructors, not the Python ones.
_faiss: Any = faiss

EXACT_UP_TO = 10_000
"""A filter that leaves no more than so many vectors has them compared one by one."""

_BLOCK = 16_384
_SHARD = 4_000_000
TRAINED_PER_CELL = 50
LARGE_QUANTIZER = 16_384
_MOST_EFFORT = 8
_SEED = 0


def build_vector_index(vectors: NDArray[Any], plan: Plan, folder: Path, report: Report) -> None:
    """Write `index.faiss` over vectors of shape (n, d); that of an inverted file has its cells in `cells-*.faiss`."""
    index = _untrained(vectors.shape[1], plan)
    if plan.kind == "ivfpq":
        _build_inverted(index, vectors, folder, report)
        return
    if not index.is_trained:
        index.train(_sample(vectors, _BLOCK))
    _add(index, vectors, 0, len(vectors), report)
    faiss.write_index(index, str(folder / INDEX))


def _build_inverted(index: Any, vectors: NDArray[Any], folder: Path, report: Report) -> None:
    """Fill the cells with so many vectors at a time, so that memory does not grow with all of them."""
    report("training", 0, 1)
    index.train(_sample(vectors, TRAINED_PER_CELL * max(index.nlist, 1 << index.pq.nbits)))
    report("training", 1, 1)
    faiss.write_index(index, str(folder / INDEX))
    for number, (first, last) in enumerate(blocks(len(vectors), _SHARD)):
        shard = _faiss.read_index(str(folder / INDEX))
        _add(shard, vectors, first, last, report)
        faiss.write_InvertedLists(shard.invlists, faiss.FileIOWriter(str(folder / cells_file(number))))


def _untrained(dimensions: int, plan: Plan) -> Any:
    metric = faiss.METRIC_INNER_PRODUCT
    if plan.kind == "flat":
        return _faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_fp16, metric)
    if plan.kind == "hnsw":
        index = _faiss.IndexHNSWSQ(dimensions, faiss.ScalarQuantizer.QT_8bit, plan.links, metric)
        index.hnsw.efConstruction = plan.build_effort
        return index
    cells = f"IVF{plan.lists}" + ("_HNSW32" if plan.lists >= LARGE_QUANTIZER else "")
    index = _faiss.index_factory(dimensions, f"{cells},PQ{plan.code_bytes}", metric)
    # How many vectors there are is known; FAISS need not warn of it.
    index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1
    return index


def _sample(vectors: NDArray[Any], count: int) -> Vectors:
    """Return at most `count` of the vectors, drawn without order from all of them."""
    if count >= len(vectors):
        return np.asarray(vectors, np.float32)
    chosen = np.random.default_rng(_SEED).choice(len(vectors), count, replace=False)
    return np.asarray(vectors[np.sort(chosen)], np.float32)


def _add(index: Any, vectors: NDArray[Any], first: int, last: int, report: Report) -> None:
    for start, end in blocks(last - first, _BLOCK):
        rows = np.ascontiguousarray(vectors[first + start : first + end], np.float32)
        if isinstance(index, faiss.IndexIVF):
            index.add_with_ids(rows, np.arange(first + start, first + end))
        else:
            index.add(rows)
        report("indexing", first + end, len(vectors))


@dataclass(frozen=True)
class VectorIndex:
    """A FAISS index and the vectors that it was built over, both mapped into memory."""

    faiss: Any
    plan: Plan
    vectors: NDArray[Any]

    @classmethod
    def open(cls, folder: Path, plan: Plan, vectors: NDArray[Any]) -> VectorIndex:
        """Open what `build_vector_index` wrote; raises `IndexFolderError`."""
        try:
            index = faiss.read_index(str(folder / INDEX), faiss.IO_FLAG_MMAP_IFC)
            if plan.kind == "ivfpq":
                _open_cells(index, folder, len(vectors))
        except RuntimeError as e:
            raise IndexFolderError(f"{folder} is damaged: FAISS cannot read {INDEX}; index again") from e
        if (index.ntotal, index.d) != vectors.shape:
            raise IndexFolderError(f"{folder} is damaged: {INDEX} does not fit its vectors; index again")
        return cls(index, plan, vectors)

    def nearest(
        self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors, Vectors]:
        """Return the positions, cosines and vectors of the nearest to one unit vector of shape (d,), best first.

        `allowed` of shape (n,) leaves vectors out. There are `count` of them wherever there are so many. The cosines
        are computed from the stored vectors; equal ones are in the order of their positions.
        """
        query = np.ascontiguousarray(query, np.float32)
        left = len(self.vectors) if allowed is None else int(np.count_nonzero(allowed))
        count = min(count, left)
        if count < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros((0, self.vectors.shape[1]), np.float32)
        positions = None
        if allowed is None or left > EXACT_UP_TO:
            positions = self._approximate(query, count, allowed, left)
        if positions is None or len(positions) < count:
            # A graph or the cells that were looked into may hold too few of what the filter leaves.
            positions = self._exact(query, count, allowed)
        vectors = np.asarray(self.vectors[positions], np.float32)
        # Not a product of matrices, whose last digits depend on the place of a row: equal vectors have equal cosines.
        cosines = np.vecdot(vectors, query)
        order = np.lexsort((positions, -cosines))
        return positions[order], cosines[order], vectors[order]

    def _approximate(
        self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None, left: int
    ) -> NDArray[np.int64]:
        options: dict[str, Any] = {}
        if allowed is not None:
            options["sel"] = _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        # What a filter leaves lies further apart.
        harder = min(_MOST_EFFORT, -(-len(self.vectors) // left))
        if self.plan.kind == "flat":
            parameters = _faiss.SearchParameters(**options)
        elif self.plan.kind == "hnsw":
            parameters = _faiss.SearchParametersHNSW(efSearch=max(count, self.plan.effort * harder), **options)
        else:
            probed = min(self.plan.lists, self.plan.probed * harder)
            parameters = _faiss.SearchParametersIVF(nprobe=probed, **options)
        with _one_thread():
            _, found = self.faiss.search(query.reshape(1, -1), count, params=parameters)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def _exact(self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Return the positions of the nearest, in no order, comparing all that are allowed."""
        pool = np.arange(len(self.vectors)) if allowed is None else np.flatnonzero(allowed)
        best, cosines = np.zeros(0, np.int64), np.zeros(0, np.float32)
        for first, last in blocks(len(pool), _BLOCK):
            rows = pool[first:last]
            best = np.concatenate((best, rows))
            cosines = np.concatenate((cosines, np.vecdot(np.asarray(self.vectors[rows], np.float32), query)))
            if len(best) > count:
                kept = np.sort(np.argpartition(-cosines, count - 1)[:count])
                best, cosines = best[kept], cosines[kept]
        return best


def _open_cells(index: Any, folder: Path, count: int) -> None:
    """Give an index of which the cells are empty those of the files, mapped into memory."""
    stacked = _faiss.InvertedListsPtrVector()
    for number in range(-(-count // _SHARD)):
        reader = faiss.FileIOReader(str(folder / cells_file(number)))
        cells = _faiss.read_InvertedLists(reader, faiss.IO_FLAG_MMAP)
        # Else each query starts threads that touch its cells, which costs more than the query itself.
        cells.prefetch_nthread = 0
        stacked.push_back(cells)
    if stacked.size() > 1:
        # The parts of a stack stay mapped until the process ends: FAISS has nothing that would own them.
        cells = _faiss.HStackInvertedLists(stacked.size(), stacked.data())
        cells.this.disown()
    index.replace_invlists(cells, True)
    index.ntotal = sum(cells.list_size(number) for number in range(index.nlist))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have FAISS work in this thread: one query gives several nothing to do but to wait for one another."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
