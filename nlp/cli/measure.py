"""`smallprint evaluate` and `smallprint benchmark`: the project's own measurements."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlp.cli.output import data_option, json_option, mode_option, print_json
from nlp.cli.read import load_engine, load_tagger

if TYPE_CHECKING:
    from nlp.classifier import Mode
    from nlp.evaluate_classifier import Figure


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


@evaluate.command(epilog="Example: smallprint evaluate answers --data EVAL --plots /tmp/plots")
@data_option
@click.option("--plots", type=click.Path(file_okay=False, path_type=Path), help="Folder for risk.png.")
@json_option
def answers(data: Path, plots: Path | None, as_json: bool) -> None:
    """Measure what answers are worth: risk against coverage, and what deleting clauses changes."""
    if plots:
        # Whether they can be made is said before the work, not after it.
        from nlp.plots import figure_class, save_risk_plot

        figure_class()
    from nlp.evaluate import dev_questions, load_matching
    from nlp.evaluate_answers import deletions, dev_outcomes, risks
    from nlp.evidence import Outcomes

    engine, asked, same_passage = load_engine(), dev_questions(data), load_matching(data)
    outcomes = {"held-back": Outcomes.load(), "development": dev_outcomes(engine, asked, same_passage)}
    gone = deletions(engine, asked, same_passage)
    if plots:
        save_risk_plot(outcomes, plots)
    tables = {name: risks(o.confidence, o.right) for name, o in outcomes.items()}
    if as_json:
        rows = {name: [asdict(row) | {"risk": row.share} for row in table] for name, table in tables.items()}
        print_json({"risk": rows, "deletions": asdict(gone)})
        return
    click.echo(f"{'questions':12} {'answered':>9} {'number':>7} {'wrong':>6} {'share':>6}")
    for name, table in tables.items():
        for row in table:
            click.echo(f"{name:12} {row.coverage:9.0%} {row.answered:7d} {row.wrong:6d} {row.share:6.1%}")
    click.echo(f"answering clauses deleted: {gone.declined} of {gone.answered} answers are declined")
    click.echo(f"a clause beside the point deleted: {gone.changed} of {gone.kept} verdicts change")


@evaluate.command(epilog="Example: smallprint evaluate retrieval --data DATA")
@data_option
@json_option
def retrieval(data: Path, as_json: bool) -> None:
    """Look for the passages of PolicyQA in whole policies, beside BM25 and plain MiniLM."""
    from nlp.evaluate_answers import policyqa_retrieval

    found = policyqa_retrieval(load_engine(), data)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"{found.questions} questions, passage among the first five")
    for name, share in (("BM25", found.bm25), ("MiniLM", found.minilm), ("smallprint", found.smallprint)):
        click.echo(f"{name:10} {share:.3f}")


@evaluate.command(epilog="Example: smallprint evaluate clauses --data EVAL")
@data_option
@mode_option
@json_option
def clauses(data: Path, mode: Mode, as_json: bool) -> None:
    """Tag the development clauses and print the scorer's table."""
    from nlp.evaluate import evaluate_clauses

    click.echo(evaluate_clauses(load_tagger(mode), data, as_json=as_json), nl=False)


@evaluate.command(name="compare", epilog="Example: smallprint evaluate compare --data DATA --scorers EVAL")
@data_option
@click.option(
    "--scorers", type=click.Path(path_type=Path), required=True, help="The folder EVAL described in CONTRIBUTING."
)
@mode_option
@json_option
def comparison(data: Path, scorers: Path, mode: Mode, as_json: bool) -> None:
    """Compare pairs of versions and print the scorer's table."""
    from nlp.evaluate_compare import evaluate_compare

    click.echo(evaluate_compare(load_tagger(mode), data, scorers / "score_compare.py", as_json=as_json), nl=False)


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


