"""Run the engine over labelled sets and hold its output against their scorers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.load import load_file
from corpus.opp115 import read_split, targets
from corpus.types import DocumentError
from nlp.classifier import ClauseClassifier
from nlp.engine import Smallprint
from nlp.errors import RunError


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall, F1 and calibration error of one category; how many texts have it and how many got it."""

    label: str
    precision: float
    recall: float
    f1: float
    calibration_error: float
    count: int
    chosen: int


def evaluate_questions(engine: Smallprint, folder: Path, *, as_json: bool = False) -> str:
    """Answer `dev_qa.jsonl` of a folder over its `docs/` and return the table of its `score_qa.py`."""
    gold = _records(folder / "dev_qa.jsonl")
    predictions = []
    for doc, records in _by_doc(gold).items():
        statement = load_file(folder / "docs" / f"{doc}.md")
        for answer in engine.ask_all(statement, ((str(r["id"]), str(r["question"])) for r in records)):
            predictions.append(
                {
                    "id": answer.id,
                    "verdict": answer.verdict,
                    "confidence": answer.confidence,
                    "citations": [citation.quote for citation in answer.citations],
                }
            )
    return _score(folder / "score_qa.py", folder / "dev_qa.jsonl", predictions, as_json)


def evaluate_clauses(engine: Smallprint, folder: Path, *, as_json: bool = False) -> str:
    """Tag the documents of `dev_clauses.jsonl` and return the table of its `score_clauses.py`."""
    gold = _records(folder / "dev_clauses.jsonl")
    predictions = [
        {"doc": doc, "text": clause.text, "categories": list(clause.categories)}
        for doc in _by_doc(gold)
        for clause in engine.clauses(load_file(folder / "docs" / f"{doc}.md"))
    ]
    return _score(folder / "score_clauses.py", folder / "dev_clauses.jsonl", predictions, as_json)


def evaluate_reader(folder: Path) -> str:
    """Read the web pages of a folder and return the table of `score_reader.py`, which lies in an `eval/` near it."""
    pages = sorted(page for page in folder.glob("*.html") if page.with_suffix(".md").exists())
    scorer = next((p / "eval" / "score_reader.py" for p in folder.resolve().parents if (p / "eval").is_dir()), None)
    if not pages or scorer is None:
        raise DocumentError(f"{folder} holds no NAME.html with NAME.md, or no eval/score_reader.py lies above it")
    return _score(scorer, folder, [{"name": page.stem, "text": load_file(page).text} for page in pages])


def evaluate_classifier(classifier: ClauseClassifier, data: Path) -> list[LabelScore]:
    """Return the scores on OPP-115's validation split, a row for each category."""
    segments = read_split(data, "validation")
    truth = np.array([targets(segment.categories) for segment in segments])
    probabilities = classifier.predict_proba([segment.text for segment in segments])
    chosen = classifier.decide(probabilities)
    return [
        label_score(label, truth[:, j], chosen[:, j], probabilities[:, j]) for j, label in enumerate(classifier.labels)
    ]


def label_score(
    label: str, truth: NDArray[np.bool_], chosen: NDArray[np.bool_], probability: NDArray[np.float64]
) -> LabelScore:
    """Return the score of one category over n texts."""
    hits = int((truth & chosen).sum())
    precision, recall = hits / max(int(chosen.sum()), 1), hits / max(int(truth.sum()), 1)
    f1 = 2 * hits / max(int(truth.sum() + chosen.sum()), 1)
    return LabelScore(
        label, precision, recall, f1, calibration_error(probability, truth), int(truth.sum()), int(chosen.sum())
    )


def micro_f1(scores: Sequence[LabelScore]) -> float:
    """Return the F1 over all decisions together."""
    hits = sum(s.recall * s.count for s in scores)
    return 2 * hits / max(sum(s.chosen + s.count for s in scores), 1)


def macro_f1(scores: Sequence[LabelScore]) -> float:
    """Return the mean of the categories' F1."""
    return sum(s.f1 for s in scores) / len(scores)


def calibration_error(probability: NDArray[np.float64], truth: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al., ICML 2017)."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [
        abs(probability[which == b].mean() - truth[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def _records(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the evaluation folder with --data") from e
    except (OSError, ValueError) as e:
        raise DocumentError(f"{path} is not a file of JSON lines: {e}") from e


def _by_doc(records: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    docs: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if not isinstance(record, dict) or "doc" not in record:
            raise DocumentError('a development record must be an object with "doc"; see CONTRIBUTING')
        docs.setdefault(str(record["doc"]), []).append(record)
    return docs


def _score(scorer: Path, gold: Path, predictions: Sequence[Mapping[str, Any]], as_json: bool = False) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(p) + "\n" for p in predictions)
        file.flush()
        command = [sys.executable, str(scorer), str(gold), file.name, *(["--json"] if as_json else [])]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RunError(
            f"{scorer} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        )
    return done.stdout
