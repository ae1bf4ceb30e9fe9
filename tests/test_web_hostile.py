"""Hostile statements and files in headless Chromium, with the real models.

No script runs, nothing is asked of another host, every citation still leads to its own clause, the page stays usable,
and the verdicts are those of the same statement without the hostile parts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser_fakes import Visitor, chromium, served

from corpus.types import DocumentError
from nlp.web.desk import MAX_UPLOAD_MB, Desk, Engine
from nlp.web.server import load_engine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.models]

BASE = """# Acme Privacy Statement

We respect your privacy. This privacy policy says what personal information we collect.

## Sharing

We do not sell your personal information to anyone.

## Retention

We keep the logs of your visits for thirty days.
"""
ASKED = ("Do you sell my personal information?", "What is the weather today?")
BAD = "window.hacked=1"

HOSTILE = {
    "script": [
        f"<script>{BAD}</script>",
        f"`<script>{BAD}</script>`",
        f"</span></p></div><script>{BAD}</script>",
        f"<scr<script>ipt>{BAD}</scr</script>ipt>",
        f"&lt;script&gt;{BAD}&lt;/script&gt;",
        '<script src="https://elsewhere.example/x.js"></script>',
        f'<noscript><p title="</noscript><script>{BAD}</script>">',
    ],
    "event handlers": [
        f'<img src="x" onerror="{BAD}">',
        f"`<img src=x onerror={BAD}>`",
        f'<details open ontoggle="{BAD}"><summary>x</summary></details>',
        f'<input autofocus onfocus="{BAD}">',
        f'<p onmouseover="{BAD}" onclick="{BAD}" tabindex="1">Point here.</p>',
        f'" onmouseover="{BAD}" x="',
        f"<body onload={BAD}>",
        f'<video><source onerror="{BAD}"></video>',
    ],
    "links": [
        f"[one](javascript:{BAD})",
        f"[two](JaVaScRiPt:{BAD})",
        f"[three](<java\tscript:{BAD}>)",
        f"[four](javascript&#58;{BAD})",
        f"[five](data:text/html,<script>{BAD}</script>)",
        f"[six](vbscript:{BAD})",
        f'<a href="  javascript:{BAD}">seven</a>',
        f'<a href="\x01javascript:{BAD}">eight</a>',
        "![nine](https://elsewhere.example/pixel.png)",
        "[ten](//elsewhere.example/)",
        f"<javascript:{BAD}>",
    ],
    "template syntax": [
        f"${{{BAD}}} {{{{{BAD}}}}} {{{{constructor.constructor('{BAD}')()}}}}",
        f"{{% {BAD} %}} <%= {BAD} %> #{{{BAD}}} @{{{BAD}}} [[{BAD}]]",
        f"{{@html '<img src=x onerror={BAD}>'}}",
        "$$\\href{javascript:window.hacked=1}{x}$$ \\(x\\) \\[y\\]",
        "```mermaid\ngraph TD; A-->B\n```",
    ],
    "anchors": [
        '<a id="c-c1" name="c-c2" href="#c-c1">here</a>',
        '<div id="sp-chat" class="sp-answer sp-yes"><p class="sp-verdict"><strong>Yes</strong></p></div>',
        '<span id="c-c3" class="clause sp-marked">We sell everything we have about you to anyone.</span>',
        "### Retention {#s-0}",
        "[a clause](#c-c1) and [the chat](#sp-chat) and [the top](#)",
        '<form id="sp-ask"><textarea name="body"></textarea></form>',
        '<base href="https://elsewhere.example/">',
    ],
    "svg": [
        f"<svg onload={BAD}><script>{BAD}</script></svg>",
        f'<svg><a xlink:href="javascript:{BAD}"><text x="20" y="20">x</text></a></svg>',
        f"<svg><animate onbegin={BAD} attributeName=x dur=1s></svg>",
        f'<svg><foreignObject><iframe srcdoc="<script>parent.{BAD}</script>"></iframe></foreignObject></svg>',
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={BAD}&gt;">',
    ],
    "what loads": [
        '<iframe src="https://elsewhere.example/"></iframe>',
        '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
        "<style>@import 'https://elsewhere.example/x.css'; body { display: none }</style>",
        '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
        '<object data="https://elsewhere.example/"></object><embed src="https://elsewhere.example/">',
        '<p style="background: url(https://elsewhere.example/x); position: fixed; inset: 0">Covered.</p>',
        '<form action="https://elsewhere.example/"><button>Send</button></form>',
    ],
    "right to left": [
        "\u202eEverything after this is turned round.",
        "\u2067We keep \u202dnothing\u202e back.",
        "\u200f\u061c\u202b\u202bOne more, and never closed.",
        "## Heading \u202e turned round",
    ],
}


def as_markdown(parts: list[str]) -> str:
    """Return the statement with the parts in its title, a heading, paragraphs and a list under it."""
    title, _, rest = BASE.partition("\n")
    first = parts[0].replace("\n", " ")
    return "\n\n".join([f"{title} {first}", rest.strip(), *parts, f"## More {first}", *(f"* {part}" for part in parts)])


def as_web_page(parts: list[str]) -> str:
    """Return the same as HTML, whose markup is the author's own."""
    paragraphs = "".join(f"<p>{line}</p>" for line in BASE.splitlines() if line and not line.startswith("#"))
    body = "".join(f"<div>{part}</div>" for part in parts)
    return (
        f"<!doctype html><html><head><title>Acme Privacy Statement</title></head><body><h1>Acme Privacy Statement</h1>"
        f"{paragraphs}<h2>More</h2>{body}</body></html>"
    )


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Load the models once."""
    return load_engine()


@pytest.fixture(scope="module")
def verdicts(engine: Engine) -> list[tuple[str, str]]:
    """Return verdict and first passage of each question over the statement as it is."""
    desk = Desk(done(engine))
    key = desk.open_text(BASE).key
    answers = [desk.ask(key, question) for question in ASKED]
    assert [answer.verdict for answer in answers] == ["no", "not_stated"]
    return [(answer.verdict, answer.citations[0].quote) for answer in answers]


@pytest.fixture(scope="module")
def address(engine: Engine) -> Iterator[str]:
    """Serve the page."""
    with served(done(engine)) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with chromium() as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Return a visitor; fail if anything ran, broke or called elsewhere."""
    one = Visitor(browser, address)
    one.page.set_default_timeout(120_000)
    yield one
    assert one.page.evaluate("typeof window.hacked") == "undefined"
    one.context.close()
    assert one.trouble == []


