"""Measure the memory of a command and of all processes that it starts, as Linux counts it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nlp.errors import RunError

_PROC = Path("/proc")
_EVERY_SECONDS = 0.1


def peak_memory(command: Sequence[str]) -> int:
    """Run a command and return the most bytes that it and its descendants held at once; raises `RunError`.

    Pages that they share are counted once: it is the sum of proportional set sizes, looked at ten times a second.
    """
    if not _PROC.is_dir():
        raise RunError("memory is measured on Linux only: there is no /proc here")
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, sum(_bytes_of(pid) for pid in descendants(process.pid)))
            time.sleep(_EVERY_SECONDS)
        said = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise RunError(f"{command[0]} failed: {' '.join(said.split())[-300:]}")
    return peak


def descendants(pid: int) -> list[int]:
    """Return a process and all that it has started, directly or not."""
    parents: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                # The name of the program, in brackets, may hold anything.
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def _bytes_of(pid: int) -> int:
    with suppress(OSError, ValueError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    return 0
