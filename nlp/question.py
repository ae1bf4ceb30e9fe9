"""Look at a question: is it one that can be asked, does it want yes or no, does it follow another?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.ellipsis import in_place
from nlp.negated import positively

MAX_QUESTION = 2_000

_AUXILIARY = (
    "do does did dont doesnt didnt can cant could couldnt will wont would is isnt are arent am was were has have "
    "had hasnt havent may might must shall should shouldnt"
).split()
_INTERROGATIVE = ("who whom whose whos what whats which when whens where wheres why how hows name list").split()
_PRONOUN = ("i we you u they it he she my your our their his her the this that there anyone someone somebody").split()
# After a comma only: "who are you?" and "what is my right?" are no tags.
_TAG = re.compile(
    r",\s*(right|correct|true|yes|or not|do you|don'?t you|is it|isn'?t it|are you|can you|will you)\s*\?*\s*$"
)
# What is left of a question when it leans on the one before: "why?", "and for children?", "what about cookies?".
_FOLLOW_UP = re.compile(
    r"^(why( not)?|since when|what else|how so|how|when|where|who|(with|to|from|by|for) (whom?|what|how long)|who else"
    r"|(anyone|anything|anybody) else.*|(even )?if .*|(and|also|but|or|what about|how about|same for) .*)$"
)
_FOLLOW_UP_WORDS = 6
# "How can I turn them off?" means what was asked about before, where nothing in it comes before "them".
_PLURAL = r"(?!does\b|this\b)\w{3,}s|data|people|children|information|info|police|media"
_POINTS_BACK = re.compile(rf"^(?!.*\b(?:{_PLURAL})\b.*\bthem\b).*\bthem\b", re.IGNORECASE)
_POINTING_WORDS = 8
# "What about cookies?", and "when I leave?", which asks for no time.
_OPENS_TOPIC = re.compile(
    r"^(and |but |or )?((what|how) about\b|(when|where) (i|we|you|they|it|he|she|my|our|your|the)\b)"
)
_TOPIC_OPENING = re.compile(r"^\W*((and|also|but|or|ok|same for|(what|how) about)\s+)+", re.IGNORECASE)
_AND = re.compile(r"^\W*((and|but|so|or)\s+)+", re.IGNORECASE)
# "Why not?" wants the reason of what is so, whichever way that is.
_NOT = re.compile(r"\s+not\b", re.IGNORECASE)
# What somebody else says.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_ELSE = re.compile(r"\belse\b", re.IGNORECASE)
_END = "?!. "
# "can you tell me who ..." wants to know who, not whether it can be told.
_POLITE = re.compile(
    r"^((hi|hello|hey|please|so|ok)[ ,]+)*"
    r"((can|could|would|will) (you|u|someone|anyone) (please )?(tell me|explain|list|say)"
    r"|do you (say|know|state)|(please )?tell me|i (want|would like|d like|need) to know)( please)?,? "
)


# Words of which no question is made.
_SMALL_TALK = frozenset(
    "and bye cheers cool fine good great hello hey hi hiya maybe morning no nope ok okay or please sorry thank thanks "
    "thx yeah yep yes you".split()
)


class QuestionError(ValueError):
    """A question cannot be asked. The message says why and what to do, in one line."""


def checked(question: str) -> str:
    """Return a question without white space around it; raises `QuestionError` where it is empty, none or too long."""
    # Half a character, as a terminal passes on a byte that is not UTF-8, would stop the tokenizers.
    question = " ".join(question.encode("utf-8", "replace").decode().split())
    if sum(ch.isalnum() for ch in question) < 2:
        raise QuestionError("the question is empty; ask in a few words, for example: do you sell my data?")
    said = _words(question)
    if said and _SMALL_TALK.issuperset(said):
        raise QuestionError("that asks nothing of the statement; ask in a few words, for example: do you sell my data?")
    if len(question) > MAX_QUESTION:
        raise QuestionError(f"the question has {len(question):,} characters; ask it in at most {MAX_QUESTION:,}")
    return question


def is_polar(question: str) -> bool:
    """Tell whether a question wants yes or no rather than who, what or how.

    Decided in its last sentence by what comes first, an auxiliary before its subject ("can the cops ...") or an
    interrogative ("how long ..."); "when" and "where" may also open a subordinate clause. A question with neither
    ("sell my data?") wants yes or no. What it quotes asks nothing.
    """
    unquoted = _QUOTED.sub(" ", question)
    question = unquoted if _words(unquoted) else question
    text = question.lower().replace("'", "").replace("’", "").strip()
    asked = _POLITE.sub("", text)
    if asked != text and asked.split(" ")[0] in _INTERROGATIVE:
        return False
    if _TAG.search(text):
        return True
    sentences = [part for part in re.split(r"[.!?]\s+", text) if part] or [text]
    words = re.findall(r"[a-z]+|,", sentences[-1])
    for i, word in enumerate(words):
        subordinate = word in ("when", "where") and any(_inverts(words, j) for j in range(i + 2, len(words)))
        if word in _INTERROGATIVE and not subordinate:
            return False
        if _inverts(words, i):
            return True
    return True


def _inverts(words: Sequence[str], i: int) -> bool:
    follows = words[i + 1] if i + 1 < len(words) else ""
    return words[i] in _AUXILIARY and (i == 0 or follows in _PRONOUN)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it must be read after those before it: the `text` to look for, and whether it wants yes or no.

    `positive` says that yes and no answer `text` and would mean something else, or both, for the question that was put.
    """

    text: str
    polar: bool
    positive: bool = False


