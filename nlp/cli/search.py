"""`smallprint index` and `smallprint search`: find clauses in a whole corpus."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.taxonomy import CATEGORY_IDS, CATEGORY_NAMES
from corpus.types import DocumentError
from nlp.cli.output import json_option, json_options, one_line, print_json

if TYPE_CHECKING:
    from nlp.search.build import Made
    from nlp.search.choose import IndexKind
    from nlp.search.embed import Report
    from nlp.search.index import Hit


@click.command(epilog="DIR is the --out of smallprint batch. Example: smallprint index tagged --kind hnsw")
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the index; by default DIR/index.")
@click.option(
    "--kind",
    # Named here again: FAISS takes a while to import.
    type=click.Choice(["auto", "flat", "hnsw", "ivfpq"]),
    default="auto",
    show_default=True,
    help="Compare all (flat), follow a graph, or look into cells of compressed vectors; auto goes by the number.",
)
@click.option("--quiet", is_flag=True, help="Say nothing while it runs.")
@json_option
def index(source: Path, out: Path | None, kind: str, quiet: bool, as_json: bool) -> None:
    """Index the clauses of a batch result by meaning.

    Interrupted, it goes on when it is run again. The index can be moved, and needs the batch result no more.
    """
    from nlp.encoder import SentenceEncoder
    from nlp.search.build import FOLDER, make_index
    from nlp.search.source import BatchResult

    result = BatchResult.open(source)
    if not result.complete:
        click.echo(
            f"smallprint: warning: the run that writes {source} has not ended; what is there is indexed", err=True
        )
    chosen: IndexKind | None = None if kind == "auto" else kind  # type: ignore[assignment]
    with _reporter(quiet) as report:
        made = make_index(result, out or source / FOLDER, SentenceEncoder.load(), kind=chosen, report=report)
    if as_json:
        print_json(made.as_dict())
    else:
        click.echo(_summary(made))


@click.command(
    epilog="DIR is an index, or a batch result with one in it. "
    'Example: smallprint search tagged "sold to data brokers" --category sharing'
)
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("question", metavar="TEXT")
@click.option(
    "--category",
    "categories",
    type=click.Choice(CATEGORY_IDS),
    multiple=True,
    help="Only clauses with that category; given twice, only those with both.",
)
@click.option("--top", type=click.IntRange(1, 10_000), default=10, show_default=True, help="How many clauses to print.")
@click.option(
    "--distinct/--all",
    default=True,
    show_default=True,
    help="Near-identical clauses as one, or each of them.",
)
@json_options
def search(
    source: Path, question: str, categories: tuple[str, ...], top: int, distinct: bool, as_json: bool, as_jsonl: bool
) -> None:
    """Find the clauses of a corpus that say something like TEXT, nearest first."""
    from nlp.search.index import SearchIndex

    if not question.strip():
        raise click.UsageError("TEXT is empty; give some words to search for")
    folder = _index_folder(source)
    found = SearchIndex.open(folder)
    _warn_if_stale(source, folder, found.result)
    hits = found.search(question, top, categories=categories, distinct=distinct)
    if as_jsonl:
        for hit in hits:
            print_json(hit.as_dict())
    elif as_json:
        about = {"query": question, "categories": list(categories), "distinct": distinct}
        print_json(about | {"clauses": len(found), "hits": [hit.as_dict() for hit in hits]})
    else:
        _print_hits(hits, len(found))


def _index_folder(source: Path) -> Path:
    """Return the index that DIR is or has in it; raises `DocumentError` where there is none."""
    from nlp.batch.writer import CONFIG as RESULT
    from nlp.search.build import FOLDER
    from nlp.search.layout import CONFIG

    if not source.exists():
        raise DocumentError(f"no such folder: {source}; give an index, or a batch result that is indexed")
    if not (source / RESULT).is_file():
        return source
    if not (source / FOLDER / CONFIG).is_file():
        raise DocumentError(f"{source} is not indexed yet; run `smallprint index {source}`")
    return source / FOLDER


def _warn_if_stale(source: Path, folder: Path, indexed: str) -> None:
    from nlp.search.source import BatchResult

    if folder != source and BatchResult.open(source).fingerprint != indexed:
        click.echo(f"smallprint: warning: {source} has changed since; run `smallprint index {source}` again", err=True)


def _summary(made: Made) -> str:
    done = f"{made.embedded} embedded now" if made.fresh else "all of it done before"
    counts = f"{made.clauses} clauses of {made.statements} documents, {made.distinct} of them distinct"
    return one_line(f"{counts}, in {made.folder} ({made.plan.kind}, {made.megabytes:.1f} MB, {done})")


def _print_hits(hits: Sequence[Hit], clauses: int) -> None:
    if not hits:
        click.echo(f"nothing found among {clauses} clauses")
    for number, hit in enumerate(hits, 1):
        found = hit.clause
        names = ", ".join(CATEGORY_NAMES.get(name, name) for name in found.categories)
        more = f" and {hit.copies - 1} near-identical" if hit.copies > 1 else ""
        click.echo(f"{number}. {hit.score:.3f} “{one_line(found.text)}” " + click.style(f"[{names}]", fg="cyan"))
        place = f"{found.source}:{found.start}-{found.end}"
        click.echo("   " + one_line(" > ".join([f"{place}{more}", *found.heading])))


@contextmanager
def _reporter(quiet: bool) -> Iterator[Report]:
    """Give what reports progress on standard error: a bar where that is a terminal, lines otherwise, or nothing."""
    from nlp.search.progress import Bar, Lines

    if quiet:
        yield lambda stage, done, total: None
    elif sys.stderr.isatty():
        bar = Bar(sys.stderr)
        try:
            yield bar
        finally:
            bar.close()
    else:
        yield Lines(sys.stderr)
