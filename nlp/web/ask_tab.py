"""The tab Ask: chat on the left, statement on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from nlp.question import MAX_QUESTION
from nlp.report.words import facts
from nlp.web.chat_view import answer_html, notice_html, opened_html, question_html, waiting_html, welcome_html
from nlp.web.desk import MAX_UPLOAD_MB, Desk, NotReady
from nlp.web.escape import as_sentence, plain_text, text_html
from nlp.web.held import held
from nlp.web.notes import error_html
from nlp.web.overview import Overviews
from nlp.web.queues import ASKING, READING, SHOWING
from nlp.web.session import Reading
from nlp.web.statement_view import statement_html
from nlp.web.suggestions import suggest

Message = dict[str, Any]

# Over forty keys lead from the question box to the text otherwise.
SKIP = '<a class="sp-skip" href="#sp-document">To the statement</a>'
EXAMPLES = (
    "Do you sell my data?",
    "Can the police get my information?",
    "How long do you keep my data?",
    "Do you train AI with my photos?",
)
_MESSAGES_KEPT = 60
# As many as a question of "Ask about this" has on a phone.
_QUESTION_LINES = 12
_QUESTIONS_KEPT = 5
_WAITING = "Getting ready. You can read and ask already; answers come in a moment."


class AskTab:
    """The components of the tab and what they do; `status` is where the page says which statement is open."""

    def __init__(self, desk: Desk, *, allow_fetch: bool = False) -> None:
        self.desk = desk
        self.allow_fetch = allow_fetch
        self.overviews = Overviews(desk)

    def lay_out(self, status: gr.Markdown) -> None:
        """Create the components in reading order."""
        self.key = held("sp-key")
        self.reply = held("sp-reply")
        self.asked = gr.State([])
        self.status = status
        with gr.Row(elem_id="sp-main"):
            with gr.Column(elem_id="sp-left", min_width=0):
                self._lay_out_chat()
            with gr.Column(elem_id="sp-right", min_width=0):
                self._lay_out_opener()
                self.statement = gr.Markdown("", elem_id="sp-document", latex_delimiters=[])
                # Comes later than the statement; the script puts it in its place there.
                self.glance = gr.Markdown("", elem_id="sp-glance", latex_delimiters=[])

    def _lay_out_chat(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="sp-chat",
            label="Questions and answers",
            show_label=False,
            container=False,
            placeholder=welcome_html(),
            height=None,
            autoscroll=False,
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            feedback_options=None,
            group_consecutive_messages=False,
        )
        with gr.Row(elem_id="sp-examples"):
            self.examples = [gr.Button(text, size="sm", elem_classes="sp-example") for text in EXAMPLES]
        self.question = gr.Textbox(
            elem_id="sp-ask",
            label="Your question",
            placeholder="Ask about this statement",
            lines=1,
            max_lines=_QUESTION_LINES,
            submit_btn="Ask",
            container=False,
        )
        gr.Markdown(SKIP, elem_id="sp-onward")

    def _lay_out_opener(self) -> None:
        with gr.Accordion("Read another statement", open=False, elem_id="sp-opener") as self.opener:
            self.pasted = gr.Textbox(
                label="Paste a privacy statement", lines=5, max_lines=5, placeholder="Text, Markdown or HTML"
            )
            with gr.Row(elem_id="sp-open-row"):
                self.read = gr.Button("Read the pasted text", variant="primary", size="sm")
                # Of any type: Gradio would refuse others with words of its own, and `open_file` says it better.
                self.upload = gr.UploadButton("Upload a file", type="filepath", size="sm")
            if self.allow_fetch:
                with gr.Row(elem_id="sp-fetch-row"):
                    self.address = gr.Textbox(
                        label="Or give its address", placeholder="https://example.com/privacy", max_lines=1
                    )
                    self.fetch = gr.Button("Fetch the page", size="sm")
            gr.Markdown(
                f"Markdown, HTML, text, PDF or DOCX of up to {MAX_UPLOAD_MB} MB. Only you see it: the text stays "
                "in memory for two hours after it was last used, and the file is deleted within twenty minutes.",
                elem_id="sp-open-hint",
            )
        self.trouble = gr.Markdown("", elem_id="sp-trouble", latex_delimiters=[])
        self.back = gr.Button("Back to Janrain's statement", size="sm", elem_id="sp-return", visible=False)

    def wire(self, blocks: gr.Blocks) -> None:
        """Connect what the visitor does with what happens. Nothing is published as an API."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        reading = quiet | READING
        answered = [self.question, self.chat, self.asked, self.reply]
        # A click on "Ask" submits the box as well.
        for source, event in ((self.question, self.question.submit), *((b, b.click) for b in self.examples)):
            asked = event(self.on_ask, [source, self.chat, self.key, self.asked], answered, **quiet, **ASKING)
            shown = asked.then(self.on_reply, [self.chat, self.key, self.reply], self.chat, **quiet, queue=False)
            shown.then(self.on_answered, [self.chat, self.key], self.examples, **quiet)

        opened = [self.key, self.statement, self.status, self.chat, self.asked]
        opened += [self.trouble, self.pasted, self.opener, self.back]
        openings = [
            self.read.click(self.on_paste, self.pasted, opened, **reading),
            self.upload.upload(self.on_upload, self.upload, opened, **reading),
            self.back.click(self.on_back, None, opened, **quiet, **SHOWING),
        ]
        if self.allow_fetch:
            slow = quiet | {"concurrency_id": "fetch", "concurrency_limit": 4}
            openings += [
                event(self.on_fetch, self.address, opened, **slow) for event in (self.fetch.click, self.address.submit)
            ]
        for opening in openings:
            opening.then(self.on_answered, [self.chat, self.key], self.examples, **quiet)
        # One at a time, so that the questions of visitors come first.
        self.statement.change(self.on_glance, self.key, self.glance, **quiet, concurrency_limit=1)
        shown = [self.statement, self.status]
        loaded = blocks.load(self.on_load, None, shown, **quiet, queue=False)
        loaded.then(self.on_ready, self.key, shown, **quiet, **SHOWING)

    def on_load(self) -> tuple[str, str]:
        """Show the bundled statement, whether or not the models are there."""
        reading = self.desk.default()
        return statement_html(reading), _status(reading) if self.desk.is_ready else waiting_html(_WAITING)

    def on_ready(self, key: str) -> tuple[Any, Any]:
        """Show it again with its clauses, once there are models to find them."""
        try:
            self.desk.wait()
        except NotReady as e:
            return gr.skip(), error_html(str(e))
        if key:
            return gr.skip(), gr.skip()
        reading = self.desk.default()
        return statement_html(reading), _status(reading)

    def on_ask(
        self, question: str, chat: list[Message] | None, key: str, asked: list[str]
    ) -> Iterator[tuple[Any, Any, Any, Any]]:
        """Show the question at once, and give the answer when there is one; `asked` are the questions before it."""
        question = question or ""
        chat = (chat or [])[-_MESSAGES_KEPT:]
        if not question.strip():
            hint = _message("assistant", self._reply(key, question, asked))
            yield gr.skip(), [*chat, hint], gr.skip(), ""
            return
        chat = [*chat, _message("user", question_html(question))]
        kept = [*asked, question[:MAX_QUESTION]][-_QUESTIONS_KEPT:]
        yield "", [*chat, _message("assistant", waiting_html("Looking it up"))], kept, ""
        # The chat may be about another statement by the end, which only the page knows.
        said = self._reply(key, question, asked)
        yield gr.skip(), gr.skip(), gr.skip(), f"{key or ''}\n{said}"

    def on_reply(self, chat: list[Message] | None, key: str, reply: str) -> Any:
        """Show an answer in the chat that waits for it, unless another statement was opened meanwhile."""
        asked_of, _, said = (reply or "").partition("\n")
        if not chat or "sp-waiting" not in _said(chat[-1]) or asked_of != (key or ""):
            return gr.skip()
        return [*chat[:-1], _message("assistant", said)]

    def _reply(self, key: str, question: str, asked: list[str]) -> str:
        try:
            answer = self.desk.ask(key, question, asked)
            return answer_html(answer, self.desk.find(key).clauses)
        except (ValueError, NotReady) as e:
            return notice_html(as_sentence(str(e)))

    def on_paste(self, text: str | None) -> Iterator[tuple[Any, ...]]:
        """Read a pasted statement."""
        yield from self._open(lambda: self.desk.open_text(text or ""))

    def on_upload(self, path: str | None) -> Iterator[tuple[Any, ...]]:
        """Read an uploaded statement."""
        yield from self._open(lambda: self.desk.open_file(Path(path or "")))

    def on_fetch(self, address: str | None) -> Iterator[tuple[Any, ...]]:
        """Read a statement from its address."""
        yield from self._open(lambda: self.desk.open_address(address or ""))

    def on_glance(self, key: str) -> str:
        """Show a statement at a glance; without its overview it can be read all the same."""
        try:
            return self.overviews.html(key)
        except (ValueError, NotReady):
            return ""

    def on_answered(self, chat: list[Message] | None, key: str) -> list[gr.Button]:
        """Suggest what to ask next, or first where nothing was asked yet."""
        asked = [plain_text(_said(message)) for message in chat or [] if message["role"] == "user"]
        try:
            shown = suggest(self.desk.find(key).clauses, asked) if asked else EXAMPLES
        except ValueError:
            shown = EXAMPLES
        texts = [*shown, *[""] * len(EXAMPLES)][: len(EXAMPLES)]
        return [gr.Button(text, visible=bool(text)) for text in texts]

    def on_back(self) -> tuple[Any, ...]:
        """Go back to the bundled statement."""
        return self._opened(self.desk.default())

    def _open(self, read: Callable[[], Reading]) -> Iterator[tuple[Any, ...]]:
        yield _unchanged(waiting_html("Reading the statement"))
        try:
            yield self._opened(read())
        except (ValueError, NotReady) as e:
            yield _unchanged(error_html(str(e)))

    def _opened(self, reading: Reading) -> tuple[Any, ...]:
        chat = [_message("assistant", opened_html(reading.statement, len(reading.clauses)))]
        other = reading.key != self.desk.default().key
        shown = reading.key, statement_html(reading), _status(reading), chat
        return *shown, [], "", "", gr.Accordion(open=False), gr.Button(visible=other)


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _said(message: Message) -> str:
    """Return what a message says; Gradio sends it back in parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _status(reading: Reading) -> str:
    """Return which statement is open, in one line, for screens on which its head is out of sight."""
    version = "".join(f" · {text_html(fact)}" for fact in facts(reading.statement))
    return f'<p class="sp-which" role="status"><strong>{text_html(reading.statement.title)}</strong>{version}</p>'


def _unchanged(note: str) -> tuple[Any, ...]:
    """Leave everything as it is and show a note."""
    return *[gr.skip()] * 5, note, *[gr.skip()] * 3
