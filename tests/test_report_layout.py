"""Two statements stand side by side: every clause once, what changed in its place, what did not folded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from report_fakes import Case, case

from nlp.changes import Change, Comparison, Passage
from nlp.report.layout import Across, Columns, Entry, Row, Same, lay_out
from nlp.types import Clause, StatementRef

REF = StatementRef("a", "A", None, None)


def rows(one: Case) -> list[Row]:
    return lay_out(one.comparison, one.old_clauses, one.new_clauses)


def test_each_kind_of_change_has_its_place() -> None:
    one = case()
    modified, removed, added, moved = one.comparison.changes
    a, b = one.old_clauses, one.new_clauses
    assert rows(one) == [
        Same(((a[0], b[0]),)),
        Columns((Entry(4, moved, away=True),), ()),
        Across(Entry(1, modified)),
        Same(((a[4], None), (None, b[4]))),
        Columns((Entry(2, removed),), (Entry(3, added), Entry(4, moved))),
    ]


def test_a_fold_says_what_is_in_it() -> None:
    a, b = case().old_clauses[0], case().new_clauses[0]
    fold = Same(((a, b), (a, b), (a, None)))
    assert (fold.unchanged, fold.left_out) == (2, 1)


def test_identical_statements_are_one_fold() -> None:
    clauses = made(3)
    same = tuple((clause.id, clause.id) for clause in clauses)
    (fold,) = lay_out(Comparison(REF, REF, (), same), clauses, clauses)
    assert fold == Same(tuple((clause, clause) for clause in clauses))


def test_a_sentence_that_was_split_is_one_change_beside_both_parts() -> None:
    old, new = made(3), made(4)
    split = modified([old[1]], new[1:3])
    comparison = Comparison(REF, REF, (split,), (("c0", "c0"), ("c2", "c3")))
    assert lay_out(comparison, old, new) == [
        Same(((old[0], new[0]),)),
        Across(Entry(1, split)),
        Same(((old[2], new[3]),)),
    ]


def test_what_was_reworded_and_moved_past_others_has_an_entry_in_its_old_place() -> None:
    old, new = made(3), made(3)
    change = modified([old[0]], [new[2]])
    comparison = Comparison(REF, REF, (change,), (("c1", "c0"), ("c2", "c1")))
    assert lay_out(comparison, old, new) == [
        Columns((Entry(1, change, away=True),), ()),
        Same(((old[1], new[0]), (old[2], new[1]))),
        Across(Entry(1, change)),
    ]


def made(count: int) -> list[Clause]:
    return [Clause(f"c{i}", i, i + 1, "x", "sentence") for i in range(count)]


def side(clauses: Sequence[Clause]) -> Passage:
    ids = tuple(clause.id for clause in clauses)
    return Passage(ids, "x" * len(ids), clauses[0].start, clauses[-1].end)


def modified(old: Sequence[Clause], new: Sequence[Clause]) -> Change:
    return Change("modified", side(old), side(new))


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[Comparison, list[Clause], list[Clause]]:
    """Draw a comparison in which each clause is the same, changed in some way, or left out of the count."""
    old, new = made(draw(st.integers(0, 8))), made(draw(st.integers(0, 8)))
    partners = draw(st.permutations(range(len(new))))
    kinds = draw(st.lists(st.sampled_from(["same", "modified", "moved", "apart", "none"]), min_size=8, max_size=8))
    pairs, changes, last = [], [], -1
    linked = set[int]()
    for i, (clause, j, kind) in enumerate(zip(old, partners, kinds, strict=False)):
        linked.add(i)
        if kind == "same" and j > last:
            pairs.append((clause.id, new[j].id))
            last = j
        elif kind == "modified":
            changes.append(modified([clause], [new[j]]))
        elif kind in ("same", "moved"):
            changes.append(Change("moved", side([clause]), side([new[j]])))
        elif kind == "apart":
            changes += [Change("removed", side([clause]), None), Change("added", None, side([new[j]]))]
    changes += [Change("removed", side([clause]), None) for i, clause in enumerate(old) if i not in linked]
    return Comparison(REF, REF, tuple(changes), tuple(pairs)), old, new


@given(comparisons())
def test_every_clause_stands_once_on_its_side_and_every_change_once(
    drawn: tuple[Comparison, list[Clause], list[Clause]],
) -> None:
    comparison, old, new = drawn
    laid = lay_out(comparison, old, new)
    folds = [pair for row in laid if isinstance(row, Same) for pair in row.clauses]
    beside = [row.entry for row in laid if isinstance(row, Across)]
    alone = [entry for row in laid if isinstance(row, Columns) for entry in (*row.left, *row.right)]
    here = [entry for entry in (*beside, *alone) if not entry.away]
    away = [entry for entry in alone if entry.away]
    elsewhere = {entry.number for entry in away}
    assert sorted(entry.number for entry in here) == list(range(1, len(comparison.changes) + 1))
    assert len(elsewhere) == len(away)

    left = [a.id for a, _ in folds if a]
    left += [id for e in away if e.change.old for id in e.change.old.clause_ids]
    left += [id for e in here if e.number not in elsewhere and e.change.old for id in e.change.old.clause_ids]
    right = [b.id for _, b in folds if b]
    right += [id for e in here if e.change.new for id in e.change.new.clause_ids]
    assert sorted(left) == [clause.id for clause in old]
    assert sorted(right) == [clause.id for clause in new]
    assert sorted((a.id, b.id) for a, b in folds if a and b) == sorted(comparison.pairs)
    assert not any(isinstance(one, Same) and isinstance(two, Same) for one, two in pairwise(laid))
