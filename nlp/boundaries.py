"""Where sentences of legal prose begin, as functions over text.

Rules in the manner of Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection" (Computational
Linguistics 32(4), 2006): a full stop ends a sentence unless it belongs to an abbreviation; after an abbreviation that
can itself end a sentence ("Inc.", "U.S.") the next word decides, if it is one that usually starts sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# Never the last word of a sentence.
INNER = frozenset(
    (
        "e.g i.e eg ie cf vs viz no nos art arts sec secs para paras fig dr mr mrs ms prof st attn approx incl ref "
        "reg ext jan feb mar apr jun jul aug sep sept oct nov dec ave blvd p.o"
    ).split()
)
# Possibly the last word of a sentence.
OUTER = frozenset(("inc ltd llc corp co bros plc gmbh etc al jr sr dept tel").split())
# Words that start a sentence far more often than they follow an abbreviation with a capital.
STARTERS = frozenset(
    (
        "a after all also although an and any as at because before but by do does each every for from he her here how "
        "however i if in it its many most no not on once or other our please she should since so some such that the "
        "their then there these they this those to under unless until upon we what when where whether which while who "
        "why with you your"
    ).split()
)

# Final punctuation with the quotes and brackets that close after it, or the empty line between paragraphs.
_CANDIDATE = re.compile(r"""(?P<mark>[.!?…]+)["'”’»)\]]*|\n[ \t]*\n""")
_WORD = re.compile(r"[^\W\d_]+")
_OPENERS = "\"'“‘«(["
_ENUMERATOR = re.compile(r"\(?(\d{1,3}(\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,4})\)?")
# "(b) We give": a lower-case letter or numeral in brackets may open a sentence as a capital does.
_ITEM = re.compile(r"\(([a-z]|[ivx]{1,4})\)\s")
_DOTTED = re.compile(r"([A-Za-z]\.)*[A-Za-z]")
# The longest last word that is looked at; without a limit, text that never ends a sentence would take hours.
_REACH = 80


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends, from left to right; the white space after it belongs to it."""
    yield from pairwise([*sentence_starts(text), len(text)])


def sentence_starts(text: str) -> Iterator[int]:
    """Yield the offset of the first character of each sentence, from left to right."""
    start = _skip_space(text, 0)
    if start == len(text):
        return
    yield start
    for found in _CANDIDATE.finditer(text):
        if found.end() <= start:
            continue
        following = _skip_space(text, found.end())
        if following == len(text):
            return
        if following > start and (found["mark"] is None or _ends(text, start, found, following)):
            start = following
            yield start


def _skip_space(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _ends(text: str, start: int, found: re.Match[str], following: int) -> bool:
    """Decide whether the punctuation ends the sentence that began at `start`."""
    if "\n\n" in text[found.end() : following]:
        return True
    opener = following
    while opener < len(text) and text[opener] in _OPENERS:
        opener += 1
    word = _WORD.match(text, opener)
    usual = word is not None and word[0][0].isupper() and word[0].lower() in STARTERS
    if found.end() == following:
        # "our notice.We may": the space was lost, which only a word that starts sentences can prove.
        # Two letters before it, or "the U.S.A." would be cut at its last letter.
        return usual and found.start() > start + 1 and text[found.start() - 2 : found.start()].isalpha()
    if word is not None and word[0][0].islower() and not _ITEM.match(text, following):
        return False
    if found["mark"] != ".":
        return True
    return _full_stop_ends(text[max(start, found.start() - _REACH) : found.start()], usual)


def _full_stop_ends(sentence: str, usual: bool) -> bool:
    """Decide by the end of the sentence before the full stop; `usual`: the next word usually starts sentences."""
    last = sentence.split()[-1].lstrip(_OPENERS) if sentence.split() else ""
    if last.lower() in INNER:
        return False
    if len(sentence.split()) == 1 and _ENUMERATOR.fullmatch(sentence.strip()):
        return False
    # "EU-U.S." and "Inc./LLC." end as their last part does.
    tail = re.split(r"[-–/]", last)[-1]
    if tail.lower() in OUTER or _DOTTED.fullmatch(tail):
        return usual
    return bool(last)
