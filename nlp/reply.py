"""Put an answer into a sentence; all that it claims is quoted from clauses that are cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.quantity import find_amount
from nlp.types import Clause, Verdict

_QUOTE_CHARACTERS = 280
_ITEM_CHARACTERS = 120
# What limits a no is an exception to it: a reader who stops after the first words must not take it for a plain one.
_LEAD = {"yes": ("Yes", "Yes, with a condition"), "no": ("No", "No, with an exception")}
_JOINS = re.compile(r"[;,]?( and| or)?[;,]?$")


def reply(
    verdict: Verdict,
    question: str,
    best: Clause | None,
    *,
    items: Sequence[Clause] = (),
    limits: Sequence[Clause] = (),
    against: Clause | None = None,
    asked_as: str | None = None,
) -> str:
    """Return the sentence that a reader wants first.

    `items` are the clauses of a list that answers; `limits` those that limit the answer, of which the best one itself
    may be one; `against` is one that says the opposite. `asked_as` is the question that yes or no answers where it is
    not the one that was put ("Don't you sell it?"), to which either could mean both.
    """
    if verdict == "not_stated" or best is None:
        nearest = " None of the nearest passages seems to answer it." if best else ""
        return f"The statement does not say.{nearest}"
    quote = _quoted(best)
    if against is not None:
        lead = verdict_words(verdict, limited=False)
        return f"{lead}, but the statement contradicts itself. It says: {quote} It also says: {_quoted(against)}"
    said = _list(items) if items else quote
    said += next((f" But: {_quoted(limit)}" for limit in limits if limit.id != best.id), "")
    if verdict in _LEAD:
        to = f", to “{_shortened(asked_as)}”" if asked_as else ""
        return f"{verdict_words(verdict, limited=bool(limits))}{to}. The statement says: {said}"
    amount = None if items else find_amount(question, _shortened(best.text, _QUOTE_CHARACTERS))
    return f"{capitalised(amount)}. The statement says: {said}" if amount else f"The statement says: {said}"


def verdict_words(verdict: Verdict, *, limited: bool) -> str:
    """Return yes or no in words, with the first thing that a reader must know of it: whether something limits it."""
    return _LEAD[verdict][limited]


def _list(items: Sequence[Clause], characters: int = _ITEM_CHARACTERS) -> str:
    """Return the items after what introduces them, each in quotation marks."""
    lead = items[0].lead_in
    quotes = "; ".join(f"“{_shortened(_JOINS.sub('', item.text), characters)}”" for item in items)
    return f"“{_shortened(lead.rstrip(': '), _ITEM_CHARACTERS)}”: {quotes}" if lead else quotes


def _quoted(clause: Clause) -> str:
    """Return a clause in quotation marks, after its lead-in where it is no sentence by itself."""
    introduced = clause.kind == "item" and clause.lead_in
    return _list([clause], _QUOTE_CHARACTERS) if introduced else f"“{_shortened(clause.text)}”"


def capitalised(text: str) -> str:
    """Return a text with a capital at its start; an address is left as it is."""
    return text if "@" in text or re.match(r"https?:|www\.", text) else text[:1].upper() + text[1:]


def _shortened(text: str, characters: int = _QUOTE_CHARACTERS) -> str:
    # Marks inside are made single, so that a quotation cannot be made to end early.
    text = " ".join(text.split()).translate({0x201C: "‘", 0x201D: "’"})
    if len(text) <= characters:
        return text
    return text[:characters].rsplit(" ", 1)[0] + " …"
