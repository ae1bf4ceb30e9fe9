"""Tests of nlp.train_reranker: groups of clauses, the loss by hand, and a short run on a tiny model."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, WordEncoder, acme, tiny_reranker
from torch import Tensor

from corpus.policyqa import PassageQuestion
from corpus.questions import Question, QuestionSet
from nlp import train_reranker
from nlp.reranker import Reranker
from nlp.steps import linear_rate
from nlp.train_reranker import Group, answers, own_groups, policyqa_groups, train


def question(text: str, verdict: str, *quotes: str) -> Question:
    """Return a question with the passages that answer it."""
    return Question("q", text, verdict, quotes, quotes, (), (), ())


def groups_of(*questions: Question) -> list[Group]:
    """Return the groups for questions about the small statement."""
    return own_groups([QuestionSet("acme", acme(), questions)], WordEncoder())


def test_a_group_has_what_answers_and_the_nearest_that_do_not() -> None:
    (group,) = groups_of(question("do you sell personal data to the police?", "no", SELL))
    assert group.question == "do you sell personal data to the police?"
    assert group.positives == (f"Sharing: {SELL}",)
    assert group.negatives[0] == f"Sharing: {POLICE}"
    assert set(group.negatives[1:]) == {f"Logs: {KEEP}", f"Logs: {COOKIES}"}
    assert group.polarity == 0


@pytest.mark.parametrize(
    ("verdict", "quotes", "polarity", "positives"),
    [("yes", (POLICE,), 1, 1), ("stated", (KEEP, COOKIES), None, 2), ("not_stated", (), None, 0)],
)
def test_polarity_and_number_of_answers(
    verdict: str, quotes: tuple[str, ...], polarity: int | None, positives: int
) -> None:
    (group,) = groups_of(question("well?", verdict, *quotes))
    assert group.polarity == polarity
    assert len(group.positives) == positives
    assert len(group.negatives) == 4 - positives


@pytest.mark.parametrize(
    ("text", "expected"),
    [("We sell it.", True), ("sell", True), ("So: We sell it. Really.", True), ("We lend it.", False)],
)
def test_a_clause_answers_if_it_holds_a_passage_or_is_part_of_one(text: str, expected: bool) -> None:
    assert answers(text, question("q", "yes", "We lend.", "We sell it.")) is expected


def test_groups_of_policyqa(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = "We sell names. We lend mail.", "We keep logs for long. We burn them."
    questions = [
        PassageQuestion("p", one, "who sells?", ((3, 7),)),
        PassageQuestion("p", two, "how long?", ((10, 20), (0, 2))),
        PassageQuestion("other", "Alone here.", "what?", ((0, 3),)),
        PassageQuestion("p", one, "nothing?", ()),
    ]
    monkeypatch.setattr(train_reranker, "read_policyqa", lambda folder: questions)
    first, second, alone = policyqa_groups(Path("data"))
    assert (first.question, first.positives) == ("who sells?", ("We sell names.",))
    assert first.negatives[0] == "We lend mail."
    assert set(first.negatives) == {"We lend mail.", "We keep logs for long.", "We burn them."}
    assert second.positives == ("We keep logs for long.",)
    assert second.polarity is None
    assert (alone.positives, alone.negatives) == (("Alone here.",), ())
    assert policyqa_groups(Path("data")) == [first, second, alone]


def table_reranker(**logits: tuple[float, float]) -> Reranker:
    """Return a reranker whose logits stand in a table by clause."""

    def model(clauses: list[str]) -> Tensor:
        return torch.tensor([logits[clause] for clause in clauses])

    made = SimpleNamespace(model=model, batch=lambda pairs: [clause for _, clause in pairs])
    return made  # type: ignore[return-value]


def softplus(x: float) -> float:
    """Return log(1 + e^x)."""
    return float(np.logaddexp(0, x))


def test_the_loss_by_hand() -> None:
    reranker = table_reranker(good=(1.0, 2.0), bad=(-1.0, 0.0))
    loss = train_reranker._loss(reranker, [Group("q", ("good",), ("bad",), polarity=1)], random.Random(0))
    relevance = (3 * softplus(-1) + softplus(-1)) / 2
    assert loss.item() == pytest.approx(relevance + 0.5 * softplus(-2) + 0.5 * softplus(-2), abs=1e-6)
    other = train_reranker._loss(reranker, [Group("q", ("good",), ("bad",), polarity=0)], random.Random(0))
    assert other.item() == pytest.approx(relevance + 0.5 * softplus(-2) + 0.5 * softplus(2), abs=1e-6)


def test_the_loss_of_a_question_without_answer_counts_its_clauses_alone() -> None:
    loss = train_reranker._loss(table_reranker(bad=(-1.0, 0.0)), [Group("q", (), ("bad",))], random.Random(0))
    assert loss.item() == pytest.approx(softplus(-1), abs=1e-6)


def test_logits_stand_in_the_order_of_the_pairs() -> None:
    # Lengths in an order that is not undone by doing it twice.
    clauses = {"c" * (1 + 3 * i % 35): (float(i), 0.0) for i in range(35)}
    logits = train_reranker._logits(table_reranker(**clauses), [("q", clause) for clause in clauses])
    assert logits[:, 0].tolist() == list(range(35))


def test_negatives_are_mostly_near_ones() -> None:
    texts = [f"n{i}" for i in range(24)]
    for seed in range(20):
        picked = train_reranker._pick(texts, random.Random(seed))
        assert len(picked) == len(set(picked)) == 6
        assert len(set(picked) & set(texts[:6])) >= 3
    assert sorted(train_reranker._pick(texts[:4], random.Random(0))) == texts[:4]
    assert train_reranker._pick([], random.Random(0)) == []


def test_the_rate_warms_up_and_falls_to_zero() -> None:
    rates = [linear_rate(step, 100, train_reranker._WARM_UP) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert (rates[10], rates[100]) == (1, 0)


def test_a_run_changes_the_layers_but_not_the_word_embeddings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reranker, "untrained", classmethod(lambda cls: tiny_reranker(seed=3)))
    groups = [Group(f"q{i}", ("we sell names",), ("no", "a b c"), polarity=i % 2) for i in range(8)]
    lines: list[str] = []
    made = train(groups, groups, epochs=10, report=lines.append)
    before, after = tiny_reranker(seed=3).model.state_dict(), made.model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"body.layer.weight", "body.layer.bias", "heads.weight", "heads.bias"}
    assert not made.model.training
    assert [line.split(", loss")[0] for line in lines] == ["epoch 10 of 10, step 20 of 20"]
    again = train(groups, groups, epochs=10, report=lines.append)
    assert all(torch.equal(after[name], value) for name, value in again.model.state_dict().items())
