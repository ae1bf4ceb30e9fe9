"""Reading in headless Chromium: overview, contents, search, "Ask about this", suggestions, paper, an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest
from browser_fakes import Visitor, chromium, served
from web_fakes import FakeEngine, answer_of, loaded

from corpus.types import Statement
from nlp.types import Answer, Clause
from nlp.web import desk
from nlp.web.address import Fetched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

POLICY = """# Acme Privacy

Effective January 1, 2024.

## Logs

We keep the “logs” of your visits for thirty days.

### What is in them

We note pages (and times) and it's all. Pages are noted again.

## Children

Our site is not for children.
"""


class Reader(FakeEngine):
    """Gives each clause one of three categories, and answers with the clause that has a word of the question."""

    def clauses(self, statement: Statement) -> Sequence[Clause]:
        """Return a clause for each paragraph and list item."""
        names = ("retention", "children", "collection")
        found = super().clauses(statement)
        return [
            Clause(
                c.id,
                c.start,
                c.end,
                c.text,
                c.kind,
                block=c.block,
                categories=(names[i % 3],),
                probabilities={names[i % 3]: 1.0},
            )
            for i, c in enumerate(found)
        ]

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer with the first clause that shares a long word with the question."""
        words = {word.strip("?“”").lower() for word in question.split() if len(word) > 4}
        clauses = self.clauses(statement)
        best = next((c for c in clauses if words & set(c.text.lower().strip(".").split())), None)
        if best is None:
            return answer_of(statement, "not_stated", clauses[0], question=question)
        return answer_of(statement, "stated", best, question=question)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the page; its addresses lead to a policy that is made here."""

    def fetched(given: str) -> Fetched:
        if given != "https://acme.example/privacy":
            return desk.fetch(given)
        return Fetched(given, "acme.example.md", POLICY.replace("Acme", "Fetched").encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.Desk.open_address, "__defaults__", (fetched,))
        with served(loaded(Reader()), allow_fetch=True) as url:
            yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with chromium() as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Return a visitor who reads the policy; fail if anything broke."""
    one = Visitor(browser, address)
    one.paste(POLICY)
    one.page.get_by_text("The chat starts anew.").wait_for()
    yield one
    one.context.close()
    assert one.trouble == []


def found(visitor: Visitor) -> list[str]:
    """Return the words that are marked as found, the one that is gone to first."""
    return visitor.page.evaluate(
        """() => ["sp-found-here", "sp-found"].flatMap((name) => [...(CSS.highlights.get(name) ?? [])].map(String))"""
    )


def show_overview(visitor: Visitor) -> None:
    """Open the overview, which is folded in a window of this height, and wait until it is there."""
    visitor.page.locator(".sp-glance:not([open]) summary").click()
    visitor.page.locator(".sp-glance dl").wait_for()


def share_of_text(visitor: Visitor) -> float:
    """Return how much of the height of its pane the text of the statement has."""
    return float(
        visitor.page.evaluate(
            """() => document.querySelector(".sp-pages").clientHeight
              / document.querySelector("#sp-document").clientHeight"""
        )
    )


