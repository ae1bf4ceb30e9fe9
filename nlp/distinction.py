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
from nlp.types import Clause


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """A thing that questions name, and its neighbour, which says nothing of it.

    `named` is what names the thing in a clause, where that is not what names it in a question; `about` is what a
    question must be about as well.
    """

    asked: re.Pattern[str]
    said: re.Pattern[str]
    named: re.Pattern[str]
    about: re.Pattern[str]

    @classmethod
    def of(cls, asked: str, said: str, *, named: str = "", about: str = "") -> _Neighbours:
        return cls(_pattern(asked), _pattern(said), _pattern(named or asked), _pattern(about))

    def apart(self, question: str, clause: str) -> bool:
        asks = self.asked.search(question) and self.about.search(question) and not self.said.search(question)
        return bool(asks and self.said.search(clause) and not self.named.search(clause))


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b" if words else "", re.IGNORECASE)


_AT_REST = (
    r"at rest|(?:when|while|once) (?:it is |it's |they are |we )?(?:stored?|saved?)|in storage"
    r"|on (?:(?:your|our|the) )?(?:own )?(?:servers?|disks?|drives?|databases?|systems?)"
)
_IN_TRANSIT = (
    r"in[- ](?:transit|transmission|motion|flight)|transmi(?:t|ts|tted|tting|ssions?)|tls|ssl|https"
    r"|secure sockets?(?: layer)?|transport layer security"
)
_PROTECTED = r"(?:un)?(?:encrypt\w*|secur\w+|protect\w*|safe\w*|scrambled)"
# "We anonymise your account" is about yours.
_NOBODYS = (
    r"(?:aggregated?|anonymi[sz]ed|anonymous|de-?identified|non-?personal(?:ly)?(?:[- ]identif\w+)?|statistical)"
    r"(?:,? (?:or|and) \w+)? (?:data|information|statistics?|reports?|form)"
)

_NEIGHBOURS = (
    _Neighbours.of(
        _AT_REST,
        _IN_TRANSIT,
        named=r"at rest|stor(?:ed|es?|age|ing)|disks?|drives?|databases?|servers?",
        about=_PROTECTED,
    ),
    _Neighbours.of(_IN_TRANSIT, _AT_REST, about=_PROTECTED),
    _Neighbours.of(
        r"(?:private|direct|personal) (?:messages?|chats?|conversations?)|dms?",
        r"public(?:ly)?|forums?|comments|message boards?",
    ),
    _Neighbours.of(
        r"exact(?:ly)?|precise(?:ly)?|gps",
        r"approximate(?:ly)?|general location|coarse|rough(?:ly)?|city[- ]level|ip address(?:es)?",
        named=r"exact(?:ly)?|precise(?:ly)?|gps|latitude|longitude|coordinates?|geo-?location|pinpoint",
    ),
    _Neighbours.of(r"my|personal|me|about us", _NOBODYS, named=r"your|(?<!non-)(?<!non )personal|names?|e-?mails?"),
)

_OF_CHILDREN = _pattern(
    r"(?:of|from|about|to|by|at|for)(?: (?:any|a|our|the|young|school|our young))*"
    r" (?:child(?:ren)?|kids?|minors?|students?|pupils?"
    r"|(?:anyone|persons?|people|individuals?|users?) (?:who are )?under)"
)
_YOURS = _pattern(r"your (?:own |personal )*(?:data|information|details)")
_ASKS_CHILDREN = _pattern(
    r"child\w*|kids?|kiddo\w*|minors?|sons?|daughters?|teen\w*|students?|pupils?|under|years?|yrs?|ages?|young\w*|schools?"
    r"|parents?|bab(?:y|ies)|famil(?:y|ies)"
)

# "We do not sell health information", and other data?
_OF_A_KIND = re.compile(
    r"(?:\b(?:not|never|no|nor)|n['’]t)\b (?:\w+ ){0,4}?"
    r"(?P<kind>biometric|cycle|financial|genetic|health|location|medical|payment|sensitive|usage)"
    r" (?:data|information|details)\b",
    re.IGNORECASE,
)
_OF_ALL = _pattern(
    r"(?:my|our|user|personal|the|any) (?:own |personal )?(?:data|info|information|details|stuff)|data|info"
)

