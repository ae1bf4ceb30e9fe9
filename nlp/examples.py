"""What the clause classifier is trained on: OPP-115, and clauses that we labelled ourselves."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.labels import Label, paragraph_key, read_clauses, read_noise, read_paragraph_labels
from corpus.load import load_file
from corpus.opp115 import Segment, targets
from corpus.questions import FOLDER as STATEMENTS
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp.finetune import Examples
from nlp.segment import segment
from nlp.sentences import sentence_spans

_MIN_WORDS = 3
ALSO = 0.35
"""The target of a category that a second careful reader could defend."""
# What an example counts: a majority of annotators over a segment most, words that one or two of them marked least.
_SEGMENT, _VOTED, _SENTENCE, _OWN, _BARE, _NOISE = 1.0, 0.7, 0.5, 0.7, 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to train on, and those held back for calibration: whole segments and paragraphs, never parts of one.

    Which side one falls on hangs on its text. A statement of ours would be held back whole; at a tenth none is.
    """

    train: Examples
    held_back: Examples


class _Collector:
    """Gathers examples on the side that their origin belongs to."""

    def __init__(self, held_back: float) -> None:
        self._share = held_back
        self._rows: dict[bool, list[tuple[str, NDArray[np.float32], float]]] = {True: [], False: []}

    def add(self, origin: str, text: str, target: Sequence[float], weight: float) -> None:
        """Add an example; the same origin always falls on the same side."""
        back = zlib.crc32(origin.encode("utf-8", "replace")) % 1000 < 1000 * self._share
        self._rows[back].append((text, np.array(target, np.float32), weight))

    def split(self) -> Split:
        """Return what was gathered."""
        return Split(_examples(self._rows[False]), _examples(self._rows[True]))


def _examples(rows: Sequence[tuple[str, NDArray[np.float32], float]]) -> Examples:
    texts, labels, weights = zip(*rows, strict=True) if rows else ((), (), ())
    return Examples(
        list(texts),
        np.array(labels, np.float32).reshape(-1, len(CATEGORY_IDS)),
        np.array(weights, np.float32),
    )


def make_split(segments: Sequence[Segment], paragraphs: Sequence[str], *, held_back: float) -> Split:
    """Return the training examples of OPP-115's segments and of our own labels, with a share held back.

    `segments` of the train split, and those without a majority that are in no other split; `paragraphs` as in the
    data folder, of which those that we labelled are used. Raises `DocumentError` where none of these is there.
    """
    collector = _Collector(held_back)
    for one in segments:
        _add_segment(collector, one)
    _add_statements(collector)
    known, found = read_paragraph_labels(), 0
    for text in paragraphs:
        label = known.get(paragraph_key(text))
        if label:
            collector.add(text, text, soft_target(label), 1.0)
            found += 1
    if known and not found:
        raise DocumentError("none of the labelled paragraphs is in the data folder; CONTRIBUTING says what it holds")
    for line in read_noise():
        collector.add(line, line, [0.0] * len(CATEGORY_IDS), _NOISE)
    return collector.split()


def _add_segment(collector: _Collector, one: Segment) -> None:
    votes = one.votes
    if one.categories:
        majority = np.array(targets(one.categories), float)
        # Half the majority's word, half the share of annotators: where they disagreed, so may the model.
        target = (majority + _shares(votes, one.annotators)) / 2 if one.annotators else majority
        collector.add(one.text, one.text, target.tolist(), _SEGMENT)
    elif one.annotators:
        collector.add(one.text, one.text, _shares(votes, one.annotators).tolist(), _VOTED)
    for text, row in sentence_targets(one):
        collector.add(one.text, text, row, _SENTENCE)


def _shares(votes: Mapping[str, int], annotators: int) -> NDArray[np.float64]:
    return np.array([votes.get(category, 0) / max(annotators, 1) for category in CATEGORY_IDS])


def sentence_targets(one: Segment) -> Iterator[tuple[str, list[float]]]:
    """Yield the sentences of a segment, each with the share of annotators who marked words in it for a category."""
    spans = list(sentence_spans(one.text))
    if not one.annotators or len(spans) < 2:
        return
    for start, end in spans:
        text = one.text[start:end].strip()
        marked: dict[str, set[str]] = defaultdict(set)
        for span in one.spans:
            if span.start < end and span.end > start:
                marked[span.category].add(span.annotator)
        # A sentence that nobody marked may still say something: it teaches neither yes nor no.
        if len(text.split()) >= _MIN_WORDS and marked:
            yield text, _shares(Counter({c: len(a) for c, a in marked.items()}), one.annotators).tolist()


def soft_target(label: Label) -> list[float]:
    """Return a row of thirteen: one for what is said, a third for what may be."""
    return [1.0 if c in label.categories else ALSO if c in label.also else 0.0 for c in CATEGORY_IDS]


def _add_statements(collector: _Collector) -> None:
    """Add the clauses of our statements, as they are read under their headings and, counting less, alone."""
    labels: dict[str, dict[int, Label]] = defaultdict(dict)
    for clause in read_clauses():
        labels[clause.statement][clause.start] = clause.label
    for name, known in labels.items():
        for found in segment(load_file(STATEMENTS / f"{name}.md")):
            if found.start in known:
                target = soft_target(known[found.start])
                collector.add(name, found.context, target, _OWN)
                if found.context != found.text:
                    collector.add(name, found.text, target, _BARE)