@evaluate.command(epilog="Example: smallprint evaluate classifier --data DATA --mode fast")
@data_option
@mode_option
@click.option(
    "--plots", type=click.Path(file_okay=False, path_type=Path), help="Folder for reliability.png and confusion.png."
)
@json_option
def classifier(data: Path, mode: Mode, plots: Path | None, as_json: bool) -> None:
    """Score the classifier on the validation split of OPP-115, with 95 % intervals."""
    from nlp.classifier import ClauseClassifier
    from nlp.evaluate_classifier import evaluate_classifier

    report = evaluate_classifier(ClauseClassifier.load(mode=mode), data)
    if plots:
        from nlp.plots import save_plots

        save_plots(report, plots)
    if as_json:
        print_json(report.as_dict())
        return
    click.echo(f"{'category':14} {'texts':>5} {'precision':>9} {'recall':>7} {'F1':>6} {'95 %':>15} {'ECE':>6}")
    for s in report.labels:
        row = f"{s.precision:9.3f} {s.recall:7.3f} {_figure(s.f1)} {s.calibration_error:6.3f}"
        click.echo(f"{s.label:14} {s.count:5d} {row}")
    for name, figure in (
        ("macro F1", report.macro_f1),
        ("micro F1", report.micro_f1),
        ("macro F1, published labels", report.published_macro_f1),
        ("micro F1, published labels", report.published_micro_f1),
    ):
        click.echo(f"{name:37} {_figure(figure)}")


def _figure(figure: Figure) -> str:
    return f"{figure.value:6.3f} {f'{figure.low:.3f} to {figure.high:.3f}':>15}"


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


@benchmark.command(name="classifier", epilog="Example: smallprint benchmark classifier --rounds 5")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100), help="How often each model runs.")
@json_option
def classifier_speed(rounds: int, as_json: bool) -> None:
    """Time both modes of the classifier beside a RoBERTa-base-sized model and plain MiniLM."""
    from nlp.measure_classifier import time_classifiers

    speeds = time_classifiers(rounds=rounds)
    if as_json:
        print_json(asdict(speeds))
        return
    click.echo(f"{speeds.clauses} clauses, {speeds.words:.1f} words on average")
    click.echo(f"{'model':48} {'clauses/s':>9} {'x first':>8}")
    for row in speeds.rows:
        click.echo(f"{row.model:48} {row.clauses_per_second:9.1f} {row.ratio:8.1f}")


@benchmark.command(name="batch", epilog="Example: smallprint benchmark batch --data DATA --size 200")
@data_option
@click.option("--size", "sizes", multiple=True, type=click.IntRange(1), help="Documents to measure memory at.")
@click.option("--versions", default=200, show_default=True, type=click.IntRange(1), help="Of the archive's versions.")
@json_option
def batch_speed(data: Path, sizes: tuple[int, ...], versions: int, as_json: bool) -> None:
    """Time the bulk tagger beside the plain way, say where the time goes, and measure its memory."""
    from nlp.batch.benchmark import batch_figures

    figures = batch_figures(data, versions=versions, sizes=sizes or (200, 2_000, 20_000))
    if as_json:
        print_json(asdict(figures))
        return
    click.echo(figures.table())


@benchmark.command(name="search", epilog="Example: smallprint benchmark search --data DATA --vectors 50000")
@data_option
@click.option("--vectors", default=1_000_000, show_default=True, type=click.IntRange(1000), help="How many.")
@click.option(
    "--work", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps the embedded clauses."
)
@json_option
def search_speed(data: Path, vectors: int, work: Path | None, as_json: bool) -> None:
    """Build each kind of search index over many vectors; print size, recall and the time of a query.

    What a million policies would take on one machine and on several is worked out from that.
    """
    from nlp.search.benchmark import search_table
    from nlp.search.capacity import MACHINES, capacity, capacity_text

    table = search_table(data, vectors=vectors, work=work)
    if as_json:
        print_json({**asdict(table), "capacity": [asdict(capacity(table, machines=number)) for number in MACHINES]})
        return
    click.echo(f"{table.table()}\n\n{capacity_text(table)}")
