"""How long it takes from starting the app to the first answer: `python -m nlp.web.start_time`.

The app is started as `python app.py` starts it. One visitor opens the page as soon as there is one, which has the
statement read and its overview made; another asks at once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Final

import httpx
import numpy as np

from nlp.web.load_test import LoadTestError, Session, events_of, free_port

QUESTION: Final = "Do you sell my data?"
PARTS: Final = ("the page is there", "the models are loaded", "the first question is answered")
_TRY_AGAIN_S: Final = 0.02
_GIVE_UP_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the program until each of `PARTS`."""

    page: float
    models: float
    answer: float


async def first_answer(address: str, begun: float, give_up_s: float = _GIVE_UP_S) -> tuple[float, float]:
    """Return after how many seconds there was a page, and after how many an answer.

    Raises `LoadTestError` where either does not come.
    """
    async with httpx.AsyncClient(base_url=address, timeout=give_up_s, trust_env=False) as client:
        events = await _events(client, begun + give_up_s)
        page = time.perf_counter() - begun
        looking = asyncio.create_task(look_on(Session(client, events)))
        shown = await Session(client, events).call("on_ask", QUESTION, [], None, None)
        answer = time.perf_counter() - begun
        await looking
    if "sp-answer" not in shown[3]:
        raise LoadTestError(f"the first question got no answer: {shown[3][:400]}")
    return page, answer


async def look_on(session: Session) -> None:
    """Do what an open page does by itself."""
    await session.call("on_ready", None)
    await session.call("on_glance", None)


async def _events(client: httpx.AsyncClient, until: float) -> dict[str, int]:
    while True:
        try:
            return await events_of(client)
        except LoadTestError:
            if time.perf_counter() > until:
                raise
            await asyncio.sleep(_TRY_AGAIN_S)


@contextmanager
def app(port: int, begun: float) -> Iterator[list[float]]:
    """Run the app; the list gets the seconds after which it says that its models are loaded."""
    process = subprocess.Popen([sys.executable, "-m", "app", "--port", str(port)], stdout=subprocess.PIPE, text=True)
    ready: list[float] = []
    listener = threading.Thread(target=_listen, args=(process, begun, ready), daemon=True)
    listener.start()
    try:
        yield ready
    finally:
        process.terminate()
        process.wait(timeout=30)
        listener.join(timeout=30)


def _listen(process: subprocess.Popen[str], begun: float, ready: list[float]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            ready.append(time.perf_counter() - begun)


def one_start() -> Start:
    """Start the app, ask, end it; raises `LoadTestError` where it does not answer."""
    port = free_port()
    begun = time.perf_counter()
    with app(port, begun) as ready:
        page, answer = asyncio.run(first_answer(f"http://127.0.0.1:{port}/", begun))
    if not ready:
        raise LoadTestError("the app answered before it said that it was ready")
    return Start(page, ready[0], answer)


def report(starts: Sequence[Start], load: float) -> Iterable[str]:
    """Yield the lines of the report; `load` is how many programs wanted a core before the first start."""
    middle = np.median([astuple(start) for start in starts], axis=0)
    for name, seconds in zip(PARTS, middle, strict=True):
        yield f"{name}: {seconds:.1f} s"
    longest = max(start.answer for start in starts)
    yield f"median of {len(starts)} starts, the longest {longest:.1f} s; load of the machine before them {load:.1f}"


def main(argv: list[str] | None = None) -> int:
    """Start the app a few times and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nlp.web.start_time", description="Time the start of the app.")
    parser.add_argument("--runs", type=int, default=3, help="how many starts (default: %(default)s)")
    options = parser.parse_args(argv)
    if options.runs < 1:
        parser.error("give at least one run")
    load = os.getloadavg()[0]
    try:
        starts = [one_start() for _ in range(options.runs)]
    except (LoadTestError, httpx.HTTPError) as e:
        print(f"start time: {e}", file=sys.stderr)
        return 1
    print("\n".join(report(starts, load)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
