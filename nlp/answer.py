"""Answer a question from a statement, in the statement's own words, or say that it does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.language import language_of
from nlp.encoder import Encoder
from nlp.evidence import YES_THRESHOLD, Evidence, Weigher
from nlp.polarity import EXCEPTION
from nlp.question import QuestionError, checked, in_context, is_polar
from nlp.reranker import Reranker
from nlp.retrieve import IndexedStatement
from nlp.types import Answer, Citation, StatementRef, Verdict

CANDIDATES = 10
CITATIONS = 5
_CONDITION_SCORE = 0.5
_QUOTE_CHARACTERS = 280
_LANGUAGE_CHARACTERS = 40


@dataclass(frozen=True)
class Answerer:
    """Finds evidence in an indexed statement and decides what it amounts to."""

    encoder: Encoder
    reranker: Reranker
    weigher: Weigher

    def answer(self, indexed: IndexedStatement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer a question; `earlier` are the questions before it in the same conversation, oldest first.

        Raises `QuestionError`, a `ValueError`, where the question is empty or too long.
        """
        question = checked(question)
        read = in_context(question, earlier)
        evidence = self.evidence(indexed, read)
        confidence = self.weigher.probability_answered(read, evidence)
        verdict = self._verdict(read, evidence, confidence)
        answer = Answer(
            question=question,
            statement=StatementRef.of(indexed.statement),
            verdict=verdict,
            answer=sentence(verdict, evidence),
            confidence=confidence,
            citations=tuple(Citation.of(e.clause, e.score) for e in evidence[:CITATIONS]),
            notice=_notice(question),
        )
        return replace(answer, conditions=_conditions(evidence)) if answer.answered else answer

    def evidence(self, indexed: IndexedStatement, question: str) -> list[Evidence]:
        """Return the candidates for a question, weighed, best first."""
        if not indexed.clauses:
            return []
        vector = self.encoder.encode([question])[0]
        return self.weigher.weigh(self.reranker, question, indexed.candidates(question, vector, CANDIDATES))

    def _verdict(self, question: str, evidence: Sequence[Evidence], confidence: float) -> Verdict:
        if not evidence or confidence < self.weigher.threshold:
            return "not_stated"
        if not is_polar(question):
            return "stated"
        return "yes" if self.weigher.probability_yes(question, evidence[0]) >= YES_THRESHOLD else "no"


def sentence(verdict: Verdict, evidence: Sequence[Evidence]) -> str:
    """Return the sentence that a reader wants first; all that it claims is quoted."""
    if verdict == "not_stated":
        nearest = "; the nearest passages do not answer it" if evidence else ""
        return f"The statement does not say{nearest}."
    lead = {"yes": "Yes. The statement says", "no": "No. The statement says", "stated": "The statement says"}[verdict]
    return f"{lead}: “{_shortened(evidence[0].clause.text)}”"


def declined(indexed: IndexedStatement, question: str, error: QuestionError) -> Answer:
    """Return the answer to a question that cannot be asked, for a list of questions that must go on."""
    reason = str(error)[:1].upper() + str(error)[1:]
    return Answer(question, StatementRef.of(indexed.statement), "not_stated", reason, 0.0, notice=reason)


def _conditions(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return the evidence that limits the answer: what is cited with an exception in it."""
    limits = [e for e in evidence[:CITATIONS] if EXCEPTION.search(e.clause.text)]
    kept = [e for e in limits if e is evidence[0] or e.score >= _CONDITION_SCORE]
    return tuple(Citation.of(e.clause, e.score) for e in kept)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _QUOTE_CHARACTERS:
        return text
    return text[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _notice(question: str) -> str | None:
    if len(question) < _LANGUAGE_CHARACTERS or language_of(question) == "en":
        return None
    return "This question does not seem to be in English; answers are made for questions in English."
