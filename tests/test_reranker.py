"""Tests of nlp.reranker on an encoder of a few weights: logits by hand, in any company, saving and loading."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from classifier_fakes import AWKWARD, VOCABULARY, WIDTH, WORDS, ids_of, small_encoder, write_encoder
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from nlp import artefact, bert
from nlp.artefact import ArtefactError
from nlp.encoder import SETTING, EncoderError, encoder_folder
from nlp.reranker import KIND, VERSION, Pair, PairModel, PairScores, Reranker, load_model, save, sides
from nlp.word_pieces import MAX_TOKENS, load_tokenizer

THREADS = torch.get_num_threads()
SHAPES = {(8, 32), (8, 40), (8, 48), (8, 64), (4, 80), (4, 96), (4, 128), (2, 192), (2, 256)}
PAIRS: list[Pair] = [
    ("we sell", "your names"),
    ("we", "sell your names"),
    ("", ""),
    *(("they keep", " ".join(random.Random(n).choices(WORDS, k=n))) for n in (9, 26, 27, 28, 60, 130, 251, 252, 400)),
    ("we sell", "your names"),
]


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use an encoder of a few weights and return its folder."""
    with small_encoder(tmp_path_factory.mktemp("encoder")) as folder:
        yield folder


def tiny_model(seed: int = 0) -> PairModel:
    """Return a model with random heads on the small encoder."""
    torch.manual_seed(seed)
    return PairModel.untrained().eval()


def stacked(scores: PairScores) -> np.ndarray:
    """Return both logits of each pair, shape (n, 2)."""
    return np.stack([scores.relevance, scores.polarity], 1)


def alone(reranker: Reranker, pairs: Sequence[Pair]) -> np.ndarray:
    """Return the logits of pairs scored one by one."""
    return np.vstack([stacked(reranker.score([pair])) for pair in pairs])


def by_hand(model: PairModel, question: list[int], clause: list[int]) -> Tensor:
    """Return the logits for word ids of a question and of a clause, without a batch."""
    ids = torch.tensor([[101, *question, 102, *clause, 102]])
    kinds = torch.tensor([[0] * (len(question) + 2) + [1] * (len(clause) + 1)])
    states = model.body(input_ids=ids, token_type_ids=kinds).last_hidden_state
    return model.heads(states[0].mean(0))


def words_of(text: str) -> list[int]:
    """Return the ids of known words without marks."""
    return ids_of(text)[1:-1]


def test_a_token_belongs_to_the_question_up_to_its_mark() -> None:
    ids = torch.tensor([[101, 7, 8, 102, 9, 102], [101, 102, 7, 102, 0, 0], [0, 0, 0, 0, 0, 0]])
    assert sides(ids).tolist() == [[0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]]


def test_scores_are_the_heads_on_the_mean_of_both_texts() -> None:
    model = tiny_model()
    pairs = [("we sell", "your names"), ("they", "keep logs for years"), ("we sell your", "names")]
    scores = Reranker.of(model, half=False).score(pairs)
    expected = torch.stack([by_hand(model, words_of(a), words_of(b)) for a, b in pairs]).detach().numpy()
    np.testing.assert_allclose(scores.relevance, expected[:, 0], atol=1e-5)
    np.testing.assert_allclose(scores.polarity, expected[:, 1], atol=1e-5)
    # The same words with the mark elsewhere are another pair.
    assert abs(scores.relevance[0] - scores.relevance[2]) > 1e-3


def test_the_word_embeddings_are_frozen_and_not_its_own() -> None:
    model = PairModel.untrained(dropout=0.25)
    assert {"heads.weight", "heads.bias"} < model.own_state().keys()
    assert {name for name, p in model.named_parameters() if p.requires_grad} == set(model.own_state())
    assert not any(name.startswith("body.embeddings.") for name in model.own_state())
    assert model.heads.weight.shape == (2, WIDTH)
    assert model.dropout.p == 0.25


