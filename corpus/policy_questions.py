"""Our own questions about real policies, which name the policies and their clauses and hold none of their words.

The policies are versions that Open Terms Archive published, in the data folder that CONTRIBUTING describes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.bundle import clone_bundle
from corpus.load import load_file, load_text
from corpus.paragraphs import PARAGRAPHS, read_paragraphs
from corpus.questions import FOLDER, POLICIES
from corpus.taxonomy import VERDICTS
from corpus.types import DocumentError, Statement

FILE = FOLDER / POLICIES
BUNDLE = "open-terms-archive-sample.bundle"


@dataclass(frozen=True, slots=True)
class PolicyQuestion:
    """A question about a policy with its verdict; clauses are named by `clause_key`.

    `answers` are all clauses that answer it, best first; `near` tempting ones that do not; `conditions` those that
    limit the answer.
    """

    text: str
    verdict: str
    answers: tuple[str, ...]
    near: tuple[str, ...]
    conditions: tuple[str, ...]
    categories: tuple[str, ...]


def clause_key(text: str) -> str:
    """Return what names a clause: the first 16 hex digits of the SHA-256 of its words with single spaces between."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def read_policy_questions(path: Path = FILE) -> dict[str, list[PolicyQuestion]]:
    """Return the questions about each policy by its name in the data folder; raises `DocumentError`."""
    found: dict[str, list[PolicyQuestion]] = defaultdict(list)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise DocumentError(f"cannot read {path} as UTF-8 text; it is part of the repository") from e
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
                found[record["policy"]].append(_question(record))
            except (ValueError, KeyError, TypeError) as e:
                raise DocumentError(f"{path}, line {number}, is not a question: {e}") from e
    return dict(found)


def _question(record: Mapping[str, Any]) -> PolicyQuestion:
    if record["verdict"] not in VERDICTS:
        raise ValueError(f"verdict {record['verdict']!r} is none of {', '.join(VERDICTS)}")
    lists = (tuple(record[name]) for name in ("answers", "near", "conditions", "category"))
    return PolicyQuestion(str(record["question"]), str(record["verdict"]), *lists)


def read_policies(data: Path, names: Iterable[str]) -> Iterator[tuple[str, Statement]]:
    """Yield policies of a data folder by name; raises `DocumentError` where one is missing.

    A name is a path in the folder; or "bundle/" and a service, for the newest version in the git bundle; or
    "paragraphs/" and SERVICE@DATE, for the paragraphs of policies that were new on that date.
    """
    paragraphs: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        for name in names:
            kind, _, rest = name.partition("/")
            if kind == "paragraphs":
                paragraphs = paragraphs or _paragraphs(data)
                if rest not in paragraphs:
                    raise DocumentError(f"{data / PARAGRAPHS} holds nothing of {rest}; CONTRIBUTING says what it holds")
                yield name, load_text("\n\n".join([f"# {rest.partition('@')[0]}", *paragraphs[rest]]))
                continue
            if kind == "bundle" and not clone.exists():
                clone_bundle(_there(data / BUNDLE), clone, bare=False)
            path = clone / rest / "Privacy Policy.md" if kind == "bundle" else data / name
            if kind == "bundle" and not path.is_file():
                raise DocumentError(f"{data / BUNDLE} holds nothing of {rest}; CONTRIBUTING says what it holds")
            yield name, load_file(_there(path))


def _there(path: Path) -> Path:
    if not path.is_file():
        raise DocumentError(f"no such file: {path}; give the folder described in CONTRIBUTING with --data")
    return path


def _paragraphs(data: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for paragraph in read_paragraphs(data):
        found[f"{paragraph.service}@{paragraph.date}"].append(paragraph.text)
    return found
