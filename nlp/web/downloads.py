"""Offer what was made for a visitor as a file that nobody else can find and that Gradio deletes."""

from __future__ import annotations

import secrets
from pathlib import Path

import gradio as gr


def offered(button: gr.DownloadButton, name: str, content: bytes) -> gr.DownloadButton:
    """Return a button that gives `content` under `name`.

    The file lies in Gradio's cache, in a folder whose name cannot be guessed; `delete_cache` removes it.
    """
    folder = Path(button.GRADIO_CACHE) / secrets.token_hex(32)
    folder.mkdir(parents=True)
    path = folder / name
    path.write_bytes(content)
    return gr.DownloadButton(value=str(path), interactive=True)


def withdrawn() -> gr.DownloadButton:
    """Return a button that has nothing to give."""
    return gr.DownloadButton(value=None, interactive=False)
