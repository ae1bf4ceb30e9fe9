"""The whole path in headless Chromium, with the real models: ask, follow a citation, filter, read another statement."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fakes import CHROMIUM, Visitor, chromium

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parent.parent
START_S = 120

pytestmark = [
    pytest.mark.browser,
    pytest.mark.models,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

HOSTILE = """# Hostile Privacy `<script>window.hacked=1</script>`

Effective ${window.hacked=2} January 1, 2024. {{window.hacked=3}} `<img src="x" onerror="window.hacked=4">`

## Our logs `<a id="c-c1" href="#c-c2">`

We keep logs of your visits for thirty days. <span id="c-c1" class="sp-marked"> `<svg onload="window.hacked=5">`

* We sell nothing [here](javascript:window.hacked=6) and ![pixel](https://elsewhere.example/pixel.png).
* We protect your data with encryption. `<iframe src="https://elsewhere.example/">`
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start the app and return its address once it says that it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, str(ROOT / "app.py"), "--port", port]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    late = threading.Timer(START_S, process.kill)
    late.start()
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip() == "ready":
            break
    else:
        pytest.fail(f"the app did not start: {''.join(said)}")
    late.cancel()
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    """Start the browser once."""
    with chromium() as running:
        yield running


class Visit(Visitor):
    """A visitor of the page over the real models."""

    timeout_ms = 15_000

    def open_paste(self, text: str) -> None:
        """Paste a statement and wait until it is read or refused."""
        self.page.click("#sp-opener button >> nth=0")
        self.page.get_by_label("Paste a privacy statement").fill(text)
        self.page.get_by_role("button", name="Read the pasted text").click()

    def marked(self) -> str:
        """Return the text of the one marked clause, after checking that a reader sees it and that it has the focus."""
        (clause,) = self.page.locator(".sp-marked").all()
        self.page.wait_for_function("() => document.activeElement.matches('.sp-marked')")
        assert clause.evaluate(
            """(clause) => {
              const box = clause.getClientRects()[0];
              const pages = clause.closest(".sp-pages").getBoundingClientRect();
              return box.top >= Math.max(pages.top, 0) && box.bottom <= Math.min(pages.bottom, innerHeight)
                && box.left >= pages.left && box.right <= pages.right;
            }"""
        ), "the clause is out of sight"
        return clause.inner_text()


@pytest.fixture
def visit(browser: playwright.Browser, address: str) -> Iterator[Visit]:
    """Return a visitor on a wide screen; fail if anything ran, broke or called elsewhere."""
    visitor = Visit(browser, address)
    yield visitor
    visitor.context.close()
    assert visitor.trouble == []


def plain(text: str) -> str:
    return "".join(ch for ch in text if ch.isalnum())


def test_an_answer_is_one_click_from_its_clause(visit: Visit) -> None:
    page = visit.page
    assert visit.ask("do you sell my data?") == "No"
    quote = page.locator(".sp-cited q").first.inner_text()
    citation = page.locator(".sp-cite").first
    citation.click()
    assert plain(visit.marked()) == plain(quote)
    assert page.url.endswith(citation.get_attribute("href") or "?")

    # Again, after the reader has scrolled away: the address is the same and must not stand in the way.
    page.evaluate("document.querySelector('.sp-pages').scrollTop = 1e6")
    citation.click()
    assert plain(visit.marked()) == plain(quote)

    # Again, while the legend hides the clause.
    classes = page.locator(".sp-marked").get_attribute("class") or ""
    other = next(
        chip
        for chip in page.locator(".sp-chip:not(.sp-all)").all()
        if (chip.get_attribute("class") or "").split("cat-")[1] not in classes
    )
    other.click()
    page.evaluate("document.querySelector('.sp-pages').scrollTop = 0")
    citation.press("Enter")
    assert plain(visit.marked()) == plain(quote)

    # In sight for the keyboard alone: the chat is beside the text.
    back = page.get_by_text("Back to the chat")
    assert back.evaluate("(link) => getComputedStyle(link).clipPath") == "inset(50%)"
    back.focus()
    assert back.evaluate("(link) => getComputedStyle(link).clipPath") == "none"
    page.keyboard.press("Enter")
    assert citation.evaluate("link => link === document.activeElement")


