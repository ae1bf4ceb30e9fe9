"""Tests of nlp.train_reranker: groups of clauses, the loss by hand, and a short run on an encoder of a few weights."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from classifier_fakes import VOCABULARY, WORDS, losses, small_encoder
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, WordEncoder, acme
from torch import Tensor

from corpus.policyqa import PassageQuestion
from corpus.questions import Question, QuestionSet, read_bait
from nlp import train_reranker
from nlp.reranker import PairModel, Reranker
from nlp.steps import linear_rate
from nlp.train_reranker import (
    Group,
    Picked,
    Recipe,
    Sampler,
    answering,
    answers,
    own_groups,
    pair_logits,
    policyqa_groups,
    step_loss,
    train,
)
from nlp.word_pieces import load_tokenizer


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use an encoder of a few weights and return its folder."""
    with small_encoder(tmp_path_factory.mktemp("encoder")) as folder:
        yield folder


def question(text: str, verdict: str, *quotes: str, **changes: tuple[str, ...]) -> Question:
    """Return a question with the passages that answer it."""
    parts = {"must": quotes, "conditions": (), "near": (), "categories": (), **changes}
    return Question("q", text, verdict, quotes, **parts)


def groups_of(*questions: Question) -> list[Group]:
    """Return the groups for questions about the small statement."""
    return own_groups([QuestionSet("acme", acme(), questions)], WordEncoder())


def test_a_group_has_what_answers_and_the_nearest_that_do_not() -> None:
    (group,) = groups_of(question("do you sell personal data to the police?", "no", SELL))
    assert group.question == "do you sell personal data to the police?"
    assert group.positives == (f"Sharing: {SELL}",)
    assert group.negatives[0] == f"Sharing: {POLICE}"
    assert set(group.negatives[1:]) == {f"Logs: {KEEP}", f"Logs: {COOKIES}"}
    assert (group.near, group.polarity, group.weight) == ((), 0, 1.0)


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


def test_tempting_clauses_are_near_unless_they_answer() -> None:
    (group,) = groups_of(question("sell?", "no", SELL, near=(COOKIES, SELL)))
    assert group.near == (f"Logs: {COOKIES}",)
    assert f"Logs: {COOKIES}" in group.negatives


def test_what_limits_an_answer_is_neither_an_answer_nor_a_negative() -> None:
    (group,) = groups_of(question("sell?", "no", SELL, conditions=(POLICE,), near=(POLICE, COOKIES)))
    assert group.positives == (f"Sharing: {SELL}",)
    assert set(group.negatives) == {f"Logs: {KEEP}", f"Logs: {COOKIES}"}
    assert group.near == (f"Logs: {COOKIES}",)


def test_answers_that_an_ideal_answer_cites_come_first() -> None:
    (group,) = groups_of(question("sell?", "stated", SELL, KEEP, COOKIES, must=(COOKIES,)))
    assert group.positives == (f"Logs: {COOKIES}", f"Sharing: {SELL}", f"Logs: {KEEP}")
    texts = [SELL, POLICE, KEEP, COOKIES]
    assert answering(texts, question("q", "stated", SELL, KEEP, COOKIES, must=(COOKIES,))) == [3, 0, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We sell it to you.", True),
        ("So: We sell it to you. Really.", True),
        ("sell it to you", True),
        # Three words stand in another passage by chance.
        ("sell it to", False),
        ("We lend.", True),
        ("So: We lend. Really.", False),
        ("We give it to you.", False),
    ],
)
def test_a_clause_answers_if_it_is_a_passage_or_shares_enough_words_with_one(text: str, expected: bool) -> None:
    assert answers(text, question("q", "yes", "We lend.", "We sell it to you.")) is expected


def test_groups_of_policyqa_leave_out_the_policies_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = "We sell names. We lend mail.", "We keep logs for long. We burn them."
    questions = [
        PassageQuestion("p", one, "who sells?", ((3, 7),)),
        PassageQuestion("p", two, "how long?", ((10, 20), (0, 2))),
        PassageQuestion("other", "Alone here.", "what?", ((0, 3),)),
        PassageQuestion("p", one, "nothing?", ()),
        # The first and the fourth by name are held back.
        PassageQuestion("a", one, "first?", ((3, 7),)),
        PassageQuestion("z", one, "fourth?", ((3, 7),)),
    ]
    monkeypatch.setattr(train_reranker, "read_policyqa", lambda folder: questions)
    first, second, alone = policyqa_groups(Path("data"))
    assert (first.question, first.positives, first.weight) == ("who sells?", ("We sell names.",), 0.5)
    assert first.negatives[0] == "We lend mail."
    assert set(first.negatives) == {"We lend mail.", "We keep logs for long.", "We burn them."}
    assert second.positives == ("We keep logs for long.",)
    assert second.polarity is None
    assert (alone.positives, alone.negatives) == (("Alone here.",), ())
    assert policyqa_groups(Path("data")) == [first, second, alone]


NEGATIVES = tuple(f"n{i:02}" for i in range(40))


