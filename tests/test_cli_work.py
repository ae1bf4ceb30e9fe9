"""Tests of `evaluate`, `benchmark` and `train`: what they call and print, with the work itself replaced."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from classifier_fakes import bag_arrays, write_encoder
from nlp_fakes import WordEncoder, acme, no_topics, tiny_classifier, tiny_engine, tiny_weigher

from corpus import privacyqa
from corpus.questions import QuestionSet
from nlp import (
    artefact,
    encoder,
    evaluate,
    evaluate_answers,
    evaluate_classifier,
    measure_classifier,
    plots,
    question_sets,
    train_answerer,
    train_classifier,
    train_reranker,
)
from nlp import measure as measure_module
from nlp import reranker as reranker_module
from nlp.artefact import ArtefactError
from nlp.calibrate import Bin
from nlp.classifier import FOLDERS, ClauseClassifier, Mode
from nlp.cli import main, measure
from nlp.engine import Smallprint
from nlp.evaluate_answers import Deletions, Retrieval
from nlp.evaluate_classifier import Figure, LabelScore, Report
from nlp.evidence import Outcomes, Weigher
from nlp.measure import Timing
from nlp.measure_classifier import Speed, Speeds
from nlp.topics import Topics
from nlp.train_reranker import Recipe
from nlp.transformer_scorer import TagModel

# The real one, which `modes` replaces.
load_classifier = ClauseClassifier.load
MADE: dict[Mode, str] = {"accurate": "classifier", "fast": "classifier-fast"}
CALIBRATION = {"calibration": np.ones((13, 2), np.float32), "thresholds": np.full(13, 0.5, np.float32)}
NOTHING = Figure(0.0, 0.0, 0.0)
SCORES = Report(
    texts=7,
    labels=(
        LabelScore("sharing", 0.5, 1.0, Figure(0.6666, 0.25, 1.0), 0.04, 2, 4, (Bin(0.75, 0.5, 4),)),
        LabelScore("policy-change", 0.0, 0.0, NOTHING, 0.0, 0, 2, ()),
    ),
    macro_f1=Figure(0.3333, 0.12344, 0.5),
    micro_f1=Figure(0.5, 0.25, 0.75),
    published_macro_f1=Figure(0.4, 0.3, 0.5),
    published_micro_f1=Figure(0.6, 0.55, 0.65),
    confusion=((1.0, 0.5), (0.0, 0.0)),
)


@pytest.fixture(autouse=True)
def modes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Work without models, and return the modes that a classifier is loaded in."""
    loaded: list[str] = []
    monkeypatch.setattr(measure, "load_engine", tiny_engine)
    monkeypatch.setattr(encoder.SentenceEncoder, "load", lambda: WordEncoder())
    monkeypatch.setattr(ClauseClassifier, "load", lambda *, mode: loaded.append(mode) or tiny_classifier())
    monkeypatch.setattr(evaluate_classifier, "evaluate_classifier", lambda classifier, data: SCORES)
    return loaded


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command line, which must not fail, and return what it prints."""
    code = main(arguments)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


@pytest.mark.parametrize(
    ("command", "function"),
    [("qa", "evaluate_questions"), ("clauses", "evaluate_clauses"), ("reader", "evaluate_reader")],
)
def test_the_table_of_a_scorer_is_printed_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, function: str
) -> None:
    monkeypatch.setattr(evaluate, function, lambda *given, **options: f"table of {given[-1]}\n")
    assert run(capsys, "evaluate", command, "--data", "here") == "table of here\n"


@pytest.mark.parametrize(("command", "function"), [("qa", "evaluate_questions"), ("clauses", "evaluate_clauses")])
def test_a_scorer_is_asked_for_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, function: str
) -> None:
    monkeypatch.setattr(evaluate, function, lambda *given, as_json: f'{{"asked": {int(as_json)}}}\n')
    assert json.loads(run(capsys, "evaluate", command, "--data", "here", "--json")) == {"asked": 1}


def test_the_table_of_the_reader_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    table = "a-page recall 0.990  precision 0.980\nmean recall 0.990  precision 0.980\n"
    monkeypatch.setattr(evaluate, "evaluate_reader", lambda data: table)
    found = json.loads(run(capsys, "evaluate", "reader", "--data", "here", "--json"))
    assert found == {name: {"recall": 0.99, "precision": 0.98} for name in ("a-page", "mean")}


def test_scores_of_the_classifier_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "evaluate", "classifier", "--data", "here") == (
        "category       texts precision  recall     F1            95 %    ECE\n"
        "sharing            2     0.500   1.000  0.667  0.250 to 1.000  0.040\n"
        "policy-change      0     0.000   0.000  0.000  0.000 to 0.000  0.000\n"
        "macro F1                               0.333  0.123 to 0.500\n"
        "micro F1                               0.500  0.250 to 0.750\n"
        "macro F1, published labels             0.400  0.300 to 0.500\n"
        "micro F1, published labels             0.600  0.550 to 0.650\n"
    )


def test_scores_of_the_classifier_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(run(capsys, "evaluate", "classifier", "--data", "here", "--json"))
    assert record == SCORES.as_dict()
    assert record["macro_f1"] == {"value": 0.3333, "low": 0.1234, "high": 0.5}
    assert record["labels"][0] == {
        "label": "sharing",
        "precision": 0.5,
        "recall": 1.0,
        "f1": {"value": 0.6666, "low": 0.25, "high": 1.0},
        "calibration_error": 0.04,
        "count": 2,
        "chosen": 4,
        "reliability": [{"probability": 0.75, "frequency": 0.5, "count": 4}],
    }


@pytest.mark.parametrize(
    ("options", "mode"), [([], "accurate"), (["--mode", "accurate"], "accurate"), (["--mode", "fast"], "fast")]
)
def test_the_mode_asked_for_is_scored(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    modes: list[str],
    options: list[str],
    mode: str,
) -> None:
    scored: list[Any] = []
    monkeypatch.setattr(evaluate_classifier, "evaluate_classifier", lambda *given: scored.append(given) or SCORES)
    run(capsys, "evaluate", "classifier", "--data", "here", *options)
    assert modes == [mode]
    assert [(made.fingerprint, data) for made, data in scored] == [(tiny_classifier().fingerprint, Path("here"))]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_plots_are_drawn_beside_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(plots, "save_plots", lambda *given: drawn.append(given))
    command = ["evaluate", "classifier", "--data", "here", *options]
    plain = run(capsys, *command)
    assert drawn == []
    assert run(capsys, *command, "--plots", "some/folder") == plain
    assert drawn == [(SCORES, Path("some/folder"))]


def test_plots_are_written_to_a_new_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "plots"
    run(capsys, "evaluate", "classifier", "--data", "here", "--plots", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["confusion.png", "reliability.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.iterdir())


def test_plots_that_cannot_be_drawn_are_a_failed_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert main(["evaluate", "classifier", "--data", "here", "--plots", str(tmp_path)]) == 1
    message = "plots need matplotlib, which is not installed; pip install 'smallprint[plots]'"
    assert capsys.readouterr() == ("", f"smallprint: {message}\n")


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Put figures in the place of measuring answers, and return the folders and questions that were asked for."""
    asked: list[Any] = []
    held_back = Outcomes(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, True]))
    development = Outcomes(np.array([0.9]), np.array([False]))
    monkeypatch.setattr(evaluate, "dev_questions", lambda data: f"questions of {data}")
    monkeypatch.setattr(evaluate, "load_matching", lambda data: f"matching of {data}")
    monkeypatch.setattr(Outcomes, "load", lambda: held_back)
    monkeypatch.setattr(
        evaluate_answers, "dev_outcomes", lambda engine, *given: asked.append(("outcomes", *given)) or development
    )
    monkeypatch.setattr(
        evaluate_answers,
        "deletions",
        lambda engine, *given: asked.append(("deletions", *given)) or Deletions(9, 8, 7, 6),
    )
    return asked


