"""Tell yes-or-no questions that a passage cannot settle: it says nothing of the time or proviso that they ask about.

"Do you keep it for ten years?" has neither yes nor no in "we keep it for 7 years": a reader wants to see the seven. The
models compare no numbers, and take "without telling me" for a negation.
"""

from __future__ import annotations

import re

from nlp.lexicon import FUNCTION
from nlp.polarity import says_no
from nlp.spans import days_in
from nlp.stems import EMPTY_STEMS, stem
from nlp.types import Verdict

# What asks for more or less than an amount, which the same amount does not settle.
_BEYOND = re.compile(
    r"\b(?:more|longer|less|shorter|fewer|older|younger|over|under|beyond|past|after|before)\b", re.IGNORECASE
)
_WITHOUT = re.compile(r"\bwithout ([^,.;?!]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# Words that stand for each other here, by their stems.
_ALIKE = (
    frozenset(
        map(
            stem,
            "consent permission permitted agree agreement approval authorization authorisation ask okay opt".split(),
        )
    ),
    frozenset(map(stem, "tell telling know knowing knowledge notify notification notice warn warning".split())),
)


def settled(question: str, clause: str, verdict: Verdict) -> Verdict:
    """Return the verdict on a yes-or-no question, "stated" where the clause that answers it best cannot settle it."""
    asked, said = set(days_in(question)), set(days_in(clause))
    if asked:
        if _BEYOND.search(question) or not asked & said:
            return "stated"
        return verdict if says_no(clause) or says_no(question) else "yes"
    if any(not _mentions(clause, proviso) for proviso in _WITHOUT.findall(question)):
        return "stated"
    return verdict


def _mentions(clause: str, proviso: str) -> bool:
    """Tell whether a clause speaks of a proviso, in its words or in others for the same."""
    words = [stem(word) for word in _WORD.findall(proviso) if word.casefold() not in FUNCTION]
    wanted = {word for word in words if word not in EMPTY_STEMS} or set(words)
    wanted |= {word for group in _ALIKE if group & wanted for word in group}
    return not wanted or not wanted.isdisjoint(stem(word) for word in _WORD.findall(clause))