def picks(group: Group, number: int = 200, bait: Sequence[str] = ()) -> list[Picked]:
    """Return what a sampler picks of a group, time after time."""
    sampler = Sampler(random.Random(0), bait)
    return [sampler.pick(group) for _ in range(number)]


def test_six_other_clauses_are_picked_the_nearest_most_often() -> None:
    for picked in picks(Group("q", ("yes",), NEGATIVES, near=("tempting", "n30"))):
        assert (picked.best, picked.also) == (["yes"], [])
        assert len(picked.others) == len(set(picked.others)) == 6
        assert len(set(picked.others) & {"tempting", "n30"}) >= 1
        assert len(set(picked.others) & set(NEGATIVES[:5])) >= 2
        assert len(set(picked.others) & set(NEGATIVES[:12])) >= 4
    assert {text for picked in picks(Group("q", (), NEGATIVES)) for text in picked.others} == set(NEGATIVES)


def test_the_best_answer_is_picked_most_often_with_another_one() -> None:
    found = picks(Group("q", ("a", "b", "c"), NEGATIVES), 600)
    for picked in found:
        assert len(picked.best) == len(picked.also) == 1
        assert picked.best != picked.also
    # In half of the groups the first, in the others any: two in three.
    assert 370 <= sum(picked.best == ["a"] for picked in found) <= 430
    assert {picked.best[0] for picked in found} == {picked.also[0] for picked in found} == {"a", "b", "c"}


@pytest.mark.parametrize("count", [0, 1, 3, 6])
def test_a_group_of_few_clauses_is_picked_whole(count: int) -> None:
    for picked in picks(Group("q", (), NEGATIVES[:count]), 20):
        assert (picked.best, picked.also, sorted(picked.others)) == ([], [], list(NEGATIVES[:count]))


def test_one_group_in_ten_meets_an_order_in_the_place_of_a_clause() -> None:
    bait = ("say yes", "say no")
    found = picks(Group("q", ("yes",), NEGATIVES), 1000, bait)
    assert all(len(picked.others) == 6 for picked in found)
    baited = [picked for picked in found if set(bait) & set(picked.others)]
    assert 70 <= len(baited) <= 130
    assert all(picked.others[-1] in bait and not set(bait) & set(picked.others[:-1]) for picked in baited)
    assert {picked.others[-1] for picked in baited} == set(bait)
    (lonely, *_) = [picked for picked in picks(Group("q", ("yes",), ()), 100, bait) if picked.others]
    assert len(lonely.others) == 1


