"""`smallprint archive`: import archived versions of policies into a store, and list what is in one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from corpus.archives.types import ArchiveKind
from nlp.cli.archive_history import ask, compare, timeline
from nlp.cli.archive_output import counter, document_option, import_reporter, print_table, store_option
from nlp.cli.fetch import fetch
from nlp.cli.output import json_option, json_options, mode_option, one_line, print_json

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
@mode_option
@click.option("--quiet", is_flag=True, help="Say nothing while it runs.")
@json_option
def import_(
    source: Path,
    store: Path,
    kind: ArchiveKind | None,
    services: Sequence[str],
    documents: Sequence[str],
    all_documents: bool,
    mode: Mode,
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

    check_folder(store, mode)
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
        rows = summarise(Store.open(folder), done.services, changes=True, report=report)
    counts = {"added": done.added, "there": done.there, "problems": done.problems}
    clauses = {"clauses_seen": done.seen, "embedded": done.embedded}
    if as_json:
        print_json({"store": str(folder), **counts, **clauses, "documents": [row.as_dict() for row in rows]})
        return
    if rows:
        _print_summaries(rows)
    click.echo(
        one_line(
            f"{done.added:,} versions added to {folder}, {done.there:,} there before, {done.problems:,} files that "
            f"gave none; {done.seen:,} clauses seen, {done.embedded:,} tagged and embedded"
        )
    )


@archive.command(name="list", epilog="Example: smallprint archive list NordVPN --store STORE")
@click.argument("service", required=False)
@store_option
@document_option
@click.option("--problems", is_flag=True, help="List the files that gave no version, and why.")
@json_options
def list_(
    service: str | None, store: Path, document: str | None, problems: bool, as_json: bool, as_jsonl: bool
) -> None:
    """List the services of a store, or the versions of one service."""
    from nlp.store import Store

    opened = Store.open(store)
    if problems:
        _print_problems(opened, as_json, as_jsonl)
    elif service is None:
        _print_services(opened, as_json, as_jsonl)
    else:
        _print_versions(opened.versions(service, document), as_json, as_jsonl)


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


def _print_services(store: Store, as_json: bool, as_jsonl: bool) -> None:
    from nlp.archive_summary import summarise

    rows = summarise(store)
    if as_jsonl:
        for row in rows:
            print_json(row.as_dict())
    elif as_json:
        print_json(
            {"store": str(store.folder), "mode": store.config.mode, "documents": [row.as_dict() for row in rows]}
        )
    else:
        _print_summaries(rows)


def _print_summaries(rows: Sequence[Summary]) -> None:
    names = ("service", "document", "first", "last", "versions", "technical", "returns", "flagged", "texts")
    changes = any(row.changes is not None for row in rows)
    table = [
        [
            *(getattr(row, name) for name in names),
            *([row.changes] if changes else []),
            row.seen,
            row.distinct,
        ]
        for row in rows
    ]
    print_table([*names, *(["changes"] if changes else []), "clauses", "distinct"], table, left=4)


def _print_versions(versions: Sequence[StoredVersion], as_json: bool, as_jsonl: bool) -> None:
    if as_jsonl:
        for version in versions:
            print_json(version.as_dict())
    elif as_json:
        named = {"service": versions[0].service, "document": versions[0].document}
        print_json(named | {"versions": [version.as_dict() for version in versions]})
    else:
        rows = [[v.number, v.date, v.clauses, v.words, _about(v), v.reference] for v in versions]
        print_table(["version", "date", "clauses", "words", "about", "reference"], rows, texts=(1, 4, 5))


def _about(version: StoredVersion) -> str:
    parts = [*version.flags]
    parts += ["technical"] if version.technical else []
    parts += [f"returns to {version.returns_to}"] if version.returns_to else []
    return ", ".join(parts)


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
