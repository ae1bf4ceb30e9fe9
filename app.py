"""Start the web app: `python app.py`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Read the arguments, serve the page and return the exit code."""
    parser = argparse.ArgumentParser(prog="app.py", description="Ask a privacy statement in the browser.")
    parser.add_argument("--host", help="address to serve on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    parser.add_argument("--port", help="port to serve on (default: GRADIO_SERVER_PORT or 7860)")
    parser.add_argument("--store", type=Path, help="archive store for the tab Archive (default: SMALLPRINT_STORE)")
    parser.add_argument(
        "--allow-fetch", action="store_true", help="let visitors give addresses of pages of the public web"
    )
    parser.add_argument("--mcp", action="store_true", help="serve ask, clauses and compare as tools of MCP as well")
    options = parser.parse_args(argv)

    from nlp.web.startup import uncollected

    with uncollected():
        from nlp.web.server import serve

    try:
        return serve(options.host, options.port, store=options.store, allow_fetch=options.allow_fetch, mcp=options.mcp)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
