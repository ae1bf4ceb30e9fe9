"""Privacy statements as data: reading them, their taxonomy, their archives and the labelled sets."""

from corpus.load import DEFAULT_ID, load_bundled, load_bytes, load_file, load_statement, load_stdin, load_text
from corpus.types import DocumentError, Statement

__all__ = [
    "DEFAULT_ID",
    "DocumentError",
    "Statement",
    "load_bundled",
    "load_bytes",
    "load_file",
    "load_statement",
    "load_stdin",
    "load_text",
]
