"""The page as a whole: what it publishes, what it holds of a visitor, which tabs it has."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest
from store_fakes import made_store, version
from web_fakes import loaded

from nlp.web.page import build
from nlp.web.shelf import Shelf


@pytest.fixture(scope="module")
def blocks() -> gr.Blocks:
    return build(loaded())


@pytest.fixture(scope="module")
def with_archive(tmp_path_factory: pytest.TempPathFactory) -> gr.Blocks:
    folder: Path = tmp_path_factory.mktemp("archive") / "store"
    made_store(folder, [version()])
    return build(loaded(), Shelf.open(folder))


def events(blocks: gr.Blocks) -> list[gr.blocks.BlockFunction]:
    return list(blocks.fns.values())


def test_the_queue_is_bounded_and_files_are_deleted(blocks: gr.Blocks) -> None:
    assert blocks._queue.max_size == 64
    assert blocks.delete_cache == (600, 600)


def test_the_tabs_stand_in_the_order_of_use(blocks: gr.Blocks) -> None:
    tabs = [block for block in blocks.blocks.values() if isinstance(block, gr.Tab)]
    assert [tab.label for tab in tabs] == ["Ask", "Compare", "Archive", "Batch"]
    assert [tab.id for tab in tabs] == ["ask", "compare", "archive", "batch"]


def test_no_event_of_the_page_is_published(blocks: gr.Blocks, with_archive: gr.Blocks) -> None:
    for made in (blocks, with_archive):
        wired = [fn for fn in events(made) if fn.targets and fn.targets[0][1] not in ("api", None)]
        assert len(wired) > 15
        assert {fn.api_visibility for fn in wired} == {"private"}


def test_every_state_of_a_visitor_starts_empty(blocks: gr.Blocks) -> None:
    states = [block for block in blocks.blocks.values() if isinstance(block, gr.State)]
    assert {str(state.value) for state in states} <= {"", "[]"}


def test_the_page_itself_remembers_what_is_open_and_compared(blocks: gr.Blocks) -> None:
    """Where the server forgets a visitor, a question must not be answered from another statement than is shown."""
    held = {block.elem_id: block for block in blocks.blocks.values() if block.elem_id in ("sp-key", "sp-keys")}
    assert {id: (type(block), block.visible, block.value) for id, block in held.items()} == {
        "sp-key": (gr.Textbox, "hidden", ""),
        "sp-keys": (gr.Textbox, "hidden", ""),
    }
