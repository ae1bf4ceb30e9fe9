"""Which code reads and segments: what two releases cut differently must not be mixed, in a result or in a cache."""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus import types as corpus_types

_SEGMENTATION = ("boundaries.py", "clauses.py", "types.py")
# Of others, what a text comes out of. Python brings the tables of Unicode.
_LIBRARIES = (
    "beautifulsoup4",
    "charset-normalizer",
    "mammoth",
    "markdown-it-py",
    "markdownify",
    "mdurl",
    "pdfminer.six",
    "pdfplumber",
    "py3langid",
    "python-dateutil",
    "selectolax",
)


def reader_files() -> list[Path]:
    """Return the files of the code of ours that reads and segments."""
    own = Path(__file__).parent.parent
    return sorted(Path(corpus_types.__file__).parent.glob("*.py")) + [own / name for name in _SEGMENTATION]


def reader_fingerprint() -> str:
    """Return a hex SHA-256 of the code that reads and segments and of the versions of what it reads with."""
    return fingerprint_of(reader_files())


def fingerprint_of(files: list[Path]) -> str:
    """Return a hex SHA-256 of files of code and of the versions of what a text comes out of."""
    digest = hashlib.sha256(repr([sys.version_info[:3], *map(_version, _LIBRARIES)]).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
