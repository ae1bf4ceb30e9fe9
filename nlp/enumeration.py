"""Tell which items of a list one wording has and the other lacks: "chats" of "names, chats" and "names"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from nlp.lexicon import FUNCTION
from nlp.stems import WORD, stem

# Commas, marks of lists and tables, "and", "or", and the ends of sentences.
_BETWEEN = re.compile(r"[,;:*|•/()\[\]\n]|\s[-–—]\s|[.!?](?=\s|$)|\b(?:and|or)\b", re.IGNORECASE)
Items = tuple[str, ...]


def items_apart(old: str, new: str, empty: Collection[str] = ()) -> tuple[Items, Items]:
    """Return the items that one of two wordings has and the other lacks, none where both have some of their own.

    Then one was rewritten, and which of its items is new cannot be told. `empty` are stems of words that say nothing:
    an item of no others is none.
    """
    items = list(_items(old)), list(_items(new))
    ours, theirs = map(dict, items)
    counts, others = (Counter(key for key, _ in side) for side in items)
    gone = tuple(ours[key] for key in counts - others)
    come = tuple(theirs[key] for key in others - counts)
    if gone and come:
        return (), ()
    return _telling(gone, empty), _telling(come, empty)


def _items(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each item of a text as the stems of its words of content, and as it stands."""
    for part in _BETWEEN.split(text):
        key = tuple(stem(word) for word in WORD.findall(part) if word.casefold() not in FUNCTION)
        if key:
            yield key, " ".join(part.split())


def _telling(items: Items, empty: Collection[str]) -> Items:
    """Return those items that are more than one word of no content."""
    return tuple(item for item in items if not _is_empty([stem(word) for word in WORD.findall(item)], empty))


def _is_empty(stems: list[str], empty: Collection[str]) -> bool:
    return len(stems) == 1 and stems[0] in empty
