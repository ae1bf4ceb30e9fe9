"""What can go wrong that is not the user's document or question."""

from __future__ import annotations


class RunError(RuntimeError):
    """A run cannot go on: a model is missing, a folder is damaged. The message says why and what to do, in one line."""
