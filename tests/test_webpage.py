"""Tests of corpus.webpage and corpus.furniture on small pages of every build and on captured ones."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from corpus.types import DocumentError
from corpus.webpage import html_to_markdown, page_title

CAPTURED = Path(__file__).parents[2] / "shared" / "data" / "html"

POLICY = (
    "<h2>1. What we collect</h2><p>We collect your name and your e-mail address when you open an account with us, and "
    "the city that you live in if you tell us.</p><ul><li>Your photos<ul><li>Your captions</li></ul></li>"
    "<li>Your messages</li></ul>"
    "<h2>2. Contact</h2><p>Write to <a href='mailto:privacy@spark.example'>privacy@spark.example</a>.</p>"
)
POLICY_MARKDOWN = """\
## 1\\. What we collect

We collect your name and your e-mail address when you open an account with us, and the city that you live in if you \
tell us.

- Your photos
  - Your captions
- Your messages

## 2\\. Contact

Write to [privacy@spark.example](mailto:privacy@spark.example).
"""
TITLED = "# Privacy Policy\n\n" + POLICY_MARKDOWN

LINKS = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Pricing", "Blog", "Careers", "Press", "Safety"))
COOKIES = (
    "<p>We use cookies and similar technologies to give you the best experience and to show you relevant adverts.</p>"
    "<button>Accept all</button><button>Reject all</button>"
)
NEWSLETTER = (
    "<h3>Stay in the loop</h3><p>Subscribe to our newsletter for product news and dating advice every single week.</p>"
    "<input type=email><button>Subscribe</button>"
)
FOOTER = f"<h4>Company</h4><ul>{LINKS}</ul><p>© 2026 Spark Ltd. All rights reserved, in every country of the world.</p>"
RELATED = (
    "<h2>Related articles</h2><a href='/a'><h3>Ten first dates</h3></a>"
    "<p>Looking for something new to do on a first date? Here are ten ideas from our members.</p>"
)

PAGES = {
    "blog": f"""<!DOCTYPE html><html><head><title>Privacy</title><style>p{{}}</style></head><body>
        <a class=skip-link href="#c">Skip to content</a><header class=site-header><nav><ul>{LINKS}</ul></nav></header>
        <main id=c><article><header><h1>Privacy Policy</h1></header><div class=entry-content>{POLICY}</div>
        <div class=sharedaddy><span>Share this</span><a href=#>Facebook</a><a href=#>X</a></div>
        <div class=jp-relatedposts>{RELATED}</div></article>
        <form><h3>Leave a reply</h3><p>Your address will not be shown to anyone else who reads this page.</p>
        <textarea></textarea><button>Post</button></form></main>
        <aside><h2>Recent posts</h2><ul>{LINKS}</ul></aside><footer>{FOOTER}</footer>
        <div id=cookie-law-info-bar>{COOKIES}</div><script>track("We collect all")</script></body></html>""",
    "divs only": f"""<body><div class="navbar w-nav"><div><ul>{LINKS}</ul></div></div>
        <div class=hero><div><h1>Privacy Policy</h1></div></div>
        <div class=css-1><div class=css-2><div class=css-3>{POLICY}</div></div></div>
        <div class=css-9><div>{NEWSLETTER}</div>{FOOTER}</div><div class=css-7>{COOKIES}</div></body>""",
    "hidden dialogs": f"""<body><div role=banner><ul>{LINKS}</ul></div>
        <div role=main><h1>Privacy Policy</h1>{POLICY}</div>
        <div id=onetrust-consent-sdk><div role=dialog aria-modal=true><h2>Privacy Preference Center</h2>{COOKIES}
        <p>These cookies are necessary for the website to function and cannot be switched off in our systems.</p></div>
        </div><div role=dialog style="display:none">{NEWSLETTER}</div></body>""",
    "one form around all": f"""<form id=aspnetForm><input type=hidden value=x><div id=menu><ul>{LINKS}</ul></div>
        <div id=main><h1>Privacy Policy</h1><div>{POLICY}</div></div><div id=bottom>© 2026 Spark</div></form>""",
    "names that mislead": f"""<body class="nav-open cookie-consent-visible"><div id=nav><ul>{LINKS}</ul></div>
        <div class=sidebar-layout><h1>Privacy Policy</h1><div class="menu-page footer-policy modal">{POLICY}</div></div>
        <div id=footer>{FOOTER}</div></body>""",
    "sidebar beside the text": f"""<div class=a><div class=b><div>Legal overview</div><ul>{LINKS}</ul></div>
        <div class=c><h1>Privacy Policy</h1><div>{POLICY}</div></div></div><div class=d>{FOOTER}</div>""",
    "in a dialog": f"""<body><nav>{LINKS}</nav><div class=modal role=dialog aria-modal=true>
        <div class=modal-header><h1>Privacy Policy</h1><button>x</button></div><div class=modal-body>{POLICY}</div>
        </div></body>""",
    "a page laid out by a table": f"""<table><tr><td><ul>{LINKS}</ul></td><td><h1>Privacy Policy</h1>{POLICY}</td></tr>
        <tr><td colspan=2><a href=/a>Home</a> | <a href=/b>Jobs</a><br>Copyright 2003 Spark Inc.</td></tr></table>""",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_keeps_the_policy_and_nothing_else(name: str) -> None:
    assert html_to_markdown(PAGES[name]) == TITLED


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>We delete it.</p>", "We delete it.\n"),
        ("We delete it.", "We delete it.\n"),
        ("<div>We keep it.<br><br>We delete it.<br>Soon.</div>", "We keep it.\n\nWe delete it.  \nSoon.\n"),
        ("<dl><dt>Cookies</dt><dd>Small files.</dd></dl>", "**Cookies**\n\nSmall files.\n"),
        ("<p># 1 *not* [a] <b>list</b></p>", "\\# 1 \\*not\\* \\[a\\] **list**\n"),
        ("<p>1. Not an item</p>", "1\\. Not an item\n"),
        ("<p>• Name</p><p>•&nbsp;Age</p>", "- Name\n\n- Age\n"),
        ("<ol start=3><li>c</li><li value=7>d<li>e</ol>", "3. c\n7. d\n8. e\n"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b\n"),
        ("<h3><button>Panel</button></h3><p>Text</p><button>Print</button>", "### Panel\n\nText\n"),
        ("<div role=heading aria-level=3>Part</div><p>Text</p>", "### Part\n\nText\n"),
        ("<p>See <a href='/c d'>the <i>cookie</i> notice</a>.</p>", "See [the cookie notice](/c%20d).\n"),
        ("<p><a href='#'>Up</a> <a href='javascript:x()'>go</a> <a name=q>here</a></p>", "Up go here\n"),
        ("<a href=/x><div>Card</div><div>Text</div></a>", "Card\n\nText\n"),
        ("<p>the <b>Sites:</b>we <b>run </b>fast</p>", "the Sites:we **run** fast\n"),
        ("<p><b>one</b><b>two</b></p>", "**onetwo**\n"),
        ("<div><b><p>a</p><p>b</p></b></div>", "a\n\nb\n"),
        ("<p>in&shy;for\u200bmation</p>", "information\n"),
        ("<pre>Our Policy\n\nWe collect\nyour name.</pre>", "# Our Policy\n\nWe collect your name.\n"),
        ("<noscript><p>We collect your name.</p></noscript>", "We collect your name.\n"),
        ("<p>We collect</p><template><p>no</p></template><svg><text>no</text></svg>", "We collect\n"),
        ("<my-policy><my-part>One</my-part><my-part>Two</my-part></my-policy>", "One\n\nTwo\n"),
    ],
)
def test_markup_becomes_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown


def test_table_keeps_every_cell() -> None:
    html = (
        "<table><tr><td><b>Data</b></td><td><b>Use</b></td></tr>"
        "<tr><td rowspan=2>Name</td><td>Account<ul><li>sign-in</li><li>support</li></ul></td></tr>"
        "<tr><td>Fraud | abuse</td><td>Third</td></tr></table>"
    )
    assert html_to_markdown(html) == (
        "| Data | Use |  |\n| --- | --- | --- |\n| Name | Account • sign-in • support |\n"
        "|  | Fraud \\| abuse | Third |\n"
    )


def test_collapsed_text_is_kept_and_its_titles_are_headings() -> None:
    panels = "".join(
        f"<div><button aria-expanded=false aria-controls=p{n}><span>Part {n}</span></button>"
        f"<div id=p{n} hidden aria-hidden=true style='display:none'>"
        f"<p>We do thing {n} with what you tell us.</p></div></div>"
        for n in (1, 2)
    )
    html = f"<main><h1>Policy</h1>{panels}<details><summary>More</summary>We do more.</details></main>"
    assert html_to_markdown(html) == (
        "# Policy\n\n## Part 1\n\nWe do thing 1 with what you tell us.\n\n## Part 2\n\n"
        "We do thing 2 with what you tell us."
        "\n\n## More\n\nWe do more.\n"
    )


def test_notes_and_contact_lines_beside_the_text_are_kept() -> None:
    html = (
        f"<body><main><article><header><h1>Privacy Policy</h1><p>Updated 3 May 2024</p></header>"
        f"<section>{POLICY}</section>"
        "<aside><p>This note explains what the law in your country says about all of the above.</p></aside>"
        "<footer><p>Spark Ltd., 1 Main Street, London</p></footer></article></main>"
        f"<footer>{FOOTER}</footer></body>"
    )
    assert html_to_markdown(html) == (
        "# Privacy Policy\n\nUpdated 3 May 2024\n\n" + POLICY_MARKDOWN + "\n"
        "This note explains what the law in your country says about all of the above.\n\n"
        "Spark Ltd., 1 Main Street, London\n"
    )


def test_page_without_sentences_is_returned_whole() -> None:
    assert html_to_markdown("<nav><a href=/a>Home</a></nav>") == "[Home](/a)\n"


@pytest.mark.parametrize(
    "html", ["", "<html></html>", "<script>var a = 1</script><div id=root></div>", "<p>***</p>", "\0"]
)
def test_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(DocumentError, match="no text found in this web page; if it is built by scripts"):
        html_to_markdown(html)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>" * 10_000 + "We collect" + "</div>" * 10_000, 2),
        ("<b><i>" * 5_000 + "We collect", 2),
        ("<ul><li>We " * 2_000 + "collect", 2_001),
        ("<blockquote>" * 3_000 + "We collect", 2),
        ("<p>We <b>collect <i>your</b> data</i><table><tr><td>now<div>", 5),
        ("We\0 collect {{ name }} {% if a %}", 5),
        ("<p>We" + " " * 1_000_000 + "collect</p>", 2),
        ("<table><tr>" + "<td rowspan=2>We" * 5_000 + "<tr>" + "<td>collect" * 5_000 + "</table>", 10_000),
        ("<table><tr><td rowspan=99999999 colspan=99999999>We</td></tr><tr><td>collect</td></tr></table>", 2),
    ],
    ids=["divs", "inline", "lists", "quotes", "broken", "templates", "spaces", "rows", "spans"],
)
def test_hostile_page_is_read(html: str, words: int) -> None:
    start = time.monotonic()
    assert len(re.findall(r"\w+", html_to_markdown(html))) >= words
    assert time.monotonic() - start < 20


def test_huge_page_is_refused() -> None:
    with pytest.raises(DocumentError, match="holds 21 million characters, too many for a policy; save the part"):
        html_to_markdown("<p>We collect your data and share it.</p>" * 520_000)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Privacy\n Policy &amp; more </title><svg><title>arrow</title></svg>", "Privacy Policy & more"),
        ("<body><svg><title>arrow</title></svg><p>We</p>", None),
        ("<title></title>", None),
    ],
)
def test_page_title(html: str, title: str | None) -> None:
    assert page_title(html) == title


def seen(markdown: str) -> str:
    """Return what a reader of rendered Markdown sees."""
    parts: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "list_item_open":
            parts.append(token.info)
        elif token.type == "inline" and token.children:
            parts.append("".join(child.content or ("\n" if "break" in child.type else "") for child in token.children))
    return " ".join(parts)


def windows(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of ten words, without the markup of links that the references hold."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)", r"\1", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"\\(.)", r"\1", text)
    words = re.findall(r"[a-z0-9]+", text.lower())
    return Counter(tuple(words[i : i + 10]) for i in range(max(len(words) - 9, 1)))


@pytest.mark.skipif(not CAPTURED.is_dir(), reason="the captured pages are not on this machine")
def test_captured_pages_are_kept_whole_and_alone() -> None:
    recall, precision = [], []
    for page in sorted(CAPTURED.glob("*.html")):
        want = windows(page.with_suffix(".md").read_text(encoding="utf-8"))
        have = windows(seen(html_to_markdown(page.read_text(encoding="utf-8"))))
        common = (want & have).total()
        recall.append(common / want.total())
        precision.append(common / have.total())
    assert recall
    assert sum(recall) / len(recall) >= 0.99
    assert sum(precision) / len(precision) >= 0.97
