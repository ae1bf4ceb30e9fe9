"""What could be asked next: questions about what a statement speaks of and has not been asked about yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nlp.types import Clause

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """Questions of one category, and the words by which a question of a visitor's own is known to be about it."""

    category: str
    questions: tuple[str, ...]
    words: re.Pattern[str]


def _subject(category: str, words: str, *questions: str) -> Subject:
    return Subject(category, questions, re.compile(rf"\b(?:{words})", re.IGNORECASE))


# In the order in which people are likely to want to know.
SUBJECTS: Final = (
    _subject(
        "sharing",
        r"shar|s[eo]ll|sold|third.part|disclos|partner|advertis|police|cops|government",
        "Who do you share my information with?",
        "Can the police get my information?",
    ),
    _subject("retention", r"how long|keep|kept|retain|retention|store", "How long do you keep my data?"),
    _subject(
        "access",
        r"access|delet|correct|copy|download|remove|erase|see what|have about me",
        "How can I delete my data?",
        "Can I see what you have about me?",
    ),
    _subject(
        "choice",
        r"opt|choice|choose|consent|unsubscribe|refuse|turn off|stop|marketing",
        "How can I opt out?",
        "Can I stop your marketing e-mails?",
    ),
    _subject("children", r"child|kid|minor|under 1|parent|teen", "What about children under 13?"),
    _subject("security", r"secur|protect|encrypt|breach|hack|safe", "How do you protect my data?"),
    _subject(
        "collection",
        r"collect|gather|cookie|track|location|use my|what .* for",
        "What information do you collect about me?",
        "What do you use my data for?",
    ),
    _subject(
        "international",
        r"abroad|countr|europ|eu\b|california|transfer|gdpr",
        "Do you transfer my data to other countries?",
    ),
    _subject("policy-change", r"chang|updat|notif", "How will I learn of changes to this statement?"),
    _subject("do-not-track", r"do.not.track|dnt\b", "Do you honour Do Not Track?"),
    _subject("contact", r"contact|complain|whom|e-?mail address|reach", "Whom can I complain to?"),
)


def suggest(clauses: Iterable[Clause], asked: Sequence[str], count: int = SHOWN) -> list[str]:
    """Return up to `count` questions for a statement with these clauses, after the questions `asked`.

    They are about categories that the statement has. Those that no question touched come first; where these are too
    few, other questions of categories that one did touch follow.
    """
    there = {name for clause in clauses for name in clause.categories}
    subjects = [subject for subject in SUBJECTS if subject.category in there]
    said = {_bare(question) for question in asked}
    fresh = [s for s in subjects if not any(s.words.search(question) for question in asked)]
    touched = [subject for subject in subjects if subject not in fresh]
    # One of each fresh subject, then what else there is to ask.
    ordered = [subject.questions[0] for subject in fresh]
    ordered += [question for subject in touched for question in subject.questions]
    ordered += [question for subject in fresh for question in subject.questions[1:]]
    return [question for question in ordered if _bare(question) not in said][:count]


def _bare(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
