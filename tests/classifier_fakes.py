"""A whole encoder of a few weights in a folder, and examples and scorers to try the classifier's training on."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from nlp.bag_scorer import BUCKETS
from nlp.encoder import SETTING
from nlp.finetune import Examples

WORDS = "we you they sell keep share collect your names logs mail data for years with police nobody today".split()
# The marks have the ids that they have in BERT; any word is cut into letters.
_MARKS = ["[PAD]", *(f"[unused{i}]" for i in range(1, 100)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY = [*_MARKS, *string.ascii_lowercase, *(f"##{ch}" for ch in string.ascii_lowercase), *WORDS]
WIDTH = 16

AWKWARD = {
    "100,000 words": "we sell your names " * 25_000,
    "100,000 letters": "a" * 100_000,
    "nothing": "",
    "white space": " \n\t ",
    "emoji": "we sell 👩‍👩‍👧‍👦 your 🍪",
    "control characters": "we\x00 sell\x07\x1b your\u200b\u202e names\ufffe",
    "a lone surrogate": "we \ud800 sell",
}


def write_encoder(folder: Path, seed: int = 0) -> Path:
    """Write a BERT of one layer and a tokenizer of a few words to a folder, as a hub has them, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * WIDTH,
        max_position_embeddings=256,
        initializer_range=0.5,
    )
    torch.manual_seed(seed)
    body = BertModel(config)
    config.save_pretrained(folder)
    save_file(body.state_dict(), folder / "model.safetensors")
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 101), ("[SEP]", 102)]
    )
    # As in the published file: "[SEP]" in a text would be the mark, which the scorers must undo as well.
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    # As in the published file, which the scorers must undo.
    tokenizer.enable_padding(length=128)
    tokenizer.enable_truncation(128)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@contextmanager
def small_encoder(folder: Path) -> Iterator[Path]:
    """Use an encoder of a few weights for a while, with one thread: more only get in each other's way."""
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, str(write_encoder(folder)))
        torch.set_num_threads(1)
        yield folder
    torch.set_num_threads(threads)


def ids_of(text: str) -> list[int]:
    """Return the ids of known words between the marks."""
    return [101, *(VOCABULARY.index(word) for word in text.split()), 102]


def bag_arrays(labels: int = 3, seed: int = 0) -> dict[str, NDArray[np.float16]]:
    """Return random weights of a bag scorer, as they are kept."""
    rng = np.random.default_rng(seed)
    shapes = {
        "table": (len(VOCABULARY) + BUCKETS, 5 + labels),
        "hidden": (5, 7),
        "hidden_bias": (7,),
        "output": (7, labels),
        "output_bias": (labels,),
    }
    return {name: rng.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}


def toy_examples() -> Examples:
    """Return texts whose two labels hang on one word each: the first on "sell", the second on "keep"."""
    texts = [f"{who} {verb} {what}" for who in ("we", "they") for verb in ("sell", "keep") for what in ("logs", "mail")]
    targets = [["sell" in text, "keep" in text] for text in texts]
    return Examples(texts, np.array(targets, np.float32), np.ones(len(texts), np.float32))


@dataclass(frozen=True)
class TableScorer:
    """Logits that stand in a table by text."""

    logits: dict[str, Sequence[float]]
    asked: list[list[str]] = field(default_factory=list)

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the logits of texts and note the texts."""
        self.asked.append(list(texts))
        return np.array([self.logits[text] for text in texts], np.float64)


def losses(lines: Sequence[str]) -> list[float]:
    """Return the losses that a training reported, in its order."""
    return [float(line.split("loss ")[1].split(",")[0]) for line in lines]
