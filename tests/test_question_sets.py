"""Tests of nlp.question_sets: what clauses are named by is put in words, and what is held back."""

from __future__ import annotations

from pathlib import Path

import pytest
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, acme

from corpus import questions as corpus_questions
from corpus.policy_questions import PolicyQuestion, clause_key, read_policy_questions
from corpus.questions import Question, QuestionSet
from corpus.types import DocumentError
from nlp import question_sets as module
from nlp.question_sets import HELD_BACK, policy_sets, question_sets

SHARED = Path(__file__).parents[2] / "shared" / "data"
UNKNOWN = "0" * 16


def asked(verdict: str, answers: tuple[str, ...] = (), near: tuple[str, ...] = (), *limits: str) -> PolicyQuestion:
    """Return a question that names clauses by their words; "?" is a clause that no policy has."""

    def keys(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(UNKNOWN if text == "?" else clause_key(text) for text in texts)

    return PolicyQuestion("well?", verdict, keys(answers), keys(near), keys(limits), ("sharing",))


@pytest.fixture
def policies(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[PolicyQuestion]]:
    """Put the small statement in the place of every policy, and return the questions, to be filled in."""
    found: dict[str, list[PolicyQuestion]] = {}
    monkeypatch.setattr(module, "read_policy_questions", lambda: found)
    monkeypatch.setattr(module, "read_policies", lambda data, names: ((f"{name}", acme(id=name)) for name in names))
    return found


def test_clauses_are_put_in_words(policies: dict[str, list[PolicyQuestion]]) -> None:
    policies["bundle/Acme"] = [asked("yes", (POLICE, SELL), (COOKIES,), KEEP), asked("not_stated", (), (COOKIES,))]
    (made,) = policy_sets(Path("data"))
    assert (made.name, made.statement.id) == ("bundle/Acme", "bundle/Acme")
    assert made.questions == (
        # The best of the clauses that answer is the one that an ideal answer cites.
        Question("bundle/Acme#0", "well?", "yes", (POLICE, SELL), (POLICE,), (KEEP,), (COOKIES,), ("sharing",)),
        Question("bundle/Acme#1", "well?", "not_stated", (), (), (), (COOKIES,), ("sharing",)),
    )


@pytest.mark.parametrize(
    "question",
    [asked("yes", ("?",)), asked("yes", (SELL, "?")), asked("yes", (SELL,), ("?",)), asked("yes", (SELL,), (), "?")],
    ids=["the best answer", "another answer", "a tempting clause", "a condition"],
)
def test_another_version_of_a_policy_is_refused(
    policies: dict[str, list[PolicyQuestion]], question: PolicyQuestion
) -> None:
    policies["one"] = [asked("no", (SELL,))]
    policies["two"] = [asked("no", (SELL,)), question]
    expected = "^two in data lacks a clause that a question names: it is another version or cut otherwise$"
    with pytest.raises(DocumentError, match=expected):
        policy_sets(Path("data"))


def test_ours_and_those_of_policies_are_split_alike(
    policies: dict[str, list[PolicyQuestion]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [QuestionSet(name, acme(), ()) for name in ("harrow-bank", "larkspur-clinic")]
    monkeypatch.setattr(module, "read_question_sets", lambda: ours)
    first, second = sorted(HELD_BACK)[:2]
    for name in ("bundle/Acme", first, second, "compare/acme.md"):
        policies[name] = [asked("no", (SELL,))]
    seen, held_back = question_sets(Path("data"))
    assert [made.name for made in seen] == ["harrow-bank", "bundle/Acme", "compare/acme.md"]
    assert [made.name for made in held_back] == ["larkspur-clinic", first, second]


def test_what_is_held_back_is_there() -> None:
    assert set(read_policy_questions()) > HELD_BACK
    names = {path.stem for path in corpus_questions.FOLDER.glob("*.md")}
    assert names > set(corpus_questions.HELD_BACK)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the policies are not on this machine")
def test_ours_name_clauses_of_the_policies_that_they_are_about() -> None:
    asked = read_policy_questions()
    made = policy_sets(SHARED)
    assert [one.name for one in made] == list(asked)
    for one in made:
        for question in one.questions:
            known = asked[one.name][int(question.id.rpartition("#")[2])]
            assert len(question.quotes) == len(known.answers), question.id
            assert all(quote in one.statement.text for quote in question.quotes), question.id
        assert len(one.questions) == len(asked[one.name]), one.name
