"""Compare, Archive and Batch in headless Chromium, over an engine and a store of fakes."""

from __future__ import annotations

import csv
import socket
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from browser_fakes import CHROMIUM, chromium
from nlp_fakes import tiny_engine
from store_fakes import KEEP, SELL, made_store, policy, version
from web_fakes import loaded

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from test_app_browser import CONTRASTS, Visit  # noqa: E402

from nlp.web.page import build  # noqa: E402
from nlp.web.server import Address, launch  # noqa: E402
from nlp.web.shelf import Shelf  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

OLD = policy("We keep log files for 30 days.", "You may write us a letter at any time.", SELL)
NEW = policy("We keep log files for 90 days.", "You can write us a letter at any time, if you like.", SELL)
HOSTILE = """# Hostile `<script>window.hacked=1</script>`

## Data `<img src="x" onerror="window.hacked=2">`

We keep `<svg onload="window.hacked=3">` logs for {{window.hacked=4}} ${window.hacked=5} DAYS days.

We share data <a id="d-1" href="javascript:window.hacked=6">here</a> with our partners in marketing.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page over fakes and return its address."""
    folder = tmp_path_factory.mktemp("archive") / "store"
    items = [
        version(0, policy(SELL)),
        version(9, policy(SELL, KEEP)),
        version(20, policy(KEEP)),
        version(5, policy(KEEP), service="Bolt"),
    ]
    made_store(folder, items)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    blocks = build(loaded(tiny_engine()), Shelf.open(folder))
    launch(blocks, Address("127.0.0.1", port))
    yield f"http://127.0.0.1:{port}/"
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    """Start the browser once."""
    with chromium() as running:
        yield running


