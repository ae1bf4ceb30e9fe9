"""Tests of corpus.inputs.data_sets: data sets that are saved or fetched, and the store of an archive."""

from __future__ import annotations

from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.inputs.columns import Columns
from corpus.inputs.data_sets import read_hub, read_saved, read_store
from corpus.inputs.types import Document, Unreadable
from corpus.types import DocumentError

ROWS = {"text": ["We sell.", None, "We keep."], "url": ["a", "b", "c"]}


def test_a_saved_data_set(tmp_path: Path) -> None:
    datasets.Dataset.from_dict(ROWS).save_to_disk(tmp_path / "set")
    place = str(tmp_path / "set")
    assert list(read_saved(place, Columns())) == [
        Document(f"{place}#1", f"{place}#1", "We sell.", None, {"url": "a"}),
        Unreadable(f"{place}#2", f"{place}#2", "the column 'text' holds nothing in this row, where text belongs"),
        Document(f"{place}#3", f"{place}#3", "We keep.", None, {"url": "c"}),
    ]


def test_a_saved_data_set_of_several_parts(tmp_path: Path) -> None:
    one = datasets.Dataset.from_dict({"text": ["We sell."]})
    datasets.DatasetDict({"train": one, "test": one}).save_to_disk(tmp_path / "set")
    found = list(read_saved(str(tmp_path / "set"), Columns()))
    assert [item.source for item in found] == [f"{tmp_path}/set/train#1", f"{tmp_path}/set/test#1"]


def test_a_damaged_data_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{}")
    with pytest.raises(DocumentError, match="is damaged and cannot be read as a data set"):
        list(read_saved(str(tmp_path), Columns()))


def test_a_data_set_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def load(name: str) -> datasets.Dataset:
        asked.append(name)
        return datasets.Dataset.from_dict(ROWS)

    monkeypatch.setattr(datasets, "load_dataset", load)
    found = list(read_hub("hf:owner/policies", Columns("text")))
    assert asked == ["owner/policies"]
    assert [item.source for item in found] == [f"hf:owner/policies#{number}" for number in (1, 2, 3)]


def test_a_data_set_that_is_not_on_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> None:
        raise FileNotFoundError(f"no {name}\nat all")

    monkeypatch.setattr(datasets, "load_dataset", load)
    message = r"^cannot load the data set 'hf:none': no none at all; check its name and the connection$"
    with pytest.raises(DocumentError, match=message):
        list(read_hub("hf:none", Columns()))


def write_store(folder: Path) -> None:
    """Write a store of two parts and a third that was not finished."""
    for table in ("texts", "versions"):
        (folder / table).mkdir(parents=True)
    (folder / "store.json").write_text("{}")
    for part, (text_id, kind, stored) in enumerate(
        [("t1", "markdown", "We sell."), ("t2", "html", ""), ("t3", "text", "x")]
    ):
        texts = pa.table({"text_id": [text_id], "format": [kind], "stored": [stored]})
        pq.write_table(texts, folder / f"texts/part-{part:05d}.parquet")
        if text_id == "t3":
            continue
        about = {"service": "Acme", "document": "Privacy Policy", "observed_at": "2024", "reference": "r", "url": None}
        columns = {name: pa.array([value, value], pa.string()) for name, value in {"text_id": text_id, **about}.items()}
        pq.write_table(pa.table(columns), folder / f"versions/part-{part:05d}.parquet")


def test_the_texts_of_a_store(tmp_path: Path) -> None:
    write_store(tmp_path)
    about = {"text_id": "t1", "service": "Acme", "document": "Privacy Policy", "observed_at": "2024", "reference": "r"}
    assert list(read_store(str(tmp_path))) == [
        Document(f"{tmp_path}#t1", f"{tmp_path}#t1", "We sell.", "stored.md", about),
        Unreadable(f"{tmp_path}#t2", f"{tmp_path}#t2", "the archive lacks the text of this version"),
    ]


def test_a_store_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"is an archive's store without texts; import an archive into it$"):
        list(read_store(str(tmp_path)))


def test_a_damaged_part_of_a_store_is_unreadable(tmp_path: Path) -> None:
    write_store(tmp_path)
    (tmp_path / "texts/part-00000.parquet").write_bytes(b"PAR1")
    first, second = read_store(str(tmp_path))
    assert isinstance(first, Unreadable)
    assert first.source == f"{tmp_path}/texts/part-00000.parquet"
    assert second.source == f"{tmp_path}#t2"