def test_what_answers_are_worth_as_a_table(capsys: pytest.CaptureFixture[str], answered: list[Any]) -> None:
    assert run(capsys, "evaluate", "answers", "--data", "here") == (
        "questions     answered  number  wrong  share\n"
        "held-back          50%       2      1  50.0%\n"
        "held-back          70%       3      1  33.3%\n"
        "held-back          90%       4      1  25.0%\n"
        "held-back         100%       4      1  25.0%\n"
        "development        50%       1      1 100.0%\n"
        "development        70%       1      1 100.0%\n"
        "development        90%       1      1 100.0%\n"
        "development       100%       1      1 100.0%\n"
        "answering clauses deleted: 8 of 9 answers are declined\n"
        "a clause beside the point deleted: 6 of 7 verdicts change\n"
    )
    given = ("questions of here", "matching of here")
    assert answered == [("outcomes", *given), ("deletions", *given)]


@pytest.mark.usefixtures("answered")
def test_what_answers_are_worth_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(run(capsys, "evaluate", "answers", "--data", "here", "--json"))
    assert list(record) == ["risk", "deletions"]
    assert record["deletions"] == {"answered": 9, "declined": 8, "kept": 7, "changed": 6}
    assert {name: len(rows) for name, rows in record["risk"].items()} == {"held-back": 4, "development": 4}
    assert record["risk"]["held-back"][0] == {"coverage": 0.5, "answered": 2, "wrong": 1, "risk": 0.5}


