"""Tests of corpus.policy_questions: questions that name clauses by their hash, and where the policies come from."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.paragraphs import PARAGRAPHS
from corpus.policy_questions import (
    BUNDLE,
    PolicyQuestion,
    clause_key,
    read_policies,
    read_policy_questions,
)
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError

RECORD: dict[str, Any] = {
    "policy": "compare/one.md",
    "question": "do you sell it?",
    "verdict": "no",
    "answers": ["aa", "bb"],
    "near": ["cc"],
    "conditions": ["dd"],
    "category": ["sharing", "choice"],
}
QUESTION = PolicyQuestion("do you sell it?", "no", ("aa", "bb"), ("cc",), ("dd",), ("sharing", "choice"))


def write(folder: Path, *lines: Any) -> Path:
    """Write questions to a file, a record or a string a line, and return its path."""
    path = folder / "policies.jsonl"
    path.write_text("".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines), encoding="utf-8")
    return path


def test_a_key_is_the_start_of_a_hash_of_the_words() -> None:
    # printf 'We sell it.' | sha256sum
    assert clause_key("We sell it.") == "d458598d289a8574"
    assert clause_key("  We\n\tsell  it. ") == clause_key("We sell it.")
    assert clause_key("We sell it") != clause_key("We sell it.") != clause_key("we sell it.")


@given(st.lists(st.text(min_size=1).filter(lambda word: len(word.split()) == 1 and word == word.strip()), max_size=5))
def test_a_key_does_not_hang_on_white_space(words: list[str]) -> None:
    assert clause_key(" \n".join(["", *words, ""])) == clause_key(" ".join(words))


def test_questions_are_read_by_policy_in_the_order_of_the_file(tmp_path: Path) -> None:
    other = RECORD | {"policy": "bundle/Acme", "question": "how long?", "verdict": "not_stated", "answers": []}
    path = write(tmp_path, RECORD, other, "", RECORD | {"question": "sure?"})
    found = read_policy_questions(path)
    assert list(found) == ["compare/one.md", "bundle/Acme"]
    assert found["compare/one.md"][0] == QUESTION
    assert [one.text for one in found["compare/one.md"]] == ["do you sell it?", "sure?"]
    (question,) = found["bundle/Acme"]
    assert (question.verdict, question.answers) == ("not_stated", ())
    assert read_policy_questions(write(tmp_path)) == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting property name"),
        ("5", "'int' object is not subscriptable"),
        ("[]", "list indices must be integers"),
        ({name: value for name, value in RECORD.items() if name != "policy"}, "'policy'"),
        ({name: value for name, value in RECORD.items() if name != "near"}, "'near'"),
        (RECORD | {"policy": []}, "unhashable type: 'list'"),
        (RECORD | {"verdict": "maybe"}, "verdict 'maybe' is none of yes, no, stated, not_stated"),
        (RECORD | {"answers": 5}, "'int' object is not iterable"),
    ],
)
def test_a_line_of_another_shape_is_named(tmp_path: Path, line: Any, reason: str) -> None:
    path = write(tmp_path, RECORD, line)
    with pytest.raises(DocumentError, match=rf"policies\.jsonl, line 2, is not a question: {reason}"):
        read_policy_questions(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xff")
    for path in (tmp_path / "bad.jsonl", tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(DocumentError, match=rf"^cannot read {path} as UTF-8 text; it is part of the repository$"):
            read_policy_questions(path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with a policy in a file, and the paragraphs of two in another."""
    (tmp_path / "compare").mkdir()
    (tmp_path / "compare" / "one.md").write_text("# One Privacy\n\nWe sell names.\n", encoding="utf-8")
    records = [
        {"service": "Acme", "date": "2020-01-02", "text": "We sell names."},
        {"service": "Other", "date": "2020-01-02", "text": "We lend names."},
        {"service": "Acme", "date": "2020-01-02", "text": "We keep names."},
        {"service": "Acme", "date": "2021-01-02", "text": "We burn names."},
    ]
    with gzip.open(tmp_path / PARAGRAPHS, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(record)}\n" for record in records)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, whatever repository the tests themselves run in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = ["-c", "user.name=Acme", "-c", "user.email=acme@acme.example"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, env=environment)


def write_bundle(data: Path, scratch: Path) -> None:
    """Write a bundle that has two versions of one policy."""
    policy = scratch / "Acme Shop" / "Privacy Policy.md"
    policy.parent.mkdir(parents=True)
    git(scratch, "init", "--quiet")
    for text in ("We sell names.", "We sell nothing."):
        policy.write_text(f"# Acme Privacy\n\n{text}\n", encoding="utf-8")
        git(scratch, "add", ".")
        git(scratch, "commit", "--quiet", "--message", text)
    git(scratch, "bundle", "create", str(data / BUNDLE), "--all")