def test_the_latest_question_stays_in_sight_with_its_verdict(visit: Visit) -> None:
    for question in ("do you sell my data?", "can the police get it?", "how long do you keep it?"):
        visit.ask(question)
    visit.page.wait_for_function(
        """() => {
          const chat = document.querySelector("#sp-chat .bubble-wrap").getBoundingClientRect();
          const seen = (element) => {
            const box = element.getBoundingClientRect();
            return box.top >= chat.top && box.bottom <= chat.bottom;
          };
          return seen([...document.querySelectorAll(".sp-question")].at(-1))
            && seen([...document.querySelectorAll(".sp-verdict")].at(-1));
        }"""
    )


def test_what_the_statement_does_not_say_is_declined(visit: Visit) -> None:
    assert visit.ask("what is the weather today?") == "The statement does not say"
    assert visit.page.get_by_text("The nearest passages; none of them seems to answer:").count() <= 1


def test_the_legend_filters_by_keyboard(visit: Visit) -> None:
    page = visit.page
    chip = page.locator(".sp-chip.cat-children")
    everything = page.locator(".sp-chip.sp-all")
    count = int(chip.locator(".sp-count").inner_text())
    all_clauses = page.locator(".sp-pages .clause:visible").count()
    chip.focus()
    page.keyboard.press("Space")
    assert (chip.get_attribute("aria-pressed"), everything.get_attribute("aria-pressed")) == ("true", "false")
    assert page.locator(".sp-hit:visible").count() == page.locator(".in-children").count() == count
    assert page.locator(".sp-pages .clause:visible").count() < all_clauses / 2
    assert page.locator(".sp-pages h3:visible").count() >= 1
    page.keyboard.press("Space")
    assert (chip.get_attribute("aria-pressed"), everything.get_attribute("aria-pressed")) == ("false", "true")
    assert page.locator(".sp-pages .clause:visible").count() == all_clauses


def test_a_hostile_statement_is_only_text(visit: Visit) -> None:
    page = visit.page
    visit.open_paste(HOSTILE)
    page.wait_for_selector(".sp-head h2:has-text('Hostile')")
    page.get_by_text("The chat starts anew.").wait_for()
    assert page.locator(".sp-answer").count() == 0
    text = page.locator("#sp-document").inner_text()
    assert "We keep logs of your visits for thirty days." in text
    assert "${window.hacked=2}" in text
    visit.ask("How long do you keep logs? <img src=https://elsewhere.example/x onerror=window.hacked=7>")
    page.locator(".sp-cite").first.click()
    assert visit.marked()
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("#sp-main :is(script, img, iframe, svg[onload], [onerror], a[href^='javascript'])").count() == 0
    ids = page.evaluate("[...document.querySelectorAll('[id^=\"c-\"]')].map((element) => element.id)")
    assert len(ids) == len(set(ids)) > 0


def test_a_statement_is_seen_by_nobody_else(visit: Visit, browser: playwright.Browser, address: str) -> None:
    visit.open_paste("# Secret Policy\n\nWe keep the zanzibar logs for thirty days.\n\n* pages\n* times\n")
    visit.page.wait_for_selector(".sp-pages:has-text('zanzibar')")
    other = Visit(browser, address)
    assert "zanzibar" not in other.page.content()
    other.ask("Do you keep the zanzibar logs?")
    assert "zanzibar" not in other.page.locator("#sp-document").inner_text()
    assert "zanzibar" not in " ".join(other.page.locator(".sp-cited q").all_inner_texts())
    other.context.close()
    visit.page.get_by_role("button", name="Back to Janrain's statement").click()
    visit.page.wait_for_selector(".sp-head h2:has-text('Janrain')")
    assert "zanzibar" not in visit.page.locator("#sp-main").inner_text()


def test_bad_input_is_answered_in_one_line(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.open_paste("   ")
    page.get_by_role("alert").get_by_text("paste the text of a privacy statement first").wait_for()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"this is no PDF")
    page.set_input_files("#sp-open-row input[type=file]", broken)
    page.get_by_role("alert").get_by_text("broken.pdf is not a PDF file").wait_for()
    visit.ask("Can children use it?")
    page.fill("#sp-ask textarea", "why " * 2_500)
    page.press("#sp-ask textarea", "Enter")
    page.get_by_text("The question has 9,999 characters").wait_for()
    assert "Traceback" not in page.content()


