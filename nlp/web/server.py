"""Serve the page on this machine."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.types import DocumentError
from nlp.errors import RunError
from nlp.web.body_limit import BodyLimit
from nlp.web.desk import MAX_UPLOAD_MB, Engine
from nlp.web.headers import SecurityHeaders
from nlp.web.page import build
from nlp.web.shown import keep_forgetting
from nlp.web.startup import share_memory_among_threads, uncollected
from nlp.web.upload import FILE_TYPES

if TYPE_CHECKING:
    from nlp.web.shelf import Shelf

DEFAULT_NAME: Final = "127.0.0.1"
DEFAULT_PORT: Final = 7860
STORE_VARIABLE: Final = "SMALLPRINT_STORE"
FETCH_VARIABLE: Final = "SMALLPRINT_ALLOW_FETCH"
MCP_VARIABLE: Final = "SMALLPRINT_MCP"
# Gradio keeps what each visitor's page shows, of ten thousand by default, which were four gigabytes. A page that is let
# go of goes on: the keys of its statements, it holds itself.
_SESSIONS: Final = 200
# In the order in which they are loaded: what later ones need stands in the first.
_STYLES: Final = ("style.css", "read.css")
_SCRIPTS: Final = ("script.js", "tabs.js", "find.js", "read.js", "trouble.js")
_HEAD: Final = (
    "".join(f'<link rel="stylesheet" href="smallprint/{name}">' for name in _STYLES)
    + "".join(f'<script src="smallprint/{name}" defer></script>' for name in _SCRIPTS)
    + '<meta name="color-scheme" content="light dark">'
    # The script has the boxes for files offer these, and refuses larger ones before they are sent.
    + f'<meta name="smallprint-types" content="{",".join(FILE_TYPES)}">'
    + f'<meta name="smallprint-megabytes" content="{MAX_UPLOAD_MB}">'
)


class SwitchError(ValueError):
    """Something cannot be switched on. The message says why and what to do, in one line."""


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


def launch(page: gr.Blocks, address: Address, *, mcp: bool = False) -> None:
    """Start serving and return; with `mcp`, what programs call is there as tools of MCP as well."""
    page.launch(
        server_name=address.name,
        server_port=address.port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        show_error=False,
        state_session_capacity=_SESSIONS,
        max_file_size=f"{MAX_UPLOAD_MB}mb",
        app_kwargs=app_options(),
        # These would add a second server, a telemetry page, or API pages that nobody needs here.
        ssr_mode=False,
        num_workers=0,
        enable_monitoring=False,
        mcp_server=mcp,
        pwa=False,
        run_history=False,
        footer_links=[],
        theme=theme(),
        head=_HEAD,
    )
    keep_forgetting(page.app.state_holder)


def app_options() -> dict[str, Any]:
    """Return what the web application has beyond Gradio's own: headers, and our style sheet and script."""
    kinds = dict.fromkeys(_STYLES, "text/css") | dict.fromkeys(_SCRIPTS, "text/javascript")
    routes = [Route(f"/smallprint/{name}", _asset(name, kind)) for name, kind in kinds.items()]
    return {
        "middleware": [Middleware(SecurityHeaders), Middleware(BodyLimit)],
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


def open_shelf(folder: Path | None = None) -> Shelf | None:
    """Open the archive store of a folder, or of the environment; None where neither names one.

    Raises `DocumentError` where there is no store, `RunError` where it is damaged.
    """
    given = folder or (Path(named) if (named := os.environ.get(STORE_VARIABLE)) else None)
    if given is None:
        return None
    # The libraries that read a store take seconds to import.
    from nlp.web.shelf import Shelf

    return Shelf.open(given)


def is_on(variable: str) -> bool:
    """Tell whether a variable of the environment switches something on; anything but a clear yes does not."""
    return os.environ.get(variable, "").strip().lower() in ("1", "true", "yes", "on")


def serve(
    name: str | None = None,
    port: str | None = None,
    load: Callable[[], Engine] = load_engine,
    *,
    store: Path | None = None,
    allow_fetch: bool = False,
    mcp: bool = False,
) -> int:
    """Serve until interrupted and return the exit code.

    `store` is the folder of an archive store for the tab Archive. `allow_fetch` lets visitors name pages for the server
    to fetch, `mcp` makes tools of what programs call; the environment can switch both on. The code is 2 for a bad
    address, a folder that is no store or a switch that needs what is not installed, 1 where the models do not load or
    the store is damaged.
    """
    mcp = mcp or is_on(MCP_VARIABLE)
    try:
        if mcp and find_spec("mcp") is None:
            raise SwitchError("MCP needs a package that is not installed; run pip install 'smallprint[mcp]'")
        address = Address.from_environment(name, port)
        address.check_free()
        shelf = open_shelf(store)
    except (AddressError, SwitchError, DocumentError, RunError) as e:
        print(f"smallprint: {e}", file=sys.stderr)
        return 1 if isinstance(e, RunError) else 2
    share_memory_among_threads()
    with uncollected():
        engine = load_in_background(load)
        page = build(engine, shelf, allow_fetch=allow_fetch or is_on(FETCH_VARIABLE))
        launch(page, address, mcp=mcp)
        print(f"smallprint is at {address.url} and loads its models", flush=True)
        failure = engine.exception()
    if failure is not None:
        print(f"smallprint: the models could not be loaded: {failure}", file=sys.stderr)
        page.close(verbose=False)
        return 1
    print("ready", flush=True)
    page.block_thread()
    return 0
