"""Tests of nlp.search.choose."""

from __future__ import annotations

import pytest

from nlp.search.choose import FLAT_UP_TO, HNSW_UP_TO, LEAST, IndexKind, Plan, choose


@pytest.mark.parametrize(
    ("count", "kind"),
    [(0, "flat"), (FLAT_UP_TO, "flat"), (FLAT_UP_TO + 1, "hnsw"), (HNSW_UP_TO, "hnsw"), (HNSW_UP_TO + 1, "ivfpq")],
)
def test_the_kind_goes_by_the_number(count: int, kind: IndexKind) -> None:
    assert choose(count, 384).kind == kind


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivfpq"])
def test_a_kind_that_is_asked_for_is_taken_where_it_can_be_trained(kind: IndexKind) -> None:
    assert choose(LEAST, 384, kind).kind == kind
    assert choose(LEAST - 1, 384, kind) == Plan("flat")


def test_a_million_vectors_get_four_thousand_cells() -> None:
    assert choose(1_000_000, 384) == Plan("ivfpq", lists=4096, probed=256, code_bytes=48)


@pytest.mark.parametrize(("count", "lists"), [(1_000, 32), (10_000, 256), (190_000_000, 65_536)])
def test_cells_are_a_power_of_two_with_forty_vectors_each(count: int, lists: int) -> None:
    plan = choose(count, 384, "ivfpq")
    assert (plan.lists, plan.probed) == (lists, min(lists, 256))


@pytest.mark.parametrize(("dimensions", "code_bytes"), [(384, 48), (768, 96), (32, 4), (7, 1), (26, 2)])
def test_a_code_divides_the_dimensions(dimensions: int, code_bytes: int) -> None:
    assert choose(1_000_000, dimensions).code_bytes == code_bytes


@pytest.mark.parametrize("count", [0, 60_000, 1_000_000])
def test_a_plan_comes_back_as_it_was_kept(count: int) -> None:
    plan = choose(count, 384)
    assert Plan.from_dict(plan.as_dict()) == plan


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"kind": "tree"}, "is flat or hnsw or ivfpq, not 'tree'"),
        ({"cells": 3}, "not the parameters of an index"),
        ({}, "not the"),
    ],
)
def test_other_plans_are_refused(record: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Plan.from_dict(record)
