"""Tests of corpus.archives.selection: services and documents by name."""

from __future__ import annotations

import pytest

from corpus.archives.selection import PRIVACY, choose_documents, choose_services
from corpus.types import DocumentError

SERVICES = {"Yahoo", "Proton Mail", "ProtonMail", "signal", "Signal", "AT/T", "Straße"}
DOCUMENTS = {"Privacy Policy", "Children PRIVACY Policy", "Terms of Service"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, SERVICES),
        (["Yahoo"], {"Yahoo"}),
        (["YAHOO", "proton mail"], {"Yahoo", "Proton Mail"}),
        (["signal"], {"signal"}),
        (["SIGNAL"], {"signal", "Signal"}),
        (["at/t"], {"AT/T"}),
        (["STRASSE"], {"Straße"}),
        ("yahoo", {"Yahoo"}),
        ([], set()),
    ],
)
def test_a_service_is_matched_exactly_and_else_whatever_its_case(wanted: list[str] | None, found: set[str]) -> None:
    assert choose_services(wanted, SERVICES) == found


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["Yaho"], r"there is no service 'Yaho' in this archive; did you mean 'Yahoo'\?"),
        (["protonmai"], r"there is no service 'protonmai' .*; did you mean 'Proton Mail' or 'ProtonMail'\?"),
        (["Yahoo", "?"], r"there is no service '\?' in this archive; there is 'AT/T', 'Proton Mail', .*'Yahoo'"),
    ],
)
def test_an_unknown_service_is_refused_with_the_nearest(wanted: list[str], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        choose_services(wanted, SERVICES)


def test_only_some_of_many_services_are_listed() -> None:
    with pytest.raises(DocumentError, match=r"there is 'a0', 'a1', .*'a7' and 12 more$"):
        choose_services(["zzzzzz"], [f"a{i}" for i in range(10)] + [f"b{i}" for i in range(10)])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (PRIVACY, {"Privacy Policy", "Children PRIVACY Policy"}),
        (None, DOCUMENTS),
        (["Terms of Service"], {"Terms of Service"}),
        (["privacy policy"], {"Privacy Policy"}),
    ],
)
def test_documents_are_chosen_by_a_word_or_by_name(wanted: list[str] | str | None, found: set[str]) -> None:
    assert choose_documents(wanted, DOCUMENTS) == found


def test_documents_that_are_not_there_are_refused() -> None:
    with pytest.raises(
        DocumentError, match=r"no document here has 'privacy' in its name; there is 'Imprint': name one"
    ):
        choose_documents(PRIVACY, {"Imprint"})
    with pytest.raises(
        DocumentError, match=r"there is no document 'Terms Service' in this archive; did you mean 'Terms of Serv"
    ):
        choose_documents(["Terms Service"], DOCUMENTS)
