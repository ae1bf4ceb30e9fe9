"""Write what was made of a timeline to a file."""

from __future__ import annotations

import os
from pathlib import Path

from nlp.errors import RunError


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all; raises `RunError`."""
    path = path.resolve()
    scratch = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        try:
            scratch.write_bytes(content)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as e:
        raise RunError(f"cannot write {path}: {e.strerror or e}; give another file") from e
