"""Read privacy statements: clauses, categories, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.engine import Smallprint

__all__ = ["Smallprint"]


def __getattr__(name: str) -> Any:
    # The engine brings torch along, which a spaCy component or the command line's --help must not wait for.
    if name == "Smallprint":
        from nlp.engine import Smallprint

        return Smallprint
    raise AttributeError(f"module 'nlp' has no attribute {name!r}")
