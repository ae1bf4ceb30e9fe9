"""The shape in which documents of a bulk run travel before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """A document that has not been read yet.

    `id` is its own within a run and the same in every run over the same input; `source` says where it stands (a path,
    or "FILE#ROW" for a row of a table). `content` is the bytes of a file or the text of a cell; `name` is the file
    name, which tells the format where the content does not. `provenance` holds what the input says about it (an
    address, a date).
    """

    id: str
    source: str
    content: bytes | str
    name: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that cannot be read, and why, in one line."""

    id: str
    source: str
    reason: str
