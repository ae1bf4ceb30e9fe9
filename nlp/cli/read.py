"""`smallprint clauses`, `ask` and `web`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.types import DocumentError, Statement
from nlp.cli.output import json_options, mode_option, one_line, print_answer, print_clauses, print_json, print_warnings
from nlp.question import QuestionError, checked

if TYPE_CHECKING:
    from nlp.classifier import Mode
    from nlp.engine import Smallprint
    from nlp.types import Clause

_SOURCE_HELP = "SOURCE is a path (Markdown, HTML, text, PDF, DOCX), - for standard input, or janrain.com."


@click.command(epilog=_SOURCE_HELP + " Example: smallprint clauses janrain.com --jsonl | grep '\"retention\"'")
@click.argument("source")
@click.option("--text", "only_text", is_flag=True, help="Print the text that all offsets refer to, and nothing else.")
@mode_option
@json_options
def clauses(source: str, only_text: bool, mode: Mode, as_json: bool, as_jsonl: bool) -> None:
    """Cut a statement into clauses and tag each with its categories."""
    statement = read_source(source)
    if only_text:
        click.echo(statement.text, nl=False)
        return
    print_warnings(statement)
    found = load_tagger(mode)(statement)
    if as_jsonl:
        for clause in found:
            print_json(clause.as_dict())
    elif as_json:
        print_json({"statement": statement.id, "title": statement.title, "clauses": [c.as_dict() for c in found]})
    else:
        print_clauses(found)


@click.command(epilog=_SOURCE_HELP + ' Example: smallprint ask janrain.com "do you sell my data?"')
@click.argument("source")
@click.argument("question", required=False)
@click.option(
    "--questions",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    help='A question a line, or JSON lines {"id", "question"}.',
)
@json_options
def ask(source: str, question: str | None, file: Path | None, as_json: bool, as_jsonl: bool) -> None:
    """Answer a question from a statement, with the passages that answer it."""
    if (question is None) == (file is None):
        raise click.UsageError("give either one QUESTION or --questions FILE")
    asked = [(None, question)] if question is not None else list(read_questions(file or Path("-")))
    if question is not None and not (as_json or as_jsonl):
        checked(question)
    statement = read_source(source)
    print_warnings(statement)
    answers = load_engine().ask_all(statement, asked)
    if as_json and not as_jsonl:
        records = [answer.as_dict() for answer in answers]
        print_json(records[0] if question is not None else {"answers": records})
    elif as_jsonl:
        for answer in answers:
            print_json(answer.as_dict())
    else:
        for number, answer in enumerate(answers):
            if question is None:
                click.echo(("\n" if number else "") + f"> {one_line(answer.question)}")
            print_answer(answer)
    if question is not None:
        # A program that asked for JSON has its answer, "not_stated"; that the question was bad is said as well.
        checked(question)


@click.command(epilog="Example: GRADIO_SERVER_PORT=8080 smallprint web --store STORE")
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    envvar="SMALLPRINT_STORE",
    help="Folder of an archive store, which `archive import` makes, for the tab Archive; also SMALLPRINT_STORE.",
)
@click.option(
    "--allow-fetch",
    is_flag=True,
    help="Let visitors give addresses of pages of the public web; also SMALLPRINT_ALLOW_FETCH=1.",
)
@click.option(
    "--mcp", is_flag=True, help="Serve ask, clauses and compare as tools of MCP as well; also SMALLPRINT_MCP=1."
)
def web(store: Path | None, allow_fetch: bool, mcp: bool) -> None:
    """Serve the web chat on 127.0.0.1:7860 (GRADIO_SERVER_NAME and GRADIO_SERVER_PORT change that)."""
    from nlp.web.server import serve

    code = serve(store=store, allow_fetch=allow_fetch, mcp=mcp)
    if code:
        raise SystemExit(code)


def read_source(source: str) -> Statement:
    """Load what SOURCE names: standard input, a bundled statement or a file."""
    # Reading HTML or PDF brings libraries along that --help must not wait for.
    from corpus.load import BUNDLED, load_bundled, load_file, load_stdin

    if source == "-":
        return load_stdin()
    return load_bundled(source) if source in BUNDLED else load_file(Path(source))


def load_tagger(mode: Mode) -> Callable[[Statement], list[Clause]]:
    """Load what tags clauses, and nothing of what answers questions."""
    from nlp.classifier import ClauseClassifier
    from nlp.segment import segment
    from nlp.tag import tag

    classifier = ClauseClassifier.load(mode=mode)
    return lambda statement: tag(segment(statement), classifier)


def load_engine() -> Smallprint:
    """Load the engine; seconds, because of the libraries under the models."""
    from nlp.engine import Smallprint

    return Smallprint.load()


def read_questions(path: Path) -> Iterator[tuple[str | None, str]]:
    """Yield (id, question) from a file of lines or JSON lines; raises `DocumentError`, `QuestionError`."""
    try:
        with click.open_file(str(path), encoding="utf-8-sig") as file:
            lines = [(number, line.strip()) for number, line in enumerate(file, 1) if line.strip()]
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give a file with a question a line") from e
    except (OSError, UnicodeDecodeError) as e:
        raise DocumentError(f"cannot read {path} as UTF-8 text; give a file with a question a line") from e
    if not lines:
        raise QuestionError(f"{path} holds no questions; give one a line")
    as_json = lines[0][1].startswith("{")
    for number, line in lines:
        yield _from_json(line, path, number) if as_json else (None, line)


def _from_json(line: str, path: Path, number: int) -> tuple[str | None, str]:
    try:
        record = json.loads(line)
        id, question = record.get("id"), record["question"]
        if not isinstance(question, str):
            raise TypeError("the question is not a string")
        return (None if id is None else str(id)), question
    except (ValueError, KeyError, AttributeError, TypeError) as e:
        raise QuestionError(f'{path}, line {number}: give JSON with "id" and "question", one object a line') from e
