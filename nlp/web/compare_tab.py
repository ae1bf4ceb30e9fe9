"""The tab Compare: choose two statements, see what changed, take it along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from corpus.types import DocumentError
from nlp.errors import RunError
from nlp.web.chat_view import waiting_html
from nlp.web.compare_view import comparison_view, empty_html, summary_of
from nlp.web.desk import Desk
from nlp.web.downloads import offered, withdrawn
from nlp.web.held import held
from nlp.web.notes import done_html, error_html
from nlp.web.pair import FORMATS, Pair
from nlp.web.queues import READING
from nlp.web.shelf_choice import ShelfChoice, chosen_version
from nlp.web.side import ARCHIVE, BUNDLED, PASTE, Chosen, Side

if TYPE_CHECKING:
    from nlp.web.shelf import Shelf

_KEPT = "The files are deleted within twenty minutes; compare again to have them again."


class CompareTab:
    """The components of the tab and what they do. The page holds the keys of the two statements."""

    def __init__(self, desk: Desk, shelf: Shelf | None = None) -> None:
        self.desk, self.shelf = desk, shelf
        choice = ShelfChoice(shelf)
        self.old = Side("First statement", "sp-old-side", BUNDLED, desk, choice)
        self.new = Side("Second statement", "sp-new-side", PASTE, desk, choice)

    def lay_out(self) -> None:
        """Create the components in reading order."""
        self.keys = held("sp-keys")
        with gr.Row(elem_id="sp-sides"):
            self.old.lay_out()
            self.new.lay_out()
        with gr.Row(elem_id="sp-compare-row"):
            self.start = gr.Button("Compare", variant="primary", elem_id="sp-compare-start")
            self.swap = gr.Button("Swap the sides", elem_id="sp-swap")
        self.note = gr.Markdown("", latex_delimiters=[], elem_id="sp-compare-note", elem_classes="sp-live")
        with gr.Row(visible=False, elem_id="sp-compare-tools") as self.tools:
            self.substance = gr.Checkbox(label="Changes of substance only", value=True, elem_id="sp-substance")
            with gr.Row(elem_classes="sp-files"):
                self.files = [
                    gr.DownloadButton(f"Download {label}", size="sm", interactive=False) for _, label in FORMATS
                ]
            gr.Markdown(f'<p class="sp-soft">{_KEPT}</p>')
        self.report = gr.Markdown(empty_html(), latex_delimiters=[], elem_id="sp-compared")

    @property
    def outputs(self) -> list[Any]:
        """What a comparison changes."""
        return [self.note, self.report, self.keys, self.tools, self.substance, *self.files]

    @property
    def choices(self) -> list[Any]:
        """What shows which two versions are compared."""
        return [self.old.way, self.old.service, self.old.version, self.new.way, self.new.service, self.new.version]

    def wire(self, open_key: gr.Textbox) -> None:
        """Connect what the visitor does with what happens; `open_key` is that of the statement in Ask."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        reading = quiet | READING
        for side in (self.old, self.new):
            side.wire(quiet, reading)
        sides = [*self.old.inputs, *self.new.inputs]
        self.start.click(self.on_compare, [open_key, *sides], self.outputs, **reading)
        swapped = self.swap.click(self.on_swap, sides, sides, **quiet, queue=False)
        swapped.then(self.on_swapped, [self.keys, open_key, *sides], self.outputs, **reading)
        self.substance.input(self.on_substance, [self.keys, self.substance], [self.note, *self.files], **reading)

    def on_compare(self, open_key: str, *given: Any) -> Iterator[tuple[Any, ...]]:
        """Compare what is chosen on the two sides."""
        half = len(given) // 2
        chosen = [_chosen(side) for side in (given[:half], given[half:])]
        yield self._waiting()
        try:
            old, new = (side.reading(one, open_key) for side, one in zip((self.old, self.new), chosen, strict=True))
            yield self._compared(Pair.of(old, new))
        except (ValueError, RunError) as e:
            yield self._failed(str(e))

    def on_versions(self, place: str | None, old: int, new: int) -> Iterator[tuple[Any, ...]]:
        """Compare two versions of a document of the store, and show them as what is chosen."""
        choice = ShelfChoice(self.shelf)
        shown = [
            item
            for number in (old, new)
            for item in (gr.Radio(value=ARCHIVE), choice.chosen(place), choice.versions(place, number))
        ]
        yield *self._waiting(), *shown
        try:
            readings = [chosen_version(self.desk, self.shelf, place, number) for number in (old, new)]
            made = self._compared(Pair.of(*readings))
        except (ValueError, RunError) as e:
            made = self._failed(str(e))
        yield *made, *[gr.skip()] * len(shown)

    def on_swap(self, *given: Any) -> tuple[Any, ...]:
        """Put what is chosen on one side on the other."""
        half = len(given) // 2
        choice = ShelfChoice(self.shelf)
        swapped: list[Any] = []
        for way, text, file, place, number in (given[half:], given[:half]):
            versions = choice.versions(place, number)
            swapped += [way, text, file, choice.chosen(place), versions]
        return tuple(swapped)

    def on_swapped(self, keys: str, open_key: str, *given: Any) -> Iterator[tuple[Any, ...]]:
        """Compare anew where a comparison is shown, whose sides would be the wrong way round."""
        if keys:
            yield from self.on_compare(open_key, *given)

    def on_substance(self, keys: str, substance: bool) -> tuple[Any, ...]:
        """Make the files anew for what is shown now; the page itself hides and shows by its style sheet."""
        try:
            pair = Pair.of(*map(self.desk.with_clauses, _two(keys)))
        except (ValueError, RunError) as e:
            return error_html(str(e)), *[withdrawn() for _ in FORMATS]
        return done_html(summary_of(pair)), *self._files(pair, substance)

    def _compared(self, pair: Pair) -> tuple[Any, ...]:
        shown = done_html(summary_of(pair)), comparison_view(pair), f"{pair.old.key} {pair.new.key}"
        tools = gr.Row(visible=True), gr.Checkbox(value=True, visible=pair.is_mixed)
        return *shown, *tools, *self._files(pair, True)

    def _files(self, pair: Pair, substance: bool) -> list[gr.DownloadButton]:
        told = pair.of_substance() if substance else pair
        return [
            offered(button, f"comparison.{format}", told.file(format))
            for button, (format, _) in zip(self.files, FORMATS, strict=True)
        ]

    def _waiting(self) -> tuple[Any, ...]:
        return waiting_html("Comparing the two"), *[gr.skip()] * (len(self.outputs) - 1)

    def _failed(self, message: str) -> tuple[Any, ...]:
        return error_html(message), *[gr.skip()] * (len(self.outputs) - 1)


def _two(keys: str) -> tuple[str, str]:
    old, _, new = keys.partition(" ")
    if not new:
        raise DocumentError("there is no comparison yet; compare two statements first")
    return old, new


def _chosen(given: tuple[Any, ...]) -> Chosen:
    way, text, file, place, number = given
    return Chosen(str(way or ""), text or "", file or "", place, number)
