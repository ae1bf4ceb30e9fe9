"""Tell where a clause speaks of a neighbour of what a question names: data in transit, and not data at rest.

The words around both are the same, so that the models take one for the other. Yes would be wrong, and what the clause
says is still worth reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.evidence import Evidence
from nlp.polarity import main_part, says_no


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """A thing that questions name, and its neighbour, which says nothing of it."""

    asked: re.Pattern[str]
    said: re.Pattern[str]

    @classmethod
    def of(cls, asked: str, said: str) -> _Neighbours:
        return cls(re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), re.compile(rf"\b(?:{said})\b", re.IGNORECASE))

    def apart(self, question: str, clause: str) -> bool:
        asks = self.asked.search(question) and not self.said.search(question)
        return bool(asks and self.said.search(clause) and not self.asked.search(clause))


_AT_REST = (
    r"at rest|(?:when|while|once) (?:it is |it's |they are |we )?(?:stored?|saved?)|in storage"
    r"|on (?:(?:your|our|the) )?(?:own )?(?:servers?|disks?|drives?|databases?|systems?)"
)
_IN_TRANSIT = (
    r"in[- ](?:transit|transmission|motion|flight)|transmi(?:t|ts|tted|tting|ssions?)|tls|ssl|https"
    r"|secure sockets?(?: layer)?|transport layer security"
)
_PRIVATE = r"(?:private|direct|personal) (?:messages?|chats?|conversations?)|dms?"
_PUBLIC = r"public(?:ly)?|forums?|comments?|reviews?|message boards?"
_EXACT = r"exact(?:ly)?|precise(?:ly)?|gps"
_ROUGH = r"approximate(?:ly)?|general(?:ised|ized)? location|coarse|rough(?:ly)?|city|region|country|ip address(?:es)?"
_MINE = r"my|personal|me|about us"
_NOBODYS = r"aggregated?|anonym\w+|de-?identified|non-?personal(?:ly)?|statistical"

_NEIGHBOURS = (
    _Neighbours.of(_AT_REST, _IN_TRANSIT),
    _Neighbours.of(_IN_TRANSIT, _AT_REST),
    _Neighbours.of(_PRIVATE, _PUBLIC),
    _Neighbours.of(_EXACT, _ROUGH),
    _Neighbours.of(_MINE, _NOBODYS),
)

_SELLING = re.compile(r"\b(?:sell(?:s|ing)?|sold|sale)\b", re.IGNORECASE)
_DENIES_SELLING = re.compile(
    r"(?:\b(?:not|never|no|nor)|n['’]t)\b[^.;]{0,40}\b(?:sell(?:s|ing)?|sold|sale)\b", re.IGNORECASE
)
# What happens to data when the company itself changes hands.
_TAKEOVER = re.compile(
    r"\b(?:mergers?|acquisitions?|bankruptcy|insolvency|liquidation|dissolution|reorgani[sz]ations?|restructuring"
    r"|divestitures?|change (?:of|in) (?:control|ownership)|new owner|(?:sold|acquired) (?:or|and) merged"
    r"|(?:sale|sell|sold|selling|transfer|transferring|purchase|buy|buying)(?: of)?"
    r"(?: (?:all|any|some|parts?|portions?|substantially|or|of|our|the|its|a|one|more|another|whole|entire)){0,8}"
    r" (?:business(?:es)?|company|assets?|stock|division|subsidiar\w+)"
    r"|(?:business|company|assets?|firm|division|we)(?: \w+){0,2} (?:is|are|be|gets?|were)(?: \w+){0,2}"
    r" (?:sold|bought|acquired|merged|taken over|bankrupt))\b",
    re.IGNORECASE,
)
# Who asks about that names it: "will you sell my data if you go bankrupt?"
_ASKS_TAKEOVER = re.compile(
    r"\b(?:merg\w+|acqui\w+|bankrupt\w*|insolven\w+|bust|taken? over|takeover|owners?|business|company|assets?"
    r"|if you(?:['’]re| are| get| go)?)\b",
    re.IGNORECASE,
)


def speaks_of_another(question: str, clause: str) -> bool:
    """Tell whether a clause that seems to say yes speaks of a neighbour of what the question asks about."""
    return not says_no(question) and any(pair.apart(question, clause) for pair in _NEIGHBOURS)


def is_takeover(question: str, clause: str) -> bool:
    """Tell whether a question is about selling data and a clause only about what a sale of the business does to it.

    That is no selling of data as a practice, nor does it say that there is none.
    """
    asks = _SELLING.search(question) and not _ASKS_TAKEOVER.search(question)
    return bool(asks and _TAKEOVER.search(main_part(clause)) and not _DENIES_SELLING.search(clause))


def direct_first(question: str, evidence: Sequence[Evidence], least: float) -> list[Evidence]:
    """Return evidence, the first that speaks of selling data put before a sale of the business that was best.

    `least` is how well it must answer.
    """
    if not evidence or not is_takeover(question, evidence[0].clause.text):
        return list(evidence)
    said = (e for e in evidence if e.score >= least and not is_takeover(question, e.clause.text))
    direct = next((e for e in said if _SELLING.search(e.clause.text)), None)
    return [direct, *(e for e in evidence if e is not direct)] if direct else list(evidence)
