"""Send security headers with every response and let only our own scripts run.

Gradio's page has a few inline scripts; each gets a nonce that is new for every response, so that a script that finds
its way into the page from a document would not run even if escaping failed. Neither inline scripts without the nonce
nor `eval` are allowed (W3C, Content Security Policy Level 3, sections 6.7 and 7.1).
"""

from __future__ import annotations

import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}'",
        # Gradio and Svelte set style attributes.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_FIXED: Final = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """ASGI middleware that adds the headers and puts the nonce into Gradio's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Sender(send, secrets.token_urlsafe(16)))


class _Sender:
    """Pass a response on; hold a page back until it is whole, because its length changes."""

    def __init__(self, send: Send, nonce: str) -> None:
        self.send = send
        self.nonce = nonce
        self.page_start: Message | None = None
        self.page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({"Content-Security-Policy": _POLICY.format(nonce=self.nonce), **_FIXED})
            if headers.get("content-type", "").startswith("text/html"):
                self.page_start = message
                return
        elif self.page_start is not None and message["type"] == "http.response.body":
            self.page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self.page_start)
            return
        await self.send(message)

    async def _send_page(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        # Gradio writes "<" as \u003c inside its JSON, so every "<script" is one of its own tags.
        page = bytes(self.page).replace(b"<script", f'<script nonce="{self.nonce}"'.encode())
        # The answer to HEAD has no body but the length of one.
        if self.page:
            headers["Content-Length"] = str(len(page))
        headers["Cache-Control"] = "no-store"
        await self.send(start)
        await self.send({"type": "http.response.body", "body": page})
