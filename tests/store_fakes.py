"""Small archives and stores of them, tagged and embedded by fakes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nlp_fakes import WordEncoder, tiny_classifier

from corpus.archives.types import Unreadable, Version
from nlp.store import Store
from nlp.store.importing import import_archive
from nlp.store.making import Tagger

SAID = (
    "We collect your name and your email address when you register.",
    "We use your information to provide our service to you.",
    "We share your data with our partners in marketing.",
    "Our website sets cookies and stores data about your visit.",
)
SELL, KEEP = "We do not sell your data to anyone.", "We keep records of your data for thirty days."
START = datetime(2020, 1, 1, tzinfo=UTC)


def policy(*said: str, heading: str = "Data") -> str:
    """Return a policy in Markdown that says what every one does, and more."""
    return f"# Acme Privacy Policy\n\n## {heading}\n\n{' '.join(SAID)}\n" + "".join(f"\n{text}\n" for text in said)


def version(day: int = 0, text: str | None = None, service: str = "Acme", **changes: object) -> Version:
    """Return the version of a day, counted from 2020-01-01."""
    given = {
        "document": "Privacy Policy",
        "archive": "open-terms-archive",
        "reference": f"{day:040x}:{service}/Privacy Policy.md",
        "observed_at": START + timedelta(days=day),
        "subject": "Record new changes",
    }
    return Version(service=service, text=policy() if text is None else text, **(given | changes))  # type: ignore[arg-type]


def tiny_tagger(mode: str = "accurate", encoder: WordEncoder | None = None) -> Tagger:
    """Return what tags and embeds without models."""
    return Tagger(tiny_classifier(), encoder or WordEncoder(), mode)


def made_store(folder: Path, items: Iterable[Version | Unreadable]) -> Store:
    """Import an archive, and open the store."""
    import_archive(items, folder, tiny_tagger())
    return Store.open(folder)