@pytest.mark.usefixtures("answered")
def test_the_risk_is_drawn_beside_what_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plain = run(capsys, "evaluate", "answers", "--data", "here")
    assert run(capsys, "evaluate", "answers", "--data", "here", "--plots", str(tmp_path / "new")) == plain
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["risk.png"]


def test_a_risk_that_cannot_be_drawn_is_said_before_the_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answered: list[Any], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert main(["evaluate", "answers", "--data", "here", "--plots", str(tmp_path)]) == 1
    message = "plots need matplotlib, which is not installed; pip install 'smallprint[plots]'"
    assert capsys.readouterr() == ("", f"smallprint: {message}\n")
    assert answered == []


def test_an_answerer_without_outcomes_is_a_failed_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answered: list[Any]
) -> None:
    def missing() -> None:
        raise ArtefactError("models/answerer keeps no outcomes; run: smallprint train answerer")

    monkeypatch.setattr(Outcomes, "load", missing)
    assert main(["evaluate", "answers", "--data", "here"]) == 1
    assert capsys.readouterr() == (
        "",
        "smallprint: models/answerer keeps no outcomes; run: smallprint train answerer\n",
    )
    assert answered == []


def test_missing_development_questions_are_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["evaluate", "answers", "--data", str(tmp_path)]) == 2
    expected = f"no such file: {tmp_path / 'dev_qa.jsonl'}; give the evaluation folder with --data"
    assert capsys.readouterr() == ("", f"smallprint: {expected}\n")


def test_retrieval_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    found = Retrieval(12, 0.25, 0.5, 0.75)
    monkeypatch.setattr(evaluate_answers, "policyqa_retrieval", lambda engine, data: asked.append(data) or found)
    assert run(capsys, "evaluate", "retrieval", "--data", "here") == (
        "12 questions, passage among the first five\nBM25       0.250\nMiniLM     0.500\nsmallprint 0.750\n"
    )
    record = json.loads(run(capsys, "evaluate", "retrieval", "--data", "here", "--json"))
    assert record == {"questions": 12, "bm25": 0.25, "minilm": 0.5, "smallprint": 0.75}
    assert asked == [Path("here")] * 2


def test_timings_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def timings(engine: object, id: str, *, rounds: int) -> list[Timing]:
        asked.append((id, rounds))
        return [Timing("peer", 20.0, 1.0), Timing("read", 5.04, 0.252)]

    monkeypatch.setattr(measure_module, "time_statement", timings)
    assert run(capsys, "benchmark", "statement") == (
        f"{'stage':40}        ms   x peer\n{'peer':40}      20.0    1.000\n{'read':40}       5.0    0.252\n"
    )
    record = json.loads(run(capsys, "benchmark", "statement", "--rounds", "5", "--json"))
    assert record["stages"][1] == {"stage": "read", "milliseconds": 5.04, "ratio": 0.252}
    assert asked == [("janrain.com", 3), ("janrain.com", 5)]


