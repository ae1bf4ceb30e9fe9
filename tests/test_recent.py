"""What was used last is kept, bounded in number, size and age."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from nlp.recent import Recent, later


@dataclass
class Clock:
    """A clock that is set by hand, and what is to be called when."""

    now: float = 0.0
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    called_off: int = 0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Note what is to be called."""
        self.due.append((self.now + seconds, call))
        return self.call_off

    def call_off(self) -> None:
        """Note it."""
        self.called_off += 1

    def ring(self) -> None:
        """Go on to the next call and make it."""
        self.now, call = self.due.pop(0)
        call()


def recent(clock: Clock, limit: int = 9, size: float = 100) -> Recent[str]:
    return Recent(limit, 10, size=size, size_of=len, clock=clock, later=clock.later)


def test_what_was_used_longest_ago_makes_room() -> None:
    kept = recent(Clock(), limit=2)
    for key in "ab":
        kept.put(key, key)
    assert kept.get("a") == "a"
    kept.put("c", "c")
    assert [kept.get(key) for key in "abc"] == ["a", None, "c"]


def test_the_newest_stays_however_large_it_is() -> None:
    kept = recent(Clock(), size=5)
    kept.put("a", "12345")
    kept.put("b", "123456789")
    assert [kept.get(key) for key in "ab"] == [None, "123456789"]


def test_the_first_of_two_is_kept_until_it_is_dropped() -> None:
    kept = recent(Clock())
    assert kept.setdefault("a", "first") == kept.setdefault("a", "second") == "first"
    kept.drop("a", "second")
    assert kept.get("a") == "first"
    kept.drop("a", "first")
    kept.drop("b", "never there")
    assert kept.setdefault("a", "third") == "third"


def test_what_is_let_go_of_leaves_its_room_to_others() -> None:
    kept = recent(Clock(), size=5)
    kept.put("a", "12345")
    kept.drop("a", "nothing like it")
    kept.put("a", "12")
    kept.put("b", "123")
    assert [kept.get(key) for key in "ab"] == ["12", "123"]


def test_what_nobody_uses_is_forgotten_on_the_way() -> None:
    clock = Clock()
    kept = recent(clock)
    kept.put("a", "a")
    clock.now = 10
    assert kept.get("a") == "a"
    clock.now = 20.5
    assert kept.setdefault("a", "anew") == "anew"


def test_what_nobody_uses_is_forgotten_though_nobody_comes() -> None:
    clock = Clock()
    kept = recent(clock)
    kept.put("a", "a")
    clock.now = 5
    kept.put("b", "b")
    assert len(clock.due) == 1, "one call is enough for all"
    clock.ring()
    assert (clock.now, len(kept)) == (11, 1)
    clock.ring()
    assert (clock.now, len(kept)) == (16, 0)
    assert clock.due == []
    kept.put("c", "c")
    assert [at for at, _ in clock.due] == [27]


def test_nobody_waits_for_what_is_gone_as_a_whole() -> None:
    clock = Clock()
    kept = recent(clock)
    kept.put("a", "a")
    del kept
    gc.collect()
    assert clock.called_off == 1
    clock.ring()


def test_something_is_called_later_or_called_off() -> None:
    called = threading.Event()
    later(0, called.set)
    assert called.wait(30)
    before = set(threading.enumerate())
    call_off = later(1000, called.set)
    (waiting,) = set(threading.enumerate()) - before
    assert waiting.daemon, "a program need not wait for it to end"
    call_off()
    waiting.join(30)
    assert not waiting.is_alive()
