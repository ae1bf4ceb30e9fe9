"""The store of an archive: its versions, their texts and their clauses, in Parquet files under one folder.

A clause that stands in many versions is tagged and embedded once.
"""

from __future__ import annotations

from nlp.store.reader import Store
from nlp.store.versions import StoredVersion

__all__ = ["Store", "StoredVersion"]
