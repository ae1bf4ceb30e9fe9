"""What makes the clauses of a store, and its fingerprints."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from corpus.load import BUNDLED, load_bundled, load_text
from nlp.classifier import ClauseClassifier
from nlp.encoder import Encoder
from nlp.segment import segment
from nlp.store.config import StoreConfig
from nlp.units import units_of

# What the bundled statement lacks: what does not count in a comparison, and what a reader does with odd markup.
_PROBE = """# Acme Privacy Policy

Last updated: 1 May 2020. [Skip to content](#main)

JavaScript is disabled

1.2 (a) See section 9.1 for **data** that we\u00a0keep

* your name;
* your e\u2011mail:
  1. twice\\.

| Data | Kept |
|---|---|
| log files | 30 days |

English Deutsch Polski

<div>We do <b>not</b> sell it. ID4711</div>

© 2020 Acme Inc. All rights reserved.
"""


@dataclass(frozen=True, slots=True)
class Tagger:
    """What tags and embeds clauses; `mode` is that of the classifier."""

    classifier: ClauseClassifier
    encoder: Encoder
    mode: str = "accurate"


def config_of(tagger: Tagger) -> StoreConfig:
    """Return what a store that is made with a tagger says of itself."""
    classifier, encoder = tagger.classifier, tagger.encoder
    return StoreConfig(
        reading_fingerprint(),
        tagger.mode,
        classifier.fingerprint,
        encoder.fingerprint,
        tuple(classifier.labels),
        encoder.dimensions,
    )


@cache
def reading_fingerprint() -> str:
    """Return a hex SHA-256 of what is made of some documents: their clauses, and what of them counts in what words.

    A release that reads, segments or compares documents otherwise has another one.
    """
    digest = hashlib.sha256()
    for statement in (load_text(_PROBE, kind="markdown"), *map(load_bundled, BUNDLED)):
        digest.update(statement.fingerprint.encode())
        for unit in units_of(statement, segment(statement)):
            digest.update(repr((unit.clause, unit.normal.undated, unit.counts)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