def test_a_model_sees_fixed_shapes_with_something_to_read_in_every_row() -> None:
    seen: list[tuple[int, ...]] = []

    class Watched(nn.Module):
        """Notes the shapes of what it is given, and says the ids."""

        def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
            """Return the ids as states of width one."""
            seen.append(tuple(input_ids.shape))
            assert attention_mask.shape == token_type_ids.shape == input_ids.shape
            assert attention_mask.any(1).all()
            return SimpleNamespace(last_hidden_state=input_ids.unsqueeze(-1).float())

    model = PairModel(Watched(), 1)
    with torch.no_grad():
        model.heads.weight.fill_(1)
        model.heads.bias.zero_()
    we = VOCABULARY.index("we")
    words = np.minimum(np.arange(300), MAX_TOKENS - 3)
    scores = Reranker(model, load_tokenizer()).score([(" ".join(["we"] * n), "") for n in range(300)])
    np.testing.assert_allclose(scores.relevance, (305 + words * we) / (words + 3), rtol=1e-6)
    assert set(seen) == SHAPES
    # 30 pairs of up to 32 tokens, 8 of up to 40, and so on; 64 and those that are cut have more than 192.
    assert [seen.count(shape) for shape in sorted(SHAPES, key=lambda s: s[1])] == [4, 1, 1, 2, 4, 4, 8, 32, 55]


@pytest.mark.parametrize("half", [False, True])
@given(
    pairs=st.lists(
        st.tuples(st.text(alphabet="aA b?", max_size=20), st.text(alphabet="aA bc.é", max_size=90))
        | st.sampled_from(PAIRS),
        min_size=1,
        max_size=6,
    ),
    random=st.randoms(use_true_random=False),
)
@settings(max_examples=10, deadline=None)
def test_scores_of_a_pair_are_the_same_in_any_company(half: bool, pairs: list[Pair], random: random.Random) -> None:
    reranker = Reranker.of(tiny_model(), half=half)
    expected = alone(reranker, pairs)
    np.testing.assert_array_equal(stacked(reranker.score(pairs)), expected)
    order = random.sample(range(len(pairs)), len(pairs))
    np.testing.assert_array_equal(stacked(reranker.score([pairs[i] for i in order])), expected[order])


def test_scores_are_the_same_in_more_than_one_batch() -> None:
    reranker = Reranker.of(tiny_model(), half=False)
    pairs = [*((f"we {a}", f"{b} you") for a in WORDS[:6] for b in WORDS[:4]), *PAIRS]
    expected = alone(reranker, pairs)
    order = np.random.default_rng(0).permutation(len(pairs))
    np.testing.assert_array_equal(stacked(reranker.score(pairs)), expected)
    np.testing.assert_array_equal(stacked(reranker.score([pairs[i] for i in order])), expected[order])


def test_a_mark_in_a_text_does_not_end_it() -> None:
    model = tiny_model()
    (hostile, plain) = ("we [SEP] sell", "names [SEP]")
    sep = [100, VOCABULARY.index("s"), VOCABULARY.index("##e"), VOCABULARY.index("##p"), 100]
    scores = Reranker.of(model, half=False).score([(hostile, plain)])
    expected = by_hand(model, [*words_of("we"), *sep, *words_of("sell")], [*words_of("names"), *sep])
    np.testing.assert_allclose(stacked(scores)[0], expected.detach().numpy(), atol=1e-5)


def test_no_pairs_give_no_scores() -> None:
    scores = Reranker.of(tiny_model()).score([])
    assert scores.relevance.shape == scores.polarity.shape == (0,)


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_awkward_texts_have_finite_scores(text: str) -> None:
    reranker = Reranker.of(tiny_model(), half=False)
    scores = stacked(reranker.score([(text, "we sell"), ("we sell", text), (text, text), ("we", "sell")]))
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[3:], stacked(reranker.score([("we", "sell")])))


def test_bfloat16_says_nearly_the_same_and_is_used_where_it_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, half = (stacked(Reranker.of(tiny_model(), half=half).score(PAIRS)) for half in (False, True))
    assert np.abs(whole).max() > 0.5
    np.testing.assert_allclose(half, whole, atol=0.05)
    assert not np.array_equal(half, whole)
    for able in (True, False):
        monkeypatch.setattr(bert, "multiplies_bfloat16", lambda able=able: able)
        expected = torch.bfloat16 if able else torch.float32
        assert {p.dtype for p in Reranker.of(tiny_model()).model.parameters()} == {expected}


def test_a_reranker_is_a_copy() -> None:
    model = tiny_model().train()
    reranker = Reranker.of(model, half=True)
    before = stacked(reranker.score(PAIRS))
    with torch.no_grad():
        model.heads.bias += 1
    np.testing.assert_array_equal(stacked(reranker.score(PAIRS)), before)
    assert model.training
    assert not reranker.model.training
    assert model.heads.bias.dtype == torch.float32