def test_a_file_is_read(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "acme.html"
    path.write_text("<html><title>Acme</title><h1>Acme Privacy</h1><p>We keep logs for thirty days.</p></html>")
    visit.page.click("#sp-opener button >> nth=0")
    visit.page.set_input_files("#sp-open-row input[type=file]", path)
    visit.page.wait_for_selector(".sp-pages:has-text('We keep logs for thirty days.')")


# The last question and its verdict, between what is held at the top and the question box at the bottom.
QUESTION_IN_SIGHT = """() => {
  const box = (element) => element.getBoundingClientRect();
  const last = (selector) => box([...document.querySelectorAll(selector)].at(-1));
  const [question, verdict, ask] = [last(".sp-question"), last(".sp-verdict"), last("#sp-ask")];
  return question.top >= last("#sp-top").bottom && verdict.bottom <= ask.top && ask.bottom <= innerHeight;
}"""


def test_on_a_phone_there_is_one_column_and_a_way_back(browser: playwright.Browser, address: str) -> None:
    phone = Visit(browser, address, width=375, has_touch=True, is_mobile=True)
    page = phone.page
    assert phone.overflow() == 0
    chat, document = (page.locator(id).bounding_box() for id in ("#sp-chat", "#sp-document"))
    assert chat and document and chat["y"] + chat["height"] <= document["y"]
    phone.ask("can the police get it?")
    phone.ask("do you sell my data?")
    page.wait_for_function(QUESTION_IN_SIGHT)
    log = page.locator("#sp-chat .bubble-wrap")
    assert log.evaluate("(log) => log.scrollHeight - log.clientHeight") == 0, "no box that scrolls within the page"
    citation = page.locator(".sp-answer").last.locator(".sp-cite").first
    citation.tap()
    assert phone.marked()
    assert phone.overflow() == 0
    which = page.locator(".sp-which").bounding_box()
    assert which and which["y"] >= 0, "which statement it is stays in sight"
    page.get_by_text("Back to the chat").tap()
    assert citation.evaluate("link => link === document.activeElement")
    page.wait_for_function(QUESTION_IN_SIGHT)
    phone.context.close()
    assert phone.trouble == []


@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_serious(browser: playwright.Browser, address: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The page's policy would not let axe in.
    visitor = Visit(browser, address, width=width, bypass_csp=True)
    visitor.ask("do you sell my data?")
    visitor.page.locator(".sp-cite").first.click()
    visitor.page.click("#sp-opener button >> nth=0")
    found = axe.Axe().run(visitor.page).response["violations"]
    visitor.context.close()
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []


def test_two_versions_are_compared(visit: Visit) -> None:
    page = visit.page
    text = (ROOT / "corpus" / "documents" / "janrain.com.2016-05-31.md").read_text(encoding="utf-8")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Second statement: paste it").fill(text.replace("We do not sell your", "We sell your"))
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("#sp-compare-note").get_by_text("1 change of substance").wait_for()
    assert page.locator(".sp-change del").all_inner_texts() == ["do not"]
    assert "Sharing" in page.locator(".sp-change").inner_text()


CONTRASTS = """() => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => rgb.map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = {};
  for (const element of document.querySelectorAll("#sp-top *, #sp-tabs *")) {
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!words || !element.checkVisibility({ visibilityProperty: true }) || element.offsetWidth < 2) continue;
    const behind = [];
    for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
    const ink = luminance(paint([...behind, getComputedStyle(element).color]));
    const paper = luminance(paint(behind));
    const name = element.className || element.tagName;
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    found[name] = Math.min(found[name] ?? 99, ratio);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_are_legible(browser: playwright.Browser, address: str, scheme: str) -> None:
    visitor = Visit(browser, address, color_scheme=scheme)
    visitor.ask("do you sell my data?")
    visitor.page.locator(".sp-cite").first.click()
    visitor.page.locator(".sp-chip.cat-sharing").click()
    contrasts = visitor.page.evaluate(CONTRASTS)
    visitor.context.close()
    assert len(contrasts) > 20
    assert {name: round(ratio, 2) for name, ratio in contrasts.items() if ratio < 4.5} == {}
