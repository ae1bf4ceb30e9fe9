"""Tests of the import: each clause once, nothing twice, whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import errno
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from nlp_fakes import WordEncoder, WordScorer, tiny_classifier
from store_fakes import KEEP, SAID, SELL, made_store, policy, tiny_tagger, version

from corpus.archives.types import Unreadable, Version
from corpus.types import DocumentError
from nlp.errors import RunError
from nlp.store import Store, parts, writer
from nlp.store.importing import Imported, import_archive
from nlp.store.making import Tagger
from nlp.store.schema import CLAUSES, OCCURRENCES, PROBLEMS, TABLES, TEXTS, VERSIONS

TESTS = Path(__file__).parent
BROKEN = Unreadable("a:b.md", "this is not text in any known encoding")


def rows(folder: Path) -> dict[str, list[str]]:
    """Return what is in a store, sorted; the numbers of parts are left out."""
    found: dict[str, list[str]] = {}
    for table in TABLES:
        records: list[dict[str, Any]] = []
        for path in sorted((folder / table).glob("*.parquet")):
            records += pq.read_table(path, partitioning=None).to_pylist()
        found[table] = sorted(repr({k: v for k, v in record.items() if k != "part"}) for record in records)
    return found


def many(count: int = 40) -> list[Version | Unreadable]:
    """Return an archive in which sentences come and go, texts return, and one file cannot be read."""
    rng = random.Random(5)
    said = [f"We may give data of kind {word} to our partners." for word in "abcdefghijkl"]
    texts = [policy(*rng.sample(said, 4)) for _ in range(count // 2)]
    made: list[Version | Unreadable] = [
        version(day, rng.choice(texts), service=rng.choice(["Acme", "Bond/Sub", "acme"])) for day in range(count)
    ]
    return [*made[: count // 2], BROKEN, *made[count // 2 :]]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close a part after four clauses or three versions."""
    monkeypatch.setattr(writer, "_NEW_CLAUSES", 4)
    monkeypatch.setattr(writer, "_VERSIONS", 3)


def test_a_clause_of_many_versions_is_tagged_and_embedded_once(tmp_path: Path) -> None:
    scorer, encoder = WordScorer(), WordEncoder()
    tagger = Tagger(tiny_classifier(scorer), encoder)
    items = [version(0), version(1, policy(SELL)), version(2), version(3, policy(SELL, KEEP))]
    done = import_archive(items, tmp_path / "store", tagger)
    assert done == Imported(4, 0, 0, seen=4 + 5 + 4 + 6, embedded=6, services=frozenset({"Acme"}))
    assert (sum(scorer.asked), sum(encoder.asked)) == (6, 6)


def test_the_same_sentence_under_another_heading_is_another_clause(tmp_path: Path) -> None:
    done = import_archive([version(0), version(1, policy(heading="Else"))], tmp_path / "store", tiny_tagger())
    assert done.embedded == 8
    one, other = Store.open(tmp_path / "store").versions("Acme")
    assert one.normal_id == other.normal_id
    assert one.text_id != other.text_id


def test_an_archive_that_was_imported_gives_nothing_new(tmp_path: Path, small_parts: None) -> None:
    import_archive(many(), tmp_path / "store", tiny_tagger())
    before, encoder = rows(tmp_path / "store"), WordEncoder()
    done = import_archive(many(), tmp_path / "store", tiny_tagger(encoder=encoder))
    assert (done.added, done.there, done.problems, done.seen, done.embedded) == (0, 40, 1, 0, 0)
    assert rows(tmp_path / "store") == before
    assert encoder.asked == []


def test_only_what_is_new_in_an_archive_is_added(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0), version(1, policy(SELL))])
    encoder = WordEncoder()
    items = [version(0), version(1, policy(SELL)), version(2), version(3, policy(KEEP))]
    done = import_archive(items, tmp_path / "store", tiny_tagger(encoder=encoder))
    assert (done.added, done.there, done.embedded, encoder.asked) == (2, 2, 1, [1])
    versions = Store.open(tmp_path / "store").versions("Acme")
    assert [(v.number, v.date, v.returns_to) for v in versions] == [
        (1, "2020-01-01", None),
        (2, "2020-01-02", None),
        (3, "2020-01-03", 1),
        (4, "2020-01-04", None),
    ]


def test_two_archives_go_into_one_store(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0), version(4, policy(SELL))])
    other = version(2, policy(KEEP), archive="wayback", reference="a.html")
    store = made_store(tmp_path / "store", [other, version(2, service="Bond")])
    assert store.services() == ["Acme", "Bond"]
    assert [(v.number, v.date, v.archive) for v in store.versions("Acme")] == [
        (1, "2020-01-01", "open-terms-archive"),
        (2, "2020-01-03", "wayback"),
        (3, "2020-01-05", "open-terms-archive"),
    ]


