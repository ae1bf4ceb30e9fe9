"""A small Wayback Machine on this machine, which keeps what it was asked and misbehaves on demand."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

URL = "https://acme.example/privacy"
Trouble = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Stored:
    """A capture as the fake archive holds it."""

    timestamp: str
    body: bytes
    original: str = URL
    mimetype: str = "text/html"
    content_type: str | None = "text/html; charset=utf-8"
    coding: str | None = None
    digest: str | None = None

    def row(self) -> list[str]:
        """Return its line of the list."""
        digest = self.digest or hashlib.sha1(self.body).hexdigest().upper()
        return [self.timestamp, self.original, self.mimetype, "200", digest, str(len(self.body))]


@dataclass
class FakeArchive:
    """What a server holds, what it was asked ("cdx", with its parameters, or a path), and what goes wrong with it.

    `troubles` are, for a path or "cdx", what happens instead of an answer, one after the other. Without `keys` it knows
    no resumption keys, and with `pywb` it answers as pywb does.
    """

    captures: list[Stored]
    keys: bool = True
    pywb: bool = False
    troubles: dict[str, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    asked: list[str] = field(default_factory=list)
    questions: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def bodies_asked(self) -> list[str]:
        """The captures that were asked for, in order, by timestamp."""
        return [path.split("/")[2].removesuffix("id_") for path in self.asked if path.startswith("/web/")]

    def path(self, capture: Stored) -> str:
        """Return the path at which the bytes of a capture are."""
        return f"/web/{capture.timestamp}id_/{capture.original}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        self.agents.add(handler.headers["User-Agent"])
        split = urlsplit(handler.path)
        listed = split.path.endswith("/cdx")
        name = "cdx" if listed else handler.path
        self.asked.append(name)
        if self.troubles[name]:
            self.troubles[name].pop(0)(handler)
        elif listed:
            self._list({key: values[0] for key, values in parse_qs(split.query).items()}, handler)
        else:
            self._give(handler)

    def _list(self, asked: dict[str, str], handler: BaseHTTPRequestHandler) -> None:
        self.questions.append(asked)
        rows = [one.row() for one in self.captures if one.timestamp >= asked.get("from", "")]
        first, limit = int(asked.get("resumeKey", "0")), int(asked["limit"])
        part = rows[first : first + limit]
        names: Any = asked["fl"].split(",")
        if self.pywb:
            aliases = {"original": "url", "mimetype": "mime", "statuscode": "status"}
            lines = [dict(zip([aliases.get(name, name) for name in names], row, strict=True)) for row in part]
            send(handler, 200, "\n".join(map(json.dumps, lines)).encode(), "text/x-ndjson")
            return
        more = [[], [str(first + limit)]] if self.keys and first + limit < len(rows) else []
        send(handler, 200, json.dumps([names, *part, *more] if part else []).encode(), "application/json")

    def _give(self, handler: BaseHTTPRequestHandler) -> None:
        for capture in self.captures:
            if unquote(handler.path).endswith(f"/{capture.timestamp}id_/{capture.original}"):
                coding = {"Content-Encoding": capture.coding} if capture.coding else {}
                return send(handler, 200, capture.body, capture.content_type, **coding)
        return send(handler, 404, b"not archived", "text/html")


def send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", kind: str | None = "text/html", **headers: str
) -> None:
    """Send an answer."""
    handler.send_response(status)
    if kind is not None:
        handler.send_header("Content-Type", kind)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, **headers: str) -> Trouble:
    """Return a trouble: an HTTP status, with headers."""
    return lambda handler: send(handler, code, b"sorry", **headers)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def break_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent."""
    send(handler, 200, b"<html>half a pa", Content_Length="5000")
    handler.close_connection = True


@contextmanager
def serving(archive: FakeArchive) -> Iterator[FakeArchive]:
    """Let an archive answer on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            archive.answer(self)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            # A client that needs no more of an answer hangs up; what a test reads of standard error is its program's.
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    archive.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield archive
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def years(*texts: str) -> list[Stored]:
    """Return a capture a year from 2011 on, each with its text."""
    return [Stored(f"{2011 + n}0203040506", f"<html><p>{text}</p></html>".encode()) for n, text in enumerate(texts)]
