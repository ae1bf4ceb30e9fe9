"""What one wording of a statement has and the other lacks, and what of it is more than style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from nlp.counted import Words, figures, told, value_of
from nlp.enumeration import items_apart
from nlp.lexicon import EXCEPTIONS, FIRM, LEGAL_FORMS, LIMITS, LOOSE, NEGATIONS, NOT_CONTRACTED, SUBJECTS
from nlp.marks import apart
from nlp.spans import days_in, in_days
from nlp.stems import EMPTY_STEMS, WORD, stem

# From the start of a word only: to try each of its letters would take their number squared.
_ADDRESS = re.compile(r"(?<!\S)[^\s@]+@[^\s@]+\.\w+|https?://\S+|www\.\S+|\+?\(?\d[\d ()-]{8,}\d")
_ALIKE = 0.75
_SHOWN = 6
# "Postal address: ...", "Changes 1. We may ...": a heading that runs into its sentence, and so much more text.
_LABEL = re.compile(
    r"^(?:(?:[^\W_][\w'’&/-]*[ ]){0,3}[^\W_][\w'’&/-]*:|(?:[A-Z][\w'’&/-]*[ ]){1,4}?\d{0,2}\.)\s+(?=(?:\S+\s+){3})"
)
# A match may begin at any capital, so the length of a word has a limit.
_NAME = re.compile(r"((?:[^\W\d_a-z][\w&-]{0,60}[ ]){1,5})([^\W\d_]+)\b")
# Neither "in" and "out" nor "us" says much by itself.
_OPT = re.compile(r"\bopt(?:s|ed|ing)?[ -](in|out)\b", re.IGNORECASE)
_SPELT = {"optin": "opt in", "optout": "opt out"}
# "At no cost" denies nothing that "free of charge" says, nor "free from errors" what "without errors" does.
_AT_NO_COST = re.compile(
    r"\b(?:free of|at no|without)(?: (?:any|additional|extra|further)){0,2} (?:charge|cost|fee|payment)s?\b",
    re.IGNORECASE,
)
_FREE_OF = re.compile(r"\bfree (?:of|from)\b", re.IGNORECASE)
_UNITED_STATES = re.compile(r"\bUnited States(?: of America)?\b|\bU\.S\.(?:A\.)?|\bUSA?\b")
# No word is longer, and no two wordings of a sentence have more pairs of words to compare letter by letter.
_LONGEST = 60
_MOST_PAIRS = 250_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What one wording has and the other lacks, `gone` and `come`: words of content, numbers, items, firm words.

    `numbers` are told with the unit of time that they count where the units of the two sides differ; they are `named`
    where all of them belong to names ("AES-256"). `negations` are the words that deny or except, where they stand
    elsewhere; `promise` are words that make a statement firm or loose, wide or narrow.
    """

    gone: Words
    come: Words
    numbers: tuple[Words, Words] = ((), ())
    negations: Words = ()
    addresses: bool = False
    promise: tuple[Words, Words] = ((), ())
    items: tuple[Words, Words] = ((), ())
    named: bool = False

    @classmethod
    def of(cls, old: str, new: str, names: frozenset[str] = frozenset()) -> Difference:
        """Return the difference of two wordings."""
        old, new = _unlabelled(old, new), _unlabelled(new, old)
        if list(days_in(old)) == list(days_in(new)):
            old, new = in_days(old), in_days(new)
        names |= {stem(word) for text in (old, new) for word in _legal_names(text)}
        ours, theirs = _words(old), _words(new)
        left_old, left_new = apart(ours, theirs)
        dropped, added = [ours[i] for i in left_old], [theirs[j] for j in left_new]
        gone = _content(dropped, theirs, added, names)
        come = _content(added, ours, dropped, names)
        numbers = figures(ours, left_old), figures(theirs, left_new)
        negations = _negations(ours, left_old, theirs, left_new)
        addresses = set(_ADDRESS.findall(old)) != set(_ADDRESS.findall(new))
        # Two that stand in each other's place are a change; one that moved alone is the same in any order.
        if [one.counted for one in numbers[0]] == [one.counted for one in numbers[1]]:
            numbers = ((), ())
        named = all(one.in_name for side in numbers for one in side)
        promise = _promise(dropped, added)
        items = items_apart(old, new, EMPTY_STEMS | names)
        return cls(gone, come, told(*numbers), negations, addresses, promise, items, named)

    @property
    def reason(self) -> str:
        """What makes it a difference of substance, in a few words; "" where nothing does."""
        # That something is denied no more weighs more than the number in a name.
        if any(self.numbers) and not (self.named and self.negations):
            old, new = (", ".join(words) for words in self.numbers)
            return f"a number: {old or 'none'} → {new or 'none'}"
        if self.negations:
            return "an exception" if EXCEPTIONS.issuperset(self.negations) else "a negation"
        if self.addresses:
            return "an address"
        if any(self.promise):
            old, new = (", ".join(words) for words in self.promise)
            return f"a promise: {old or 'none'} → {new or 'none'}"
        if any(self.items):
            gone, come = (", ".join(item[:_LONGEST] for item in items[:_SHOWN]) for items in self.items)
            return f"a list without: {gone}" if gone else f"a list with: {come}"
        if not self._counts:
            return ""
        sides = (("adds", self.come), ("drops", self.gone))
        parts = [f"{verb}: {', '.join(_SPELT.get(w, w) for w in words[:_SHOWN])}" for verb, words in sides if words]
        return "; ".join(parts)

    @property
    def _counts(self) -> bool:
        words = [*self.gone, *self.come]
        if not words:
            return False
        plain = all(word.islower() and not SUBJECTS.match(word) for word in words)
        # One plain word for another, or one more or less, is style more often than substance.
        return not (plain and len(self.gone) <= 1 and len(self.come) <= 1)


