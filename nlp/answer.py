"""Answer a question from a statement, in the statement's own words, or say that it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.language import language_of
from nlp.distinction import direct_first, is_of_another
from nlp.encoder import Encoder
from nlp.evidence import YES_THRESHOLD, Evidence, Weigher
from nlp.lists import answering_items, asks_for_several, introduction
from nlp.literal import literally
from nlp.polarity import CONTINUATION, EXCEPTION
from nlp.proviso import settled
from nlp.question import QuestionError, Reading, checked, in_context
from nlp.reply import capitalised, reply
from nlp.reranker import Reranker
from nlp.retrieve import IndexedStatement
from nlp.types import Answer, Citation, Clause, StatementRef, Verdict

CANDIDATES = 24
CITATIONS = 5
# From here a clause likely answers as well, so that what it says for or against counts.
_ALSO = 0.5
# How sure of yes and of no two clauses must be before the statement is said to contradict itself.
_CONTRADICTS = 0.85
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
        ranked = self.evidence(indexed, read.text)
        # Of the ranks that it was fitted on, whichever of them is told first.
        confidence = self.weigher.probability_answered(read.text, ranked)
        evidence = direct_first(read.text, ranked, _ALSO)
        verdict = self._verdict(read, evidence, confidence)
        grounds = self._grounds(indexed, read, evidence, verdict)
        best = evidence[0].clause if evidence else None
        return Answer(
            question=question,
            statement=StatementRef.of(indexed.statement),
            verdict=verdict,
            answer=reply(
                verdict,
                read.text,
                best,
                items=grounds.items,
                limits=grounds.limits,
                against=grounds.against,
                asked_as=read.text if read.positive else None,
            ),
            confidence=confidence,
            citations=tuple(grounds.citation(clause) for clause in grounds.cited),
            conditions=tuple(grounds.citation(clause) for clause in grounds.limits),
            notice=_notice(question),
        )

    def evidence(self, indexed: IndexedStatement, question: str) -> list[Evidence]:
        """Return the candidates for a question, weighed, best first."""
        if not indexed.clauses:
            return []
        vector = self.encoder.encode([question])[0]
        asked = self.weigher.topics.probabilities(vector)
        return self.weigher.weigh(self.reranker, question, indexed.candidates(question, vector, asked, CANDIDATES))

    def _verdict(self, read: Reading, evidence: Sequence[Evidence], confidence: float) -> Verdict:
        if not evidence or confidence < self.weigher.threshold:
            return "not_stated"
        if not read.polar:
            return "stated"
        clause = evidence[0].clause
        says_yes = self._yes(read.text, evidence[0]) >= YES_THRESHOLD
        if is_of_another(read.text, clause, says_yes=says_yes):
            return "stated"
        return settled(read.text, clause.context, "yes" if says_yes else "no")

    def _yes(self, question: str, evidence: Evidence) -> float:
        """Return how likely a piece of evidence says yes: surely one of both where it has the verb of the question."""
        said = literally(question, evidence.clause)
        return self.weigher.probability_yes(question, evidence) if said is None else float(said)

    def _grounds(
        self, indexed: IndexedStatement, read: Reading, evidence: Sequence[Evidence], verdict: Verdict
    ) -> Grounds:
        """Return the clauses that an answer rests on: its list, what limits it and what speaks against it."""
        clauses, scores = indexed.clauses, {e.clause.id: e.score for e in evidence}
        nearest = [e.clause for e in evidence[:CITATIONS]]
        if verdict == "not_stated":
            return Grounds(nearest, scores)
        best = evidence[0].candidate.position
        against = self._against(read.text, evidence) if verdict in ("yes", "no") else None
        limits = [clause for clause in _limits(clauses, evidence) if clause is not against]
        items: list[Clause] = []
        if not read.polar and asks_for_several(read.text):
            by_position = {e.candidate.position: e.score for e in evidence}
            items = [clauses[i] for i in answering_items(clauses, best, by_position)]
        opposed = [against] if against else []
        shown = [nearest[0], *opposed, *items[:1], *limits]
        introduced = [introduction(clauses, clauses.index(clause)) for clause in shown]
        cited = [nearest[0], *opposed, *nearest, *items, *limits, *(c for c in introduced if c)]
        return Grounds(list({clause.id: clause for clause in cited}.values()), scores, items, limits, against)

    def _against(self, question: str, evidence: Sequence[Evidence]) -> Clause | None:
        """Return a clause that likely answers too, and surely says the opposite of what the best one surely says."""
        yes = self._yes(question, evidence[0])
        for e in evidence[1:CITATIONS]:
            other = self._yes(question, e)
            if is_of_another(question, e.clause, says_yes=other > 0.5):
                continue
            apart = min(max(yes, 1 - yes), max(other, 1 - other)) >= _CONTRADICTS and (yes > 0.5) != (other > 0.5)
            # What one says with an exception, or takes back in part, is no contradiction.
            if apart and e.score >= _ALSO and not any(_qualifies(one.clause) for one in (evidence[0], e)):
                return e.clause
        return None


@dataclass(frozen=True)
class Grounds:
    """The clauses that an answer cites, with their scores by id, and the parts that some of them play.

    The best clause is the first of those cited; behind the nearest ones stand further items of a list and limits.
    """

    cited: Sequence[Clause]
    scores: Mapping[str, float]
    items: Sequence[Clause] = ()
    limits: Sequence[Clause] = ()
    against: Clause | None = None

    def citation(self, clause: Clause) -> Citation:
        """Return the citation of a clause."""
        return Citation.of(clause, self.scores.get(clause.id, 0.0))


def declined(indexed: IndexedStatement, question: str, error: QuestionError) -> Answer:
    """Return the answer to a question that cannot be asked, for a list of questions that must go on."""
    reason = capitalised(str(error))
    return Answer(question, StatementRef.of(indexed.statement), "not_stated", reason, 0.0, notice=reason)


def _limits(clauses: Sequence[Clause], evidence: Sequence[Evidence]) -> list[Clause]:
    """Return what limits an answer: likely clauses with an exception in them, and a "However" right after the best."""
    best = evidence[0]
    likely = [e for e in evidence[:CITATIONS] if e is best or e.score >= _ALSO]
    limits = [e.clause for e in likely if EXCEPTION.search(e.clause.text)]
    following = clauses[best.candidate.position + 1 : best.candidate.position + 2]
    limits += [c for c in following if c.block == best.clause.block and CONTINUATION.match(c.text)]
    return list({clause.id: clause for clause in limits}.values())


def _qualifies(clause: Clause) -> bool:
    return bool(EXCEPTION.search(clause.text) or CONTINUATION.match(clause.text))


def _notice(question: str) -> str | None:
    if len(question) < _LANGUAGE_CHARACTERS or language_of(question) == "en":
        return None
    return "This question does not seem to be in English; answers are made for questions in English."
