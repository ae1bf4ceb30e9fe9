"""Run the engine over labelled sets and hold its output against their scorers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.load import load_file
from corpus.types import DocumentError, Statement
from nlp.engine import Smallprint
from nlp.errors import RunError
from nlp.types import Answer, Clause

Tagger = Callable[[Statement], Sequence[Clause]]
Match = Callable[[str, str], bool]


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


@dataclass(frozen=True, slots=True)
class DevQuestion:
    """A development question about a statement: its type ("yes", "no", "extractive", "unanswerable") and passages."""

    statement: Statement
    text: str
    type: str
    quotes: tuple[str, ...]

    def answered_rightly(self, answer: Answer, same_passage: Match) -> bool:
        """Tell whether an answer that was given is right, as `score_qa.py` does."""
        hit = any(same_passage(citation.quote, q) for citation in answer.citations[:1] for q in self.quotes)
        return hit and (self.type not in ("yes", "no") or answer.verdict == self.type)


def dev_questions(folder: Path) -> list[DevQuestion]:
    """Read `dev_qa.jsonl` of a folder with the statements in its `docs/`; raises `DocumentError`."""
    found = []
    for doc, records in _by_doc(_records(folder / "dev_qa.jsonl")).items():
        statement = load_file(folder / "docs" / f"{doc}.md")
        try:
            found += [DevQuestion(statement, str(r["question"]), str(r["type"]), tuple(r["quotes"])) for r in records]
        except (KeyError, TypeError) as e:
            raise DocumentError(f"{folder / 'dev_qa.jsonl'} is not a file of development questions: {e}") from e
    return found


def load_matching(folder: Path) -> Match:
    """Return `same_passage` of the folder's `matching.py`, with which its scorers compare passages.

    Raises `DocumentError` where there is none, `RunError` where it cannot be run.
    """
    spec = importlib.util.spec_from_file_location("matching", folder / "matching.py")
    if spec is None or spec.loader is None or not (folder / "matching.py").is_file():
        raise DocumentError(f"no such file: {folder / 'matching.py'}; give the evaluation folder with --data")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        return module.same_passage  # type: ignore[no-any-return]
    except Exception as e:  # It is a program.
        raise RunError(f"{folder / 'matching.py'} failed: {e}") from e


def evaluate_clauses(tagger: Tagger, folder: Path, *, as_json: bool = False) -> str:
    """Tag the documents of `dev_clauses.jsonl` and return the table of its `score_clauses.py`.

    `tagger` returns the clauses of a statement with their categories.
    """
    gold = _records(folder / "dev_clauses.jsonl")
    predictions = [
        {"doc": doc, "text": clause.text, "categories": list(clause.categories)}
        for doc in _by_doc(gold)
        for clause in tagger(load_file(folder / "docs" / f"{doc}.md"))
    ]
    return _score(folder / "score_clauses.py", folder / "dev_clauses.jsonl", predictions, as_json)


def evaluate_reader(folder: Path) -> str:
    """Read the web pages of a folder and return the table of `score_reader.py`, which lies in an `eval/` near it."""
    pages = sorted(page for page in folder.glob("*.html") if page.with_suffix(".md").exists())
    scorer = next((p / "eval" / "score_reader.py" for p in folder.resolve().parents if (p / "eval").is_dir()), None)
    if not pages or scorer is None:
        raise DocumentError(f"{folder} holds no NAME.html with NAME.md, or no eval/score_reader.py lies above it")
    return _score(scorer, folder, [{"name": page.stem, "text": load_file(page).text} for page in pages])


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
    options = ["--json"] if as_json else []
    return run_scorer(scorer, predictions, lambda file: [str(gold), file, *options])


def run_scorer(
    scorer: Path, predictions: Iterable[Mapping[str, Any]], arguments: Callable[[str], Sequence[str]]
) -> str:
    """Run a scorer over a file of predictions, one JSON object a line, and return what it prints.

    `arguments` returns those of its command, given the name of the file. Raises `RunError` where it fails.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(p) + "\n" for p in predictions)
        file.flush()
        done = subprocess.run([sys.executable, str(scorer), *arguments(file.name)], capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        raise RunError(f"{scorer} failed: {reason[-1] if reason else done.returncode}")
    return done.stdout
