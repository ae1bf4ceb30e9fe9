"""Tests of nlp.batch.reader: all code that a row depends on has a part in the fingerprint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.batch import reader as module
from nlp.batch.reader import fingerprint_of, reader_files, reader_fingerprint

ROOT = Path(__file__).parent.parent
# Reads and cuts documents of every kind, and prints the modules of ours that it took.
READING = """
import sys
from corpus.load import load_bytes, load_text
from nlp.clauses import segment
segment(load_text("<html><body><h1>Privacy</h1><p>We collect data.</p></body></html>"))
segment(load_text("We collect data.", kind="text"))
for signature in (b"%PDF-1.7", b"PK\\x03\\x04"):
    try:
        load_bytes(signature)
    except ValueError:
        pass
print(*(m.__file__ for name, m in sys.modules.items() if name.partition(".")[0] in ("corpus", "nlp")), sep="\\n")
print(*(name for name in ("spacy", "torch") if name in sys.modules), sep="\\n", file=sys.stderr)
"""


def test_all_modules_that_read_are_covered_and_none_of_them_needs_spacy() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", READING], env=environment, capture_output=True, text=True, check=True)
    taken = {Path(line) for line in ran.stdout.splitlines()} - {ROOT / "nlp/__init__.py"}
    assert {ROOT / "nlp/clauses.py", ROOT / "corpus/markdown.py", ROOT / "corpus/office.py"} <= taken
    assert taken <= set(reader_files())
    assert ran.stderr.split() == []


def test_each_file_and_each_library_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("1")
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    seen = {fingerprint_of(files), fingerprint_of(files[:1])}
    (tmp_path / "b.py").write_text("2")
    seen.add(fingerprint_of(files))
    monkeypatch.setattr(module, "_version", lambda name: "9" if name == "markdown-it-py" else "1")
    seen.add(fingerprint_of(files))
    assert len(seen) == 4


def test_the_same_code_has_the_same_fingerprint() -> None:
    assert reader_fingerprint() == reader_fingerprint()
    assert len(reader_fingerprint()) == 64


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert module._version("no-such-package-of-ours") == ""
    assert all(module._version(name) for name in module._LIBRARIES)
