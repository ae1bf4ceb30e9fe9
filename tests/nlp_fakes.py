"""Tiny stand-ins for the models, and statements to try them on: no weights, exact answers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import Block, BlockKind, Section, Statement
from nlp.answer import Answerer
from nlp.classifier import ClauseClassifier
from nlp.encoder import Vectors
from nlp.engine import Smallprint
from nlp.evidence import ANSWERED_FEATURES, RANK_FEATURES, YES_FEATURES, Evidence, LinearModel, Weigher
from nlp.polarity import NAMES
from nlp.reranker import Pair, PairScores
from nlp.retrieve import Candidate, IndexedStatement
from nlp.segment import segment
from nlp.topics import Topics
from nlp.types import Clause

DIMENSIONS = 2048

SELL = "We do not sell your personal data to anyone."
POLICE = "We give data to the police if the law asks for it."
KEEP = "We keep log files for thirty days, unless a court orders us to keep them longer."
COOKIES = "Our website sets cookies."

_STOP = frozenset("a the to of is it we you your our do does for if in who how what why us".split())


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that mean something."""
    return frozenset(re.findall(r"\w+", text.lower())) - _STOP


@dataclass(frozen=True)
class WordEncoder:
    """Embeds a text as the sum of a fixed direction for each of its words, of length one."""

    fingerprint: str = "fake:words"
    dimensions: int = DIMENSIONS
    asked: list[int] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(texts), dimensions) and note how many texts came."""
        self.asked.append(len(texts))
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in word_set(text):
                row[zlib.crc32(word.encode("utf-8", "replace")) % self.dimensions] += 1
            row[0] += not row.any()
            row /= np.linalg.norm(row)
        return vectors


@dataclass(frozen=True)
class OverlapReranker:
    """Relevance is twice the number of shared words less three; polarity is -5 for "not" or "never", else 5."""

    asked: list[Pair] = field(default_factory=list)

    def score(self, pairs: Sequence[Pair]) -> PairScores:
        """Return the scores of pairs and note the pairs."""
        self.asked.extend(pairs)
        relevance = [2.0 * len(word_set(q) & word_set(clause)) - 3 for q, clause in pairs]
        polarity = [-5.0 if {"not", "never"} & set(clause.split()) else 5.0 for _, clause in pairs]
        return PairScores(np.array(relevance, np.float32), np.array(polarity, np.float32))


def first_feature(width: int) -> LinearModel:
    """Return a model whose probability is the logistic function of the first of `width` features."""
    return LinearModel(np.zeros(width), np.ones(width), np.eye(width)[0], np.zeros(1))


def no_topics() -> Topics:
    """Return topics for which no question asks about anything."""
    return Topics(np.zeros((len(CATEGORY_IDS), DIMENSIONS), np.float32), np.full(len(CATEGORY_IDS), -1000, np.float32))


def tiny_weigher(threshold: float = 0.5) -> Weigher:
    """Return a weigher that believes the reranker."""
    return Weigher(
        rank=first_feature(RANK_FEATURES),
        answered=first_feature(ANSWERED_FEATURES),
        negation=first_feature(len(NAMES)),
        polarity=first_feature(YES_FEATURES),
        topics=no_topics(),
        threshold=threshold,
    )


TERMS = ("sell", "police", "keep", "cookies")
TERM_LABELS = ("sharing", "sharing", "retention", "collection")


def term_weights() -> NDArray[np.float64]:
    """Return eight for each of the four words' own label, shape (words, labels)."""
    return 8 * np.array([[label == own for label in CATEGORY_IDS] for own in TERM_LABELS], np.float64)


@dataclass(frozen=True)
class WordScorer:
    """A label's logit is the sum of its weights for the words that a text has, less three; of "other" less two."""

    weights: NDArray[np.float64] = field(default_factory=term_weights)
    asked: list[int] = field(default_factory=list)

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels) and note how many texts came."""
        self.asked.append(len(texts))
        known = np.array([[term in word_set(text) for term in TERMS] for text in texts], np.float64)
        return known.reshape(-1, len(TERMS)) @ self.weights - np.array([2 if i == "other" else 3 for i in CATEGORY_IDS])


def tiny_classifier(scorer: WordScorer | None = None) -> ClauseClassifier:
    """Return a classifier that knows four words; everything else is a little likelier "other" than anything else."""
    return ClauseClassifier(
        scorer=scorer or WordScorer(),
        labels=list(CATEGORY_IDS),
        calibration=np.tile(np.array([1, 0], np.float32), (len(CATEGORY_IDS), 1)),
        thresholds=np.full(len(CATEGORY_IDS), 0.5, np.float32),
        fingerprint="fake:four words",
    )


def tiny_engine(threshold: float = 0.5) -> Smallprint:
    """Return an engine of fakes."""
    return Smallprint(tiny_classifier(), Answerer(WordEncoder(), OverlapReranker(), tiny_weigher(threshold)))  # type: ignore[arg-type]


class TinyBody(nn.Module):
    """A word's vector is that of its length; like BERT, it answers with `last_hidden_state`."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(32, 3)
        self.layer = nn.Linear(3, 3)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        """Return the vectors of tokens, shape (pairs, tokens, 3)."""
        return SimpleNamespace(last_hidden_state=self.layer(self.embeddings(input_ids)))


def make_statement(*blocks: tuple[BlockKind, str], id: str = "acme.example", **changes: object) -> Statement:
    """Return a statement of blocks, one a line; a heading opens a section, an item belongs to the last paragraph."""
    text, made, sections = "", list[Block](), list[Section]()
    lead_in = None
    for kind, content in blocks:
        start = len(text)
        if kind == "heading":
            sections.append(Section(content, None, 1, None, start))
        if kind == "paragraph":
            lead_in = len(made)
        section = len(sections) - 1 if sections else None
        lead = lead_in if kind == "item" else None
        made.append(Block(kind, start, start + len(content), section=section, lead_in=lead, run_in=start))
        text += content + "\n"
    return Statement(id, "Acme Privacy", text, tuple(made), tuple(sections), **changes)  # type: ignore[arg-type]


def acme(**changes: object) -> Statement:
    """Return a statement of four clauses under two headings."""
    return make_statement(
        ("heading", "Sharing"),
        ("paragraph", f"{SELL} {POLICE}"),
        ("heading", "Logs"),
        ("paragraph", f"{KEEP} {COOKIES}"),
        **changes,
    )


def clause(text: str, id: str = "c1", **changes: object) -> Clause:
    """Return a clause that stands alone."""
    return Clause(id, 0, len(text), text, "sentence", **changes)  # type: ignore[arg-type]


def candidate(
    text: str, cosine: float = 0.5, lexical: float = 1.0, id: str = "c1", category: float = 0.0, position: int = 0
) -> Candidate:
    """Return a candidate as retrieval gives it."""
    return Candidate(clause(text, id), cosine, lexical, category, cosine + lexical + category, position)


def evidence(text: str, relevance: float = 0.0, polarity: float = 0.0, score: float = 0.5) -> Evidence:
    """Return a weighed candidate."""
    return Evidence(clause(text), candidate(text), relevance, polarity, score)


def indexed(statement: Statement, encoder: WordEncoder | None = None) -> IndexedStatement:
    """Return a statement ready to be asked, without categories."""
    encoder = encoder or WordEncoder()
    clauses = segment(statement)
    vectors = encoder.encode([c.context for c in clauses])
    return IndexedStatement.of(statement, clauses, vectors, encoder=encoder.fingerprint)
