"""What visitors do that nobody planned, in headless Chromium: ask twice, lose the connection, come back later."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import pytest
from browser_fakes import Visitor, chromium
from web_fakes import FakeEngine, loaded

from corpus.types import Statement
from nlp.types import Answer
from nlp.web.desk import MAX_UPLOAD_MB
from nlp.web.page import build
from nlp.web.server import Address, launch
from nlp.web.upload import FILE_TYPES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ACME = "# Acme Privacy\n\nWe keep the zanzibar logs for thirty days.\n"
BOLT = "# Bolt Privacy\n\nWe keep the quokka logs for ten days.\n"


class Gated(FakeEngine):
    """Answers a question with "slow" in it when it may."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[str] = []

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Wait, where the question is a slow one."""
        self.asked.append(question)
        if "slow" in question:
            assert self.go_on.wait(60)
        return super().ask(statement, question)


@contextmanager
def running(engine: Gated, port: int) -> Iterator[gr.Blocks]:
    """Serve the page at a port."""
    blocks = build(loaded(engine))
    launch(blocks, Address("127.0.0.1", port))
    yield blocks
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def engine() -> Iterator[Gated]:
    """Return an engine; nobody waits for it in the end."""
    one = Gated()
    yield one
    one.go_on.set()


@pytest.fixture
def blocks(engine: Gated, port: int) -> Iterator[gr.Blocks]:
    """Serve the page."""
    with running(engine, port) as made:
        yield made


@pytest.fixture
def visitor(browser: Browser, blocks: gr.Blocks, port: int) -> Iterator[Visitor]:
    """Return a visitor."""
    one = Visitor(browser, f"http://127.0.0.1:{port}/")
    yield one
    one.context.close()


def send(visitor: Visitor, question: str) -> None:
    """Ask, and do not wait for the answer."""
    visitor.page.fill("#sp-ask textarea", question)
    visitor.page.press("#sp-ask textarea", "Enter")


def questions(visitor: Visitor) -> list[str]:
    """Return the questions of the chat."""
    return visitor.page.locator(".sp-question").all_inner_texts()


def send_a_slow_one(visitor: Visitor) -> None:
    """Ask what is answered when the engine may go on, and wait until the chat waits for it."""
    send(visitor, "A slow one?")
    visitor.page.locator("#sp-chat .sp-waiting").wait_for()


def open_own(visitor: Visitor, text: str) -> None:
    """Paste a statement and wait until it is open."""
    visitor.paste(text)
    visitor.page.locator(".sp-head h2", has_text=text.splitlines()[0][2:]).wait_for()


def test_a_second_question_waits_for_the_first_and_is_answered_then(visitor: Visitor, engine: Gated) -> None:
    page = visitor.page
    send_a_slow_one(visitor)
    send(visitor, "A second one?")
    page.locator("#sp-ask").get_by_text("Your question waits for the answer to the one before.").wait_for()
    assert page.input_value("#sp-ask textarea") == "A second one?"
    engine.go_on.set()
    page.locator(".sp-answer").nth(1).wait_for()
    assert questions(visitor) == ["A slow one?", "A second one?"]
    page.locator("#sp-waits:empty").wait_for(state="attached")
    assert page.input_value("#sp-ask textarea") == ""
    assert engine.asked.count("A second one?") == 1
    assert visitor.trouble == []


def test_a_suggestion_that_is_chosen_meanwhile_waits_as_well(visitor: Visitor, engine: Gated) -> None:
    page = visitor.page
    send_a_slow_one(visitor)
    page.get_by_role("button", name="Do you sell my data?").click()
    page.get_by_text("Your question waits").wait_for()
    engine.go_on.set()
    page.locator(".sp-answer").nth(1).wait_for()
    assert questions(visitor) == ["A slow one?", "Do you sell my data?"]


def test_a_waiting_question_can_be_taken_back(visitor: Visitor, engine: Gated) -> None:
    page = visitor.page
    send_a_slow_one(visitor)
    send(visitor, "A second one?")
    page.get_by_text("Your question waits").wait_for()
    page.fill("#sp-ask textarea", "")
    page.locator("#sp-waits:empty").wait_for(state="attached")
    engine.go_on.set()
    page.locator(".sp-answer").wait_for()
    assert visitor.ask("A third one?") == "Yes"
    assert questions(visitor) == ["A slow one?", "A third one?"]


def test_an_answer_does_not_come_into_the_chat_about_another_statement(visitor: Visitor, engine: Gated) -> None:
    page = visitor.page
    send_a_slow_one(visitor)
    open_own(visitor, ACME)
    send(visitor, "Do you keep logs?")
    page.get_by_text("Your question waits for the answer to the one before.").wait_for()
    engine.go_on.set()
    page.locator(".sp-answer").wait_for()
    assert questions(visitor) == ["Do you keep logs?"]
    assert "zanzibar" in page.locator(".sp-cited q").first.inner_text()


def test_a_statement_that_cannot_be_read_leaves_the_question_before_it_alone(visitor: Visitor, engine: Gated) -> None:
    page = visitor.page
    send_a_slow_one(visitor)
    visitor.paste("  ")
    page.get_by_role("alert").get_by_text("paste the text of a privacy statement first").wait_for()
    engine.go_on.set()
    page.locator(".sp-answer").wait_for()
    assert questions(visitor) == ["A slow one?"]


# Where a file is uploaded, and what shows that it has come.
UPLOADS = {
    "Ask": ("#sp-open-row button:has-text('Upload')", ".sp-head h2:has-text('Acme')"),
    "Compare": ("#sp-new-side button:has-text('Upload')", ".sp-done:has-text('1 clause')"),
    "Batch": ("#sp-batch-files button:has-text('Upload')", "#sp-batch-files :text('acme')"),
}


def go_to_upload(visitor: Visitor, tab: str) -> None:
    """Go to a tab and to where a file is given there."""
    visitor.page.get_by_role("tab", name=tab).click()
    if tab == "Ask":
        visitor.page.click("#sp-opener button >> nth=0")
    elif tab == "Compare":
        visitor.page.locator("#sp-new-side").get_by_label("A file").check()


def upload(visitor: Visitor, button: str, path: Path) -> None:
    """Choose a file as a visitor does."""
    with visitor.page.expect_file_chooser() as chosen:
        visitor.page.locator(button).first.click()
    chosen.value.set_files(path)


@pytest.mark.parametrize("tab", UPLOADS)
def test_an_upload_that_is_cut_off_is_told_and_can_be_sent_again(visitor: Visitor, tmp_path: Path, tab: str) -> None:
    page, (button, there) = visitor.page, UPLOADS[tab]
    path = tmp_path / "acme.md"
    path.write_text(ACME, encoding="utf-8")
    go_to_upload(visitor, tab)
    page.route("**/upload*", lambda route: route.abort("connectionreset"))
    upload(visitor, button, path)
    told = page.locator(".toast-body[aria-live]")
    told.get_by_text("What you sent did not arrive. Check the connection and try again.").wait_for()
    page.unroute("**/upload*")
    upload(visitor, button, path)
    page.locator(there).first.wait_for()


def test_a_file_of_another_type_gets_one_line_of_ours(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    page.click("#sp-opener button >> nth=0")
    upload(visitor, UPLOADS["Ask"][0], path)
    told = page.get_by_role("alert")
    told.get_by_text("scan.png is of a type that is not read here; upload Markdown, HTML, text, PDF").wait_for()
    assert told.count() == 1
    page.get_by_role("tab", name="Batch").click()
    upload(visitor, UPLOADS["Batch"][0], path)
    page.locator("#sp-batch-files").get_by_text("scan").first.wait_for()
    assert page.locator(".toast-body").count() == 0


@pytest.mark.parametrize("tab", UPLOADS)
def test_a_file_that_is_too_large_gets_a_line_that_lasts(visitor: Visitor, tmp_path: Path, tab: str) -> None:
    page, (button, there) = visitor.page, UPLOADS[tab]
    large, good = tmp_path / "large.txt", tmp_path / "acme.md"
    large.write_bytes(b"x" * (MAX_UPLOAD_MB * 1024**2 + 1))
    good.write_text(ACME, encoding="utf-8")
    go_to_upload(visitor, tab)
    upload(visitor, button, large)
    told = page.get_by_role("alert").filter(has_text="large.txt has more than 10 MB; upload the policy alone.")
    told.wait_for()
    assert page.locator(".toast-body").count() == 0
    upload(visitor, button, good)
    page.locator(there).first.wait_for()
    assert told.count() == 0


def test_of_several_files_those_that_are_small_enough_are_taken(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    large, good = tmp_path / "large.txt", tmp_path / "acme.md"
    large.write_bytes(b"x" * (MAX_UPLOAD_MB * 1024**2 + 1))
    good.write_text(ACME, encoding="utf-8")
    page.get_by_role("tab", name="Batch").click()
    page.set_input_files("#sp-batch-files input[type=file]", [large, good])
    page.locator(UPLOADS["Batch"][1]).first.wait_for()
    assert page.get_by_role("alert").all_inner_texts() == ["large.txt has more than 10 MB; upload the policy alone."]
    assert page.locator("#sp-batch-files").get_by_text("large").count() == 0


def test_boxes_for_files_offer_what_can_be_read(visitor: Visitor) -> None:
    page, offered = visitor.page, ",".join(FILE_TYPES)
    page.click("#sp-opener button >> nth=0")
    page.locator(f"#sp-open-row input[accept='{offered}']").wait_for(state="attached")
    page.get_by_role("tab", name="Batch").click()
    page.locator(f"#sp-batch-files input[accept='{offered}']").wait_for(state="attached")


def test_what_the_server_forgets_of_a_visitor_mixes_nothing_up(visitor: Visitor, blocks: gr.Blocks) -> None:
    open_own(visitor, ACME)
    blocks.state_holder.session_data.clear()
    assert visitor.ask("Do you keep logs?") == "Yes"
    assert "zanzibar" in visitor.page.locator(".sp-cited q").first.inner_text()


def test_after_a_restart_the_page_says_that_the_statement_is_gone(browser: Browser, engine: Gated, port: int) -> None:
    with running(engine, port):
        visitor = Visitor(browser, f"http://127.0.0.1:{port}/")
        page = visitor.page
        open_own(visitor, ACME)
    send(visitor, "Do you keep logs?")
    lost = page.locator(".toast-body[aria-live]").filter(has_text="Connection to the server was lost")
    lost.get_by_text("The page is loaded anew as soon as the server answers.").wait_for()
    with running(engine, port):
        page.get_by_text("your statement and its chat are gone from it. Paste or upload it again.").wait_for()
        assert "Janrain" in page.locator(".sp-head h2").inner_text()
        assert visitor.ask("Do you keep logs?") == "Yes"
        open_own(visitor, ACME)
        assert page.locator("#sp-anew").count() == 0
        visitor.context.close()


def test_a_reload_of_the_bundled_statement_needs_no_word(visitor: Visitor) -> None:
    open_own(visitor, ACME)
    visitor.page.get_by_role("button", name="Back to Janrain's statement").click()
    visitor.page.locator(".sp-head h2", has_text="Janrain").wait_for()
    visitor.page.locator("#sp-return").wait_for(state="detached")
    visitor.page.reload()
    visitor.page.wait_for_selector(".sp-pages .clause")
    assert visitor.page.locator("#sp-anew").count() == 0


def test_a_statement_that_had_to_make_room_is_asked_for_again(visitor: Visitor, blocks: gr.Blocks) -> None:
    open_own(visitor, ACME)
    visitor.page.locator("#sp-key :is(input, textarea)").evaluate(
        """(box) => {
          box.value = "0".repeat(64);
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    send(visitor, "Do you keep logs?")
    visitor.page.get_by_text("This statement is no longer in memory; paste or upload it again.").wait_for()


def test_two_tabs_of_one_visitor_have_a_statement_each(visitor: Visitor, port: int) -> None:
    first, second = visitor.page, visitor.context.new_page()
    open_own(visitor, ACME)
    second.goto(f"http://127.0.0.1:{port}/")
    second.wait_for_selector(".sp-pages .clause")
    assert "Janrain" in second.locator(".sp-head h2").inner_text()
    visitor.page = second
    open_own(visitor, BOLT)
    words = {}
    for page in (first, second, first):
        visitor.page = page
        visitor.ask("Do you keep logs?")
        words[page] = " ".join(page.locator(".sp-cited q").all_inner_texts())
    assert ("zanzibar" in words[first], "quokka" in words[first]) == (True, False)
    assert ("zanzibar" in words[second], "quokka" in words[second]) == (False, True)
    assert (first.locator(".sp-answer").count(), second.locator(".sp-answer").count()) == (2, 1)
