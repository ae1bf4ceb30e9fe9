"""Tests of nlp.types: what clauses, citations and answers are as JSON, and how a clause reads in its context."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from nlp_fakes import acme, clause

from corpus.types import ArchiveRecord
from nlp.types import Answer, Citation, Clause, StatementRef, Verdict

FULL = Clause(
    id="c7",
    start=3,
    end=9,
    text="names;",
    kind="item",
    heading=("8. Data", "Cookies"),
    lead_in="We sell:",
    columns=(),
    block=2,
    categories=("sharing",),
    probabilities={"sharing": 0.97777, "other": 0.0},
)
CITATION = Citation("c7", "names;", 3, 9, ("8. Data", "Cookies"), 0.123456)
REF = StatementRef("acme", "Acme", "2016-05-31", None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "names"),
        ({"heading": ("Top", "Sharing")}, "Sharing: names"),
        ({"lead_in": "We sell: "}, "We sell: names"),
        ({"columns": ("What", "", "Why")}, "What, Why: names"),
        ({"columns": ("", "")}, "names"),
        ({"heading": ("Sharing",), "lead_in": "We sell:", "columns": ("What",)}, "Sharing: We sell: What: names"),
    ],
)
def test_a_clause_reads_in_its_context(changes: dict[str, object], expected: str) -> None:
    assert clause("names", **changes).context == expected


def test_a_clause_as_json() -> None:
    assert FULL.as_dict() == {
        "id": "c7",
        "start": 3,
        "end": 9,
        "text": "names;",
        "kind": "item",
        "heading": ["8. Data", "Cookies"],
        "lead_in": "We sell:",
        "categories": ["sharing"],
        "probabilities": {"sharing": 0.9778, "other": 0.0},
    }
    assert clause("a").as_dict()["lead_in"] is None
    assert json.loads(json.dumps(FULL.as_dict())) == FULL.as_dict()


def test_a_citation_quotes_a_whole_clause() -> None:
    assert Citation.of(FULL, 0.123456) == CITATION
    assert CITATION.as_dict() == {
        "clause_id": "c7",
        "quote": "names;",
        "start": 3,
        "end": 9,
        "heading": ["8. Data", "Cookies"],
        "score": 0.1235,
    }


def test_a_reference_names_the_version() -> None:
    archived = acme(archive=ArchiveRecord("acme.example", date(2016, 5, 31)), effective_on="2015")
    assert StatementRef.of(archived) == StatementRef("acme.example", "Acme Privacy", "2016-05-31", "2015")
    assert StatementRef.of(acme()).archived_on is None
    assert REF.as_dict() == {"id": "acme", "title": "Acme", "archived_on": "2016-05-31", "effective_on": None}


def test_an_answer_as_json() -> None:
    answer = Answer("sell?", REF, "yes", "Yes.", 0.87654321, (CITATION,), (CITATION,), id="q1", notice="Note.")
    assert answer.as_dict() == {
        "id": "q1",
        "question": "sell?",
        "statement": REF.as_dict(),
        "verdict": "yes",
        "answer": "Yes.",
        "confidence": 0.8765,
        "conditions": [CITATION.as_dict()],
        "citations": [CITATION.as_dict()],
        "notice": "Note.",
    }
    assert Answer("sell?", REF, "no", "No.", 0.5).as_dict()["id"] is None


def test_only_not_stated_is_no_answer() -> None:
    verdicts: tuple[Verdict, ...] = ("yes", "no", "stated", "not_stated")
    assert [Answer("q", REF, verdict, "", 0.5).answered for verdict in verdicts] == [True, True, True, False]


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (1, "sure"),
        (0.75, "sure"),
        (0.7499, "fairly sure"),
        (0.6, "fairly sure"),
        (0.5, "probably right"),
        (0.3999, "not sure"),
        (0, "not sure"),
    ],
)
def test_confidence_in_words(confidence: float, expected: str) -> None:
    assert Answer("q", REF, "yes", "", confidence).confidence_words == expected


def test_what_travels_cannot_be_changed() -> None:
    for thing, name in ((FULL, "id"), (CITATION, "score"), (REF, "title")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, "other")