def in_context(question: str, earlier: Sequence[str]) -> Reading:
    """Return how a question is to be read after earlier ones, oldest first.

    A short follow-up takes along the last question that was none. It wants what that one wanted, unless it has an
    interrogative of its own ("why?"): then it asks this of what was asked last.
    """
    at = next((i for i in reversed(range(len(earlier))) if not follows_up(earlier[i])), None)
    if at is None or not follows_up(question):
        text = positively(question)
        context = f"{earlier[at].rstrip(_END)}? " if at is not None and _points_back(question) else ""
        return Reading(f"{context}{text}", is_polar(text), text != question)
    base = positively(earlier[at])
    if not _asks_itself(question):
        return Reading(_of_topic(base, question), is_polar(base))
    topic = next((one for one in reversed(earlier[at + 1 :]) if not _asks_itself(one)), None)
    return Reading(_asked_of(_of_topic(base, topic) if topic else base, question), False)


def _asks_itself(question: str) -> bool:
    """Tell whether a follow-up has an interrogative; "and my name?" asks for nothing else than the one before it."""
    asking = {*_INTERROGATIVE} - {"name", "list"}
    return not _OPENS_TOPIC.match(question.lower()) and not asking.isdisjoint(_words(question))


def _of_topic(base: str, topic: str) -> str:
    """Return a question asked of another topic: "do you sell it, for children?" """
    base, named = base.rstrip(_END), _TOPIC_OPENING.sub("", topic)
    replaced = in_place(base, named.rstrip(_END))
    return f"{replaced}?" if replaced else f"{base}, {named}"


def _asked_of(base: str, interrogative: str) -> str:
    """Return what an interrogative asks of a question: "why" of "do you sell it?" makes "why do you sell it?" """
    words = base.split(" ")
    bare = ["".join(_words(word)) for word in words]
    auxiliaries = [i for i, word in enumerate(bare) if word in _AUXILIARY]
    inverted = [i for i in auxiliaries if _inverts(bare, i)] or auxiliaries
    if not inverted or _ELSE.search(interrogative):
        return f"{base.rstrip(_END)}? {interrogative}"
    # The last: "if I have my account deleted, do you keep my data?"
    clause = " ".join(words[inverted[-1] :])
    return f"{_NOT.sub('', _AND.sub('', interrogative).rstrip(_END))} {clause[:1].lower()}{clause[1:]}"


def follows_up(question: str) -> bool:
    """Tell whether a question leans on the one before it."""
    words = _words(question)
    short = len(words) <= _FOLLOW_UP_WORDS and not any(_inverts(words, i) for i in range(len(words)))
    return short and bool(_FOLLOW_UP.match(" ".join(words)))


def _points_back(question: str) -> bool:
    return len(_words(question)) <= _POINTING_WORDS and bool(_POINTS_BACK.search(question))


def _words(question: str) -> list[str]:
    return re.findall(r"[a-z]+", question.lower().replace("'", "").replace("’", ""))
