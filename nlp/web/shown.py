"""Forget what the pages of visitors showed: Gradio keeps it for those who come back, however long they are away."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from datetime import datetime, timedelta
from typing import Final

from gradio.state_holder import StateHolder

from nlp.recent import FORGET_AFTER_S

logger = logging.getLogger(__name__)
_EVERY_S: Final = 600.0


def forget_shown(holder: StateHolder, now: datetime) -> int:
    """Forget what was shown on pages that nobody has used for two hours, and return how many those are.

    Such a page goes on where it is used again, as it holds the keys of its statements itself; a file that was uploaded
    for one side of a comparison is asked for again.
    """
    before = now - timedelta(seconds=FORGET_AFTER_S)
    with holder.lock:
        # Gradio notes new pages without the lock: a list is made in one step.
        old = [page for page, used in list(holder.time_last_used.items()) if used < before]
        for page in old:
            holder.time_last_used.pop(page, None)
            holder.session_data.pop(page, None)
    return len(old)


def keep_forgetting(holder: StateHolder, every: float = _EVERY_S) -> None:
    """Forget what is old every so many seconds, in a thread that ends with the holder."""
    held = weakref.ref(holder)

    def forget() -> None:
        while (there := held()) is not None:
            try:
                forget_shown(there, datetime.now())
            except Exception:  # whatever it is, the next round may do better, and what is kept must not grow for ever
                logger.exception("what old pages showed could not be forgotten")
            del there
            time.sleep(every)

    threading.Thread(target=forget, name="forget-shown", daemon=True).start()
