"""Tests of nlp.bert: batches of fixed shapes by hand, and the layers of an encoder of a few weights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from classifier_fakes import small_encoder, write_encoder
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import nn

from nlp.bert import encoder_body, fixed_batches, multiplies_bfloat16
from nlp.encoder import SETTING, EncoderError

SHAPES = {3: 2, 5: 1}


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use an encoder of a few weights and return its folder."""
    with small_encoder(tmp_path_factory.mktemp("encoder")) as folder:
        yield folder


def batches(rows: list[list[int]]) -> list[tuple[list[int], list[list[int]], list[list[int]]]]:
    """Return the batches of rows with lists in the place of tensors."""
    return [(chosen, ids.tolist(), mask.tolist()) for chosen, ids, mask in fixed_batches(rows, SHAPES)]


def test_batches_have_fixed_shapes_and_are_filled_up() -> None:
    assert batches([[1, 2, 3], [4], [5, 6, 7, 8], [9, 9]]) == [
        ([0, 1], [[1, 2, 3], [4, 0, 0]], [[1, 1, 1], [1, 0, 0]]),
        # A filler has a token to attend to.
        ([3], [[9, 9, 0], [0, 0, 0]], [[1, 1, 0], [1, 0, 0]]),
        ([2], [[5, 6, 7, 8, 0]], [[1, 1, 1, 1, 0]]),
    ]
    assert batches([]) == []


@given(st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=5), max_size=9))
def test_every_row_is_in_one_batch_with_its_own_ids(rows: list[list[int]]) -> None:
    seen: list[int] = []
    for chosen, ids, mask in fixed_batches(rows, SHAPES):
        assert ids.shape == mask.shape
        assert tuple(ids.shape) in {(2, 3), (1, 5)}
        assert mask.any(1).all()
        for i, row, real in zip(chosen, ids, mask, strict=False):
            assert row[real.bool()].tolist() == rows[i]
        seen += chosen
    assert sorted(seen) == list(range(len(rows)))


def test_the_body_has_the_layers_of_the_encoder_and_frozen_embeddings(encoder: Path) -> None:
    body, kept = encoder_body("parser", dropout=0.25), load_file(encoder / "model.safetensors")
    assert {name for name in kept if not name.startswith("pooler.")} == set(body.state_dict())
    assert all(torch.equal(value, kept[name]) for name, value in body.state_dict().items())
    frozen = {name for name, parameter in body.named_parameters() if not parameter.requires_grad}
    assert frozen == {name for name in kept if name.startswith("embeddings.")}
    rates = {name: part.p for name, part in body.named_modules() if isinstance(part, nn.Dropout)}
    assert rates.pop("encoder.layer.0.attention.self.dropout") == 0
    assert set(rates.values()) == {0.25}


def test_an_encoder_without_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_encoder(tmp_path / "bare")
    (folder / "model.safetensors").unlink()
    for source in (str(folder), "a-hub/a-model"):
        monkeypatch.setenv(SETTING, source)
        expected = rf"^{re.escape(source)} is no folder with model\.safetensors, which the parser builds on$"
        with pytest.raises(EncoderError, match=expected):
            encoder_body("parser")


@pytest.mark.parametrize("name", ["embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.bias"])
def test_an_encoder_that_lacks_a_layer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = write_encoder(tmp_path / "torn")
    kept = load_file(folder / "model.safetensors")
    save_file({other: value for other, value in kept.items() if other != name}, folder / "model.safetensors")
    monkeypatch.setenv(SETTING, str(folder))
    expected = f"^{re.escape(str(folder))} is not a BERT as the parser needs it: {re.escape(name)} is missing$"
    with pytest.raises(EncoderError, match=expected):
        encoder_body("parser")


def test_an_encoder_needs_no_pooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_encoder(tmp_path / "lean")
    kept = load_file(folder / "model.safetensors")
    lean = {name: value for name, value in kept.items() if not name.startswith("pooler.")}
    assert len(lean) == len(kept) - 2
    save_file(lean, folder / "model.safetensors")
    monkeypatch.setenv(SETTING, str(folder))
    assert all(torch.equal(value, kept[name]) for name, value in encoder_body("parser").state_dict().items())


@pytest.mark.parametrize("damage", ["weights cut off", "no weights at all", "no configuration", "no JSON", "wider"])
def test_a_damaged_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    folder = write_encoder(tmp_path / "damaged")
    weights, config = folder / "model.safetensors", folder / "config.json"
    if damage == "weights cut off":
        weights.write_bytes(weights.read_bytes()[:-9])
    elif damage == "no weights at all":
        weights.write_bytes(b"")
    elif damage == "no configuration":
        config.unlink()
    elif damage == "no JSON":
        config.write_text("{")
    else:
        config.write_text(json.dumps({**json.loads(config.read_text()), "intermediate_size": 99}))
    monkeypatch.setenv(SETTING, str(folder))
    expected = f"^{re.escape(str(folder))} is damaged and cannot be read as a BERT; check {SETTING}$"
    with pytest.raises(EncoderError, match=expected):
        encoder_body("parser")


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        ({}, False),
        ({"avx2": True, "avx512_bf16": False}, False),
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"bf16": True}, True),
    ],
)
def test_processors_that_multiply_bfloat16(
    monkeypatch: pytest.MonkeyPatch, able: dict[str, bool], expected: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert multiplies_bfloat16.__wrapped__() is expected
