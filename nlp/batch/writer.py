"""The folder of a result: whose it is, what is done, and parts that are there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from filelock import FileLock, Timeout

from corpus.types import DocumentError
from corpus.whole_file import whole_file
from nlp.batch.schema import KIND, TABLES, VERSION
from nlp.batch.work import Parts
from nlp.errors import RunError

CONFIG = "batch.json"
_LOCK = ".lock"
_SHOWN = 40
_ELSE = "give another --out, or --restart to begin again"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a result is made of and with; two runs with the same plan have the same result.

    `model` is the fingerprint of the classifier, `reader` that of the code that reads and segments, `options` are those
    that change what is read, `input` the digest of what was listed and `documents` its length. `inputs` are the places
    as they were given, which ids and sources begin with.
    """

    mode: str
    model: str
    labels: tuple[str, ...]
    reader: str
    options: Mapping[str, Any]
    input: str
    documents: int
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultFolder:
    """A folder that this process alone writes to."""

    path: Path
    plan: Plan

    def done(self) -> frozenset[int]:
        """Return the numbers of the chunks whose parts are all there; `tidy` leaves no others that are damaged."""
        return frozenset(_number(part) for part in (self.path / "statements").glob("part-*.parquet"))

    def _is_whole(self, name: str) -> bool:
        """Tell whether the parts of a name can be read, with as many clauses as their statements have."""
        try:
            counts = pq.read_table(self.path / "statements" / name, columns=["clauses"], partitioning=None)["clauses"]
            clauses, _ = (rows_in(self.path / table / name) for table in ("clauses", "errors"))
        except (OSError, KeyError, pa.ArrowException):
            return False
        return bool(clauses == (pc.sum(counts).as_py() or 0))

    def tidy(self) -> None:
        """Remove what an interrupted run left half done, and what was damaged since: that is done again."""
        parts = (self.path / "statements").glob("part-*.parquet")
        done = {_number(part) for part in parts if self._is_whole(part.name)}
        for table in TABLES:
            folder = self.path / table
            folder.mkdir(exist_ok=True)
            for file in folder.iterdir():
                if file.name.startswith(".") or (file.name.startswith("part-") and _number(file) not in done):
                    file.unlink()

    def commit(self, parts: Parts) -> None:
        """Write the parts of a chunk; that of the statements comes last and says that the others are there.

        Raises `RunError` where the disk is full or cannot be written to; what is there stays as it is.
        """
        if parts.model != self.plan.model:
            raise RunError("a worker has another model than this process; have the same models/ everywhere")
        for table in TABLES:
            if table in parts.files:
                write_whole(self.path / table / f"part-{parts.number:05d}.parquet", parts.files[table])

    def finish(self, counts: Mapping[str, int]) -> None:
        """Say that the result is complete."""
        _write_config(self.path, self.plan, {"complete": True, **counts})


@contextmanager
def result_folder(path: Path, plan: Plan, *, restart: bool = False) -> Iterator[ResultFolder]:
    """Open the folder of a result, new or to go on with; `restart` removes the result that is there.

    Raises `DocumentError` where the folder holds something else, or a result of another version, model, input or
    option, and `RunError` where another run writes to it, or it cannot be written to.
    """
    if path.exists() and not path.is_dir():
        raise DocumentError(f"{path} is a file; give a folder as --out")
    # Before anything is put there, the lock included.
    _refuse_other(path)
    with _locked(path):
        made = _config(path)
        if made is not None and not restart:
            _compare(path, made, plan)
        folder = ResultFolder(path, plan)
        try:
            if made is not None and restart:
                _remove(path)
            if made is None or restart:
                _write_config(path, plan, {"complete": False})
            folder.tidy()
        except OSError as e:
            raise write_error(path, e) from e
        yield folder


