"""The HTML report in headless Chromium: cells lead to quotes, the filter filters, nothing of a policy runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fakes import CHROMIUM, chromium
from report_fakes import Case, case, full_of

from nlp.report.html import comparison_html

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TIMEOUT_MS = 15_000
HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'> {{window.hacked=3}} "
    "<a href='javascript:window.hacked=4'>\u202e" + "W" * 200
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    """Start the browser once."""
    with chromium() as running:
        yield running


class Reader:
    """Someone who opens a report, and what must not happen to them."""

    def __init__(self, browser: playwright.Browser, folder: Path, one: Case, width: int = 1280, **options: object):
        path = folder / "report.html"
        text = comparison_html(one.comparison, one.old, one.new, one.old_clauses, one.new_clauses)
        path.write_text(text, encoding="utf-8")
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        self.page.on("request", lambda request: self._check(request.url, path.as_uri()))
        self.page.goto(path.as_uri())

    def _check(self, url: str, own: str) -> None:
        if url.partition("#")[0] != own:
            self.trouble.append(f"request to {url}")

    def seen(self) -> list[str]:
        """Return the ids of the changes that are visible."""
        return [change.get_attribute("id") or "" for change in self.page.locator(".change:visible").all()]

    def in_sight(self, selector: str) -> bool:
        """Return whether the top of an element is inside the window."""
        return bool(
            self.page.locator(selector).evaluate(
                "e => { const y = e.getBoundingClientRect().top; return y >= 0 && y < innerHeight; }"
            )
        )

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def reader(browser: playwright.Browser, tmp_path: Path) -> Iterator[Reader]:
    """Return a reader of the report on a wide screen; fail if anything broke or called elsewhere."""
    one = Reader(browser, tmp_path, case())
    yield one
    one.context.close()
    assert one.trouble == []


def test_substance_is_seen_first_and_the_switch_shows_the_rest(reader: Reader) -> None:
    assert reader.seen() == ["change-1", "change-2"]
    reader.page.get_by_label("Changes of substance only").uncheck()
    assert reader.seen() == ["change-4-from", "change-1", "change-2", "change-3", "change-4"]
    assert not reader.page.locator(".hides").is_visible()


def test_a_cell_shows_its_quotes_and_no_others(reader: Reader) -> None:
    page = reader.page
    page.locator('.cell[data-category="retention"][data-kind=""]').click()
    assert reader.seen() == ["change-1", "change-2"]
    assert page.locator("#showing").inner_text() == "Showing 2 in all, Retention"
    assert page.evaluate("document.activeElement.id") == "change-1"
    assert reader.in_sight("#change-1")
    assert page.locator(".fold:visible").count() == 0

    page.locator('.cell[data-category="collection"][data-kind="added"]').press("Enter")
    assert reader.seen() == ["change-3"], "a change of wording is shown when it is asked for"
    page.get_by_role("button", name="Show all").click()
    assert len(reader.seen()) == 5
    assert not page.locator("#showing").is_visible()


def test_a_move_leads_to_its_other_place_and_back(reader: Reader) -> None:
    page = reader.page
    page.get_by_label("Changes of substance only").uncheck()
    page.locator("#change-4 a").click()
    assert page.url.endswith("#change-4-from")
    assert reader.in_sight("#change-4-from")
    page.locator("#change-4-from a").click()
    assert page.url.endswith("#change-4")


def test_a_link_to_what_the_filter_hides_ends_the_filter(reader: Reader) -> None:
    page = reader.page
    page.locator('.cell[data-category="none"][data-kind="moved"]').click()
    page.evaluate("document.querySelector('#change-4-from a').setAttribute('href', '#change-3')")
    page.locator("#change-4-from a").click()
    assert len(reader.seen()) == 5
    assert reader.in_sight("#change-3")


def test_cells_lead_to_quotes_without_the_script(browser: playwright.Browser, tmp_path: Path) -> None:
    reader = Reader(browser, tmp_path, case(), java_script_enabled=False)
    for category, kind, id in (("retention", "removed", "change-2"), ("collection", "added", "change-3")):
        reader.page.locator(f'.cell[data-category="{category}"][data-kind="{kind}"]').click()
        assert reader.page.url.endswith(f"#{id}")
        assert reader.page.locator(f"#{id}").is_visible()
    reader.page.get_by_label("Changes of substance only").uncheck()
    assert len(reader.seen()) == 5
    reader.page.get_by_text("1 clause unchanged").click()
    assert reader.page.get_by_text("We sell nothing.").first.is_visible()
    reader.context.close()
    assert reader.trouble == []


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_of_a_policy_runs_and_nothing_overflows(
    browser: playwright.Browser, tmp_path: Path, width: int
) -> None:
    reader = Reader(browser, tmp_path, full_of(HOSTILE), width=width)
    reader.page.locator(".cell").last.click()
    assert reader.page.locator("blockquote:visible").first.inner_text().startswith("<script>window.hacked=1</script>")
    assert reader.page.evaluate("typeof window.hacked") == "undefined"
    assert reader.overflow() == 0
    reader.context.close()
    assert reader.trouble == []


def test_the_policy_of_the_page_would_stop_what_escaping_let_through(reader: Reader) -> None:
    reader.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hacked = 1";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", '<p id="evil" onclick="window.hacked = 2">evil</p>');
          document.getElementById("evil").click();
        }"""
    )
    assert reader.page.evaluate("typeof window.hacked") == "undefined"
    assert len(reader.trouble) == 2
    assert all("Content Security Policy" in line for line in reader.trouble)
    reader.trouble.clear()


@pytest.mark.parametrize("made", [case, pytest.param(lambda: full_of(HOSTILE), id="hostile")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing(browser: playwright.Browser, tmp_path: Path, width: int, scheme: str, made: object) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    assert callable(made)
    # The page's policy would not let axe in.
    reader = Reader(browser, tmp_path, made(), width=width, color_scheme=scheme, bypass_csp=True)
    reader.page.get_by_label("Changes of substance only").uncheck()
    reader.page.locator("summary").first.click()
    found = axe.Axe().run(reader.page).response["violations"]
    reader.context.close()
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
