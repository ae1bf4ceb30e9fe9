"""Make an index over the clauses of a batch result."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.types import DocumentError
from nlp.encoder import Encoder
from nlp.errors import RunError
from nlp.search.choose import IndexKind, Plan, choose
from nlp.search.embed import PROGRESS, Report, embed, stored_vectors
from nlp.search.gather import Gathered, gather
from nlp.search.layout import CONFIG, KIND, VERSION, read_config, read_json, sizes, write_json
from nlp.search.source import BatchResult
from nlp.search.vector_index import build_vector_index

FOLDER = "index"
"""Where the index of a batch result is, unless it is said otherwise: a folder in the result's."""

_STATE, _GATHERED = ".making.json", ".gathered.json"


@dataclass(frozen=True, slots=True)
class Made:
    """An index that was made, or was there before (`fresh` is False).

    `embedded` is how many distinct clauses this run embedded, `megabytes` the size of the folder in 10^6 bytes.
    """

    folder: Path
    plan: Plan
    statements: int
    clauses: int
    distinct: int
    embedded: int
    megabytes: float
    fresh: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what was made as the command line prints it."""
        return asdict(self) | {"folder": str(self.folder)}


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def make_index(
    result: BatchResult,
    out: Path,
    encoder: Encoder,
    *,
    kind: IndexKind | None = None,
    report: Report = silent,
) -> Made:
    """Index the clauses of a batch result into a folder, which appears whole or not at all.

    A run that was cut off goes on with the clauses that it had not embedded yet, in a hidden folder beside `out`.

    Raises `DocumentError` for a damaged batch result or an `out` that is something else, `RunError` where another run
    is at work or the disk is full.
    """
    _check_out(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _alone(out), _disk(out):
        there = _there_before(result, out, encoder, kind)
        if there:
            return there
        making = out.with_name(f".{out.name}-making")
        _prepare(making, {"result": result.fingerprint, "encoder": encoder.fingerprint, "version": VERSION})
        _take_over(out, making, result, encoder)
        gathered = _gathered(result, making, report)
        embedded = embed(making, gathered, encoder, report)
        plan = choose(gathered.distinct, encoder.dimensions, kind)
        for left in making.glob("*.faiss"):
            left.unlink()
        build_vector_index(stored_vectors(making, gathered.distinct, encoder.dimensions), plan, making, report)
        _finish(making, out, result, gathered, plan, encoder)
        return _made(out, embedded, fresh=True)


def _check_out(out: Path) -> None:
    """Refuse to write over what is not an index."""
    if out.exists() and not (out.is_dir() and ((read_json(out / CONFIG) or {}).get("kind") == KIND)):
        raise DocumentError(f"{out} is there and is not a {KIND}; give another folder with --out")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    lock = FileLock(out.with_name(f".{out.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as e:
        raise RunError(f"another run is making {out}; wait for it") from e
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _disk(out: Path) -> Iterator[None]:
    """Say in one line that the disk is full; what is done so far stays for the next run."""
    try:
        yield
    except OSError as e:
        raise RunError(f"cannot write {out}: {e.strerror or e}; make room and run it again, it goes on") from e
    except RuntimeError as e:
        # FAISS says what the system told it in the middle of a long message.
        if isinstance(e, RunError) or "No space left" not in str(e):
            raise
        raise RunError(f"cannot write {out}: No space left on device; make room and run it again, it goes on") from e


def _there_before(result: BatchResult, out: Path, encoder: Encoder, kind: IndexKind | None) -> Made | None:
    if not out.is_dir():
        return None
    try:
        config = read_config(out)
        plan = Plan.from_dict(config["plan"])
        wanted = choose(int(config["distinct"]), encoder.dimensions, kind)
    except (RunError, KeyError, TypeError, ValueError):
        return None
    same = config.get("result") == result.fingerprint and config.get("encoder") == encoder.fingerprint
    return _made(out, 0, fresh=False) if same and plan == wanted else None


def _prepare(making: Path, state: dict[str, Any]) -> None:
    """Keep what an earlier run made of the same clauses, and nothing of another."""
    if making.exists() and read_json(making / _STATE) != state:
        shutil.rmtree(making)
    making.mkdir(exist_ok=True)
    write_json(making / _STATE, state)


def _take_over(out: Path, making: Path, result: BatchResult, encoder: Encoder) -> None:
    """Use the clauses and vectors of an index that differs in its kind alone: to embed them again may take days."""
    try:
        config = read_config(out)
        gathered = {field.name: config[field.name] for field in fields(Gathered)}
    except (RunError, KeyError):
        return
    same = config.get("result") == result.fingerprint and config.get("encoder") == encoder.fingerprint
    if not same or (making / _GATHERED).exists():
        return
    for left in making.iterdir():
        if left.name != _STATE:
            left.unlink()
    for name in config["files"]:
        if not name.endswith(".faiss"):
            _link(out / name, making / name)
    write_json(making / PROGRESS, {"done": gathered["distinct"]})
    write_json(making / _GATHERED, gathered)


def _link(there: Path, here: Path) -> None:
    try:
        here.hardlink_to(there)
    except OSError:
        # Not every file system has links.
        shutil.copyfile(there, here)


def _gathered(result: BatchResult, making: Path, report: Report) -> Gathered:
    known = read_json(making / _GATHERED)
    if known:
        return Gathered(**(known | {"parts": tuple(known["parts"])}))
    for left in making.iterdir():
        if left.name != _STATE:
            left.unlink()
    report("gathering", 0, 1)
    gathered = gather(result, making)
    write_json(making / _GATHERED, asdict(gathered))
    report("gathering", 1, 1)
    return gathered


def _finish(making: Path, out: Path, result: BatchResult, gathered: Gathered, plan: Plan, encoder: Encoder) -> None:
    """Give the folder its configuration and then its name."""
    config = {
        "kind": KIND,
        "version": VERSION,
        "result": result.fingerprint,
        "encoder": encoder.fingerprint,
        "dimensions": encoder.dimensions,
        "plan": plan.as_dict(),
        **asdict(gathered),
        "files": sizes(making),
    }
    write_json(making / CONFIG, config)
    # Before the folder gets its name, so that it is whole even if the power fails.
    for path in making.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for name in (_STATE, _GATHERED, PROGRESS):
        (making / name).unlink(missing_ok=True)
    old = out.with_name(f".{out.name}-old")
    if old.exists():
        shutil.rmtree(old)
    if out.exists():
        out.replace(old)
    making.replace(out)
    if old.exists():
        shutil.rmtree(old)


def _made(out: Path, embedded: int, *, fresh: bool) -> Made:
    config = read_config(out)
    return Made(
        folder=out,
        plan=Plan.from_dict(config["plan"]),
        statements=config["statements"],
        clauses=config["clauses"],
        distinct=config["distinct"],
        embedded=embedded,
        megabytes=round(sum(config["files"].values()) / 1e6, 1),
        fresh=fresh,
    )
