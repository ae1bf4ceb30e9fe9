"""What the tab Ask does with what visitors do, without a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from web_fakes import FakeEngine, loaded

from corpus.types import Statement
from nlp.types import Answer
from nlp.web.ask_tab import EXAMPLES, AskTab
from nlp.web.desk import Desk, Engine

POLICY = "# Acme Privacy\n\nWe log visits to our website and keep the logs for thirty days:\n\n* pages\n* times\n"


def page() -> AskTab:
    return AskTab(Desk(loaded()))


def skipped(value: Any) -> bool:
    return isinstance(value, dict) and value.get("__type__") == "update" and len(value) == 1


def read(steps: Iterator[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return what a statement is opened with in the end, after checking that the wait for it is announced."""
    waiting, last = steps
    assert "Reading the statement" in waiting[5]
    assert sum(map(skipped, waiting)) == len(waiting) - 1
    return last


def contents(chat: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["role"], message["content"]) for message in chat]


def test_a_question_is_shown_at_once_and_answered_then() -> None:
    tab = page()
    (emptied, asked, remembered, none), (*untouched, reply) = tab.on_ask("Do you <b>log</b>?", None, "", ["One?"])
    assert emptied == none == ""
    assert contents(asked) == [
        ("user", '<p class="sp-question">Do you &lt;b&gt;log&lt;/b&gt;?</p>'),
        ("assistant", '<p class="sp-waiting" role="status">Looking it up</p>'),
    ]
    assert all(map(skipped, untouched))
    answered = tab.on_reply(asked, "", reply)
    assert answered[0] == asked[0]
    assert [role for role, _ in contents(answered)] == ["user", "assistant"]
    assert "<strong>Yes</strong>" in answered[1]["content"]
    assert remembered == ["One?", "Do you <b>log</b>?"]


def test_an_answer_is_for_the_chat_about_the_statement_it_is_from() -> None:
    tab = page()
    key = tab.desk.open_text(POLICY).key
    (_, asked, _, _), (*_, reply) = tab.on_ask("Do you log?", None, key, [])
    anew = [{"role": "assistant", "content": "The chat starts anew."}]
    assert skipped(tab.on_reply(asked, "", reply)), "another statement is open"
    assert skipped(tab.on_reply(anew, key, reply)), "it was opened again"
    assert skipped(tab.on_reply(None, key, reply))
    assert skipped(tab.on_reply(asked, key, ""))
    assert "<strong>Yes</strong>" in tab.on_reply(asked, key, reply)[-1]["content"]


def test_the_last_few_questions_are_remembered_for_follow_ups() -> None:
    heard: list[list[str]] = []

    class Listener(FakeEngine):
        def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
            heard.append(list(earlier))
            return super().ask(statement, question)

    asked: list[str] = []
    for number in range(7):
        (_, _, asked, _), _ = AskTab(Desk(loaded(Listener()))).on_ask(f"Question {number}?", [], "", asked)
    assert heard[0] == []
    assert heard[-1] == [f"Question {n}?" for n in range(1, 6)]
    assert asked == [f"Question {n}?" for n in range(2, 7)]


def test_an_empty_question_gets_a_hint_and_no_echo() -> None:
    ((untouched, chat, _, reply),) = page().on_ask(" ", [], "", [])
    assert skipped(untouched)
    assert reply == ""
    hint = "The question is empty; ask in a few words, for example: do you sell my data?"
    assert contents(chat) == [("assistant", f'<p class="sp-notice">{hint}</p>')]


def test_the_chat_keeps_a_bounded_number_of_messages() -> None:
    old = [{"role": "user", "content": str(i)} for i in range(500)]
    (_, chat, _, _), _ = page().on_ask("Do you?", old, "", [])
    assert len(chat) == 62
    assert chat[0]["content"] == "440"


def test_a_statement_that_is_gone_is_said_in_the_chat() -> None:
    *_, (*_, reply) = page().on_ask("Do you?", [], "0" * 64, [])
    assert "This statement is no longer in memory; paste or upload it again." in reply


