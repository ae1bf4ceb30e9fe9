"""Tests of nlp.transformer_scorer on an encoder of a few weights: logits by hand, in any company, kept and loaded."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from classifier_fakes import AWKWARD, VOCABULARY, WIDTH, WORDS, ids_of, small_encoder
from hypothesis import given, settings
from hypothesis import strategies as st
from nlp_fakes import TinyBody
from safetensors.torch import load_file
from torch import Tensor, nn

from nlp import bert
from nlp.artefact import ArtefactError
from nlp.bert import multiplies_bfloat16
from nlp.encoder import SETTING, EncoderError
from nlp.transformer_scorer import TagModel, TransformerScorer
from nlp.word_pieces import MAX_TOKENS, load_tokenizer, pair_ids, token_ids

THREADS = torch.get_num_threads()
SHAPES = {(32, 16), (24, 24), (16, 32), (12, 48), (8, 64), (8, 96), (4, 128), (4, 192), (4, 256)}
TEXTS = [
    "",
    "we sell your names",
    "nobody",
    *(" ".join(random.Random(n).choices(WORDS, k=n)) for n in (13, 14, 15, 22, 23, 60, 130, 253, 254, 255, 400)),
    "we sell your names",
]


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use an encoder of a few weights and return its folder."""
    with small_encoder(tmp_path_factory.mktemp("encoder")) as folder:
        yield folder


def tiny_model(labels: int = 3, seed: int = 0) -> TagModel:
    """Return a model with random heads on the small encoder."""
    torch.manual_seed(seed)
    return TagModel.untrained(labels)


def alone(scorer: TransformerScorer, texts: list[str]) -> np.ndarray:
    """Return the logits of texts scored one by one."""
    return np.vstack([scorer.score([text]) for text in texts])


def test_logits_are_the_head_on_the_mean_of_the_real_tokens() -> None:
    torch.manual_seed(0)
    model = TagModel(TinyBody(), 3, 2).eval()
    ids = torch.tensor([[5, 6, 7], [8, 31, 31]])
    mask = torch.tensor([[1, 1, 1], [1, 0, 0]])
    body, expected = model.body, []
    for row in ([5, 6, 7], [8]):
        expected.append(model.head(body.layer(body.embeddings(torch.tensor(row))).mean(0)))  # type: ignore[operator,union-attr]
    torch.testing.assert_close(model(ids, mask), torch.stack(expected))


def test_an_untrained_model_has_the_layers_of_the_encoder_and_frozen_embeddings(encoder: Path) -> None:
    model = TagModel.untrained(13, dropout=0.25)
    kept = load_file(encoder / "model.safetensors")
    assert {f"body.{name}" for name in kept if not name.startswith("pooler.")} == set(model.state_dict()) - {
        "head.weight",
        "head.bias",
    }
    for name, value in model.body.state_dict().items():
        assert torch.equal(value, kept[name]), name
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert trained == set(model.own_state())
    assert not any("embeddings" in name for name in trained)
    assert model.head.weight.shape == (13, kept["pooler.dense.weight"].shape[0])
    rates = {name: part.p for name, part in model.named_modules() if isinstance(part, nn.Dropout)}
    assert rates.pop("body.encoder.layer.0.attention.self.dropout") == 0
    assert len(rates) == 4
    assert set(rates.values()) == {0.25}


def test_word_vectors_are_the_frozen_embeddings_of_the_encoder(encoder: Path) -> None:
    vectors = tiny_model().word_vectors()
    assert vectors.shape == (len(VOCABULARY), WIDTH)
    assert torch.equal(vectors, load_file(encoder / "model.safetensors")["embeddings.word_embeddings.weight"])
    assert not vectors.requires_grad


def test_an_encoder_without_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    with pytest.raises(EncoderError, match=r" is no folder with model\.safetensors, which the classifier builds on$"):
        TagModel.untrained(3)


def test_arrays_are_the_trained_layers_in_half_precision() -> None:
    model = tiny_model()
    arrays = model.arrays()
    assert arrays.keys() == model.own_state().keys()
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}
    expected = model.head.weight.detach().numpy().astype(np.float16)
    np.testing.assert_array_equal(arrays["head.weight"], expected)


def test_scores_are_those_of_each_text_read_alone_without_padding() -> None:
    model = tiny_model().eval()
    scores = TransformerScorer.of(model, half=False).score(TEXTS)
    with torch.inference_mode():
        for text, row in zip(TEXTS, scores, strict=True):
            ids = torch.tensor([[101, *ids_of(text)[1:-1][: MAX_TOKENS - 2], 102]])
            np.testing.assert_allclose(row, model(ids, torch.ones_like(ids))[0].numpy(), atol=1e-4)


def test_bfloat16_says_nearly_the_same() -> None:
    whole, half = (TransformerScorer.of(tiny_model(), half=half).score(TEXTS) for half in (False, True))
    assert np.abs(whole).max() > 0.5
    np.testing.assert_allclose(half, whole, atol=0.05)
    assert not np.array_equal(half, whole)


