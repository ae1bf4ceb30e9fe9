"""Tests of nlp.pretrain on an encoder of a few weights: what is masked, what is learnt and what stays."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
import torch
from classifier_fakes import VOCABULARY, WIDTH, losses, small_encoder
from torch import Tensor, nn

from nlp import pretrain as pretrain_module
from nlp.pretrain import WordGuesser, pretrain
from nlp.steps import padded
from nlp.transformer_scorer import TagModel, load_tokenizer, token_ids

CORPUS = ["we sell your names", "they keep logs for years", "nobody collect mail with police today"] * 6
MARKS = {0, 101, 102}


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use an encoder of a few weights."""
    with small_encoder(tmp_path_factory.mktemp("encoder")):
        yield


def pretrained(epochs: int, seed: int = 0, texts: list[str] = CORPUS) -> tuple[dict[str, Tensor], list[str]]:
    """Return the body's parameters after a run, and what it reported."""
    body, lines = TagModel.untrained(1).body, list[str]()
    pretrain(body, load_tokenizer(), texts, epochs=epochs, learning_rate=1e-2, seed=seed, report=lines.append)
    return body.state_dict(), lines


def test_words_are_learnt_and_embeddings_stay() -> None:
    before = TagModel.untrained(1).body.state_dict()
    after, lines = pretrained(200)
    assert [line.split(", loss")[0] for line in lines] == [f"words: step {n} of about 200" for n in (50, 100, 150, 200)]
    first, *_, last = losses(lines)
    # To guess among the 17 words of the corpus alone would cost 2.7.
    assert last < 2 < first
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert {name for name in before if not name.startswith("embeddings.")} >= changed
    assert len(changed) > 10


def test_a_seed_gives_the_same_layers() -> None:
    (one, _), (again, _), (other, _) = (pretrained(3, seed) for seed in (4, 4, 5))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_texts_without_words_teach_nothing() -> None:
    before = TagModel.untrained(1).body.state_dict()
    after, lines = pretrained(2, texts=["", " "])
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert lines == []


def test_long_texts_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def watched(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
        ids, mask = padded(rows)
        seen.append(ids.shape[1])
        return ids, mask

    monkeypatch.setattr(pretrain_module, "padded", watched)
    pretrained(1, texts=["we sell " * 300])
    assert seen == [128]


def test_what_is_masked_can_be_put_back() -> None:
    torch.manual_seed(0)
    texts = [" ".join(random.Random(n).choices(VOCABULARY[104:130], k=1 + n % 30)) for n in range(600)]
    rows = token_ids(load_tokenizer(), texts)
    batches = list(pretrain_module._masked(rows, load_tokenizer(), random.Random(0)))
    assert len(batches) > 2
    restored, shown = [], Counter[str]()
    words = guessed = 0
    for batch in batches:
        ids = batch.ids.flatten().clone()
        for given, truth in zip(ids[batch.places].tolist(), batch.truth.tolist(), strict=True):
            shown["mask" if given == 103 else "same" if given == truth else "other"] += 1
        ids[batch.places] = batch.truth
        assert not set(batch.truth.tolist()) & MARKS
        restored += [row[keep.bool()].tolist() for row, keep in zip(ids.view(batch.ids.shape), batch.mask, strict=True)]
        words += sum(token not in MARKS for token in ids.tolist())
        guessed += len(batch.truth)
        assert (batch.ids[batch.mask == 0] == 0).all()
    assert sorted(restored) == sorted(rows)
    assert guessed / words == pytest.approx(0.2, abs=0.02)
    assert {how: round(n / guessed, 1) for how, n in shown.items()} == {"mask": 0.8, "same": 0.1, "other": 0.1}


def test_a_guess_is_the_inner_product_with_the_embeddings_which_are_not_trained() -> None:
    torch.manual_seed(0)
    words = torch.randn(5, WIDTH)
    guesser = WordGuesser(words)
    with torch.no_grad():
        guesser.bias += torch.arange(5.0)
    states = torch.randn(3, WIDTH)
    hidden = guesser.norm(nn.functional.gelu(guesser.layer(states)))
    torch.testing.assert_close(guesser(states), hidden @ words.T + torch.arange(5.0))
    assert {name for name, _ in guesser.named_parameters()} == {
        "layer.weight",
        "layer.bias",
        "norm.weight",
        "norm.bias",
        "bias",
    }
    assert "words" not in guesser.state_dict()
