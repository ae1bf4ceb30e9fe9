"""Walk folders in the order of their names, whatever links they hold."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from corpus.inputs.files import printable, reason_of
from corpus.inputs.types import Unreadable

MARKS = ("store.json", "state.json", "dataset_dict.json", "batch.json")
"""What a folder holds that is read as a whole: an archive's store, a data set, the result of a bulk run."""


def walk(folder: str, *, leave_out: Collection[Path] = ()) -> Iterator[str | Unreadable]:
    """Yield the paths of files below a folder, and of folders that have one of `MARKS`, which are not walked.

    Files and folders come in the order of their names; hidden ones, whose name starts with a dot, and those in
    `leave_out` (resolved paths) are passed over. Links are followed, and a folder that a link leads to a second time
    (a loop, say) is yielded as `Unreadable`, as is one that cannot be listed.
    """
    seen: set[tuple[int, int]] = set()
    # Names still to be visited, the next one last: recursion would end at the depth of the stack.
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not Path(path).is_dir():
            yield path
            continue
        if real_path(path) in leave_out:
            continue
        try:
            state = Path(path).stat()
            if (state.st_dev, state.st_ino) in seen:
                yield _unreadable(path, "it is a link to a folder that is read already")
                continue
            seen.add((state.st_dev, state.st_ino))
            # A path object for each of a million names would take five times as much memory.
            names = os.listdir(path)  # noqa: PTH208
        except OSError as e:
            yield _unreadable(path, f"the folder cannot be listed: {reason_of(e)}")
            continue
        if path != folder and not set(MARKS).isdisjoint(names):
            yield path
            continue
        waiting += (str(Path(path) / name) for name in sorted(names, reverse=True) if not name.startswith("."))


def real_path(path: str) -> Path:
    """Return where a path leads to; unlike `Path.resolve` it takes links that lead nowhere."""
    return Path(os.path.realpath(path))


def mark_of(folder: Path) -> str | None:
    """Return which of `MARKS` a folder holds, if any."""
    return next((mark for mark in MARKS if (folder / mark).is_file()), None)


def _unreadable(path: str, reason: str) -> Unreadable:
    source = printable(path)
    return Unreadable(source, source, reason)
