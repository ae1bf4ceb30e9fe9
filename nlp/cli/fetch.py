"""`smallprint archive fetch`: captures of a page from the Wayback Machine."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlp.cli.output import json_option, one_line, print_json
from nlp.errors import RunError

if TYPE_CHECKING:
    from corpus.archives.wayback import Every, Fetched, Progress

# A line for each of thousands of captures would be read by nobody.
_LINE_EVERY = 25


@click.command(epilog="Example: smallprint archive fetch https://janrain.com/privacy --out captures --every month")
@click.argument("url")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that gets the captures; what is in it is not fetched again.",
)
@click.option("--service", help="Whose document it is; by default the host of the address.")
@click.option("--document", default="Privacy Policy", show_default=True, help="Which document of the service it is.")
@click.option("--since", metavar="YYYY[-MM[-DD]]", help="Take no captures from before that time.")
@click.option("--until", metavar="YYYY[-MM[-DD]]", help="Take no captures from after that time.")
@click.option(
    "--every",
    # Named here again: what fetches takes a while to import.
    type=click.Choice(["all", "month", "year"]),
    default="all",
    show_default=True,
    help="Take each capture with other bytes than the one before, or the last such of a month or year.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Take no more than the earliest so many.")
@click.option(
    "--server",
    default="https://web.archive.org",
    show_default=True,
    help="Another archive: its host, or the index of a pywb collection, which ends in /cdx.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0, 3600),
    default=1.5,
    show_default=True,
    help="Seconds between requests; the Wayback Machine shuts out who asks too fast.",
)
@click.option("--quiet", is_flag=True, help="Say nothing while it runs.")
@json_option
def fetch(
    url: str,
    out: Path,
    service: str | None,
    document: str,
    since: str | None,
    until: str | None,
    every: Every,
    limit: int | None,
    server: str,
    pause: float,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fetch the captures of a page from the Wayback Machine into a folder of dated files.

    The address of the page is sent to the archive, and nothing else to anyone. Run it again to go on where it stopped.
    """
    from corpus.archives import wayback

    try:
        with _reporter(quiet) as report:
            done = wayback.fetch(
                url,
                out,
                service=service,
                document=document,
                since=since,
                until=until,
                every=every,
                limit=limit,
                server=server,
                pause=pause,
                report=report,
                told=None if quiet else _print_trouble,
            )
    except wayback.WaybackError as e:
        raise RunError(str(e)) from e
    if as_json:
        print_json(asdict(done) | {"folder": str(done.folder)})
        return
    click.echo(_summary(done))


def _summary(done: Fetched) -> str:
    from corpus.archives.wayback import PROBLEMS

    counts = [f"{done.fetched} fetched"]
    counts += [f"{done.same} with the bytes of another"] if done.same else []
    counts += [f"{done.there} there before"] if done.there else []
    if done.refused or done.failed:
        counts += [f"{done.refused + done.failed} left out, see {done.folder / PROBLEMS}"]
    place = shlex.quote(str(done.folder))
    then = f"smallprint archive import {place} --store STORE" if done.kept else "another address"
    return one_line(f"{done.service}: {done.kept} captures in {done.folder} ({', '.join(counts)}); next: {then}")


@contextmanager
def _reporter(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Give what reports progress on standard error: a bar where that is a terminal, lines otherwise, or nothing."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield _print_line
    else:
        from tqdm import tqdm  # type: ignore[import-untyped]

        with tqdm(unit="capture", file=sys.stderr) as bar:

            def report(progress: Progress) -> None:
                bar.total = progress.total
                if progress.reason:
                    bar.write(f"smallprint: {_left_out(progress)}", file=sys.stderr)
                bar.update()

            yield report


def _print_trouble(said: str) -> None:
    line = one_line(f"smallprint: {said}")
    if not sys.stderr.isatty():
        click.echo(line, err=True)
        return
    from tqdm import tqdm

    # Beside the bar, if there is one by now.
    tqdm.write(line, file=sys.stderr)


def _print_line(progress: Progress) -> None:
    if progress.reason:
        click.echo(_left_out(progress), err=True)
    if progress.number % _LINE_EVERY == 0 or progress.number == progress.total:
        click.echo(f"{progress.number} of {progress.total} captures", err=True)


def _left_out(progress: Progress) -> str:
    return one_line(f"left out {progress.capture.timestamp} {progress.capture.original}: {progress.reason}"[:400])