def test_a_round_trip_scores_the_same_up_to_half_precision(tmp_path: Path) -> None:
    trained = tiny_model()
    with torch.no_grad():
        trained.heads.weight *= 2
    save(trained, tmp_path / "reranker", {"epochs": 1})
    loaded = load_model(tmp_path / "reranker")
    assert not loaded.training
    found = stacked(Reranker.of(loaded, half=False).score(PAIRS))
    np.testing.assert_allclose(found, stacked(Reranker.of(trained, half=False).score(PAIRS)), atol=0.02)
    assert not np.allclose(found, stacked(Reranker.of(tiny_model(), half=False).score(PAIRS)), atol=0.1)
    np.testing.assert_array_equal(
        stacked(Reranker.load(tmp_path / "reranker").score(PAIRS)), stacked(Reranker.of(loaded).score(PAIRS))
    )
    config, arrays = artefact.load(tmp_path / "reranker", KIND, VERSION)
    assert config == {"kind": KIND, "version": VERSION, "encoder": encoder_folder()[1], "epochs": 1}
    assert arrays.keys() == trained.own_state().keys()
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}


def test_another_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tiny_model(), tmp_path / "reranker")
    made = encoder_folder()[1]
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "another", seed=1)))
    assert made != encoder_folder()[1]
    with pytest.raises(ArtefactError, match=f"was trained with the encoder {made}, not {encoder_folder()[1]}; train "):
        load_model(tmp_path / "reranker")


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: {name: array for name, array in arrays.items() if name != "heads.bias"},
        lambda arrays: {**arrays, "foreign": np.zeros(1, np.float16)},
        lambda arrays: {**arrays, "heads.bias": np.zeros(3, np.float16)},
        lambda arrays: {**arrays, "heads.weight": arrays["heads.weight"].T},
        lambda arrays: {},
    ],
    ids=["one missing", "one too many", "a longer one", "one turned", "none"],
)
def test_arrays_of_another_model_are_refused(tmp_path: Path, change: object) -> None:
    save(tiny_model(), tmp_path / "reranker")
    config, arrays = artefact.load(tmp_path / "reranker", KIND, VERSION)
    artefact.save(tmp_path / "reranker", config, change(arrays))  # type: ignore[operator]
    with pytest.raises(ArtefactError, match=r"reranker is damaged: its arrays are not those of a question-reranker"):
        Reranker.load(tmp_path / "reranker")


def test_a_folder_of_the_format_before_is_refused(tmp_path: Path) -> None:
    artefact.save(tmp_path / "reranker", {"kind": KIND, "version": 1}, tiny_model().arrays())
    with pytest.raises(ArtefactError, match=r"is not a question-reranker of format 2; make it again"):
        Reranker.load(tmp_path / "reranker")


def test_a_torn_or_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"holds no question-reranker: config\.json is missing"):
        Reranker.load(tmp_path)
    save(tiny_model(), tmp_path / "reranker")
    weights = tmp_path / "reranker" / artefact.ARRAYS
    weights.write_bytes(weights.read_bytes()[:-9])
    with pytest.raises(ArtefactError, match=r"is damaged and cannot be read as a question-reranker; make it again"):
        Reranker.load(tmp_path / "reranker")


def test_an_encoder_without_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    with pytest.raises(EncoderError, match=r" is no folder with model\.safetensors, which the reranker builds on$"):
        PairModel.untrained()


@pytest.mark.models
@pytest.mark.parametrize("half", [False, None], ids=["single precision", "as it is used"])
def test_the_installed_encoder_gives_the_same_scores_in_any_company(
    monkeypatch: pytest.MonkeyPatch, half: bool | None
) -> None:
    monkeypatch.delenv(SETTING)
    # As many as there are: threads share out the work by its shape.
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    reranker = Reranker.of(PairModel.untrained(), half=half)
    rng = random.Random(0)
    pairs = [("do you sell it?", " ".join(rng.choices(WORDS, k=k))) for k in (1, 9, 23, 24, 31, 52, 70, 85, 180, 254)]
    pairs += [("", ""), ("👩‍👩‍👧 \ud800?", "[SEP] \x00"), ("who?", "Sharing: We share your data with: advertisers.")]
    expected = alone(reranker, pairs)
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(stacked(reranker.score(pairs)), expected)
    order = rng.sample(range(len(pairs)), len(pairs))
    np.testing.assert_array_equal(stacked(reranker.score([pairs[i] for i in order])), expected[order])
    # In a batch that others fill, at another place in it.
    filled = [*(("who?", f"we {w} you") for w in WORDS), pairs[1]]
    np.testing.assert_array_equal(stacked(reranker.score(filled))[-1], expected[1])
