"""The assembled engine: statements in, tagged clauses and answers out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.types import Statement
from nlp.answer import Answerer, declined
from nlp.changes import Comparison
from nlp.classifier import ClauseClassifier, Mode
from nlp.compare import compare
from nlp.encoder import SentenceEncoder
from nlp.evidence import Weigher
from nlp.question import QuestionError
from nlp.recent import Recent
from nlp.reranker import FOLDER as RERANKER
from nlp.reranker import Reranker
from nlp.retrieve import IndexedStatement
from nlp.segment import segment
from nlp.tag import tag
from nlp.turns import Turns
from nlp.types import Answer, Clause

_KEPT = 32
# Clauses that are read in one turn, about half a second: most statements take two to five, and a very long one lets the
# questions of others in between.
_TURN = 64


@dataclass(frozen=True)
class Smallprint:
    """Reads statements and answers questions about them; safe to share between threads.

    The statements read last are kept with their vectors, so that only the first question of each has to wait; one that
    is not used for two hours is forgotten.
    """

    classifier: ClauseClassifier
    answerer: Answerer
    # Futures, so that whoever wants a statement that another thread is reading waits for that one and no other.
    _kept: Recent[Future[IndexedStatement]] = field(default_factory=lambda: Recent(_KEPT))
    # One at a time: the tokenizers of the models are not safe to share, and the models use all cores anyway.
    _lock: Turns = field(default_factory=Turns)

    @classmethod
    def load(cls, *, mode: Mode = "accurate") -> Smallprint:
        """Load the models from `models/` and the installed encoder; no network.

        `mode` is that of the classifier. What answers questions was fitted with the accurate one: with the fast one the
        confidence is less well calibrated.

        Raises `EncoderError` or `ArtefactError`, both `RuntimeError`, where one is missing or damaged.
        """
        encoder = SentenceEncoder.load()
        answerer = Answerer(encoder, Reranker.load(), Weigher.load(reranker=RERANKER))
        return cls(ClauseClassifier.load(mode=mode), answerer)

    def clauses(self, statement: Statement) -> list[Clause]:
        """Return the clauses of a statement with their categories and probabilities, in reading order."""
        return list(self.read(statement).clauses)

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer a question about a statement; `earlier` are the questions before it in the conversation.

        A question that is empty or too long is declined, with the reason.
        """
        indexed = self.read(statement)
        try:
            return self.answer(indexed, question, earlier=earlier)
        except QuestionError as e:
            return declined(indexed, question, e)

    def answer(self, indexed: IndexedStatement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer a question about a statement that is indexed already; raises `QuestionError` for a bad question."""
        with self._lock:
            return self.answerer.answer(indexed, question, earlier=earlier)

    def ask_all(self, statement: Statement, questions: Iterable[tuple[str | None, str]]) -> Iterator[Answer]:
        """Answer (id, question) pairs in their order; one that cannot be asked is declined with the reason."""
        for id, question in questions:
            yield replace(self.ask(statement, question), id=id)

    def compare(self, old: Statement, new: Statement) -> Comparison:
        """Return what changed from one statement to another; it can be two versions of one or two companies'."""
        return compare(old, new, self.clauses(old), self.clauses(new))

    def read(self, statement: Statement) -> IndexedStatement:
        """Segment, embed, tag and index a statement, or return it from those read before."""
        key = statement.fingerprint
        mine: Future[IndexedStatement] = Future()
        kept = self._kept.setdefault(key, mine)
        if kept is mine:
            self._read(key, statement, mine)
        # Two archived copies may have the same text; the answer names the one that was asked.
        return replace(kept.result(), statement=statement)

    def index(self, statement: Statement) -> IndexedStatement:
        """Segment, embed, tag and index a statement anew."""
        clauses = segment(statement)
        encoder = self.answerer.encoder
        tagged = list(clauses)
        vectors = np.zeros((len(clauses), encoder.dimensions), np.float32)
        # By length, as a model would take them all at once: a batch is as long as its longest clause.
        order = sorted(range(len(clauses)), key=lambda i: len(clauses[i].context))
        for start in range(0, len(order), _TURN):
            turn = order[start : start + _TURN]
            part = [clauses[i] for i in turn]
            with self._lock:
                vectors[turn] = encoder.encode([clause.context for clause in part])
                for i, clause in zip(turn, tag(part, self.classifier), strict=True):
                    tagged[i] = clause
        with self._lock:
            return IndexedStatement.of(statement, tagged, vectors, encoder=encoder.fingerprint)

    def _read(self, key: str, statement: Statement, kept: Future[IndexedStatement]) -> None:
        try:
            kept.set_result(self.index(statement))
        except BaseException as e:
            # The next one who wants it tries again; those who wait are told.
            self._kept.drop(key, kept)
            kept.set_exception(e)
            raise