def test_speeds_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def speeds(*, rounds: int) -> Speeds:
        asked.append(rounds)
        return Speeds(1200, 17.26, (Speed("a peer", 12.345, 1.0), Speed("smallprint fast", 2469.0, 200.0)))

    monkeypatch.setattr(measure_classifier, "time_classifiers", speeds)
    assert run(capsys, "benchmark", "classifier") == (
        "1200 clauses, 17.3 words on average\n"
        f"{'model':48} clauses/s  x first\n"
        f"{'a peer':48}      12.3      1.0\n"
        f"{'smallprint fast':48}    2469.0    200.0\n"
    )
    record = json.loads(run(capsys, "benchmark", "classifier", "--rounds", "5", "--json"))
    assert record == {
        "clauses": 1200,
        "words": 17.26,
        "rows": [
            {"model": "a peer", "clauses_per_second": 12.345, "ratio": 1.0},
            {"model": "smallprint fast", "clauses_per_second": 2469.0, "ratio": 200.0},
        ],
    }
    assert asked == [3, 5]


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Put small arrays in the place of training, and models/ into a folder; return what training was asked for."""
    asked: list[Any] = []

    def fit(data: Path, *, work: Path | None, report: Any) -> dict[Mode, Any]:
        asked.append((data, work))
        report("learning")
        return {"accurate": TagModel.untrained(13).arrays() | CALIBRATION, "fast": bag_arrays(13) | CALIBRATION}

    monkeypatch.setenv(encoder.SETTING, str(write_encoder(tmp_path / "encoder")))
    for mode, folder in FOLDERS.items():
        monkeypatch.setitem(FOLDERS, mode, tmp_path / "models" / folder.name)
    monkeypatch.setattr(train_classifier, "train", fit)
    return asked


@pytest.mark.parametrize(
    ("options", "folder", "work"),
    [([], "models", None), (["--out", "made"], "made", None), (["--work", "stages"], "models", Path("stages"))],
)
def test_both_modes_are_trained_scored_and_saved(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    trained: list[Any],
    options: list[str],
    folder: str,
    work: Path | None,
) -> None:
    scored: dict[str, Path] = {}
    monkeypatch.setattr(
        evaluate_classifier, "evaluate_classifier", lambda made, data: scored.update({made.fingerprint: data}) or SCORES
    )
    monkeypatch.chdir(tmp_path)
    assert main(["train", "classifier", "--data", "here", *options]) == 0
    out, err = capsys.readouterr()
    assert (trained, err) == ([(Path("here"), work)], "learning\n")
    # Given relative paths are printed as they were given.
    root = Path(folder) if "--out" in options else tmp_path / folder
    assert out == "".join(
        f"{mode}: validation macro F1 0.333, micro F1 0.500\nwrote {root / name}\n" for mode, name in MADE.items()
    )
    for mode, name in MADE.items():
        config = json.loads((root / name / "config.json").read_text())
        assert (config["mode"], config["validation"]) == (mode, SCORES.as_dict())
        assert scored.pop(load_classifier(root / name, mode=mode).fingerprint) == Path("here")
    assert scored == {}


def test_training_prints_its_figures_as_json(
    capsys: pytest.CaptureFixture[str], trained: list[Any], tmp_path: Path
) -> None:
    assert main(["train", "classifier", "--data", "here", "--json"]) == 0
    out, err = capsys.readouterr()
    figures = {"macro_f1": 0.3333, "micro_f1": 0.5}
    assert json.loads(out) == {"validation": {"accurate": figures, "fast": figures}}
    assert (out.count("\n"), err) == (1, "learning\n")
    assert (tmp_path / "models" / "classifier-fast" / "config.json").is_file()


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put empty sets in the place of our questions: two to train on and one held back."""

    def made(data: Path) -> tuple[list[QuestionSet], list[QuestionSet]]:
        assert data == Path("here")
        return [QuestionSet(name, acme(), ()) for name in ("a", "b")], [QuestionSet("c", acme(), ())]

    monkeypatch.setattr(question_sets, "question_sets", made)


