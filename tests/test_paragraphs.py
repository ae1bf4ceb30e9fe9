"""Tests of reading the paragraphs of real policies."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from corpus.paragraphs import PARAGRAPHS, Paragraph, read_paragraphs
from corpus.types import DocumentError

GOOD = b'{"service": "Acme", "date": "2020-01-02", "text": "We sell."}\n'


def test_paragraphs_are_read_in_their_order(tmp_path: Path) -> None:
    found = [Paragraph("Bolt", "2020-01-02", "We sell."), Paragraph("Acme", "2019-03-04", "Wir verkaufen ö.")]
    with gzip.open(tmp_path / PARAGRAPHS, "wt", encoding="utf-8") as file:
        for one in found:
            record = {"text": one.text, "service": one.service, "date": one.date, "source": "x"}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    assert read_paragraphs(tmp_path) == found


def test_a_data_folder_without_paragraphs_is_refused(tmp_path: Path) -> None:
    expected = rf"^no such file: .*{re.escape(PARAGRAPHS)}; give the folder that holds it with --data$"
    with pytest.raises(DocumentError, match=expected):
        read_paragraphs(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        gzip.compress(b""),
        gzip.compress(GOOD + b"{\n"),
        gzip.compress(GOOD.replace(b"text", b"words")),
        gzip.compress(GOOD.replace(b'"We sell."', b"5")),
        gzip.compress(b'["We sell."]\n'),
        gzip.compress(b"\xff\xfe\n"),
        gzip.compress(GOOD * 50)[:-12],
        gzip.compress(GOOD)[:10] + b"\xff" * 20,
    ],
    ids=["not compressed", "empty", "not JSON", "no text", "a number", "no object", "not UTF-8", "torn", "damaged"],
)
def test_what_is_no_file_of_paragraphs_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PARAGRAPHS).write_bytes(content)
    with pytest.raises(DocumentError, match=rf"{re.escape(PARAGRAPHS)} is not a gzipped file of paragraphs: "):
        read_paragraphs(tmp_path)