class Tabs(Visit):
    """A visitor who goes through the tabs."""

    def open(self, name: str) -> None:
        """Go to a tab."""
        self.page.get_by_role("tab", name=name).click()
        self.page.locator(f"#sp-tab-{name.lower()} > .column").wait_for()

    def selected(self) -> str:
        """Return which tab is shown."""
        return self.page.locator('[role="tab"][aria-selected="true"]').inner_text()

    def compare(self, old: str, new: str) -> None:
        """Paste two statements and compare them."""
        self.open("Compare")
        self.page.locator("#sp-old-side").get_by_label("Pasted text").check()
        self.page.get_by_label("First statement: paste it").fill(old)
        self.page.get_by_label("Second statement: paste it").fill(new)
        self.page.get_by_role("button", name="Compare", exact=True).click()

    def compared(self, words: str) -> None:
        """Wait until the summary has some words."""
        self.page.locator("#sp-compare-note").get_by_text(words).wait_for()
        self.page.locator(".sp-report").wait_for()

    def choose_service(self, name: str) -> None:
        """Choose a service of the archive and wait for its timeline."""
        self.open("Archive")
        self.page.get_by_label("Service", exact=True).click()
        self.page.get_by_role("option", name=name).click()
        self.page.locator("#sp-timeline table").wait_for()

    def read_files(self, *paths: Path) -> None:
        """Upload files and have them read."""
        self.open("Batch")
        self.page.set_input_files("#sp-batch-files input[type=file]", paths)
        self.page.locator("#sp-batch-files").get_by_text(paths[-1].stem).first.wait_for()
        self.page.get_by_role("button", name="Read the files").click()
        self.page.locator("#sp-batch-table table").wait_for()

    def download(self, name: str) -> Path:
        """Follow a download button and return where the file is."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=name).click()
        return Path(download.value.path())


@pytest.fixture
def visit(browser: playwright.Browser, address: str) -> Iterator[Tabs]:
    """Return a visitor on a wide screen; fail if anything ran, broke or called elsewhere."""
    visitor = Tabs(browser, address)
    yield visitor
    visitor.context.close()
    assert visitor.trouble == []


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_pasted_statements_are_compared_filtered_and_taken_along(visit: Tabs) -> None:
    page = visit.page
    visit.compare(OLD, NEW)
    visit.compared("1 change of substance, 1 of wording")
    assert page.locator(".sp-change:visible").count() == 1
    assert page.locator(".sp-change:visible del").inner_text() == "30"
    assert page.locator(".sp-change:visible ins").inner_text() == "90"
    assert page.get_by_text("1 change of wording hidden.").is_visible()
    assert len(cells(visit.download("Download CSV"))) == 1

    page.get_by_label("Changes of substance only").uncheck()
    assert page.locator(".sp-change:visible").count() == 2
    page.wait_for_timeout(1_000)
    assert len(cells(visit.download("Download CSV"))) == 2
    assert "90" in visit.download("Download Markdown").read_text(encoding="utf-8")
    assert visit.download("Download HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_number_of_the_table_leads_to_its_quote_and_back(visit: Tabs) -> None:
    page = visit.page
    visit.compare(OLD, NEW)
    visit.compared("1 change of substance")
    link = page.locator(".sp-figures a").last
    link.click()
    change = page.locator(link.get_attribute("href") or "")
    assert change.evaluate("card => card === document.activeElement")
    box = change.bounding_box()
    assert box and 0 <= box["y"] <= 800
    page.go_back()
    assert visit.selected() == "Compare"
    page.go_back()
    page.wait_for_function("() => document.querySelector('#sp-tab-ask-button').ariaSelected === 'true'")


def tab_to(visit: Tabs, target: playwright.Locator) -> None:
    """Press Tab until something has the focus."""
    target.wait_for()
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {target}")


def test_only_what_belongs_to_the_way_is_shown(visit: Tabs) -> None:
    visit.open("Compare")
    side = visit.page.locator("#sp-old-side")
    shown = {}
    for way in ("The one in Ask", "Pasted text", "A file", "From the archive", "Janrain's of 2016"):
        side.get_by_label(way).check()
        boxes = side.locator(".sp-way-paste, .sp-way-file, .sp-way-archive")
        shown[way] = [box.is_visible() for box in boxes.all()]
    assert shown == {
        "The one in Ask": [False, False, False],
        "Pasted text": [True, False, False],
        "A file": [False, True, False],
        "From the archive": [False, False, True],
        "Janrain's of 2016": [False, False, False],
    }


def test_arrow_keys_lead_through_the_ways_however_fast_they_come(visit: Tabs) -> None:
    visit.open("Compare")
    ways = visit.page.locator("#sp-old-side .sp-ways input")
    ways.first.focus()
    for _ in range(5):
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
            visit.page.keyboard.press(key)
        assert ways.first.is_checked()
    for _ in range(2):
        visit.page.keyboard.press("ArrowRight")
    assert ways.nth(2).is_checked()


def test_the_keyboard_is_enough(visit: Tabs) -> None:
    page = visit.page
    tab_to(visit, page.get_by_role("tab", name="Compare"))
    page.keyboard.press("Enter")
    tab_to(visit, page.locator("#sp-old-side").get_by_label("Janrain's of 2016"))
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    tab_to(visit, page.get_by_label("First statement: paste it"))
    page.keyboard.insert_text(OLD)
    tab_to(visit, page.get_by_label("Second statement: paste it"))
    page.keyboard.insert_text(NEW)
    tab_to(visit, page.get_by_role("button", name="Compare", exact=True))
    page.keyboard.press("Enter")
    visit.compared("1 change of substance")
    tab_to(visit, page.get_by_label("Changes of substance only"))
    page.keyboard.press("Space")
    assert page.locator(".sp-change:visible").count() == 2
    tab_to(visit, page.locator(".sp-figures a").first)
    page.keyboard.press("Enter")
    assert page.locator(".sp-change:target").count() == 1


def test_the_keyboard_is_enough_to_ask_and_to_read_a_statement_of_ones_own(visit: Tabs) -> None:
    page = visit.page
    tab_to(visit, page.locator("#sp-opener button").first)
    page.keyboard.press("Enter")
    tab_to(visit, page.get_by_label("Paste a privacy statement"))
    page.keyboard.insert_text(OLD)
    tab_to(visit, page.get_by_role("button", name="Read the pasted text"))
    page.keyboard.press("Enter")
    page.get_by_text("The chat starts anew.").wait_for()
    # From the top, as after a reload; the button that had the focus is folded away.
    page.evaluate("document.activeElement.blur()")
    tab_to(visit, page.locator("#sp-ask textarea"))
    page.keyboard.insert_text("Do you sell data to anyone?")
    page.keyboard.press("Enter")
    page.locator(".sp-answer").wait_for()
    live = page.locator("#sp-chat [role=log][aria-live=polite]")
    assert SELL in live.inner_text()
    page.keyboard.press("Shift+Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.matches('.sp-cite')"):
            break
        page.keyboard.press("Shift+Tab")
    quote = page.evaluate("() => document.activeElement.closest('.sp-cited').querySelector('q').innerText")
    page.keyboard.press("Enter")
    assert visit.marked() == quote
    back = page.get_by_text("Back to the chat")
    tab_to(visit, back)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.sp-cite')")
    page.keyboard.press("Alt+ArrowLeft")
    assert visit.selected() == "Ask"


def test_a_hostile_statement_is_only_text_in_a_comparison(visit: Tabs) -> None:
    page = visit.page
    visit.compare(HOSTILE.replace("DAYS", "30"), HOSTILE.replace("DAYS", "90"))
    visit.compared("1 change of substance")
    assert "${window.hacked=5}" in page.locator(".sp-report").inner_text()
    assert page.evaluate("() => typeof window.hacked") == "undefined"
    inside = "#sp-compared :is(script, img, iframe, svg, [onload], [onerror], a[href^='javascript'])"
    assert page.locator(inside).count() == 0
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((element) => element.id).filter(Boolean)")
    assert len([id for id in ids if id == "d-1"]) == 1


def test_what_is_missing_is_said_in_one_line(visit: Tabs) -> None:
    visit.compare(OLD, "  ")
    visit.page.get_by_role("alert").get_by_text("There is no text in “Second statement”").wait_for()
    assert visit.page.get_by_text("What changed?").is_visible()


def test_a_comparison_is_seen_by_nobody_else(visit: Tabs, browser: playwright.Browser, address: str) -> None:
    visit.compare(OLD.replace("log files", "zanzibar"), NEW.replace("log files", "zanzibar"))
    visit.compared("1 change of substance")
    other = Tabs(browser, address)
    other.open("Compare")
    assert "zanzibar" not in other.page.content()
    other.context.close()


def test_an_uploaded_file_is_compared_with_the_bundled_statement(visit: Tabs, tmp_path: Path) -> None:
    page = visit.page
    path = tmp_path / "acme.md"
    path.write_text(NEW, encoding="utf-8")
    visit.open("Compare")
    side = page.locator("#sp-new-side")
    side.get_by_label("A file").check()
    side.locator("input[type=file]").set_input_files(path)
    side.get_by_text("Acme Privacy Policy: 7 clauses.").wait_for()
    page.get_by_role("button", name="Compare", exact=True).click()
    visit.compared("The two have little in common")


def test_a_timeline_leads_to_what_changed_and_back(visit: Tabs) -> None:
    page = visit.page
    visit.choose_service("Acme")
    assert page.locator("#sp-timeline tbody tr").count() == 3
    for number in (0, 1):
        page.locator("a.sp-step").nth(number).click()
        page.wait_for_function("() => document.querySelector('#sp-tab-compare-button').ariaSelected === 'true'")
        page.locator(".sp-version", has_text=f"2020-01-{('10', '21')[number]}").or_(
            page.locator(".sp-version", has_text=f"archived {('10', '21')[number]} January 2020")
        ).first.wait_for()
        assert "change of substance" in page.locator("#sp-compare-note").inner_text()
        page.go_back()
        page.wait_for_function("() => document.querySelector('#sp-tab-archive-button').ariaSelected === 'true'")


def test_one_question_to_every_version_and_every_service(visit: Tabs) -> None:
    page = visit.page
    visit.choose_service("Acme")
    page.get_by_label("One question to all").fill("Do you sell data to anyone?")
    page.get_by_role("button", name="Ask every version of this service").click()
    page.get_by_text("The answer changed on 21 January 2020").wait_for()
    assert page.locator("#sp-archive-answers tbody tr").count() == 3
    page.get_by_role("button", name="Ask every service").click()
    page.locator("#sp-archive-answers").get_by_text("Bolt").wait_for()
    page.locator("#sp-timeline").wait_for(state="hidden")
    page.get_by_role("button", name="Ask every version of this service").click()
    page.locator("#sp-timeline tbody tr").first.wait_for()
    assert page.locator("#sp-timeline tbody tr").count() == 3
    page.get_by_label("Of all services").fill("yesterday")
    page.get_by_role("button", name="Ask every service").click()
    page.get_by_role("alert").get_by_text("Write the day as YYYY-MM-DD").wait_for()


def test_several_files_become_a_table_and_two_files(visit: Tabs, tmp_path: Path) -> None:
    page = visit.page
    paths = [tmp_path / name for name in ("acme.md", "broken.pdf", "bolt.md")]
    for path in paths:
        path.write_text("no" if path.suffix == ".pdf" else OLD, encoding="utf-8")
    visit.read_files(*paths)
    rows = page.locator("#sp-batch-table tbody tr")
    assert rows.count() == 3
    assert "broken.pdf is not a PDF file" in rows.nth(1).inner_text()
    assert page.locator("#sp-batch-note").get_by_text("2 of 3 read, 14 clauses").is_visible()
    assert [row["file"] for row in cells(visit.download("Download the table"))] == ["acme.md", "broken.pdf", "bolt.md"]
    assert pq.read_table(visit.download("Download all clauses")).num_rows == 14


@pytest.mark.parametrize("width", [375, 1280])
def test_the_table_of_many_files_is_in_sight(
    browser: playwright.Browser, address: str, tmp_path: Path, width: int
) -> None:
    visitor = Tabs(browser, address, width=width)
    page = visitor.page
    paths = [tmp_path / f"acme-{number}.md" for number in range(12)]
    for path in paths:
        path.write_text(OLD, encoding="utf-8")
    visitor.read_files(*paths)
    listed = page.locator("#sp-batch-files").bounding_box()
    assert listed and listed["height"] < 300
    page.wait_for_function(
        """() => {
          const top = document.querySelector("#sp-top").getBoundingClientRect().bottom;
          const note = document.querySelector("#sp-batch-note .sp-done").getBoundingClientRect();
          const table = document.querySelector("#sp-batch-table table").getBoundingClientRect();
          return note.top >= (innerWidth < 960 ? top : 0) && table.top < innerHeight / 2;
        }"""
    )
    visitor.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_chart_of_an_archive_fits_and_has_the_colours_of_the_legend(
    browser: playwright.Browser, address: str, width: int
) -> None:
    visitor = Tabs(browser, address, width=width, color_scheme="dark")
    visitor.choose_service("Acme")
    page = visitor.page
    page.locator(".sp-chart tbody tr").nth(2).wait_for()
    assert page.locator(".sp-chart").evaluate("(chart) => chart.getBoundingClientRect().right <= innerWidth - 16")
    colour = "(part) => getComputedStyle(part).backgroundColor"
    part = page.locator(".sp-chart .sp-bar .cat-sharing").first.evaluate(colour)
    assert part == page.locator(".sp-chart-key .cat-sharing .sp-dot").evaluate(colour)
    assert part == page.locator("#sp-document .sp-legend .cat-sharing .sp-dot").evaluate(colour)
    visitor.context.close()


def test_a_table_that_is_wider_than_the_window_scrolls_and_keeps_what_its_rows_are_about(
    browser: playwright.Browser, address: str, tmp_path: Path
) -> None:
    visitor = Tabs(browser, address, width=375)
    path = tmp_path / "acme.md"
    path.write_text(OLD, encoding="utf-8")
    visitor.read_files(path)
    box = visitor.page.locator("#sp-batch-table .sp-scroll")
    assert box.evaluate("(box) => (box.scrollLeft = 999, box.scrollLeft > 0)")
    name, frame = box.locator("tbody th").bounding_box(), box.bounding_box()
    assert name and frame and name["x"] >= frame["x"]
    visitor.context.close()


def test_a_reload_and_an_address_open_the_tab_they_name(visit: Tabs, browser: playwright.Browser, address: str) -> None:
    page = visit.page
    visit.open("Archive")
    assert page.url == f"{address}#tab-archive"
    page.reload()
    page.wait_for_function("() => document.querySelector('#sp-tab-archive-button')?.ariaSelected === 'true'")
    page.get_by_text("How a statement changed over the years").wait_for()
    visit.open("Ask")
    assert page.url == address


def test_a_citation_is_found_again_from_another_tab(visit: Tabs) -> None:
    page = visit.page
    visit.ask("Do you sell my data to anyone?")
    page.locator(".sp-cite").first.click()
    marked = visit.marked()
    visit.open("Batch")
    page.go_back()
    page.wait_for_function("() => document.querySelector('#sp-tab-ask-button').ariaSelected === 'true'")
    assert visit.marked() == marked


def walk(visitor: Tabs, folder: Path) -> Iterator[str]:
    """Go through all tabs, and stop where there is something to look at."""
    page = visitor.page
    visitor.ask("Do you sell data to anyone?")
    page.locator(".sp-cite").first.click()
    page.click("#sp-opener button >> nth=0")
    page.get_by_label("Paste a privacy statement").wait_for()
    yield "ask"
    visitor.open("Compare")
    yield "compare, empty"
    visitor.compare(OLD, NEW)
    visitor.compared("1 change of substance")
    page.get_by_label("Changes of substance only").uncheck()
    yield "compared"
    visitor.choose_service("Acme")
    page.get_by_label("One question to all").fill("Do you sell data to anyone?")
    page.get_by_role("button", name="Ask every version of this service").click()
    page.get_by_text("The answer changed on").wait_for()
    yield "archive"
    paths = [folder / "acme.md", folder / "a-file-with-a-very-long-name-that-has-no-space-in-it-at-all.pdf"]
    paths[0].write_text(OLD, encoding="utf-8")
    paths[1].write_bytes(b"no")
    visitor.read_files(*paths)
    yield "batch"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_every_tab_is_accessible_legible_and_fits(
    browser: playwright.Browser, address: str, tmp_path: Path, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The page's policy would not let axe in.
    visitor = Tabs(browser, address, width=width, color_scheme=scheme, bypass_csp=True)
    found: list[object] = []
    for place in walk(visitor, tmp_path):
        # Colours fade in.
        visitor.page.wait_for_timeout(400)
        for rule in axe.Axe().run(visitor.page).response["violations"]:
            found += [(place, rule["id"], node["html"]) for node in rule["nodes"]]
        contrasts = visitor.page.evaluate(CONTRASTS)
        found += [(place, name, round(ratio, 2)) for name, ratio in contrasts.items() if ratio < 4.5]
        if visitor.overflow():
            found.append((place, "sideways", visitor.overflow()))
    visitor.context.close()
    assert found == []


def test_what_comes_of_it_is_announced(visit: Tabs) -> None:
    visit.compare(OLD, NEW)
    visit.compared("1 change of substance")
    live = visit.page.locator("#sp-compare-note [aria-live=polite]")
    assert "1 change of substance" in live.inner_text()
    assert visit.page.locator("#sp-compare-note[aria-live]").count() == 0, "a clock ticks there"
