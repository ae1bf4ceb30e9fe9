"""Which kind of FAISS index a corpus gets, and with which parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

IndexKind = Literal["flat", "hnsw", "ivfpq"]
KINDS: tuple[IndexKind, ...] = get_args(IndexKind)

FLAT_UP_TO = 50_000
"""So many vectors are compared one by one in a few milliseconds."""
HNSW_UP_TO = 500_000
"""More are better held as short codes: a graph with its vectors takes ten times the room, and is built in memory."""

LEAST = 1_000
"""Fewer vectors are too few to train anything on; they are compared one by one."""

RERANKED = 300
"""How many candidates are compared again with their stored vectors."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A kind of index with its parameters; those of other kinds are zero.

    `links` is HNSW's M (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
    hierarchical navigable small world graphs", 2018), `build_effort` and `effort` its efConstruction and efSearch.
    `lists` and `probed` are the cells of an inverted file and how many of them a query looks into, `code_bytes` the
    bytes of a product quantizer's code (Jégou et al., "Product quantization for nearest neighbor search", 2011). A
    rotation before it (OPQ) finds no more once candidates are compared again: over 50,000 real vectors recall@10 of
    questions was 0.970 with it and 0.969 without.
    """

    kind: IndexKind
    links: int = 0
    build_effort: int = 0
    effort: int = 0
    lists: int = 0
    probed: int = 0
    code_bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as the configuration of an index keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Plan:
        """Return a plan from what `as_dict` gave; raises `ValueError` where it is something else."""
        try:
            plan = cls(**record)
        except TypeError as e:
            raise ValueError(f"not the parameters of an index: {dict(record)}") from e
        if plan.kind not in KINDS:
            raise ValueError(f"the kind of an index is {' or '.join(KINDS)}, not {plan.kind!r}")
        return plan


def choose(count: int, dimensions: int, kind: IndexKind | None = None) -> Plan:
    """Return the plan for `count` vectors of a length, of a kind if one is given and there are enough for it."""
    kind = kind or ("flat" if count <= FLAT_UP_TO else "hnsw" if count <= HNSW_UP_TO else "ivfpq")
    if kind == "flat" or count < LEAST:
        return Plan("flat")
    if kind == "hnsw":
        return Plan("hnsw", links=32, build_effort=100, effort=2 * RERANKED)
    lists = _cells(count)
    return Plan("ivfpq", lists=lists, probed=min(lists, 256), code_bytes=_code_bytes(dimensions))


def _cells(count: int) -> int:
    """Return the power of two nearest to four times the square root of the count, with forty vectors to a cell."""
    wanted = min(4 * count**0.5, count / 40)
    return 1 << max(0, round(math.log2(max(1.0, wanted))))


def _code_bytes(dimensions: int) -> int:
    """Return an eighth of the dimensions, or the next smaller number that divides them."""
    return next(size for size in range(max(1, dimensions // 8), 0, -1) if dimensions % size == 0)