def test_bfloat16_is_used_where_it_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    for able in (True, False):
        monkeypatch.setattr(bert, "multiplies_bfloat16", lambda able=able: able)
        expected = torch.bfloat16 if able else torch.float32
        assert {p.dtype for p in TransformerScorer.of(tiny_model()).model.parameters()} == {expected}


def test_a_scorer_is_a_copy() -> None:
    model = tiny_model().train()
    scorer = TransformerScorer.of(model, half=True)
    before = scorer.score(TEXTS)
    with torch.no_grad():
        model.head.bias += 1
    np.testing.assert_array_equal(scorer.score(TEXTS), before)
    assert model.training
    assert not scorer.model.training
    assert model.head.bias.dtype == torch.float32


@pytest.mark.parametrize("half", [False, True])
@given(
    texts=st.lists(st.text(alphabet="aA bc.é?", max_size=90) | st.sampled_from(TEXTS), min_size=1, max_size=6),
    random=st.randoms(use_true_random=False),
)
@settings(max_examples=10, deadline=None)
def test_logits_of_a_text_are_the_same_in_any_company(half: bool, texts: list[str], random: random.Random) -> None:
    scorer = TransformerScorer.of(tiny_model(), half=half)
    expected = alone(scorer, texts)
    np.testing.assert_array_equal(scorer.score(texts), expected)
    order = random.sample(range(len(texts)), len(texts))
    np.testing.assert_array_equal(scorer.score([texts[i] for i in order]), expected[order])


def test_logits_are_the_same_in_more_than_one_batch() -> None:
    scorer = TransformerScorer.of(tiny_model(), half=False)
    texts = [f"we {a} {b}" for a in WORDS for b in WORDS[:3]] + TEXTS[:6]
    expected = alone(scorer, texts)
    order = np.random.default_rng(0).permutation(len(texts))
    np.testing.assert_array_equal(scorer.score(texts), expected)
    np.testing.assert_array_equal(scorer.score([texts[i] for i in order]), expected[order])


def test_a_model_sees_fixed_shapes_with_something_to_read_in_every_row() -> None:
    seen: list[tuple[int, ...]] = []

    class Watched(nn.Module):
        """Notes the shapes of what it is given, and says the ids."""

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
            """Return the ids as states of width one."""
            seen.append(tuple(input_ids.shape))
            assert attention_mask.shape == input_ids.shape
            assert attention_mask.any(1).all()
            return SimpleNamespace(last_hidden_state=input_ids.unsqueeze(-1).float())

    model = TagModel(Watched(), 1, 1)
    with torch.no_grad():
        model.head.weight.fill_(1)
        model.head.bias.zero_()
    texts = [" ".join(["we"] * n) for n in range(300)]
    we = VOCABULARY.index("we")
    words = np.minimum(np.arange(300), MAX_TOKENS - 2)
    scores = TransformerScorer(model, load_tokenizer()).score(texts)
    np.testing.assert_allclose(scores[:, 0], (203 + words * we) / (words + 2), rtol=1e-6)
    assert set(seen) == SHAPES
    # 15 texts of up to 16 tokens, 8 of up to 24, and so on; 64 and those that are cut have more than 192.
    assert [seen.count(shape) for shape in sorted(SHAPES, key=lambda s: s[1])] == [1, 1, 1, 2, 2, 4, 8, 16, 28]


def test_no_texts_give_no_logits() -> None:
    assert TransformerScorer.of(tiny_model()).score([]).shape == (0, 3)


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_awkward_texts_have_finite_logits(text: str) -> None:
    scorer = TransformerScorer.of(tiny_model(), half=False)
    scores = scorer.score([text, "we sell"])
    assert scores.shape == (2, 3)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[1:], scorer.score(["we sell"]))


def test_token_ids_have_marks_and_are_cut() -> None:
    tokenizer = load_tokenizer()
    assert token_ids(tokenizer, []) == []
    short, empty, half = token_ids(tokenizer, ["We SELL names!", "", "we \ud800 sell"])
    assert short == [*ids_of("we sell names")[:-1], 100, 102]
    assert empty == [101, 102]
    assert half == [*ids_of("we")[:-1], 100, *ids_of("sell")[1:]]
    (long,) = token_ids(tokenizer, ["we sell " * 10_000])
    assert long == ids_of("we sell " * 127)
    assert len(long) == MAX_TOKENS


def test_marks_in_a_text_are_words_of_its_author() -> None:
    tokenizer = load_tokenizer()
    # A bracket is no word that the small tokenizer knows; "cls" is cut into letters.
    letters = {ch: VOCABULARY.index(f"##{ch}") for ch in "lspe"}
    sep = [100, VOCABULARY.index("s"), letters["e"], letters["p"], 100]
    cls = [100, VOCABULARY.index("c"), letters["l"], letters["s"], 100]
    (ids,) = token_ids(tokenizer, ["we [SEP] sell [CLS]"])
    assert ids == [101, VOCABULARY.index("we"), *sep, VOCABULARY.index("sell"), *cls, 102]
    (ids,) = pair_ids(tokenizer, [("we [SEP]", "sell [SEP]")])
    assert ids == [101, VOCABULARY.index("we"), *sep, 102, VOCABULARY.index("sell"), *sep, 102]


