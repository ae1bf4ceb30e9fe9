"""Tests of nlp.measure_classifier: speeds by a clock of our own, and which clauses they are measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from classifier_fakes import write_encoder
from transformers import RobertaConfig, RobertaForSequenceClassification

from corpus.load import DEFAULT_ID, load_bundled
from corpus.questions import read_question_sets
from nlp import measure_classifier
from nlp.classifier import ClauseClassifier
from nlp.encoder import SETTING, SentenceEncoder
from nlp.measure_classifier import Speed, Speeds, benchmark_clauses, time_classifiers
from nlp.segment import segment

TEXTS = [f"clause {i}" for i in range(40)]


class Workbench:
    """A clock that models move on, by so many seconds a text, with how often each ran and on how much."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.ran: list[tuple[str, int]] = []
        self.slowed = 1.0
        monkeypatch.setattr(measure_classifier, "time", SimpleNamespace(perf_counter=lambda: self.now))
        monkeypatch.setattr(measure_classifier, "benchmark_clauses", lambda: TEXTS)
        monkeypatch.setattr(measure_classifier, "_roberta_base", lambda: self.model("roberta", 0.5))
        encoder = SimpleNamespace(encode=self.model("minilm", 0.1))
        monkeypatch.setattr(SentenceEncoder, "load", classmethod(lambda cls: encoder))
        modes = {"accurate": 0.05, "fast": 0.005}
        monkeypatch.setattr(
            ClauseClassifier,
            "load",
            classmethod(lambda cls, *, mode: SimpleNamespace(predict=self.model(mode, modes[mode]))),
        )

    def model(self, name: str, seconds: float) -> Callable[[Sequence[str]], None]:
        """Return a model that needs so long for a text."""

        def run(texts: Sequence[str]) -> None:
            assert list(texts) == TEXTS[: len(texts)]
            self.ran.append((name, len(texts)))
            # The first of three rounds falls on a busy minute of the machine.
            busy = 10 if sum(ran == name for ran, _ in self.ran) == 2 else 1
            self.now += seconds * len(texts) * busy

        return run


@pytest.fixture
def workbench(monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Stand in for the models and the clock."""
    return Workbench(monkeypatch)


def test_speeds_are_medians_beside_the_first(workbench: Workbench) -> None:
    speeds = time_classifiers(rounds=3, peer_clauses=10)
    assert speeds == Speeds(
        clauses=40,
        words=2,
        rows=(
            Speed("RoBERTa-base-sized, random weights, fp32", pytest.approx(2), 1),
            Speed("all-MiniLM-L6-v2, sentence-transformers, fp32", pytest.approx(10), pytest.approx(5)),
            Speed("smallprint accurate", pytest.approx(20), pytest.approx(10)),
            Speed("smallprint fast", pytest.approx(200), pytest.approx(100)),
        ),
    )


def test_all_are_warmed_up_and_then_run_round_by_round(workbench: Workbench) -> None:
    time_classifiers(rounds=2, peer_clauses=10)
    names = ["roberta", "minilm", "accurate", "fast"]
    warm = list(zip(names, [10, 32, 32, 32], strict=True))
    assert workbench.ran == warm + 2 * list(zip(names, [10, 40, 40, 40], strict=True))


def test_clauses_are_all_of_ours_in_an_order_that_is_always_the_same() -> None:
    texts = benchmark_clauses()
    statements = [load_bundled(DEFAULT_ID), *(one.statement for one in read_question_sets())]
    expected = [clause.text for statement in statements for clause in segment(statement)]
    assert sorted(texts) == sorted(expected)
    assert texts != expected
    assert benchmark_clauses() == texts


def test_the_peer_has_the_size_of_roberta_base() -> None:
    config = RobertaConfig()
    config.num_labels = 13
    with torch.device("meta"):
        model = RobertaForSequenceClassification(config)
    assert sum(p.numel() for p in model.parameters()) == pytest.approx(125e6, rel=0.01)


def test_the_peer_reads_every_text_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path)))
    config = RobertaConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
    monkeypatch.setattr(measure_classifier, "RobertaConfig", lambda: config)
    seen: list[tuple[int, int, int]] = []
    forward = RobertaForSequenceClassification.forward

    def watched(model: RobertaForSequenceClassification, **given: torch.Tensor) -> object:
        assert not model.training
        assert torch.is_inference_mode_enabled()
        found = forward(model, **given)
        assert found.logits.shape[1] == 13
        seen.append((*given["input_ids"].shape, int(given["attention_mask"].sum())))
        return found

    monkeypatch.setattr(RobertaForSequenceClassification, "forward", watched)
    measure_classifier._roberta_base()(["we sell " * (n % 3) for n in range(70)])
    assert [rows for rows, _, _ in seen] == [32, 32, 6]
    assert [width for _, width, _ in seen] == [4, 6, 6]
    assert sum(tokens for _, _, tokens in seen) == sum(2 + 2 * (n % 3) for n in range(70))
