"""`smallprint archive`: import archived versions of policies into a store, and list what is in one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from corpus.archives.types import ArchiveKind
from nlp.cli.archive_history import ask, compare, timeline
from nlp.cli.archive_output import counter, document_option, import_reporter, print_table, quiet_option, store_option
from nlp.cli.fetch import fetch
from nlp.cli.output import MODES, json_option, json_options, one_line, print_json

if TYPE_CHECKING:
    from nlp.archive_summary import Summary
    from nlp.classifier import Mode
    from nlp.store import Store, StoredVersion
    from nlp.store.importing import Imported
    from nlp.store.making import Tagger


@click.group()
def archive() -> None:
    """Archived versions of policies: import, list, compare and ask them.

    \b
    Example: smallprint archive import archive.bundle --store STORE
    """


@archive.command(
    name="import",
    epilog="ARCHIVE is a git repository or bundle of Open Terms Archive, the Princeton-Leuven corpus as a folder or "
    "repository, a folder of dated files, or one that `archive fetch` made. "
    "Example: smallprint archive import archive.bundle --store STORE --service NordVPN",
)
@click.argument("source", metavar="ARCHIVE", type=click.Path(path_type=Path))
@store_option
@click.option("--kind", type=click.Choice(get_args(ArchiveKind)), help="What ARCHIVE is, if that cannot be told.")
@click.option("--service", "services", multiple=True, metavar="NAME", help="Only this service; may be given again.")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="Only this document; may be given again.")
@click.option("--all-documents", is_flag=True, help="Every document, not only those with privacy in their name.")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    help="How clauses are tagged; by default as in the store, accurate in a new one.",
)
@click.option("--quiet", is_flag=True, help="Say nothing while it runs.")
@json_option
def import_(
    source: Path,
    store: Path,
    kind: ArchiveKind | None,
    services: Sequence[str],
    documents: Sequence[str],
    all_documents: bool,
    mode: Mode | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Import the versions of an archive into a store, where each clause is tagged and embedded once.

    Run it again to go on after an interruption, or to add what is new in the archive.
    """
    if documents and all_documents:
        raise click.UsageError("give either --document or --all-documents")
    from corpus.archives.read import read_archive
    from corpus.archives.selection import PRIVACY
    from nlp.store.config import check_folder
    from nlp.store.importing import import_archive

    there = check_folder(store, mode)
    if mode is None:
        mode = "fast" if there == "fast" else "accurate"
    chosen = None if all_documents else documents or PRIVACY
    items = read_archive(source, kind=kind, services=services or None, documents=chosen)
    # What is wrong with an archive is said before seconds go into loading the models.
    first = next(items, None)
    with import_reporter(quiet) as report:
        done = import_archive(chain([first] if first else [], items), store, load_tagger(mode), report=report)
    _print_imported(store, done, quiet, as_json)


def load_tagger(mode: Mode) -> Tagger:
    """Load what tags and embeds clauses."""
    from nlp.classifier import ClauseClassifier
    from nlp.encoder import SentenceEncoder
    from nlp.store.making import Tagger

    return Tagger(ClauseClassifier.load(mode=mode), SentenceEncoder.load(), mode)


def _print_imported(folder: Path, done: Imported, quiet: bool, as_json: bool) -> None:
    from nlp.archive_summary import summarise
    from nlp.store import Store

    with counter(quiet, "document", "looking for real changes") as report:
        rows = summarise(Store.open(folder), done.services, report=report)
    counts = {"added": done.added, "there": done.there, "problems": done.problems}
    clauses = {"clauses_seen": done.seen, "embedded": done.embedded}
    if as_json:
        print_json({"store": str(folder), **counts, **clauses, "documents": [row.as_dict() for row in rows]})
        return
    if rows:
        _print_summaries(rows)
    from nlp.report.words import plural

    click.echo(
        one_line(
            f"{plural(done.added, 'version')} added to {folder}, {done.there:,} there before; "
            f"{plural(done.seen, 'clause')} seen, {done.embedded:,} tagged and embedded"
        )
    )
    if done.problems:
        listed = f"smallprint archive list --problems --store {shlex.quote(str(folder))}"
        click.echo(one_line(f"{plural(done.problems, 'file')} gave no version; to see why: {listed}"))


