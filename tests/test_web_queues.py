"""Nobody's question waits for anybody's statement, however long it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import httpx
from browser_fakes import served
from web_fakes import FakeEngine, loaded

from corpus.types import Statement
from nlp.types import Clause
from nlp.web.load_test import Session, events_of, policy
from nlp.web.queues import READING


class Reading(FakeEngine):
    """Reads statements of "Slow" until it is told to go on."""

    def __init__(self, slow: int) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.slow = slow

    def clauses(self, statement: Statement) -> Sequence[Clause]:
        """Wait, where the statement is a slow one."""
        if "Slow" in statement.title:
            self.begun.release()
            assert self.go_on.wait(60)
        return super().clauses(statement)


async def ask_among_readers(address: str, engine: Reading) -> tuple[str, str, bool]:
    """Have slow statements read; meanwhile ask, and read a short one. Return both, and whether a slow one was over."""
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
        events = await events_of(client)
        slow = [
            asyncio.create_task(Session(client, events).call("on_paste", policy(f"Slow{number}")))
            for number in range(engine.slow)
        ]
        for _ in slow:
            await asyncio.to_thread(engine.begun.acquire)
        try:
            reply = (await Session(client, events).call("on_ask", "Do you sell my data?", [], None, None))[3]
            opened = await Session(client, events).call("on_paste", policy("Short"))
            over = any(reading.done() for reading in slow)
        finally:
            engine.go_on.set()
        await asyncio.gather(*slow)
    return reply, str(opened[1]), over


def test_a_question_and_a_short_statement_overtake_slow_ones() -> None:
    engine = Reading(READING["concurrency_limit"] - 1)
    with served(loaded(engine)) as address:
        answer, statement, over = asyncio.run(ask_among_readers(address, engine))
    assert "sp-answer" in answer
    assert "Short Privacy Policy" in statement
    assert not over
