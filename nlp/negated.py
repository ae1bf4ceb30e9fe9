"""Read a negative question as the positive one that it asks: "Don't you sell it?" wants to know whether it is sold.

Yes and no could mean both otherwise. "So you never sell it, right?" asks to be confirmed, and stays as it is.
"""

from __future__ import annotations

import re

_STEMS = "do does did could would is are was were has have had should might must".split()
_POSITIVE = {f"{word}nt": word for word in _STEMS} | {"cant": "can", "cannot": "can", "wont": "will"}
_NOT = "|".join(["can['’]?t", "cannot", "won['’]?t", *(f"{word}n['’]?t" for word in _STEMS)])
# With more words behind it: "aren't they?" at the end asks nothing by itself.
_SUBJECT = (
    r"(?:i|we|you|u|they|it|he|she|this|that|these|those|there|my|your|our|their|his|her|the|any\w*|some\w*|people"
    r"|users|kids|children)\b\s*\w"
)
_OPENING = r"(?P<opening>(?:.*[.!?;,]\s+)?(?:(?:so|and|but)\s+)?)"
# Of ASCII, as "İ" is an "i" only to a pattern.
_FLAGS = re.IGNORECASE | re.DOTALL | re.ASCII
_INVERTED = re.compile(rf"{_OPENING}(?P<aux>{_NOT})\s+(?P<rest>{_SUBJECT}.*)", _FLAGS)
# "Can I not give it?" asks whether it may be left: what stands apart is read only where there is no such choice. "Do
# you not only keep it but sell it?" denies nothing.
_APART = re.compile(
    rf"{_OPENING}(?P<aux>do|does|did|are|is|have|has|will)\s+(?P<subject>you|they|it|we)\s+not\s+"
    r"(?!(?:only|just|merely|simply)\b)(?P<rest>.+)",
    _FLAGS,
)
# "You don't keep it, do you?", "you never keep it, do you?"; not "you never sold it, did you?": its verb would change.
_TAGGED = re.compile(
    r"(?:(?:so|and|but)\s+)?(?P<subject>you|they|i|we|it)(?:['’]?re|['’]s)?\s+"
    rf"(?:{_NOT}|(?:(?:do|did|are|is|have|has|can|could|would|will)\s+)?not|(?:(?:would|will|could|can)\s+)?never)\s+"
    r"(?!(?:only|just|merely|simply)\b)(?P<rest>[^?]+),\s*"
    r"(?P<aux>do|does|did|are|is|can|could|will|would|have|has)\s+(?P=subject)\s*\?*\s*",
    _FLAGS,
)
_NEVER_DID = re.compile(r"\bnever\b.*\b(?:did|have|has)\s+\w+\W*$", _FLAGS)


def positively(question: str) -> str:
    """Return a negative yes-or-no question as a positive one, and any other as it is."""
    if (found := _TAGGED.fullmatch(question)) and not _NEVER_DID.search(question):
        return f"{_cased(found['aux'], question)} {found['subject'].lower()} {found['rest']}?"
    if found := _INVERTED.fullmatch(question):
        aux = _POSITIVE[re.sub("['’]", "", found["aux"].casefold())]
        return f"{found['opening']}{_cased(aux, found['aux'])} {found['rest']}"
    if found := _APART.fullmatch(question):
        return f"{found['opening']}{found['aux']} {found['subject']} {found['rest']}"
    return question


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word
