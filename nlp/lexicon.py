"""Words by which the significance of a change is told."""

from __future__ import annotations

import re

NEGATIONS = frozenset("cannot except neither never no nor not unless without".split())
# How "not" ends the word before it: "don't".
NOT_CONTRACTED = ("n't", "n’t")

# Those of them that let something off what else is said.
EXCEPTIONS = frozenset("except unless".split())

# What is firm ("we will delete") and what is not ("we may delete").
FIRM = frozenset("will shall must".split())
LOOSE = frozenset("may might could can".split())

# What makes a statement narrower or wider than it was.
LIMITS = frozenset(
    (
        "after always automatically before exclusively explicit explicitly express expressly free immediately only "
        "solely strictly"
    ).split()
)

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

# What sends the reader elsewhere, from the start of a sentence: "See our Cookie Policy", "For more information, visit".
POINTER = re.compile(
    r"""^\W*+(?:
    (?:(?:please|also|and)[\s,]+)*
        (?:see|read|review|view|refer\sto|consult|visit|check(?:\sout)?|click|learn|find\sout|go\sto)\b
    |you\s(?:can|may)\s(?:also\s)?(?:find|read|learn|see|view)\b[^.]*
        \b(?:more|information|details|here|list|polic(?:y|ies)|notices?|below|section|page)
    |(?:for|to|if\syou)\b[^,:;.]{0,80}?\b(?:more|further|additional|learn|find\sout|details)\b[^.]*
        \b(?:see|read|review|visit|click|refer|check|here|consult|view|go\sto)
    |(?:more|further|additional|detailed)\s(?:information|details?)
    |we\s(?:have\s|also\s)*(?:explain|describe|set\sout|outline|summari[sz]e)[^.]*
        \b(?:below|above|here|table|sections?|following|policy)
    |(?:information|details?|descriptions?|(?:a|the)\s(?:full\s)?list|(?:a|the)\scopy)\b[^.]{0,120}?
        \b(?:available|found|described|set\sout|listed|here|below)
    |[^.]{0,100}?\b(?:can|may)\s(?:also\s)?be\sfound\s(?:in|at|on|here|below)
    |[^.]{0,100}?\b(?:is|are)\s(?:available|accessible)\s(?:here|below)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A way to use a right is no bare pointer, nor is an address that a reader can see, nor one with a second sentence.
STATEMENT = re.compile(
    r"\b(?:opt(?:ing|ed)?[ -](?:out|in)|complain\w*|(?:submit|make|send)\w*\sa\srequest|withdraw\w*|delet\w+|disabl\w+"
    r"|unsubscrib\w+|object(?:ing)?|exercis\w+|report\san?|contact\sus|write\sto)\b|\S@\S|https?://|www\."
    r"|[,;]\s*(?:and\s|but\s)?we\b|\b(?:and|but)\swe\b|(?-i:(?<!\b[A-Z])[.!?]\s+[A-Z])",
    re.IGNORECASE,
)

# Words without which an item of a list has nothing to say.
FUNCTION = frozenset(
    (
        "a about also an and any as at be by can do e etc example for from g generally has have here how however i if "
        "in including is it its just like may more of on once or other others our out please so such than that the "
        "their them then there therefore these they this those to too under up us via was we well what when where "
        "which who will with you your"
    ).split()
)

# What ends the name of a company.
LEGAL_FORMS = frozenset("ag bv co corp corporation gmbh inc incorporated limited llc llp ltd nv plc sa sarl".split())
