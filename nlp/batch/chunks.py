"""Cut a stream of documents into the pieces that are worked on, written and skipped as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.inputs.read import Item, signature, size_of

# What is said over a clause is kept with each: of bytes that are all short sentences, twice as many do not fit in the
# memory of a worker.
MOST_BYTES = 5 * 1024 * 1024
_LEAST, _MOST, _STEP = 8, 64, 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """Documents that follow each other; `first` is the place of the first of them in the input, from 0."""

    number: int
    first: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """How many documents an input has, and a hex SHA-256 of what they are."""

    documents: int
    digest: str


def most_documents(number: int) -> int:
    """Return how many documents the chunk of a number has at most.

    The first ones are small, so that a small input gives work to all cores; the later ones are not, so that a large one
    does not give a hundred thousand files.
    """
    return min(_LEAST << number // _STEP, _MOST)


def cut(items: Iterable[Item]) -> Iterator[Chunk]:
    """Yield the chunks of an input: the same ones for the same input, whatever else differs between two runs."""
    held: list[Item] = []
    number = first = size = 0
    for item in items:
        if held and (len(held) == most_documents(number) or size + size_of(item) > MOST_BYTES):
            yield Chunk(number, first, tuple(held))
            number, first, size = number + 1, first + len(held), 0
            held.clear()
        held.append(item)
        size += size_of(item)
    if held:
        yield Chunk(number, first, tuple(held))


def extent_of(items: Iterable[Item]) -> Extent:
    """Go through an input once without opening its files."""
    digest, count = hashlib.sha256(), 0
    for item in items:
        digest.update(signature(item))
        count += 1
    return Extent(count, digest.hexdigest())
