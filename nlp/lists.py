"""Give a question that asks for several things its list: the items that answer, in the order of the statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.types import Clause

_ASKS_FOR_SEVERAL = re.compile(
    r"\b(list|name|all)\b.*\b\w+s\b|^(so )?(who|whom)\b"
    r"|\b(what|which)( (other|kinds?|sorts?|types?|personal|exact))*( of)? (\w+ ){0,2}"
    r"(data|information|info|details|stuff|\w+[^s\W]s)\b"
    r"|\bwhat (do|does|did|are|can|will) (you|they|we)\b|\bwhat .*\bfor\b",
    re.IGNORECASE,
)
_LIKELY = 0.25
_MOST = 0.6
_LONGEST = 15


def asks_for_several(question: str) -> bool:
    """Tell whether a question asks which or what things there are, not for one of them."""
    return bool(_ASKS_FOR_SEVERAL.search(question.strip()))


def answering_items(clauses: Sequence[Clause], position: int, scores: Mapping[int, float]) -> list[int]:
    """Return the positions of the items that answer, in reading order; none where the answer is no list of at most 15.

    `position` is that of the best clause, an item or what introduces a list; `scores` are the probabilities that
    clauses answer, by position. Where most items are likely to, those that were not looked at belong to it as well. An
    item that answers alone among its own, and introduces a list nested in it, is followed by the items of that.
    """
    own = _likely(_items(clauses, position), scores)
    if own or clauses[position].kind != "item":
        return own
    nested = _introduced(clauses, position)
    return [position, *nested] if 0 < len(nested) < _LONGEST else []


def _likely(items: Sequence[int], scores: Mapping[int, float]) -> list[int]:
    likely = [i for i in items if scores.get(i, 0.0) >= _LIKELY]
    if len(likely) >= _MOST * len(items):
        likely = [i for i in items if scores.get(i, 1.0) >= _LIKELY]
    return likely if 2 <= len(likely) <= _LONGEST else []


def introduction(clauses: Sequence[Clause], position: int) -> Clause | None:
    """Return the clause that introduces the list in which an item stands, None where no clause does."""
    lead_in = clauses[position].lead_in
    if not lead_in:
        return None
    before = reversed(clauses[:position])
    # A heading may run into the sentence that introduces a list.
    return next((c for c in before if c.kind != "item" and c.text.endswith(lead_in)), None)


def _items(clauses: Sequence[Clause], position: int) -> list[int]:
    """Return the positions of the list items, or the rows of the table, that a clause stands among or introduces."""
    clause = clauses[position]
    if clause.kind == "sentence":
        return _introduced(clauses, position)
    if clause.kind == "item" and not clause.lead_in:
        return []
    return [*_run(clauses, position, -1)[::-1], position, *_run(clauses, position, 1)]


def _introduced(clauses: Sequence[Clause], position: int) -> list[int]:
    """Return the positions of the items of the list that a clause introduces."""
    clause = clauses[position]
    following = clauses[position + 1] if position + 1 < len(clauses) else None
    if following is None or not following.lead_in or not clause.text.endswith(following.lead_in):
        return []
    return [position + 1, *_run(clauses, position + 1, 1)]


def _run(clauses: Sequence[Clause], position: int, step: int) -> list[int]:
    """Return the positions before or after an item that belong to its list; nested lists are stepped over."""
    clause, found, i = clauses[position], list[int](), position + step
    while 0 <= i < len(clauses) and clauses[i].kind == clause.kind and clauses[i].heading == clause.heading:
        if clauses[i].lead_in == clause.lead_in and clauses[i].columns == clause.columns:
            found.append(i)
        elif clause.kind == "row":
            break
        i += step
    return found
