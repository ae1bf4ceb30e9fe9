"""Write a file so that it appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole_file(path: Path, *, mark: str = "", durable: bool = True) -> Iterator[Path]:
    """Give a path to write to, and rename it to `path` once that is done; what fails leaves what was there.

    The scratch file has a hidden name beside it, in which `mark` tells the writers of one file apart. A `durable` file
    is there even if the power fails the moment after. Raises `OSError`.
    """
    scratch = path.with_name(f".{path.name[:200]}{mark}.part")
    try:
        yield scratch
        if durable:
            with scratch.open("r+b") as file:
                os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file outlast a power cut, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
