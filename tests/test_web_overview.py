"""A statement at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

import pytest
from web_fakes import FakeEngine, Page, answer_of, clause_of, loaded, make_statement

from corpus.types import DocumentError, Statement
from nlp.recent import FORGET_AFTER_S
from nlp.types import Answer, Verdict
from nlp.web.desk import Desk, Engine
from nlp.web.overview import TOPICS, Overviews, overview_html
from nlp.web.session import Reading, ReadingCache

STATEMENT = make_statement(
    ("paragraph", "We sell nothing."),
    ("paragraph", "Write to privacy@acme.example."),
    ("paragraph", "We say nothing of the rest."),
    effective_on="2016-02-01",
)
CLAUSE = clause_of(STATEMENT, "We sell nothing.", "sharing", id="c1")
CONTACT = clause_of(STATEMENT, "Write to privacy@acme.example.", "contact", id="c2", block=1)
READING = Reading("0" * 64, STATEMENT, (CLAUSE, CONTACT))


def shown(reading: Reading = READING, verdict: Verdict = "yes", answer: Answer | None = None) -> dict[str, str]:
    """Return the overview as a table of labels and texts."""
    given = answer or answer_of(reading.statement, verdict, *reading.clauses[:1])
    page = Page(overview_html(reading, [given] * len(TOPICS)))
    return {
        label.text: " ".join(text.text.split())
        for label, text in zip(page.of_tag("dt"), page.of_tag("dd"), strict=True)
    }


def test_each_topic_has_its_answer_with_the_words_of_the_statement() -> None:
    assert shown() == {
        **{topic.label: "✓ Yes “We sell nothing.”" for topic in TOPICS},
        "In effect since": "1 February 2016",
        "Whom to ask": "“Write to privacy@acme.example.”",
    }


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("no", "✕ No “We sell nothing.”"),
        ("stated", "❝ “We sell nothing.”"),
        ("not_stated", "? It does not say Nearest passage"),
    ],
)
def test_the_verdict_comes_first(verdict: Verdict, text: str) -> None:
    assert shown(verdict=verdict)["Is it sold"] == text


@pytest.mark.parametrize(
    ("confidence", "text"), [(0.6, "✓ Yes “We sell"), (0.59, "? Perhaps “We sell"), (0.4, "? Perhaps")]
)
def test_a_yes_that_is_not_sure_is_none(confidence: float, text: str) -> None:
    answer = replace(answer_of(STATEMENT, "yes", CLAUSE), confidence=confidence)
    assert shown(answer=answer)["Is it sold"].startswith(text)


def test_what_limits_an_answer_is_pointed_to() -> None:
    limited = answer_of(STATEMENT, "yes", CLAUSE)
    limited = replace(limited, conditions=answer_of(STATEMENT, "yes", CONTACT).citations)
    page = Page(overview_html(READING, [limited] * len(TOPICS)))
    assert {link.attributes["href"] for link in page.of_tag("a") if link.text == "But see"} == {"#c-c2"}
    assert {strong.text for strong in page.of_tag("strong")} == {"Yes, with a condition"}


def test_what_the_statement_lacks_is_said() -> None:
    bare = replace(READING, statement=replace(STATEMENT, effective_on=None), clauses=(CLAUSE,))
    table = shown(bare, answer=answer_of(STATEMENT, "not_stated"))
    assert table["In effect since"] == "The text names no date"
    assert table["Whom to ask"] == "No passage was found about that"
    assert table["Children"] == "? It does not say"


def test_every_passage_is_a_link_to_its_clause() -> None:
    page = Page(overview_html(READING, [answer_of(STATEMENT, "no", CLAUSE)] * len(TOPICS)))
    assert [link.attributes["href"] for link in page.of_class("sp-cite")] == ["#c-c1"] * len(TOPICS) + ["#c-c2"]


def test_a_hostile_statement_is_only_text_and_is_cut() -> None:
    bad = '<script>x()</script>"><img src=x onerror=x()> ' * 10
    statement = make_statement(("paragraph", bad))
    clause = clause_of(statement, bad, "contact", id='1" onclick="x')
    source = overview_html(Reading("0" * 64, statement, (clause,)), [answer_of(statement, "no", clause)] * len(TOPICS))
    page = Page(source)
    assert len(source.splitlines()) == 1
    assert {e.tag for e in page.elements} & {"script", "img"} == set()
    assert [a for e in page.elements for a in e.attributes if a.startswith("on")] == []
    assert {len(link.text) <= 114 for link in page.of_class("sp-quoted")} == {True}


class Counting(FakeEngine):
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer and note the question."""
        self.asked.append(question)
        return super().ask(statement, question)


def test_a_statement_is_asked_once_and_kept() -> None:
    engine = Counting()
    overviews = Overviews(Desk(loaded(engine)))
    key = overviews.desk.open_text("# Acme\n\nWe sell nothing.\n").key
    first = overviews.html(key)
    assert first == overviews.html(key)
    assert f"for-{key[:16]}" in first
    assert engine.asked == [topic.question for topic in TOPICS]


def test_nothing_is_drawn_from_a_statement_in_another_language() -> None:
    engine = Counting()
    overviews = Overviews(Desk(loaded(engine)))
    text = "Wir verkaufen Ihre Daten nicht und geben sie nicht an Dritte weiter. " * 5
    key = overviews.desk.open_text(f"# Datenschutz\n\n{text}\n").key
    assert "is not in English, so nothing is drawn from it here" in overviews.html(key)
    assert Page(overviews.html(key)).of_tag("dt") == []
    assert engine.asked == []


def test_it_is_kept_as_long_as_a_statement_and_no_longer() -> None:
    made = Overviews(Desk(loaded()))._made
    assert made.seconds == ReadingCache()._readings.seconds == FORGET_AFTER_S


def test_there_is_no_overview_before_the_models() -> None:
    engine: Future[Engine] = Future()
    overviews = Overviews(Desk(engine))
    assert overviews.html("") == ""
    engine.set_result(FakeEngine())
    assert "sp-glance-source" in overviews.html("")


def test_a_statement_that_is_gone_has_none() -> None:
    with pytest.raises(DocumentError, match="no longer in memory"):
        Overviews(Desk(loaded())).html("1" * 64)
