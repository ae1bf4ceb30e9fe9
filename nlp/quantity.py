"""Find the amount that a question asks for in the words that answer it: a time, an age, a price, an address."""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d[\d,.]*\d|\d|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|eighteen|twenty|twenty-one|twenty-four|thirty|thirty-six|forty-five|sixty|seventy-two|ninety)"
)
# What makes a number a bound belongs to the amount: "at least 5 years" is no term of five years.
_BOUND = r"(?:(?:at least|at most|up to|no (?:more|longer|later) than|more than|less than|a (?:minimum|maximum) of) )"
# "30 to 90 days" is one amount.
_RANGE = rf"(?:between {_NUMBER} and |{_NUMBER}(?: to | or | ?[-–] ?))"
_UNIT = r"(?:minute|hour|day|week|fortnight|month|quarter|year)s?"
# "the past 12 months", "two years ago" and "13 years of age" are no terms, and "hundred and twenty" is not twenty.
_NOT_AFTER = "".join(
    f"(?<!{word} )"
    for word in ("past", "last", "previous", "preceding", "hundred", "hundred and", "once", "twice", "every", "each")
)
_TIME = (
    rf"{_NOT_AFTER}(?<![/\w.-]){_BOUND}?{_RANGE}?{_NUMBER}(?: ?\((?:\d+|[a-z-]+)\))?"
    rf"(?: (?:business|working|calendar|full|consecutive))? {_UNIT}\b(?![- ](?:old|of age|ago)\b)"
)
_PATTERNS = {
    "time": _TIME,
    "often": rf"\b(?:once|twice|every|each)(?: {_NUMBER})? {_UNIT}\b|\b(?:once|twice) an? {_UNIT}\b"
    r"|\b(?:daily|weekly|monthly|quarterly|annually|yearly)\b",
    "age": r"(?<!section )(?<!article )\b\d{1,2}\b(?! ?(?:%|days|hours|months|weeks))",
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "phone": r"(?:\(\+?\d{1,4}\) ?|\+|\b)\d[\d ().-]{6,}\d\b",
    "price": r"[$€£]\s?\d(?:[\d,.]*\d)?|\b\d(?:[\d,.]*\d)? ?(?:USD|EUR|GBP|dollars|euros|pounds|cents)\b"
    r"|\b(?:free of charge|at no charge)\b",
    "link": r"\b(?:https?://|www\.)[^\s<>“”\"']*[\w/]",
}
_NO_PHONE = re.compile(r"\d{4}-\d\d?-\d\d?|\d+(\.\d+){3}")
_WHICH = r"\b(?:wh?at|which|wats)(?:'?s| is| are)? (?:your |the |an? )?"
# Read in this order: "which email do I write to" asks for an address, whatever else it says.
_ASKED = (
    ("email", rf"{_WHICH}(?:\w+ )?e-?mail(?: address)?\b(?! (?:client|app))"),
    ("email", r"\be-?mail (?:address )?(?:do|should|can) i (?:write|send|use|contact)"),
    ("phone", rf"{_WHICH}(?:\w+ )?phone number|\b(?:number|line) (?:do|can|should|could) i (?:call|ring|dial)"),
    ("age", r"\bhow old (?:must|do|does|should|need|have)\b|\b(?:minimum|what|which) age\b|\bage limit\b"),
    ("price", r"\bhow much\b.*\b(?:cost|pay|charge)|\bwhat(?:'?s| is| are| does)? .*\b(?:cost|price|fees?)\b"),
    ("often", r"\bhow often\b"),
    ("time", r"\bhow (?:long|fast|soon|quick(?:ly)?|late)\b|\bhow many (?:\w+ )?(?:hours|days|weeks|months|years)\b"),
    ("time", r"\bhow much time\b|\b(?:what|which)(?:'s| is)? (?:\w+ ){0,2}(?:period|deadline|time limit)\b"),
    ("link", r"\b(?:what|which) (?:web ?address|web ?site|web ?page|page|url|link)\b"),
)


def asked_amount(question: str) -> str | None:
    """Return the kind of amount that a question asks for; None where it asks for none.

    The kinds are time, often (how often), age, price, email, phone and link.
    """
    text = question.lower().replace("’", "'")
    return next((kind for kind, pattern in _ASKED if re.search(pattern, text)), None)


def find_amount(question: str, text: str) -> str | None:
    """Return the one amount in a text that a question asks for, as it stands there.

    None where the question asks for none, or where the text holds none or several: then the text itself must answer.
    """
    kind = asked_amount(question)
    if kind is None:
        return None
    found = {match.group().strip() for match in re.finditer(_PATTERNS[kind], text, re.IGNORECASE)}
    if kind == "phone":
        found = {f for f in found if sum(ch.isdigit() for ch in f) >= 7 and not _NO_PHONE.fullmatch(f)}
    return found.pop() if len(found) == 1 else None
