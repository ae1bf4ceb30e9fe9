"""Tell changes of substance from changes of wording, by what a reader can see in the two quotes.

A change is one of substance when it changes what data, who, why, how long, where, which right or which address; the
same facts in other words, a name that changed, or a bare pointer to another page are wording. The rules look at the
words that one side has and the other lacks: numbers, negations and addresses always count, other words when they carry
content, are not the company's own names and are not merely another form of a word of the other side.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import Stemmer
from rapidfuzz.distance import Indel

from nlp.changes import Change, Passage
from nlp.lexicon import EMPTY, NEGATIONS, NUMBERS, POINTER, SUBJECTS
from nlp.marks import apart

_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
# From the start of a word only: to try each of its letters would take their number squared.
_ADDRESS = re.compile(r"(?<!\S)[^\s@]+@[^\s@]+\.\w+|https?://\S+|www\.\S+|\+?\(?\d[\d ()-]{8,}\d")
_OWN_NAME = 5
_ALIKE = 0.75
_SHOWN = 6
# No word is longer, and no two wordings of a sentence have more pairs of words to compare letter by letter.
_LONGEST = 60
_MOST_PAIRS = 250_000
_stemmer = Stemmer.Stemmer("english")


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
        seen.update({_stem(word) for word in _WORD.findall(text)[1:] if word[0].isupper()})
    return frozenset(name for name, count in seen.items() if count >= _OWN_NAME)


def _judged(change: Change, names: frozenset[str]) -> Change:
    if change.kind == "moved":
        return replace(change, significance="wording", reason="the same words in another place")
    if change.old and change.new:
        reason = Difference.of(change.old.quote, change.new.quote, names).reason
        if reason:
            return replace(change, significance="substantive", reason=reason)
        return replace(change, significance="wording", reason="the same in other words")
    passage = change.new or change.old
    if passage and _is_pointer(passage):
        return replace(change, significance="wording", reason="a pointer or introduction without facts of its own")
    what = "said only in the new version" if change.new else "said only in the old version"
    return replace(change, significance="substantive", reason=what)


def _is_pointer(passage: Passage) -> bool:
    """Tell a passage that sends the reader elsewhere or introduces what follows, and says nothing itself."""
    words, facts = _WORD.findall(passage.quote), len(SUBJECTS.findall(passage.quote))
    if POINTER.search(passage.quote):
        return facts <= max(1, len(words) // 12)
    return passage.quote.rstrip().endswith(":") and facts <= 1


@dataclass(frozen=True, slots=True)
class Difference:
    """What one wording has and the other lacks: content words, and whether numbers, negations, addresses differ."""

    gone: tuple[str, ...]
    come: tuple[str, ...]
    numbers: tuple[tuple[str, ...], tuple[str, ...]]
    negations: bool
    addresses: bool

    @classmethod
    def of(cls, old: str, new: str, names: frozenset[str] = frozenset()) -> Difference:
        """Return the difference of two wordings."""
        ours, theirs = _WORD.findall(old), _WORD.findall(new)
        dropped, added = _apart(ours, theirs)
        gone = _content(dropped, theirs, added, names)
        come = _content(added, ours, dropped, names)
        numbers = tuple(tuple(word for word in words if _value(word)) for words in (dropped, added))
        negations = _count(dropped) != _count(added)
        addresses = set(_ADDRESS.findall(old)) != set(_ADDRESS.findall(new))
        if sorted(map(_value, numbers[0])) == sorted(map(_value, numbers[1])):
            numbers = ((), ())
        return cls(gone, come, (numbers[0], numbers[1]), negations, addresses)

    @property
    def reason(self) -> str:
        """What makes it a difference of substance, in a few words; "" where nothing does."""
        if any(self.numbers):
            old, new = (", ".join(words) for words in self.numbers)
            return f"a number: {old or 'none'} → {new or 'none'}"
        if self.negations:
            return "a negation"
        if self.addresses:
            return "an address"
        if not self._counts:
            return ""
        parts = [f"{verb}: {' '.join(w[:_SHOWN])}" for verb, w in (("adds", self.come), ("drops", self.gone)) if w]
        return "; ".join(parts)

    @property
    def _counts(self) -> bool:
        words = [*self.gone, *self.come]
        if not words:
            return False
        plain = all(word.islower() and not SUBJECTS.match(word) for word in words)
        # One plain word for another, or one more or less, is style more often than substance.
        return not (plain and len(self.gone) <= 1 and len(self.come) <= 1)


def _apart(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words that a longest common subsequence leaves over on either side."""
    gone, come = apart(old, new)
    return [old[i] for i in gone], [new[j] for j in come]


def _content(
    words: Sequence[str], other: Sequence[str], partners: Sequence[str], names: frozenset[str]
) -> tuple[str, ...]:
    """Return those words that carry content which the other side lacks in any form."""
    known = {_stem(word) for word in other} | names
    capitals = "".join(word[0] for word in other if word[0].isupper())
    abbreviated = _abbreviated(words, other)
    likely = partners if len(words) * len(partners) <= _MOST_PAIRS else ()
    found = []
    for word in words:
        stem = _stem(word)
        if len(word) < 2 or _value(word) or stem in known or stem in EMPTY_STEMS or word in abbreviated:
            continue
        if any(_alike(word, partner) for partner in likely) or _is_spelt_out(word, capitals):
            continue
        found.append(word)
    return tuple(found)


def _value(word: str) -> str:
    """Return the digits of a number, written out or not; "" where a word is none."""
    return word if word[0].isdigit() else NUMBERS.get(word.casefold(), "")


def _alike(word: str, other: str) -> bool:
    """Tell a word with a slip of the pen, or another form of it, from another word."""
    if not 3 < len(word) <= _LONGEST or len(other) > _LONGEST:
        return False
    return Indel.normalized_similarity(word.casefold(), other.casefold()) >= _ALIKE


def _is_spelt_out(word: str, capitals: str) -> bool:
    """Tell an abbreviation by the first letters of names on the other side: "EEA" for "European Economic Area"."""
    return _is_abbreviation(word) and word in capitals


def _abbreviated(words: Sequence[str], other: Iterable[str]) -> set[str]:
    """Return the words for whose first letters an abbreviation on the other side stands."""
    names = [word for word in words if word[0].isupper()]
    initials = "".join(name[0] for name in names)
    places = ((initials.find(word), len(word)) for word in set(other) if _is_abbreviation(word))
    return {name for at, length in places if at >= 0 for name in names[at : at + length]}


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and 2 <= len(word) <= 5


def _count(words: Sequence[str]) -> int:
    return sum(word.casefold() in NEGATIONS or word.casefold().endswith(("n't", "n’t")) for word in words)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word.casefold().removesuffix("'s").removesuffix("’s")))


EMPTY_STEMS = frozenset(_stem(word) for word in EMPTY)
