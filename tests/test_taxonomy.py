"""Tests of corpus.taxonomy."""

from __future__ import annotations

from corpus.taxonomy import CATEGORIES, CATEGORY_IDS, CATEGORY_NAMES, OPP115_LABELS


def test_there_are_thirteen_categories_in_a_fixed_order() -> None:
    assert CATEGORY_IDS == (
        "collection",
        "sharing",
        "choice",
        "access",
        "retention",
        "security",
        "policy-change",
        "do-not-track",
        "children",
        "international",
        "contact",
        "generic",
        "other",
    )


def test_each_category_has_a_name_of_its_own_and_a_description() -> None:
    assert list(CATEGORY_NAMES.items()) == [(category.id, category.name) for category in CATEGORIES]
    assert len(set(CATEGORY_NAMES.values())) == 13
    assert all(category.description for category in CATEGORIES)


def test_the_labels_of_opp115_cover_every_category_but_children() -> None:
    assert len(OPP115_LABELS) == 12
    assert set(CATEGORY_IDS) - set(OPP115_LABELS.values()) == {"children"}
    assert OPP115_LABELS["International and Specific Audiences"] == "international"
