"""Train both modes of the clause classifier, from domain text and labels to calibrated thresholds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from corpus.opp115 import read_split, read_votes, text_key
from corpus.paragraphs import read_paragraphs
from corpus.taxonomy import CATEGORY_IDS
from nlp import artefact
from nlp.bag_scorer import BagScorer
from nlp.calibrate import calibrate
from nlp.classifier import Mode, Scorer
from nlp.encoder import encoder_folder
from nlp.examples import Split, make_split
from nlp.finetune import Examples, Recipe, finetune
from nlp.fit_bag import fit_bag
from nlp.linear_teacher import LinearTeacher
from nlp.pretrain import pretrain
from nlp.sentences import sentence_spans
from nlp.stages import Stages
from nlp.steps import Progress
from nlp.transformer_scorer import TagModel, TransformerScorer
from nlp.word_pieces import load_tokenizer

Arrays = dict[str, NDArray[Any]]

_HERE = Path("the classifier in training")
_MIN_WORDS = 4
_MAX_WORDS = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a whole run; the model card says what each gave."""

    word_epochs: int = 2
    teachers: int = 2
    teacher_epochs: int = 5
    student_epochs: int = 4
    student_texts: int = 16_000
    bag_epochs: int = 10
    held_back: float = 0.1
    dropout: float = 0.1
    taught: float = 0.7
    bag_taught: float = 0.33
    """What a text that the teachers tagged counts beside a labelled one, for the transformer and for the bag."""
    seed: int = 0


def train(
    data: Path, plan: Plan | None = None, *, work: Path | None = None, report: Progress = print
) -> dict[Mode, Arrays]:
    """Train on a data folder and return the arrays of each mode, as `nlp.classifier.save` writes them.

    What each stage made is kept in the folder `work`, and a run with the same plan and data goes on from there.
    Raises `DocumentError` where the data folder lacks something.
    """
    plan = plan or Plan()
    paragraphs = [paragraph.text for paragraph in read_paragraphs(data)]
    segments, voted = read_split(data, "train"), read_votes(data)
    # A few paragraphs of policies are validation segments as well.
    measured = {text_key(segment.text) for segment in read_split(data, "validation")}
    paragraphs = [text for text in paragraphs if text_key(text) not in measured]
    split = make_split([*segments, *voted], paragraphs, held_back=plan.held_back)
    report(f"{len(split.train.texts)} examples to train on, {len(split.held_back.texts)} held back")
    run = _Run(plan, Stages(work, _key(plan, split, paragraphs)), report)
    back = set(split.held_back.texts)
    unlabelled = pieces([text for text in paragraphs if text not in back], plan.seed)
    words = run.words([*paragraphs, *(segment.text for segment in segments)])
    teachers = [
        TransformerScorer.of(
            run.finetuned(f"teacher-{i}", words, lambda: split.train, plan.teacher_epochs, plan.seed + i)
        )
        for i in range(plan.teachers)
    ]
    report("fitting the linear teacher")
    linear = LinearTeacher.fit(split.train)
    some = unlabelled[: plan.student_texts]
    student = run.finetuned(
        "student",
        words,
        lambda: split.train + tagged([linear, *teachers], some, weight=plan.taught),
        plan.student_epochs,
        plan.seed + plan.teachers,
    )
    arrays: Arrays = dict(student.arrays())
    # Calibrated as it will be used: from the weights as they are kept.
    accurate = TransformerScorer.from_arrays(arrays, len(CATEGORY_IDS), _HERE)
    taught = split.train + tagged([linear, accurate], unlabelled, weight=plan.bag_taught)
    bag: Arrays = dict(fit_bag(taught, epochs=plan.bag_epochs, seed=plan.seed, report=report).arrays())
    fast = BagScorer.from_arrays(bag, len(CATEGORY_IDS), _HERE)
    return {"accurate": arrays | _calibration(accurate, split), "fast": bag | _calibration(fast, split)}


@dataclass(frozen=True)
class _Run:
    """The stages that take long, each kept as soon as it is done."""

    plan: Plan
    stages: Stages
    report: Progress

    def words(self, texts: Sequence[str]) -> dict[str, Tensor]:
        """Return the encoder's layers after they have learnt to guess the masked words of policies."""
        plan = self.plan

        def make() -> dict[str, Tensor]:
            model = TagModel.untrained(len(CATEGORY_IDS))
            pretrain(model.body, load_tokenizer(), texts, epochs=plan.word_epochs, seed=plan.seed, report=self.report)
            return {name: value for name, value in model.own_state().items() if name.startswith("body.")}

        return self.stages.get("words", make)

    def finetuned(
        self, name: str, words: dict[str, Tensor], examples: Callable[[], Examples], epochs: int, seed: int
    ) -> TagModel:
        """Return a model that starts from `words` and has learnt from the examples, which are made if need be."""

        def make() -> dict[str, Tensor]:
            given = examples()
            self.report(f"{name}: fine-tuning on {len(given.texts)} texts")
            torch.manual_seed(seed)
            model = self._model(words)
            return finetune(model, given, Recipe(epochs, seed=seed), self.report).own_state()

        return self._model(self.stages.get(name, make))

    def _model(self, state: dict[str, Tensor]) -> TagModel:
        model = TagModel.untrained(len(CATEGORY_IDS), self.plan.dropout)
        lacking = [n for n in model.own_state() if n not in state and not n.startswith("head.")]
        if lacking:
            raise artefact.ArtefactError(f"a kept stage is damaged: {lacking[0]} is missing; remove the --work folder")
        model.load_state_dict(state, strict=False)
        return model


def _key(plan: Plan, split: Split, paragraphs: Sequence[str]) -> str:
    arrays = {"targets": split.train.targets, "weights": split.train.weights}
    texts = [split.train.texts, split.held_back.texts, paragraphs]
    return artefact.fingerprint(arrays, asdict(plan), asdict(Recipe()), texts, encoder_folder()[1])


def tagged(teachers: Sequence[Scorer], texts: Sequence[str], *, weight: float) -> Examples:
    """Return texts with the mean logits of the teachers, as probabilities, for targets."""
    logits = np.stack([teacher.score(texts) for teacher in teachers]).mean(axis=0)
    return Examples(list(texts), np.asarray(expit(logits), np.float32), np.full(len(texts), weight, np.float32))


def pieces(paragraphs: Sequence[str], seed: int) -> list[str]:
    """Return paragraphs and their single sentences, each once and in random order: what is tagged in use."""
    found: dict[str, None] = {}
    for text in paragraphs:
        for piece in [text, *(text[start:end].strip() for start, end in sentence_spans(text))]:
            if _MIN_WORDS <= len(piece.split()) <= _MAX_WORDS:
                found[piece] = None
    texts = list(found)
    random.Random(seed).shuffle(texts)
    return texts


def _calibration(scorer: Scorer, split: Split) -> Arrays:
    truth = split.held_back.targets >= 0.5
    calibration, thresholds = calibrate(scorer.score(split.held_back.texts), truth)
    return {"calibration": calibration, "thresholds": thresholds}
