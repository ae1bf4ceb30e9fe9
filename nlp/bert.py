"""The encoder's layers as a bare BERT, and forward passes that round the same for a text in any company."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from nlp.encoder import EncoderError, encoder_folder

M = TypeVar("M", bound=nn.Module)


def encoder_body(purpose: str, dropout: float = 0.0) -> BertModel:
    """Return the layers of the installed encoder, the embeddings frozen.

    Raises `EncoderError`, which names the purpose, where the encoder is not a folder with BERT weights.
    """
    folder = Path(encoder_folder()[0])
    if not (folder / "model.safetensors").is_file():
        raise EncoderError(f"{folder} is no folder with model.safetensors, which the {purpose} builds on")
    try:
        body, missing = _body(folder, dropout)
    except (OSError, RuntimeError, ValueError, SafetensorError) as e:
        raise EncoderError(f"{folder} is damaged and cannot be read as a BERT; check SMALLPRINT_ENCODER") from e
    if missing:
        raise EncoderError(f"{folder} is not a BERT as the {purpose} needs it: {missing[0]} is missing")
    return body


def _body(folder: Path, dropout: float) -> tuple[BertModel, list[str]]:
    """Return the encoder's layers, embeddings frozen, and the names of the weights that its file lacks."""
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    # Dropout inside attention costs a fifth of the time on a processor and gives nothing here.
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = dropout, 0.0
    body = BertModel(config, add_pooling_layer=False)
    with safe_open(folder / "model.safetensors", "pt") as weights:
        state = {name: weights.get_tensor(name) for name in weights.keys()}  # noqa: SIM118
    missing = body.load_state_dict(state, strict=False).missing_keys
    body.embeddings.requires_grad_(False)
    return body, list(missing)


def fixed_batches(
    rows: Sequence[Sequence[int]], shapes: Mapping[int, int]
) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """Yield the indices of rows of like length with their ids and mask, both of one of the shapes (tokens: texts).

    Matrix kernels round differently for different shapes, and an answer must not depend on what else is in the batch:
    where texts run out, a batch is filled up.
    """
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by_length[next(length for length in shapes if len(row) <= length)].append(i)
    for length, members in by_length.items():
        size = shapes[length]
        for at in range(0, len(members), size):
            chosen = members[at : at + size]
            ids = torch.zeros((size, length), dtype=torch.long)
            mask = torch.zeros((size, length), dtype=torch.long)
            # A filler attends to its first token, because a mean over nothing is not a number.
            mask[:, 0] = 1
            for place, i in enumerate(chosen):
                ids[place, : len(rows[i])] = torch.tensor(rows[i])
                mask[place, : len(rows[i])] = 1
            yield chosen, ids, mask


def ready(model: M, half: bool | None) -> M:
    """Set a model with a `body` up for use, in place: bfloat16 if `half` says so, by default where that is fast.

    Its attention is then twelve times as fast in bfloat16 as what training uses, which in turn is faster in training.
    """
    body: Any = model.eval().body
    body.set_attn_implementation("sdpa")
    return model.to(torch.bfloat16) if (half if half is not None else multiplies_bfloat16()) else model


@functools.cache
def multiplies_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself; where it is emulated, single precision is faster."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16") or able.get("bf16"))
