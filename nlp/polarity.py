"""Negation, permission, duty and exception in a question and in a clause: what turns a yes into a no."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

_QUESTION = {
    "negated": r"\b(not|never|no|nobody|nothing)\b|n't\b|\b(dont|doesnt|wont|cant|isnt|arent)\b",
    "duty": r"\b(have to|must|need to|forced|required?|obliged|mandatory|compulsory|necessary|supposed)\b",
    "total": r"\b(all|every|everything|always|forever|any|anyone|entire|completely|ever|guarantee)\b",
    "permission": r"\b(can|could|may|am|allowed) (i|we|my)\b",
    "price": r"\b(pay|cost|charge|fee|free)\b",
    "confirmation": r"\b(is it true|right|correct|promise)\b",
}
_CLAUSE = {
    "negated": r"\b(not|never|no|none|neither|nor|without|cannot|nobody|nothing)\b|n['’]t\b",
    "flat": r"\b(we|do|does|will|are|is|may|can) (not|never)\b|\bnever\b|\bno\b",
    "exception": r"\b(except|unless|only|other than|however|but|without your)\b",
    "choice": r"\b(optional|choose|voluntar\w+|not required|may decline|if you (wish|want|like))\b",
    "duty": r"\b(must|required?|need to|have to|mandatory|cannot)\b",
    "only": r"\bonly\b",
    "free": r"\b(free|no charge|without charge|no fee)\b",
    "may": r"\bmay\b",
    "may_not": r"\b(may|might) not\b|\bcannot\b",
}
_PAIRS = (
    ("negated", "negated"),
    ("negated", "flat"),
    ("duty", "choice"),
    ("duty", "duty"),
    ("duty", "negated"),
    ("total", "exception"),
    ("total", "negated"),
    ("permission", "negated"),
    ("confirmation", "negated"),
    ("price", "free"),
)
_HEAD_WORDS = 8

NAMES: tuple[str, ...] = (
    *(f"question:{name}" for name in _QUESTION),
    *(f"clause:{name}" for name in _CLAUSE),
    "clause:negated early",
    *(f"{q}&{c}" for q, c in _PAIRS),
)
"""The names of the features, in order."""

EXCEPTION = re.compile(
    r"\b(except|unless|with the exception of|apart from"
    r"|only (if|when|where|with|after|as|for|to the extent)|other than|provided (that (?!to)|you)"
    r"|without your|however(?! (you|long|much|often|many))|in which case|as long as you|where permitted"
    r"|as required by law"
    r"|(?<!is )(?<!are )(?<!be )(?<!not )(?<!becomes )(?<!become )subject to"
    r"|with(out)? (the |your )?((explicit|express|prior|written|parental|optional) )*(consent|permission|agreement)"
    r"|(where|if) you( have| give| gave)?( explicitly| expressly)? (consent|agree|opt|given?|gave)(ed|d)?)\b",
    re.IGNORECASE,
)
"""What marks a clause as limiting an answer."""

CONTINUATION = re.compile(
    r"(however(?! (you|long|much|often|many))|but|except|nevertheless|that said|this does not apply|unless)\b",
    re.IGNORECASE,
)
"""How a clause starts that takes back a part of the one before it."""


_TAIL = re.compile(r"[,;]?\s+\(?(?:unless|except)\b", re.IGNORECASE)
_MAIN_WORDS = 5


def main_part(text: str) -> str:
    """Return a clause without the exception that it ends in: that limits an answer, and does not turn it round.

    "We sell it, unless you object" says that it is sold, as "we do not sell it unless you agree" says that it is not.
    """
    found = _TAIL.search(text)
    return text[: found.start()] if found and len(text[: found.start()].split()) >= _MAIN_WORDS else text


def says_no(text: str) -> bool:
    """Tell whether there is a negation in a text."""
    return bool(_says(_CLAUSE["negated"], text))


def polarity_features(question: str, clause: str) -> NDArray[np.float64]:
    """Return features of shape (len(NAMES),), each 0 or 1: what each side says and what both say together."""
    asked = {name: _says(pattern, question) for name, pattern in _QUESTION.items()}
    said = {name: _says(pattern, clause) for name, pattern in _CLAUSE.items()}
    early = _says(_CLAUSE["negated"], " ".join(clause.split()[:_HEAD_WORDS]))
    both = [asked[q] * said[c] for q, c in _PAIRS]
    return np.array([*asked.values(), *said.values(), early, *both])


def _says(pattern: str, text: str) -> float:
    return float(re.search(pattern, text.lower().replace("’", "'")) is not None)
