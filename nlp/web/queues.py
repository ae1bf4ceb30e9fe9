"""Who waits for whom in Gradio's queue: those who ask for those who ask, those who read for those who read.

A very long statement is read for minutes. The models let others in between, so questions have a queue of their own, and
more statements than one may be under way: a short one overtakes. Who only wants to see what is read already waits for
none of them.
"""

from __future__ import annotations

from typing import Any, Final

ASKING: Final[dict[str, Any]] = {"concurrency_id": "asking", "concurrency_limit": 2}
READING: Final[dict[str, Any]] = {"concurrency_id": "reading", "concurrency_limit": 8}
SHOWING: Final[dict[str, Any]] = {"concurrency_id": "showing", "concurrency_limit": 4}
PROGRAMS: Final[dict[str, Any]] = {"concurrency_id": "programs", "concurrency_limit": 4}
