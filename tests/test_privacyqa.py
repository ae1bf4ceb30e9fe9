"""Tests of corpus.privacyqa on tables written here."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.privacyqa import read_privacyqa
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError

SHARED = Path(__file__).parents[2] / "shared" / "data"
COLUMNS = ("Query", "first", "third", "datasecurity", "dataretention", "user_access", "user_choice", "other")
HEAD = "\t".join(COLUMNS)


def write(folder: Path, content: str | bytes) -> Path:
    """Write a table into the place that a data folder has for it, and return the folder."""
    (folder / "privacyqa").mkdir()
    data = content.encode() if isinstance(content, str) else content
    (folder / "privacyqa" / "train_questions.tsv").write_bytes(data)
    return folder


def row(question: str, *flags: int) -> str:
    """Return a line of a table."""
    return "\t".join([question, *map(str, flags)])


def test_questions_come_with_the_categories_that_annotators_gave(tmp_path: Path) -> None:
    lines = [
        HEAD,
        row("do you “sell” it?", 0, 1, 0, 0, 0, 0, 0),
        row('is "it safe, and kept?', 1, 0, 2, 1, 0, 0, 0),
        row("do i need to pay", 0, 0, 0, 0, 0, 0, 0),
        row("can i?", 0, 0, 0, 0, 1, 1, 1),
    ]
    assert read_privacyqa(write(tmp_path, "\n".join(lines) + "\n")) == [
        ("do you “sell” it?", ("sharing",)),
        ('is "it safe, and kept?', ("collection", "security", "retention")),
        ("can i?", ("access", "choice", "other")),
    ]


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    table = "other\tFolder\t" + "\t".join(COLUMNS[:-1]) + "\n1\tx\twhy?\t0\t0\t0\t0\t0\t1\n"
    assert read_privacyqa(write(tmp_path, table)) == [("why?", ("choice", "other"))]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    expected = r"^no such file: .*train_questions\.tsv; give the folder that holds privacyqa/ with --data$"
    with pytest.raises(DocumentError, match=expected):
        read_privacyqa(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "Query\tfirst\nq\t1\n",
        HEAD.replace("Query", "Question") + "\n" + row("q", *[0] * 7),
        HEAD + "\n" + row("q", 0, 1) + "\n",
        HEAD + "\nq" + "\t?" * 7 + "\n",
        HEAD + "\nq" + "\t" * 7 + "\n",
        (HEAD + "\n").encode() + b"\xff\xfe\t" + b"\t".join([b"0"] * 7),
        HEAD + "\n" + row("x" * 200_000, *[0] * 7),
    ],
    ids=["columns lack", "no question", "a short row", "no number", "nothing", "no UTF-8", "a field without end"],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, content: str | bytes) -> None:
    csv.field_size_limit(131_072)  # it is one for the whole process, and readers of large tables raise it
    with pytest.raises(DocumentError, match=r"train_questions\.tsv is not a file of PrivacyQA questions: "):
        read_privacyqa(write(tmp_path, content))


@pytest.mark.skipif(not SHARED.is_dir(), reason="PrivacyQA is not on this machine")
def test_the_released_set_is_read() -> None:
    questions = read_privacyqa(SHARED)
    assert 0 < len(questions) <= 1350
    assert all(question and set(categories) <= set(CATEGORY_IDS) for question, categories in questions)