@pytest.mark.parametrize("size", [(1366, 768), (1280, 800), (1280, 720), (1024, 700), (1024, 768)])
def test_the_text_has_half_of_its_pane_in_windows_of_all_sizes(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    visitor = Visitor(browser, address, width=size[0])
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    assert share_of_text(visitor) >= 0.48
    visitor.context.close()


@pytest.mark.parametrize("way", ["search", "filter", "contents", "scroll"])
def test_whoever_reads_gets_the_room_of_the_overview(browser: Browser, address: str, way: str) -> None:
    visitor = Visitor(browser, address)
    page = visitor.page
    show_overview(visitor)
    if way == "search":
        page.get_by_label("Find in the text").fill("information")
    elif way == "filter":
        page.locator(".sp-chip.cat-retention").click()
    elif way == "contents":
        page.locator(".sp-pages a[href^='#s-']").or_(page.locator(".sp-toc a")).first.evaluate("(link) => link.click()")
    else:
        page.locator(".sp-pages").hover()
        for _ in range(3):
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(200)
    page.locator(".sp-glance:not([open])").wait_for()
    assert share_of_text(visitor) >= 0.48
    visitor.context.close()


def test_the_overview_comes_after_the_statement_and_leads_into_it(visitor: Visitor) -> None:
    page = visitor.page
    show_overview(visitor)
    rows = dict(
        zip(
            page.locator(".sp-glance dt").all_inner_texts(),
            page.locator(".sp-glance dd").all_inner_texts(),
            strict=True,
        )
    )
    assert rows["In effect since"] == "1 January 2024"
    assert "Our site is not for children." in rows["Children"]
    assert "It does not say" in rows["Is it sold"]
    page.locator(".sp-glance dd", has_text="not for children").locator("a").click()
    assert page.locator(".sp-marked").inner_text() == "Our site is not for children."
    assert page.locator(".sp-glance").get_attribute("open") is not None
    visitor.ask("Is it for children?")
    page.locator("#sp-chat .sp-cite").first.click()
    assert page.locator(".sp-glance").get_attribute("open") is None, "the answer gets the room"


def test_the_overview_of_one_statement_is_not_shown_over_another(visitor: Visitor) -> None:
    page = visitor.page
    show_overview(visitor)
    visitor.paste("# Other Privacy\n\nEffective March 3, 2023.\n\nWe keep nothing.\n")
    page.locator(".sp-head h2", has_text="Other").wait_for()
    show_overview(visitor)
    assert "3 March 2023" in page.locator(".sp-glance dl").inner_text()


def test_the_contents_lead_to_headings_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(".sp-toc summary").focus()
    page.keyboard.press("Enter")
    link = page.locator(".sp-toc a", has_text="Children")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Children' && document.activeElement.matches('h3')")
    assert page.locator(".sp-toc").get_attribute("open") is None
    assert page.url.endswith("#s-2")


def test_search_marks_counts_and_goes_on_and_back_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    box, count = page.get_by_label("Find in the text"), page.locator(".sp-find-count")
    box.fill("pages")
    count.get_by_text("1 of 2").wait_for()
    assert found(visitor) == ["pages", "pages", "Pages"]
    box.press("Enter")
    assert (count.inner_text(), found(visitor)[0]) == ("2 of 2", "Pages")
    box.press("Enter")
    assert count.inner_text() == "1 of 2"
    box.press("Shift+Enter")
    assert count.inner_text() == "2 of 2"
    page.get_by_label("Previous match").click()
    assert count.inner_text() == "1 of 2"
    box.press("Escape")
    assert (box.input_value(), count.inner_text(), found(visitor)) == ("", "", [])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("(and times)", ["(and times)"]),
        ("it's ALL", ["it's all"]),
        ("it’s all", ["it's all"]),
        ('"logs"', ["“logs”"]),
        ("keep   the", ["keep the"]),
        (".*", []),
        ("\\", []),
        ("days. What", []),
        ("<b>", []),
    ],
)
def test_search_takes_words_as_words(visitor: Visitor, words: str, expected: list[str]) -> None:
    box = visitor.page.get_by_label("Find in the text")
    box.fill(words)
    box.press("Enter")
    visitor.page.wait_for_function("document.querySelector('.sp-find-count').textContent !== ''")
    assert found(visitor)[1:] == expected


