"""One question across an archive: the answer of each version that says something else, and when it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from corpus.archives.selection import choose_documents
from nlp.engine import Smallprint
from nlp.errors import RunError
from nlp.quantity import find_amount
from nlp.reply import capitalised, verdict_words
from nlp.report.tables import csv_text
from nlp.spans import in_days
from nlp.store import Store, StoredVersion
from nlp.types import Answer

Report = Callable[[int, int], None]


COLUMNS: Final = (
    *("service", "document", "number", "from", "until", "versions"),
    *("differs", "verdict", "amount", "confidence", "quote", "reference"),
)


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """The answer of a version, and of those after it that say the same; `last` is the last of the `versions` of them.

    Where an earlier version said the same, `answer` is that version's, and names it: its offsets are into that one.
    `differs` says in what the answer differs from the one before of the same document: "verdict"; "answer" (another
    amount, other words where no amount answers a question that wants no yes or no, or a yes or a no that something
    limits now or no more); "quote" (the passage that it rests on has other words, and answers the same); or None.
    """

    version: StoredVersion
    last: StoredVersion
    answer: Answer
    versions: int = 1
    differs: str | None = None

    @property
    def quote(self) -> str | None:
        """The passage that the answer rests on; None where the statement does not answer."""
        return self.answer.citations[0].quote if self.answer.answered and self.answer.citations else None

    @property
    def amount(self) -> str | None:
        """The time, age, price or address that the answer starts with; None where it starts with none."""
        if self.answer.verdict != "stated" or not self.quote:
            return None
        found = find_amount(self.answer.question, " ".join(self.quote.split()))
        return found if found and self.answer.answer.startswith(capitalised(found)) else None

    @property
    def first_words(self) -> str | None:
        """What a reader must know first: yes or no with what limits it, or the amount; None where it is neither."""
        if self.answer.verdict in ("yes", "no"):
            return verdict_words(self.answer.verdict, limited=bool(self.answer.conditions))
        return self.amount

    @property
    def turned_to(self) -> str | None:
        """What the answer changed to, in the middle of a sentence; None where its verdict alone says it."""
        if self.answer.verdict in ("yes", "no") and self.first_words:
            return self.first_words.lower()
        return self.amount or ("other words" if self.differs == "answer" else None)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the command line prints it."""
        return {
            "service": self.version.service,
            "document": self.version.document,
            "number": self.version.number,
            "from": self.version.date,
            "until": self.last.date,
            "versions": self.versions,
            "differs": self.differs,
            "verdict": self.answer.verdict,
            "amount": self.amount,
            "quote": self.quote,
            "confidence": round(self.answer.confidence, 4),
            "reference": self.version.reference,
            "answer": self.answer.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class ArchiveAnswers:
    """The answers to a question: of all versions of one document in order, or of one version of each document.

    `left_out` are documents without a version that could be asked, as (service, document).
    """

    question: str
    answers: tuple[VersionAnswer, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> tuple[VersionAnswer, ...]:
        """The answers that answer something else than the one before, be it only in another amount."""
        return tuple(answer for answer in self.answers if answer.differs in ("verdict", "answer"))

    def merged(self) -> tuple[VersionAnswer, ...]:
        """Return the answers, those that differ from the one before in nothing that is told put together with it."""
        found: list[VersionAnswer] = []
        for answer in self.answers:
            same = found and answer.differs is None and found[-1].version.service == answer.version.service
            if same and found[-1].version.document == answer.version.document:
                found[-1] = replace(found[-1], last=answer.last, versions=found[-1].versions + answer.versions)
            else:
                found.append(answer)
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """Return the answers as the command line prints them."""
        return {
            "question": self.question,
            "changed": [{"on": a.version.date, "verdict": a.answer.verdict, "amount": a.amount} for a in self.changes],
            "answers": [answer.as_dict() for answer in self.answers],
            "left_out": [{"service": service, "document": document} for service, document in self.left_out],
        }


def answers_csv(found: ArchiveAnswers) -> str:
    """Return the answers as CSV, a row for each that was asked, with the columns `COLUMNS`."""
    return csv_text([{name: answer.as_dict()[name] for name in COLUMNS} for answer in found.answers], COLUMNS)


def ask_archive(
    store: Store,
    engine: Smallprint,
    service: str | None,
    question: str,
    *,
    document: str | None = None,
    at: date | None = None,
    report: Report | None = None,
) -> ArchiveAnswers:
    """Ask a question of every version of a service's document, or of every service where `service` is None.

    Of a service, versions that say the same are asked once. Of all services, the newest version is asked, or the one
    that stood on the day `at`. Flagged versions are left out. Nothing is tagged or embedded again but the question.
    `report` is told how many of how many are done.

    Raises `QuestionError` for a question that cannot be asked, `DocumentError` for an unknown service or document, and
    `RunError` where the vectors of the store come from another encoder than the engine's.
    """
    _check_encoder(store, engine)
    ask = _Asker(store, engine, question)
    if service is None:
        return _ask_services(ask, document, at, report)
    versions = [v for v in store.versions(service, document) if v.usable and (at is None or v.observed_at.date() <= at)]
    if at is not None:
        versions = versions[-1:]
    runs = list(_runs(versions))
    answers: list[VersionAnswer] = []
    for done, (first, last, count) in enumerate(runs, 1):
        found = VersionAnswer(first, last, ask.of(first), count)
        answers.append(replace(found, differs=_differs(answers[-1], found)) if answers else found)
        if report:
            report(done, len(runs))
    named = store.versions(service, document)[0]
    return ArchiveAnswers(question, tuple(answers), () if answers else ((named.service, named.document),))


def _ask_services(ask: _Asker, document: str | None, at: date | None, report: Report | None) -> ArchiveAnswers:
    answers: list[VersionAnswer] = []
    left_out: list[tuple[str, str]] = []
    known = {name for _, name in ask.store.sequences}
    wanted = choose_documents(None if document is None else [document], known)
    chosen = [(named, versions) for named, versions in sorted(ask.store.sequences.items()) if named[1] in wanted]
    for done, (named, versions) in enumerate(chosen, 1):
        version = newest(versions, at)
        if version is None:
            left_out.append(named)
        else:
            answers.append(VersionAnswer(version, version, ask.of(version)))
        if report:
            report(done, len(chosen))
    return ArchiveAnswers(ask.question, tuple(answers), tuple(left_out))


def newest(versions: Sequence[StoredVersion], at: date | None = None) -> StoredVersion | None:
    """Return the last version that is not flagged, of those up to the day `at`; None where there is none."""
    usable = [v for v in versions if v.usable and (at is None or v.observed_at.date() <= at)]
    return usable[-1] if usable else None


@dataclass(frozen=True)
class _Asker:
    """Asks one question, each text that says something else once."""

    store: Store
    engine: Smallprint
    question: str
    made: dict[str, Answer] = field(default_factory=dict)

    def of(self, version: StoredVersion) -> Answer:
        """Return the answer of a version, or of one that says the same; raises `QuestionError`."""
        key = version.normal_id
        if key not in self.made:
            self.made[key] = self.engine.answer(self.store.indexed(version), self.question)
        return self.made[key]


def _runs(versions: Sequence[StoredVersion]) -> Iterator[tuple[StoredVersion, StoredVersion, int]]:
    """Yield the first and the last version of each run that says the same, and how many there are."""
    start = 0
    for i in range(1, len(versions) + 1):
        if i == len(versions) or versions[i].normal_id != versions[start].normal_id:
            yield versions[start], versions[i - 1], i - start
            start = i


def _differs(before: VersionAnswer, after: VersionAnswer) -> str | None:
    if before.answer.verdict != after.answer.verdict:
        return "verdict"
    quoted = "quote" if (before.quote or "").split() != (after.quote or "").split() else None
    one, other = before.first_words, after.first_words
    if one and other:
        return quoted if in_days(one.casefold()) == in_days(other.casefold()) else "answer"
    # Where no amount answers "how do you use it?", the words do.
    return "answer" if quoted and after.answer.verdict == "stated" else quoted


def _check_encoder(store: Store, engine: Smallprint) -> None:
    made, given = store.config.encoder, engine.answerer.encoder.fingerprint
    if made != given:
        raise RunError(
            f"{str(store.folder)!r} was made with the encoder {made}, and questions are read with {given}; import the "
            "archive into a new folder"
        )
