"""Tests of what a store holds, as numbers."""

from __future__ import annotations

from pathlib import Path

from store_fakes import KEEP, SELL, made_store, policy, version

from nlp.archive_summary import summarise


def test_the_numbers_of_a_store(tmp_path: Path) -> None:
    texts = [policy(), policy(SELL), "", policy(), policy(SELL, KEEP)]
    items = [version(day, text, technical=day == 1) for day, text in enumerate(texts)]
    store = made_store(tmp_path / "store", [*items, version(0, service="Bond")])
    acme, bond = summarise(store)
    assert acme.as_dict() == {
        "service": "Acme",
        "document": "Privacy Policy",
        "first": "2020-01-01",
        "last": "2020-01-05",
        "versions": 5,
        "technical": 1,
        "returns": 1,
        "flagged": 1,
        "texts": 4,
        "changes": None,
        "seen": 4 + 5 + 0 + 4 + 6,
        "distinct": 6,
    }
    assert (bond.service, bond.versions, bond.distinct) == ("Bond", 1, 4)


def test_real_changes_are_counted_where_they_are_asked_for(tmp_path: Path) -> None:
    texts = [policy(), policy(SELL), policy(), policy(SELL, KEEP)]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    told = list[tuple[int, int]]()
    (acme,) = summarise(store, ["Acme"], changes=True, report=lambda done, total: told.append((done, total)))
    assert (acme.changes, told) == (2, [(1, 1)])
    assert summarise(store, []) == []
