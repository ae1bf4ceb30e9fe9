"""What a store holds of each document, as numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import corpus
from corpus.whole_file import whole_file
from nlp.batch.reader import fingerprint_of
from nlp.store import Store, StoredVersion
from nlp.timeline import Role, roles_of, steps_of, version_counts

ROLES: Final = "roles.json"
"""The file of a store that keeps what each version is, so that none is compared again until there are new ones."""

_LETTERS: Final[Mapping[Role, str]] = {
    "first": "1",
    "change": "c",
    "technical": "t",
    "return": "r",
    "noise": "n",
    "flagged": "f",
}
_ROLES: Final = {letter: role for role, letter in _LETTERS.items()}

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store holds of one document.

    `versions` are the first that is not flagged, and those that are `changes`, `technical`, `returns`, `noise` and
    `flagged`, as `nlp.timeline.version_counts` counts them. `seen` counts the clauses of all versions, `distinct` those
    that differ: only they had to be tagged and embedded.
    """

    service: str
    document: str
    first: str
    last: str
    versions: int
    changes: int
    technical: int
    returns: int
    noise: int
    flagged: int
    texts: int
    seen: int
    distinct: int

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as the command line prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


def summarise(store: Store, services: Collection[str] | None = None, *, report: Report | None = None) -> list[Summary]:
    """Return a summary of each document of some services, or of all; `report` is told how many of how many are done."""
    chosen = [named for named in sorted(store.sequences) if services is None or named[0] in services]
    found = roles(store, chosen, report=report)
    return [_summary(store, named, found[named]) for named in chosen]


def roles(
    store: Store, documents: Sequence[tuple[str, str]], *, report: Report | None = None
) -> dict[tuple[str, str], tuple[Role, ...]]:
    """Return for each (service, document) what each of its versions is, as `nlp.timeline.roles_of` tells it.

    To tell a change from noise takes comparisons; what comes of them is kept in the store, if that can be written to.
    """
    known = _read(store.folder)
    new: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[Role, ...]] = {}
    for done, named in enumerate(documents, 1):
        versions = store.sequences[named]
        key = _key(versions)
        kept = known.get(key, "")
        if len(kept) == len(versions):
            found[named] = tuple(_ROLES[letter] for letter in kept)
        else:
            found[named] = roles_of(versions, steps_of(store, versions))
            new[key] = "".join(_LETTERS[role] for role in found[named])
        if report:
            report(done, len(documents))
    if new:
        _write(store, known | new)
    return found


def _summary(store: Store, named: tuple[str, str], roles: Sequence[Role]) -> Summary:
    versions = store.sequences[named]
    counts = version_counts(versions, roles)
    texts = {version.text_id: version for version in versions}
    distinct = {key for version in texts.values() for key in store.clause_keys(version)}
    dates = [version.date for version in versions]
    return Summary(
        *named,
        first=min(dates),
        last=max(dates),
        versions=counts["versions"],
        changes=counts["real changes"],
        technical=counts["technical"],
        returns=counts["returns"],
        noise=counts["noise only"],
        flagged=counts["flagged"],
        texts=counts["texts"],
        seen=sum(version.clauses for version in versions),
        distinct=len(distinct),
    )


def _read(folder: Path) -> dict[str, str]:
    """Return the roles that this code found, by the key of the versions; none where the file is missing or damaged."""
    try:
        record = json.loads((folder / ROLES).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    kept = record.get("roles") if isinstance(record, dict) and record.get("code") == _code() else None
    if not isinstance(kept, dict):
        return {}
    return {key: told for key, told in kept.items() if isinstance(told, str) and _ROLES.keys() >= set(told)}


def _write(store: Store, roles: Mapping[str, str]) -> None:
    there = {_key(versions) for versions in store.sequences.values()}
    record = {"code": _code(), "roles": {key: roles[key] for key in sorted(there & roles.keys())}}
    # They can be found again: a store on a disk that is full or may not be written to is read all the same.
    with suppress(OSError), whole_file(store.folder / ROLES, durable=False) as scratch:
        scratch.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _key(versions: Sequence[StoredVersion]) -> str:
    """Return what tells versions in their order from any others that may have other steps."""
    told = [(v.service, v.document, v.text_id, v.normal_id, v.technical, v.flags, v.returns_to) for v in versions]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """Return a hex SHA-256 of the code that compares; another release may find other changes."""
    folders = (Path(__file__).parent, Path(corpus.__file__).parent)
    return fingerprint_of(sorted(file for folder in folders for file in folder.glob("*.py")))
