"""Tell what language a document is in, and whether it reads like a privacy statement at all."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 5_000
_SHORT = 40
_VOCABULARY = frozenset(
    (
        "account address advertising browser collect collected collection consent cookie cookies data disclose "
        "disclosed disclosure gdpr information opt party personal personally policy privacy private protect "
        "protection provide retain rights security service services share shared sharing third use users website"
    ).split()
)
_POLICY_SHARE = 0.045


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language a text is written in; "en" where it is too short to tell."""
    sample = text[:_SAMPLE]
    if sum(ch.isalpha() for ch in sample) < _SHORT:
        return "en"
    code = str(_identifier().classify(sample)[0])
    return "en" if code == "zxx" else code  # "zxx" is ISO 639 for text in no language


def reads_like_policy(text: str) -> bool:
    """Tell whether enough of an English text's words are those that every privacy statement needs."""
    words = re.findall(r"[a-z]+", text[: 4 * _SAMPLE].lower())
    return bool(words) and sum(word in _VOCABULARY for word in words) / len(words) >= _POLICY_SHARE
