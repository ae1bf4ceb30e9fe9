"""The thirteen categories of clauses, and how the labels of OPP-115 map onto them.

The categories are those of OPP-115 (Wilson et al., "The Creation and Analysis of a Website Privacy Policy Corpus",
ACL 2016), with "Other" split as the corpus itself splits it and children set apart from other specific audiences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Category:
    """A category: its id in every output, its name for readers and what it covers."""

    id: str
    name: str
    description: str


CATEGORIES: Final[tuple[Category, ...]] = (
    Category("collection", "Collection and use", "what the company itself collects and what for"),
    Category("sharing", "Sharing", "what third parties get or collect"),
    Category("choice", "Choice", "what you can opt in to, out of or switch off"),
    Category("access", "Access and deletion", "how you see, correct, take away or delete your data"),
    Category("retention", "Retention", "how long data is kept"),
    Category("security", "Security", "how data is protected"),
    Category("policy-change", "Changes", "how you learn of changes to the statement"),
    Category("do-not-track", "Do Not Track", "what happens to a Do Not Track signal"),
    Category("children", "Children", "what holds for children"),
    Category("international", "Other audiences", "what holds for people of certain places, and transfers abroad"),
    Category("contact", "Contact", "whom to ask or complain to"),
    Category("generic", "General", "introductions, scope and definitions"),
    Category("other", "Other", "practices that no other category covers"),
)

CATEGORY_IDS: Final[tuple[str, ...]] = tuple(category.id for category in CATEGORIES)
CATEGORY_NAMES: Final[dict[str, str]] = {category.id: category.name for category in CATEGORIES}

VERDICTS: Final[tuple[str, ...]] = ("yes", "no", "stated", "not_stated")
"""What a statement can amount to for a question."""

INTERNATIONAL_AND_SPECIFIC: Final = "International and Specific Audiences"
"""The one OPP-115 label that becomes two categories, told apart by the practice's Audience Type."""

OPP115_LABELS: Final[dict[str, str]] = {
    "First Party Collection/Use": "collection",
    "Third Party Sharing/Collection": "sharing",
    "User Choice/Control": "choice",
    "User Access, Edit and Deletion": "access",
    "Data Retention": "retention",
    "Data Security": "security",
    "Policy Change": "policy-change",
    "Do Not Track": "do-not-track",
    INTERNATIONAL_AND_SPECIFIC: "international",
    "Privacy contact information": "contact",
    "Introductory/Generic": "generic",
    "Practice not covered": "other",
}
