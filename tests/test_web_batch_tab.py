"""The tab Batch without a browser."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import gradio as gr
from nlp_fakes import tiny_engine
from test_web_archive_tab import Counter
from web_fakes import loaded

from nlp.web.batch_tab import BatchTab
from nlp.web.desk import Desk, Engine

POLICY = "# Acme Privacy\n\nWe do not sell your personal data to anyone.\n"


def tab(engine: Future[Engine] | None = None) -> BatchTab:
    made = BatchTab(Desk(engine or loaded(tiny_engine())))
    with gr.Blocks():
        made.lay_out()
    return made


def name_of(button: Any) -> str:
    return Path(button.value["path"] if isinstance(button.value, dict) else button.value).name


def test_files_become_a_table_and_two_files(tmp_path: Path) -> None:
    paths = [tmp_path / "acme.md", tmp_path / "broken.pdf"]
    paths[0].write_text(POLICY, encoding="utf-8")
    paths[1].write_bytes(b"no")
    counter = Counter()
    waiting, (note, table, tools, csv, parquet) = tab().on_read([str(path) for path in paths], counter)
    assert "Reading the files" in waiting[0]
    assert counter.told == [(0, 2), (1, 2), (2, 2)]
    assert "1 of 2 read, 1 clause;" in note
    assert "acme.md" in table
    assert tools.visible is True
    assert (name_of(csv), name_of(parquet)) == ("statements.csv", "clauses.parquet")


def test_no_files_is_one_line() -> None:
    ((note, table, *_, csv, parquet),) = tab().on_read(None, Counter())
    assert "There are no files yet; choose some first." in note
    assert table == gr.skip()
    assert csv.interactive is parquet.interactive is False


def test_models_that_do_not_load_are_one_line(tmp_path: Path) -> None:
    engine: Future[Engine] = Future()
    engine.set_exception(OSError("models/encoder is missing"))
    *_, (note, *_) = tab(engine).on_read([str(tmp_path / "acme.md")], Counter())
    assert "models/encoder is missing" in note