class TableModel:
    """Logits that stand in a table by the first word of the clause; notes the shapes of what it is given."""

    def __init__(self, **logits: tuple[float, float]) -> None:
        self.logits = {VOCABULARY.index(word): pair for word, pair in logits.items()}
        self.seen: list[tuple[int, ...]] = []

    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the logits of each row."""
        self.seen.append(tuple(ids.shape))
        assert mask.sum(1).tolist() == [len(row) - row.tolist()[::-1].index(102) for row in ids]
        return torch.tensor([self.logits[row[row.index(102) + 1]] for row in ids.tolist()])


def table_loss(model: TableModel, *picked: Picked) -> float:
    """Return the loss of a few groups under a table."""
    return step_loss(model, load_tokenizer(), picked).item()  # type: ignore[arg-type]


def softplus(x: float) -> float:
    """Return log(1 + e^x)."""
    return float(np.logaddexp(0, x))


MODEL = TableModel(sell=(1.0, 2.0), share=(0.5, -1.0), keep=(-1.0, 0.0), names=(2.0, 3.0))


@pytest.mark.parametrize("polarity", [0, 1])
def test_the_loss_by_hand(polarity: int) -> None:
    group = Group("we", (), (), polarity=polarity, weight=0.5)
    loss = table_loss(MODEL, Picked(group, ["sell"], ["share"], ["keep", "names"]))
    # The best answer counts thrice, a further one half as much again; the group half.
    each = (3 * softplus(-1) + 1.5 * softplus(-0.5) + softplus(-1) + softplus(2)) / 4
    best_of_three = float(np.logaddexp.reduce([1, -1, 2])) - 1
    polar = (softplus(-2) + softplus(1)) / 2 if polarity else (softplus(2) + softplus(-1)) / 2
    assert loss == pytest.approx(0.5 * each + 0.5 * 0.5 * best_of_three + 0.5 * polar, abs=1e-6)


def test_the_loss_of_a_question_without_answer_counts_its_clauses_alone() -> None:
    none = Picked(Group("we", (), ()), [], [], ["keep", "names"])
    assert table_loss(MODEL, none) == pytest.approx((softplus(-1) + softplus(2)) / 2, abs=1e-6)


def test_the_loss_of_two_groups_does_not_mix_their_clauses() -> None:
    one = Picked(Group("we", (), ()), ["sell"], [], ["keep"])
    other = Picked(Group("they", (), ()), [], [], ["names"])
    third = Picked(Group("you", (), ()), ["share"], [], [])
    each = (3 * softplus(-1) + softplus(-1) + softplus(2) + 3 * softplus(-0.5)) / 4
    best = (softplus(-2) + 0) / 2
    assert table_loss(MODEL, one, other, third) == pytest.approx(each + 0.5 * best, abs=1e-6)


def test_logits_stand_in_the_order_of_the_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_reranker, "_TOKENS_PER_PASS", 64)
    words = WORDS[:12]
    model = TableModel(**{word: (float(i), -float(i)) for i, word in enumerate(words)})
    # Lengths in an order that is not undone by doing it twice.
    pairs = [("we", " ".join([word, *["we"] * (5 * i % 12)])) for i, word in enumerate(words)]
    logits = pair_logits(model, load_tokenizer(), pairs)  # type: ignore[arg-type]
    assert logits.tolist() == [[i, -i] for i in range(12)]
    assert len(model.seen) > 1
    assert all(rows * tokens <= 64 for rows, tokens in model.seen)
    assert sum(rows for rows, _ in model.seen) == 12


def test_a_pair_longer_than_a_pass_has_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_reranker, "_TOKENS_PER_PASS", 3)
    model = TableModel(sell=(1.0, 2.0), keep=(-1.0, 0.0))
    logits = pair_logits(model, load_tokenizer(), [("we", "sell"), ("we", "keep")])  # type: ignore[arg-type]
    assert logits.tolist() == [[1, 2], [-1, 0]]
    assert model.seen == [(1, 5), (1, 5)]


def test_the_rate_warms_up_and_falls_to_zero() -> None:
    rates = [linear_rate(step, 100, train_reranker._WARM_UP) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert (rates[10], rates[100]) == (1, 0)


OWN = [
    Group(f"do {who} {verb}", (f"we sell {what}",), (f"we keep {what}", "nobody today"), polarity=int(verb == "sell"))
    for who in ("we", "they")
    for verb in ("sell", "share")
    for what in ("logs", "mail", "names", "data", "years", "police")
]
RECIPE = Recipe(epochs=20, learning_rate=3e-2)


def test_a_run_learns_which_clause_answers_and_leaves_the_word_embeddings() -> None:
    torch.manual_seed(0)
    before = {name: value.clone() for name, value in PairModel.untrained().state_dict().items()}
    lines: list[str] = []
    made = train(OWN, [], RECIPE, report=lines.append)
    after = made.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert not any(name.startswith("body.embeddings.") for name in changed)
    assert {"heads.weight", "body.encoder.layer.0.attention.self.query.weight"} < changed
    assert not made.training
    assert [line.split(", loss")[0] for line in lines] == [f"epoch {n} of 20" for n in range(1, 21)]
    assert losses(lines)[-1] < 0.5 * losses(lines)[0]
    scores = Reranker.of(made, half=False).score([("do we sell", "we sell mail"), ("do we sell", "we keep mail")])
    assert scores.relevance[0] > 0 > scores.relevance[1]


def test_a_run_can_be_repeated_and_goes_on_from_a_model() -> None:
    recipe = Recipe(epochs=1)
    first, again = (train(OWN, [], recipe, report=[].append).state_dict() for _ in range(2))
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    other = train(OWN, [], Recipe(epochs=1, seed=1), report=[].append).state_dict()
    assert not all(torch.equal(value, other[name]) for name, value in first.items())
    start = PairModel.untrained()
    assert train(OWN, [], recipe, start=start, report=[].append) is start


def test_a_run_reads_long_clauses_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    real, longest = train_reranker.padded, list[int]()

    def watched(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        longest.extend(len(row) for row in rows)
        return real(rows)

    monkeypatch.setattr(train_reranker, "padded", watched)
    train([Group("we", ("sell " * 300,), ("keep",))] * 12, [], Recipe(epochs=1), report=[].append)
    assert max(longest) == train_reranker._MAX_TOKENS < 300


def test_each_epoch_sees_all_our_groups_and_some_of_policyqa(monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen, baits = train_reranker.step_loss, list[list[str]](), list[Any]()

    def watched(model: PairModel, tokenizer: Any, picked: Sequence[Picked]) -> Tensor:
        seen.append([one.group.question for one in picked])
        return real(model, tokenizer, picked)

    def sampler(rng: random.Random, bait: Sequence[str]) -> Sampler:
        baits.append(bait)
        return Sampler(rng, bait)

    monkeypatch.setattr(train_reranker, "step_loss", watched)
    monkeypatch.setattr(train_reranker, "Sampler", sampler)
    own = [Group(f"own {i}", ("sell",), ("keep",)) for i in range(20)]
    policyqa = [Group(f"other {i}", ("sell",), ("keep",)) for i in range(9)]
    train(own, policyqa, Recipe(epochs=2, policyqa=4), report=[].append)
    # Twenty and four are two steps of twelve.
    assert [len(step) for step in seen] == [12] * 4
    for epoch in (seen[0] + seen[1], seen[2] + seen[3]):
        assert {name for name in epoch if name.startswith("own")} == {group.question for group in own}
        assert len({name for name in epoch if name.startswith("other")}) == 4
    assert seen[:2] != seen[2:]
    assert baits == [read_bait()]
