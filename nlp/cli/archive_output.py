"""Options, tables and progress that the commands of `smallprint archive` share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlp.cli.output import one_line

if TYPE_CHECKING:
    from nlp.store.importing import Imported

_LINE_EVERY = 100

store_option = click.option(
    "--store",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the store, which `archive import` makes.",
)
document_option = click.option("--document", metavar="NAME", help="Which document, where a service has several.")
quiet_option = click.option("--quiet", is_flag=True, help="Say nothing while it runs.")


def print_table(
    names: Sequence[str], rows: Sequence[Sequence[object]], *, left: int = 0, texts: Sequence[int] = ()
) -> None:
    """Print a table; the first `left` columns and those in `texts` are aligned to the left, numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    for number, row in enumerate([list(names), *cells]):
        aligned = [
            cell.ljust(width) if i < left or i in texts else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.secho("  ".join(aligned).rstrip(), bold=True if number == 0 else None)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else one_line(str(value))


@contextmanager
def import_reporter(quiet: bool) -> Iterator[Callable[[Imported], None] | None]:
    """Give what reports an import on standard error: a bar where that is a terminal, lines otherwise, or nothing."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield _print_import
    else:
        from tqdm import tqdm  # type: ignore[import-untyped]

        with tqdm(unit="version", file=sys.stderr) as bar:

            def report(done: Imported) -> None:
                bar.set_postfix(new=done.added, clauses=done.seen, embedded=done.embedded, refresh=False)
                bar.update()

            yield report


def _print_import(done: Imported) -> None:
    number = done.added + done.there + done.problems
    if number % _LINE_EVERY == 0:
        click.echo(
            f"{number:,} versions, {done.added:,} new; {done.seen:,} clauses seen, {done.embedded:,} embedded", err=True
        )


@contextmanager
def counter(quiet: bool, unit: str, what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give what reports how many of how many are done: a bar on a terminal, and nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=unit, desc=what, file=sys.stderr, leave=False) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report