def test_a_file_that_was_changed_in_its_place_is_a_version_of_its_own(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0)])
    assert import_archive([version(0, policy(SELL))], tmp_path / "store", tiny_tagger()).added == 1


@pytest.mark.usefixtures("small_parts")
def test_an_import_in_small_parts_has_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_archive(many(), tmp_path / "small", tiny_tagger())
    monkeypatch.undo()
    import_archive(many(), tmp_path / "large", tiny_tagger())
    assert len(parts.numbers(tmp_path / "small")) > 10
    assert parts.numbers(tmp_path / "large") == [0]
    assert rows(tmp_path / "small") == rows(tmp_path / "large")
    assert [len(rows(tmp_path / "large")[table]) for table in (VERSIONS, PROBLEMS)] == [40, 1]


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("last", [CLAUSES, OCCURRENCES, TEXTS, VERSIONS])
def test_a_part_without_its_versions_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    """Stop the third part before one of its files, as a power cut would."""
    whole = tmp_path / "whole"
    import_archive(many(), whole, tiny_tagger())
    write = parts.write_table

    def cut(table: pa.Table, path: Path) -> None:
        if path.parent.name == last and "00002" in path.name:
            path.write_bytes(b"PAR1")
            raise KeyboardInterrupt
        write(table, path)

    monkeypatch.setattr(parts, "write_table", cut)
    with pytest.raises(KeyboardInterrupt):
        import_archive(many(), tmp_path / "cut", tiny_tagger())
    monkeypatch.setattr(parts, "write_table", write)
    assert Store.open(tmp_path / "cut").tables.numbers == [0, 1]
    import_archive(many(), tmp_path / "cut", tiny_tagger())
    assert rows(tmp_path / "cut") == rows(whole)


_CHILD = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
from store_fakes import tiny_tagger
from test_store_importing import many
from nlp.store import writer
from nlp.store.importing import import_archive
writer._NEW_CLAUSES, writer._VERSIONS = 4, 3
print("ready", flush=True)
def slowly():
    for item in many():
        time.sleep(0.005)
        yield item