@archive.command(name="list", epilog="Example: smallprint archive list NordVPN --store STORE")
@click.argument("service", required=False)
@store_option
@document_option
@click.option("--problems", is_flag=True, help="List the files that gave no version to any import so far, and why.")
@quiet_option
@json_options
def list_(
    service: str | None, store: Path, document: str | None, problems: bool, quiet: bool, as_json: bool, as_jsonl: bool
) -> None:
    """List the services of a store, or the versions of one service."""
    from nlp.store import Store

    opened = Store.open(store)
    if problems:
        _print_problems(opened, as_json, as_jsonl)
    elif service is None:
        _print_services(opened, quiet, as_json, as_jsonl)
    else:
        _print_versions(opened, opened.versions(service, document), as_json, as_jsonl)


@archive.command(epilog="Example: smallprint archive show NordVPN newest --store STORE")
@click.argument("service")
@click.argument("version")
@store_option
@document_option
@click.option("--stored", is_flag=True, help="Print the text as the archive has it, not as a reader sees it.")
@json_option
def show(service: str, version: str, store: Path, document: str | None, stored: bool, as_json: bool) -> None:
    """Print the text of a version: a number, a date, first or newest."""
    from nlp.store import Store
    from nlp.store.pick import pick

    opened = Store.open(store)
    chosen = pick(opened.versions(service, document), version)
    text = opened.stored_text(chosen) if stored else opened.statement(chosen).text
    if as_json:
        print_json(chosen.as_dict() | {"text": text})
        return
    click.echo(one_line(f"smallprint: {described(chosen)}"), err=True)
    click.echo(text, nl=not text.endswith("\n"))


archive.add_command(timeline)
archive.add_command(ask)
archive.add_command(compare)
archive.add_command(fetch)


def described(version: StoredVersion) -> str:
    """Return a version in words."""
    return f"{version.service}, {version.document}, version {version.number} of {version.date}, {version.reference}"


def _print_services(store: Store, quiet: bool, as_json: bool, as_jsonl: bool) -> None:
    from nlp.archive_summary import summarise

    with counter(quiet, "document", "looking for real changes") as report:
        rows = summarise(store, report=report)
    if as_jsonl:
        for row in rows:
            print_json(row.as_dict())
    elif as_json:
        print_json(
            {"store": str(store.folder), "mode": store.config.mode, "documents": [row.as_dict() for row in rows]}
        )
    elif not rows:
        click.echo(f"smallprint: there is no version in {store.folder} yet; run the import again", err=True)
    else:
        _print_summaries(rows)


def _print_summaries(rows: Sequence[Summary]) -> None:
    named = ("service", "document", "first", "last", "versions")
    adding_up = ("changes", "technical", "returns", "noise", "flagged")
    names = (*named, *adding_up, "texts")
    table = [[*(getattr(row, name) for name in names), row.seen, row.distinct] for row in rows]
    print_table([*names, "clauses", "distinct"], table, left=4)
    click.echo(f"versions = the first that is not flagged + {' + '.join(adding_up)}")


def _print_versions(store: Store, versions: Sequence[StoredVersion], as_json: bool, as_jsonl: bool) -> None:
    from nlp.archive_summary import roles
    from nlp.timeline import version_counts
    from nlp.timeline_report import counts_words, role_words

    named = versions[0].service, versions[0].document
    found = roles(store, [named])[named]
    records = [version.as_dict() | {"role": role} for version, role in zip(versions, found, strict=True)]
    if as_jsonl:
        for record in records:
            print_json(record)
    elif as_json:
        print_json({"service": named[0], "document": named[1], "versions": records})
    else:
        rows = [
            [v.number, v.date, v.clauses, v.words, role_words(v, role), v.reference]
            for v, role in zip(versions, found, strict=True)
        ]
        print_table(["version", "date", "clauses", "words", "what", "reference"], rows, texts=(1, 4, 5))
        click.echo(counts_words(version_counts(versions, found)))
        _print_warnings(versions)


def _print_warnings(versions: Sequence[StoredVersion]) -> None:
    """Say what is doubtful about versions, each thing once, with the versions that it is said of."""
    said: dict[str, list[int]] = {}
    for version in versions:
        for warning in version.warnings:
            said.setdefault(warning, []).append(version.number)
    for warning, numbers in said.items():
        click.echo(one_line(f"version{'s' if len(numbers) > 1 else ''} {_ranges(numbers)}: {warning}"))


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _print_problems(store: Store, as_json: bool, as_jsonl: bool) -> None:
    found = store.problems()
    if as_jsonl:
        for problem in found:
            print_json(problem)
    elif as_json:
        print_json({"store": str(store.folder), "problems": found})
    else:
        for problem in found:
            click.echo(one_line(f"{problem['reference']}: {problem['reason']}"))
        if not found:
            click.echo("smallprint: no file was refused", err=True)
