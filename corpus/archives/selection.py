"""Choose services and documents of an archive by name."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Final

from corpus.types import DocumentError

PRIVACY: Final = "privacy"
"""What the name of a document has in it that is read unless other documents are asked for."""

_SHOWN = 8


def choose_services(wanted: Collection[str] | None, known: Collection[str]) -> frozenset[str]:
    """Return the services of an archive that are wanted; None wants all.

    A name is matched exactly, or else whatever its case. Raises `DocumentError` with the nearest names where there is
    none of a name.
    """
    if wanted is None:
        return frozenset(known)
    return _named("service", (wanted,) if isinstance(wanted, str) else wanted, known)


def choose_documents(wanted: Collection[str] | None, known: Collection[str]) -> frozenset[str]:
    """Return the documents of an archive that are wanted; None wants all.

    A `str` wants those that have it in their name, whatever its case; a collection names them as in `choose_services`.
    Raises `DocumentError` where there is none.
    """
    if wanted is None:
        return frozenset(known)
    if not isinstance(wanted, str):
        return _named("document", wanted, known)
    found = frozenset(name for name in known if wanted.casefold() in name.casefold())
    if not found:
        raise DocumentError(
            f"no document here has {wanted!r} in its name; there is {_listed(known)}: name one, or ask for all"
        )
    return found


def _named(what: str, wanted: Collection[str], known: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in wanted:
        alike = {name} if name in known else {other for other in known if other.casefold() == name.casefold()}
        if not alike:
            raise unknown(what, name, known, "in this archive")
        found |= alike
    return frozenset(found)


def unknown(what: str, name: str, known: Collection[str], where: str) -> DocumentError:
    """Return the error that tells the names next to one that is not known, or else some that are.

    `what` is what has the name ("service"), `where` the rest of the sentence ("in this archive").
    """
    near = difflib.get_close_matches(name.casefold(), [other.casefold() for other in known], n=3, cutoff=0.5)
    nearest = sorted({other for other in known if other.casefold() in near})
    hint = f"did you mean {' or '.join(map(repr, nearest))}?" if nearest else f"there is {_listed(known)}"
    return DocumentError(f"there is no {what} {name!r} {where}; {hint}")


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(map(repr, sorted(names)[:_SHOWN]))
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "") if names else "none"
