"""Files for one visitor: found by nobody else, in the folder that Gradio empties."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from nlp.web.downloads import offered, withdrawn


def test_each_file_lies_in_a_folder_of_its_own_in_gradios_cache() -> None:
    button = gr.DownloadButton("Download")
    paths = []
    for _ in range(2):
        made = offered(button, "table.csv", b"a,b\n")
        assert made.interactive is True
        paths.append(Path(made.value["path"] if isinstance(made.value, dict) else made.value))
    first, second = paths
    assert first.read_bytes() == second.read_bytes() == b"a,b\n"
    assert first.parent != second.parent
    assert first.parent.parent == second.parent.parent == Path(button.GRADIO_CACHE)
    assert len(first.parent.name) == 64
    for path in paths:
        path.unlink()
        path.parent.rmdir()


def test_a_button_with_nothing_to_give_cannot_be_pushed() -> None:
    made = withdrawn()
    assert made.value is None
    assert made.interactive is False