def begun_with(path: Path) -> tuple[str, ...]:
    """Return the inputs of the result in a folder as they were given, none where it holds none or does not say.

    Raises `DocumentError` where the folder holds something else.
    """
    made = _config(path) if path.is_dir() else None
    inputs = (made or {}).get("inputs")
    return tuple(map(str, inputs)) if isinstance(inputs, list) else ()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = FileLock(path / _LOCK, blocking=False)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as e:
        raise RunError(f"another run writes to {path}; wait for it, or give another --out") from e
    except OSError as e:
        raise write_error(path, e) from e
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, even if the power fails; raises `RunError`."""
    try:
        with whole_file(path) as scratch:
            scratch.write_bytes(content)
    except OSError as e:
        raise write_error(path, e) from e


def write_error(path: Path, error: OSError) -> RunError:
    """Return what to say of a failed write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunError(f"the disk is full: cannot write {path}; make room and run it again: it goes on from here")
    return RunError(f"cannot write {path}: {error.strerror or error}")


def _refuse_other(path: Path) -> None:
    """Refuse a folder with anything in it that no run has put there."""
    if not path.is_dir() or (path / CONFIG).exists():
        return
    if any(not name.startswith(".") for name in os.listdir(path)):  # noqa: PTH208
        raise DocumentError(f"{path} holds something else and no {CONFIG}; give a new or an empty folder as --out")


def _config(path: Path) -> dict[str, Any] | None:
    """Return what made the result in a folder, None if there is none; raises `DocumentError` if it is not ours."""
    try:
        made = json.loads((path / CONFIG).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as e:
        raise DocumentError(f"{path / CONFIG} is damaged; give another --out") from e
    if not isinstance(made, dict) or made.get("kind") != KIND:
        raise DocumentError(f"{path / CONFIG} is not that of a bulk run; give another --out")
    return made


def _compare(path: Path, made: Mapping[str, Any], plan: Plan) -> None:
    if made.get("version") != VERSION:
        raise DocumentError(f"{path} has format {made.get('version')}, this release writes format {VERSION}; {_ELSE}")
    planned = json.loads(json.dumps(asdict(plan)))
    # The model goes with the mode, and another release may have other options.
    for name in ("mode", "model", "reader", "options", "input"):
        if made.get(name) != planned[name]:
            raise DocumentError(f"{path} was begun with {_apart(name, made.get(name), planned[name])}; {_ELSE}")


def _apart(name: str, begun: Any, now: Any) -> str:
    """Return in words what a result was begun with and this run has not."""
    if name == "reader":
        return "another release of smallprint or of a library"
    if name == "input":
        return "other input, or the input has changed"
    if name != "options":
        return f"the {name} {_shown(begun)}, and this run has {_shown(now)}"
    begun = begun if isinstance(begun, dict) else {}
    changed = [option for option in {**now, **begun} if begun.get(option) != now.get(option)]
    before, after = (
        ", ".join(f"{_option(option, options.get(option))}" for option in changed) for options in (begun, now)
    )
    return f"{before}, and this run has {after}"


def _option(name: str, value: Any) -> str:
    said = f"--{name.replace('_', '-')}"
    return f"no {said}" if value is None else f"{said} {_shown(value)}"


def _shown(value: Any) -> str:
    """Return a value on one line; the start of a fingerprint is enough to tell it from another."""
    return " ".join(str(value).split())[:_SHOWN]


def _write_config(path: Path, plan: Plan, state: Mapping[str, Any]) -> None:
    config = {"kind": KIND, "version": VERSION, **asdict(plan), **state}
    # In ASCII, as the name of a file may be no text.
    write_whole(path / CONFIG, (json.dumps(config, indent=1) + "\n").encode())


def _remove(path: Path) -> None:
    """Remove a result, the statement that it is one last, and nothing else."""
    for table in TABLES[::-1]:
        if (path / table).is_dir():
            shutil.rmtree(path / table)
    (path / CONFIG).unlink()


def rows_in(part: Path) -> int:
    """Return how many rows a part has; one that is not there has none."""
    return int(pq.read_metadata(part).num_rows) if part.exists() else 0


def _number(part: Path) -> int:
    digits = part.stem.removeprefix("part-")
    return int(digits) if digits.isdigit() else -1