import_archive(slowly(), Path(sys.argv[1]), tiny_tagger())
"""


def test_an_import_that_is_killed_goes_on(tmp_path: Path) -> None:
    """Kill it with SIGKILL at points drawn by chance, each time a little further, until it comes to its end."""
    import_archive(many(), tmp_path / "whole", tiny_tagger())
    code = _CHILD.format(tests=str(TESTS), root=str(TESTS.parent))
    rng, killed = random.Random(1), 0
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "cut")], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.4))
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
    assert killed
    import_archive(many(), tmp_path / "cut", tiny_tagger())
    assert rows(tmp_path / "cut") == rows(tmp_path / "whole")


@pytest.mark.usefixtures("small_parts")
def test_nothing_is_lost_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, written = parts.write_table, list[Path]()

    def full(table: pa.Table, path: Path) -> None:
        written.append(path)
        if len(written) == 12:
            path.write_bytes(b"PAR1 half")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(table, path)

    monkeypatch.setattr(parts, "write_table", full)
    with pytest.raises(RunError, match=r"^there is no room left for .*make some and run the import again"):
        import_archive(many(), tmp_path / "store", tiny_tagger())
    assert list((tmp_path / "store").rglob("*-new")) == []
    assert Store.open(tmp_path / "store").services()
    import_archive(many(), tmp_path / "store", tiny_tagger())
    import_archive(many(), tmp_path / "whole", tiny_tagger())
    assert rows(tmp_path / "store") == rows(tmp_path / "whole")


def test_what_was_read_of_a_torn_archive_is_kept(tmp_path: Path) -> None:
    def torn() -> Iterator[Version]:
        yield version(0)
        yield version(1, policy(SELL))
        raise DocumentError("the history is not all there: at commit abc")

    with pytest.raises(DocumentError, match="at commit abc"):
        import_archive(torn(), tmp_path / "store", tiny_tagger())
    assert len(Store.open(tmp_path / "store").versions("Acme")) == 2


def test_only_one_import_at_a_time(tmp_path: Path) -> None:
    made_store(tmp_path / "store", [version(0)])
    with (
        FileLock(tmp_path / "store" / ".lock"),
        pytest.raises(RunError, match=r"^another import writes into .*wait for its end$"),
    ):
        import_archive([version(1)], tmp_path / "store", tiny_tagger())
    assert import_archive([version(1)], tmp_path / "store", tiny_tagger()).added == 1


@pytest.mark.parametrize(
    ("tagger", "message"),
    [
        (tiny_tagger("fast"), "in the mode 'accurate', not 'fast'; leave --mode out, or give another --store"),
        (Tagger(tiny_classifier(), WordEncoder("fake:others")), "with another encoder; import the archive into a new"),
        (Tagger(tiny_classifier(), WordEncoder(dimensions=9)), "with vectors of another length; import"),
    ],
    ids=["mode", "encoder", "dimensions"],
)
def test_what_was_made_otherwise_is_not_mixed(tmp_path: Path, tagger: Tagger, message: str) -> None:
    made_store(tmp_path / "store", [version(0)])
    with pytest.raises(DocumentError, match=message):
        import_archive([version(1)], tmp_path / "store", tagger)
    assert len(Store.open(tmp_path / "store").versions("Acme")) == 1


def test_another_release_that_reads_otherwise_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_store(tmp_path / "store", [version(0)])
    monkeypatch.setattr("nlp.store.making.reading_fingerprint", lambda: "other")
    with pytest.raises(DocumentError, match="by a release that reads documents otherwise; import the archive into a"):
        import_archive([version(1)], tmp_path / "store", tiny_tagger())


@pytest.mark.parametrize("name", ["notes.txt", "versions"])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(DocumentError, match="is no archive store, and has files in it; give a new folder"):
        import_archive([version(0)], tmp_path, tiny_tagger())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("mine")
    with pytest.raises(DocumentError, match="is a file; give a new folder"):
        import_archive([version(0)], tmp_path / "store", tiny_tagger())


def test_what_a_killed_import_left_before_its_first_part_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    (tmp_path / ".store.json-new").write_text("{")
    assert import_archive([version(0)], tmp_path, tiny_tagger()).added == 1


def test_files_that_gave_no_version_are_told(tmp_path: Path) -> None:
    store = made_store(tmp_path / "store", [version(0), BROKEN])
    assert store.problems() == [{"reference": BROKEN.reference, "reason": BROKEN.reason}]
    done = import_archive([BROKEN, Unreadable("a:b.md", "another reason")], tmp_path / "store", tiny_tagger())
    assert (done.problems, done.there) == (2, 0)
    assert [problem["reason"] for problem in Store.open(tmp_path / "store").problems()] == ["another reason"]


def test_progress_is_told_after_each_version(tmp_path: Path) -> None:
    told = list[Imported]()
    items = [version(0), BROKEN, version(0), version(1, service="Bond")]
    done = import_archive(items, tmp_path / "store", tiny_tagger(), report=told.append)
    assert [(one.added, one.there, one.problems) for one in told] == [(1, 0, 0), (1, 0, 1), (1, 1, 1), (2, 1, 1)]
    assert done.services == {"Acme", "Bond"}


def test_names_that_are_no_text_are_kept_apart(tmp_path: Path) -> None:
    """A file system may hold such names, and JSON may spell them."""
    named = [version(0, service=f"Ac{half}", reference=f"{half}.md", url=f"u{half}") for half in ("\udcff", "\udcfe")]
    items = [*named, Unreadable("\udcff", "\ud800 is wrong")]
    for added in (2, 0):
        done = import_archive(items, tmp_path / "store", tiny_tagger())
        assert (done.added, done.there, done.services) == (
            added,
            2 - added,
            {r"Ac\udcff", r"Ac\udcfe"} if added else set(),
        )
    store = Store.open(tmp_path / "store")
    assert [(v.reference, v.url) for v in store.versions(r"Ac\udcff")] == [(r"\udcff.md", r"u\udcff")]
    assert store.problems() == [{"reference": r"\udcff", "reason": r"\ud800 is wrong"}]


def test_what_cannot_be_read_is_kept_and_flagged(tmp_path: Path) -> None:
    texts = ["", " \n", "Page not found", "half a \ud800 character. " + " ".join(SAID)]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate(texts)])
    assert [v.flags for v in store.versions("Acme")] == [("empty",), ("empty",), ("error-page",), ()]
    with pytest.raises(DocumentError, match=r"^version 1 of 'Acme' \(2020-01-01\): the document has no text"):
        store.statement(store.versions("Acme")[0])


def test_the_tables_are_those_of_the_schema(tmp_path: Path) -> None:
    store = made_store(tmp_path / "store", [version(0, policy(SELL))])
    sizes = {table: len(found) for table, found in rows(tmp_path / "store").items()}
    assert sizes == {VERSIONS: 1, TEXTS: 1, OCCURRENCES: 5, CLAUSES: 5, PROBLEMS: 0}
    table = pq.read_table(parts.part_path(tmp_path / "store", CLAUSES, 0), partitioning=None)
    assert table.schema.field("vector").type == pa.list_(pa.float16(), WordEncoder().dimensions)
    assert table.schema.field("probabilities").type == pa.list_(pa.float32(), 13)
    assert table.column("context")[4].as_py() == f"Data: {SELL}"
    assert store.config.mode == "accurate"