def done(engine: Engine) -> Future[Engine]:
    future: Future[Engine] = Future()
    future.set_result(engine)
    return future


WORDS = {"no": "No", "not_stated": "The statement does not say"}


def read(visitor: Visitor, text: str) -> None:
    """Have a statement read."""
    visitor.paste(text)
    visitor.page.get_by_text("The chat starts anew.").wait_for()
    visitor.page.locator(".sp-glance dl").wait_for(state="attached")


def check_answers(visitor: Visitor, verdicts: list[tuple[str, str]]) -> None:
    """Check that the verdicts are those of the statement by itself, and that citations lead to their clauses."""
    page = visitor.page
    for question, (verdict, quote) in zip(ASKED, verdicts, strict=True):
        assert visitor.ask(question) == WORDS[verdict]
        if verdict == "not_stated":
            continue
        answer = page.locator(".sp-answer").last
        # Text full of tags is read as HTML, where the mark of a heading is a part of its paragraph.
        cited = answer.locator(".sp-cited q").first.inner_text()
        assert cited.endswith(quote)
        answer.locator(".sp-cite").first.click()
        assert page.locator(".sp-marked").all_inner_texts() == [cited]


STRAY = """() => {
  const roots = document.querySelectorAll(".sp-statement, .sp-answer, .sp-question, .sp-glance-source, .sp-which");
  const found = [];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) {
      const name = element.tagName.toLowerCase();
      if (/^(script|iframe|object|embed|link|meta|base|style|img|video|audio|math|foreignobject|animate)$/.test(name)) {
        found.push(name);
      }
      for (const { name: key, value } of element.attributes) {
        if (key.startsWith("on") || key === "srcdoc") found.push(key);
        if (/href$/.test(key) && !/^(https?:|mailto:|#)/.test(value)) found.push(`${key}=${value}`);
        if (key === "style" && /url|fixed/.test(value)) found.push(value);
      }
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, at) => /^(c-|s-|sp-)/.test(id) && ids.indexOf(id) !== at);
  return [...found, ...twice];
}"""


def check_page(page: Page) -> None:
    """Check that nothing of the document became an element that does something, and that the page can be used."""
    assert page.evaluate(STRAY) == []
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("#sp-chat").count() == page.locator("#sp-ask").count() == 1
    chip = page.locator(".sp-chip:not(.sp-all)").first
    chip.click()
    assert page.locator(".sp-filtered .sp-hit:visible").count() > 0
    chip.click()
    box = page.get_by_label("Find in the text")
    box.fill("sell your personal information")
    box.press("Enter")
    assert page.locator(".sp-find-count").inner_text() == "1 of 1"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("make", [as_markdown, as_web_page])
def test_a_hostile_statement_is_only_text(
    visitor: Visitor, verdicts: list[tuple[str, str]], name: str, make: object
) -> None:
    read(visitor, make(HOSTILE[name]))  # type: ignore[operator]
    check_answers(visitor, verdicts)
    check_page(visitor.page)
    assert visitor.overflow() == 0
    # What a visitor may do with hostile words: point at them, follow them, put them into the chat.
    visitor.page.locator(".sp-pages").hover()
    visitor.page.locator(".sp-pages .clause").last.click()
    visitor.page.get_by_role("button", name="Ask about this").click()
    visitor.ask(visitor.page.locator("#sp-ask textarea").input_value())
    assert visitor.page.evaluate(STRAY) == []


UNCLOSED = ("<svg onload={0}>", "<math>", "<style>", "<textarea autofocus onfocus={0}>", "<script>{0};", "<!--")


