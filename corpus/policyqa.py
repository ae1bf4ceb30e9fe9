"""Read PolicyQA: questions over passages of privacy policies with the words that answer them.

Ahmad et al., "PolicyQA: A Reading Comprehension Dataset for Privacy Policies", EMNLP Findings 2020, MIT licence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.types import DocumentError


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question about a passage of a policy and where its answers stand in the passage, as (start, end)."""

    policy: str
    passage: str
    question: str
    answers: tuple[tuple[int, int], ...]


def held_back(policies: Iterable[str]) -> list[str]:
    """Return the policies that the reranker is not trained on, every third, so that it can be measured on them."""
    return sorted(set(policies))[::3]


def read_policyqa(folder: Path) -> list[PassageQuestion]:
    """Read the development set from a data folder that holds `policyqa/`; raises `DocumentError`."""
    path = folder / "policyqa" / "dev.jsonl"
    try:
        return list(_questions(path))
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the folder that holds policyqa/ with --data") from e
    except (ValueError, KeyError, TypeError) as e:
        raise DocumentError(f"{path} is not a file of PolicyQA questions: {e}") from e


def _questions(path: Path) -> Iterator[PassageQuestion]:
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        record = json.loads(line)
        for qa in record["qas"]:
            answers = tuple((a["start"], a["start"] + len(a["text"])) for a in qa["answers"])
            yield PassageQuestion(record["policy"], record["context"], qa["question"], answers)