@pytest.mark.usefixtures("sets")
@pytest.mark.parametrize(
    ("options", "recipe", "start"),
    [
        ([], Recipe(), None),
        (["--epochs", "2"], Recipe(epochs=2), None),
        (["--start", "before", "--learning-rate", "1e-4"], Recipe(learning_rate=1e-4), "before, 0.1"),
    ],
)
def test_a_reranker_is_trained_on_what_is_not_held_back(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    options: list[str],
    recipe: Recipe,
    start: str | None,
) -> None:
    saved: list[Any] = []

    def fit(own: object, policyqa: object, given: Recipe, *, start: object, report: Any) -> str:
        report(f"{own} {policyqa}")
        assert (given, start) == expected
        return "a model"

    expected = recipe, start
    monkeypatch.setattr(reranker_module, "load_model", lambda folder, *, dropout: f"{folder}, {dropout}")

    monkeypatch.setattr(train_reranker, "own_groups", lambda sets, encoder: [s.name for s in sets])
    monkeypatch.setattr(train_reranker, "policyqa_groups", lambda data: f"policyqa in {data}")
    monkeypatch.setattr(train_reranker, "train", fit)
    monkeypatch.setattr(reranker_module, "save", lambda *given: saved.append(given))
    folder = tmp_path / "made"
    about = {"held_back": ["c"], **asdict(recipe), "start": start and "before"}
    command = ["train", "reranker", "--data", "here", "--out", str(folder), *options]
    assert main(command) == 0
    then = "once it is models/reranker, run: smallprint train answerer --data here"
    learning = "['a', 'b'] policyqa in here\n"
    assert capsys.readouterr() == (f"wrote {folder}; {then}\n", learning)
    assert main([*command, "--json"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"folder": str(folder), **about}, learning)
    assert saved == [("a model", folder, about)] * 2


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Put fakes in the place of fitting an answerer; return what topics and weights were fitted on."""
    asked: list[Any] = []

    def learn(seen: list[QuestionSet], others: object, encoder: object) -> Topics:
        asked.append(([one.name for one in seen], others, type(encoder)))
        return no_topics()

    def engine(topics: Topics) -> Smallprint:
        assert not topics.weights.any()
        return tiny_engine()

    def fit(engine: Smallprint, held_back: list[QuestionSet], seen: list[QuestionSet]) -> tuple[Weigher, Outcomes, str]:
        asked.append(([one.name for one in held_back], [one.name for one in seen]))
        return tiny_weigher(0.25), Outcomes(np.array([0.5]), np.array([True])), "good"

    artefact.save(tmp_path / "reranker", {}, {"a": np.zeros(1)})
    monkeypatch.setattr(reranker_module, "FOLDER", tmp_path / "reranker")
    monkeypatch.setattr(privacyqa, "read_privacyqa", lambda data: [(f"in {data}", ("sharing",))])
    monkeypatch.setattr(train_answerer, "learn_topics", learn)
    monkeypatch.setattr(train_answerer, "untrained_engine", engine)
    monkeypatch.setattr(train_answerer, "fit", fit)
    return asked


@pytest.mark.usefixtures("sets")
def test_an_answerer_is_fitted_on_what_is_held_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fitted: list[Any]
) -> None:
    folder = tmp_path / "made"
    command = ["train", "answerer", "--data", "here", "--out", str(folder)]
    assert run(capsys, *command) == f"good\nwrote {folder}\n"
    assert fitted == [(["a", "b"], [("in here", ("sharing",))], WordEncoder), (["c"], ["a", "b"])]
    assert Weigher.load(folder, reranker=tmp_path / "reranker").threshold == 0.25
    assert Outcomes.load(folder).confidence.tolist() == [0.5]
    assert json.loads((folder / "config.json").read_text())["figures"] == "good"
    assert json.loads(run(capsys, *command, "--json")) == {"folder": str(folder), "figures": "good"}


@pytest.mark.usefixtures("sets", "fitted")
def test_missing_models_are_a_failed_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(topics: Topics) -> None:
        raise ArtefactError("models/reranker holds no question-reranker: config.json is missing")

    monkeypatch.setattr(train_answerer, "untrained_engine", missing)
    assert main(["train", "answerer", "--data", "here"]) == 1
    assert capsys.readouterr().err == (
        "smallprint: models/reranker holds no question-reranker: config.json is missing\n"
    )


@pytest.mark.parametrize(
    ("name", "file"),
    [("classifier", "policy_paragraphs.jsonl.gz"), ("reranker", "policyqa/"), ("answerer", "privacyqa/")],
)
def test_missing_data_is_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, file: str
) -> None:
    monkeypatch.setattr(question_sets, "question_sets", lambda data: ([], []))
    monkeypatch.setattr(train_reranker, "own_groups", lambda sets, encoder: [])
    assert main(["train", name, "--data", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"smallprint: no such file: {tmp_path / file}")
    assert (out, err.count("\n")) == ("", 1)


@pytest.mark.parametrize("name", ["reranker", "answerer"])
def test_missing_policies_are_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert main(["train", name, "--data", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"smallprint: no such file: {tmp_path}")
    assert (out, err.count("\n")) == ("", 1)
