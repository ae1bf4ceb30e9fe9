"""Tests of corpus.plaintext: the structure of text without markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.plaintext import escape_markdown, plain_text_to_markdown
from corpus.types import DocumentError

WRAPPED = """\
ACME PRIVACY POLICY

Last updated: 3 May 2024

1. Information we collect

We collect information that you give us when you open an account, such as
your name, your e-mail address (e.g. bob_smith@x.com) and *stars*. We do not
sell it.

We collect:
  - your name, which you give us when you open an account with us, and your
    address;
  - your <b>e-mail</b>
      o Home address
* # of visits

2. HOW WE SHARE IT

1. We share it with partners.
2. We share it with the police.

2.1 Affiliates

(a) our group companies; and
(b) others.

Contact
-------
Acme Ltd.
1 Main Street
London SE1 7TL
"""
WRAPPED_MARKDOWN = """\
# ACME PRIVACY POLICY

Last updated: 3 May 2024

## 1\\. Information we collect

We collect information that you give us when you open an account, such as your name, your e-mail address \
(e.g. bob\\_smith@x.com) and \\*stars\\*. We do not sell it.

We collect:

- your name, which you give us when you open an account with us, and your address;
- your \\<b\\>e-mail\\</b\\>
    - Home address
- \\# of visits

## 2\\. HOW WE SHARE IT

1. We share it with partners.
2. We share it with the police.

### 2.1 Affiliates

- (a) our group companies; and
- (b) others.

## Contact

Acme Ltd.\x20\x20
1 Main Street\x20\x20
London SE1 7TL
"""

PASTED = """\
Privacy Policy
Effective January 1, 2024
Information We Collect
We collect information that you give us directly when you open an account with us or write to us, or use our app.
We also collect cookies. They help us to remember you and to keep you signed in to your account on this device.
• Name
•\tAddress
How We Use It
We use it to provide the service, to improve it, and to keep it safe for everyone who uses it, including our partners.
"""
PASTED_MARKDOWN = """\
# Privacy Policy

Effective January 1, 2024

## Information We Collect

We collect information that you give us directly when you open an account with us or write to us, or use our app.

We also collect cookies. They help us to remember you and to keep you signed in to your account on this device.

- Name
- Address

## How We Use It

We use it to provide the service, to improve it, and to keep it safe for everyone who uses it, including our partners.
"""


def test_hard_wrapped_text() -> None:
    assert plain_text_to_markdown(WRAPPED) == WRAPPED_MARKDOWN


def test_text_with_a_paragraph_on_each_line() -> None:
    assert plain_text_to_markdown(PASTED) == PASTED_MARKDOWN


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("We keep it.", "We keep it.\n"),
        ("Our Policy\n==========\nWe keep it.", "# Our Policy\n\nWe keep it.\n"),
        ("We keep it.\r\n\r\nWe delete it.\r\n", "We keep it.\n\nWe delete it.\n"),
        ("We keep it.\n\n-----\n\nWe delete it.", "We keep it.\n\nWe delete it.\n"),
        ("\u2013 a;\n\u2013 b.", "- a;\n- b.\n"),
        ("+ a", "\\+ a\n"),
        ("in\u00adfor\u00admation\u00a0now", "information now\n"),
        ("1) We share\n2) We sell", "1. We share\n2. We sell\n"),
    ],
)
def test_small_texts(text: str, markdown: str) -> None:
    assert plain_text_to_markdown(text) == markdown


@pytest.mark.parametrize("text", ["", " \n\t\n", "----\n***", "\x00"])
def test_text_without_a_letter_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="there is no text in this document; give a policy as text"):
        plain_text_to_markdown(text)


@given(st.text(alphabet=st.sampled_from(list("a1B .)(#*_-+=<>[]`~|&!\\:;")), min_size=1))
def test_escaped_text_reads_literally(text: str) -> None:
    text = " ".join(text.split())
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape_markdown(text))
    inline = [token for token in tokens if token.type == "inline"]
    assert "".join(child.content for token in inline for child in token.children or []) == text
    assert all(token.type in ("paragraph_open", "paragraph_close", "inline") for token in tokens)


@given(st.text(max_size=400))
def test_no_word_is_lost(text: str) -> None:
    text += "\nword"
    markdown = plain_text_to_markdown(text)
    for word in text.split():
        if word.isascii() and word.isalpha() and len(word) > 1:
            assert word in markdown
