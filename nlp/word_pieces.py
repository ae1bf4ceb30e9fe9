"""Cut texts into the word pieces of the installed encoder, without loading the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from nlp.encoder import EncoderError, encoder_folder

MAX_TOKENS = 256
"""A clause is read up to here, about two hundred words."""

# Enough for MAX_TOKENS of words: what lies behind is cut before the tokenizer has to walk through it.
_MAX_CHARACTERS = 40 * MAX_TOKENS


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the ids of each text with the marks of start and end, at most `MAX_TOKENS`."""
    return [encoding.ids for encoding in tokenizer.encode_batch_fast([_readable(text) for text in texts])]


def pair_ids(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return the ids of each pair of texts with the marks around them, at most `MAX_TOKENS`; the longer is cut."""
    whole = [(_readable(first), _readable(second)) for first, second in pairs]
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(whole)]


def _readable(text: str) -> str:
    # Half a character would stop the tokenizer.
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode()


def load_tokenizer(longest: int = MAX_TOKENS) -> Tokenizer:
    """Return the encoder's tokenizer, set to cut at so many tokens; never changed after, so threads can share it."""
    path = Path(encoder_folder()[0]) / "tokenizer.json"
    if not path.is_file():
        raise EncoderError(f"{path} is missing, which the classifier cuts words with")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as e:  # The library raises nothing narrower.
        raise EncoderError(f"{path} is damaged; check SMALLPRINT_ENCODER, or unset it") from e
    # "[SEP]" in a text is a word of its author's, not a mark.
    tokenizer.encode_special_tokens = True
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer
