"""Time the engine on a statement beside a stated peer in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from corpus.load import load_bundled
from nlp.engine import Smallprint
from nlp.lexical import LexicalIndex
from nlp.segment import segment

QUESTIONS: tuple[str, ...] = (
    "do you sell my data?",
    "can the cops get my info?",
    "how long do you keep my information?",
    "what is the weather today?",
    "which cookies does social login set?",
    "do I have to give you my name?",
    "who do I write to about privacy?",
    "is my credit card number encrypted?",
    "are kids allowed to use the site?",
    "what happens to my data if the company is bought?",
)


@dataclass(frozen=True, slots=True)
class Timing:
    """A stage, its time in milliseconds, and that time divided by the peer's."""

    stage: str
    milliseconds: float
    ratio: float


def time_statement(engine: Smallprint, id: str, *, rounds: int = 3) -> list[Timing]:
    """Time each stage from document to answer, warm; the peer is sentence-transformers encoding the same clauses.

    Each stage is the median of `rounds`; questions are asked `rounds` times each.
    """
    statement = load_bundled(id)
    texts = [clause.context for clause in segment(statement)]
    encoder, classifier = engine.answerer.encoder, engine.classifier
    engine.read(statement)
    peer = _milliseconds(lambda: encoder.encode(texts), rounds)
    stages: Sequence[tuple[str, Callable[[], object]]] = (
        ("read", lambda: load_bundled(id)),
        ("segment", lambda: segment(statement)),
        ("tag", lambda: classifier.predict(texts)),
        ("index words", lambda: LexicalIndex.from_texts(texts)),
        ("read, segment, embed, tag and index", lambda: engine.index(load_bundled(id))),
    )
    rows = [Timing(f"peer: embed {len(texts)} clauses", peer, 1.0)]
    rows += [_row(name, _milliseconds(stage, rounds), peer) for name, stage in stages]
    asked = [_once(lambda q=q: engine.ask(statement, q)) for _ in range(rounds) for q in QUESTIONS]  # type: ignore[misc]
    rows.append(_row(f"one question, median of {len(asked)}", median(asked), peer))
    rows.append(_row("one question, 95th percentile", quantiles(asked, n=20)[-1], peer))
    return rows


def _row(stage: str, milliseconds: float, peer: float) -> Timing:
    return Timing(stage, milliseconds, milliseconds / peer)


def _milliseconds(stage: Callable[[], object], rounds: int) -> float:
    return median(_once(stage) for _ in range(rounds))


def _once(stage: Callable[[], object]) -> float:
    start = time.perf_counter()
    stage()
    return 1000 * (time.perf_counter() - start)
