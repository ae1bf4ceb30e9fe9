"""Statements are kept by content, bounded in number and size."""

from __future__ import annotations

from dataclasses import replace

from web_fakes import make_statement

from nlp.web.session import Reading, ReadingCache, content_key

STATEMENT = make_statement(("paragraph", "We log visits."))


def reading(key: str, characters: int = 15) -> Reading:
    return Reading(key, replace(STATEMENT, title="", text="x" * characters))


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
    cache = ReadingCache(limit=9, size=100)
    cache.put(reading("a", 60))
    cache.put(reading("b", 60))
    assert [key for key in "ab" if cache.get(key)] == ["b"]
    cache.put(reading("c", 600))
    assert len(cache) == 1
    assert cache.get("c") is not None


def test_what_is_let_go_of_leaves_its_room_to_others() -> None:
    cache = ReadingCache(limit=9, size=100)
    for key in "abc":
        cache.put(reading(key, 60))
    cache.put(reading("c", 40))
    cache.put(reading("d", 60))
    assert [key for key in "abcd" if cache.get(key)] == ["c", "d"]


def test_what_nobody_uses_is_let_go_of() -> None:
    now = [0.0]
    cache = ReadingCache(seconds=10, clock=lambda: now[0])
    cache.put(reading("a"))
    cache.put(reading("b"))
    now[0] = 10
    assert cache.get("a") is not None
    now[0] = 11
    assert cache.get("b") is None
    assert len(cache) == 1
    now[0] = 21
    cache.put(reading("c"))
    assert len(cache) == 1


def test_putting_it_again_replaces_it() -> None:
    cache = ReadingCache()
    cache.put(reading("a", 1))
    cache.put(reading("a", 2))
    assert len(cache) == 1
    found = cache.get("a")
    assert found is not None and found.statement.text == "xx"


def test_a_title_takes_room_too() -> None:
    assert Reading("a", replace(STATEMENT, title="x" * 50, text="y" * 5)).size == 55
