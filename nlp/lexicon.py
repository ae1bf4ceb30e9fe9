"""Words by which the significance of a change is told."""

from __future__ import annotations

import re

NEGATIONS = frozenset("cannot except neither never no nor not unless without".split())

# "One" counts nothing as often as it counts.
NUMBERS = {
    word: str(value)
    for words, values in (
        ("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen", range(2, 17)),
        ("seventeen eighteen nineteen twenty thirty forty fifty sixty seventy", (17, 18, 19, *range(20, 71, 10))),
        ("eighty ninety hundred thousand million once twice", (80, 90, 100, 1000, 1_000_000, 1, 2)),
    )
    for word, value in zip(words.split(), values, strict=True)
}

# Words that can come and go without changing a fact of a policy.
EMPTY = frozenset(
    (
        "a able about above accordance addition additional adhere adheres adopted affiliates after again all allow "
        "allows along also an and another any app applicable application applies apply appropriate are as ask at "
        "base based be been before being belief below between both business but button by call called can carry "
        "case cases certain choose click companies company complies comply concerning conduct connection consumer "
        "consumers contact content continue controller corporation could current customer customers data describe "
        "described detailed did different do does during e each enable ensure etc even example examples exercise "
        "explain feature features few find following for formerly from function further g generally had handle has "
        "have he help her here hereby his how however i i.e icon if important in inc include included includes "
        "including individual individuals information instance into is it its just kind know language later learn "
        "let like limited link llc ltd make makes making many matter may me mean means member members mention "
        "mentioned might more moreover most much must my name namely necessary need new notice number of offer on "
        "once online only or order other our out over own page part particular people per perform person personal "
        "please policy privacy product products provide provided providing purpose purposes read reason reasonable "
        "refer regard regarding regards relate related relation relevant resource resources respect respective "
        "responsible same section see service services set settings several shall she should site so some specific "
        "state statement such supplemental table take terms than that the their them then there therefore these "
        "they thing this those through time to together type types typically under understand up us use used user "
        "users using usually utilise utilize various version very via view visit visitors want was way ways we "
        "website well were what when where which who whom whose why will wish with would you your"
    ).split()
)

# What a policy speaks of when it states a fact.
SUBJECTS = re.compile(
    r"\b(?:collect|share|disclos|sell|transfer|retain|delet|eras|stor|process|access|consent|opt|rights?|request|object"
    r"|cookie|location|geoloc|email|e-mail|address|third part|advertis|receiv|track|identif|encrypt|days?|months?"
    r"|years?|ages?|child|minor|law|court|partner|provider|affiliate|contact|biometr|payment|phone|device|log|profil)\w*",
    re.IGNORECASE,
)

# "Click here", "see our Cookie Policy", "for more information".
POINTER = re.compile(
    r"\b(?:click(?:ing)? (?:here|on)|(?:learn|read|find out) more|more (?:information|details)|for details"
    r"|please (?:read|review|see|refer|note)|see (?:the|our|also|below|section)|refer to"
    r"|(?:available|accessible|found|described|explained) (?:here|at|in|below|on)|visit (?:the|our))\b",
    re.IGNORECASE,
)