_SELLING = re.compile(r"\b(?:sell(?:s|ing)?|sold|sale)\b", re.IGNORECASE)
_DENIES_SELLING = re.compile(
    r"(?:\b(?:not|never|no|nor)|n['’]t)\b[^.;]{0,40}\b(?:sell(?:s|ing)?|sold|sale)\b", re.IGNORECASE
)
_FIRM = (
    r"(?:business(?:es)?|company|assets?|stock|division|subsidiar(?:y|ies))(?! (?:data|information|records|details))"
)
# What happens to data when the company itself changes hands.
_TAKEOVER = re.compile(
    r"\b(?:mergers?|acquisitions?|bankruptcy|insolvency|liquidation|dissolution|reorgani[sz]ations?|restructuring"
    r"|divestitures?|change (?:of|in) (?:control|ownership)|new owner|(?:sold|acquired) (?:or|and) merged"
    r"|(?:sale|sell|sold|selling|transfer|transferring|purchase|buy|buying)(?: of)?"
    r"(?: (?:all|any|some|parts?|portions?|substantially|or|of|our|the|its|a|one|more|another|whole|entire)){0,8}"
    rf" {_FIRM}"
    rf"|{_FIRM}(?: \w+)?? (?:is|are|be|gets?|were)(?: \w+)?? (?:sold|bought|acquired|merged|taken over|bankrupt)"
    r"|we (?:are|were|get|got)(?: \w+)?? (?:sold|bought|acquired|merged|taken over)"
    r"|if \w+ (?:is|gets|are)(?: \w+)?? (?:sold|bought|acquired|merged|taken over))\b",
    re.IGNORECASE,
)
# "We sell it to advertisers, or in connection with a merger": the sale of the business is but one occasion.
_ALSO_OTHERWISE = re.compile(
    r"\b(?:sell|sells|selling|sold)\b[^.;]{0,300}[,\s](?:or|and)(?: also)?(?: (?:may be )?\w+ed)?"
    r"(?: (?:to|with) [^,.;]{1,40})? (?:in|if|as|upon|when|during|after|following)\b",
    re.IGNORECASE,
)
# Who asks about that names it: "will you sell my data if you go bankrupt?"
_ASKS_TAKEOVER = re.compile(
    r"\b(?:merg\w+|acqui\w+|bankrupt\w*|insolven\w+|bust|taken? over|takeover|(?:new|other|next|change\w*) owner\w*"
    r"|(?:sell|sells|selling|buys?|bought) (?:(?:the|your|a) )?(?:whole )?(?:business|company)"
    r"|(?:business|company|you) (?:is|gets?|are|was|were) (?:sold|bought)|assets?"
    r"|if you(?:['’]re| are| get| go)?)\b",
    re.IGNORECASE,
)


def is_of_another(question: str, clause: Clause, *, says_yes: bool) -> bool:
    """Tell whether a clause that seems to answer says it of something or somebody else than the question asks about."""
    if is_takeover(question, clause.text):
        return True
    return speaks_of_another(question, clause.context) if says_yes else denies_of_a_part(question, clause.text)


def denies_of_a_part(question: str, clause: str) -> bool:
    """Tell whether a clause that seems to say no says it of children or one kind of data alone, and more was asked."""
    if _YOURS.search(clause):
        return False
    of_children = _OF_CHILDREN.search(clause) and not _ASKS_CHILDREN.search(question)
    kind = _OF_A_KIND.search(clause)
    return bool(
        of_children or (kind and _OF_ALL.search(question) and kind["kind"].casefold() not in question.casefold())
    )


def speaks_of_another(question: str, clause: str) -> bool:
    """Tell whether a clause that seems to say yes speaks of a neighbour of what the question asks about."""
    return not says_no(question) and any(pair.apart(question, clause) for pair in _NEIGHBOURS)


def is_takeover(question: str, clause: str) -> bool:
    """Tell whether a question is about selling data and a clause only about what a sale of the business does to it.

    That is no selling of data as a practice, nor does it say that there is none.
    """
    if not _SELLING.search(question) or _ASKS_TAKEOVER.search(question) or _DENIES_SELLING.search(clause):
        return False
    said = main_part(clause)
    # What is left of "we sell our business" sells nothing.
    rest = _TAKEOVER.sub("", said)
    return rest != said and not _ALSO_OTHERWISE.search(rest)


def direct_first(question: str, evidence: Sequence[Evidence], least: float) -> list[Evidence]:
    """Return evidence, the first that speaks of selling data put before a sale of the business that was best.

    `least` is how well it must answer.
    """
    if not evidence or not is_takeover(question, evidence[0].clause.text):
        return list(evidence)
    said = (e for e in evidence if e.score >= least and not is_takeover(question, e.clause.text))
    direct = next((e for e in said if _SELLING.search(e.clause.text)), None)
    return [direct, *(e for e in evidence if e is not direct)] if direct else list(evidence)
