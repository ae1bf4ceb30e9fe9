"""The page: a line of what it is, and a tab for each thing that can be done."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

import gradio as gr

from nlp.web.api import Api
from nlp.web.archive_tab import ArchiveTab
from nlp.web.ask_tab import SKIP, AskTab
from nlp.web.batch_tab import BatchTab
from nlp.web.compare_tab import CompareTab
from nlp.web.desk import Desk, Engine

if TYPE_CHECKING:
    from nlp.web.shelf import Shelf

_BRAND = (
    f'<div class="sp-brand">{SKIP}<h1>smallprint</h1>'
    "<p>Ask a privacy statement. See the answer in its own words.</p></div>"
)
_DELETE_AFTER_S = 600


def build(engine: Future[Engine], shelf: Shelf | None = None, *, allow_fetch: bool = False) -> gr.Blocks:
    """Return the page over an engine that may still be loading, and over an archive if there is one.

    `allow_fetch` lets visitors name pages of the public web for the server to fetch.
    """
    desk = Desk(engine)
    ask, compare, batch = AskTab(desk, allow_fetch=allow_fetch), CompareTab(desk, shelf), BatchTab(desk)
    archive = ArchiveTab(desk, compare, shelf)
    blocks = gr.Blocks(
        title="smallprint", analytics_enabled=False, fill_width=True, delete_cache=(_DELETE_AFTER_S, _DELETE_AFTER_S)
    )
    with blocks:
        with gr.Row(elem_id="sp-top"):
            gr.Markdown(_BRAND, elem_id="sp-brand")
            status = gr.Markdown("", elem_id="sp-status", latex_delimiters=[])
        with gr.Tabs(elem_id="sp-tabs") as tabs:
            with gr.Tab("Ask", id="ask", elem_id="sp-tab-ask"):
                ask.lay_out(status)
            for name, tab in (("Compare", compare), ("Archive", archive), ("Batch", batch)):
                with gr.Tab(name, id=name.lower(), elem_id=f"sp-tab-{name.lower()}", elem_classes="sp-tab"):
                    tab.lay_out()
        ask.wire(blocks)
        compare.wire(ask.key)
        archive.wire(tabs)
        batch.wire()
        Api(desk).publish()
    blocks.queue(max_size=64, api_open=False)
    return blocks
