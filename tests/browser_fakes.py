"""A running page and a visitor in headless Chromium, for tests that need no models or bring their own."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from nlp.web.desk import Engine
from nlp.web.page import build
from nlp.web.server import Address, launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SWITCHES = (
    "--no-sandbox --headless --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def served(engine: Future[Engine], *, allow_fetch: bool = False) -> Iterator[str]:
    """Serve the page over an engine and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", probe.getsockname()[1])
    page = build(engine, allow_fetch=allow_fetch)
    launch(page, address)
    yield f"{address.url}/"
    page.close(verbose=False)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; skip the test where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield running
        running.close()


class Visitor:
    """A visitor with a browser of their own; `trouble` is what must not happen to them."""

    timeout_ms = 30_000

    def __init__(self, browser: Browser, address: str, width: int = 1280, **options: object) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
        self.page = self.context.new_page()
        self.page.set_default_timeout(self.timeout_ms)
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.trouble.append(f"dialog: {dialog.message}"))
        self.page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        self.page.on("request", lambda request: self._check(request.url, address))
        self.page.goto(address)
        self.page.wait_for_selector(".sp-pages .clause")

    def _check(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.trouble.append(f"request to {url}")

    def ask(self, question: str) -> str:
        """Ask and return the verdict."""
        before = self.page.locator(".sp-answer").count()
        self.page.fill("#sp-ask textarea", question)
        self.page.press("#sp-ask textarea", "Enter")
        answer = self.page.locator(".sp-answer").nth(before)
        answer.wait_for()
        return answer.locator(".sp-verdict strong").inner_text()

    def paste(self, text: str) -> None:
        """Paste a statement and have it read."""
        if not self.page.get_by_label("Paste a privacy statement").is_visible():
            self.page.click("#sp-opener button >> nth=0")
        # Typing thousands of lines, which `fill` does, takes the browser minutes; pasting them does not.
        self.page.get_by_label("Paste a privacy statement").evaluate(
            """(box, text) => {
              box.value = text;
              box.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            text,
        )
        self.page.get_by_role("button", name="Read the pasted text").click()

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
