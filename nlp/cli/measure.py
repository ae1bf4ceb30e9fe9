"""`smallprint evaluate` and `smallprint benchmark`: the project's own measurements."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from nlp.cli.output import data_option, json_option, print_json
from nlp.cli.read import load_engine


@click.group()
def evaluate() -> None:
    """Score the engine on labelled sets.

    \b
    Example: smallprint evaluate qa --data EVAL
    """


@evaluate.command(epilog="Example: smallprint evaluate qa --data EVAL")
@data_option
@json_option
def qa(data: Path, as_json: bool) -> None:
    """Answer the development questions and print the scorer's table."""
    from nlp.evaluate import evaluate_questions

    click.echo(evaluate_questions(load_engine(), data, as_json=as_json), nl=False)


@evaluate.command(epilog="Example: smallprint evaluate clauses --data EVAL")
@data_option
@json_option
def clauses(data: Path, as_json: bool) -> None:
    """Tag the development clauses and print the scorer's table."""
    from nlp.evaluate import evaluate_clauses

    click.echo(evaluate_clauses(load_engine(), data, as_json=as_json), nl=False)


@evaluate.command(epilog="Example: smallprint evaluate reader --data DATA/html")
@data_option
@json_option
def reader(data: Path, as_json: bool) -> None:
    """Read captured web pages and print how much of the policy is kept and how much else comes along."""
    from nlp.evaluate import evaluate_reader

    table = evaluate_reader(data)
    if as_json:
        # A row of the scorer: name, "recall", a number, "precision", a number.
        rows = [line.split() for line in table.splitlines()]
        print_json({row[0]: {"recall": float(row[2]), "precision": float(row[4])} for row in rows})
        return
    click.echo(table, nl=False)


@evaluate.command(epilog="Example: smallprint evaluate classifier --data DATA")
@data_option
@json_option
def classifier(data: Path, as_json: bool) -> None:
    """Score the classifier on the validation split of OPP-115."""
    from nlp.classifier import ClauseClassifier
    from nlp.evaluate import evaluate_classifier, macro_f1, micro_f1

    scores = evaluate_classifier(ClauseClassifier.load(), data)
    totals = {"macro_f1": macro_f1(scores), "micro_f1": micro_f1(scores)}
    if as_json:
        print_json({"labels": [asdict(score) for score in scores], **totals})
        return
    click.echo(f"{'category':16} {'texts':>5} {'precision':>9} {'recall':>7} {'F1':>6} {'ECE':>6}")
    for s in scores:
        row = f"{s.precision:9.3f} {s.recall:7.3f} {s.f1:6.3f} {s.calibration_error:6.3f}"
        click.echo(f"{s.label:16} {s.count:5d} {row}")
    click.echo(f"macro F1 {totals['macro_f1']:.3f}, micro F1 {totals['micro_f1']:.3f} over {len(scores)} categories")


@click.group()
def benchmark() -> None:
    """Time the engine beside a stated peer.

    \b
    Example: smallprint benchmark statement
    """


@benchmark.command(epilog="Example: smallprint benchmark statement --rounds 5")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100), help="How often each stage runs.")
@json_option
def statement(rounds: int, as_json: bool) -> None:
    """Time every stage from the bundled document to an answer, warm."""
    from corpus.load import DEFAULT_ID
    from nlp.measure import time_statement

    timings = time_statement(load_engine(), DEFAULT_ID, rounds=rounds)
    if as_json:
        print_json({"stages": [asdict(timing) for timing in timings]})
        return
    click.echo(f"{'stage':40} {'ms':>9} {'x peer':>8}")
    for timing in timings:
        click.echo(f"{timing.stage:40} {timing.milliseconds:9.1f} {timing.ratio:8.3f}")
