"""Tests of nlp.batch.reading: what a document does to the process that reads it is a reason, and no more."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from batch_fakes import document

from corpus.inputs.types import Document, Unreadable
from corpus.types import Statement
from nlp.batch import reading as module
from nlp.batch.process import Child
from nlp.batch.reading import ReaderProcesses, read_document

POLICY = Document("acme", "acme.md", b"# Acme Privacy\n\nWe keep logs.\n", "acme.md")


def hang(document: Document) -> Statement:
    """Never return."""
    time.sleep(1000)
    raise AssertionError


def die(document: Document) -> Statement:
    """Kill the process."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def swell(document: Document) -> Statement:
    """Take a gigabyte."""
    raise AssertionError(len(bytearray(1024**3)))


def say_who(document: Document) -> Unreadable:
    """Tell which process it is."""
    return Unreadable(document.id, document.source, str(os.getpid()))


def reason(processes: ReaderProcesses) -> str:
    """Return why the policy was not read."""
    unread = processes.read_apart(POLICY)
    assert isinstance(unread, Unreadable)
    assert (unread.id, unread.source) == ("acme", "acme.md")
    return unread.reason


def test_a_document_is_read_as_in_this_process() -> None:
    for one in (POLICY, document(1), replace(POLICY, content=b"")):
        assert ReaderProcesses().read_apart(one) == read_document(one)


def test_each_document_has_a_process_that_ends_with_it() -> None:
    processes = ReaderProcesses(say_who)
    seen = {reason(processes), reason(processes)}
    assert len(seen) == 2
    assert str(os.getpid()) not in seen
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("processes", "why"),
    [
        (ReaderProcesses(hang, seconds=0.1), "takes longer than 0.1 seconds to read; leave out what is not the policy"),
        (
            ReaderProcesses(die),
            "cannot be read: the process that read it was ended by SIGKILL; leave out what is not the policy",
        ),
        (ReaderProcesses(most=0, patience=0.01), "has to wait too long for other documents; try again in a minute"),
    ],
)
def test_what_hangs_dies_or_has_to_wait_is_told_in_a_line(processes: ReaderProcesses, why: str) -> None:
    assert reason(processes) == f"acme.md {why}"
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits what a process takes")
def test_a_bomb_is_told_in_a_line() -> None:
    assert "ended with exit code 1" in reason(ReaderProcesses(swell, memory=512 * 1024**2))


def test_a_process_that_cannot_be_started_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Any:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(module.Child, "started", refuse)
    assert reason(ReaderProcesses()) == (
        "acme.md cannot be read, as no process can be started for it: Resource temporarily unavailable"
    )


def test_no_more_read_at_once_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def wait(*_: object) -> Unreadable:
        begun.set()
        assert may_end.wait(30)
        raise OSError("it has failed")

    monkeypatch.setattr(Child, "started", wait)
    processes = ReaderProcesses(most=1, patience=0)
    first = threading.Thread(target=processes.read_apart, args=(POLICY,))
    first.start()
    assert begun.wait(30)
    assert "has to wait too long for other documents" in reason(processes)
    may_end.set()
    first.join()
    assert "it has failed" in reason(processes), "the place is free again"
