"""Who waits longest is let in first, and nobody is let in twice or forgotten."""

from __future__ import annotations

import threading

import pytest

from nlp.turns import Turns


def waiting(turns: Turns, count: int) -> None:
    """Wait until so many threads wait for their turn."""
    while len(turns._waiting) < count:
        threading.Event().wait(0.001)


def test_those_who_wait_come_before_one_who_asks_again() -> None:
    turns, order = Turns(), []

    def take(name: str) -> None:
        with turns:
            order.append(name)

    with turns:
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=take, args=(f"waited {number}",)))
            threads[-1].start()
            waiting(turns, number + 1)
    # Nothing has been waited for since: a lock of Python's would be free to this thread now.
    take("asked again")
    for thread in threads:
        thread.join(timeout=30)
    assert order == [*(f"waited {number}" for number in range(5)), "asked again"]


def test_one_at_a_time() -> None:
    turns, inside = Turns(), threading.Lock()
    wrong: list[str] = []

    def take() -> None:
        for _ in range(200):
            with turns:
                if not inside.acquire(blocking=False):
                    wrong.append("two at once")
                    continue
                inside.release()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []


def test_an_error_inside_lets_the_next_one_in() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="inside"), turns:
        raise ValueError("inside")
    with turns:
        assert turns._taken
    assert not turns._taken


class Interrupted(threading.Event):
    """An event that cannot be waited for; `first` happens before that shows."""

    turns: Turns
    given: bool

    def wait(self, timeout: float | None = None) -> bool:
        """Fail as an interrupt from the keyboard does."""
        if self.given:
            self.turns.__exit__()
        raise KeyboardInterrupt


@pytest.mark.parametrize("given", [False, True])
def test_one_who_gives_up_waiting_keeps_nobody_out(given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not it is the turn of the one who gives up by then."""
    turns = Turns()
    turns.__enter__()
    with monkeypatch.context() as patch:
        patch.setattr(Interrupted, "turns", turns, raising=False)
        patch.setattr(Interrupted, "given", given, raising=False)
        patch.setattr("nlp.turns.threading.Event", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            turns.__enter__()
    assert list(turns._waiting) == []
    if not given:
        turns.__exit__()
    assert not turns._taken
