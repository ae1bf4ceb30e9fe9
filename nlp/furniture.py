"""Tell what a captured page has beside its policy: banners, menus, footers, which come and go with the site."""

from __future__ import annotations

import re

from nlp.types import Clause

_ANYWHERE = re.compile(
    r"^\s*©|^(?:©|copyright|\(c\))[^.]{0,20}\d{4}|\ball rights reserved\b"
    r"|\b(?:enable|disabled?|without|requires?|relies on)\b[^.]{0,30}\bjavascript\b"
    r"|\bjavascript\b[^.]{0,30}\b(?:disabled|enabled|required)\b",
    re.IGNORECASE,
)
_LANGUAGES = re.compile("English|Français|Deutsch|Español|Português|Polski|Italiano|Nederlands|日本語|한국어|Русский")
# Said of the page over the policy, not by the policy: that it is new, or where the one before it is.
_BANNER = re.compile(
    r"\bwe(?:['’]ve| have| are|['’]re)\b[^.]{0,40}\bupdat(?:ed|ing)\b"
    r"[^.]{0,60}\b(?:polic(?:y|ies)|terms|notice|statement|documents)\b"
    r"|\bbefore (?:the|these) changes (?:go into|take) effect\b|\bversion effective (?:until|before|as of)\b"
    r"|\bnew versions? (?:that )?will (?:be applicable|apply|take effect)\b"
    r"|^your privacy is important\.?$|^toggle navigation$",
    re.IGNORECASE,
)
# "Email: privacy@acme.example", "Tel. +44 20 7946 0000": how to reach the company is no menu.
_ADDRESS = re.compile(r"@|www\.|://|\d{4}")
# What is left of a picture or a link that was captured without its words: "](https://acme.example)", or its file.
_RESIDUE = re.compile(r"[\[\]()!•*\s]*\]\(\S*\)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\S*", re.IGNORECASE)
_TOP = 8
_MENU_WORDS = 3


def is_furniture(clause: Clause, position: int) -> bool:
    """Tell whether a clause, so far from the start of its statement, belongs to the page and not to the policy."""
    return is_of_page(clause.text, clause.kind, position)


def is_of_page(text: str, kind: str, position: int = _TOP) -> bool:
    """Tell so of a text and the kind of clause that it is; by default, as if it stood far from the start."""
    text = text.strip()
    if _ANYWHERE.search(text) or (len(_LANGUAGES.findall(text)) > 1 and len(text.split()) < 12):
        return True
    if _RESIDUE.fullmatch(text):
        return True
    if position < _TOP and _BANNER.search(text):
        return True
    # "Legal", "Company", "NordVPN": a heading or a link that was captured as a paragraph.
    if kind != "sentence" or len(text.split()) > _MENU_WORDS or text[-1] in ".!?;:,":
        return False
    return not _ADDRESS.search(text)
