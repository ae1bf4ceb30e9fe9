"""The web app: ask a statement, see the answer in the document. Nothing here leaves the machine."""

from __future__ import annotations

import os

# Gradio and the Hub client read these when they are first imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
