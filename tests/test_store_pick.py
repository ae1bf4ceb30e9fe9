"""Tests of finding the version that a person means."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_store_versions import of, row

from corpus.types import DocumentError
from nlp.store import StoredVersion
from nlp.store.pick import pick


def versions() -> Sequence[StoredVersion]:
    """Return versions of 2020-01-02, 05, 05, 09 (flagged) and 2020-02-10."""
    flagged = row(4, 8, "d", flags=["error-page"])
    return of([row(1, 1, "a"), row(2, 4, "b"), row(3, 4, "c"), flagged, row(5, 40, "e")])


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ("1", 1),
        (" 4 ", 4),
        ("first", 1),
        ("Newest", 5),
        ("2020-01-02", 1),
        ("2020-01-03", 1),
        ("2020-01-09", 4),
        ("2020-01-10", 3),
        ("2020-01", 3),
        ("2020", 5),
        ("2021", 5),
        ("2020-02-10", 5),
    ],
)
def test_a_version_is_found(wanted: str, number: int) -> None:
    assert pick(versions(), wanted).number == number


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("2020-01-05", "'Acme' has 2 versions of 2020-01-05; give the number of one: 2, 3"),
        ("0", "'Acme' has the versions 1 to 5, and no version 0; give its number, its date"),
        ("6", "'Acme' has the versions 1 to 5, and no version 6"),
        ("9999", "'Acme' has the versions 1 to 5, and no version 9999"),
        ("9" * 5000, "9' names no version of 'Acme'; give its number, its date"),
        ("2019-12-31", "the first version of 'Acme' that can be read is of 2020-01-02"),
        ("2019", "the first version of 'Acme' that can be read is of 2020-01-02"),
        ("2020-02-30", "there is no such date as 2020-02-30; give its number, its date"),
        ("2020-13", "there is no such date as 2020-13"),
        ("yesterday", "'yesterday' names no version of 'Acme'; give its number, its date"),
        ("", "'' names no version"),
    ],
)
def test_what_names_no_version(wanted: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        pick(versions(), wanted)


def test_a_version_of_which_the_month_alone_is_known() -> None:
    found = of([row(1, 0, "a", precision="month"), row(2, 9, "b"), row(3, 31, "c", precision="month")])
    assert [version.date for version in found] == ["2020-01", "2020-01-10", "2020-02"]
    assert [pick(found, wanted).number for wanted in ("2020-01-09", "2020-01", "2020-02", "2020-02-20")] == [1, 2, 3, 3]


def test_one_of_several_versions_of_a_day_that_alone_is_not_flagged() -> None:
    found = of([row(1, 1, "a", flags=["empty"]), row(2, 1, "b"), row(3, 5, "c")])
    assert pick(found, "2020-01-02").number == 2


def test_a_four_digit_number_of_so_many_versions() -> None:
    found = of([row(n, n, "a") for n in range(1, 1500)])
    assert pick(found, "1200").number == 1200


def test_first_and_newest_are_not_flagged() -> None:
    found = of([row(1, 1, "a", flags=["empty"]), row(2, 2, "b"), row(3, 5, "c", flags=["empty"])])
    assert (pick(found, "first").number, pick(found, "newest").number) == (2, 2)
    with pytest.raises(DocumentError, match="all 1 versions of 'Acme' are flagged"):
        pick(of([row(1, 1, flags=["empty"])]), "newest")
