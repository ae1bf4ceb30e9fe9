"""Embed the distinct clauses of a corpus into a file of vectors; a run that was cut off goes on where it stopped."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from nlp.encoder import Encoder
from nlp.search.gather import Gathered, blocks, distinct_contexts
from nlp.search.layout import STARTS, VECTORS, mapped, read_json, write_json

BLOCK = 512
"""So many clauses are embedded between two marks of how far it got."""

PROGRESS = ".embedded.json"

Report = Callable[[str, int, int], None]
"""Is told what is going on, how much of it is done and how much there is."""


def embed(folder: Path, gathered: Gathered, encoder: Encoder, report: Report, *, block: int = BLOCK) -> int:
    """Write `vectors.f16`, of shape (distinct, dimensions) in half precision; return how many were embedded now.

    Vectors count as written once they are on the disk and `.embedded.json` says so.
    """
    width = 2 * encoder.dimensions
    starts = mapped(folder / STARTS, "<i8", (gathered.distinct + 1,))
    done = int((read_json(folder / PROGRESS) or {}).get("done", 0))
    before = done
    report("embedding", done, gathered.distinct)
    with (folder / VECTORS).open("ab") as file:
        # What a run wrote after its last mark may be torn.
        file.truncate(done * width)
        for first, last in blocks(gathered.distinct - before, block):
            vectors = encoder.encode(distinct_contexts(folder, gathered, starts, before + first, before + last))
            file.write(vectors.astype("<f2").tobytes())
            file.flush()
            os.fsync(file.fileno())
            done = before + last
            write_json(folder / PROGRESS, {"done": done})
            report("embedding", done, gathered.distinct)
    return done - before


def stored_vectors(folder: Path, count: int, dimensions: int) -> NDArray[Any]:
    """Map the vectors of an index into memory, half precision, shape (count, dimensions)."""
    return mapped(folder / VECTORS, "<f2", (count, dimensions))
