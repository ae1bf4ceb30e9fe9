"""Make the pictures of the page that the README shows: `python -m nlp.web.screenshot --out FOLDER`."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.types import DocumentError
from nlp.errors import RunError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Can the police get my information?"
_QUESTIONS = files("corpus") / "questions"
_SIZES = {"": (1280, 800), "-phone": (375, 800)}
_REPORT_SIZE = (1280, 1500)
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# Invented statements: what is made up for a picture is said of nobody.
_COMPARED = "quillfox-browser.md"
_BATCH = (_COMPARED, "larkspur-clinic.md", "fernlight-dating.md", "harrow-bank.md")
# What the next version of it says.
_EDITS = (
    ("In force since 9 September 2024", "In force since 3 March 2025"),
    ("We never see the pages you visit, because", "We see the pages you visit where you allow it, though"),
    ("keep IP addresses for 7 days", "keep IP addresses for 90 days"),
    ("We reply within 20 days and charge nothing.", "We reply within 30 days and charge nothing."),
    ("We correct spelling", "We mend spelling"),
)


def main(argv: list[str] | None = None) -> int:
    """Serve the page for as long as it takes, and write two PNGs for each tab: on a desk and on a phone."""
    parser = argparse.ArgumentParser(prog="python -m nlp.web.screenshot", description="Take the README's pictures.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="Chromium to use (default: %(default)s)")
    parser.add_argument("--question", default=QUESTION, help="what to ask (default: %(default)s)")
    parser.add_argument("--store", type=Path, help="archive store to show in the tab Archive (default: none)")
    parser.add_argument("--service", default="", help="service to show there (default: the first)")
    parser.add_argument("--report", type=Path, help="report of `smallprint compare --html` to take as report.png too")
    options = parser.parse_args(argv)
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        print("screenshot: playwright is missing; install it with `pip install playwright`", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        address = _serve(options.store)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=options.browser, args=_SWITCHES)
            shots: dict[str, Callable[[Page], None]] = {
                "chat": lambda page: _ask(page, options.question),
                "compare": _compare,
                "archive": lambda page: _archive(page, options.question, options.service if options.store else None),
                "batch": lambda page: _batch(page, options.out),
            }
            for name, prepare in shots.items():
                for suffix, size in _SIZES.items():
                    _take(browser, address, size, prepare, options.out / f"{_file(name, suffix)}.png")
            if options.report:
                _take_report(browser, options.report, options.out / "report.png")
            browser.close()
    except Error as e:
        print(f"screenshot: {str(e).splitlines()[0]}; is there a Chromium at {options.browser}?", file=sys.stderr)
        return 1
    except (DocumentError, RunError) as e:
        print(f"screenshot: {e}", file=sys.stderr)
        return 1
    return 0


def _file(name: str, suffix: str) -> str:
    # The README has called this one so from the start.
    return "phone" if (name, suffix) == ("chat", "-phone") else name + suffix


def _serve(store: Path | None) -> str:
    from nlp.web.page import build
    from nlp.web.server import Address, launch, load_engine, load_in_background, open_shelf

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", probe.getsockname()[1])
    launch(build(load_in_background(load_engine), open_shelf(store)), address)
    return address.url


def _take(browser: Browser, address: str, size: tuple[int, int], prepare: Callable[[Page], None], path: Path) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.set_default_timeout(300_000)
    page.goto(address)
    page.wait_for_selector(".sp-pages .clause")
    prepare(page)
    page.evaluate("() => document.activeElement.blur()")
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size // 1024} kB")
    page.close()


def _take_report(browser: Browser, report: Path, path: Path) -> None:
    width, height = _REPORT_SIZE
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(report.absolute().as_uri())
    page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size // 1024} kB")
    page.close()


def _ask(page: Page, question: str) -> None:
    page.fill("#sp-ask textarea", question)
    page.press("#sp-ask textarea", "Enter")
    page.wait_for_selector(".sp-answer")
    if page.viewport_size and page.viewport_size["width"] > 900:
        page.locator(".sp-cite").first.click()


def _compare(page: Page) -> None:
    old = new = (_QUESTIONS / _COMPARED).read_text(encoding="utf-8")
    for before, after in _EDITS:
        new = new.replace(before, after)
    page.get_by_role("tab", name="Compare").click()
    page.locator("#sp-old-side").get_by_label("Pasted text").check()
    page.get_by_label("First statement: paste it").fill(old)
    page.get_by_label("Second statement: paste it").fill(new)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_selector(".sp-report")
    page.locator("#sp-compared .sp-versions").evaluate("(versions) => versions.scrollIntoView()")


def _archive(page: Page, question: str, service: str | None) -> None:
    page.get_by_role("tab", name="Archive").click()
    if service is None:
        return
    page.get_by_label("Service", exact=True).click()
    page.get_by_role("option", name=service).first.click()
    page.wait_for_selector("#sp-timeline table")
    page.get_by_label("One question to all").fill(question)
    page.get_by_role("button", name="Ask every version of this service").click()
    page.wait_for_selector("#sp-archive-answers table")


def _batch(page: Page, folder: Path) -> None:
    paths = [folder / name for name in _BATCH]
    for path in paths:
        path.write_bytes((_QUESTIONS / path.name).read_bytes())
    page.get_by_role("tab", name="Batch").click()
    page.set_input_files("#sp-batch-files input[type=file]", paths)
    page.locator("#sp-batch-files").get_by_text(paths[-1].stem).first.wait_for()
    page.get_by_role("button", name="Read the files").click()
    page.wait_for_selector("#sp-batch-table table")
    for path in paths:
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
