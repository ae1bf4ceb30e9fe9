"""Tests of corpus.inputs.read: files, folders, patterns and tables as one stream."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.inputs.columns import Columns
from corpus.inputs.files import ListedFile
from corpus.inputs.read import listed, read, signature, size_of
from corpus.inputs.types import Document, Unreadable
from corpus.types import DocumentError


def table(path: Path, *rows: dict[str, object]) -> Path:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a document, a table, a picture and a page without a suffix."""
    (tmp_path / "a.md").write_text("We sell.")
    table(tmp_path / "b/t.jsonl", {"text": "We keep."}, {"text": ""})
    (tmp_path / "c.png").touch()
    (tmp_path / "d").write_text("We share.")
    return tmp_path


def ids(folder: Path, *inputs: str, **options: str) -> list[str]:
    """Return the ids of documents without the folder, what is unreadable in brackets."""
    found = read([str(folder / given) for given in inputs], **options)
    names = [f"({item.id})" if isinstance(item, Unreadable) else item.id for item in found]
    return [name.replace(f"{folder}/", "") for name in names]


def test_a_folder_is_read_with_all_that_is_in_it(folder: Path) -> None:
    assert ids(folder, "") == ["a.md", "b/t.jsonl#1", "(b/t.jsonl#2)", "(c.png)", "d"]


def test_a_pattern_is_spelt_out_in_order(folder: Path) -> None:
    assert ids(folder, "**/*.jsonl", "*.md") == ["b/t.jsonl#1", "(b/t.jsonl#2)", "a.md"]


def test_what_is_given_twice_is_read_once(folder: Path) -> None:
    assert ids(folder, "a.md", "*.md", "a.md", "b/../a.md") == ["a.md"]
    assert ids(folder, "a.md", "", "b") == ids(folder, "")


def test_a_link_that_is_given_beside_its_folder_is_read_once(folder: Path) -> None:
    (folder / "far").mkdir()
    (folder / "far/x.md").write_text("We keep.")
    (folder / "b/x.md").symlink_to(folder / "far/x.md")
    (folder / "b/far").symlink_to(folder / "far")
    assert ids(folder, "b") == ["b/far/x.md", "b/t.jsonl#1", "(b/t.jsonl#2)", "b/x.md"]
    assert ids(folder, "b", "b/x.md", "b/far") == ids(folder, "b")
    assert ids(folder, "b/**") == ids(folder, "b")


def test_links_that_stand_in_each_others_folder_are_not_both_left_out(folder: Path) -> None:
    (folder / "far").mkdir()
    (folder / "far/back").symlink_to(folder / "b")
    (folder / "b/far").symlink_to(folder / "far")
    assert ids(folder, "b/far", "far/back") == [*("(far/back/far/back)", "far/back/t.jsonl#1", "(far/back/t.jsonl#2)")]
    (folder / "b/up").symlink_to(folder)
    assert ids(folder, "b", "b/up") == ids(folder, "b/up")


def test_what_is_hidden_is_read_where_it_is_given_beside_its_folder(folder: Path) -> None:
    (folder / ".h").mkdir()
    (folder / ".h/x.md").write_text("We hide.")
    assert ids(folder, "", ".h") == [*ids(folder, ""), ".h/x.md"]
    assert ids(folder, "", ".h/x.md", ".h") == [*ids(folder, ""), ".h/x.md"]


def test_a_file_that_is_named_is_read_whatever_its_name(folder: Path) -> None:
    assert ids(folder, "c.png") == ["c.png"]


@pytest.mark.parametrize("given", ["", "policy.json", "*.json"], ids=["in a folder", "named", "by a pattern"])
def test_json_is_not_read_as_prose(tmp_path: Path, given: str) -> None:
    (tmp_path / "policy.json").write_text('{"text": "We keep logs."}')
    path = str(tmp_path / "policy.json")
    reason = "it is JSON, which holds texts in no known place; give them as rows of .jsonl"
    assert list(read([str(tmp_path / given)])) == [Unreadable(path, path, reason)]


def test_the_id_column_names_documents(tmp_path: Path) -> None:
    path = table(tmp_path / "t.jsonl", *({"text": "We sell.", "id": id} for id in ("x", "y", "x", None)))
    found = [item.id for item in read([str(path)], id_column="id")]
    assert found == ["x", "y", f"{path}#3", f"{path}#4"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "there is no input; give files, folders or tables"),
        (["none.md"], "there is no 'none.md'; give files, folders or tables"),
        (["*.none"], "there is no '*.none'; give files, folders or tables"),
        (["https://a.example"], "there is no 'https://a.example'; save the page to a file"),
        (["-"], "standard input cannot be read a second time, as going on needs; save it to a file"),
    ],
)
def test_an_input_that_is_not_there(given: list[str], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        list(read(given))
    assert str(caught.value) == message


def test_a_column_that_is_not_there_is_said_before_anything_is_read(tmp_path: Path) -> None:
    first = table(tmp_path / "a.jsonl", {"words": "We sell."})
    second = table(tmp_path / "b.jsonl", {"text": "We sell."})
    with pytest.raises(DocumentError, match=r"b\.jsonl has no column 'words'"):
        next(read([str(first), str(second)], text_column="words"))


def test_a_table_without_a_text_in_a_folder_is_unreadable(tmp_path: Path) -> None:
    table(tmp_path / "a.jsonl", {"n": 1})
    (tmp_path / "b.md").write_text("We sell.")
    assert ids(tmp_path, "") == ["(a.jsonl)", "b.md"]


def test_a_result_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/batch.json").touch()
    with pytest.raises(DocumentError, match=r"is the result of a bulk run; give what it was made of$"):
        next(read([str(tmp_path / "out")]))
    assert ids(tmp_path, "") == ["(out)"]


def test_files_are_listed_without_being_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Path, "open", refuse)
    (found,) = listed([str(folder / "a.md")], Columns())
    assert isinstance(found, ListedFile)
    assert (found.size, size_of(found)) == (8, 8)


def test_a_signature_tells_what_has_changed() -> None:
    file = ListedFile("a", "a", "a", 3, 4)
    row = Document("a", "a", "text", None, {"url": "u"})
    items = [
        *(file, replace(file, size=5), replace(file, changed_at=5), replace(file, id="b")),
        *(row, replace(row, content="other"), replace(row, provenance={}), replace(row, content="\ud800")),
        *(Unreadable("a", "a", "one"), Unreadable("a", "a", "other")),
    ]
    assert len({signature(item) for item in items}) == len(items)
    assert signature(row) == signature(replace(row))


def test_memory_does_not_grow_with_a_table(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.jsonl"
        with path.open("w") as file:
            file.writelines(json.dumps({"text": "We sell. " * 500}) + "\n" for _ in range(rows))
        tracemalloc.start()
        assert sum(1 for _ in read([str(path)])) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(2000) < peak(100) + 200_000
