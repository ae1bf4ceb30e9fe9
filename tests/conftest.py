"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# Of several test processes each has its share of the cores: threads that wait for each other's cores take many times as
# long. It must be said before anything imports torch.
if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // int(workers))))

# A busy machine must not fail a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
