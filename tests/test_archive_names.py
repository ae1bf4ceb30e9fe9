"""Tests of corpus.archives.names: service, document and date from the path of a file."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.archives.names import Named, no_such_date, read_name, take_date, take_period

DAY = datetime(2016, 5, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "rest", "when"),
    [
        ("2016-05-31", "", DAY),
        ("acme-2016-05-31", "acme", DAY),
        ("2016-05-31_acme", "acme", DAY),
        ("acme.20160531", "acme", DAY),
        ("janrain.com.2016-05-31", "janrain.com", DAY),
        ("acme 2016_05_31", "acme", DAY),
        ("acme - 2016.05.31", "acme", DAY),
        ("Yahoo Inc..2016-05-31", "Yahoo Inc.", DAY),
        ("2016-05-31-2", "", DAY),
        ("163.com-20160531", "163.com", DAY),
        ("acme-20160531201556", "acme", DAY.replace(hour=20, minute=15, second=56)),
        ("acme-2016-05-31T20-15-56Z", "acme", DAY.replace(hour=20, minute=15, second=56)),
        ("20160531_201556_acme", "acme", DAY.replace(hour=20, minute=15, second=56)),
        ("v2016-13-45-of-2016-05-31", "v2016-13-45-of", DAY),
    ],
)
def test_a_date_is_taken_out_of_a_name(name: str, rest: str, when: datetime) -> None:
    found = take_date(name)
    assert found is not None and (found.rest, found.observed_at) == (rest, when)


@pytest.mark.parametrize("name", ["", "acme", "2016", "2016-05", "2016-02-30", "120160531", "2016-0531", "1816-05-31"])
def test_a_name_without_a_date_has_none(name: str) -> None:
    assert take_date(name) is None


@pytest.mark.parametrize(
    ("name", "rest", "when", "precision"),
    [
        ("acme-2016-05-31", "acme", "2016-05-31", "day"),
        ("acme-2016-05", "acme", "2016-05-01", "month"),
        ("2016_05 acme", "acme", "2016-05-01", "month"),
        ("janrain.com.2016.05", "janrain.com", "2016-05-01", "month"),
        ("acme-2016", "acme", "2016-01-01", "year"),
        ("janrain.com.2016", "janrain.com", "2016-01-01", "year"),
        ("2016 acme", "acme", "2016-01-01", "year"),
        ("2016", "", "2016-01-01", "year"),
        ("2016 to 2018-07-01", "2016 to", "2018-07-01", "day"),
    ],
)
def test_a_month_or_a_year_is_taken_out_of_a_name(name: str, rest: str, when: str, precision: str) -> None:
    found = take_period(name)
    assert found is not None
    assert (found.rest, found.observed_at.date().isoformat(), found.precision) == (rest, when, precision)


@pytest.mark.parametrize(
    "name",
    [
        *("2016-02-30", "acme-2016-13", "2016-05-2", "201605", "acme-2016-2", "forever21-2016", "2016.com", "rio2016"),
        *("2016-2017", "1816-05", "12016-05", "acme", ""),
    ],
)
def test_what_may_be_no_month_and_no_year_is_none(name: str) -> None:
    assert take_period(name) is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("acme-2020-02-30", "2020-02-30"),
        ("acme-20201301", "20201301"),
        ("2016-13", "2016-13"),
        ("2016-00.md", "2016-00"),
        ("2020-02-29", None),
        ("2016-12", None),
        ("acme", None),
    ],
)
def test_a_date_that_is_not_in_the_calendar_is_named(name: str, wrong: str | None) -> None:
    assert no_such_date(name) == wrong


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d"]))
def test_every_date_is_found_before_and_after_a_name(day: date, form: str) -> None:
    when = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for name in (f"acme-{day.strftime(form)}", f"{day.strftime(form)} acme"):
        found = take_date(name)
        assert found is not None and (found.rest, found.observed_at) == ("acme", when)


@pytest.mark.parametrize(
    ("folders", "stem", "service", "document"),
    [
        ((), "2016-05-31", "root", "Privacy Policy"),
        (("Acme",), "2016-05-31", "Acme", "Privacy Policy"),
        (("US", "Acme Inc."), "2016-05-31", "US/Acme Inc.", "Privacy Policy"),
        ((), "acme-2016-05-31", "acme", "Privacy Policy"),
        (("archive",), "janrain.com.2016-05-31", "janrain.com", "Privacy Policy"),
        (("Acme",), "privacy-policy-2016-05-31", "Acme", "Privacy Policy"),
        (("Acme",), "policy 2016-05-31", "Acme", "Privacy Policy"),
        (("Acme",), "Terms of Service 2016-05-31", "Acme", "Terms of Service"),
        ((), "Acme Privacy Notice 2016-05-31", "Acme", "Privacy Policy"),
        ((), "acme-cookies-20160531", "acme", "cookies"),
        (("2016-05-31",), "acme", "acme", "Privacy Policy"),
        (("Acme", "2016-05-31"), "privacy", "Acme", "Privacy Policy"),
        (("Privacy.com",), "2016-05-31", "Privacy.com", "Privacy Policy"),
    ],
)
def test_a_path_says_what_a_file_is(folders: tuple[str, ...], stem: str, service: str, document: str) -> None:
    assert read_name(folders, stem, root="root") == Named(service, document, DAY)


@pytest.mark.parametrize(
    ("folders", "stem", "service", "precision"),
    [
        (("Acme",), "2016-05", "Acme", "month"),
        (("2016-05",), "acme", "acme", "month"),
        (("2016",), "acme", "acme", "year"),
        (("Acme", "2016"), "privacy", "Acme", "year"),
        (("2016",), "acme-2012-01", "acme", "month"),
    ],
)
def test_a_path_may_say_a_month_or_a_year(folders: tuple[str, ...], stem: str, service: str, precision: str) -> None:
    found = read_name(folders, stem, root="root")
    assert found is not None and (found.service, found.precision) == (service, precision)


@pytest.mark.parametrize(
    ("folders", "stem"),
    [(("Acme",), "privacy"), (("2016", "05"), "acme"), (("2016",), "acme-2"), (("study 2016",), "acme")],
)
def test_a_path_without_a_date_says_nothing(folders: tuple[str, ...], stem: str) -> None:
    assert read_name(folders, stem, root="root") is None
