"""Refuse requests that are larger than anything a visitor or a program has reason to send."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Two statements of the largest size, in a notation that takes six bytes for a character, and a chat beside them.
MAX_BODY: Final = 8 * 1024**2
# Gradio's own. A name that ends alike ("/gradio_api/run/upload") is that of a function, whose body is read as a whole.
_UPLOADS: Final = ("", "gradio_api")
_REFUSAL: Final = "This request is too large; a statement may have 300,000 characters.\n"


class BodyLimit:
    """ASGI middleware that ends a request whose body is too large, whatever its headers say of it.

    Uploads are left to Gradio, which counts the bytes of each file while they come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or _is_upload(scope["path"]):
            await self.app(scope, receive, send)
            return
        said = Request(scope).headers.get("content-length", "")
        if said.isascii() and said.isdigit() and int(said) > MAX_BODY:
            await PlainTextResponse(_REFUSAL, 413)(scope, receive, send)
            return
        counted = _Counter(receive, send)
        try:
            await self.app(scope, counted.receive, counted.send)
        except _TooLarge:
            if not counted.started:
                await PlainTextResponse(_REFUSAL, 413)(scope, receive, send)


def _is_upload(path: str) -> bool:
    folder, _, name = path.rstrip("/").rpartition("/")
    return name == "upload" and folder.rpartition("/")[2] in _UPLOADS


class _TooLarge(Exception):
    """More of a body has come than is allowed."""


class _Counter:
    """Counts the bytes of a body, and knows whether the answer has begun."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.size = 0
        self.started = False

    async def receive(self) -> Message:
        message = await self._receive()
        self.size += len(message.get("body", b""))
        if self.size > MAX_BODY:
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        self.started = True
        await self._send(message)
