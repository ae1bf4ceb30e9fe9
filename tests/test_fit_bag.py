"""Tests of nlp.fit_bag: a toy problem of a few words, and that the scorer is the network that was trained."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from classifier_fakes import VOCABULARY, WIDTH, losses, small_encoder, toy_examples
from torch import Tensor

from nlp import fit_bag as fit_bag_module
from nlp.bag_scorer import BUCKETS, BagScorer, features
from nlp.finetune import Examples
from nlp.fit_bag import Bag, fit_bag, main_directions
from nlp.transformer_scorer import TagModel, load_tokenizer, token_ids

DIMENSIONS = fit_bag_module._DIMENSIONS


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use an encoder of a few weights."""
    with small_encoder(tmp_path_factory.mktemp("encoder")):
        yield


def same(one: BagScorer, other: BagScorer) -> bool:
    """Tell whether two scorers are the same, bit for bit."""
    return all(np.array_equal(array, other.arrays()[name]) for name, array in one.arrays().items())


def test_a_toy_problem_is_learnt() -> None:
    lines: list[str] = []
    scorer = fit_bag(toy_examples(), epochs=60, report=lines.append)
    assert [line.split(", loss")[0] for line in lines] == [f"fast: epoch {n} of 60" for n in range(1, 61)]
    assert losses(lines)[0] == pytest.approx(2 * np.log(2), abs=0.2)
    assert losses(lines)[-1] < 0.5
    unseen = ["they sell names", "they keep names", "we sell data", "we keep data"]
    np.testing.assert_array_equal(scorer.score(unseen) > 0, [[True, False], [False, True]] * 2)


def test_soft_targets_are_met() -> None:
    toy = toy_examples()
    soft = Examples(toy.texts, np.full((8, 2), [0.2, 0.7], np.float32), toy.weights)
    logits = fit_bag(soft, epochs=80, report=lambda line: None).score(toy.texts)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), np.tile([0.2, 0.7], (8, 1)), atol=0.1)


def test_a_text_that_counts_nothing_teaches_nothing() -> None:
    toy = toy_examples()
    targets, weights = toy.targets.copy(), toy.weights.copy()
    targets[0], weights[0] = [0, 1], 0
    silent = fit_bag(Examples(toy.texts, toy.targets, weights), epochs=1, report=lambda line: None)
    assert same(silent, fit_bag(Examples(toy.texts, targets, weights), epochs=1, report=lambda line: None))
    assert not same(silent, fit_bag(Examples(toy.texts, targets, toy.weights), epochs=1, report=lambda line: None))


def test_a_seed_gives_the_same_scorer() -> None:
    one, again, other = (fit_bag(toy_examples(), epochs=3, seed=s, report=lambda line: None) for s in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)


def test_every_epoch_takes_every_text_once_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, take = list[list[int]](), fit_bag_module._take

    def watched(columns: Tensor, starts: Tensor, chosen: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        taken.append(list(chosen))
        return take(columns, starts, chosen)

    monkeypatch.setattr(fit_bag_module, "_take", watched)
    monkeypatch.setattr(fit_bag_module, "_BATCH", 3)
    fit_bag(toy_examples(), epochs=2, report=lambda line: None)
    assert [len(chosen) for chosen in taken] == [3, 3, 2] * 2
    first, second = ([i for chosen in epoch for i in chosen] for epoch in (taken[:3], taken[3:]))
    assert sorted(first) == sorted(second) == list(range(8))
    assert list(range(8)) != first != second


def test_the_scorer_is_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_bag_module, "_DROPPED", 0.0)
    torch.manual_seed(0)
    bag = Bag(torch.randn(len(VOCABULARY), WIDTH), 3)
    # Pairs and the wide part as well, which are nothing at first.
    torch.nn.init.normal_(bag.table.weight, std=0.3)
    texts = ["we sell", "", "they keep your names for years"]
    columns, starts = features(token_ids(load_tokenizer(), texts), len(VOCABULARY))
    taken = fit_bag_module._take(torch.from_numpy(columns), torch.from_numpy(starts), [2, 0, 1])
    expected = bag(*taken).detach().numpy()
    np.testing.assert_allclose(
        fit_bag_module._scorer(bag, load_tokenizer()).score(texts)[[2, 0, 1]], expected, atol=1e-6
    )
    scorer = BagScorer.from_arrays(fit_bag_module._scorer(bag, load_tokenizer()).arrays(), 3, None)  # type: ignore[arg-type]
    np.testing.assert_allclose(scorer.score(texts)[[2, 0, 1]], expected, atol=0.01)


