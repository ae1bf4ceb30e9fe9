"""How results are printed: JSON, JSON lines, or text that is pleasant to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.taxonomy import CATEGORY_NAMES
from corpus.types import Statement
from nlp.types import Answer, Citation, Clause

if TYPE_CHECKING:
    from nlp.classifier import Mode

Command = Callable[..., Any]

# Named here again: what holds the models takes seconds to import.
MODES: tuple[Mode, ...] = ("accurate", "fast")


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write files, each whole or not at all, and say so on standard error; raises `RunError`."""
    from nlp.report.files import write_whole

    for path, content in contents.items():
        write_whole(path, content)
        click.echo(f"smallprint: wrote {path}", err=True)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
data_option = click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="The folder described in CONTRIBUTING."
)

mode_option = click.option(
    "--mode",
    type=click.Choice(MODES),
    default="accurate",
    show_default=True,
    help="How clauses are tagged.",
)


def json_options(command: Command) -> Command:
    """Add --json and --jsonl to a command."""
    command = click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a line.")(command)
    return json_option(command)


def print_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    # Half a character, as "\ud800" in a file of questions gives, cannot be printed.
    click.echo(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode())


def print_warnings(statement: Statement) -> None:
    """Say on standard error what is doubtful about a statement."""
    for warning in statement.warnings:
        click.echo(f"smallprint: warning: {warning}", err=True)


def print_clauses(clauses: Iterable[Clause]) -> None:
    """Print clauses under their headings, each with its categories."""
    heading: tuple[str, ...] = ()
    for clause in clauses:
        if clause.heading != heading:
            heading = clause.heading
            click.secho("\n" + " > ".join(heading), bold=True)
        names = ", ".join(CATEGORY_NAMES.get(c, c) for c in clause.categories)
        bullet = "- " if clause.kind == "item" else "  "
        click.echo(f"{bullet}{one_line(clause.text)} " + click.style(f"[{names}]", fg="cyan"))


def print_answer(answer: Answer) -> None:
    """Print an answer with the passages that it rests on."""
    ref = answer.statement
    version = f"archived {ref.archived_on}" if ref.archived_on else ref.effective_on
    click.secho(one_line(answer.answer), bold=True)
    if answer.notice:
        click.echo(answer.notice)
    click.echo(f"{ref.title}{f', {version}' if version else ''}; {confidence_words(answer)}\n")
    limits = {citation.clause_id for citation in answer.conditions}
    for number, citation in enumerate(answer.citations, 1):
        # The first passage is the answer itself, with its own limits in it.
        but = "But: " if number > 1 and citation.clause_id in limits else ""
        _print_citation(f"{number}. {but}", citation)


def confidence_words(answer: Answer) -> str:
    """Return the confidence of an answer in words."""
    if not answer.answered:
        return "the nearest passages, none of which seems to answer" if answer.citations else "nothing near"
    return f"{answer.confidence_words}; here are its words"


def _print_citation(marker: str, citation: Citation) -> None:
    where = " > ".join(citation.heading) or "introduction"
    click.echo(f"{marker}“{one_line(citation.quote)}”\n   " + click.style(where, fg="cyan"))


def one_line(text: str) -> str:
    """Return text on one line without the control characters, which a terminal would obey."""
    return " ".join("".join(ch if ch.isprintable() or ch.isspace() else "" for ch in text).split())
