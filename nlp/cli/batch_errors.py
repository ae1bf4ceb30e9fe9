"""What a bulk run could not read, and why, for people: a few lines at its end, and all of it when asked for."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath

import click

from corpus.types import DocumentError
from nlp.cli.output import one_line, print_json
from nlp.errors import RunError

_ALL, _SHOWN, _REASONS = 10, 5, 5


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read: its place in the input, its id, where it stands, and why."""

    number: int
    statement_id: str
    source: str
    reason: str

    @property
    def why(self) -> str:
        """The reason without the name of the file, so that those of two files may be the same."""
        name = PurePath(self.source).name
        if self.reason.startswith(f"{name} "):
            return f"it{self.reason.removeprefix(name)}"
        return self.reason.removeprefix(f"{name}: ")

    @property
    def line(self) -> str:
        """The document and the reason on one line."""
        return one_line(f"{self.source}: {self.why}")


def unread_of(out: Path) -> list[Unread]:
    """Return what the result in a folder could not read, in the order of the input.

    Raises `DocumentError` where the folder holds no result, and `RunError` where a table is damaged.
    """
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    if not (out / "batch.json").is_file():
        raise DocumentError(f"{str(out)!r} holds no result of smallprint batch; give as --out the folder that has one")
    found = []
    for part in sorted((out / "errors").glob("part-*.parquet")):
        # A part that a killed run left without its statements is done again.
        if not (out / "statements" / part.name).exists():
            continue
        try:
            rows = pq.read_table(part, columns=list(Unread.__slots__), partitioning=None).to_pylist()
        except (OSError, pa.ArrowException, KeyError, ValueError) as e:
            raise RunError(f"{part} is damaged; run smallprint batch with --restart") from e
        found += [Unread(**row) for row in rows]
    return found


def print_all(out: Path, as_json: bool) -> None:
    """Print every document that could not be read, a line for each."""
    found = unread_of(out)
    if as_json:
        print_json({"out": str(out), "errors": [asdict(one) for one in found]})
        return
    for one in found:
        click.echo(one.line)
    if not found:
        click.echo(f"smallprint: nothing in {out} could not be read", err=True)


def print_some(out: Path) -> None:
    """Say on standard error what could not be read: all if it is little, or else the commonest reasons and examples."""
    from nlp.report.words import plural

    found = unread_of(out)
    if not found:
        return
    click.echo(f"smallprint: {plural(len(found), 'document')} could not be read:", err=True)
    few = len(found) <= _ALL
    for line in [] if few else _reasons(found):
        click.echo(f"  {one_line(line)}", err=True)
    for one in found if few else found[:_SHOWN]:
        click.echo(f"  {one.line}", err=True)
    if not few:
        click.echo(f"  ... and {len(found) - _SHOWN:,} more; all of them: {all_of(out)}", err=True)


def all_of(out: Path) -> str:
    """Return the command that prints everything that could not be read."""
    return f"smallprint batch --errors --out {shlex.quote(str(out))}"


def _reasons(found: Sequence[Unread]) -> list[str]:
    counts = Counter(one.why for one in found).most_common()
    told = [f"{count:,} times: {why}" for why, count in counts[:_REASONS] if count > 1]
    rest = len(found) - sum(count for why, count in counts[:_REASONS] if count > 1)
    return [*told, f"{rest:,} for other reasons"] if told and rest else told
