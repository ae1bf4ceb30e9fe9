"""Tests of nlp.search.gather: every clause is kept once, and those that read the same lie together."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_fakes import KEPT, SHARED, SHARED_TOO, row, two_policies, write_result

from corpus.taxonomy import CATEGORY_IDS
from nlp.search.clause_table import ClauseTable
from nlp.search.gather import Gathered, blocks, context_of, distinct_contexts, gather, mask_of
from nlp.search.layout import MASKS, STARTS, WORDS, mapped
from nlp.search.source import BatchResult


def gathered(folder: Path, *parts: list[dict[str, Any]], part_rows: int = 1000) -> tuple[Path, Gathered]:
    """Gather a batch result and return the folder and the counts."""
    result = BatchResult.open(write_result(folder / "result", *parts))
    (folder / "made").mkdir()
    return folder / "made", gather(result, folder / "made", part_rows=part_rows)


def test_clauses_with_equal_context_and_categories_share_a_vector(tmp_path: Path) -> None:
    folder, counts = gathered(tmp_path, *two_policies())
    # SHARED of both policies; KEPT differs in its categories, SHARED_TOO in its words and heading.
    assert counts == Gathered(statements=2, clauses=6, distinct=5, parts=(6,))
    starts = mapped(folder / STARTS, "<i8", (6,))
    table = ClauseTable.open(folder, counts.parts)
    shared = [[table[i] for i in range(starts[v], starts[v + 1])] for v in range(5)]
    (both,) = [clauses for clauses in shared if len(clauses) == 2]
    assert [(clause.statement_id, clause.clause_id, clause.text) for clause in both] == [
        ("acme", "c1", SHARED),
        ("globex", "c1", SHARED),
    ]
    masks, words = mapped(folder / MASKS, "<u2", (5,)), mapped(folder / WORDS, "<u8", (5,))
    assert [int(mask) for mask in masks] == [mask_of(clauses[0].categories) for clauses in shared]
    by_text = {clauses[0].text: word for clauses, word in zip(shared, words, strict=True)}
    assert by_text[SHARED] == by_text[SHARED_TOO] != by_text[KEPT]


def test_a_clause_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = row(
        "Name",
        heading=["8. Data", "What"],
        lead_in="We collect:",
        columns=["Field", "Use"],
        kind="row",
        categories=["sharing", "collection"],
        provenance='{"url": "https://x.example", "date": "2020-01-01"}',
    )
    folder, counts = gathered(tmp_path, [whole])
    clause = ClauseTable.open(folder, counts.parts)[0]
    assert clause.provenance == {"url": "https://x.example", "date": "2020-01-01"}
    assert (clause.statement_id, clause.source, clause.clause_id) == ("acme", "policies/acme.md", "c1")
    assert (clause.heading, clause.lead_in, clause.kind) == (("8. Data", "What"), "We collect:", "row")
    assert (clause.start, clause.end, clause.text) == (10, 14, "Name")
    assert clause.categories == ("sharing", "collection")
    assert context_of(whole) == "What: We collect: Field, Use: Name"


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["we sell", "we keep", "we ask", "cookies"]),
            st.sampled_from([(), ("Top",), ("Top", "Sub")]),
            st.sets(st.sampled_from(CATEGORY_IDS[:3])),
            st.sampled_from(["a", "b", "c"]),
        ),
        max_size=40,
    ),
    st.integers(1, 9),
)
def test_every_clause_is_there_once_whatever_the_parts(clauses: list[Any], part_rows: int) -> None:
    rows = [
        row(text, statement, number, heading=list(heading), categories=sorted(categories))
        for number, (text, heading, categories, statement) in enumerate(clauses)
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder, counts = gathered(Path(scratch), rows, part_rows=part_rows)
        starts = mapped(folder / STARTS, "<i8", (counts.distinct + 1,))
        table = ClauseTable.open(folder, counts.parts)
        found = [table[i] for i in range(len(table))]
        contexts = distinct_contexts(folder, counts, starts, 0, counts.distinct)
        masks = np.array(mapped(folder / MASKS, "<u2", (counts.distinct,)))
    assert Counter((c.statement_id, c.clause_id) for c in found) == Counter(
        (r["statement_id"], r["clause_id"]) for r in rows
    )
    expected = {(context_of(r), mask_of(r["categories"])) for r in rows}
    assert len(contexts) == len(expected)
    assert set(zip(contexts, masks.tolist(), strict=True)) == expected
    assert counts.clauses == len(rows)
    by_id = {r["clause_id"]: context_of(r) for r in rows}
    for v, context in enumerate(contexts):
        assert {by_id[c.clause_id] for c in found[starts[v] : starts[v + 1]]} == {context}


def test_an_empty_result_gives_an_empty_table(tmp_path: Path) -> None:
    for parts in ((), ([],)):
        folder, counts = gathered(tmp_path / str(len(parts)), *parts)
        assert counts == Gathered(0, 0, 0, (0,))
        assert len(ClauseTable.open(folder, counts.parts)) == 0


def test_many_statements_are_found_by_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp.search import clause_table
    from nlp.search import gather as module

    monkeypatch.setattr(module, "STATEMENT_ROWS", 3)
    monkeypatch.setattr(clause_table, "STATEMENT_ROWS", 3)
    folder, counts = gathered(tmp_path, [row(f"clause {n}", f"policy-{n}", n) for n in range(10)])
    table = ClauseTable.open(folder, counts.parts)
    assert counts.statements == 10
    assert {(c.statement_id, c.text) for c in (table[i] for i in range(10))} == {
        (f"policy-{n}", f"clause {n}") for n in range(10)
    }


def test_nothing_is_left_of_the_dealing_out(tmp_path: Path) -> None:
    folder, _ = gathered(tmp_path, *two_policies(), part_rows=2)
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_categories_are_bits_in_their_order() -> None:
    assert mask_of([]) == 0
    assert mask_of(["collection"]) == 1
    assert mask_of(("other", "sharing", "sharing")) == 2 + (1 << 12)
    assert mask_of(["no such"]) == 0


@pytest.mark.parametrize(
    ("count", "size", "expected"), [(0, 3, []), (3, 3, [(0, 3)]), (7, 3, [(0, 3), (3, 6), (6, 7)])]
)
def test_blocks_cover_all(count: int, size: int, expected: list[tuple[int, int]]) -> None:
    assert list(blocks(count, size)) == expected
