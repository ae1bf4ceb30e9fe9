"""Time the classifier beside the models that others tag clauses with, in one run on the same clauses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import torch
from transformers import RobertaConfig, RobertaForSequenceClassification

from corpus.load import DEFAULT_ID, load_bundled
from corpus.questions import read_question_sets
from corpus.taxonomy import CATEGORY_IDS
from nlp.classifier import MODES, ClauseClassifier
from nlp.encoder import SentenceEncoder
from nlp.segment import segment
from nlp.steps import padded
from nlp.word_pieces import load_tokenizer, token_ids

_BATCH = 32
_SEED = 0


@dataclass(frozen=True, slots=True)
class Speed:
    """A model, how many clauses it tags in a second, and that number divided by the first model's."""

    model: str
    clauses_per_second: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Speeds:
    """The speeds of all models on `clauses` clauses of `words` words on average."""

    clauses: int
    words: float
    rows: tuple[Speed, ...]


def time_classifiers(*, rounds: int = 3, peer_clauses: int = 200) -> Speeds:
    """Time a RoBERTa-base-sized model, MiniLM and both modes, tokenizing included; each is the median of `rounds`.

    The first, which is slow, gets `peer_clauses` of the clauses, the others all of them.
    """
    texts = benchmark_clauses()
    few = texts[:peer_clauses]
    encoder, roberta = SentenceEncoder.load(), _roberta_base()
    runs: list[tuple[str, Sequence[str], Callable[[Sequence[str]], Any]]] = [
        ("RoBERTa-base-sized, random weights, fp32", few, roberta),
        ("all-MiniLM-L6-v2, sentence-transformers, fp32", texts, encoder.encode),
        *((f"smallprint {mode}", texts, ClauseClassifier.load(mode=mode).predict) for mode in MODES),
    ]
    seconds: dict[str, list[float]] = {name: [] for name, _, _ in runs}
    for _, given, run in runs:
        run(given[:_BATCH])
    # Round by round, so that a busy minute of the machine falls on all of them.
    for _ in range(rounds):
        for name, given, run in runs:
            start = time.perf_counter()
            run(given)
            seconds[name].append((time.perf_counter() - start) / len(given))
    first = median(seconds[runs[0][0]])
    rows = tuple(Speed(name, 1 / median(times), first / median(times)) for name, times in seconds.items())
    return Speeds(len(texts), mean(len(text.split()) for text in texts), rows)


def benchmark_clauses() -> list[str]:
    """Return the clauses of the bundled statement and of our own, in random order."""
    statements = [load_bundled(DEFAULT_ID), *(questions.statement for questions in read_question_sets())]
    texts = [clause.text for statement in statements for clause in segment(statement)]
    random.Random(_SEED).shuffle(texts)
    return texts


def _roberta_base() -> Callable[[Sequence[str]], object]:
    """Return a function that tags with an untrained model of RoBERTa-base's size (Liu et al., 2019), 125 M parameters.

    Its words are cut by our tokenizer, which gives about as many pieces as its own.
    """
    config = RobertaConfig()
    config.num_labels = len(CATEGORY_IDS)
    model = RobertaForSequenceClassification(config)
    model.train(False)
    tokenizer = load_tokenizer()

    def tag(texts: Sequence[str]) -> None:
        rows = sorted(token_ids(tokenizer, texts), key=len)
        with torch.inference_mode():
            for at in range(0, len(rows), _BATCH):
                ids, mask = padded(rows[at : at + _BATCH])
                model(input_ids=ids, attention_mask=mask)

    return tag
