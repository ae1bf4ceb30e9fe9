"""Flag versions that an archive kept and that hold no policy to compare or to ask."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from corpus.language import language_of, reads_like_policy
from corpus.types import Statement

Flag = Literal["empty", "error-page", "cookie-banner", "other-language", "short", "not-a-policy"]

# Sizes are in words; scripts without spaces count a word for every six letters.
_ERROR_PAGE, _BANNER, _SHORT, _NOTHING, _TELLS_LANGUAGE = 400, 400, 150, 20, 40
_LETTERS_OF_WORD = 6
_UNREAD = 20_000  # characters that are looked at of what could not be read
_SIZED = 20_000  # characters, with more than the words of any limit above
_SAMPLE = 2_000  # characters by which a language is told
_HEAD = 4  # lines in which a page says what it is
_PROSE = 9  # words of a line that says something
_PRACTICES = 3  # sentences on what is done with data that no error page or menu has

_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<[^<>]*>|\]\([^()\s]*\)|[#*_=|>~`\[\]\\-]", re.DOTALL | re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# What a server, a firewall or a page without its scripts says of itself, on a line of its own.
_ERROR_LINE = re.compile(
    "|".join(
        [
            r"(http |error|[ :#-])*(40[0134]|410|429|50[0234])( ?[-:|.!]?| error| page) ?"
            r"((page |file )?not found|forbidden|access denied|unauthori[sz]ed|bad (request|gateway)|gone|"
            r"too many requests|internal server error|service (temporarily )?unavailable|gateway time-?out|error)?\W*",
            r"(\w+[,!]? ){0,3}(page|file|document|url|site)( you\b.{0,50})? "
            r"((was |could )?not (be )?found|(could ?|ca)n.t be (found|reached)|cannot be (found|reached)|"
            r"does(n.t| not) exist|is(n.t| not| no longer) available|no longer exists)\b.{0,80}",
            r"(oops|sorry|whoops)?\W*(we (can.?t|could ?n.t|were unable to)|unable to) (seem to )?"
            r"(find|locate|load|reach) (the|this|that|your|what) .{0,80}",
            r"access (to this page has been )?denied\b.{0,80}|(permission denied|forbidden|bad gateway)\W*",
            r"(internal server error|service (temporarily )?unavailable|gateway time-?out|too many requests)\b.{0,80}",
            r"(just a moment|one more step|pardon our interruption|robot check|attention required)\b.{0,40}",
            r"(please wait|loading|redirecting)( page| content)?\b.{0,40}",
            r"checking (your browser|if the site connection is secure)\b.{0,80}",
            r"(please )?(verify|confirm|prove|verifying)( that)? you (are|.re) (a |not a )?(human|robot)\b.{0,80}",
            r"are you a (human|robot)\W*|(security|browser|captcha) (check|verification)\b.{0,40}",
            r"(sorry,? )?you (have been|.ve been|are) (blocked|banned|rate limited)\b.{0,80}",
            r"(please )?(enable|turn on|activate) (javascript|cookies|js)\b.{0,120}",
            r"(noscript error|javascript (is )?(disabled|required|not enabled|not available|turned off))\b.{0,120}",
            r"(you need to|you must|this (app|site|page|website) (requires|needs)) .{0,20}(javascript|js)\b.{0,120}",
            r"((we.ll|we will) be (right )?back|scheduled maintenance|"
            r"((this|the|our) )?site is (down|under maintenance))\b.{0,80}",
        ]
    ),
    re.IGNORECASE,
)
_BANNER_LINE = re.compile(
    r"\b(use|uses|using|store|access|accept) .{0,60}\bcookies\b|\bwe value your privacy\b|\bbefore you continue\b|"
    r"\bpartners\b.{0,40} (store|process|access)|\bcookie (consent|preferences|settings|notice)\b",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(yes,? )?(i )?(accept|allow|reject|decline|deny|refuse|agree)( to)?( and (close|continue))?"
    r"( all| cookies| all cookies| additional cookies| optional cookies)?|got it|"
    r"(manage|customi[sz]e|change|cookie|consent|privacy)( my| your)?( cookies?| privacy)?"
    r" (preferences|settings|options|choices)|(more|manage) options|"
    r"(only )?(strictly )?necessary( cookies)?( only)?|save (and|&) (close|exit)|confirm my choices",
    re.IGNORECASE,
)
_OF_BANNERS = re.compile(r"\b(cookies?|consent|partners?|vendors?|accept|reject|legitimate interest)\b", re.IGNORECASE)
# A sentence on what is done with data: nouns and verbs in any order, because "is never sold" is as common as "we sell".
_DATA = re.compile(
    r"\b(information|data|e-?mails?|address(es)?|cookies?|names?|numbers?|messages?|records?|identities|photos?|ads?)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(collect|us|shar|sell|sold|rent|disclos|releas|stor|process|retain|keep|kept|receiv|protect|transfer|transmit|"
    r"delet|gather|record|encrypt|access|ask|serv)(e|es|s|d|ed|ing)?\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(read|see|view|visit|choose|go to) (the|our|your) .{0,60}\b(policy|notice|statement|list)\b", re.IGNORECASE
)


def flags_of(version_text: str, statement: Statement | None) -> tuple[Flag, ...]:
    """Return what makes a version noise for whoever compares or asks it; nothing for a policy, however short.

    `version_text` is the text as it was stored, `statement` what was read from it, None where nothing could be. A
    version that is empty, an error page or a cookie banner is only that. "not-a-policy" is meant for privacy policies:
    other terms may get it.
    """
    text = statement.text if statement is not None else _MARKUP.sub(" ", version_text[:_UNREAD])
    lines = [" ".join(line.split()) for line in text.splitlines() if any(ch.isalnum() for ch in line)]
    if not lines:
        return ("empty",)
    size = _words(" ".join(lines)[:_SIZED])
    sentences = (part for line in lines for part in _SENTENCE_END.split(line))
    practices = list(islice(filter(_is_practice, sentences), _PRACTICES))
    if _is_error_page(lines, size, practices):
        return ("error-page",)
    if _is_banner(lines, size, practices):
        return ("cookie-banner",)
    foreign = _is_foreign(text, size)
    flags: list[Flag] = ["other-language"] if foreign else []
    # Some policies are three sentences; a page that sends its reader elsewhere may have one of them.
    least = 3 if _ELSEWHERE.search(text) else 1
    if size < _NOTHING or (size < _SHORT and len(practices) < least and not foreign):
        flags.append("short")
    if not foreign and not _is_policy(text, lines, practices):
        flags.append("not-a-policy")
    return tuple(flags)


def dips(sizes: Sequence[int], *, share: float = 0.15) -> tuple[bool, ...]:
    """Tell which versions of a document, by their sizes in order, are a passing failure to archive it.

    Such a version has less than `share` of the size of the last one before it that has not, and a later one, the first
    that is not as small, has at least half of that size. A document that stays short was shortened by its author.
    """
    found = [False] * len(sizes)
    start: int | None = None
    whole = 0
    for i, size in enumerate(sizes):
        small = size < share * whole
        if small and start is None:
            start = i
        if not small:
            if start is not None and 2 * size >= whole:
                found[start:i] = [True] * (i - start)
            start, whole = None, size
    return tuple(found)


def _is_practice(sentence: str) -> bool:
    words = len(sentence.split())
    return words > 4 and bool(_DATA.search(sentence)) and bool(_DONE.search(sentence))


def _is_error_page(lines: Sequence[str], size: int, practices: Sequence[str]) -> bool:
    # A policy may stand under the notice of a page that wants scripts, and then there is more of it than of the notice.
    if size >= _ERROR_PAGE or len(practices) >= _PRACTICES:
        return False
    at = [i for i, line in enumerate(lines) if _ERROR_LINE.fullmatch(line) or _opens_with_error(line)]
    if not at:
        return False
    rest = [part for i, line in enumerate(lines) if i not in at for part in practices if part in line]
    return not rest and (at[0] < _HEAD or size < _SHORT)


def _opens_with_error(line: str) -> bool:
    return _ERROR_LINE.fullmatch(_SENTENCE_END.split(line)[0]) is not None


def _is_banner(lines: Sequence[str], size: int, practices: Sequence[str]) -> bool:
    if size >= _BANNER or not any(_BANNER_LINE.search(line) for line in lines):
        return False
    if not any(_BUTTON.fullmatch(line.strip(" .!×")) for line in lines):
        return False
    return all(_OF_BANNERS.search(part) for part in practices)


def _is_policy(text: str, lines: Sequence[str], practices: Sequence[str]) -> bool:
    if len(practices) >= _PRACTICES:
        return True
    # A menu has the words of a policy and no sentence.
    says = bool(practices) or any(len(line.split()) >= _PROSE for line in lines)
    return says and reads_like_policy(text)


def _is_foreign(text: str, size: int) -> bool:
    """Tell whether the beginning, the middle and the end agree on a language that is not English."""
    if size < _TELLS_LANGUAGE:
        return False
    third = len(text) // 3
    found = Counter(language_of(text[start : start + min(third, _SAMPLE)]) for start in (0, third, 2 * third))
    language, count = found.most_common(1)[0]
    return language != "en" and count >= 2


def _words(text: str) -> int:
    return max(len(text.split()), sum(ch.isalpha() for ch in text) // _LETTERS_OF_WORD)
