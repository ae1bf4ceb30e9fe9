"""The assembled engine: statements in, tagged clauses and answers out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.types import Statement
from nlp.answer import Answerer, declined
from nlp.classifier import ClauseClassifier, Mode
from nlp.encoder import SentenceEncoder
from nlp.evidence import Weigher
from nlp.index import ClauseIndex
from nlp.lexical import LexicalIndex
from nlp.question import QuestionError
from nlp.reranker import FOLDER as RERANKER
from nlp.reranker import Reranker
from nlp.retrieve import IndexedStatement
from nlp.segment import segment
from nlp.tag import tag
from nlp.types import Answer, Clause

_KEPT = 32


@dataclass(frozen=True)
class Smallprint:
    """Reads statements and answers questions about them; safe to share between threads.

    The statements read last are kept with their vectors, so that only the first question of each has to wait.
    """

    classifier: ClauseClassifier
    answerer: Answerer
    _kept: OrderedDict[str, IndexedStatement] = field(default_factory=OrderedDict)
    # One at a time: the tokenizers of the models are not safe to share, and the models use all cores anyway.
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def load(cls, *, mode: Mode = "accurate") -> Smallprint:
        """Load the models from `models/` and the installed encoder; no network. `mode` is that of the classifier.

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

        Raises `QuestionError`, a `ValueError`, where the question is empty or too long.
        """
        with self._lock:
            return self.answerer.answer(self.read(statement), question, earlier=earlier)

    def ask_all(self, statement: Statement, questions: Iterable[tuple[str | None, str]]) -> Iterator[Answer]:
        """Answer (id, question) pairs in their order; one that cannot be asked is declined with the reason."""
        indexed = self.read(statement)
        for id, question in questions:
            try:
                answer = self.ask(statement, question)
            except QuestionError as e:
                answer = declined(indexed, question, e)
            yield replace(answer, id=id)

    def read(self, statement: Statement) -> IndexedStatement:
        """Segment, embed, tag and index a statement, or return it from those read before."""
        with self._lock:
            key = statement.fingerprint
            if key not in self._kept:
                self._kept[key] = self.index(statement)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            # Two archived copies may have the same text; the answer names the one that was asked.
            return replace(self._kept[key], statement=statement)

    def index(self, statement: Statement) -> IndexedStatement:
        """Segment, embed, tag and index a statement anew."""
        clauses = segment(statement)
        texts = [clause.context for clause in clauses]
        encoder = self.answerer.encoder
        vectors = encoder.encode(texts)
        index = ClauseIndex.from_vectors(vectors, statement=statement.fingerprint, encoder=encoder.fingerprint)
        return IndexedStatement(statement, tuple(tag(clauses, self.classifier)), index, LexicalIndex.from_texts(texts))