def test_some_features_are_dropped_at_random() -> None:
    torch.manual_seed(0)
    columns, starts = torch.arange(3000), torch.tensor([0, 0, 1000, 3000])
    taken, at, counts = fit_bag_module._take(columns, starts, [2, 0, 1])
    assert at.tolist() == [0, counts[0].item(), counts[0].item()]
    assert counts.tolist() == [pytest.approx(1400, abs=60), 0, pytest.approx(700, abs=60)]
    assert len(taken) == counts.sum()
    first, last = taken[: counts[0]].tolist(), taken[counts[0] :].tolist()
    assert first == sorted(set(first) & set(range(1000, 3000)))
    assert last == sorted(set(last) & set(range(1000)))
    assert fit_bag_module._take(columns, starts, [2])[0].tolist() != first


def test_a_bag_without_features_is_its_biases() -> None:
    bag = Bag(torch.randn(10, 4), 2)
    nothing = torch.tensor([0])
    expected = bag.output(torch.relu(bag.hidden.bias))
    torch.testing.assert_close(bag(torch.tensor([], dtype=torch.long), nothing, nothing)[0], expected)


def test_a_bag_starts_with_the_main_directions_of_its_words_and_nothing_else() -> None:
    torch.manual_seed(0)
    for width in (4, 60):
        words = torch.randn(90, width)
        table, first = Bag(words, 3).table.weight.detach(), min(width, DIMENSIONS)
        assert table.shape == (90 + BUCKETS, DIMENSIONS + 3)
        assert torch.equal(table[:90, :first], 0.3 * main_directions(words, DIMENSIONS))
        assert not table[:90, first:].any(), "the wide part, and what the words do not fill"
        assert not table[90:].any(), "the pairs"


def test_the_words_are_those_of_the_encoder() -> None:
    table = fit_bag(toy_examples(), epochs=0, report=lambda line: None).table
    expected = 0.3 * main_directions(TagModel.untrained(1).word_vectors(), DIMENSIONS)
    assert expected.shape == (len(VOCABULARY), WIDTH)
    np.testing.assert_array_equal(table[: len(VOCABULARY), :WIDTH], expected.numpy())
    assert table.shape == (len(VOCABULARY) + BUCKETS, DIMENSIONS + 2)
    assert not table[:, WIDTH:].any()


def test_the_wide_part_is_added_to_the_logits() -> None:
    bag = Bag(torch.randn(10, 4), 2)
    features, starts, counts = torch.tensor([3, 5, 3, 3, 3]), torch.tensor([0, 1]), torch.tensor([1, 4])
    before = bag(features, starts, counts)
    with torch.no_grad():
        bag.table.weight[3, DIMENSIONS:] = torch.tensor([1.0, -2.0])
        bag.table.weight[5, DIMENSIONS:] = torch.tensor([5.0, 0.0])
    # The sum over n features is divided by the root of n: (5 + 3 * 1) / 2 and 3 * -2 / 2.
    torch.testing.assert_close(bag(features, starts, counts) - before, torch.tensor([[1.0, -2.0], [4.0, -3.0]]))


def test_main_directions_by_hand() -> None:
    # The second axis varies most, then the first, and the third not at all; twenty in squares among eight numbers.
    words = torch.tensor([[7.0, 4.0, 9.0], [7.0, -2.0, 9.0], [8.0, 1.0, 9.0], [6.0, 1.0, 9.0]])
    turned = main_directions(words, 2)
    torch.testing.assert_close(turned.abs(), torch.tensor([[3.0, 0], [3, 0], [0, 1], [0, 1]]) / (20 / 7) ** 0.5)
    torch.testing.assert_close(turned[[0, 2]], -turned[[1, 3]])
    torch.testing.assert_close(main_directions(words, 1).abs(), torch.tensor([[3.0], [3], [0], [0]]) / 6**0.5)


@pytest.mark.parametrize(("dimensions", "width"), [(1, 1), (3, 3), (5, 5), (8, 5)])
def test_main_directions_are_principal_components(dimensions: int, width: int) -> None:
    words = np.random.default_rng(0).normal(size=(40, 5)) @ np.random.default_rng(1).normal(size=(5, 5)) + 3
    turned = main_directions(torch.from_numpy(words), dimensions).numpy()
    left, sizes, _ = np.linalg.svd(words - words.mean(0), full_matrices=False)
    expected = left[:, :width] * sizes[:width]
    # Which end of an axis is which is left open.
    np.testing.assert_allclose(np.abs(turned), np.abs(expected / expected.std(ddof=1)), atol=1e-9)
    assert turned.std(ddof=1) == pytest.approx(1)
    np.testing.assert_allclose(turned.mean(0), 0, atol=1e-9)


def test_words_that_are_all_alike_have_no_direction() -> None:
    assert not main_directions(torch.full((6, 3), 2.0), 2).any()
