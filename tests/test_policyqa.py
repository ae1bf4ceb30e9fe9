"""Tests of corpus.policyqa on records written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.policyqa import PassageQuestion, held_back, read_policyqa
from corpus.types import DocumentError

SHARED = Path(__file__).parents[2] / "shared" / "data"


def write(folder: Path, *lines: str) -> Path:
    (folder / "policyqa").mkdir()
    (folder / "policyqa" / "dev.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_questions_come_with_the_offsets_of_their_answers(tmp_path: Path) -> None:
    passage = "We keep “data” for a year."
    record = {
        "policy": "acme.com",
        "context": passage,
        "qas": [
            {
                "id": "1",
                "question": "How long?",
                "answers": [{"text": "a year", "start": 19}, {"text": "We", "start": 0}],
            },
            {"id": "2", "question": "Who?", "answers": []},
        ],
    }
    questions = read_policyqa(write(tmp_path, json.dumps(record)))
    assert questions == [
        PassageQuestion("acme.com", passage, "How long?", ((19, 25), (0, 2))),
        PassageQuestion("acme.com", passage, "Who?", ()),
    ]
    assert [passage[start:end] for start, end in questions[0].answers] == ["a year", "We"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^no such file: .*dev\.jsonl; give the folder that holds policyqa/ with"):
        read_policyqa(tmp_path)


GOOD: dict[str, Any] = {"policy": "a", "context": "b", "qas": [{"question": "c", "answers": []}]}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "5",
        "[]",
        "{}",
        json.dumps(GOOD | {"qas": 5}),
        json.dumps(GOOD | {"qas": ["c"]}),
        json.dumps(GOOD | {"qas": [{"question": "c", "answers": [{"text": "b", "start": "0"}]}]}),
    ],
)
def test_a_record_of_another_shape_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(DocumentError, match=r"dev\.jsonl is not a file of PolicyQA questions: "):
        read_policyqa(write(tmp_path, json.dumps(GOOD), line))


def test_every_third_policy_by_name_is_held_back() -> None:
    assert held_back(["d", "b", "a", "c", "b", "g", "f", "e"]) == ["a", "d", "g"]
    assert held_back(iter(["b", "b"])) == ["b"]
    assert held_back([]) == []


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"dev\.jsonl is not a file of PolicyQA questions: Expecting value"):
        read_policyqa(write(tmp_path))


@pytest.mark.skipif(not SHARED.is_dir(), reason="PolicyQA is not on this machine")
def test_the_released_set_is_read_whole() -> None:
    questions = read_policyqa(SHARED)
    assert len(questions) == 3809
    policies = {q.policy for q in questions}
    assert len(held_back(policies)) == -(-len(policies) // 3)
    assert all(0 <= start < end <= len(q.passage) for q in questions for start, end in q.answers)
