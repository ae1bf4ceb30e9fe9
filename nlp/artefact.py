"""Folders of trained or computed arrays: a configuration, safetensors, and nothing that can run code."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from nlp.errors import RunError

CONFIG = "config.json"
ARRAYS = "weights.safetensors"

Arrays = Mapping[str, NDArray[Any]]


class ArtefactError(RunError):
    """A folder of arrays is missing, torn, or made for something else. The message names it and says what to do."""


def save(folder: Path, config: Mapping[str, Any], arrays: Arrays, files: Mapping[str, bytes] | None = None) -> None:
    """Write a folder so that it appears whole or not at all; other files in an existing folder are kept."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        made = Path(scratch) / "new"
        if folder.is_dir():
            shutil.copytree(folder, made)
        made.mkdir(exist_ok=True)
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, made / ARRAYS)
        for name, content in (files or {}).items():
            (made / name).write_bytes(content)
        # safetensors writes for the owner alone; what ships is for everyone to read.
        (made / ARRAYS).chmod(0o644)
        (made / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if folder.is_dir():
            folder.replace(Path(scratch) / "old")
        made.replace(folder)


def load(folder: Path, kind: str, version: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the configuration and arrays of a folder of a kind and version; raises `ArtefactError`."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        arrays = load_file(folder / ARRAYS)
    except FileNotFoundError as e:
        # safetensors leaves the name of the file out.
        missing = Path(e.filename).name if e.filename else ARRAYS
        hint = "run from a checkout of the repository, or train it"
        raise ArtefactError(f"{folder} holds no {kind}: {missing} is missing; {hint}") from e
    except (OSError, ValueError, SafetensorError) as e:
        raise ArtefactError(f"{folder} is damaged and cannot be read as a {kind}; make it again") from e
    if not isinstance(config, dict) or config.get("kind") != kind or config.get("version") != version:
        raise ArtefactError(f"{folder} is not a {kind} of format {version}; make it again with this release")
    return config, arrays


def digest(folder: Path) -> str:
    """Return the hex SHA-256 of a folder's arrays as they are stored; raises `ArtefactError`."""
    try:
        return hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
    except OSError as e:
        raise ArtefactError(f"{folder} holds no {ARRAYS}; make it again") from e


def fingerprint(arrays: Arrays, *parts: object) -> str:
    """Return a hex SHA-256 of arrays and of the printed form of other parts."""
    digest = hashlib.sha256(repr(parts).encode())
    for name in sorted(arrays):
        digest.update(f"{name}{arrays[name].shape}{arrays[name].dtype}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()
