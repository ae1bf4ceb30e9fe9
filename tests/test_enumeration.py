"""Tests of nlp.enumeration: which items of a list one wording has and the other lacks."""

from __future__ import annotations

import pytest

from nlp.enumeration import items_apart


@pytest.mark.parametrize(
    ("old", "new", "apart"),
    [
        ("We log names and mails.", "We log names, chats and mails.", ((), ("chats",))),
        ("We log names, chats, or mails.", "We log names or mails.", (("chats",), ())),
        ("names; mails", "mails; names", ((), ())),
        ("We log names and mails.", "We log name, mail.", ((), ())),
        ("We log names and chats.", "We log names and mails.", ((), ())),
        ("| * User Data * Usage Data", "| * User Data * Voice Data * Usage Data", ((), ("Voice Data",))),
        ("We log names.", "We log names. Others see your face.", ((), ("Others see your face",))),
        ("names, names", "names", (("names",), ())),
        ("names", "names, and so on, please", ((), ())),
    ],
)
def test_items_of_one_side(old: str, new: str, apart: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    assert items_apart(old, new) == apart
    assert items_apart(new, old) == apart[::-1]


def test_one_empty_word_is_no_item() -> None:
    assert items_apart("names", "names, use") == ((), ("use",))
    assert items_apart("names", "names, use", {"use"}) == ((), ())
    assert items_apart("names", "names, use of faces", {"use"}) == ((), ("use of faces",))
