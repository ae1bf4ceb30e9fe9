"""Files of a bulk run: listed with their size and date, and read only where the work is done."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from corpus.inputs.types import Document, Unreadable
from corpus.load import MAX_BYTES


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that has been seen and not been opened.

    `path` opens it, `source` is the same as text that can be printed and stored, which not every name is. `size` is in
    bytes, `changed_at` in nanoseconds since 1970, as they were when it was listed.
    """

    id: str
    source: str
    path: str
    size: int
    changed_at: int

    def load(self) -> Document | Unreadable:
        """Read the file, or say why it cannot be read; a file that has changed since it was listed is not read."""
        try:
            with Path(self.path).open("rb") as file:
                before = os.fstat(file.fileno())
                # No more than the limit, whatever the file system says of its size.
                data = file.read(MAX_BYTES + 1)
                after = os.fstat(file.fileno())
        except (OSError, ValueError) as e:
            return Unreadable(self.id, self.source, f"it cannot be read: {reason_of(e)}")
        if any((seen.st_size, seen.st_mtime_ns) != (self.size, self.changed_at) for seen in (before, after)):
            return Unreadable(self.id, self.source, "it changed while it was read; run again when it is at rest")
        if len(data) > MAX_BYTES:
            return Unreadable(self.id, self.source, too_large(self.size))
        return Document(self.id, self.source, data, printable(Path(self.path).name))


def list_file(path: str) -> ListedFile | Unreadable:
    """Return a file as it stands now, or why it cannot be a document."""
    source = printable(path)
    try:
        seen = Path(path).stat()
    except (OSError, ValueError) as e:
        return Unreadable(source, source, f"it cannot be read: {reason_of(e)}")
    # To open a pipe or a device may take for ever.
    if not stat.S_ISREG(seen.st_mode):
        return Unreadable(source, source, "it is no file but a pipe, a socket or a device")
    if seen.st_size > MAX_BYTES:
        return Unreadable(source, source, too_large(seen.st_size))
    return ListedFile(source, source, path, seen.st_size, seen.st_mtime_ns)


def too_large(size: int) -> str:
    """Return why a document of so many bytes is not read."""
    return f"it has {size:,} bytes, and {MAX_BYTES:,} is the limit; give the policy alone"


def reason_of(error: Exception) -> str:
    """Return what an error says, on one line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())


def printable(path: str) -> str:
    """Return a path as text that can be stored: bytes of a name that are no text become escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
