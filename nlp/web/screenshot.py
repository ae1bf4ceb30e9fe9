"""Make the pictures of the page that the README shows: `python -m nlp.web.screenshot --out FOLDER`."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "Can the police get my information?"
_SIZES = {"chat": (1280, 800), "phone": (375, 800)}
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main(argv: list[str] | None = None) -> int:
    """Serve the page for as long as it takes, and write one PNG for each size."""
    parser = argparse.ArgumentParser(prog="python -m nlp.web.screenshot", description="Take the README's pictures.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="Chromium to use (default: %(default)s)")
    parser.add_argument("--question", default=QUESTION, help="what to ask (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        print("screenshot: playwright is missing; install it with `pip install playwright`", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    address = _serve()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=options.browser, args=_SWITCHES)
            for name, size in _SIZES.items():
                _take(browser, address, options.question, size, options.out / f"{name}.png")
            browser.close()
    except Error as e:
        print(f"screenshot: {str(e).splitlines()[0]}; is there a Chromium at {options.browser}?", file=sys.stderr)
        return 1
    return 0


def _serve() -> str:
    from nlp.web.page import build
    from nlp.web.server import Address, launch, load_engine, load_in_background

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", probe.getsockname()[1])
    launch(build(load_in_background(load_engine)), address)
    return address.url


def _take(browser: Browser, address: str, question: str, size: tuple[int, int], path: Path) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_selector(".sp-pages .clause")
    page.fill("#sp-ask textarea", question)
    page.press("#sp-ask textarea", "Enter")
    page.wait_for_selector(".sp-answer")
    if width > 900:
        page.locator(".sp-cite").first.click()
    page.evaluate("() => document.activeElement.blur()")
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size // 1024} kB")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