def test_ids_of_pairs_have_three_marks_and_the_longer_text_is_cut() -> None:
    tokenizer = load_tokenizer()
    assert pair_ids(tokenizer, []) == []
    short, empty, half = pair_ids(tokenizer, [("we sell", "your names"), ("", ""), ("we \ud800", "sell")])
    assert short == [*ids_of("we sell"), *ids_of("your names")[1:]]
    assert empty == [101, 102, 102]
    assert half == [*ids_of("we")[:-1], 100, 102, *ids_of("sell")[1:]]
    assert pair_ids(load_tokenizer(8), [("we sell", "names " * 10)]) == [
        [*ids_of("we sell"), *ids_of("names names names")[1:]]
    ]
    first, second = pair_ids(tokenizer, [("we sell", "names " * 10_000), ("names " * 10_000, "we sell")])
    assert len(first) == len(second) == MAX_TOKENS
    assert first == [*ids_of("we sell"), *ids_of("names " * (MAX_TOKENS - 5))[1:]]
    assert second == [*ids_of("names " * (MAX_TOKENS - 5)), *ids_of("we sell")[1:]]


def test_a_long_text_is_cut_before_it_is_tokenized() -> None:
    given: list[int] = []

    def encode_batch_fast(texts: list[str]) -> list[SimpleNamespace]:
        given.extend(len(text) for text in texts)
        return [SimpleNamespace(ids=[101, 102]) for _ in texts]

    token_ids(SimpleNamespace(encode_batch_fast=encode_batch_fast), ["a" * 10_000_000, "b"])  # type: ignore[arg-type]
    assert given[0] <= 20_000
    assert given[1] == 1


def test_a_round_trip_scores_the_same_up_to_half_precision() -> None:
    trained = tiny_model(seed=1)
    with torch.no_grad():
        for parameter in trained.parameters():
            if parameter.requires_grad:
                parameter += 0.05 * torch.randn_like(parameter)
    loaded = TransformerScorer.from_arrays(trained.arrays(), 3, Path("models/classifier"))
    expected = TransformerScorer.of(trained, half=multiplies_bfloat16()).score(TEXTS)
    np.testing.assert_allclose(loaded.score(TEXTS), expected, atol=0.05)
    assert not np.allclose(TransformerScorer.of(tiny_model(seed=1)).score(TEXTS), expected, atol=0.05)
    again = TransformerScorer.from_arrays(trained.arrays(), 3, Path("models/classifier"))
    np.testing.assert_array_equal(again.score(TEXTS), loaded.score(TEXTS))


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: {name: array for name, array in arrays.items() if name != "head.bias"},
        lambda arrays: {**arrays, "foreign": np.zeros(1, np.float16)},
        lambda arrays: {**arrays, "head.bias": np.zeros(4, np.float16)},
        lambda arrays: {**arrays, "head.weight": arrays["head.weight"].T},
        lambda arrays: tiny_model(labels=4).arrays(),
        lambda arrays: {},
    ],
    ids=["one missing", "one too many", "a longer one", "one turned", "more labels", "none"],
)
def test_arrays_of_another_model_are_refused(change: object) -> None:
    arrays = change(tiny_model().arrays())  # type: ignore[operator]
    with pytest.raises(ArtefactError, match=r"^models/classifier is damaged: its arrays are not those of a classifier"):
        TransformerScorer.from_arrays(arrays, 3, Path("models/classifier"))


@pytest.mark.models
@pytest.mark.parametrize("half", [False, None], ids=["single precision", "as it is used"])
def test_the_installed_encoder_gives_the_same_logits_in_any_company(
    monkeypatch: pytest.MonkeyPatch, half: bool | None
) -> None:
    monkeypatch.delenv(SETTING)
    # As many as there are: threads share out the work by its shape.
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    scorer = TransformerScorer.of(TagModel.untrained(13), half=half)
    rng = random.Random(0)
    texts = [" ".join(rng.choices(WORDS, k=k)) for k in (1, 3, 9, 14, 15, 29, 61, 254)]
    texts += ["", "👩‍👩‍👧 \ud800 \x00", "Sharing: We may share your data with: advertisers (see section 4)."]
    expected = alone(scorer, texts)
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(scorer.score(texts), expected)
    order = rng.sample(range(len(texts)), len(texts))
    np.testing.assert_array_equal(scorer.score([texts[i] for i in order]), expected[order])
    # In a batch that others fill, at another place in it.
    np.testing.assert_array_equal(scorer.score([*(f"we {w} you" for w in WORDS * 2), texts[1]])[-1], expected[1])
