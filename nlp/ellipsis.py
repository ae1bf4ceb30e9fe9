"""Put what a follow-up names in the place of what the question before it asked about.

"How long do you keep logs?", "and e-mails?": how long do you keep e-mails. With both in one question, the first one
would be answered again.
"""

from __future__ import annotations

import re

_SUBJECT = r"(?:you|u|they|i|we|it|he|she|anyone|anybody|someone|somebody|people|others)"
_BEHIND = (
    r"about|after|against|as|at|before|because|by|during|for|from|if|in|into|on|once|or|so|than|that|to|until|when|where"
    r"|which|while|who|with|without"
)
_MODAL = r"(?:do|does|did|will|would|can|could|may|might|must|have|has|are|is|am)"
# "How long do you keep [call recordings] after I leave?"
_ACTIVE = re.compile(
    rf"(?P<head>.*?\b{_MODAL} {_SUBJECT} (?:(?:ever|also|really|actually|still|just|even) )?[a-z]+ )"
    rf"(?!(?:{_BEHIND})\b)(?P<thing>\S.*?)(?P<rest>(?: (?:{_BEHIND})\b.*)?)",
    re.IGNORECASE,
)
# "How long are [voice recordings] kept?"
_PASSIVE = re.compile(
    r"(?P<head>.*?\b(?:is|are|was|were) )(?P<thing>(?!(?:you|they|i|we|it|he|she|there)\b)\S.*?)"
    r"(?P<rest> (?:\w+ed|kept|sold|sent|given|held|shown|read|made|seen)\b.*)",
    re.IGNORECASE,
)
# What is said beside the thing, and takes no place of it: "and for children?", "even if I say no?"
_BESIDE = re.compile(
    rf"(?:{_BEHIND}|even|under|outside|inside|within|anyone|anything|anybody|else|not|never|always|only|still|really)\b",
    re.IGNORECASE,
)
# "And for logs?" after "how long" is about logs, and about children it is said beside the thing.
_HOW_LONG = re.compile(r"(?:for )?how long\b", re.IGNORECASE)
_FOR_A_THING = re.compile(
    r"for (?=\w)(?!(?:(?:my|our|your|the) )?(?:child\w*|kids?|minors?|students?|me|us|you|them|users?|people|customers?"
    r"|visitors?|employees|everyone|anyone|others|years?|months?|ever|how|what|who)\b)",
    re.IGNORECASE,
)
_ONES = re.compile(r"\bones?\b", re.IGNORECASE)
_LONGEST = 6  # words of a thing; more are no thing


def in_place(base: str, topic: str) -> str | None:
    """Return a question with a topic in the place of what it asked about; None where either does not look like that.

    `base` and `topic` have no question mark at their end.
    """
    if _HOW_LONG.match(base) and (opening := _FOR_A_THING.match(topic)):
        topic = topic[opening.end() :]
    found = _ACTIVE.fullmatch(base) or _PASSIVE.fullmatch(base)
    if found is None or _BESIDE.match(topic) or len(found["thing"].split()) > _LONGEST:
        return None
    # "The marketing mails", "transactional ones".
    named = _ONES.sub(found["thing"].split()[-1], topic)
    return f"{found['head']}{named}{found['rest']}"
