"""A tag that is never closed hides nothing of what was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fakes import loaded

from nlp.web.desk import Desk
from nlp.web.loose_tags import with_loose_tags_shown

SENTENCES = ("We do not sell your data.", "We keep logs for thirty days.", "Children may not use it.")
MARKDOWN = "# Acme Privacy\n\n{0} Read this.\n\n{1}\n\n## Logs\n\n{2}\n\n{3}\n"
HTML = (
    "<!doctype html><html><head><title>Acme</title></head><body><h1>Acme Privacy</h1>{0}"
    "<p>{1}</p><h2>Logs</h2><p>{2}</p><p>{3}</p></body></html>"
)
PLAIN = "{0}\n\n{1}\n\n{2}\n\n{3}\n"
LOOSE = (
    "<svg>",
    '<svg onload="window.hacked=1">',
    "<math><mtext>",
    "<style>",
    "<STYLE type='text/css'>",
    "<script>",
    "<textarea rows=5>",
    "<title>",
    "<!--",
    "<!-- a note",
    "<template>",
    "<iframe src=x>",
    "<noscript>",
    "<noframes>",
    "<select><option>",
    "<object data=x>",
    "<dialog>",
    "<canvas>",
    "<video controls>",
    "<button>",
    "<xmp>",
    "<style></style><style>",
    "<!-- one --><!-- two",
)


@pytest.mark.parametrize("loose", LOOSE)
@pytest.mark.parametrize("form", [MARKDOWN, HTML, PLAIN], ids=["markdown", "html", "plain"])
def test_what_follows_is_kept(form: str, loose: str) -> None:
    statement = Desk(loaded()).open_text(form.format(loose, *SENTENCES)).statement
    assert [sentence for sentence in SENTENCES if sentence not in statement.text] == []


@pytest.mark.parametrize(
    "text",
    [
        "<style>p { color: red }</style><p>We keep logs.</p>",
        "<!-- a note --><p>We keep logs.</p>",
        "<SVG><title>x</TITLE></svg>",
        "<textarea>one</textarea><textarea>two</textarea >",
        "<styled>, <mapping> and 1 <button2 are no such tags",
        "a < b, <p>We keep logs.",
    ],
)
def test_what_is_closed_or_hides_nothing_stays_as_it_is(text: str) -> None:
    assert with_loose_tags_shown(text) == text


def test_only_the_tag_that_is_not_closed_becomes_words() -> None:
    given_text = "<style>x</style> a <style> b <svg></svg> <!-- c"
    assert with_loose_tags_shown(given_text) == "<style>x</style> a < style> b <svg></svg> < !-- c"


@given(st.text(alphabet="<>!-/ stylemah\n", max_size=60))
def test_nothing_but_spaces_is_added_and_no_loose_tag_is_left(text: str) -> None:
    shown = with_loose_tags_shown(text)
    assert shown.replace(" ", "") == text.replace(" ", "")
    assert with_loose_tags_shown(shown) == shown
