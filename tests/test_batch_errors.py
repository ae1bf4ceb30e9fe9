"""Tests of what is said of documents that a bulk run could not read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.types import DocumentError
from nlp.batch.schema import schema
from nlp.cli.batch_errors import Unread, print_all, print_some, unread_of
from nlp.errors import RunError


def result(folder: Path, *parts: Sequence[tuple[str, str]]) -> Path:
    """Write a result with parts of errors, each a source and a reason."""
    for table in ("errors", "statements"):
        (folder / table).mkdir(parents=True)
    (folder / "batch.json").write_text("{}")
    number = 0
    for place, part in enumerate(parts):
        rows = []
        for source, reason in part:
            rows.append(
                {"number": number, "statement_id": source, "source": source, "provenance": "{}", "reason": reason}
            )
            number += 1
        pq.write_table(pa.Table.from_pylist(rows, schema("errors", [])), folder / f"errors/part-{place:05d}.parquet")
        (folder / f"statements/part-{place:05d}.parquet").touch()
    return folder


def test_errors_are_read_in_the_order_of_the_input(tmp_path: Path) -> None:
    out = result(tmp_path / "out", [("a.md", "x")], [], [("b.md", "y"), ("c.md", "z")])
    assert unread_of(out) == [
        Unread(0, "a.md", "a.md", "x"),
        Unread(1, "b.md", "b.md", "y"),
        Unread(2, "c.md", "c.md", "z"),
    ]
    # As a killed run leaves a part that is done again.
    (out / "statements/part-00002.parquet").unlink()
    assert [one.source for one in unread_of(out)] == ["a.md"]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("a.md is empty; give another", "in/a.md: it is empty; give another"),
        ("a.md: this is no text", "in/a.md: this is no text"),
        ("it hangs\x1b[2J\nfor long", "in/a.md: it hangs[2J for long"),
    ],
)
def test_a_line_names_the_document_once(reason: str, line: str) -> None:
    assert Unread(0, "in/a.md", "in/a.md", reason).line == line


def test_nothing_is_said_where_all_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = result(tmp_path / "out", [])
    print_some(out)
    assert capsys.readouterr() == ("", "")
    print_all(out, False)
    assert capsys.readouterr() == ("", f"smallprint: nothing in {out} could not be read\n")


def test_ten_documents_are_all_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_some(result(tmp_path / "out", [(f"{n}.md", "no") for n in range(10)]))
    lines = [f"  {n}.md: no\n" for n in range(10)]
    assert capsys.readouterr() == ("", "smallprint: 10 documents could not be read:\n" + "".join(lines))


def test_of_many_the_commonest_reasons_and_some_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reasons = ["{} is empty"] * 6 + ["{}: no text"] * 3 + ["it hangs", "it is too large", "it is no file"]
    out = result(tmp_path / "out", [(f"in/{n}.md", why.format(f"{n}.md")) for n, why in enumerate(reasons)])
    print_some(out)
    assert capsys.readouterr().err.splitlines() == [
        "smallprint: 12 documents could not be read:",
        "  6 times: it is empty",
        "  3 times: no text",
        "  3 for other reasons",
        *(f"  in/{n}.md: it is empty" for n in range(5)),
        f"  ... and 7 more; all of them: smallprint batch --errors --out {out}",
    ]
    print_all(out, False)
    assert len(capsys.readouterr().out.splitlines()) == 12


def test_a_folder_without_a_result_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="holds no result of smallprint batch; give as --out the folder"):
        unread_of(tmp_path)


def test_a_damaged_table_is_told(tmp_path: Path) -> None:
    out = result(tmp_path / "out", [("a.md", "x")])
    (out / "errors/part-00000.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunError, match=r"part-00000\.parquet is damaged; run smallprint batch with --restart"):
        unread_of(out)
