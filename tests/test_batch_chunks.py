"""Tests of nlp.batch.chunks: an input is cut the same way each time, and a change of it is seen."""

from __future__ import annotations

from dataclasses import replace

from batch_fakes import document, documents
from hypothesis import given
from hypothesis import strategies as st

from corpus.inputs.files import ListedFile
from corpus.inputs.types import Document
from nlp.batch import chunks
from nlp.batch.chunks import Extent, cut, extent_of, most_documents


def test_chunks_grow_to_a_limit() -> None:
    sizes = [len(chunk.items) for chunk in cut(documents(16 * (8 + 16 + 32) + 100))]
    assert sizes == [8] * 16 + [16] * 16 + [32] * 16 + [64, 36]
    assert most_documents(10**9) == 64


def test_large_documents_make_small_chunks() -> None:
    size = chunks.MOST_BYTES // 2
    files = [ListedFile(str(n), str(n), str(n), size, 0) for n in range(3)]
    giant = replace(files[0], size=10 * size)
    assert [len(chunk.items) for chunk in cut([*files, giant, giant])] == [2, 1, 1, 1]


@given(st.lists(st.integers(0, chunks.MOST_BYTES), max_size=200))
def test_every_document_is_in_one_chunk_in_its_place(sizes: list[int]) -> None:
    files = [ListedFile(str(n), str(n), str(n), size, 0) for n, size in enumerate(sizes)]
    made = list(cut(iter(files)))
    assert [item for chunk in made for item in chunk.items] == files
    assert [chunk.number for chunk in made] == list(range(len(made)))
    for chunk in made:
        assert files[chunk.first] is chunk.items[0]
        assert len(chunk.items) <= most_documents(chunk.number)
        assert len(chunk.items) == 1 or sum(sizes[int(item.id)] for item in chunk.items) <= chunks.MOST_BYTES


def test_nothing_has_no_chunks() -> None:
    assert list(cut([])) == []
    assert extent_of([]).documents == 0


def test_the_extent_tells_inputs_apart() -> None:
    def extent(*items: Document) -> Extent:
        return extent_of(iter(items))

    one, two = document(1), document(2)
    assert extent(one, two) == extent(one, two)
    assert extent(one, two).documents == 2
    others = [
        extent(one, two),
        extent(two, one),
        extent(one),
        extent(one, replace(two, content="x")),
        extent(one, two, two),
    ]
    assert len({other.digest for other in others}) == len(others)
