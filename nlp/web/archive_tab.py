"""The tab Archive: when a statement changed, and one question to every version or every service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from corpus.types import DocumentError
from nlp.errors import RunError
from nlp.web.archive_chart import chart_html
from nlp.web.archive_view import (
    answers_html,
    answers_said,
    empty_html,
    no_store_html,
    timeline_html,
    timeline_said,
)
from nlp.web.chat_view import waiting_html
from nlp.web.compare_tab import CompareTab
from nlp.web.desk import Desk
from nlp.web.notes import done_html, error_html
from nlp.web.queues import READING
from nlp.web.shelf_choice import ShelfChoice

if TYPE_CHECKING:
    from nlp.engine import Smallprint
    from nlp.web.shelf import Shelf

_PROGRESS = gr.Progress()
_STEP = re.compile(r"#v-([0-9]{1,6})-([0-9]{1,6})")


class ArchiveTab:
    """The components of the tab and what they do. A visitor has no state here; the store is the same for all.

    What changed on a date is shown by the tab `compare`.
    """

    def __init__(self, desk: Desk, compare: CompareTab, shelf: Shelf | None = None) -> None:
        self.desk, self.compare, self.shelf = desk, compare, shelf

    def lay_out(self) -> None:
        """Create the components in reading order."""
        if self.shelf is None:
            gr.Markdown(no_store_html(), latex_delimiters=[])
            return
        self.service = ShelfChoice(self.shelf).service("Service", elem_id="sp-service")
        with gr.Row(elem_id="sp-archive-ask"):
            self.question = gr.Textbox(
                label="One question to all", placeholder="Do you sell my data?", lines=1, max_lines=2, scale=3
            )
            self.day = gr.Textbox(
                label="Of all services: as of", placeholder="YYYY-MM-DD, or now", lines=1, max_lines=1, scale=1
            )
        with gr.Row(elem_id="sp-archive-row"):
            self.ask_versions = gr.Button("Ask every version of this service", variant="primary")
            self.ask_services = gr.Button("Ask every service")
        self.note = gr.Markdown("", latex_delimiters=[], elem_id="sp-archive-note", elem_classes="sp-live")
        self.answers = gr.Markdown("", latex_delimiters=[], elem_id="sp-archive-answers")
        with gr.Column(min_width=0) as self.history:
            self.timeline = gr.Markdown(empty_html(), latex_delimiters=[], elem_id="sp-timeline")
            self.chart = gr.Markdown("", latex_delimiters=[], elem_id="sp-chart")
        # The script writes into the box which date was followed, and pushes the button; no visitor sees them.
        self.step = gr.Textbox("", show_label=False, container=False, elem_id="sp-step")
        self.follow = gr.Button("Show what changed", elem_id="sp-follow")

    def wire(self, tabs: gr.Tabs) -> None:
        """Connect what the visitor does with what happens."""
        if self.shelf is None:
            return
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # One at a time: it may take a minute, and questions asked meanwhile take turns with it.
        long: dict[str, Any] = {
            "api_visibility": "private",
            "concurrency_id": "archive",
            "concurrency_limit": 1,
            "show_progress": "full",
            "show_progress_on": self.note,
        }
        told = [self.note, self.timeline, self.chart, self.answers, self.history]
        self.service.select(self.on_service, self.service, told, **long)
        answered = [self.note, self.answers, self.history]
        for event in (self.ask_versions.click, self.question.submit):
            event(self.on_versions, [self.question, self.service], answered, **long)
        self.ask_services.click(self.on_services, [self.question, self.day], answered, **long)
        shown = [tabs, *self.compare.outputs, *self.compare.choices]
        self.follow.click(self.on_step, [self.step, self.service], shown, **quiet, **READING)

    def on_service(self, place: str | None, progress: gr.Progress = _PROGRESS) -> Iterator[tuple[Any, ...]]:
        """Show the timeline of a document."""
        yield waiting_html("Looking through the versions"), gr.skip(), gr.skip(), "", gr.Column(visible=True)
        try:
            made = self._shelf.timeline(place, lambda done, total: progress((done, total), desc="Comparing"))
            yield done_html(timeline_said(made)), timeline_html(made), chart_html(made.steps), "", gr.skip()
        except (ValueError, RunError) as e:
            yield error_html(str(e)), empty_html(), "", "", gr.skip()

    def on_versions(
        self, question: str | None, place: str | None, progress: gr.Progress = _PROGRESS
    ) -> Iterator[tuple[Any, ...]]:
        """Ask every version of a document."""
        yield from self._ask(question or "", place or "", None, progress)

    def on_services(
        self, question: str | None, day: str | None, progress: gr.Progress = _PROGRESS
    ) -> Iterator[tuple[Any, ...]]:
        """Ask every service, as its statement is now or was on a day."""
        try:
            at = _day(day or "")
        except DocumentError as e:
            yield error_html(str(e)), gr.skip(), gr.skip()
            return
        yield from self._ask(question or "", None, at, progress)

    def on_step(self, step: str | None, place: str | None) -> Iterator[tuple[Any, ...]]:
        """Show what changed between the two versions that a link of the timeline names."""
        found = _STEP.fullmatch(step or "")
        old, new = map(int, found.groups()) if found else (0, 0)
        for changes in self.compare.on_versions(place, old, new):
            yield gr.Tabs(selected="compare"), *changes

    def _ask(
        self, question: str, place: str | None, at: date | None, progress: gr.Progress
    ) -> Iterator[tuple[Any, ...]]:
        yield waiting_html("Asking"), gr.skip(), gr.skip()
        over_time = place is not None
        try:
            engine = cast("Smallprint", self.desk.wait())
            found = self._shelf.ask(
                engine, question, place, at, lambda done, total: progress((done, total), desc="Asking")
            )
        except (ValueError, RunError) as e:
            yield error_html(str(e)), gr.skip(), gr.skip()
            return
        # Under the answers of all services, the versions of one would pass for theirs.
        history = gr.Column(visible=over_time)
        yield done_html(answers_said(found, over_time)), answers_html(found, over_time), history

    @property
    def _shelf(self) -> Shelf:
        if self.shelf is None:
            raise DocumentError("this server has no archive")
        return self.shelf


def _day(text: str) -> date | None:
    """Return the day that a visitor wrote, None for none; raises `DocumentError`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as e:
        raise DocumentError("write the day as YYYY-MM-DD, for example 2016-05-31, or leave it empty") from e