def test_pasting_opens_a_statement_and_starts_the_chat_anew() -> None:
    key, statement, status, chat, asked, trouble, pasted, _, back = read(page().on_paste(POLICY))
    assert len(key) == 64
    assert "We log visits to our website" in statement
    assert "<strong>Acme Privacy</strong>" in status
    assert len(chat) == 1
    assert "The chat starts anew." in chat[0]["content"]
    assert asked == []
    assert trouble == pasted == ""
    assert back.visible is True


def test_uploading_opens_a_statement(tmp_path: Path) -> None:
    path = tmp_path / "acme.md"
    path.write_text(POLICY, encoding="utf-8")
    key, statement, *_ = read(page().on_upload(str(path)))
    assert len(key) == 64
    assert "We log visits" in statement


@pytest.mark.parametrize("text", ["", "\x00\x01\x02" * 50, None])
def test_a_bad_paste_changes_nothing_and_says_why(text: str) -> None:
    *before, trouble, pasted, opener, back = read(page().on_paste(text))
    assert all(map(skipped, [*before, pasted, opener, back]))
    assert trouble.startswith('<p class="sp-error" role="alert">')


def test_a_bad_upload_changes_nothing_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "<img src=x>.pdf"
    path.write_bytes(b"no")
    *before, trouble, _, _, _ = read(page().on_upload(str(path)))
    assert all(map(skipped, before))
    assert "&lt;img src=x&gt;.pdf is not a PDF file" in trouble
    assert "upload it again" in read(page().on_upload(None))[5]


def test_a_file_keeps_its_name_at_the_start_of_a_message(tmp_path: Path) -> None:
    path = tmp_path / "acme.md"
    path.touch()
    assert ">acme.md is empty; give a document that holds a privacy policy.<" in read(page().on_upload(str(path)))[5]


def test_going_back_opens_the_bundled_statement() -> None:
    _, statement, status, chat, *_, back = page().on_back()
    assert back.visible is False
    assert "Janrain" in statement
    assert "archived 31 May 2016" in status
    assert "The chat starts anew." in chat[0]["content"]


def test_the_page_says_that_it_is_getting_ready() -> None:
    engine: Future[Engine] = Future()
    waiting = AskTab(Desk(engine))
    statement, status = waiting.on_load()
    assert "Janrain" in statement
    assert "Getting ready" in status
    engine.set_exception(OSError("models/encoder is missing"))
    untouched, status = waiting.on_ready("")
    assert skipped(untouched)
    assert "models/encoder is missing" in status


def test_the_page_leaves_a_statement_alone_that_was_opened_meanwhile() -> None:
    assert all(map(skipped, page().on_ready("0" * 64)))
    statement, status = page().on_ready("")
    assert 'class="clause' in statement
    assert "Getting ready" not in status


def shown_on(buttons: list[gr.Button]) -> list[str]:
    return [str(button.value) for button in buttons if button.visible]


def test_after_an_answer_the_statements_own_subjects_are_suggested() -> None:
    tab = page()
    key = tab.desk.open_text(POLICY).key
    said = {"role": "user", "content": [{"type": "text", "text": '<p class="sp-question">Do you log?</p>'}]}
    assert shown_on(tab.on_answered([said], key)) == ["How do you protect my data?"]
    said["content"] = '<p class="sp-question">How do you protect my data?</p>'
    assert shown_on(tab.on_answered([said], key)) == []


@pytest.mark.parametrize("chat", [None, [], [{"role": "assistant", "content": "Now reading"}]])
def test_before_the_first_question_the_examples_are_shown(chat: list[dict[str, Any]] | None) -> None:
    assert shown_on(page().on_answered(chat, "")) == list(EXAMPLES)


def test_a_statement_that_is_gone_brings_the_examples_back_and_no_overview() -> None:
    tab = page()
    said = {"role": "user", "content": "x"}
    assert shown_on(tab.on_answered([said], "0" * 64)) == list(EXAMPLES)
    assert tab.on_glance("0" * 64) == ""
    assert "sp-glance-source" in tab.on_glance("")


def test_an_address_that_may_not_be_fetched_changes_nothing_and_says_why() -> None:
    *before, trouble, _, _, _ = read(page().on_fetch("http://127.0.0.1:7860/"))
    assert all(map(skipped, before))
    assert "The address names port 7860" in trouble
    assert "There is no address yet" in read(page().on_fetch(None))[5]
