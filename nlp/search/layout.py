"""How an index folder is laid out, and how it is checked before anything in it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corpus.whole_file import whole_file
from nlp.errors import RunError

KIND, VERSION = "search-index", 1

CONFIG = "config.json"
INDEX = "index.faiss"
VECTORS = "vectors.f16"
STARTS = "starts.i64"
MASKS = "masks.u16"
WORDS = "words.u64"
STATEMENTS = "statements.arrow"


def clause_file(number: int) -> str:
    """Return the name of the file that holds one part of the clauses."""
    return f"clauses-{number:05d}.arrow"


def cells_file(number: int) -> str:
    """Return the name of the file that holds the cells of one part of the vectors."""
    return f"cells-{number:05d}.faiss"


class IndexFolderError(RunError):
    """An index folder is missing, torn, or of another format. The message names it and says what to do."""


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a JSON file so that it appears whole or not at all."""
    with whole_file(path, durable=False) as scratch:
        scratch.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what a JSON file holds, or None where there is none or it holds no object."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def sizes(folder: Path) -> dict[str, int]:
    """Return the size in bytes of each file of an index folder but its configuration."""
    return {
        p.name: p.stat().st_size for p in sorted(folder.iterdir()) if p.name != CONFIG and not p.name.startswith(".")
    }


def read_config(folder: Path) -> dict[str, Any]:
    """Return the configuration of an index whose files are all there; raises `IndexFolderError`.

    Files are mapped into memory, not read: one that is too short would end the process when it is touched.
    """
    if not folder.is_dir() or not (folder / CONFIG).is_file():
        raise IndexFolderError(f"{folder} holds no {KIND}: {CONFIG} is missing; make one with `smallprint index`")
    config = read_json(folder / CONFIG)
    if config is None:
        raise IndexFolderError(f"{folder} is damaged: {CONFIG} cannot be read; index again")
    if config.get("kind") != KIND or config.get("version") != VERSION:
        raise IndexFolderError(f"{folder} is not a {KIND} of format {VERSION}; index again with this release")
    try:
        files = {str(name): int(size) for name, size in config["files"].items()}
    except (KeyError, AttributeError, TypeError, ValueError) as e:
        raise IndexFolderError(f"{folder} is damaged: {CONFIG} does not list its files; index again") from e
    for name, size in files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file() or path.stat().st_size != size:
            raise IndexFolderError(f"{folder} is damaged: {name} is missing or torn; index again")
    return config


def mapped(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """Map an array of raw numbers into memory; raises `IndexFolderError` where the file has another size."""
    if path.stat().st_size != np.dtype(dtype).itemsize * int(np.prod(shape)):
        raise IndexFolderError(f"{path.parent} is damaged: {path.name} does not fit {CONFIG}; index again")
    # An empty file cannot be mapped.
    return np.memmap(path, dtype, "r", shape=shape) if all(shape) else np.zeros(shape, dtype)
