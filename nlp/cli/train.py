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
    "--epochs", default=4, show_default=True, type=click.IntRange(1, 50), help="How often our own questions are seen."
)
@json_option
def reranker(data: Path, out: Path | None, epochs: int, as_json: bool) -> None:
    """Train the reranker on our own questions and PolicyQA; some of our statements are held back for `answerer`."""
    from corpus.questions import HELD_BACK, read_question_sets
    from nlp.encoder import SentenceEncoder
    from nlp.reranker import FOLDER
    from nlp.train_reranker import own_groups, policyqa_groups
    from nlp.train_reranker import train as fit

    sets = [s for s in read_question_sets() if s.name not in HELD_BACK]
    made = fit(own_groups(sets, SentenceEncoder.load()), policyqa_groups(data), epochs=epochs, report=_report)
    made.save(out or FOLDER, {"held_back": list(HELD_BACK), "epochs": epochs})
    if as_json:
        print_json({"folder": str(out or FOLDER), "epochs": epochs, "held_back": list(HELD_BACK)})
        return
    click.echo(f"wrote {out or FOLDER}; now run: smallprint train answerer")


def _report(line: str) -> None:
    # Progress is for the eyes; standard output is for the result.
    click.echo(line, err=True)


@train.command(epilog="Example: smallprint train answerer")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; by default models/answerer.")
@json_option
def answerer(out: Path | None, as_json: bool) -> None:
    """Fit rank, verdict and confidence on the statements that the reranker has not seen, and print the figures."""
    from corpus.questions import HELD_BACK, read_question_sets
    from nlp.artefact import digest
    from nlp.evidence import FOLDER
    from nlp.reranker import FOLDER as RERANKER
    from nlp.train_answerer import fit, untrained_engine

    sets = read_question_sets()
    held_back = [s for s in sets if s.name in HELD_BACK]
    seen = [s for s in sets if s.name not in HELD_BACK]
    fitted, figures = fit(untrained_engine(), held_back, seen)
    fitted.save(out or FOLDER, {"figures": figures, "reranker": digest(RERANKER)})
    if as_json:
        print_json({"folder": str(out or FOLDER), "figures": figures})
        return
    click.echo(figures)
    click.echo(f"wrote {out or FOLDER}")
