"""Tell changes of substance from changes of wording, by what a reader can see in the two quotes.

A change is one of substance when it changes what data, who, why, how long, where, which right or address, or how firm a
promise is; the same facts in other words, a name that changed, or a bare pointer to another page are wording. The rules
look at the words that one side has and the other lacks (`nlp.difference`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.changes import Change
from nlp.difference import Difference
from nlp.lexicon import POINTER, STATEMENT, SUBJECTS
from nlp.stems import WORD, stem

_OWN_NAME = 5
_LONGEST_POINTER = 60


def judge(changes: Iterable[Change], texts: Sequence[str] = ()) -> tuple[Change, ...]:
    """Return changes with their significance and the reason for it; `texts` are all clauses of both statements.

    Names that stand in many of the clauses are those of the company and its products, and a change of them is none.
    """
    names = own_names(texts)
    return tuple(_judged(change, names) for change in changes)


def own_names(texts: Sequence[str]) -> frozenset[str]:
    """Return the stems of words in capitals that many clauses of a statement use in their middle."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({stem(word) for word in WORD.findall(text)[1:] if word[0].isupper()})
    return frozenset(name for name, count in seen.items() if count >= _OWN_NAME)


def _judged(change: Change, names: frozenset[str]) -> Change:
    if change.kind == "moved":
        return replace(change, significance="wording", reason="the same words in another place")
    old, new = change.old and change.old.quote, change.new and change.new.quote
    if all(_is_pointer(text) for text in (old, new) if text):
        return replace(change, significance="wording", reason="a pointer or introduction without facts of its own")
    reason = Difference.of(old, new, names).reason if old and new else "nothing like it on the other side"
    if reason:
        return replace(change, significance="substantive", reason=reason)
    return replace(change, significance="wording", reason="the same in other words")


def _is_pointer(text: str) -> bool:
    """Tell a sentence that sends the reader elsewhere, introduces what follows or asks, and says nothing itself."""
    text = text.strip()
    if text.endswith(":") and len(SUBJECTS.findall(text)) <= 1:
        return True
    if STATEMENT.search(text) or len(WORD.findall(text)) > _LONGEST_POINTER:
        return False
    return text.endswith("?") or POINTER.match(text) is not None
