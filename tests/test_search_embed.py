"""Tests of nlp.search.embed: each distinct clause once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from nlp_fakes import WordEncoder
from search_fakes import row, write_result

from nlp.encoder import Vectors
from nlp.search.embed import PROGRESS, embed, stored_vectors
from nlp.search.gather import Gathered, distinct_contexts, gather
from nlp.search.layout import STARTS, VECTORS, mapped
from nlp.search.source import BatchResult

WORDS = [f"word{number}" for number in range(10)]


@dataclass
class Failing:
    """An encoder that stops after some calls."""

    after: int
    fingerprint: str = "fake:words"
    dimensions: int = 2048
    inner: WordEncoder = field(default_factory=WordEncoder)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, or stop as a killed process would."""
        if len(self.inner.asked) == self.after:
            raise KeyboardInterrupt
        return self.inner.encode(texts)


def ready(folder: Path) -> tuple[Path, Gathered]:
    """Return a folder with ten distinct clauses of which each stands in two policies."""
    rows = [row(word, statement) for statement in ("a", "b") for word in WORDS]
    result = BatchResult.open(write_result(folder / "result", rows))
    (folder / "made").mkdir()
    return folder / "made", gather(result, folder / "made", part_rows=7)


def expected(folder: Path, counts: Gathered) -> np.ndarray:
    starts = mapped(folder / STARTS, "<i8", (counts.distinct + 1,))
    return WordEncoder().encode(distinct_contexts(folder, counts, starts, 0, 10)).astype(np.float16)


def ignore(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def test_each_distinct_clause_is_embedded_once(tmp_path: Path) -> None:
    folder, counts = ready(tmp_path)
    encoder, said = WordEncoder(), list[tuple[str, int, int]]()
    assert embed(folder, counts, encoder, lambda *what: said.append(what), block=4) == 10
    assert encoder.asked == [4, 4, 2]
    assert said == [("embedding", 0, 10), ("embedding", 4, 10), ("embedding", 8, 10), ("embedding", 10, 10)]
    np.testing.assert_array_equal(stored_vectors(folder, 10, 2048), expected(folder, counts))


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_run_that_was_cut_off_goes_on(tmp_path: Path, after: int) -> None:
    folder, counts = ready(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        embed(folder, counts, Failing(after), ignore, block=4)
    # As a write that was cut off leaves it.
    with (folder / VECTORS).open("ab") as file:
        file.write(b"torn")
    encoder = WordEncoder()
    assert embed(folder, counts, encoder, ignore, block=4) == 10 - 4 * after
    assert sum(encoder.asked) == 10 - 4 * after
    np.testing.assert_array_equal(stored_vectors(folder, 10, 2048), expected(folder, counts))


def test_vectors_that_no_mark_vouches_for_are_made_again(tmp_path: Path) -> None:
    folder, counts = ready(tmp_path)
    embed(folder, counts, WordEncoder(), ignore)
    (folder / PROGRESS).write_text("{")
    assert embed(folder, counts, WordEncoder(), ignore) == 10
    np.testing.assert_array_equal(stored_vectors(folder, 10, 2048), expected(folder, counts))


def test_nothing_is_done_twice(tmp_path: Path) -> None:
    folder, counts = ready(tmp_path)
    embed(folder, counts, WordEncoder(), ignore)
    encoder = WordEncoder()
    assert embed(folder, counts, encoder, ignore) == 0
    assert encoder.asked == []
