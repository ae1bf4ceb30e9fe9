"""The tab Batch: several files in, a table out, and the same as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from nlp.errors import RunError
from nlp.web.batch_run import MAX_FILES, check_files, clauses_parquet, read_files, rows_csv
from nlp.web.batch_view import empty_html, summary_of, table_html
from nlp.web.chat_view import waiting_html
from nlp.web.desk import Desk
from nlp.web.downloads import offered, withdrawn
from nlp.web.notes import done_html, error_html

if TYPE_CHECKING:
    from nlp.engine import Smallprint

_PROGRESS = gr.Progress()
_KEPT = "The files are deleted within twenty minutes; read them again to have them again."


class BatchTab:
    """The components of the tab and what they do. A visitor has no state here."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def lay_out(self) -> None:
        """Create the components in reading order."""
        self.files = gr.File(
            label=f"Privacy statements, up to {MAX_FILES} files",
            file_count="multiple",
            # Of any type: the table says of each file why it could not be read, where Gradio would refuse them all.
            type="filepath",
            elem_id="sp-batch-files",
        )
        self.start = gr.Button("Read the files", variant="primary", elem_id="sp-batch-start")
        self.note = gr.Markdown("", latex_delimiters=[], elem_id="sp-batch-note", elem_classes="sp-live")
        with gr.Row(visible=False, elem_id="sp-batch-tools") as self.tools:
            with gr.Row(elem_classes="sp-files"):
                self.csv = gr.DownloadButton("Download the table (CSV)", size="sm", interactive=False)
                self.parquet = gr.DownloadButton("Download all clauses (Parquet)", size="sm", interactive=False)
            gr.Markdown(f'<p class="sp-soft">{_KEPT}</p>')
        self.table = gr.Markdown(empty_html(), latex_delimiters=[], elem_id="sp-batch-table")

    @property
    def outputs(self) -> list[Any]:
        """What reading the files changes."""
        return [self.note, self.table, self.tools, self.csv, self.parquet]

    def wire(self) -> None:
        """Connect what the visitor does with what happens."""
        # One batch at a time: a question asked meanwhile waits for one statement and not for twenty.
        self.start.click(
            self.on_read,
            self.files,
            self.outputs,
            api_visibility="private",
            concurrency_id="batch",
            concurrency_limit=1,
            show_progress="full",
            show_progress_on=self.note,
        )

    def on_read(self, paths: list[str] | None, progress: gr.Progress = _PROGRESS) -> Iterator[tuple[Any, ...]]:
        """Read the files, one after the other, and say how far it is."""
        try:
            files = check_files(paths)
            yield self._told(waiting_html("Reading the files"))
            engine = cast("Smallprint", self.desk.wait())
            rows = []
            progress((0, len(files)), desc="Reading", unit="files")
            for row in read_files(engine, self.desk.reader, files):
                rows.append(row)
                progress((len(rows), len(files)), desc="Reading", unit="files")
            labels, model = engine.classifier.labels, engine.classifier.fingerprint
            made = rows_csv(rows), clauses_parquet(rows, labels, model)
        except (ValueError, RunError) as e:
            yield error_html(str(e)), gr.skip(), gr.skip(), withdrawn(), withdrawn()
            return
        offers = offered(self.csv, "statements.csv", made[0]), offered(self.parquet, "clauses.parquet", made[1])
        yield done_html(summary_of(rows)), table_html(rows), gr.Row(visible=True), *offers

    def _told(self, note: str) -> tuple[Any, ...]:
        return note, *[gr.skip()] * (len(self.outputs) - 1)