def test_a_policy_is_a_file_or_paragraphs_new_on_a_date(data: Path) -> None:
    names = ["paragraphs/Acme@2020-01-02", "compare/one.md", "paragraphs/Other@2020-01-02"]
    found = dict(read_policies(data, names))
    assert list(found) == names
    assert [statement.text.split() for statement in found.values()] == [
        "Acme We sell names. We keep names.".split(),
        "One Privacy We sell names.".split(),
        "Other We lend names.".split(),
    ]
    assert [block.kind for block in found[names[0]].blocks] == ["title", "paragraph", "paragraph"]
    assert dict(read_policies(data, [])) == {}


def test_a_policy_of_the_bundle_is_its_newest_version(data: Path, tmp_path: Path) -> None:
    write_bundle(data, tmp_path / "scratch")
    ((name, statement),) = read_policies(data, ["bundle/Acme Shop"])
    assert name == "bundle/Acme Shop"
    assert "We sell nothing." in statement.text
    assert "We sell names." not in statement.text
    with pytest.raises(DocumentError, match=rf"{BUNDLE} holds nothing of Nobody; CONTRIBUTING says what it holds$"):
        list(read_policies(data, ["bundle/Nobody"]))


def test_only_what_is_asked_for_is_read(data: Path) -> None:
    (data / PARAGRAPHS).unlink()
    assert [name for name, _ in read_policies(data, ["compare/one.md"])] == ["compare/one.md"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compare/two.md", r"^no such file: .*compare/two\.md; give the folder described in CONTRIBUTING with --data$"),
        ("compare", r"^no such file: .*compare; give the folder described in CONTRIBUTING with --data$"),
        ("paragraphs/Acme@1999-01-02", r"jsonl\.gz holds nothing of Acme@1999-01-02; CONTRIBUTING says what it holds$"),
        ("paragraphs/Acme", r"jsonl\.gz holds nothing of Acme; "),
        ("bundle/Acme", rf"^no such file: .*{BUNDLE}; give the folder described in CONTRIBUTING"),
    ],
)
def test_a_missing_policy_is_named(data: Path, name: str, expected: str) -> None:
    with pytest.raises(DocumentError, match=expected):
        list(read_policies(data, [name]))


def test_missing_paragraphs_are_named(data: Path) -> None:
    (data / PARAGRAPHS).unlink()
    expected = rf"^no such file: .*{PARAGRAPHS}; give the folder that holds it with --data$"
    with pytest.raises(DocumentError, match=expected):
        list(read_policies(data, ["paragraphs/Acme@2020-01-02"]))


@pytest.mark.parametrize("damage", ["empty", "no bundle", "cut off"])
def test_a_damaged_bundle_is_refused_in_one_line(data: Path, tmp_path: Path, damage: str) -> None:
    write_bundle(data, tmp_path / "scratch")
    whole = (data / BUNDLE).read_bytes()
    (data / BUNDLE).write_bytes({"empty": b"", "no bundle": b"no bundle", "cut off": whole[:-30]}[damage])
    with pytest.raises(DocumentError, match=rf"{BUNDLE}' cannot be read as a git bundle: [^\n]+$"):
        list(read_policies(data, ["bundle/Acme"]))


def test_a_machine_without_git_cannot_read_a_bundle(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / BUNDLE).touch()
    monkeypatch.setenv("PATH", str(data))
    with pytest.raises(DocumentError, match=rf"{BUNDLE}' needs the git command to be read: .*; install git$"):
        list(read_policies(data, ["bundle/Acme"]))


def test_ours_are_sound() -> None:
    ours = read_policy_questions()
    everything = [question for asked in ours.values() for question in asked]
    assert sum(map(len, ours.values())) == len(everything) > 1000
    assert set(Counter(question.verdict for question in everything)) == {"yes", "no", "stated", "not_stated"}
    for name, asked in ours.items():
        assert len({question.text for question in asked}) == len(asked), name
    for question in everything:
        keys = (*question.answers, *question.near, *question.conditions)
        assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys), question.text
        assert bool(question.answers) == (question.verdict != "not_stated"), question.text
        assert not set(question.answers) & set(question.near), question.text
        assert question.categories, question.text
        assert set(question.categories) <= set(CATEGORY_IDS), question.text
