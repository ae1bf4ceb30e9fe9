"""The web app: ask a statement, see the answer in the document. Nothing here leaves the machine."""

from __future__ import annotations

import os

from nlp.web.startup import leave_interface_files

# Gradio and the Hub client read these when they are first imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# Gradio fails on a port that is no number while it is imported; the server is to say so in a line.
if not os.environ.get("GRADIO_SERVER_PORT", "0").isdigit():
    os.environ["SMALLPRINT_SERVER_PORT"] = os.environ.pop("GRADIO_SERVER_PORT")
# OpenMP reads this when torch is first imported. Its threads wait for each other by spinning; where they have to share
# the cores, with visitors' connections or other programs, an answer took nine times as long for it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
leave_interface_files()
