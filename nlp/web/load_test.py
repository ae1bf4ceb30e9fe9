"""Many visitors at once: `python -m nlp.web.load_test --users 50 --questions 10`.

Each visitor does what the page does, in a session of its own: pastes a statement, has its overview made, asks, pastes
another and asks again. Every sentence of a statement names a company that no other statement names, so an answer from
another's statement gives itself away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

QUESTIONS: Final = (
    "Do you sell my data?",
    "How long do you keep my data?",
    "Can the police get my information?",
    "What information do you collect about me?",
    "How can I delete my data?",
    "Who do you share my information with?",
    "What about children under 13?",
    "How do you protect my data?",
    "Can I opt out of marketing?",
    "What is the weather today?",
)
_SECTIONS: Final = {
    "Collection": ("{0} collects your name and e-mail address.", "{0} uses cookies to see which pages you visit."),
    "Sharing": ("{0} does not sell your personal data.", "{0} gives data to the police if the law asks for it."),
    "Retention": ("{0} keeps log files for {1} days.", "{0} deletes accounts that were not used for {1} months."),
    "Choice": ("You can opt out of the newsletter of {0} at any time.", "You can switch cookies of {0} off."),
    "Access": ("Write to privacy@{0}.example to have your data deleted.", "{0} answers requests in {1} days."),
    "Security": ("{0} protects your data with encryption.", "Only {1} people of {0} can see the data."),
    "Children": ("{0} does not knowingly collect data of children under 13.",),
}
# What the page shows until the answer is there.
_WAITING: Final = [
    {"role": role, "content": [{"type": "text", "text": f'<p class="{name}">…</p>'}]}
    for role, name in (("user", "sp-question"), ("assistant", "sp-waiting"))
]
_COMPANY: Final = re.compile(r"\bquill\d+[a-z]\b", re.IGNORECASE)
_SAMPLE_S: Final = 0.2
_SETTLE_S: Final = 5


class LoadTestError(RuntimeError):
    """The test cannot be run. The message says why, in one line."""


def company(user: int, number: int) -> str:
    """Return the company that the statement of a visitor is about."""
    return f"Quill{user}{'abcdefgh'[number]}"


def policy(name: str) -> str:
    """Return the statement of a company; no two are alike in anything but their form."""
    number = 10 + sum(map(ord, name)) % 80
    sections = "\n\n".join(
        f"## {heading}\n\n{' '.join(line.format(name, number) for line in lines)}"
        for heading, lines in _SECTIONS.items()
    )
    return f"# {name} Privacy Policy\n\nThis privacy policy says what {name} does with personal data.\n\n{sections}\n"


@dataclass(slots=True)
class Outcome:
    """What the visitors saw: seconds that each answer, each opening and all took, and all that was wrong."""

    answers: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether every question was answered, from the right statement."""
        return bool(self.answers) and not self.foreign and not self.errors


class Session:
    """One visitor's session with the page, in the terms of Gradio's queue."""

    def __init__(self, client: httpx.AsyncClient, events: dict[str, int]) -> None:
        self.client = client
        self.events = events
        self.id = secrets.token_hex(6)

    async def call(self, event: str, *data: object) -> list[Any]:
        """Do one thing and return what the page would show; raises `LoadTestError` where that fails."""
        joined = await self.client.post(
            "gradio_api/queue/join", json={"data": data, "fn_index": self.events[event], "session_hash": self.id}
        )
        if joined.status_code != 200:
            raise LoadTestError(f"{event} was not taken: {joined.status_code} {joined.text[:100]}")
        async with self.client.stream("GET", "gradio_api/queue/data", params={"session_hash": self.id}) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    if not message.get("success"):
                        raise LoadTestError(f"{event} failed: {str(message.get('output'))[:100]}")
                    shown: list[Any] = message["output"]["data"]
                    return shown
        raise LoadTestError(f"{event} came to no end")


async def visit(session: Session, user: int, questions: Sequence[str], outcome: Outcome, first: int = 0) -> None:
    """Read two statements, those of a visitor from number `first` on, and ask half of the questions of each."""
    half = (len(questions) + 1) // 2
    for number, asked in enumerate((questions[:half], questions[half:]), first):
        name = company(user, number)
        begun = time.perf_counter()
        opened = await session.call("on_paste", policy(name))
        outcome.openings.append(time.perf_counter() - begun)
        await session.call("on_glance", opened[0])
        key, chat = opened[0], opened[3]
        for question in asked:
            begun = time.perf_counter()
            reply = (await session.call("on_ask", question, chat, key, None))[3]
            chat = (await session.call("on_reply", [*chat, *_WAITING], key, reply))[0]
            outcome.answers.append(time.perf_counter() - begun)
            judge(json.dumps(chat[-1]), name, question, outcome)


def judge(answer: str, name: str, question: str, outcome: Outcome) -> None:
    """Note whether an answer, as HTML, is none or is from the statement of another company."""
    others = {found.lower() for found in _COMPANY.findall(answer)} - {name.lower()}
    if others:
        outcome.foreign.append(f"asked of {name}: {question!r}, answered from {', '.join(sorted(others))}")
    elif "sp-answer" not in answer:
        outcome.errors.append(f"asked of {name}: {question!r}, no answer: {answer[:200]}")


