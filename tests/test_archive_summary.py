"""Tests of what a store holds, as numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from store_fakes import KEEP, SELL, made_store, policy, version

from nlp import archive_summary as module
from nlp.archive_summary import ROLES, roles, summarise
from nlp.store import Store

TEXTS = [policy(), policy(SELL), "", policy(), policy(SELL, KEEP), policy(SELL, KEEP)]
ACME = ("Acme", "Privacy Policy")


def made(folder: Path) -> Store:
    """Return a store of a document with versions of all kinds, and another document."""
    items = [version(day, text, technical=day == 1) for day, text in enumerate(TEXTS)]
    return made_store(folder / "store", [*items, version(0, service="Bond")])


def test_the_numbers_of_a_store(tmp_path: Path) -> None:
    acme, bond = summarise(made(tmp_path))
    assert acme.as_dict() == {
        "service": "Acme",
        "document": "Privacy Policy",
        "first": "2020-01-01",
        "last": "2020-01-06",
        "versions": 6,
        "changes": 1,
        "technical": 1,
        "returns": 1,
        "noise": 1,
        "flagged": 1,
        "texts": 4,
        "seen": 4 + 5 + 0 + 4 + 6 + 6,
        "distinct": 6,
    }
    assert (bond.service, bond.versions, bond.distinct) == ("Bond", 1, 4)


def test_some_services_are_summarised(tmp_path: Path) -> None:
    store, told = made(tmp_path), list[tuple[int, int]]()
    (acme,) = summarise(store, ["Acme"], report=lambda done, total: told.append((done, total)))
    assert (acme.service, told) == ("Acme", [(1, 1)])
    assert summarise(store, []) == []


def test_what_was_compared_once_is_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, steps_of = made(tmp_path), module.steps_of
    asked = list[str]()

    def noted(*arguments: object) -> object:
        asked.append(arguments[1][0].service)  # type: ignore[index]
        return steps_of(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "steps_of", noted)
    first = roles(store, [ACME])
    assert first == {ACME: ("first", "technical", "flagged", "return", "change", "noise")}
    assert roles(store, [ACME]) == first
    assert asked == ["Acme"]
    grown = made_store(store.folder, [version(9, policy(KEEP))])
    assert roles(grown, [ACME])[ACME] == (*first[ACME], "change")
    summarise(grown)
    assert asked == ["Acme", "Acme", "Bond"]
    # What was kept of versions that are no longer all is gone.
    assert len(json.loads((store.folder / ROLES).read_text())["roles"]) == 2


@pytest.mark.parametrize("kept", ["{", "[]", '{"code": "other", "roles": {}}', "[" * 100_000])
def test_what_another_release_kept_or_is_damaged_is_found_again(tmp_path: Path, kept: str) -> None:
    store = made(tmp_path)
    (store.folder / ROLES).write_text(kept)
    first = roles(store, [ACME])
    assert roles(store, [ACME]) == first
    assert json.loads((store.folder / ROLES).read_text())["code"] != "other"


@pytest.mark.parametrize("told", [None, [], {}, "x", "1t", 7])
def test_what_is_kept_and_cannot_be_is_found_again(tmp_path: Path, told: object) -> None:
    store = made(tmp_path)
    first = roles(store, [ACME])
    record = json.loads((store.folder / ROLES).read_text())
    damaged = told if not isinstance(told, (str, int)) else dict.fromkeys(record["roles"], told)
    (store.folder / ROLES).write_text(json.dumps(record | {"roles": damaged}))
    assert roles(store, [ACME]) == first
    assert json.loads((store.folder / ROLES).read_text()) == record


def test_a_store_that_may_not_be_written_to_is_summarised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "whole_file", refuse)
    assert [row.changes for row in summarise(store)] == [1, 0]
    assert not (store.folder / ROLES).exists()