def test_search_finds_what_the_legend_hides(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(".sp-chip.cat-children").click()
    box = page.get_by_label("Find in the text")
    hidden = page.locator(".sp-pages p", has_text="Our site")
    box.fill("Our site")
    page.locator(".sp-find-count", has_text="1 hidden").wait_for()
    assert not hidden.is_visible(), "as long as it is only typed"
    box.press("Enter")
    assert hidden.is_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_search_scrolls_to_the_first_match_as_one_types(browser: Browser, address: str, width: int) -> None:
    visitor = Visitor(browser, address, width=width)
    page = visitor.page
    box = page.get_by_label("Find in the text")
    box.press_sequentially("519 SW 3rd Ave")
    page.locator("[role=status].sp-find-count", has_text="1 of 1").wait_for()
    where = """() => {
      const hit = [...CSS.highlights.get("sp-found-here")][0].getBoundingClientRect();
      const pages = document.querySelector(".sp-pages").getBoundingClientRect();
      const find = document.querySelector(".sp-find").getBoundingClientRect();
      const inSight = hit.top >= Math.max(find.bottom, pages.top) && hit.bottom <= Math.min(pages.bottom, innerHeight);
      return [inSight, find.top >= 0];
    }"""
    assert page.evaluate(where) == [True, True], "the match, and the box that it is typed in, are in sight"
    assert box.evaluate("(box) => box === document.activeElement")
    visitor.context.close()


def test_whatever_is_open_the_foot_of_a_statement_is_whole_and_its_head_can_be_seen(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(".sp-pages .clause").first.click()
    show_overview(visitor)
    page.locator(".sp-toc summary").click()
    page.locator(".sp-glance:not([open])").wait_for()
    page.click("#sp-opener button >> nth=0")
    page.get_by_label("Paste a privacy statement").wait_for()
    page.wait_for_timeout(300)
    pane, head, ask = (
        page.locator(place).bounding_box() for place in ("#sp-document", ".sp-head", ".sp-foot .sp-ask-this")
    )
    assert pane and head and ask
    assert head["y"] >= pane["y"], "not scrolled away"
    assert ask["y"] + ask["height"] <= pane["y"] + pane["height"] <= 800
    page.locator(".sp-pages").scroll_into_view_if_needed()
    assert page.locator(".sp-pages").evaluate("(pages) => pages.clientHeight >= 100"), "there is room to read"


def test_nothing_lies_over_the_chat(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address)
    for _ in range(4):
        visitor.ask("Is it for children?")
    log = visitor.page.locator("#sp-chat .bubble-wrap")
    log.evaluate("(log) => (log.scrollTop = 0)")
    assert log.evaluate("(log) => log.scrollHeight > log.clientHeight")
    visitor.page.locator("#sp-chat .scroll-down-button-container").wait_for(state="attached")
    assert not visitor.page.locator("#sp-chat .scroll-down-button-container").is_visible()
    visitor.context.close()


def test_ask_about_this_by_mouse_teaches_a_question(visitor: Visitor) -> None:
    page = visitor.page
    assert page.get_by_role("button", name="Ask about this").count() == 0
    assert "to ask about it" in page.locator(".sp-about").inner_text()
    page.locator(".clause", has_text="Our site").click()
    assert page.locator(".sp-chosen").all_inner_texts() == ["Our site is not for children."]
    page.get_by_role("button", name="Ask about this").click()
    box = page.locator("#sp-ask textarea")
    assert box.input_value() == "What does the statement say about retention: “Our site is not for children.”?"
    assert box.evaluate("(box) => box === document.activeElement")
    box.press("Enter")
    page.locator(".sp-answer").wait_for()
    assert "Our site is not for children." in page.locator(".sp-question").last.inner_text()


@pytest.mark.parametrize("width", [375, 1280])
def test_a_question_about_a_long_passage_is_whole_in_its_box(browser: Browser, address: str, width: int) -> None:
    visitor = Visitor(browser, address, width=width)
    page = visitor.page
    page.locator(".clause", has_text="This privacy statement also describes").first.click()
    page.get_by_role("button", name="Ask about this").click()
    page.wait_for_function(
        """() => {
          const box = document.querySelector("#sp-ask textarea");
          const [ask, top] = ["#sp-ask", "#sp-top"].map((id) => document.querySelector(id).getBoundingClientRect());
          return box.scrollHeight <= box.clientHeight + 1 && box.value.length > 150 && box.selectionEnd === 0
            && ask.top >= top.bottom && ask.bottom <= innerHeight;
        }"""
    )
    visitor.context.close()


@pytest.mark.parametrize("after", ["", "#sp-ask .submit-button"])
def test_a_key_leads_past_everything_to_the_text(browser: Browser, address: str, after: str) -> None:
    visitor = Visitor(browser, address)
    page = visitor.page
    if after:
        page.locator(after).focus()
    page.keyboard.press("Tab")
    skip = page.locator(".sp-skip:focus")
    seen = skip.bounding_box()
    assert seen and seen["height"] > 20 and seen["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.sp-pages')")
    visitor.context.close()


def test_a_passage_that_a_filter_hides_is_chosen_no_longer(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(".clause", has_text="Our site").click()
    assert page.get_by_role("button", name="Ask about this").is_visible()
    page.locator(".sp-chip:not(.sp-all, .cat-children)").first.click()
    page.get_by_role("button", name="Ask about this").wait_for(state="hidden")
    assert page.locator(".sp-chosen").count() == 0


def test_passages_are_reached_and_asked_about_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(".sp-pages").focus()
    for key, text in (
        ("ArrowRight", "Effective"),
        ("ArrowRight", "We keep"),
        ("ArrowLeft", "Effective"),
        ("ArrowRight", "We keep"),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.textContent").startswith(text)
    assert "This passage is about" in page.locator(".sp-about").inner_text()
    page.keyboard.press("Enter")
    box = page.locator("#sp-ask textarea")
    # The quotation marks of the passage cannot end the quotation.
    assert (
        box.input_value()
        == "What does the statement say about children: “We keep the logs of your visits for thirty days.”?"
    )
    page.locator(".sp-pages").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Ask about this").focus()
    page.keyboard.press("Space")
    assert box.evaluate("(box) => box === document.activeElement")


def test_after_an_answer_other_questions_are_suggested(visitor: Visitor) -> None:
    page = visitor.page
    shown = page.locator("#sp-examples button:visible")
    page.locator("#sp-examples button", has_text="Do you sell my data?").wait_for()
    visitor.ask("How long do you keep it?")
    page.locator("#sp-examples button", has_text="What about children under 13?").wait_for()
    assert shown.all_inner_texts() == [
        "What about children under 13?",
        "What information do you collect about me?",
        "How long do you keep my data?",
    ]
    shown.first.click()
    page.locator(".sp-answer").nth(1).wait_for()
    page.locator("#sp-examples button", has_text="What about children under 13?").wait_for(state="hidden")
    assert shown.first.inner_text() == "What information do you collect about me?"
    page.get_by_role("button", name="Back to Janrain's statement").click()
    page.locator("#sp-examples button", has_text="Do you train AI with my photos?").wait_for()


def test_a_suggestion_that_goes_leaves_the_focus_with_the_others(visitor: Visitor) -> None:
    page = visitor.page
    last = page.locator("#sp-examples button", has_text="Do you train AI with my photos?")
    last.focus()
    page.keyboard.press("Enter")
    page.locator(".sp-answer").wait_for()
    last.wait_for(state="hidden")
    page.wait_for_function("document.activeElement.matches('#sp-examples button')")


def test_a_statement_is_read_from_its_address(visitor: Visitor) -> None:
    page = visitor.page
    page.click("#sp-opener button >> nth=0")
    page.get_by_label("Or give its address").fill("https://acme.example/privacy")
    page.get_by_role("button", name="Fetch the page").click()
    page.locator(".sp-head h2", has_text="Fetched Privacy").wait_for()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("http://127.0.0.1/", "is no host of the public web"),
        ("http://2130706433/", "writes its host as a number"),
        ("http://[::ffff:127.0.0.1]/", "is no host of the public web"),
        ("http://localhost:7860/", "names port 7860"),
        ("file:///etc/passwd", "Only addresses of web pages are fetched"),
    ],
)
def test_an_address_inside_is_refused_with_a_message(visitor: Visitor, given: str, message: str) -> None:
    page = visitor.page
    page.click("#sp-opener button >> nth=0")
    page.get_by_label("Or give its address").fill(given)
    page.get_by_label("Or give its address").press("Enter")
    page.get_by_role("alert").get_by_text(message).wait_for()
    assert page.locator(".sp-head h2").inner_text() == "Acme Privacy"


def test_without_the_switch_there_is_nowhere_to_give_an_address(browser: Browser) -> None:
    with served(loaded(Reader())) as url:
        visitor = Visitor(browser, url)
        visitor.page.click("#sp-opener button >> nth=0")
        visitor.page.get_by_label("Paste a privacy statement").wait_for()
        assert visitor.page.get_by_label("Or give its address").count() == 0
        visitor.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_there_is_the_statement_alone(browser: Browser, address: str, scheme: str) -> None:
    visitor = Visitor(browser, address, color_scheme=scheme)
    visitor.ask("How long?")
    visitor.page.emulate_media(media="print")
    seen = visitor.page.evaluate("document.body.innerText")
    assert "Janrain Privacy Statement" in seen
    assert "519 SW 3rd Ave., Suite 200" in seen, "down to its end"
    for chrome in ("How long?", "Read another statement", "Everything", "At a glance", "Find in", "Back to the chat"):
        assert chrome not in seen
    pages = visitor.page.locator(".sp-pages")
    assert pages.evaluate("(e) => e.scrollHeight <= e.clientHeight + 1"), "nothing is cut off"
    assert pages.locator("p").first.evaluate("(e) => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    visitor.context.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_in_what_is_for_reading(browser: Browser, address: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    visitor = Visitor(browser, address, width=width, bypass_csp=True)
    page = visitor.page
    page.locator(".sp-glance dl").wait_for(state="attached")
    for drawer in (".sp-glance", ".sp-toc"):
        if page.locator(drawer).get_attribute("open") is None:
            page.locator(f"{drawer} summary").click()
    page.get_by_label("Find in the text").fill("information")
    page.locator(".sp-pages .clause").first.click()
    page.click("#sp-opener button >> nth=0")
    assert visitor.overflow() == 0
    violations = axe.Axe().run(page).response["violations"]
    visitor.context.close()
    assert [(rule["id"], node["html"]) for rule in violations for node in rule["nodes"]] == []
