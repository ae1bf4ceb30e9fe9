"""What a store was made with: kept in `store.json`, so that nothing made otherwise is ever mixed in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from corpus.types import DocumentError
from corpus.whole_file import whole_file
from nlp.errors import RunError
from nlp.store.schema import FORMAT

FILE: Final = "store.json"
LOCK: Final = ".lock"
_KIND: Final = "smallprint-archive"
# Why another one of each cannot go into the store, as the rest of a sentence.
_MADE_BY: Final = {
    "reading": "by a release that reads documents otherwise",
    "mode": "in another mode",
    "classifier": "with another classifier",
    "encoder": "with another encoder",
    "labels": "with other categories",
    "dimensions": "with vectors of another length",
}


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """Fingerprints of what made a store: of how documents are read and cut into clauses, of tags and of vectors."""

    reading: str
    mode: str
    classifier: str
    encoder: str
    labels: tuple[str, ...]
    dimensions: int


def read_config(folder: Path) -> StoreConfig:
    """Return what a store says of itself; raises `DocumentError` for none, another format or if it may not be read."""
    shown = repr(str(folder))
    try:
        record = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as e:
        hint = "make one with: smallprint archive import ARCHIVE --store DIR"
        what = "is no archive store" if folder.exists() else "does not exist"
        raise DocumentError(f"{shown} {what}; {hint}") from e
    except PermissionError as e:
        raise DocumentError(f"{shown} may not be read by you; ask whoever made it for the right to") from e
    except (OSError, ValueError) as e:
        raise RunError(f"{shown} is damaged: its {FILE} cannot be read; import the archive into a new folder") from e
    if not isinstance(record, dict) or record.get("kind") != _KIND:
        raise DocumentError(f"{shown} is no archive store, whatever its {FILE} is of; give another folder")
    if record.get("format") != FORMAT:
        found = record.get("format")
        raise DocumentError(
            f"{shown} is an archive store of format {found}, and this release has {FORMAT}; import into a new folder"
        )
    return _from_record(record, shown)


def _from_record(record: dict[str, Any], shown: str) -> StoreConfig:
    try:
        return StoreConfig(
            reading=str(record["reading"]),
            mode=str(record["mode"]),
            classifier=str(record["classifier"]),
            encoder=str(record["encoder"]),
            labels=tuple(map(str, record["labels"])),
            dimensions=int(record["dimensions"]),
        )
    except (KeyError, TypeError, ValueError) as e:
        raise RunError(f"{shown} is damaged: its {FILE} lacks {e}; import the archive into a new folder") from e


def check_folder(folder: Path, mode: str | None = None) -> str | None:
    """Refuse a folder that an import in a mode cannot go into; return the mode of the store there, None if it is new.

    Without a mode, any will do. Raises `DocumentError`. Needs no models.
    """
    if (folder / FILE).exists():
        config = read_config(folder)
        if mode not in (None, config.mode):
            raise DocumentError(
                f"{str(folder)!r} was made in the mode {config.mode!r}, not {mode!r}; leave --mode out, or give "
                "another --store"
            )
        return config.mode
    if folder.exists() and not folder.is_dir():
        raise DocumentError(f"{str(folder)!r} is a file; give a new folder as --store")
    if folder.is_dir() and any(path.name != LOCK and not path.name.startswith(f".{FILE}") for path in folder.iterdir()):
        raise DocumentError(f"{str(folder)!r} is no archive store, and has files in it; give a new folder as --store")
    return None


def claim(folder: Path, config: StoreConfig) -> None:
    """Make a folder the store of a configuration, or check that it is; raises `DocumentError`."""
    check_folder(folder, config.mode)
    if not (folder / FILE).exists():
        record = {"kind": _KIND, "format": FORMAT, **asdict(config)}
        with whole_file(folder / FILE, durable=False) as scratch:
            scratch.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        return
    found = read_config(folder)
    for name, made in _MADE_BY.items():
        if getattr(found, name) != getattr(config, name):
            raise DocumentError(f"{str(folder)!r} was made {made}; import the archive into a new folder")
