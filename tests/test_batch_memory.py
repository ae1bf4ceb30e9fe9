"""Tests of nlp.batch.memory: what a command and the processes that it starts hold."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from nlp.batch import memory
from nlp.batch.memory import descendants, peak_memory
from nlp.errors import RunError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux only")

HOLD = "import time; held = bytearray(80_000_000); time.sleep(1)"
START = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{HOLD}'], check=True)"


def test_the_memory_of_a_child_counts() -> None:
    assert 80_000_000 < peak_memory([sys.executable, "-c", START]) < 200_000_000


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(RunError, match=r"failed: .*ZeroDivisionError"):
        peak_memory([sys.executable, "-c", "1 / 0"])


def test_a_process_has_descendants() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(descendants(os.getpid()))
        child.communicate()


def test_where_there_is_no_proc_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_PROC", memory.Path("/none"))
    with pytest.raises(RunError, match=r"^memory is measured on Linux only"):
        peak_memory(["true"])
