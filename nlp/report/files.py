"""Write a report to a file."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.whole_file import whole_file
from nlp.errors import RunError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a report so that the file appears whole or not at all; raises `RunError`."""
    # Not `Path.resolve`, which fails on a link that leads to itself.
    path = Path(os.path.realpath(path))
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        # Two processes may write the same report.
        with whole_file(path, mark=f".{os.getpid()}", durable=False) as scratch:
            scratch.write_bytes(data)
    except OSError as e:
        raise RunError(f"cannot write {path}: {e.strerror or e}; give another file") from e
