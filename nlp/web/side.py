"""One of the two sides of a comparison: where its statement comes from, and what was chosen there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.types import DocumentError
from nlp.report.words import plural
from nlp.web.chat_view import waiting_html
from nlp.web.desk import Desk, NotReady
from nlp.web.escape import text_html
from nlp.web.notes import error_html
from nlp.web.session import Reading
from nlp.web.shelf_choice import ShelfChoice, chosen_version

BUNDLED, OPEN, PASTE, FILE, ARCHIVE = "bundled", "open", "paste", "file", "archive"
_WAYS = (
    ("Janrain's of 2016", BUNDLED),
    ("The one in Ask", OPEN),
    ("Pasted text", PASTE),
    ("A file", FILE),
)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor has chosen on one side; `file` is the key of an uploaded statement."""

    way: str
    text: str
    file: str
    place: str | None
    number: int | None


class Side:
    """The components of one side and what they do."""

    def __init__(self, name: str, id: str, way: str, desk: Desk, shelf: ShelfChoice) -> None:
        self.name, self.id, self.first_way = name, id, way
        self.desk, self.shelf = desk, shelf

    def lay_out(self) -> None:
        """Create the components in reading order; the style sheet shows what belongs to the way that is chosen."""
        ways = [*_WAYS, ("From the archive", ARCHIVE)] if self.shelf.shelf else [*_WAYS]
        with gr.Column(elem_id=self.id, elem_classes="sp-side-box", min_width=0):
            self.file = gr.State("")
            self.way = gr.Radio(ways, value=self.first_way, label=self.name, elem_classes="sp-ways")
            self.text = gr.Textbox(
                label=f"{self.name}: paste it",
                lines=5,
                max_lines=5,
                placeholder="Text, Markdown or HTML",
                elem_classes=f"sp-way-{PASTE}",
            )
            with gr.Column(elem_classes=["sp-side-file", f"sp-way-{FILE}"], min_width=0):
                # Of any type, as in Ask: `open_file` says of others that they are not read here.
                self.upload = gr.UploadButton("Upload a file", type="filepath", size="sm")
                self.said = gr.Markdown(_NO_FILE, latex_delimiters=[], elem_classes="sp-live")
            with gr.Column(elem_classes=f"sp-way-{ARCHIVE}", min_width=0):
                self.service = self.shelf.service(f"{self.name}: service")
                # Of any value, as Gradio forgets with the page what can be chosen: `Shelf.version` looks at it.
                self.version = gr.Dropdown([], label=f"{self.name}: version", interactive=True, allow_custom_value=True)

    @property
    def inputs(self) -> list[Any]:
        """The components that say what is chosen, in the order of `Chosen`."""
        return [self.way, self.text, self.file, self.service, self.version]

    def wire(self, quiet: dict[str, Any], reading: dict[str, Any]) -> None:
        """Connect what the visitor does with what happens."""
        self.service.select(self.shelf.on_service, self.service, self.version, **quiet, queue=False)
        self.upload.upload(self.on_upload, self.upload, [self.file, self.said], **reading)

    def on_upload(self, path: str | None) -> Any:
        """Read an uploaded statement."""
        yield gr.skip(), waiting_html("Reading the file")
        try:
            reading = self.desk.open_file(Path(path or ""))
        except (ValueError, NotReady) as e:
            yield "", error_html(str(e))
            return
        yield reading.key, _told(reading)

    def reading(self, chosen: Chosen, open_key: str) -> Reading:
        """Return the statement that is chosen; raises `DocumentError` or `NotReady`."""
        if chosen.way == ARCHIVE:
            return chosen_version(self.desk, self.shelf.shelf, chosen.place, chosen.number)
        if chosen.way == PASTE:
            if not chosen.text.strip():
                raise DocumentError(f"there is no text in “{self.name}”; paste a privacy statement there")
            return self.desk.open_text(chosen.text)
        if chosen.way == FILE and not chosen.file:
            raise DocumentError(f"there is no file in “{self.name}”; upload one there")
        keys = {BUNDLED: "", OPEN: open_key, FILE: chosen.file}
        if chosen.way not in keys:
            raise DocumentError(f"choose where “{self.name}” comes from")
        return self.desk.with_clauses(keys[chosen.way])


_NO_FILE = '<p class="sp-soft">Markdown, HTML, text, PDF or DOCX.</p>'


def _told(reading: Reading) -> str:
    title = reading.statement.title[:_LONGEST_NAME]
    return f'<p class="sp-done">{text_html(title)}: {plural(len(reading.clauses), "clause")}.</p>'
