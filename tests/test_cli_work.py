"""Tests of `evaluate`, `benchmark` and `train`: what they call and print, with the work itself replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nlp_fakes import WordEncoder, tiny_classifier, tiny_engine, tiny_weigher

from corpus.questions import HELD_BACK, read_question_sets
from nlp import classifier, encoder, evaluate, train_answerer, train_classifier, train_reranker
from nlp import measure as measure_module
from nlp.artefact import ArtefactError
from nlp.classifier import ClauseClassifier
from nlp.cli import main, measure
from nlp.evaluate import LabelScore
from nlp.evidence import Weigher
from nlp.measure import Timing

SCORES = [
    LabelScore("sharing", 0.5, 1.0, 0.6666, 0.04, 2, 4),
    LabelScore("choice", 0.0, 0.0, 0.0, 0.0, 0, 2),
]


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer without models."""
    monkeypatch.setattr(measure, "load_engine", tiny_engine)
    monkeypatch.setattr(encoder.SentenceEncoder, "load", classmethod(lambda cls: WordEncoder()))
    monkeypatch.setattr(classifier.ClauseClassifier, "load", classmethod(lambda cls: tiny_classifier()))
    monkeypatch.setattr(evaluate, "evaluate_classifier", lambda classifier, data: SCORES)


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
        "category         texts precision  recall     F1    ECE\n"
        "sharing              2     0.500   1.000  0.667  0.040\n"
        "choice               0     0.000   0.000  0.000  0.000\n"
        "macro F1 0.333, micro F1 0.500 over 2 categories\n"
    )


def test_scores_of_the_classifier_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(run(capsys, "evaluate", "classifier", "--data", "here", "--json"))
    assert record["micro_f1"] == 0.5
    assert record["macro_f1"] == pytest.approx(0.3333)
    assert record["labels"][0] == {
        "label": "sharing",
        "precision": 0.5,
        "recall": 1.0,
        "f1": 0.6666,
        "calibration_error": 0.04,
        "count": 2,
        "chosen": 4,
    }


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


def test_a_trained_classifier_is_saved_with_its_figures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(train_classifier, "train", lambda data, encoder: tiny_classifier())
    folder = tmp_path / "made"
    assert run(capsys, "train", "classifier", "--data", "here", "--out", str(folder)) == (
        f"validation: macro F1 0.333, micro F1 0.500\nwrote {folder}\n"
    )
    config = json.loads((folder / "config.json").read_text())
    assert config["validation"] == {"macro_f1": 0.3333, "micro_f1": 0.5}
    monkeypatch.undo()
    assert ClauseClassifier.load(folder, encoder=WordEncoder()).fingerprint == tiny_classifier().fingerprint


def test_a_reranker_is_trained_on_what_is_not_held_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved: list[Any] = []

    class Made:
        def save(self, folder: Path, about: dict[str, Any]) -> None:
            saved.append((folder, about))

    def fit(own: object, policyqa: object, *, epochs: int, report: Any) -> Made:
        report(f"{own} {policyqa} {epochs}")
        return Made()

    monkeypatch.setattr(train_reranker, "own_groups", lambda sets, encoder: [s.name for s in sets])
    monkeypatch.setattr(train_reranker, "policyqa_groups", lambda data: f"policyqa in {data}")
    monkeypatch.setattr(train_reranker, "train", fit)
    code = main(["train", "reranker", "--data", "here", "--epochs", "2", "--out", str(tmp_path / "made")])
    out, err = capsys.readouterr()
    names = [s.name for s in read_question_sets() if s.name not in HELD_BACK]
    assert (code, err) == (0, f"{names} policyqa in here 2\n")
    assert out == f"wrote {tmp_path / 'made'}; now run: smallprint train answerer\n"
    assert saved == [(tmp_path / "made", {"held_back": list(HELD_BACK), "epochs": 2})]


def test_an_answerer_is_fitted_on_what_is_held_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(train_answerer, "untrained_engine", tiny_engine)
    monkeypatch.setattr(
        train_answerer, "fit", lambda engine, sets, seen: (tiny_weigher(0.25), f"{len(sets)} {len(seen)}")
    )
    out = run(capsys, "train", "answerer", "--out", str(tmp_path / "made"))
    assert out == f"{len(HELD_BACK)} {len(read_question_sets()) - len(HELD_BACK)}\nwrote {tmp_path / 'made'}\n"
    assert Weigher.load(tmp_path / "made").threshold == 0.25


def test_missing_models_are_a_failed_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ArtefactError("models/reranker holds no question-reranker: config.json is missing")

    monkeypatch.setattr(train_answerer, "untrained_engine", missing)
    assert main(["train", "answerer"]) == 1
    assert capsys.readouterr().err == (
        "smallprint: models/reranker holds no question-reranker: config.json is missing\n"
    )


@pytest.mark.parametrize(("name", "file"), [("classifier", "opp115/"), ("reranker", "policyqa/")])
def test_missing_data_is_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, file: str
) -> None:
    monkeypatch.setattr(train_reranker, "own_groups", lambda sets, encoder: [])
    assert main(["train", name, "--data", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"smallprint: no such file: {tmp_path / file}")
    assert (out, err.count("\n")) == ("", 1)
