"""Tell what language a document is in, and whether it reads like a privacy statement at all."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 5_000
_SHORT = 40
# Words that only English has, a sixth of those of a policy. A text with this share of them is mostly English, and need
# not be told by its letters, which takes twenty times as long.
_ENGLISH = frozenset("the and you your our that with this from which these their they when other".split())
_ENGLISH_SHARE = 0.1
_TELLING_WORDS = 50
_LETTERS = bytes(code if chr(code).isalpha() else ord(" ") for code in range(128)) + b" " * 128
_VOCABULARY = frozenset(
    (
        b"account address advertising browser collect collected collection consent cookie cookies data disclose "
        b"disclosed disclosure gdpr information opt party personal personally policy privacy private protect "
        b"protection provide retain rights security service services share shared sharing third use users website"
    ).split()
)
_POLICY_SHARE = 0.045


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language a text is written in; "en" where it is too short to tell."""
    sample = text[:_SAMPLE]
    words = sample.lower().split()
    if len(words) >= _TELLING_WORDS and sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words):
        return "en"
    if sum(ch.isalpha() for ch in sample) < _SHORT:
        return "en"
    code = str(_identifier().classify(sample)[0])
    return "en" if code == "zxx" else code  # "zxx" is ISO 639 for text in no language


def reads_like_policy(text: str) -> bool:
    """Tell whether enough of an English text's words are those that every privacy statement needs."""
    words = text[: 4 * _SAMPLE].lower().encode("ascii", "replace").translate(_LETTERS).split()
    return bool(words) and sum(map(_VOCABULARY.__contains__, words)) / len(words) >= _POLICY_SHARE
