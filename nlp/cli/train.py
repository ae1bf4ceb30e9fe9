"""`smallprint train`: make the artefacts of `models/` again."""

from __future__ import annotations

from pathlib import Path

import click

from nlp.cli.output import data_option, json_option, print_json


@click.group()
def train() -> None:
    """Train the shipped models from the data folder described in CONTRIBUTING.

    \b
    Example: smallprint train classifier --data DATA
    """


@train.command(epilog="Example: smallprint train classifier --data DATA --out /tmp/models --work /tmp/stages")
@data_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that gets classifier and classifier-fast; by default models.",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps finished stages for a run to go on from.",
)
@json_option
def classifier(data: Path, out: Path | None, work: Path | None, as_json: bool) -> None:
    """Train both modes of the clause classifier on OPP-115 and our own labels, and print their validation scores.

    Two hours on two cores. Each stage is kept with --work.
    """
    from corpus.taxonomy import CATEGORY_IDS
    from nlp.classifier import FOLDERS, ClauseClassifier, save
    from nlp.evaluate_classifier import evaluate_classifier
    from nlp.train_classifier import train as fit

    figures = {}
    for mode, arrays in fit(data, work=work, report=_report).items():
        folder = out / FOLDERS[mode].name if out else FOLDERS[mode]
        scores = evaluate_classifier(ClauseClassifier.from_arrays(mode, CATEGORY_IDS, arrays, folder), data)
        save(folder, mode, CATEGORY_IDS, arrays, {"validation": scores.as_dict()})
        figures[mode] = {"macro_f1": scores.macro_f1.value, "micro_f1": scores.micro_f1.value}
        if not as_json:
            click.echo(f"{mode}: validation macro F1 {scores.macro_f1.value:.3f}, micro F1 {scores.micro_f1.value:.3f}")
            click.echo(f"wrote {folder}")
    if as_json:
        print_json({"validation": figures})


@train.command(epilog="Example: smallprint train reranker --data DATA")
@data_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; by default models/reranker.")
@click.option(
    "--epochs", type=click.IntRange(1, 50), help="How often our own questions are seen; by default as for the shipped."
)
@click.option("--start", type=click.Path(path_type=Path), help="Folder of a trained reranker to go on from.")
@click.option("--learning-rate", type=click.FloatRange(1e-6, 1e-2), help="The highest; by default 2e-4.")
@json_option
def reranker(
    data: Path, out: Path | None, epochs: int | None, start: Path | None, learning_rate: float | None, as_json: bool
) -> None:
    """Train the reranker on our own questions and PolicyQA; some statements are held back for `answerer`.

    A quarter of an hour for each epoch on two quiet cores.
    """
    from dataclasses import asdict, replace

    from nlp.encoder import SentenceEncoder
    from nlp.question_sets import question_sets
    from nlp.reranker import FOLDER, load_model, save
    from nlp.train_reranker import DROPOUT, Recipe, own_groups, policyqa_groups
    from nlp.train_reranker import train as fit

    usual = Recipe()
    recipe = replace(usual, epochs=epochs or usual.epochs, learning_rate=learning_rate or usual.learning_rate)
    seen, held_back = question_sets(data)
    model = load_model(start, dropout=DROPOUT) if start else None
    groups = own_groups(seen, SentenceEncoder.load())
    made = fit(groups, policyqa_groups(data), recipe, start=model, report=_report)
    about = {"held_back": [one.name for one in held_back], **asdict(recipe), "start": str(start) if start else None}
    save(made, out or FOLDER, about)
    if as_json:
        print_json({"folder": str(out or FOLDER), **about})
        return
    click.echo(f"wrote {out or FOLDER}; once it is models/reranker, run: smallprint train answerer --data {data}")


def _report(line: str) -> None:
    # Progress is for the eyes; standard output is for the result.
    click.echo(line, err=True)


@train.command(epilog="Example: smallprint train answerer --data DATA")
@data_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; by default models/answerer.")
@json_option
def answerer(data: Path, out: Path | None, as_json: bool) -> None:
    """Fit rank, verdict and confidence on the statements that the reranker has not seen, and print the figures."""
    from corpus.privacyqa import read_privacyqa
    from nlp.artefact import digest
    from nlp.encoder import SentenceEncoder
    from nlp.evidence import FOLDER
    from nlp.question_sets import question_sets
    from nlp.reranker import FOLDER as RERANKER
    from nlp.train_answerer import fit, learn_topics, untrained_engine

    seen, held_back = question_sets(data)
    topics = learn_topics(seen, read_privacyqa(data), SentenceEncoder.load())
    fitted, outcomes, figures = fit(untrained_engine(topics), held_back, seen)
    fitted.save(out or FOLDER, {"figures": figures, "reranker": digest(RERANKER)}, outcomes)
    if as_json:
        print_json({"folder": str(out or FOLDER), "figures": figures})
        return
    click.echo(figures)
    click.echo(f"wrote {out or FOLDER}")
