"""Read a store: its services, their versions, and the statement and the tagged clauses of each. Needs no models."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.archives.selection import unknown
from corpus.types import ArchiveRecord, DocumentError, Statement
from nlp.store.config import StoreConfig, read_config
from nlp.store.layout import statement_of
from nlp.store.parts import numbers, read_part
from nlp.store.schema import PROBLEMS, VERSIONS, schemas
from nlp.store.tables import Tables
from nlp.store.versions import Sequences, StoredVersion, sequences
from nlp.types import Clause

if TYPE_CHECKING:
    from nlp.encoder import Vectors
    from nlp.retrieve import IndexedStatement

_SHOWN = 8
# What a statement is called that has no heading of its own, which says nothing among a hundred services.
_NO_TITLE = "Privacy policy"


@dataclass(frozen=True)
class Store:
    """A store as it was when it was opened; an import that goes on meanwhile does not show."""

    folder: Path
    config: StoreConfig
    sequences: Sequences
    tables: Tables

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open a store; raises `DocumentError` where there is none or its format is another, `RunError` if damaged."""
        config = read_config(folder)
        schema = schemas(len(config.labels), config.dimensions)[VERSIONS]
        there = numbers(folder)
        rows = [row for number in there for row in read_part(folder, VERSIONS, number, schema).to_pylist()]
        return cls(folder, config, sequences(rows), Tables(folder, config, there))

    def services(self) -> list[str]:
        """Return the names of the services."""
        return sorted({service for service, _ in self.sequences})

    def documents(self, service: str) -> list[str]:
        """Return the documents of a service, whatever the case of its name; raises `DocumentError` for no such one."""
        name = self.service(service)
        return sorted(document for other, document in self.sequences if other == name)

    def service(self, name: str) -> str:
        """Return the service of a name, whatever its case; raises `DocumentError` with the nearest names."""
        return _chosen("service", name, self.services(), f"in {str(self.folder)!r}")

    def versions(self, service: str, document: str | None = None) -> tuple[StoredVersion, ...]:
        """Return the versions of a document in the order of the archive.

        Names are matched whatever their case; `document` may be left out where a service has one only. Raises
        `DocumentError` for unknown names.
        """
        name, documents = self.service(service), self.documents(service)
        if document is not None:
            return self.sequences[name, _chosen("document", document, documents, f"of {name!r}")]
        if len(documents) > 1:
            listed = ", ".join(map(repr, documents[:_SHOWN]))
            raise DocumentError(f"{name!r} has {len(documents)} documents; name one with --document: {listed}")
        return self.sequences[name, documents[0]]

    def stored_text(self, version: StoredVersion) -> str:
        """Return the text of a version as its archive has it."""
        return str(self._row(version)["text"])

    def statement(self, version: StoredVersion) -> Statement:
        """Return the statement of a version, which is called by the reference of the version.

        Raises `DocumentError` where nothing could be read from the text.
        """
        row = self._row(version)
        if row["visible"] is None:
            why = row["warnings"][0] if row["warnings"] else "it has no text"
            raise DocumentError(f"version {version.number} of {version.service!r} ({version.date}): {why}")
        statement = statement_of(row, id=version.reference)
        unnamed = statement.title == _NO_TITLE
        return replace(
            statement,
            title=f"{version.service}: {version.document}" if unnamed else statement.title,
            archive=statement.archive or ArchiveRecord(version.service, version.observed_at.date(), version.url),
            warnings=(*version.warnings, *statement.warnings),
        )

    def clauses(self, version: StoredVersion) -> list[Clause]:
        """Return the clauses of a version as they were tagged, in reading order."""
        found = self.tables.occurrences(version.part, version.text_id)
        tagged = self.tables.tagged([row["clause_key"] for row in found])
        return [
            Clause(
                id=row["clause_id"],
                start=row["start"],
                end=row["end"],
                # The context of a clause ends with it.
                text=one.context[len(one.context) - (row["end"] - row["start"]) :],
                kind=row["kind"],
                heading=tuple(row["heading"]),
                lead_in=row["lead_in"],
                columns=tuple(row["columns"]),
                block=row["block"],
                categories=one.categories,
                probabilities=one.probabilities,
            )
            for row, one in zip(found, tagged, strict=True)
        ]

    def normal_keys(self, version: StoredVersion) -> list[str]:
        """Return for each clause a key that clauses which say the same share; "" for one that does not count."""
        return [row["normal_key"] for row in self.tables.occurrences(version.part, version.text_id)]

    def clause_keys(self, version: StoredVersion) -> list[str]:
        """Return for each clause the key under which it is tagged and embedded."""
        return [row["clause_key"] for row in self.tables.occurrences(version.part, version.text_id)]

    def vectors(self, version: StoredVersion) -> Vectors:
        """Return the vectors of the clauses of a version, shape (clauses, dimensions)."""
        return self.tables.vectors(self.clause_keys(version))

    def indexed(self, version: StoredVersion) -> IndexedStatement:
        """Return a version ready to be asked; raises `DocumentError` where nothing could be read from it."""
        # Whoever only lists or compares versions need not wait for the libraries of retrieval.
        from nlp.retrieve import IndexedStatement

        statement, clauses = self.statement(version), self.clauses(version)
        return IndexedStatement.of(statement, clauses, self.vectors(version), encoder=self.config.encoder)

    def problems(self) -> list[dict[str, str]]:
        """Return the files that gave no version, each once with its `reference` and the last `reason`."""
        schema = schemas(len(self.config.labels), self.config.dimensions)[PROBLEMS]
        parts = (read_part(self.folder, PROBLEMS, number, schema).to_pylist() for number in self.tables.numbers)
        return list({row["reference"]: row for part in parts for row in part}.values())

    def _row(self, version: StoredVersion) -> dict[str, Any]:
        return self.tables.text(version.part, version.text_id)


def _chosen(what: str, name: str, known: Collection[str], where: str) -> str:
    """Return the known name that one means."""
    if name in known:
        return name
    alike = sorted(other for other in known if other.casefold() == name.casefold())
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise DocumentError(f"{name!r} may be {' or '.join(map(repr, alike))}; write it as it is there")
    if not known:
        raise DocumentError(f"there is no {what} {where}; import an archive first")
    raise unknown(what, name, known, where)