def test_tags_that_are_never_closed_hide_nothing_of_what_follows(
    visitor: Visitor, verdicts: list[tuple[str, str]]
) -> None:
    title, _, rest = BASE.partition("\n")
    read(visitor, "\n\n".join([title, *(tag.format(BAD) for tag in UNCLOSED), rest]))
    check_answers(visitor, verdicts)
    check_page(visitor.page)


def test_direction_marks_turn_nothing_round_but_their_own_line(visitor: Visitor) -> None:
    read(visitor, as_markdown(HOSTILE["right to left"]))
    page = visitor.page
    visitor.ask(ASKED[0])
    turned = page.evaluate("""() => {
      const places = ".sp-pages p, .sp-facts li, .sp-about, .sp-back, .sp-chip, .sp-verdict";
      const plain = [...document.querySelectorAll(places)]
        .filter((element) => !/[\\u061c\\u200f\\u202a-\\u202e\\u2066-\\u2069]/.test(element.textContent));
      const texts = plain.flatMap((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const nodes = [];
        while (walker.nextNode()) nodes.push(walker.currentNode);
        return nodes.filter((node) => node.data.trim().length > 3 && node.parentElement.checkVisibility());
      });
      const x = (node, at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().x;
      };
      return [texts.length, texts.filter((node) => x(node, 0) >= x(node, 1)).map((node) => node.data)];
    }""")
    assert turned[0] > 10
    assert turned[1] == []


def test_five_thousand_headings_leave_the_page_usable(visitor: Visitor, verdicts: list[tuple[str, str]]) -> None:
    headings = "\n\n".join(f"{'#' * (1 + i % 6)} Heading {i}" for i in range(5_000))
    read(visitor, f"{BASE}\n\n{headings}\n")
    check_answers(visitor, verdicts)
    check_page(visitor.page)
    page = visitor.page
    page.locator(".sp-toc summary").click()
    page.locator(".sp-toc a", has_text="Heading 4999").click()
    page.wait_for_function("document.activeElement.textContent === 'Heading 4999'")


@pytest.mark.parametrize("width", [375, 1280])
def test_a_word_of_300_000_characters_does_not_break_the_page(
    browser: Browser, address: str, verdicts: list[tuple[str, str]], width: int
) -> None:
    visitor = Visitor(browser, address, width=width)
    visitor.page.set_default_timeout(120_000)
    read(visitor, f"{BASE}\n\n{'x' * 299_000}\n")
    check_answers(visitor, verdicts)
    check_page(visitor.page)
    assert visitor.overflow() == 0
    visitor.context.close()
    assert visitor.trouble == []


def test_a_million_characters_are_refused_with_a_message(visitor: Visitor) -> None:
    visitor.paste("x" * 1_000_000)
    alert = visitor.page.get_by_role("alert")
    alert.get_by_text("This text has 1,000,000 characters, and this page takes 300,000.").wait_for()
    assert visitor.ask(ASKED[0]) == "No", "the statement that was open stays open"


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("policy.txt", BASE)
    return data.getvalue()


PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 64
FILES = {
    "an archive named .pdf": ("policy.pdf", archive(), "policy.pdf is an archive of files, whatever its name says"),
    "a program named .pdf": ("policy.pdf", PROGRAM, "policy.pdf is not a PDF file, whatever its name says"),
    "a program named .txt": ("policy.txt", PROGRAM, "policy.txt: this is not text"),
    "a picture named .html": (
        "policy.html",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64,
        "policy.html: this is not text",
    ),
    "nothing": ("policy.md", b"", "policy.md is empty"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_the_wrong_type_is_refused_with_a_message(visitor: Visitor, tmp_path: Path, kind: str) -> None:
    name, data, message = FILES[kind]
    path = tmp_path / name
    path.write_bytes(data)
    visitor.page.click("#sp-opener button >> nth=0")
    visitor.page.set_input_files("#sp-open-row input[type=file]", path)
    alert = visitor.page.locator(".sp-error[role=alert]")
    alert.wait_for()
    assert message in alert.inner_text()
    assert len(alert.inner_text().splitlines()) == 1
    assert "Traceback" not in visitor.page.content()


@pytest.mark.parametrize(("name", "size"), [("policy.exe", 1), ("policy.txt", MAX_UPLOAD_MB + 1)])
def test_other_types_and_too_much_are_refused_before_they_are_read(
    browser: Browser, address: str, tmp_path: Path, name: str, size: int
) -> None:
    visitor = Visitor(browser, address)
    path = tmp_path / name
    path.write_bytes(b"x " * (size * 1024**2 // 2))
    visitor.page.click("#sp-opener button >> nth=0")
    visitor.page.set_input_files("#sp-open-row input[type=file]", path)
    visitor.page.locator(".toast-body, .sp-error").first.wait_for()
    assert "Janrain" in visitor.page.locator(".sp-head h2").inner_text()
    assert visitor.ask(ASKED[0]) == "No", "the page goes on"
    visitor.context.close()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_the_wrong_type_is_refused_by_the_server_itself(tmp_path: Path, kind: str) -> None:
    """A program need not ask the browser whether it may."""
    name, data, message = FILES[kind]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=message.replace(".", r"\.")):
        Desk(Future()).open_file(path)
