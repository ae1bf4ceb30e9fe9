"""`smallprint archive timeline`, `ask` and `compare`: what changed over the versions of a document."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.types import DocumentError
from nlp.cli.archive_output import counter, document_option, print_table, quiet_option, store_option
from nlp.cli.compare import Pair, check_files
from nlp.cli.output import json_options, one_line, print_json, write_files
from nlp.cli.read import load_engine

if TYPE_CHECKING:
    from nlp.archive_answers import ArchiveAnswers, VersionAnswer
    from nlp.store import Store, StoredVersion
    from nlp.timeline import Step, Timeline

_FILE = click.Path(dir_okay=False, path_type=Path)
# What can only be the name of a service.
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")


@click.command(epilog="Example: smallprint archive timeline NordVPN --store STORE --html nordvpn.html")
@click.argument("service")
@store_option
@document_option
@click.option("--html", type=_FILE, metavar="FILE", help="Write a report with the plot and the changes of each step.")
@click.option("--plot", type=_FILE, metavar="FILE", help="Write the plot, as .svg or .png.")
@click.option("--csv", type=_FILE, metavar="FILE", help="Write a table with a row for each step.")
@click.option(
    "--clauses", type=_FILE, metavar="FILE", help="Write a table of all clauses, with where each stood first."
)
@quiet_option
@json_options
def timeline(
    service: str,
    store: Path,
    document: str | None,
    html: Path | None,
    plot: Path | None,
    csv: Path | None,
    clauses: Path | None,
    quiet: bool,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Tell the real changes of a policy over time, without what differs in markup, links or dates only."""
    options = {"html": html, "plot": plot, "csv": csv, "clauses": clauses}
    files = {name: path for name, path in options.items() if path}
    check_files(files, ())
    from nlp.timeline_plot import FORMATS, is_plot_name

    if plot and not is_plot_name(plot):
        raise click.BadParameter(f"{plot} must end in {' or '.join(FORMATS)}", param_hint="--plot")
    from nlp.store import Store
    from nlp.timeline import timeline as made_of

    with counter(quiet, "version", "comparing") as report:
        made = made_of(Store.open(store), service, document, report=report)
    _write(made, files)
    if as_jsonl:
        for step in made.steps:
            print_json({"service": made.service, "document": made.document} | step.as_dict())
    elif as_json:
        print_json(made.as_dict())
    else:
        _print_timeline(made)


def _write(made: Timeline, files: dict[str, Path]) -> None:
    from nlp.timeline_plot import plot_bytes
    from nlp.timeline_report import clauses_csv, steps_csv, timeline_html

    makers: dict[str, Callable[[Path], str | bytes]] = {
        "html": lambda path: timeline_html(made),
        "plot": lambda path: plot_bytes(made, path.suffix.lower()),
        "csv": lambda path: steps_csv(made),
        "clauses": lambda path: clauses_csv(made),
    }
    write_files({path: makers[name](path) for name, path in files.items()})


def _print_timeline(made: Timeline) -> None:
    from nlp.changes import CHANGE_KINDS
    from nlp.timeline_report import counts_words

    click.secho(one_line(f"{made.service}, {made.document}"), bold=True)
    click.echo(counts_words(made.counts))
    if not made.steps:
        click.echo("no version of it can be compared: all are flagged; see archive list")
        return
    click.echo("")
    names = ["date", "version", "stood in", "what", *CHANGE_KINDS, "of substance", "most in"]
    print_table(names, [_row(step) for step in made.steps], texts=(0, 3, len(names) - 1))


def _row(step: Step) -> list[object]:
    from corpus.taxonomy import CATEGORY_NAMES
    from nlp.changes import CHANGE_KINDS
    from nlp.timeline_report import kind_words

    counts, table = step.count(), step.by_category()
    most = sorted(table, key=lambda name: (-table[name].total(), name))[:2]
    named = ", ".join(CATEGORY_NAMES.get(name, name) for name in most)
    figures = [counts[kind] or None for kind in CHANGE_KINDS]
    what = [step.version.date, step.version.number, step.versions, kind_words(step)]
    return [*what, *figures, step.substantive or None, named]


