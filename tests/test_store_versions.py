"""Tests of the order of versions, of returns and of passing failures to archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nlp.store.versions import DIP, StoredVersion, sequences

START = datetime(2020, 1, 1, tzinfo=UTC)


def row(order: int, day: int, normal: str = "a", **changes: Any) -> dict[str, Any]:
    """Return a row of the table of versions."""
    return {
        "service": "Acme",
        "document": "Privacy Policy",
        "order": order,
        "archive": "open-terms-archive",
        "reference": f"r{order}",
        "url": None,
        "observed_at": START + timedelta(days=day),
        "precision": None,
        "technical": False,
        "subject": None,
        "text_id": f"text {normal}",
        "normal_id": normal,
        "part": 0,
        "words": 500,
        "clauses": 9,
        "flags": [],
        "language": "en",
        "warnings": [],
    } | changes


def of(rows: Sequence[dict[str, Any]]) -> tuple[StoredVersion, ...]:
    """Return the versions of the only document."""
    (found,) = sequences(rows).values()
    return found


def test_a_history_keeps_its_order_though_dates_go_backwards() -> None:
    found = of([row(3, 1), row(1, 5), row(2, 2)])
    assert [(v.number, v.reference) for v in found] == [(1, "r1"), (2, "r2"), (3, "r3")]


def test_other_archives_are_ordered_by_date_and_equal_dates_as_they_came() -> None:
    rows = [row(n, day, archive="wayback") for n, day in ((1, 7), (2, 3), (3, 7))]
    assert [v.reference for v in of(rows)] == ["r2", "r1", "r3"]


def test_archives_are_merged_by_date() -> None:
    rows = [row(1, 0), row(2, 9), row(3, 4), *(row(n, day, archive="folder") for n, day in ((4, 8), (5, 1)))]
    assert [v.reference for v in of(rows)] == ["r1", "r5", "r4", "r2", "r3"]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
def test_a_version_returns_where_an_earlier_one_said_the_same_and_the_last_did_not(said: list[str]) -> None:
    found = of([row(n, n, normal) for n, normal in enumerate(said)])
    for i, version in enumerate(found):
        expected = said.index(said[i]) + 1 if said[i] in said[: max(i - 1, 0)] and said[i] != said[i - 1] else None
        assert version.returns_to == expected


def test_a_flagged_version_between_two_equal_ones_makes_no_return() -> None:
    found = of(
        [row(1, 1, "a"), row(2, 2, "e", flags=["empty"], words=0), row(3, 3, "a"), row(4, 4, "b"), row(5, 5, "a")]
    )
    assert [v.returns_to for v in found] == [None, None, None, None, 1]
    assert [v.usable for v in found] == [True, False, True, True, True]


def test_a_version_that_lost_its_text_for_a_while_is_flagged() -> None:
    sizes = [500, 20, 500, 30, 400]
    found = of([row(n, n, str(n), words=words) for n, words in enumerate(sizes)])
    assert [v.flags for v in found] == [(), (DIP,), (), (DIP,), ()]
    assert of([row(1, 1, words=500), row(2, 2, "b", words=20)])[1].usable


def test_documents_are_kept_apart() -> None:
    rows = [row(1, 1), row(1, 1, service="Bond"), row(1, 1, document="Cookies"), row(2, 2)]
    assert {named: len(found) for named, found in sequences(rows).items()} == {
        ("Acme", "Privacy Policy"): 2,
        ("Acme", "Cookies"): 1,
        ("Bond", "Privacy Policy"): 1,
    }


def test_a_date_is_told_as_exactly_as_it_is_known() -> None:
    found = of([row(n, n, str(n), precision=precision) for n, precision in enumerate((None, "day", "month", "year"))])
    assert [v.date for v in found] == ["2020-01-01", "2020-01-02", "2020-01", "2020"]
    assert [v.as_dict()["precision"] for v in found] == ["day", "day", "month", "year"]


def test_a_version_as_plain_data() -> None:
    (version,) = of([row(1, 0, flags=["short"], warnings=["w"], url="https://example.com")])
    record = version.as_dict()
    assert version.date == "2020-01-01"
    assert (record["observed_at"], record["flags"], record["warnings"]) == (
        "2020-01-01T00:00:00+00:00",
        ["short"],
        ["w"],
    )
