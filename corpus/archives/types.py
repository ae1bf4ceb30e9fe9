"""The shape in which archived versions travel, whatever archive they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ArchiveKind = Literal["open-terms-archive", "princeton-leuven", "folder", "wayback"]
TextFormat = Literal["markdown", "html", "text"]
Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document of a service, as an archive holds it.

    `service` and `document` ("Privacy Policy") name what it is a version of; archives yield the versions of one
    document in the order in which they were archived, which is that of parentage in a git history. `reference` finds
    it again: a commit and a path in it ("COMMIT:PATH"), an address, or a path below the folder that was read.
    `observed_at` is when it was archived, in UTC; two versions may have the same. `subject` is what the archivist wrote
    on it, `technical` whether it was made by a change of the archivist's own tools ("Refilter", "Apply technical or
    declaration upgrade on") or names. `text` is the document as it was stored, in the `format` that
    `corpus.load.load_text` takes as its kind; PDF and DOCX are Markdown already. `warnings` say what is doubtful about
    it, and `url` is where else it can be seen. `precision` is how exactly the archive says when: of a month or a year,
    `observed_at` is the beginning.
    """

    service: str
    document: str
    archive: ArchiveKind
    reference: str
    observed_at: datetime
    text: str
    subject: str | None = None
    technical: bool = False
    warnings: tuple[str, ...] = ()
    url: str | None = None
    format: TextFormat = "markdown"
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of an archive that gives no version; `reason` says why and what to do, and the rest is read all the same.

    `reference` is as in `Version`, or "manifest.jsonl:LINE" where a line of a manifest is wrong.
    """

    reference: str
    reason: str
