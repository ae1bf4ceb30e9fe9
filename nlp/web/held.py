"""What the page in a visitor's browser remembers itself, and sends along.

The server's own memory of a visitor (`gr.State`) goes when it is started anew or the connection was away for long. A
question would then be answered from the bundled statement while the page shows another.
"""

from __future__ import annotations

import gradio as gr


def held(id: str) -> gr.Textbox:
    """Return a value that no visitor sees; it is empty at first."""
    return gr.Textbox("", visible="hidden", elem_id=id, show_label=False, container=False)
