"""Tests of nlp.evaluate_compare: what the scorer is given, and what is said where it cannot run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL

from corpus.types import DocumentError, Statement
from nlp.errors import RunError
from nlp.evaluate_compare import evaluate_compare
from nlp.segment import segment
from nlp.types import Clause

# Prints its options and every prediction, and fails where the pairs say so.
SCORER = """\
import pathlib, sys
predictions, *options = sys.argv[1:]
if "fail" in (pathlib.Path(options[1]) / "pairs.jsonl").read_text():
    sys.exit("line one\\nscores are missing")
print(*options)
print(pathlib.Path(predictions).read_text(), end="")
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with two pairs, and a scorer beside it."""
    folder = tmp_path / "compare"
    folder.mkdir()
    (folder / "pairs.jsonl").write_text('{"pair": "01", "has_gold": true}\n\n{"pair": "02"}\n')
    (folder / "01_old.md").write_text(f"# Acme\n\n{SELL} {KEEP}\n")
    (folder / "01_new.md").write_text(f"# Acme\n\n{SELL} {KEEP.replace('thirty', '90')} {COOKIES}\n")
    (folder / "02_old.md").write_text(f"# Acme\n\n{SELL} {POLICE}\n")
    (folder / "02_new.md").write_text(f"# Acme\n\n{POLICE}\n")
    (tmp_path / "score.py").write_text(SCORER)
    return tmp_path


def tagger(statement: Statement) -> Sequence[Clause]:
    """Call clauses with "keep" retention, those with "cookies" generic, and leave the others untagged."""
    return [replace(clause, probabilities=_row(clause.text)) for clause in segment(statement)]


def _row(text: str) -> dict[str, float]:
    retention, generic = "keep" in text, "cookies" in text
    return {"retention": 0.9 * retention, "generic": 0.8 * generic} if retention or generic else {}


def test_every_pair_is_compared_and_given_to_the_scorer(data: Path) -> None:
    options, *lines = evaluate_compare(tagger, data, data / "score.py").splitlines()
    assert options == f"--dir {data / 'compare'} --per-pair"
    first, second = (json.loads(line) for line in lines)
    assert first == {
        "pair": "01",
        "changes": [
            {
                "kind": "modified",
                "old": KEEP,
                "new": KEEP.replace("thirty", "90"),
                "category": "retention",
                "significance": "substantive",
            },
            # The marked pairs know no "generic".
            {"kind": "added", "old": None, "new": COOKIES, "category": "other", "significance": "substantive"},
        ],
    }
    removed = {"kind": "removed", "old": SELL, "new": None, "category": None, "significance": "substantive"}
    assert second == {"pair": "02", "changes": [removed]}


def test_json_is_asked_for(data: Path) -> None:
    assert evaluate_compare(tagger, data, data / "score.py", as_json=True).split()[2] == "--json"


def test_a_scorer_that_fails_is_quoted(data: Path) -> None:
    with (data / "compare" / "pairs.jsonl").open("a") as file:
        file.write('{"pair": "01", "note": "fail"}\n')
    with pytest.raises(RunError, match=r"score\.py failed: scores are missing$"):
        evaluate_compare(tagger, data, data / "score.py")


def test_a_missing_scorer_is_named(data: Path) -> None:
    with pytest.raises(DocumentError, match=r"^no such file: .*none\.py; give the evaluation folder with --scorers$"):
        evaluate_compare(tagger, data, data / "none.py")


def test_a_missing_folder_is_named(data: Path) -> None:
    expected = r"^no such file: .*none/compare/pairs\.jsonl; give the data folder with --data$"
    with pytest.raises(DocumentError, match=expected):
        evaluate_compare(tagger, data / "none", data / "score.py")


def test_a_missing_version_is_named(data: Path) -> None:
    (data / "compare" / "02_new.md").unlink()
    with pytest.raises(DocumentError, match=r"no such file: .*02_new\.md"):
        evaluate_compare(tagger, data, data / "score.py")


@pytest.mark.parametrize("content", ["no json", "[]", '{"name": "01"}', "5"])
def test_a_list_of_another_shape_is_refused(data: Path, content: str) -> None:
    (data / "compare" / "pairs.jsonl").write_text(content)
    with pytest.raises(DocumentError, match=r"pairs\.jsonl is not a list of pairs, one JSON object a line: "):
        evaluate_compare(tagger, data, data / "score.py")
