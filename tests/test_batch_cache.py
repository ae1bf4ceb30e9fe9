"""Tests of nlp.batch.cache: what is put is got, by all processes, and the oldest goes first."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.batch.cache import BlobCache, ClauseCache, Rows, default_folder, key_of

ELSEWHERE = "give another folder with --cache"


def rows(first: int, count: int, width: int = 13) -> dict[bytes, Rows]:
    """Return rows of which each has its number in all columns."""
    return {key_of(str(n), "model"): np.full(width, n, np.float32) for n in range(first, first + count)}


def size(cache: ClauseCache) -> int:
    """Return the bytes of the file."""
    return sum(file.stat().st_size for file in cache.folder.iterdir())


def write_many(folder: str, first: int) -> None:
    """Write rows, some of them those of others, and read them again: the work of a process."""
    cache = ClauseCache(Path(folder))
    for start in range(first, first + 200, 20):
        made = rows(start, 40)
        cache.put(made)
        assert len(cache.get(list(made), 13)) == 40
    assert cache.trouble is None


def test_what_is_put_is_got_bit_for_bit(tmp_path: Path) -> None:
    made = {key_of(text, "m"): np.random.default_rng(0).random(13, np.float32) for text in "abc"}
    ClauseCache(tmp_path).put(made)
    found = ClauseCache(tmp_path).get([*made, key_of("d", "m")], 13)
    assert {key: row.tobytes() for key, row in found.items()} == {key: row.tobytes() for key, row in made.items()}


def test_many_are_got_at_once(tmp_path: Path) -> None:
    cache, made = ClauseCache(tmp_path), rows(0, 1203)
    cache.put(made)
    found = cache.get(list(made), 13)
    assert {key: row[0] for key, row in found.items()} == {key: row[0] for key, row in made.items()}


def test_nothing_is_got_from_nothing(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path / "new" / "folder")
    assert cache.get([], 13) == {}
    assert cache.get([key_of("a", "m")], 13) == {}
    cache.put({})
    assert cache.trouble is None


def test_keys_tell_texts_and_models_apart() -> None:
    keys = [key_of(text, model) for text in ("a", "b", "a\0", "\ud800", "") for model in ("m", "n", "m:a", "m\0a")]
    assert len(set(keys)) == len(keys)


def test_a_row_of_another_width_is_not_taken(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path)
    cache.put(rows(0, 1, width=4))
    assert cache.get(list(rows(0, 1)), 13) == {}


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    now = [0.0]
    cache = ClauseCache(tmp_path, max_bytes=400_000, clock=lambda: now[0])
    first = rows(0, 500)
    cache.put(first)
    for start in range(500, 6000, 500):
        now[0] += 7200
        assert len(cache.get(list(first), 13)) == 500  # used again and again
        cache.put(rows(start, 500))
    assert len(cache.get(list(first), 13)) == 500
    assert len(cache.get(list(rows(500, 500)), 13)) == 0
    assert len(cache.get(list(rows(5500, 500)), 13)) == 500
    cache.close()
    assert size(cache) < 600_000


def test_a_bound_that_is_smaller_than_a_page_keeps_nothing_and_ends(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path, max_bytes=1)
    cache.put(rows(0, 100))
    assert cache.get(list(rows(0, 100)), 13) == {}
    assert cache.trouble is None


def test_several_processes_share_a_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_many, args=(str(tmp_path), 100 * n)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    everything = rows(0, 420)
    found = ClauseCache(tmp_path).get(list(everything), 13)
    assert {key: row[5] for key, row in found.items()} == {key: row[5] for key, row in everything.items()}


def test_a_damaged_file_is_not_used(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path)
    cache.make()
    file = tmp_path / "clauses-2.sqlite3"
    file.write_bytes(b"this is no database at all " * 100)
    made = rows(0, 3)
    cache.put(made)
    assert cache.get(list(made), 13) == {}
    assert cache.trouble == f"the cache {file} is not used: file is not a database; delete it"


def test_a_folder_that_cannot_be_made_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = ClauseCache(tmp_path / "file")
    cache.put(rows(0, 3))
    assert cache.trouble is not None
    assert cache.trouble.endswith(ELSEWHERE)


def test_a_full_disk_ends_the_cache_and_not_the_work(tmp_path: Path) -> None:
    cache = ClauseCache(tmp_path)
    cache.put(rows(0, 10))
    connection = cache._connection
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    cache.put(rows(10, 5000))
    assert cache.trouble == f"the cache {cache.path} is not used: database or disk is full; {ELSEWHERE}"
    assert len(ClauseCache(tmp_path).get(list(rows(0, 10)), 13)) == 10


@given(st.lists(st.lists(st.integers(0, 30), max_size=10), max_size=10))
def test_the_cache_is_a_dictionary(tmp_path_factory: pytest.TempPathFactory, puts: list[list[int]]) -> None:
    cache = ClauseCache(tmp_path_factory.mktemp("cache"))
    kept: dict[bytes, Rows] = {}
    for put in puts:
        made = {key_of(str(n), "m"): np.float32([n, len(kept)]) for n in put}
        cache.put(made)
        kept |= made
    found = cache.get([key_of(str(n), "m") for n in range(31)], 2)
    assert {key: row.tolist() for key, row in found.items()} == {key: row.tolist() for key, row in kept.items()}
    cache.close()


def test_the_default_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "smallprint"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == Path.home() / ".cache/smallprint"


def test_an_old_version_of_the_file_has_another_name(tmp_path: Path) -> None:
    ClauseCache(tmp_path).make()
    assert sqlite3.connect(ClauseCache(tmp_path).path).execute("SELECT count(*) FROM cached").fetchone() == (0,)


def test_large_contents_are_kept_and_the_oldest_of_them_go(tmp_path: Path) -> None:
    now = [0.0]
    cache = BlobCache(tmp_path, 1_000_000, lambda: now[0], name="large", small=False)
    contents = {bytes([n]) * 16: bytes([n]) * 20_000 for n in range(100)}
    for key, content in contents.items():
        now[0] += 1
        cache.write({key: content})
    found = cache.read(list(contents))
    assert 20 <= len(found) < 50
    assert found == dict(list(contents.items())[-len(found) :])
    assert cache.path.stat().st_size < 1_300_000
    assert cache.trouble is None


def test_caches_of_two_names_share_a_folder(tmp_path: Path) -> None:
    one, two = BlobCache(tmp_path, name="one"), BlobCache(tmp_path, name="two", small=False)
    one.write({b"k": b"1"})
    two.write({b"k": b"2"})
    assert (one.read([b"k"]), two.read([b"k"])) == ({b"k": b"1"}, {b"k": b"2"})


def test_a_new_cache_is_made_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, connect = [0], [0], sqlite3.connect

    def slow(*arguments: Any, **options: Any) -> sqlite3.Connection:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        made = connect(*arguments, **options)
        inside[0] -= 1
        return made

    monkeypatch.setattr(sqlite3, "connect", slow)
    caches = [BlobCache(tmp_path) for _ in range(8)]
    start = threading.Barrier(len(caches))

    def write(cache: BlobCache) -> None:
        start.wait()
        cache.write({b"key": b"content"})
        cache.close()

    with ThreadPoolExecutor(len(caches)) as pool:
        list(pool.map(write, caches))
    assert most == [1]
    assert [cache.trouble for cache in caches] == [None] * len(caches)