async def events_of(client: httpx.AsyncClient) -> dict[str, int]:
    """Return the numbers of what the page can do; raises `LoadTestError` where it is not the one that is expected."""
    try:
        config = (await client.get("config")).json()
    except (httpx.HTTPError, ValueError) as e:
        raise LoadTestError(f"there is no page at {client.base_url}") from e
    events: dict[str, int] = {}
    for event in config["dependencies"]:
        events.setdefault(event["api_name"], event["id"])
    missing = {"on_paste", "on_glance", "on_ask"} - events.keys()
    if missing:
        raise LoadTestError(f"the page at {client.base_url} has no {', '.join(sorted(missing))}")
    return events


async def visit_all(address: str, users: int, questions: Sequence[str], first: int = 0) -> Outcome:
    """Have all visitors come at once; raises `LoadTestError` where the page is not the one that is expected."""
    outcome, begun = Outcome(), time.perf_counter()
    limits = httpx.Limits(max_connections=2 * users)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits, trust_env=False) as client:
        events = await events_of(client)

        async def one(user: int) -> None:
            try:
                await visit(Session(client, events), user, questions, outcome, first)
            except (LoadTestError, httpx.HTTPError) as e:
                outcome.errors.append(f"visitor {user}: {type(e).__name__}: {e}")

        await asyncio.gather(*map(one, range(users)))
    outcome.seconds = time.perf_counter() - begun
    return outcome


@dataclass(slots=True)
class Memory:
    """Resident memory of the server in megabytes: before the visitors came, the most, and after they left.

    `again` is that after as many others came and left: what caches hold grows once, what leaks each time.
    """

    before: float
    peak: float
    after: float = 0.0
    again: float = 0.0


def resident(pid: int) -> float:
    """Return the resident memory of a process in megabytes; 0 where the system does not tell (proc(5))."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else 0.0


async def measured(
    address: str, pid: int, users: int, questions: Sequence[str], settle_s: float = _SETTLE_S
) -> tuple[Outcome, Memory]:
    """Have the visitors come and watch the memory of the server; `settle_s` seconds later is "after"."""
    memory = Memory(before=resident(pid), peak=resident(pid))
    coming = asyncio.create_task(visit_all(address, users, questions))
    while not coming.done():
        memory.peak = max(memory.peak, resident(pid))
        await asyncio.wait([coming], timeout=_SAMPLE_S)
    outcome = await coming
    await asyncio.sleep(settle_s)
    memory.after = resident(pid)
    await visit_all(address, users, questions, first=2)
    await asyncio.sleep(settle_s)
    memory.again = resident(pid)
    return outcome, memory


def free_port() -> int:
    """Return a port that nothing on this machine listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[tuple[str, int]]:
    """Start the app on a free port and give its address and process id once its models are loaded."""
    port = free_port()
    start = "import sys; from nlp.web.server import serve; sys.exit(serve('127.0.0.1', sys.argv[1]))"
    process = subprocess.Popen([sys.executable, "-c", start, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if not any(line.strip() == "ready" for line in process.stdout):
            raise LoadTestError("the app did not start; try python app.py")
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def report(outcome: Outcome, memory: Memory, users: int) -> Iterable[str]:
    """Yield the lines of the report."""
    asked = f"{len(outcome.answers)} answers over {2 * users} statements"
    yield f"{users} visitors at once, {asked} in {outcome.seconds:.1f} s"
    for name, times in (("an answer", outcome.answers), ("opening a statement", outcome.openings)):
        if times:
            middle, late = np.percentile(times, [50, 95])
            yield f"{name}: median {middle:.2f} s, 95th percentile {late:.2f} s, longest {max(times):.2f} s"
    yield f"answers from another's statement: {len(outcome.foreign)}; errors: {len(outcome.errors)}"
    yield from (f"  {line}" for line in [*outcome.foreign, *outcome.errors][:20])
    sizes = f"{memory.before:.0f} MB before, {memory.peak:.0f} MB at most, {memory.after:.0f} MB after"
    sizes += f", {memory.again:.0f} MB after as many others with other statements"
    yield f"memory of the server: {sizes}"


def main(argv: list[str] | None = None) -> int:
    """Run the test and return the exit code: 0 where every answer came from the right statement."""
    parser = argparse.ArgumentParser(prog="python -m nlp.web.load_test", description="Have many visitors at once.")
    parser.add_argument("--users", type=int, default=50, help="how many visitors (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=10, help="how many each asks, half of each statement")
    options = parser.parse_args(argv)
    if options.users < 1 or options.questions < 2:
        parser.error("give at least one visitor and two questions")
    asked = [QUESTIONS[i % len(QUESTIONS)] for i in range(options.questions)]
    try:
        with server() as (address, pid):
            # The first question of all loads what is loaded late.
            asyncio.run(visit_all(address, 1, asked[:2]))
            outcome, memory = asyncio.run(measured(address, pid, options.users, asked))
    except LoadTestError as e:
        print(f"load test: {e}", file=sys.stderr)
        return 1
    print("\n".join(report(outcome, memory, options.users)))
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
