"""`smallprint batch`: the clauses of many documents as Parquet."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlp.cli.batch_errors import all_of, print_all, print_some
from nlp.cli.output import json_option, mode_option, one_line, print_json

if TYPE_CHECKING:
    from nlp.batch.pool import Engine
    from nlp.batch.run import Summary
    from nlp.classifier import Mode

_OWN_CACHE = ".seen"
_INPUT_HELP = (
    "INPUT is a file, a folder, a quoted pattern, a table (.jsonl, .csv or .parquet), a folder that `datasets` saved, "
    "an archive's store, or hf:NAME, a data set of the Hugging Face hub, which is fetched."
)


@click.command(epilog=_INPUT_HELP + " Example: smallprint batch policies/ more.parquet --out tagged --mode fast")
@click.argument("inputs", metavar="INPUT...", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the tables clauses, statements and errors; a run that was interrupted goes on in it.",
)
@mode_option
@click.option("--workers", type=click.IntRange(min=1), help="Processes that work; by default one for each core.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps the tags of clauses and documents between runs; by default that of the user's caches.",
)
@click.option("--no-cache", is_flag=True, help="Keep no tags beyond this run.")
@click.option("--text-column", help="Column of tables that holds the text; by default found by its name.")
@click.option("--html-column", help="Column of tables that holds HTML.")
@click.option("--id-column", help="Column of tables that names the document; by default FILE#ROW does.")
@click.option("--limit", type=click.IntRange(min=1), help="Take no more than the first so many documents.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    help="Seconds after which a document that is still being read is given up.",
)
@click.option("--restart", is_flag=True, help="Remove the result that is in --out, and begin again.")
@click.option(
    "--engine",
    "engine_name",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine, or on a Ray cluster (RAY_ADDRESS, or one started here).",
)
@click.option(
    "--errors", is_flag=True, help="Only print what the result in --out could not read, and why; takes no INPUT."
)
@click.option("--quiet", is_flag=True, help="Say nothing while it runs.")
@json_option
def batch(
    inputs: tuple[str, ...],
    out: Path,
    mode: Mode,
    workers: int | None,
    cache: Path | None,
    no_cache: bool,
    text_column: str | None,
    html_column: str | None,
    id_column: str | None,
    limit: int | None,
    timeout: float,
    restart: bool,
    engine_name: str,
    errors: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Tag the clauses of many documents, into a folder of Parquet files.

    Interrupted, even by kill -9, it goes on when it is run again, and the result is the same. A document that cannot be
    read gets a row in the table of errors, and the rest is done; --errors prints that table.
    """
    if errors and inputs:
        raise click.UsageError("--errors prints what a run could not read; give it --out alone")
    if errors:
        print_all(out, as_json)
        return
    if not inputs:
        raise click.UsageError("Missing argument 'INPUT...'.")
    if cache and no_cache:
        raise click.UsageError("give either --cache or --no-cache")
    from corpus.inputs.columns import Columns
    from nlp.batch.progress import progress_for
    from nlp.batch.run import Job, default_workers, run
    from nlp.batch.tagger import shipped_model

    job = Job(inputs, out, mode, Columns(text_column, html_column, id_column), limit)
    folder = None if no_cache else cache
    try:
        done = run(
            job,
            shipped_model(mode),
            partial(_engine, engine_name, mode, workers or default_workers(), timeout, out, folder, no_cache),
            restart=restart,
            progress=progress_for(sys.stderr, quiet=quiet),
        )
    except KeyboardInterrupt as e:
        again = "the same command without --restart" if restart else "the same command again"
        raise KeyboardInterrupt(f"what is done is kept, and {again} goes on from there") from e
    if no_cache:
        shutil.rmtree(out / _OWN_CACHE, ignore_errors=True)
    if done.errors and not quiet:
        print_some(out)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(_summary(done))


def _engine(
    name: str, mode: Mode, workers: int, timeout: float, out: Path, cache: Path | None, no_cache: bool
) -> Engine:
    """Make what does the work; without a cache of the user's, the run has one of its own while it lasts."""
    from nlp.batch.cache import MAX_BYTES, default_folder
    from nlp.batch.pool import LocalEngine
    from nlp.batch.tagger import load_tagger, make_caches

    folder = (out / _OWN_CACHE) if no_cache else (cache or default_folder())
    make_caches(folder)
    # Within a run a clause comes back often, a whole document seldom.
    load = partial(load_tagger, mode, folder, MAX_BYTES, keep_documents=not no_cache)
    if name == "ray":
        from nlp.batch.ray_engine import RayEngine

        return RayEngine(load, workers, timeout)
    return LocalEngine(load, workers, timeout)


def _summary(done: Summary) -> str:
    from nlp.report.words import plural

    rate = f", {done.new / done.seconds:.1f} documents a second" if done.new else ", all of it done before"
    held = f"{plural(done.read, 'document')} with {plural(done.clauses, 'clause')}"
    text = f"{held} in {done.out} ({done.seconds:.1f} s{rate})"
    if done.errors:
        text += f"; {done.errors:,} could not be read: {all_of(Path(done.out))}"
    return one_line(text)
