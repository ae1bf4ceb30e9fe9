"""Read yes or no from a clause that says in the question's own verb what is asked: "do you sell it?", "we sell it".

The models weigh what policies mostly say, so that they hear no to a question about selling whatever the clause says.
Where a question and a clause use one verb, it can be seen whether the clause denies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from nlp.lexicon import NOT_CONTRACTED
from nlp.polarity import main_part
from nlp.stems import EMPTY_STEMS, stem
from nlp.types import Clause


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What is done to data; "read" and "keep" have meanings enough to be left to the models where something turns them.
_PRACTICES: Final = frozenset(
    map(
        stem,
        (
            "access analyze analyse anonymize anonymise auction buy collect combine delete disclose encrypt erase "
            "gather give hack hand harvest hash keep lease listen log merge monitor notify obtain profile read record "
            "release rent retain save scan sell send share spy store swap target track trade train transfer transmit "
            "use warn watch"
        ).split(),
    )
)
_PAST: Final = {"sold": "sell", "kept": "keep", "sent": "send", "gave": "give", "given": "give", "bought": "buy"}
_QUALITIES: Final = _set("anonymous compulsory mandatory optional public")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[;:.,]")
# With one of these, the same verb does not make the same yes: "do you only sell it to them?", "must I share it?"
_TURNING: Final = _set(
    "accurate after all allowed always avoid before cannot confidential entire every everyone everything except forced "
    "forever free how if just many most must need never no nobody none not nothing ok only private refuse required "
    "safe secret secure should solely stop stuck till unless until what whatever when which while who why without"
)
_DENYING: Final = _set("cannot neither never no nobody none nor not nothing without")
_PASSIVE: Final = _set("are be been being get gets is was were")
_ASKS: Final = _set("actually also and be even ever get i it or really still they to u we ya you")
_NOUN_BEFORE: Final = _set("a an any its my of our such the their these this those your")
_BREAKS: Final = _set("; : . although because but except however if though unless when where while")
_ENDS: Final = _set(". ; :")
# How many words away what belongs to a verb may stand; no sentence of a policy is longer.
_PASSIVE_WITHIN, _DENIED_WITHIN, _REACH = 6, 5, 200
# What is in every question, or says nothing of what it is about.
_OF_ALL: Final = frozenset(
    map(
        stem,
        "ai app company data detail do get got hey info information it me my personal pls right stuff u ya".split(),
    )
)
# "We sell nothing", "we share it with nobody", "we sell no data".
_NOTHING = re.compile(r"^(?:no|nothing|none)\b|\b(?:to|with|for|by) (?:no|nobody|none|nothing)\b")
# "In transit, but not at rest."
_LEFT_OUT = re.compile(r"\b(?:but|and|though) not ([^,;.]*)", re.IGNORECASE)


def literally(question: str, clause: Clause) -> bool | None:
    """Return whether a clause says yes in the question's own verb; None where it has another, or it cannot be told."""
    # "We never:" is said of each item.
    said_of_it = f"{(clause.lead_in or '').rstrip(': ')} {main_part(clause.text)}".strip()
    words, text = _words(question), _words(said_of_it)
    asked = {verb for i, word in enumerate(words) if (verb := _practice(word)) and _is_asked(words, i)}
    if len(asked) != 1 or any(word in _TURNING or _is_negation(word) for word in words):
        return None
    named = {stem(word) for word in words if word[0].isalpha()} - EMPTY_STEMS - _OF_ALL - asked
    said = set(_said(text, asked.pop()))
    if len(said) != 1 or 2 * len(named - set(map(stem, text))) > len(named):
        return None
    left_out = {stem(word) for found in _LEFT_OUT.findall(said_of_it) for word in _words(found)} - EMPTY_STEMS
    return said.pop() and left_out.isdisjoint(map(stem, words))


def _is_asked(words: Sequence[str], i: int) -> bool:
    """Tell a verb of a question from a noun: "do you record it?", "is it recorded?", and not "my record"."""
    return i == 0 or words[i - 1] in _ASKS or _passive_at(words, i) is not None


def _said(words: Sequence[str], verb: str) -> Iterator[bool]:
    """Yield for each time that somebody but the reader does what the verb says whether it is not denied."""
    for i, word in enumerate(words):
        at = _doer_at(words, i) if _practice(word) == verb and not (i and words[i - 1] in _NOUN_BEFORE) else None
        if at is not None:
            # "We do not sell it, but share it": what was denied before is over.
            start = _after_last(_BREAKS, words, at, i)
            if start == at:
                # "Under no circumstances do we", "none of it is".
                start = _after_last(_BREAKS | {","}, words, max(0, at - _DENIED_WITHIN), at)
            rest = words[i + 1 : i + 1 + _REACH]
            behind = " ".join(takewhile(lambda one: one not in _BREAKS and one != ",", rest))
            yield not any(map(_is_negation, words[start:i])) and _NOTHING.search(behind) is None


def _doer_at(words: Sequence[str], i: int) -> int | None:
    """Return where it stands that the company does what a verb says, or that it is done; None for a reader's doing."""
    if (passive := _passive_at(words, i)) is not None:
        return passive
    begin = _after_last(_ENDS, words, max(0, i - _REACH), i)
    doer = next((j for j in reversed(range(begin, i)) if words[j] in ("we", "you", "i", "they")), None)
    return doer if doer is not None and words[doer] == "we" else None


def _passive_at(words: Sequence[str], i: int) -> int | None:
    """Return where the "is" of a participle or a quality stands."""
    if not (words[i] in _QUALITIES or words[i] in _PAST or words[i].endswith("ed")):
        return None
    begin = _after_last(_BREAKS, words, max(0, i - _PASSIVE_WITHIN), i)
    return next((j for j in reversed(range(begin, i)) if words[j] in _PASSIVE), None)


def _after_last(marks: frozenset[str], words: Sequence[str], begin: int, end: int) -> int:
    """Return the place behind the last of some marks from `begin` to `end`; `begin` where there is none."""
    return next((j + 1 for j in reversed(range(begin, end)) if words[j] in marks), begin)


def _practice(word: str) -> str:
    """Return the stem of a verb of what is done to data, "" for any other word."""
    found = stem(_PAST.get(word, word))
    return found if found in _PRACTICES or word in _QUALITIES else ""


def _is_negation(word: str) -> bool:
    return word in _DENYING or word.endswith(NOT_CONTRACTED)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
