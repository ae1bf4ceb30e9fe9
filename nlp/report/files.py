"""Write a report to a file."""

from __future__ import annotations

import os
from pathlib import Path

from nlp.errors import RunError


def write_whole(path: Path, text: str) -> None:
    """Write text so that the file appears whole or not at all; raises `RunError`."""
    path = path.resolve()
    # A name of its own for each process: two may write the same report.
    scratch = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        try:
            scratch.write_bytes(text.encode("utf-8", "replace"))
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as e:
        raise RunError(f"cannot write {path}: {e.strerror or e}; give another file") from e
