"""Text becomes HTML that can only be text, on one line; addresses become links only if that is safe."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.web.escape import WEB, attribute, plain_text, safe_href, text_html


def test_markup_is_text() -> None:
    assert text_html("<b title=\"x\">a & 'b'</b>") == "&lt;b title=&quot;x&quot;&gt;a &amp; &#x27;b&#x27;&lt;/b&gt;"


def test_an_empty_line_cannot_end_the_html_block() -> None:
    assert text_html("a\n\n# b\r\n\x0bc\u2028d") == "a<br><br># b<br><br>c<br>d"


def test_controls_and_half_surrogates_are_dropped_or_replaced() -> None:
    assert text_html("a\x00b\x08c\ufeffd\ud800e") == "abcd?e"


@given(st.text())
def test_only_line_breaks_are_tags_and_the_text_survives(text: str) -> None:
    shown = text_html(text)
    assert len(shown.splitlines()) <= 1
    assert "<" not in shown.replace("<br>", "") and ">" not in shown.replace("<br>", "")
    visible = [ch for ch in text if ch.isalnum()]
    assert [ch for ch in html.unescape(shown.replace("<br>", " ")) if ch.isalnum()] == visible


def test_an_attribute_stays_inside_its_quotes() -> None:
    assert attribute('a" onclick="x\ny') == "a&quot; onclick=&quot;x y"


@pytest.mark.parametrize(
    "href", ["http://a.example", "https://a.example/b?c=d", "HTTPS://a.example/", "mailto:me@a.example"]
)
def test_links_to_the_web_and_mail_pass(href: str) -> None:
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//a.example",
        "/gradio_api/file=x",
        "#c-c1",
        "http:",
        "https:///path",
        "http://[",
        "http://a.example/\x7f",
        "",
    ],
)
def test_every_other_address_is_text(href: str) -> None:
    assert safe_href(href) is None


def test_the_wayback_link_is_for_the_web_only() -> None:
    assert safe_href("mailto:me@a.example", WEB) is None


def test_an_address_cannot_leave_its_attribute() -> None:
    assert safe_href('https://a.example/"onmouseover="x') == "https://a.example/&quot;onmouseover=&quot;x"


@given(st.text())
def test_text_comes_back_out_of_its_markup_on_one_line(text: str) -> None:
    shown = plain_text(f'<p class="x">{text_html(text)}</p>')
    assert shown == " ".join(html.unescape(text_html(text).replace("<br>", " ")).split())
    assert len(shown.splitlines()) <= 1
