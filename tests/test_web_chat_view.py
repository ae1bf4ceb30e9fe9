"""An answer shows its verdict in a word, its passages as links, and everything as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from web_fakes import Page, answer_of, clause_of, make_statement

from nlp.types import Citation, Verdict
from nlp.web.chat_view import (
    answer_html,
    confidence_odds,
    notice_html,
    opened_html,
    question_html,
    welcome_html,
)

STATEMENT = make_statement(
    ("heading", "Logs"), ("paragraph", "We log visits. We keep logs. Unless you object. See below. Ask us.")
)
CLAUSES = [
    clause_of(STATEMENT, text, "collection", id=f"c{i}", block=1)
    for i, text in enumerate(("We log visits.", "We keep logs.", "Unless you object.", "See below.", "Ask us."))
]


@pytest.mark.parametrize(
    ("verdict", "mark", "word", "label"),
    [
        ("yes", "✓", "Yes", "In the words of the statement:"),
        ("no", "✕", "No", "In the words of the statement:"),
        ("stated", "❝", "The statement says", "In the words of the statement:"),
        ("not_stated", "?", "The statement does not say", "The nearest passages; none of them seems to answer:"),
    ],
)
def test_the_verdict_comes_first_as_a_mark_and_a_word(verdict: Verdict, mark: str, word: str, label: str) -> None:
    page = Page(answer_html(answer_of(STATEMENT, verdict, CLAUSES[0]), CLAUSES))
    sure = "" if verdict == "not_stated" else " sure"
    assert page.elements[1].text == f"{mark} {word}{sure}"
    assert page.of_class("sp-sentence")[0].text == "The answer."
    assert [e.text for e in page.of_class("sp-label")] == [label]


def test_a_citation_is_the_quote_and_a_link_to_its_clause() -> None:
    page = Page(answer_html(answer_of(STATEMENT, "yes", CLAUSES[0]), CLAUSES))
    assert page.of_tag("q")[0].text == "We log visits."
    (link,) = page.of_tag("a")
    assert link.attributes == {"class": "sp-cite", "href": "#c-c0"}
    assert link.text == "Show in the statement: Logs"
    assert page.of_class("sp-cited")[0].classes == {"sp-cited", "cat-collection"}


def test_a_clause_before_the_first_heading_says_so() -> None:
    citation = replace(Citation.of(CLAUSES[0], 0.5), heading=())
    answer = replace(answer_of(STATEMENT, "yes"), citations=(citation,))
    assert Page(answer_html(answer, [])).of_tag("a")[0].text == "Show in the statement: before the first heading"


def test_conditions_stand_under_but_and_are_not_repeated() -> None:
    answer = answer_of(STATEMENT, "yes", CLAUSES[0], CLAUSES[2], CLAUSES[1])
    answer = replace(answer, conditions=(Citation.of(CLAUSES[2], 0.7),))
    page = Page(answer_html(answer, CLAUSES))
    assert [e.text for e in page.of_class("sp-label")] == ["In the words of the statement:", "But:", "See also:"]
    assert [e.text for e in page.of_tag("q")] == ["We log visits.", "Unless you object.", "We keep logs."]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("no", "No, with an exception"),
        ("yes", "Yes, with a condition"),
    ],
)
def test_what_limits_an_answer_is_in_its_first_words(verdict: Verdict, words: str) -> None:
    answer = answer_of(STATEMENT, verdict, CLAUSES[0])
    sentence = f"{words}. The statement says: “We log visits.”"
    limited = replace(answer, answer=sentence, conditions=answer.citations)
    page = Page(answer_html(limited, CLAUSES))
    assert page.of_tag("strong")[0].text == words
    # The verdict over it says as much as the sentence.
    assert page.of_class("sp-sentence") == []


def test_a_passage_that_answers_and_limits_is_shown_once() -> None:
    answer = answer_of(STATEMENT, "no", CLAUSES[0])
    page = Page(answer_html(replace(answer, conditions=answer.citations), CLAUSES))
    assert [e.text for e in page.of_class("sp-label")] == ["In the words of the statement, with their limits:"]
    assert [e.text for e in page.of_tag("q")] == ["We log visits."]


@pytest.mark.parametrize("verdict", ["stated", "not_stated"])
def test_more_than_three_passages_are_folded_away(verdict: Verdict) -> None:
    page = Page(answer_html(answer_of(STATEMENT, verdict, *CLAUSES), CLAUSES))
    assert page.of_tag("summary")[0].text == "2 more passages"
    assert page.of_tag("details")[0].text.count("Show in the statement") == 2
    assert len(page.of_tag("q")) == 5


def test_an_answer_without_passages_has_no_label() -> None:
    assert Page(answer_html(answer_of(STATEMENT, "not_stated"), [])).of_class("sp-label") == []


def test_a_notice_about_the_question_is_shown_before_the_verdict() -> None:
    page = Page(answer_html(replace(answer_of(STATEMENT, "yes"), notice="Shortened."), []))
    assert page.elements[1].text == "Shortened."


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "sure"), (0.75, "sure"), (0.74, "fairly sure"), (0.5, "probably right"), (0.49, "not sure")],
)
def test_confidence_is_put_in_words(confidence: float, words: str) -> None:
    answer = replace(answer_of(STATEMENT, "yes", CLAUSES[0]), confidence=confidence)
    assert Page(answer_html(answer, [])).of_class("sp-sure")[0].text == words


def test_confidence_never_promises_everything_or_nothing() -> None:
    assert confidence_odds(0.83) == "about 8 in 10 answers like this are right"
    assert confidence_odds(1.0) == "about 9 in 10 answers like this are right"
    assert confidence_odds(0.0) == "about 1 in 10 answers like this are right"


def test_a_declined_question_shows_no_confidence() -> None:
    answer = replace(answer_of(STATEMENT, "not_stated", CLAUSES[0]), confidence=0.05)
    assert Page(answer_html(answer, [])).of_class("sp-sure") == []


@pytest.mark.parametrize(
    ("verdict", "sentence", "shown"),
    [
        ("yes", "Yes. The statement says: “We log visits.”", False),
        ("yes", "Yes. The statement says: “We log …”", False),
        ("yes", "Yes. The statement says: “We sell visits.”", True),
        ("yes", "Yes, if you agree.", True),
        ("no", "No, to “Do you log?”. The statement says: “We log visits.”", True),
        ("not_stated", "The statement does not say; the nearest passages do not answer it.", False),
        ("not_stated", "It says when, but not how.", True),
    ],
)
def test_a_sentence_that_repeats_what_stands_beside_it_is_left_out(
    verdict: Verdict, sentence: str, shown: bool
) -> None:
    answer = replace(answer_of(STATEMENT, verdict, CLAUSES[0]), answer=sentence)
    page = Page(answer_html(answer, []))
    assert [e.text for e in page.of_class("sp-sentence")] == ([sentence] if shown else [])


def test_everything_is_text() -> None:
    bad = "<img src=x onerror=x()>\n\n![i](http://a.example/i.png)"
    citation = Citation("c1\"><a id='x'>", bad, 0, 1, (bad,), 0.5)
    answer = replace(answer_of(STATEMENT, "yes"), answer=bad, citations=(citation,), conditions=(citation,), notice=bad)
    for source in (
        answer_html(answer, []),
        question_html(bad),
        notice_html(bad),
        opened_html(replace(STATEMENT, title=bad, effective_on=bad), 2),
    ):
        assert len(source.splitlines()) == 1
        page = Page(source)
        assert {"img", "script"} & {e.tag for e in page.elements} == set()
        assert page.ids == []


def test_a_long_question_is_shortened_in_the_chat() -> None:
    assert Page(question_html("x" * 5_000)).elements[0].text == "x" * 1_000 + " …"


def test_a_change_of_statement_is_said() -> None:
    statement = replace(STATEMENT, effective_on="2016-02-01")
    assert Page(opened_html(statement, 1_234)).elements[0].text == (
        "Now reading Acme Privacy (in effect since 1 February 2016): 1,234 passages. The chat starts anew."
    )
    assert "1 passage." in opened_html(statement, 1)


def test_the_empty_chat_teaches_the_four_verdicts() -> None:
    page = Page(welcome_html())
    assert [e.text for e in page.of_tag("strong")] == ["Yes", "No", "The statement says", "The statement does not say"]
