"""Choose a document of the archive store, and a version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from corpus.types import DocumentError
from nlp.web.desk import Desk
from nlp.web.session import Reading

if TYPE_CHECKING:
    from nlp.store import StoredVersion
    from nlp.web.shelf import Shelf


class ShelfChoice:
    """Makes the lists to choose from; without a store they are empty."""

    def __init__(self, shelf: Shelf | None) -> None:
        self.shelf = shelf

    def service(self, label: str, **options: Any) -> gr.Dropdown:
        """Return a list of the documents, none chosen."""
        choices = self.shelf.choices() if self.shelf else []
        return gr.Dropdown(choices, value=None, label=label, interactive=True, **options)

    def chosen(self, place: str | None) -> gr.Dropdown:
        """Return the list of the documents with one of them chosen, or none where there is no such one."""
        choices = self.shelf.choices() if self.shelf else []
        return gr.Dropdown(choices, value=place if place in [value for _, value in choices] else None)

    def on_service(self, place: str | None) -> gr.Dropdown:
        """Return the list of the versions of a document, the newest chosen."""
        return self.versions(place)

    def versions(self, place: str | None, number: int | None = None) -> gr.Dropdown:
        """Return the list of the versions of a document with one of them chosen: `number`, or the newest usable one."""
        try:
            versions = self.shelf.versions(place) if self.shelf else ()
        except DocumentError:
            versions = ()
        usable = [version.number for version in versions if version.usable]
        there = number is not None and 1 <= number <= len(versions)
        value = number if there else (usable[-1] if usable else None)
        return gr.Dropdown([(_called(version), version.number) for version in versions], value=value)


def _called(version: StoredVersion) -> str:
    flags = f", {', '.join(version.flags)}" if version.flags else ""
    return f"{version.date} (version {version.number}{flags})"


def chosen_version(desk: Desk, shelf: Shelf | None, place: str | None, number: int | None) -> Reading:
    """Return a version of the store as an open statement; raises `DocumentError` where none is chosen or readable."""
    if shelf is None:
        raise DocumentError("this server has no archive; choose another statement")
    version = shelf.version(place, number)
    store = shelf.store
    name = f"{version.service}\0{version.document}\0{version.number}\0{version.reference}"
    return desk.keep(name, lambda: (store.statement(version), store.clauses(version)))
