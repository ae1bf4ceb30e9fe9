"""`smallprint compare`: what changed from one statement to another, or what one says and the other does not."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.taxonomy import CATEGORY_IDS, CATEGORY_NAMES
from corpus.types import Statement
from nlp.cli.output import json_options, mode_option, one_line, print_json, print_warnings, write_files
from nlp.cli.read import load_tagger, read_source

if TYPE_CHECKING:
    from nlp.changes import Change, Comparison, Passage
    from nlp.classifier import Mode
    from nlp.report.words import Terms
    from nlp.types import Clause

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog="OLD and NEW are each a path (Markdown, HTML, text, PDF, DOCX), janrain.com, or one of them - for standard "
    "input. Example: smallprint compare 2015.html janrain.com --substantive"
)
@click.argument("old")
@click.argument("new")
@click.option("--html", type=_FILE, metavar="FILE", help="Write a report, side by side, to a file of its own.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write a report to paste in an issue or a paper.")
@click.option("--csv", type=_FILE, metavar="FILE", help="Write a table with a row for each change.")
@click.option("--substantive", is_flag=True, help="Leave out changes of wording only.")
@click.option(
    "--category",
    "categories",
    type=click.Choice(CATEGORY_IDS),
    metavar="ID",
    multiple=True,
    help=f"Leave out changes of other categories; may be given again. One of {', '.join(CATEGORY_IDS)}.",
)
@mode_option
@json_options
def compare(
    old: str,
    new: str,
    html: Path | None,
    markdown: Path | None,
    csv: Path | None,
    substantive: bool,
    categories: tuple[str, ...],
    mode: Mode,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Say what changed from one statement to another: clauses added, removed, modified or moved.

    Markup, link targets, numbering, dates and punctuation are no changes, but are counted.
    """
    if old == new == "-":
        raise click.UsageError("only one of OLD and NEW can be standard input; give a file for the other")
    files = {name: path for name, path in (("html", html), ("markdown", markdown), ("csv", csv)) if path}
    check_files(files, (old, new))
    pair = Pair.of(read_source(old), read_source(new), load_tagger(mode))
    chosen = pair.chosen(substantive, categories)
    chosen.write(files)
    if as_jsonl:
        from nlp.report.tables import change_rows

        for row in change_rows(chosen.comparison):
            print_json(row)
    elif as_json:
        print_json(chosen.comparison.as_dict())
    else:
        chosen.print()


def check_files(files: dict[str, Path], sources: Sequence[str]) -> None:
    """Refuse, before any work, files to write that cannot be meant; raises `click.BadParameter`."""
    # Not `Path.resolve`, which fails on a link that leads to itself.
    taken = {os.path.realpath(source): f"is the statement {source}" for source in sources if source != "-"}
    for name, path in files.items():
        if not path.parent.is_dir():
            raise click.BadParameter(f"there is no folder {path.parent}; make it first", param_hint=f"--{name}")
        if path.exists() and not path.is_file():
            raise click.BadParameter(f"{path} is no file that can be replaced; give another", param_hint=f"--{name}")
        real = os.path.realpath(path)
        if real in taken:
            raise click.BadParameter(f"{path} {taken[real]}; give another file", param_hint=f"--{name}")
        taken[real] = f"is given for --{name} as well"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements with their clauses, what changed between them, and a sentence on which changes were chosen."""

    old: Statement
    new: Statement
    old_clauses: Sequence[Clause]
    new_clauses: Sequence[Clause]
    comparison: Comparison
    note: str = ""

    @classmethod
    def of(cls, old: Statement, new: Statement, tagger: Callable[[Statement], list[Clause]]) -> Pair:
        """Tag and compare two statements; what is doubtful about them is said on standard error."""
        from nlp.compare import compare as compare_statements

        for statement in (old, new):
            print_warnings(statement)
        ours, theirs = tagger(old), tagger(new)
        return cls(old, new, ours, theirs, compare_statements(old, new, ours, theirs))

    def chosen(self, substantive: bool, categories: Collection[str]) -> Pair:
        """Return the pair with those changes alone that were asked for."""
        if not substantive and not categories:
            return self
        names = " or ".join(CATEGORY_NAMES[name] for name in CATEGORY_IDS if name in categories)
        note = f"Only changes{' of substance' if substantive else ''}{f' under {names}' if names else ''} are told."
        changes = tuple(
            change
            for change in self.comparison.changes
            if (change.significance == "substantive" or not substantive)
            and (not categories or not set(categories).isdisjoint(change.categories))
        )
        return replace(self, comparison=replace(self.comparison, changes=changes), note=note)

    def write(self, files: dict[str, Path]) -> None:
        """Write the reports that were asked for, by the name of their option."""
        if not files:
            return
        from nlp import report

        makers = {
            "html": lambda: report.comparison_html(
                self.comparison, self.old, self.new, self.old_clauses, self.new_clauses, note=self.note
            ),
            "markdown": lambda: report.comparison_markdown(self.comparison, self.old, self.new, note=self.note),
            "csv": lambda: report.csv_text(report.change_rows(self.comparison)),
        }
        write_files({path: makers[name]() for name, path in files.items()})

    def print(self) -> None:
        """Print the summary, then the changes under their headings, those of wording last."""
        from nlp.report.words import facts, summary, terms_of

        terms = terms_of(self.comparison, self.old, self.new)
        for side, statement in ((terms.old, self.old), (terms.new, self.new)):
            click.echo(f"{side + ':':4} {one_line(', '.join([statement.title, *facts(statement), statement.id]))}")
        click.secho(summary(self.comparison, terms), bold=True)
        if self.note:
            click.echo(self.note)
        for significance, title in (("substantive", ""), ("wording", "Wording only")):
            changes = [change for change in self.comparison.changes if change.significance == significance]
            if changes and title:
                click.secho(f"\n{title}", bold=True, underline=True)
            for heading, group in groupby(changes, _heading):
                click.secho(f"\n{heading}", bold=True)
                for change in group:
                    _print_change(change, terms)


def _heading(change: Change) -> str:
    from nlp.report.words import sides, where

    return one_line(where(sides(change)[-1]))


def _print_change(change: Change, terms: Terms) -> None:
    from nlp.report.words import category_names, route

    if change.kind == "moved" and change.new:
        click.secho(f"> {one_line(change.new.quote)}", fg="magenta")
        about = f"{terms.kinds['moved']}: {route(change)}"
    else:
        for sign, colour, side in (("-", "red", change.old), ("+", "green", change.new)):
            if side:
                click.echo(click.style(f"{sign} ", fg=colour) + _quote(side, colour))
        about = terms.kinds[change.kind]
    reason = f": {change.reason}" if change.reason else ""
    names = ", ".join(category_names(change))
    click.secho(f"  {one_line(about + reason)}{f' [{names}]' if names else ''}", fg="cyan")


def _quote(passage: Passage, colour: str) -> str:
    """Return a quote on one line in a colour, the words that the other side lacks in reverse."""
    from nlp.report.words import pieces

    text = "".join(click.style(_flat(text), fg=colour, reverse=alone or None) for text, alone in pieces(passage))
    return text.strip()


def _flat(text: str) -> str:
    """Return a piece of a quote on one line; the spaces at its ends stand between it and the next."""
    inner = one_line(text)
    before = " " if text[:1].isspace() else ""
    return f"{before}{inner}{' ' if text[-1:].isspace() and inner else ''}"
