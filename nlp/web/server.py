"""Serve the page on this machine."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nlp.web.desk import MAX_UPLOAD_MB, Engine
from nlp.web.headers import SecurityHeaders
from nlp.web.page import build

DEFAULT_NAME: Final = "127.0.0.1"
DEFAULT_PORT: Final = 7860
_ASSETS: Final = {"style.css": "text/css", "script.js": "text/javascript"}
_HEAD: Final = (
    '<link rel="stylesheet" href="smallprint/style.css"><script src="smallprint/script.js" defer></script>'
    '<meta name="color-scheme" content="light dark">'
)


class AddressError(ValueError):
    """The page cannot be served there. The message says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served."""

    name: str
    port: int

    @classmethod
    def from_environment(cls, name: str | None = None, port: str | None = None) -> Address:
        """Return the given address; what is not given comes from GRADIO_SERVER_NAME and GRADIO_SERVER_PORT."""
        name = name or os.environ.get("GRADIO_SERVER_NAME") or DEFAULT_NAME
        given = os.environ.get("GRADIO_SERVER_PORT") or os.environ.get("SMALLPRINT_SERVER_PORT")
        shown = port or given or str(DEFAULT_PORT)
        if not (shown.isascii() and shown.isdigit() and 1 <= int(shown) <= 65535):
            raise AddressError(f"{shown!r} is no port; set GRADIO_SERVER_PORT (or --port) to a number from 1 to 65535")
        return cls(name, int(shown))

    @property
    def url(self) -> str:
        """The address as a browser wants it."""
        return f"http://{f'[{self.name}]' if ':' in self.name else self.name}:{self.port}"

    def check_free(self) -> None:
        """Raise `AddressError` unless a server can be started here."""
        try:
            family, kind, _, _, place = socket.getaddrinfo(self.name, self.port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except socket.gaierror as e:
            raise AddressError(
                f"there is no host {self.name!r}; set GRADIO_SERVER_NAME to a name of this machine"
            ) from e
        except OSError as e:
            raise AddressError(
                f"cannot serve on {self.name}:{self.port} ({e.strerror}); choose another port with GRADIO_SERVER_PORT"
            ) from e


def load_engine() -> Engine:
    """Load the models; importing them takes seconds, so it happens here and not when this module is read."""
    from nlp import Smallprint

    return Smallprint.load()


def load_in_background(load: Callable[[], Engine]) -> Future[Engine]:
    """Start loading and return the future of it."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load-models")
    future = executor.submit(load)
    executor.shutdown(wait=False)
    return future


def theme() -> gr.themes.Base:
    """Return Gradio's plainest theme with the fonts of the visitor's own system."""
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif"]
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=fonts, font_mono=["ui-monospace", "monospace"])


def launch(page: gr.Blocks, address: Address) -> None:
    """Start serving and return."""
    page.launch(
        server_name=address.name,
        server_port=address.port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        show_error=False,
        max_file_size=f"{MAX_UPLOAD_MB}mb",
        app_kwargs=app_options(),
        # These would add a second server, a telemetry page, or API pages that nobody needs here.
        ssr_mode=False,
        num_workers=0,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        run_history=False,
        footer_links=[],
        theme=theme(),
        head=_HEAD,
    )


def app_options() -> dict[str, Any]:
    """Return what the web application has beyond Gradio's own: headers, and our style sheet and script."""
    routes = [Route(f"/smallprint/{name}", _asset(name, kind)) for name, kind in _ASSETS.items()]
    return {
        "middleware": [Middleware(SecurityHeaders)],
        "routes": routes,
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
    }


def _asset(name: str, kind: str) -> Callable[[Request], Response]:
    content = (files("nlp.web") / name).read_bytes()

    def respond(request: Request) -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    return respond


def serve(name: str | None = None, port: str | None = None, load: Callable[[], Engine] = load_engine) -> int:
    """Serve until interrupted and return the exit code: 2 for a bad address, 1 where the models do not load."""
    try:
        address = Address.from_environment(name, port)
        address.check_free()
    except AddressError as e:
        print(f"smallprint: {e}", file=sys.stderr)
        return 2
    engine = load_in_background(load)
    page = build(engine)
    launch(page, address)
    print(f"smallprint is at {address.url} and loads its models", flush=True)
    failure = engine.exception()
    if failure is not None:
        print(f"smallprint: the models could not be loaded: {failure}", file=sys.stderr)
        page.close(verbose=False)
        return 1
    print("ready", flush=True)
    page.block_thread()
    return 0
