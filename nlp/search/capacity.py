"""What a corpus of many clauses would take, worked out on paper from what was measured on fewer."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.search.benchmark import Row, SearchTable
from nlp.search.choose import RERANKED, choose
from nlp.search.vector_index import LARGE_QUANTIZER, TRAINED_PER_CELL

CORPUS = 190_000_000
"""The clauses of a million policies."""
MACHINES = (1, 4, 16)
"""So many machines the calculation is made for."""

_CLAUSE_BYTES = 275
_DESCRIBED_BYTES = 8 + 2 + 8
_PAGE = 4096
_SSD_READ_SECONDS = 100e-6
# Measured once, on two cores: 32 µs a vector to find one of 65,536 cells through a graph, 10 µs to compare 4,096.
_GRAPH_SECONDS = 22e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one of `machines` machines, each like the one measured, needs for its shard of the clauses.

    `index_gb` must be in memory for a query to be quick, `disk_gb` is all of the shard (index, vectors, clauses);
    `embed_hours` and `build_hours` are of the clock, all machines at work at once; `training_gb` is the memory that
    training takes. `query_ms` is a query with all pages in memory, `cold_ms` what reading the compared vectors
    from an SSD one after the other adds.
    """

    machines: int
    clauses: int
    cells: int
    index_gb: float
    disk_gb: float
    training_gb: float
    embed_hours: float
    build_hours: float
    query_ms: float
    cold_ms: float


def capacity(table: SearchTable, *, clauses: int = CORPUS, machines: int = 1) -> Capacity:
    """Work out a shard of an inverted file from the one that was measured; raises `ValueError` without one."""
    measured = _inverted(table)
    each, dimensions = -(-clauses // machines), table.vector_bytes // 2
    before, after = choose(table.vectors, dimensions, "ivfpq"), choose(each, dimensions, "ivfpq")
    scanned_before = table.vectors * before.probed / before.lists
    scanned_after = each * after.probed / after.lists
    adding = (measured.build_seconds - measured.training_seconds) * each / table.vectors
    adding += each * _GRAPH_SECONDS * (after.lists >= LARGE_QUANTIZER)
    training = measured.training_seconds * max(1.0, after.lists / before.lists) ** 2
    return Capacity(
        machines=machines,
        clauses=each,
        cells=after.lists,
        index_gb=each * measured.disk / 1e9,
        disk_gb=each * (measured.disk + table.vector_bytes + _CLAUSE_BYTES + _DESCRIBED_BYTES) / 1e9,
        training_gb=TRAINED_PER_CELL * after.lists * 4 * dimensions / 1e9,
        embed_hours=each / table.clauses_per_second / 3600,
        build_hours=(training + adding) / 3600,
        query_ms=measured.p95 * max(1.0, scanned_after / scanned_before),
        cold_ms=1000 * RERANKED * _SSD_READ_SECONDS,
    )


def capacity_text(table: SearchTable, *, clauses: int = CORPUS, machines: tuple[int, ...] = MACHINES) -> str:
    """Return the calculation for several numbers of machines, with what it takes for granted."""
    lines = [
        f"{clauses / 1e6:.0f} million clauses, on paper, from the inverted file over {table.vectors} vectors",
        f"{'machines':>8} {'clauses':>11} {'cells':>7} {'RAM GB':>7} {'disk GB':>8} {'training GB':>11} {'embed h':>8}"
        f" {'build h':>8} {'query ms':>8} {'+ cold':>7}",
    ]
    for number in machines:
        one = capacity(table, clauses=clauses, machines=number)
        lines.append(
            f"{one.machines:8d} {one.clauses:11d} {one.cells:7d} {one.index_gb:7.1f} {one.disk_gb:8.0f}"
            f" {one.training_gb:11.1f} {one.embed_hours:8.0f} {one.build_hours:8.1f}"
            f" {one.query_ms:8.1f} {one.cold_ms:7.0f}"
        )
    lines += [
        "Taken for granted, not measured:",
        "- every clause is distinct; equal clauses share a vector, so all but the clauses' own bytes shrink with them;",
        f"- each machine is like the one measured ({table.cores} cores), embeds at the same rate, and holds a shard;",
        "- training takes time in proportion to the square of the cells; from 16,384 cells on they are found through a "
        f"graph, which takes {1e6 * _GRAPH_SECONDS:.0f} µs more a vector (measured once, for 65,536 cells);",
        "- a query takes time in proportion to the codes that it looks at (95th percentile); shards answer at once, "
        "and to merge their best costs nothing;",
        f"- cold: each of the {RERANKED} compared vectors is a read of {_PAGE} bytes from an SSD at "
        f"{1e6 * _SSD_READ_SECONDS:.0f} µs, one after the other; with the vectors in memory it is nothing;",
        f"- a clause with its place takes {_CLAUSE_BYTES} bytes, as in an index of real policies.",
        "Recall with more vectors to a shard than were measured is not known: measure it before relying on it.",
    ]
    return "\n".join(lines)


def _inverted(table: SearchTable) -> Row:
    found = [row for row in table.rows if row.kind == "ivfpq"]
    if not found:
        raise ValueError("the table has no row for an inverted file (ivfpq), on which the calculation rests")
    return found[0]
