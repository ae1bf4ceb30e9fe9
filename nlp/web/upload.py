"""Tell what was uploaded from what can be read, before anything reads it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from corpus.types import DocumentError

FILE_TYPES: Final = [".md", ".html", ".htm", ".txt", ".pdf", ".docx"]
_DOCUMENT: Final = "word/document.xml"


def check_upload(name: str, data: bytes) -> None:
    """Raise `DocumentError` where a file is of a type that is not read here, or an archive, whatever its name says.

    The browser does not offer visitors other types, but they can ask for all, and a program need not ask the browser.
    """
    if Path(name).suffix.lower() not in FILE_TYPES:
        raise DocumentError(f"{name} is of a type that is not read here; upload Markdown, HTML, text, PDF or DOCX")
    if _is_archive(data):
        raise DocumentError(f"{name} is an archive of files, whatever its name says; upload the policy that is in it")


def _is_archive(data: bytes) -> bool:
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _DOCUMENT not in packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        # Damaged: whoever reads DOCX says so.
        return False
