"""Teach the encoder's layers how privacy policies are worded, before they are taught to tag.

Masked-language modelling (Devlin et al., "BERT", NAACL 2019) continued on text of the domain (Gururangan et al.,
"Don't Stop Pretraining", ACL 2020). The word embeddings stay those of the installed encoder, so that only the layers
above them need to be kept.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlp.steps import Progress, descend, linear_rate, make_batches, padded
from nlp.word_pieces import token_ids

_MASKED = 0.2
_MAX_TOKENS = 128
_TOKENS_PER_STEP = 4096
_WARM_UP = 0.06
# Ids in the vocabulary of uncased BERT, which MiniLM shares.
_MARKS = torch.tensor([0, 101, 102])
_MASK = 103


@dataclass(frozen=True, slots=True)
class Masked:
    """A batch of shape (n, t): ids with words masked, the mask of real tokens, and where and what was masked."""

    ids: Tensor
    mask: Tensor
    places: Tensor
    truth: Tensor


class WordGuesser(nn.Module):
    """The head that guesses masked words: a layer, then the inner product with each word's embedding."""

    def __init__(self, words: Tensor) -> None:
        super().__init__()
        width = words.shape[1]
        self.layer = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(words.shape[0]))
        self.register_buffer("words", words, persistent=False)

    def forward(self, states: Tensor) -> Tensor:
        """Return logits of shape (n, vocabulary) for states of shape (n, width)."""
        hidden = self.norm(nn.functional.gelu(self.layer(states)))
        return nn.functional.linear(hidden, self.words, self.bias)  # type: ignore[arg-type]


def pretrain(
    body: nn.Module,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    *,
    epochs: int,
    learning_rate: float = 3e-4,
    seed: int = 0,
    report: Progress = print,
) -> None:
    """Train the layers of `body` in place to guess masked words of texts; `report` gets a line now and then.

    `body` is a BERT model without a pooler, `tokenizer` its tokenizer.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    embeddings: Any = body.embeddings
    head = WordGuesser(embeddings.word_embeddings.weight.detach())
    embeddings.requires_grad_(False)
    rows = [row[:_MAX_TOKENS] for row in token_ids(tokenizer, texts)]
    parameters = [p for p in (*body.parameters(), *head.parameters()) if p.requires_grad]
    steps = epochs * len(make_batches([len(row) for row in rows], _TOKENS_PER_STEP, rng))
    optimizer = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: linear_rate(step, steps, _WARM_UP))
    # Masking is noise enough; dropout would only cost time, a third of it on a processor.
    body.eval()
    step, running, started = 0, 0.0, time.monotonic()
    for _ in range(epochs):
        for batch in _masked(rows, tokenizer, rng):
            with torch.autocast("cpu", torch.bfloat16):
                states = body(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
                logits = head(states.flatten(0, 1)[batch.places])
            loss = nn.functional.cross_entropy(logits.float(), batch.truth)
            step, running = step + 1, running + descend(loss, optimizer, schedule)
            if step % 50 == 0:
                minutes = (time.monotonic() - started) / 60
                report(f"words: step {step} of about {steps}, loss {running / 50:.3f}, {minutes:.1f} min")
                running = 0.0


def _masked(rows: Sequence[Sequence[int]], tokenizer: Tokenizer, rng: random.Random) -> Iterator[Masked]:
    """Yield batches in which a fifth of the words is to be guessed: most are masked, some wrong, some left alone."""
    for chosen in make_batches([len(row) for row in rows], _TOKENS_PER_STEP, rng):
        ids, mask = padded([rows[i] for i in chosen])
        guess = (torch.rand(ids.shape) < _MASKED) & ~torch.isin(ids, _MARKS)
        if not guess.any():
            continue
        truth, how = ids[guess], torch.rand(int(guess.sum()))
        shown = torch.where(how < 0.8, torch.full_like(truth, _MASK), truth)
        wrong = torch.randint(tokenizer.get_vocab_size(), truth.shape)
        ids = ids.masked_scatter(guess, torch.where(how > 0.9, wrong, shown))
        yield Masked(ids, mask, guess.flatten().nonzero().squeeze(1), truth)
