"""The normal form of a clause: what is left of it when markup, case, punctuation, numbering and dates do not count."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

Words = tuple[str, ...]

_CODE_DIGITS = 6

_WORD = re.compile(r"[^\W_]+")
_STRETCH = re.compile(r"\S{1,1000}")
# Marks of width zero and soft hyphens, which no reader sees.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# "1.", "2.3", "(a)", "iv)" before the words of a clause.
_NUMBER = re.compile(r"^\s*(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,3})+)\s+(?=\S)")
# "(a)", "iv)" within a sentence that lists things; "thirty (30) days" is none.
_INNER_NUMBER = re.compile(r"(?<=\s)\(?(?:[a-z]|[ivx]{1,5})\)(?=\s)", re.IGNORECASE)
# "Section 9.1", "clause 4(b)": where it points is renumbered with the headings.
_REFERENCE = re.compile(
    r"\b(sections?|clauses?|paragraphs?|chapters?|parts?)\s+\d{1,3}(?:\.\d{1,3})*(?:\([a-z]\))?", re.IGNORECASE
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:\d{{4}}-\d\d?-\d\d?|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?,?\s*\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s*\d{{4}}|{_MONTH},?\s+\d{{4}}|\d{{4}}/\d\d?/\d\d?)\b",
    re.IGNORECASE,
)
# The words around the date of a statement; a clause that has no others is such a date.
_DATE_WORDS = frozenset(
    (
        "a as at available been by current date dated day effective from has in is it last latest modification "
        "modified most of on our policy posted previous privacy published recent recently release revised revision "
        "notice since starting statement the these this to update updated updates valid version versions was we"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal forms of a text, as words in lower case.

    `words` are all of them without the `number` in front ("2.1"); `undated` lack the `dates` too, the numbers of a list
    within ("(a)"), and where a reference to a section points. Texts with equal `undated` say the same.
    """

    words: Words
    undated: Words
    number: str = ""
    dates: tuple[str, ...] = ()

    @classmethod
    @lru_cache(maxsize=16_384)
    def of(cls, text: str) -> Normal:
        """Return the normal forms of a text; those of texts seen lately are kept, versions share most of theirs."""
        plain = _UNSEEN.sub("", _composed(text))
        number = _NUMBER.match(plain)
        plain = plain[number.end() :] if number else plain
        undated = _INNER_NUMBER.sub(" ", _REFERENCE.sub(r"\1", _DATE.sub(" ", plain)))
        return cls(words_of(plain), words_of(undated), number[0].strip() if number else "", tuple(_DATE.findall(plain)))

    @property
    def is_date(self) -> bool:
        """Whether the text is nothing but the date of a statement: "Last updated: 1 May 2024"."""
        return bool(self.dates) and _DATE_WORDS.issuperset(self.undated)

    @property
    def is_code(self) -> bool:
        """Whether the text is no words but a number, or a mark that a machine put there ("icbu011228245074")."""
        if all(word.isdigit() for word in self.words):
            return True
        return len(self.words) == 1 and sum(map(str.isdigit, self.words[0])) >= _CODE_DIGITS


def _composed(text: str) -> str:
    """Return a text in the normal form NFKC."""
    # Word by word, and no more at once than any word has: to sort stacked accents takes their number squared.
    return text if text.isascii() else _STRETCH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def words_of(text: str) -> Words:
    """Return the words of a text in lower case, without punctuation."""
    return tuple(_WORD.findall(text.casefold()))
