"""Statements are kept by content, bounded in number and size."""

from __future__ import annotations

from dataclasses import replace

from web_fakes import make_statement

from nlp.web.session import Reading, ReadingCache, content_key

STATEMENT = make_statement(("paragraph", "We log visits."))


def reading(key: str, characters: int = 15) -> Reading:
    return Reading(key, replace(STATEMENT, text="x" * characters))


def test_the_key_depends_on_the_bytes_and_the_name() -> None:
    keys = {content_key(b"a", "n"), content_key(b"b", "n"), content_key(b"a", "m"), content_key(b"", "na")}
    assert len(keys) == 4
    assert content_key(b"a", "n") == content_key(b"a", "n")


def test_a_reading_is_found_only_by_its_key() -> None:
    cache = ReadingCache()
    cache.put(reading("a"))
    assert cache.get("a") == reading("a")
    assert cache.get("b") is None
    assert cache.get("") is None


def test_the_one_used_longest_ago_makes_room() -> None:
    cache = ReadingCache(limit=2)
    cache.put(reading("a"))
    cache.put(reading("b"))
    cache.get("a")
    cache.put(reading("c"))
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_large_ones_make_room_by_size_but_the_newest_stays() -> None:
    cache = ReadingCache(limit=9, characters=100)
    cache.put(reading("a", 60))
    cache.put(reading("b", 60))
    assert [key for key in "ab" if cache.get(key)] == ["b"]
    cache.put(reading("c", 600))
    assert len(cache) == 1
    assert cache.get("c") is not None


def test_putting_it_again_replaces_it() -> None:
    cache = ReadingCache()
    cache.put(reading("a", 1))
    cache.put(reading("a", 2))
    assert len(cache) == 1
    found = cache.get("a")
    assert found is not None and found.statement.text == "xx"
