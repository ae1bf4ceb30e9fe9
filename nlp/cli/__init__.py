"""The command line: parse, call, print."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from corpus.types import DocumentError
from nlp.cli.archive import archive
from nlp.cli.batch import batch
from nlp.cli.compare import compare
from nlp.cli.measure import benchmark, evaluate
from nlp.cli.read import ask, clauses, web
from nlp.cli.search import index, search
from nlp.cli.train import train
from nlp.errors import RunError
from nlp.question import QuestionError

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="smallprint")
def smallprint() -> None:
    """Say what a privacy statement says.

    \b
    smallprint ask janrain.com "can the cops get my info?"
    smallprint clauses policy.html --jsonl
    smallprint web
    """


for _command in (ask, clauses, compare, batch, index, search, archive, web, evaluate, benchmark, train):
    smallprint.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 1 for a failed run, 2 for bad input.

    What goes wrong is said in one line on standard error, never in a traceback.
    """
    try:
        # Not `smallprint.main`, which ends the process by itself where a pipe is closed.
        with smallprint.make_context("smallprint", list(sys.argv[1:] if arguments is None else arguments)) as context:
            smallprint.invoke(context)
    except click.exceptions.Exit as e:
        return e.exit_code
    except click.exceptions.NoArgsIsHelpError as e:
        e.show()
        return BAD_INPUT
    except click.ClickException as e:
        return _fail(f"{e.format_message()} (see smallprint --help)", BAD_INPUT)
    except (DocumentError, QuestionError) as e:
        return _fail(str(e), BAD_INPUT)
    except RunError as e:
        return _fail(str(e), FAILED)
    except BrokenPipeError:
        # The reader of a pipe has seen enough; what it did not read is of no use to anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as e:
        return _fail(f"cannot go on: {e.strerror or e}{f': {e.filename}' if e.filename else ''}", FAILED)
    except (click.Abort, KeyboardInterrupt) as e:
        return _fail(": ".join(filter(None, ("interrupted", str(e)))), INTERRUPTED)
    return 0


def _fail(message: str, code: int) -> int:
    click.echo(f"smallprint: {' '.join(message.split())}", err=True)
    return code


def entry() -> None:
    """Run the command line for the installed command."""
    sys.exit(main())
