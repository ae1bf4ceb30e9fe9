"""Tests of nlp.pooled: the mean of the real tokens, and what is kept and taken back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from nlp_fakes import TinyBody

from nlp.pooled import PooledModel


def tiny_model(seed: int = 0) -> PooledModel:
    """Return a model over a body of a few weights."""
    torch.manual_seed(seed)
    return PooledModel(TinyBody())


def test_the_mean_leaves_padding_out() -> None:
    model = tiny_model()
    ids, mask = torch.tensor([[3, 4, 5], [6, 0, 0]]), torch.tensor([[1, 1, 0], [1, 0, 0]])
    states = model.body(input_ids=ids, attention_mask=mask).last_hidden_state
    pooled = model.pooled({"input_ids": ids, "attention_mask": mask})
    torch.testing.assert_close(pooled, torch.stack([(states[0, 0] + states[0, 1]) / 2, states[1, 0]]))


def test_what_is_kept_is_taken_back_and_leaves_the_embeddings_out() -> None:
    model, other = tiny_model(0), tiny_model(1)
    arrays = model.arrays()
    assert {name: array.dtype for name, array in arrays.items()} == dict.fromkeys(
        model.own_state(), np.dtype("float16")
    )
    assert not any(name.startswith("body.embeddings.") for name in arrays)
    embeddings = other.body.embeddings.weight.clone()
    other.take_arrays(arrays)
    assert all(np.array_equal(array, other.arrays()[name]) for name, array in arrays.items())
    assert torch.equal(other.body.embeddings.weight, embeddings)


@pytest.mark.parametrize("change", ["missing", "foreign", "shape"])
def test_arrays_of_another_model_are_refused_and_change_nothing(change: str) -> None:
    model = tiny_model()
    arrays, (first, *_) = model.arrays(), model.own_state()
    if change == "missing":
        del arrays[first]
    else:
        arrays["foreign" if change == "foreign" else first] = np.zeros(99, np.float16)
    before = model.arrays()
    with pytest.raises(ValueError, match="the arrays are not those of this model"):
        model.take_arrays(arrays)
    assert all(np.array_equal(array, model.arrays()[name]) for name, array in before.items())
