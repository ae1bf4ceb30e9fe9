"""The table of several files: categories that occur, errors in their rows, and only text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nlp_fakes import tiny_engine
from web_fakes import Page

from nlp.web.batch_run import FileRow, read_files
from nlp.web.batch_view import empty_html, summary_of, table_html
from nlp.web.reader import Reader

EVIL = "<img src=x onerror=x()>"
POLICY = f"# Acme `{EVIL}`\n\nWe do not sell your personal data to anyone.\n\nWe keep log files for thirty days.\n"


def rows(folder: Path) -> list[FileRow]:
    path = folder / f"{EVIL}.md"
    path.write_text(POLICY, encoding="utf-8")
    return [*read_files(tiny_engine(), Reader(), [path]), FileRow("broken.pdf", error=f"{EVIL} is no PDF")]


def test_a_row_for_each_file_and_a_column_for_each_category_that_occurs(tmp_path: Path) -> None:
    page = Page(table_html(rows(tmp_path)))
    assert [cell.text for cell in page.of_tag("th")[:5]] == ["File", "Statement", "Clauses", "Sharing", "Retention"]
    assert [cell.text for cell in page.of_tag("td")[1:4]] == ["2", "1", "1"]
    (failed,) = page.of_class("sp-failed")
    assert failed.text.endswith("is no PDF.")
    assert page.of_tag("td")[-1].attributes["colspan"] == "4"


def test_what_a_reader_of_the_file_remarks_stands_under_its_title(tmp_path: Path) -> None:
    (row, _) = rows(tmp_path)
    assert row.statement is not None
    warned = replace(row, statement=replace(row.statement, warnings=(f"it is {EVIL} short",)))
    (remark,) = Page(table_html([warned])).of_class("sp-soft")
    assert remark.text == f"It is {EVIL} short."


def test_everything_is_text(tmp_path: Path) -> None:
    source = table_html(rows(tmp_path))
    assert "<img" not in source
    assert "\n" not in source
    assert EVIL in Page(source).of_tag("th")[5].text


def test_what_came_of_it(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert summary_of(found) == "1 of 2 read, 2 clauses; 1 could not be read, the table says why"
    assert summary_of(found[:1]) == "1 read, 2 clauses"


def test_the_empty_tab_teaches() -> None:
    assert "up to 20 files of up to 10 MB each" in empty_html()