def _words(text: str) -> list[str]:
    """Return the words of a text, what is said in two words or in many ways as one."""
    text = _FREE_OF.sub("without", _AT_NO_COST.sub("free", text))
    return WORD.findall(_UNITED_STATES.sub("USA", _OPT.sub(r"opt\1", text)))


def _unlabelled(text: str, other: str) -> str:
    """Return a text without the heading in front of it, where the other has none or another."""
    label = _LABEL.match(text)
    return text[label.end() :] if label and not other.startswith(label[0]) else text


def _legal_names(text: str) -> Iterator[str]:
    """Yield the words of the full names of companies in a text: "Acme Technologies" of "Acme Technologies AG"."""
    for found in _NAME.finditer(text):
        if found[2].casefold() in LEGAL_FORMS:
            yield from found[1].split()


def _promise(gone: Sequence[str], come: Sequence[str]) -> tuple[Words, Words]:
    """Return the words of either side that make a promise firmer or looser, a statement wider or narrower."""
    old, new = [word.casefold() for word in gone], [word.casefold() for word in come]
    words = FIRM | LOOSE | LIMITS if _swapped(old, new) or _swapped(new, old) else LIMITS
    # "We share" that becomes "we may share"; "can" for "may" is style.
    if LOOSE.isdisjoint(old) != LOOSE.isdisjoint(new):
        words = words | (LOOSE - {"can"})
    found = tuple(word for word in old if word in words), tuple(word for word in new if word in words)
    return found if found[0] != found[1] else ((), ())


def _swapped(old: Sequence[str], new: Sequence[str]) -> bool:
    return not FIRM.isdisjoint(old) and not LOOSE.isdisjoint(new)


def _content(
    words: Sequence[str], other: Sequence[str], partners: Sequence[str], names: frozenset[str]
) -> tuple[str, ...]:
    """Return those words that carry content which the other side lacks in any form."""
    known = {stem(word) for word in other} | names
    capitals = "".join(word[0] for word in other if word[0].isupper())
    abbreviated = _abbreviated(words, other)
    likely = partners if len(words) * len(partners) <= _MOST_PAIRS else ()
    found = []
    for word in words:
        root = stem(word)
        if len(word) < 2 or value_of(word) or root in known or root in EMPTY_STEMS or word in abbreviated:
            continue
        if any(_alike(word, partner) for partner in likely) or _is_spelt_out(word, capitals):
            continue
        found.append(word)
    return tuple(found)


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


def _negations(ours: Sequence[str], left_old: Sequence[int], theirs: Sequence[str], left_new: Sequence[int]) -> Words:
    """Return the negations that one side has alone, none where they stand after as many words that both sides have."""
    places: list[list[int]] = []
    found: list[str] = []
    for words, left in ((ours, left_old), (theirs, left_new)):
        at = [(i, alone) for alone, i in enumerate(left) if _is_negation(words[i].casefold())]
        places.append([i - alone for i, alone in at])
        found += [words[i].casefold() for i, _ in at]
    return tuple(found) if places[0] != places[1] else ()


def _is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith(NOT_CONTRACTED)
