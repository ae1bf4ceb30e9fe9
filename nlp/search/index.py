"""Find the clauses of a corpus that say something like a given text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.taxonomy import CATEGORY_IDS
from nlp.encoder import Encoder, SentenceEncoder, Vectors
from nlp.furniture import is_of_page
from nlp.search.choose import RERANKED, Plan
from nlp.search.clause_table import ClauseTable, FoundClause
from nlp.search.embed import stored_vectors
from nlp.search.gather import mask_of
from nlp.search.layout import MASKS, STARTS, WORDS, IndexFolderError, mapped, read_config
from nlp.search.vector_index import VectorIndex

NEAR = 0.95
"""Two clauses whose vectors have at least this cosine are near-identical."""

# So many more are looked at than are wanted, to have others in the place of words of menus.
_MENUS = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found. `score` is the cosine of its context to the query.

    `copies` is how many clauses among those looked at are near-identical to it, itself included; 1 where near-identical
    clauses are given one by one.
    """

    clause: FoundClause
    score: float
    copies: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Return the hit as the command line prints it."""
        found = self.clause
        return {
            "score": round(self.score, 4),
            "copies": self.copies,
            "statement": found.statement_id,
            "source": found.source,
            "provenance": dict(found.provenance),
            "id": found.clause_id,
            "start": found.start,
            "end": found.end,
            "text": found.text,
            "kind": found.kind,
            "heading": list(found.heading),
            "lead_in": found.lead_in,
            "categories": list(found.categories),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Vectors that are near-identical: the position and cosine of the best, and the positions of all."""

    position: int
    cosine: float
    members: NDArray[np.int64]


@dataclass(frozen=True)
class SearchIndex:
    """An index over the clauses of a corpus, mapped into memory.

    Clauses with equal context and categories share a vector: `starts` of shape (n + 1,) says where the clauses of each
    vector begin in `clauses`. `masks` of shape (n,) are its categories as bits, `words` a hash of its words.
    """

    nearest: VectorIndex
    clauses: ClauseTable
    starts: NDArray[np.int64]
    masks: NDArray[np.uint16]
    words: NDArray[np.uint64]
    encoder: Encoder
    result: str

    @classmethod
    def open(cls, folder: str | Path, encoder: Encoder | None = None) -> SearchIndex:
        """Open what `smallprint index` wrote; raises `IndexFolderError`, or `EncoderError` if there is no encoder."""
        folder = Path(folder)
        config = read_config(folder)
        try:
            plan = Plan.from_dict(config["plan"])
            count, dimensions = int(config["distinct"]), int(config["dimensions"])
            parts = [int(rows) for rows in config["parts"]]
            made_by, result = str(config["encoder"]), str(config["result"])
        except (KeyError, TypeError, ValueError) as e:
            raise IndexFolderError(f"{folder} is damaged: its configuration is incomplete; index again") from e
        vectors = stored_vectors(folder, count, dimensions)
        starts = mapped(folder / STARTS, "<i8", (count + 1,))
        masks, words = mapped(folder / MASKS, "<u2", (count,)), mapped(folder / WORDS, "<u8", (count,))
        nearest = VectorIndex.open(folder, plan, vectors)
        clauses = ClauseTable.open(folder, parts)
        encoder = encoder or SentenceEncoder.load()
        if encoder.fingerprint != made_by:
            given = encoder.fingerprint
            raise IndexFolderError(f"{folder} was made by the encoder {made_by}, not by {given}; index again")
        return cls(nearest, clauses, starts, masks, words, encoder, result)

    def __len__(self) -> int:
        return len(self.clauses)

    def search(self, text: str, k: int = 10, *, categories: Sequence[str] = (), distinct: bool = True) -> list[Hit]:
        """Return the k clauses nearest to a text, best first, menus last; fewer only if there are fewer.

        Clauses that lack one of `categories` are left out. With `distinct`, of near-identical clauses the nearest is
        given, with their number.

        Raises `ValueError` for a text without words or a category that does not exist.
        """
        if not text.strip():
            raise ValueError("the text to search for is empty; give some words")
        unknown = [name for name in categories if name not in CATEGORY_IDS]
        if unknown:
            raise ValueError(f"no such category: {', '.join(unknown)}; there are {', '.join(CATEGORY_IDS)}")
        (query,) = self.encoder.encode([text])
        return self.search_vector(query, k, categories=categories, distinct=distinct)

    def search_vector(
        self, query: Vectors, k: int = 10, *, categories: Sequence[str] = (), distinct: bool = True
    ) -> list[Hit]:
        """Return the k clauses nearest to a unit vector of shape (d,), as `search` does."""
        wanted = mask_of(tuple(categories))
        allowed = (self.masks & wanted) == wanted if wanted else None
        left = len(self.masks) if allowed is None else int(np.count_nonzero(allowed))
        if k < 1:
            return []
        looked_at = max(RERANKED, 2 * k)
        while True:
            positions, cosines, vectors = self.nearest.nearest(query, looked_at, allowed)
            groups = self._groups(positions, cosines, vectors, k + _MENUS) if distinct else _alone(positions, cosines)
            # The words of a menu are nearer to many a query than any sentence.
            groups = sorted(groups[: k + _MENUS], key=self._is_menu)
            hits = list(self._hits(groups, k, distinct=distinct))
            if len(hits) == k or len(positions) == left:
                return hits
            looked_at = min(left, 4 * looked_at)

    def _groups(self, positions: NDArray[np.int64], cosines: Vectors, vectors: Vectors, k: int) -> list[Group]:
        """Put near-identical vectors together, each with the best that it is near to; the k best groups."""
        words, free = np.asarray(self.words[positions]), np.ones(len(positions), bool)
        groups: list[Group] = []
        while free.any() and len(groups) < k:
            best = int(free.argmax())
            near = free & ((np.vecdot(vectors, vectors[best]) >= NEAR) | (words == words[best]))
            # By its own words a clause is always near to itself.
            free &= ~near
            groups.append(Group(int(positions[best]), float(cosines[best]), positions[near]))
        return groups

    def _is_menu(self, group: Group) -> bool:
        found = self.clauses[int(self.starts[group.position])]
        return is_of_page(found.text, found.kind)

    def _hits(self, groups: Sequence[Group], k: int, *, distinct: bool) -> Iterator[Hit]:
        given = 0
        for group in groups:
            first, last = int(self.starts[group.position]), int(self.starts[group.position + 1])
            copies = int((self.starts[group.members + 1] - self.starts[group.members]).sum()) if distinct else 1
            for row in range(first, first + 1 if distinct else last):
                if given == k:
                    return
                given += 1
                yield Hit(self.clauses[row], group.cosine, copies)


def _alone(positions: NDArray[np.int64], cosines: Vectors) -> list[Group]:
    return [
        Group(int(position), float(cosine), np.array([position], np.int64))
        for position, cosine in zip(positions, cosines, strict=True)
    ]
