"""Every command and every option explains itself, every command shows an example, and README names them all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from nlp.cli import main, smallprint

README = Path(__file__).parent.parent / "README.md"


def commands(command: click.Command = smallprint, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its path, the groups among them."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)


ALL = list(commands())
ARGUMENTS = {"source", "question", "old", "new", "inputs", "text", "archive", "service", "version", "url"}
LEAVES = [(path, command) for path, command in ALL if not isinstance(command, click.Group)]


def name(parameter: object) -> str | None:
    """Return the path of a command as the id of a test."""
    return " ".join(("smallprint", *parameter)) if isinstance(parameter, tuple) else ""


def test_the_commands_are_those_of_the_interface() -> None:
    paths = {" ".join(path) for path, _ in LEAVES}
    measured = {"evaluate qa", "evaluate classifier", "benchmark statement", "benchmark classifier"}
    assert {"clauses", "ask", "web", "train classifier", *measured} <= paths


@pytest.mark.parametrize(("path", "command"), ALL, ids=name)
def test_a_command_explains_itself(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert command.get_short_help_str(200).endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts} of {' '.join(path)} has no help"
        else:
            assert parameter.name in ARGUMENTS


@pytest.mark.parametrize(("path", "command"), ALL, ids=name)
def test_the_help_shows_an_example(
    path: tuple[str, ...], command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*path, "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    example = " ".join(("smallprint", *path))
    # Not the line of usage, which names the command as well.
    assert example in " ".join(out.partition("\n")[2].split())


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=name)
def test_the_example_is_one_that_the_command_takes(path: tuple[str, ...], command: click.Command) -> None:
    example = (command.epilog or "").partition("Example: ")[2].partition(" | ")[0]
    words = [word for word in shlex.split(example) if "=" not in word]
    assert words[: 1 + len(path)] == ["smallprint", *path]
    context = command.make_context(command.name, words[1 + len(path) :])
    assert context.params.keys() == {parameter.name for parameter in command.params if parameter.name != "help"}


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=name)
def test_readme_names_the_command(path: tuple[str, ...], command: click.Command) -> None:
    text = README.read_text(encoding="utf-8")
    *groups, last = path
    # "smallprint evaluate qa|clauses" names two.
    named = re.findall(" ".join(["smallprint", *groups, r"([\w|]+)"]), text)
    assert last in {word for words in named for word in words.split("|")}
