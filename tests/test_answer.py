"""Tests of nlp.answer: verdicts, citations, conditions, contradictions and lists, with fakes for the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from nlp_fakes import (
    COOKIES,
    KEEP,
    POLICE,
    SELL,
    OverlapReranker,
    WordEncoder,
    acme,
    indexed,
    make_statement,
    tiny_weigher,
)

from corpus.taxonomy import CATEGORY_IDS
from corpus.types import ArchiveRecord, BlockKind, Statement
from nlp.answer import CANDIDATES, CITATIONS, Answerer, declined
from nlp.question import QuestionError
from nlp.retrieve import IndexedStatement
from nlp.topics import Topics
from nlp.types import Answer, StatementRef, Verdict


def answerer(threshold: float = 0.5) -> Answerer:
    """Return an answerer of fakes."""
    return Answerer(WordEncoder(), OverlapReranker(), tiny_weigher(threshold))  # type: ignore[arg-type]


def paragraphs(*texts: str) -> Statement:
    """Return a statement of paragraphs."""
    return make_statement(*[("paragraph", text) for text in texts])


def ask(question: str, statement: Statement | None = None, threshold: float = 0.5, **options: object) -> Answer:
    """Answer a question about the small statement."""
    return answerer(threshold).answer(indexed(statement or acme()), question, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "verdict", "text"),
    [
        ("do you sell my personal data?", "no", f"No. The statement says: “{SELL}”"),
        ("can the police ask for data?", "yes", f"Yes. The statement says: “{POLICE}”"),
        ("what cookies does the website set?", "stated", f"The statement says: “{COOKIES}”"),
        (
            "what is the weather today?",
            "not_stated",
            "The statement does not say. None of the nearest passages seems to answer it.",
        ),
    ],
)
def test_each_verdict_with_its_sentence(question: str, verdict: Verdict, text: str) -> None:
    answer = ask(question)
    assert (answer.verdict, answer.answer, answer.question) == (verdict, text, question)
    assert answer.answered is (verdict != "not_stated")


def test_the_threshold_decides_and_the_limit_itself_answers() -> None:
    question = "website cookies?"
    confidence = ask(question).confidence
    assert confidence == pytest.approx(0.7310586)
    assert ask(question, threshold=confidence).verdict == "yes"
    assert ask(question, threshold=confidence + 1e-9).verdict == "not_stated"


def test_citations_come_best_first_and_quote_the_statement() -> None:
    statement = acme()
    answer = ask("do you sell personal data to the police?", statement)
    assert [c.quote for c in answer.citations[:2]] == [SELL, POLICE]
    assert [c.score for c in answer.citations] == sorted((c.score for c in answer.citations), reverse=True)
    assert all(statement.text[c.start : c.end] == c.quote for c in answer.citations)
    assert answer.citations[0].heading == ("Sharing",)
    assert len({c.clause_id for c in answer.citations}) == 4


def test_a_declined_question_still_shows_the_nearest_passages() -> None:
    answer = ask("what is the weather today?")
    assert len(answer.citations) == 4
    assert answer.conditions == ()
    assert answer.confidence < 0.5


def test_no_more_candidates_are_read_than_needed_and_few_are_cited() -> None:
    statement = make_statement(*[("paragraph", f"We do sell item number {i} to you.") for i in range(30)])
    reranker = OverlapReranker()
    made = replace(answerer(), reranker=reranker)  # type: ignore[arg-type]
    answer = made.answer(indexed(statement), "do you sell items?")
    assert len(reranker.asked) == CANDIDATES == 24
    assert len(answer.citations) == CITATIONS == 5


def test_a_statement_without_clauses_says_nothing() -> None:
    answer = ask("do you sell my data?", make_statement(("heading", "Privacy")))
    assert (answer.verdict, answer.confidence, answer.citations) == ("not_stated", 0.0, ())
    assert answer.answer == "The statement does not say."


def test_the_categories_asked_about_find_candidates() -> None:
    statement = indexed(paragraphs(*[f"We store data item {i}." for i in range(30)]))
    *others, last = statement.clauses
    last = replace(last, probabilities={"retention": 1.0})
    vectors = statement.index.vectors
    statement = IndexedStatement.of(statement.statement, [*others, last], vectors, encoder="fake:words")
    assert last.text not in [e.clause.text for e in answerer().evidence(statement, "data?")]
    weights, offset = np.zeros((13, WordEncoder().dimensions)), np.full(13, -1000.0)
    offset[CATEGORY_IDS.index("retention")] = 1000
    topics = Topics(weights.astype(np.float32), offset.astype(np.float32))
    asking = replace(answerer(), weigher=replace(tiny_weigher(), topics=topics))
    assert asking.evidence(statement, "data?")[0].clause is last


def test_an_exception_in_the_best_passage_is_a_condition() -> None:
    answer = ask("how long do you keep log files?")
    assert answer.citations[0].quote == KEEP
    assert answer.conditions == (answer.citations[0],)
    assert answer.answer == f"Thirty days. The statement says: “{KEEP}”"
    assert ask("do you keep log files?").answer == f"Yes, with a condition. The statement says: “{KEEP}”"


def test_a_likely_passage_with_an_exception_is_a_condition_and_an_unlikely_one_is_not() -> None:
    likely = "However, we may sell personal data of firms."
    unlikely = "Unless told, cookies stay."
    answer = ask("do you sell personal data to anyone?", paragraphs(SELL, likely, unlikely))
    assert [c.quote for c in answer.citations] == [SELL, likely, unlikely]
    assert [c.quote for c in answer.conditions] == [likely]
    assert answer.answer == f"No, with an exception. The statement says: “{SELL}” But: “{likely}”"


def test_what_follows_the_best_passage_and_takes_a_part_of_it_back_is_a_condition() -> None:
    back = "But some banks want their share."
    answer = ask("do you sell personal data?", paragraphs(f"{SELL} {back}", "Banks are fine.", "But nothing else."))
    assert [c.quote for c in answer.conditions] == [back]
    assert answer.answer == f"No, with an exception. The statement says: “{SELL}” But: “{back}”"
    assert answer.verdict == "no"


@pytest.mark.parametrize(
    "statement",
    [
        paragraphs(SELL, "But some banks want their share."),
        paragraphs(f"{SELL} Some banks want their share, but not all."),
        paragraphs(f"But some banks want their share. {SELL}"),
    ],
    ids=["in another paragraph", "without the word in front", "before it"],
)
def test_what_stands_elsewhere_takes_nothing_back(statement: Statement) -> None:
    answer = ask("do you sell personal data?", statement)
    assert (answer.conditions, answer.answer) == ((), f"No. The statement says: “{SELL}”")


def test_a_passage_is_one_condition_though_it_limits_in_two_ways() -> None:
    both = "However, we do sell personal data of firms."
    answer = ask("do you sell personal data?", paragraphs(f"{SELL} {both}"))
    assert [c.quote for c in answer.conditions] == [both]


NEVER, MAY = "We never sell data.", "We may sell data to partners."


@pytest.mark.parametrize(("texts", "lead"), [((NEVER, MAY), "No"), ((MAY, NEVER), "Yes")])
def test_a_statement_that_contradicts_itself_is_shown_with_both_sides(texts: Sequence[str], lead: str) -> None:
    # The one more likely to answer decides; what is near and beside the point is cited after both.
    best, other = texts
    statement = paragraphs("Cookies are not data.", f"{best[:-1]} we have.", other)
    answer = ask("do you sell data? have?", statement)
    assert answer.verdict == lead.lower()
    assert answer.answer == (
        f"{lead}, but the statement contradicts itself. It says: “{best[:-1]} we have.” It also says: “{other}”"
    )
    assert [c.quote for c in answer.citations] == [f"{best[:-1]} we have.", other, "Cookies are not data."]
    assert answer.conditions == ()


def test_the_two_sides_are_the_first_two_citations() -> None:
    best, again = "We never sell data of banks and firms.", "We never sell data of banks."
    answer = ask("do you sell data of banks, firms?", paragraphs(MAY, again, best))
    assert [c.quote for c in answer.citations] == [best, MAY, again]
    assert "contradicts itself" in answer.answer


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("do you sell data?", (NEVER, "We may sell data if you agree.")),
        ("do you sell data?", ("We never sell data unless you agree.", MAY)),
        ("do you sell data?", (NEVER, "Other firms sell.")),
        ("do you sell data?", (NEVER, "We never ever sell data.")),
        ("who may sell data?", (NEVER, MAY)),
        ("what is the weather today?", (NEVER, MAY)),
    ],
    ids=[
        "exception",
        "exception in the best",
        "hardly an answer",
        "the same twice",
        "not yes or no",
        "not answered",
    ],
)
def test_what_is_no_contradiction(question: str, texts: Sequence[str]) -> None:
    assert "contradict" not in ask(question, paragraphs(*texts)).answer


def test_sides_must_be_sure_to_contradict_each_other() -> None:
    weigher = tiny_weigher()
    for scale, contradicts in ((2.0, True), (3.0, False)):
        # Logits of 5 become 2.5, sure enough with 0.92, or 1.67, which is 0.84.
        polarity = replace(weigher.polarity, scale=np.full(2, scale))
        made = replace(answerer(), weigher=replace(weigher, polarity=polarity))
        answer = made.answer(indexed(paragraphs(NEVER, MAY)), "do you sell all data?")
        assert ("contradicts itself" in answer.answer) is contradicts


def test_a_clause_in_the_verb_of_the_question_outweighs_what_is_likely() -> None:
    weigher = tiny_weigher()
    for likely, said in ((-90.0, "We sell data to partners."), (90.0, "We do not sell data to partners.")):
        polarity = replace(weigher.polarity, intercept=np.array(likely))
        made = replace(answerer(), weigher=replace(weigher, polarity=polarity))
        answer = made.answer(indexed(paragraphs(said)), "do you sell data?")
        assert (answer.verdict, answer.citations[0].quote) == ("yes" if likely < 0 else "no", said)


def test_what_is_denied_of_children_alone_gets_no_verdict() -> None:
    answer = ask("do you sell personal data?", paragraphs("We never sell personal data of children."))
    assert (answer.verdict, answer.answer.split(" “")[0]) == ("stated", "The statement says:")


def test_only_what_would_be_cited_contradicts() -> None:
    alike, question = [f"We never sell data of bank {i}." for i in range(5)], "do you sell data of a bank?"
    assert "contradict" not in ask(question, paragraphs(*alike, MAY)).answer
    assert "contradict" in ask(question, paragraphs(*alike[:4], MAY)).answer


LIST: tuple[tuple[BlockKind, str], ...] = (
    ("heading", "Data"),
    ("paragraph", "Welcome to all of Acme. This data we collect:"),
    ("item", "names and other data;"),
    ("item", "letters; and"),
    ("item", "log data."),
    ("paragraph", "That is all."),
)


def test_a_question_for_several_things_gets_the_items_of_the_list() -> None:
    answer = ask("what data do you collect?", make_statement(*LIST))
    assert answer.verdict == "stated"
    assert answer.answer == (
        "The statement says: “This data we collect”: “names and other data”; “letters”; “log data.”"
    )
    assert {c.quote for c in answer.citations[:4]} == {text for _, text in LIST[2:5]} | {"This data we collect:"}
    assert all(c.score > 0.25 for c in answer.citations[:4])


def test_all_that_a_list_says_is_cited_though_it_is_long() -> None:
    items: list[tuple[BlockKind, str]] = [("item", f"data number {i};") for i in range(9)]
    statement = make_statement(("paragraph", "This data we collect:"), *items)
    answer = ask("what data do you collect?", statement)
    assert answer.answer.count("“data number") == 9
    assert {c.quote for c in answer.citations} == {text for _, text in items} | {"This data we collect:"}
    assert len({c.clause_id for c in answer.citations}) == len(answer.citations) == 10
    assert all(statement.text[c.start : c.end] == c.quote for c in answer.citations)


def test_items_beyond_the_candidates_are_cited_without_a_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.answer.CANDIDATES", 4)
    items: list[tuple[BlockKind, str]] = [("item", f"data number {i};") for i in range(4)]
    answer = ask("what data do you collect?", make_statement(("paragraph", "This data we collect:"), *items))
    assert len(answer.citations) == 5
    assert sorted(c.score > 0 for c in answer.citations) == [False, True, True, True, True]


@pytest.mark.parametrize(
    "question", ["how is data collected?", "do you collect data?"], ids=["asks for one thing", "asks for yes or no"]
)
def test_other_questions_get_no_list(question: str) -> None:
    answer = ask(question, make_statement(*LIST), threshold=0.1)
    assert answer.answered
    assert answer.answer.count("”; “") == 0


def test_the_answer_names_the_statement_and_its_dates() -> None:
    archive = ArchiveRecord("acme.example", date(2016, 5, 31))
    answer = ask("do you sell data?", acme(archive=archive, effective_on="2015-03"))
    assert answer.statement == StatementRef("acme.example", "Acme Privacy", "2016-05-31", "2015-03")


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 2001])
def test_a_question_that_cannot_be_asked_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match=r"^the question (is empty|has 2,001 characters)"):
        ask(question)


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    alone = ask("and the police?")
    after = ask("and the police?", earlier=("first one?", "do you give data if the law asks?"))
    assert (alone.citations[0].quote, after.citations[0].quote) == (POLICE, POLICE)
    assert alone.confidence < 0.5 < after.confidence
    assert after.question == "and the police?"


def test_a_question_in_another_language_gets_a_notice() -> None:
    answer = ask("Verkaufen Sie meine persönlichen Daten an andere Unternehmen oder Personen?")
    assert answer.notice == "This question does not seem to be in English; answers are made for questions in English."
    assert ask("Do you sell my personal data to other companies or to other people?").notice is None
    assert ask("Verkaufen Sie Daten?").notice is None


def test_a_follow_up_wants_what_the_question_before_it_wanted() -> None:
    earlier = ("do you give data if the law asks?",)
    assert ask("and the police?", earlier=earlier).verdict == "yes"
    assert ask("who else?", earlier=earlier).verdict == "stated"
    # A follow-up to a follow-up is read with the question before both.
    assert ask("and the police?", earlier=(*earlier, "why?")) == ask("and the police?", earlier=earlier)


def test_an_amount_is_told_of_a_follow_up_as_well() -> None:
    answer = ask("and log files?", earlier=("how long do you keep them?",))
    assert answer.answer == f"Thirty days. The statement says: “{KEEP}”"


def test_a_clause_that_is_left_out_answers_no_more() -> None:
    whole, question = indexed(paragraphs(NEVER, MAY, "That is all.")), "do you sell data?"
    made = answerer()
    assert "contradicts itself" in made.answer(whole, question).answer
    one = made.answer(whole.without(lambda clause: clause.text == MAY), question)
    assert (one.verdict, one.answer) == ("no", f"No. The statement says: “{NEVER}”")
    other = made.answer(whole.without(lambda clause: clause.text == NEVER), question)
    assert (other.verdict, other.answer) == ("yes", f"Yes. The statement says: “{MAY}”")
    assert [c.clause_id for c in other.citations] == ["c2", "c3"]
    assert made.answer(whole.without(lambda clause: "data" in clause.text), question).verdict == "not_stated"
    assert made.answer(whole.without(lambda clause: True), question).answer == "The statement does not say."


def test_a_declined_answer_gives_the_reason() -> None:
    answer = declined(indexed(acme()), "?", QuestionError("the question is empty; ask"))
    assert (answer.verdict, answer.answer, answer.confidence, answer.question) == (
        "not_stated",
        "The question is empty; ask",
        0.0,
        "?",
    )
    assert answer.statement.id == "acme.example"


def test_a_negative_question_is_answered_as_the_positive_one() -> None:
    answer = ask("Don't you sell my personal data?")
    assert (answer.question, answer.verdict) == ("Don't you sell my personal data?", "no")
    assert answer.answer == f"No, to “Do you sell my personal data?”. The statement says: “{SELL}”"


def test_a_sale_of_the_business_answers_neither_yes_nor_no() -> None:
    takeover = "In a merger, personal data may go to whom we do sell to."
    answer = ask("do you sell personal data?", paragraphs(takeover))
    assert (answer.verdict, answer.answer) == ("stated", f"The statement says: “{takeover}”")
    both = ask("do you sell personal data?", paragraphs(takeover, "We never sell data."))
    assert (both.verdict, both.citations[0].quote) == ("no", "We never sell data.")


def test_a_neighbour_of_what_is_asked_gets_no_yes() -> None:
    clause = "Personal data is encrypted in transit."
    assert ask("is personal data encrypted?", paragraphs(clause)).verdict == "yes"
    assert ask("is personal data encrypted at rest?", paragraphs(clause)).verdict == "stated"
