"""Tests of forgetting what pages showed."""

from __future__ import annotations

import threading
from datetime import timedelta

import gradio as gr
from gradio.state_holder import StateHolder

from nlp.web.shown import forget_shown, keep_forgetting


def holder() -> StateHolder:
    """Return what a page of one box keeps of two visitors."""
    with gr.Blocks() as page:
        gr.Textbox()
    made = StateHolder()
    made.set_blocks(page)
    for visitor in ("a", "b"):
        made[visitor]
    return made


def test_what_nobody_used_for_two_hours_is_forgotten() -> None:
    held = holder()
    old = held.time_last_used["a"]
    held.time_last_used["b"] = old + timedelta(seconds=2)
    assert forget_shown(held, old + timedelta(hours=2)) == 0
    assert forget_shown(held, old + timedelta(hours=2, seconds=1)) == 1
    assert (list(held.session_data), list(held.time_last_used)) == (["b"], ["b"])
    assert held["a"] is held.session_data["a"], "a page that comes back begins anew"


def test_it_is_done_again_and_again() -> None:
    held, again = holder(), threading.Event()

    class Clearing(dict):  # type: ignore[type-arg]
        times = 0

        def items(self):  # type: ignore[no-untyped-def]
            self.times += 1
            if self.times == 3:
                again.set()
            return super().items()

    held.time_last_used = Clearing({"a": held.time_last_used["a"] - timedelta(hours=3)})
    keep_forgetting(held, every=0.001)
    assert again.wait(10)
    assert "a" not in held.session_data