@click.command(epilog='Example: smallprint archive ask NordVPN "do you keep logs?" --store STORE')
@click.argument("question", metavar="[SERVICE] QUESTION", nargs=-1, required=True)
@store_option
@document_option
@click.option(
    "--at",
    callback=lambda context, option, value: _day(value),
    metavar="YYYY-MM-DD",
    help="Ask the version that stood on that day, of one service or of all.",
)
@click.option("--csv", type=_FILE, metavar="FILE", help="Write a table with a row for each answer.")
@quiet_option
@json_options
def ask(
    question: tuple[str, ...],
    store: Path,
    document: str | None,
    at: date | None,
    csv: Path | None,
    quiet: bool,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Ask one question of every version of a policy, or of the newest one of every service.

    Versions that say the same are asked once. Of one service, the dates at which the answer changed are told.
    """
    if len(question) > 2:
        raise click.UsageError("give SERVICE and QUESTION, each in quotes if it has spaces")
    check_files({"csv": csv} if csv else {}, ())
    from nlp.archive_answers import answers_csv, ask_archive
    from nlp.question import checked
    from nlp.store import Store

    opened = Store.open(store)
    service, asked = _told_apart(opened, question)
    asked = checked(asked)
    if service is not None:
        opened.versions(service, document)
    engine = load_engine()
    with counter(quiet, "answer", "asking") as report:
        found = ask_archive(opened, engine, service, asked, document=document, at=at, report=report)
    if csv:
        write_files({csv: answers_csv(found)})
    if as_jsonl:
        for answer in found.answers:
            print_json({"question": asked} | answer.as_dict())
    elif as_json:
        print_json(found.as_dict())
    else:
        _print_answers(found, service is not None and at is None, at)


def _day(text: str | None) -> date | None:
    """Return the day that a text names; raises `click.UsageError` where it names none."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as e:
        raise click.UsageError(f"--at: there is no such date as {text!r}; give a day as YYYY-MM-DD") from e


def _told_apart(store: Store, arguments: tuple[str, ...]) -> tuple[str | None, str]:
    """Return the service, None for all of them, and the question; raises `click.UsageError` where there is none."""
    known = {name.casefold(): name for name in store.services()}
    if not known:
        raise DocumentError(f"there is no version in {str(store.folder)!r} yet; run the import again")
    first, last = arguments[0], arguments[-1]
    if len(arguments) == 2:
        # Whoever gives the question first means the same.
        swapped = first.casefold() not in known and (last.casefold() in known or ("?" in first and "?" not in last))
        return (last, first) if swapped else (first, last)
    word = first.strip().casefold()
    # One word that is nearly a name is no question to all services either.
    near = [] if " " in word or "?" in word else difflib.get_close_matches(word, known, n=1, cutoff=0.75)
    if word in known or near:
        name = known[word if word in known else near[0]]
        is_one = "is a service" if word in known else f"is nearly the service {name!r}"
        given = f'{shlex.quote(name)} "do you sell my data?" --store {shlex.quote(str(store.folder))}'
        hint = f"and the question is missing; for example: smallprint archive ask {given}"
        raise click.UsageError(f"{first!r} {is_one}, {hint}")
    if _DOMAIN.fullmatch(word):
        store.service(first)
    return None, first


def _print_answers(found: ArchiveAnswers, over_time: bool, at: date | None) -> None:
    if not found.answers:
        click.echo("There is no version to ask.")
    elif over_time:
        names = ["from", "until", "version", "versions", "verdict", "confidence", "differs", "quote"]
        rows = [[a.version.date, a.last.date, a.version.number, a.versions, *_told(a)] for a in found.merged()]
        print_table(names, rows, texts=(0, 1, 4, 6, 7))
        click.echo("")
        click.echo(one_line(_concluded(found)))
    else:
        names = ["service", "document", "date", "verdict", "confidence", "quote"]
        rows = [[a.version.service, a.version.document, a.version.date, *_told(a, False)] for a in found.answers]
        print_table(names, rows, texts=(0, 1, 2, 3, 5))
    if found.left_out:
        when = f" of {at} or before" if at else ""
        named = ", ".join(f"{service} ({document})" for service, document in found.left_out)
        click.echo(one_line(f"smallprint: no version{when} that is not flagged: {named}"), err=True)


def _concluded(found: ArchiveAnswers) -> str:
    """Return in a sentence when the answer changed, and what to."""
    wants_verdict = all(a.answer.verdict != "stated" and a.differs != "answer" for a in found.answers)
    subject = "verdict" if wants_verdict else "answer"
    changed = [f"{a.version.date} ({a.turned_to or a.answer.verdict})" for a in found.changes]
    return f"The {subject} changed on {', '.join(changed)}." if changed else f"The {subject} never changed."


def _verdict(answer: VersionAnswer) -> str:
    """Return the verdict with what limits it, as a plain no would be read for one without exceptions."""
    verdict = answer.answer.verdict
    return (answer.first_words or verdict).lower() if verdict in ("yes", "no") else verdict


def _told(answer: VersionAnswer, differs: bool = True) -> list[object]:
    told: list[object] = [_verdict(answer), f"{answer.answer.confidence:.2f}"]
    return [*told, *([answer.differs or ""] if differs else []), answer.quote or ""]


@click.command(epilog="Example: smallprint archive compare NordVPN 2022-01 newest --store STORE --html report.html")
@click.argument("service")
@click.argument("old")
@click.argument("new")
@store_option
@document_option
@click.option("--html", type=_FILE, metavar="FILE", help="Write a report, side by side, to a file of its own.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write a report to paste in an issue or a paper.")
@click.option("--csv", type=_FILE, metavar="FILE", help="Write a table with a row for each change.")
@json_options
def compare(
    service: str,
    old: str,
    new: str,
    store: Path,
    document: str | None,
    html: Path | None,
    markdown: Path | None,
    csv: Path | None,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Say what changed from one version to another: each a number, a date, first or newest.

    They are compared in the order given; where OLD is the later one, that is said.
    """
    files = {name: path for name, path in (("html", html), ("markdown", markdown), ("csv", csv)) if path}
    check_files(files, ())
    pair = _pair(store, service, document, old, new)
    pair.write(files)
    if as_jsonl:
        from nlp.report.tables import change_rows

        for row in change_rows(pair.comparison):
            print_json(row)
    elif as_json:
        print_json(pair.comparison.as_dict())
    else:
        pair.print()


def _pair(folder: Path, service: str, document: str | None, old: str, new: str) -> Pair:
    from nlp.compare import compare as compare_statements
    from nlp.store import Store
    from nlp.store.pick import pick

    store = Store.open(folder)
    versions = store.versions(service, document)
    before, after = pick(versions, old), pick(versions, new)
    note = _order_note(before, after)
    if note:
        click.echo(f"smallprint: {note}", err=True)
    statements = store.statement(before), store.statement(after)
    clauses = store.clauses(before), store.clauses(after)
    return Pair(*statements, *clauses, compare_statements(*statements, *clauses))


def _order_note(before: StoredVersion, after: StoredVersion) -> str | None:
    """Return what is to be said of two versions that are not an earlier and a later one."""
    if before.number < after.number:
        return None
    if before.number == after.number:
        return f"both are version {before.number} of {before.date}"
    return (
        f"the first one given is the later: version {before.number} of {before.date}, then version {after.number} of "
        f"{after.date}; what is told as added is what was removed over time, and the other way round"
    )
