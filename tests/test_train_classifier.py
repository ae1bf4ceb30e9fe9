"""Tests of nlp.train_classifier: pieces and targets by hand, and whole runs on an encoder of a few weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from classifier_fakes import WORDS, TableScorer, small_encoder, write_encoder

from corpus.labels import Label, paragraph_key
from corpus.opp115 import Segment
from corpus.paragraphs import Paragraph
from corpus.taxonomy import CATEGORY_IDS
from corpus.types import DocumentError
from nlp import examples, train_classifier
from nlp.classifier import MODES, ClauseClassifier, save
from nlp.encoder import SETTING
from nlp.linear_teacher import LinearTeacher
from nlp.train_classifier import Plan, pieces, tagged, train
from nlp.transformer_scorer import TransformerScorer

PLAN = Plan(
    word_epochs=1,
    teachers=2,
    teacher_epochs=1,
    student_epochs=1,
    student_texts=5,
    bag_epochs=2,
    bag_taught=0.6,
    held_back=0.3,
    dropout=0.2,
    taught=0.4,
    seed=3,
)
PARAGRAPHS = [
    f"We {verb} your {what} for years. They keep {what} with police today." for verb in WORDS for what in WORDS
]
SEGMENTS = [
    Segment(f"{who} sell your {what} today.", frozenset({label}), (), 3, {label: 3})
    for label in CATEGORY_IDS
    for who in ("we", "they")
    for what in ("logs", "mail")
]
VOTED = [Segment("nobody sell data with police", frozenset(), (), 2, {"other": 1})]


def paragraphs(texts: list[str]) -> list[Paragraph]:
    """Return texts as the data folder holds them."""
    return [Paragraph("Acme", "2020-01-02", text) for text in texts]


@pytest.fixture(scope="module", autouse=True)
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use an encoder of a few weights."""
    with small_encoder(tmp_path_factory.mktemp("encoder")):
        yield


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Stand in for the data folder and for our own labels, and note what is read."""
    asked: list[tuple[Any, ...]] = []

    def reads(name: str, value: object) -> Any:
        return lambda *given: asked.append((name, *given)) or value

    monkeypatch.setattr(train_classifier, "read_paragraphs", reads("paragraphs", paragraphs(PARAGRAPHS[:12])))
    monkeypatch.setattr(train_classifier, "read_split", reads("split", SEGMENTS))
    monkeypatch.setattr(train_classifier, "read_votes", reads("votes", VOTED))
    monkeypatch.setattr(examples, "read_clauses", list)
    monkeypatch.setattr(
        examples, "read_paragraph_labels", lambda: {paragraph_key(PARAGRAPHS[0]): Label(("retention",))}
    )
    monkeypatch.setattr(examples, "read_noise", lambda: ["menu"])
    return asked


class Watch:
    """Counts what a run trains, on how many texts and with which recipes, and who tags how many for how much."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trained: list[tuple[Any, ...]] = []
        self.tagged: list[tuple[list[Any], int, float]] = []
        self.weights: list[list[float]] = []
        self.dropout: list[float] = []
        pretrain, finetune, fit_bag = (getattr(train_classifier, n) for n in ("pretrain", "finetune", "fit_bag"))

        def watched_words(body: Any, tokenizer: Any, texts: Any, **given: Any) -> None:
            self.trained.append(("words", len(texts), given["epochs"], given["seed"]))
            pretrain(body, tokenizer, texts, **given)

        def watched_tags(model: Any, given: Any, recipe: Any, report: Any) -> Any:
            self.trained.append(("tags", len(given.texts), recipe.epochs, recipe.seed))
            self.dropout.append(model.dropout.p)
            self.weights.append(given.weights.tolist())
            return finetune(model, given, recipe, report)

        def watched_bag(given: Any, **options: Any) -> Any:
            self.trained.append(("bag", len(given.texts), options["epochs"], options["seed"]))
            self.weights.append(given.weights.tolist())
            return fit_bag(given, **options)

        def watched_tagged(teachers: Any, texts: Any, *, weight: float) -> Any:
            self.tagged.append((list(teachers), len(texts), weight))
            return tagged(teachers, texts, weight=weight)

        monkeypatch.setattr(train_classifier, "pretrain", watched_words)
        monkeypatch.setattr(train_classifier, "finetune", watched_tags)
        monkeypatch.setattr(train_classifier, "fit_bag", watched_bag)
        monkeypatch.setattr(train_classifier, "tagged", watched_tagged)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Count what is trained."""
    return Watch(monkeypatch)


def not_held_back(split: examples.Split) -> list[str]:
    """Return the texts that teachers may tag."""
    return pieces([text for text in PARAGRAPHS[:12] if text not in split.held_back.texts], 3)


def same(one: dict[Any, dict[str, np.ndarray]], other: dict[Any, dict[str, np.ndarray]]) -> bool:
    """Tell whether the arrays of two runs are the same, bit for bit."""
    return all(
        one[mode].keys() == other[mode].keys() and all(np.array_equal(a, other[mode][n]) for n, a in one[mode].items())
        for mode in MODES
    )


def test_a_run_makes_both_modes_from_all_the_data(tmp_path: Path, watch: Watch, data: list[tuple[Any, ...]]) -> None:
    lines: list[str] = []
    made = train(tmp_path, PLAN, report=lines.append)
    splits = [("split", tmp_path, name) for name in ("train", "validation")]
    assert data == [("paragraphs", tmp_path), splits[0], ("votes", tmp_path), splits[1]]
    split = examples.make_split([*SEGMENTS, *VOTED], PARAGRAPHS[:12], held_back=0.3)
    own, back, unlabelled = len(split.train.texts), len(split.held_back.texts), len(not_held_back(split))
    assert own + back == len(SEGMENTS) + 3
    assert lines[0] == f"{own} examples to train on, {back} held back"
    assert "fitting the linear teacher" in lines
    assert watch.trained == [
        ("words", 12 + len(SEGMENTS), 1, 3),
        ("tags", own, 1, 3),
        ("tags", own, 1, 4),
        ("tags", own + 5, 1, 5),
        ("bag", own + unlabelled, 2, 3),
    ]
    assert list(made) == list(MODES)
    for mode, arrays in made.items():
        assert arrays["calibration"].shape == (13, 2)
        assert arrays["thresholds"].shape == (13,)
        assert all(np.isfinite(array).all() for array in arrays.values())
        weights = {array.dtype for name, array in arrays.items() if name not in ("calibration", "thresholds")}
        assert weights == {np.dtype(np.float16)}
        save(tmp_path / mode, mode, CATEGORY_IDS, arrays, {})
        loaded = ClauseClassifier.load(tmp_path / mode, mode=mode)
        logits = loaded.scorer.score(split.held_back.texts)
        expected = train_classifier.calibrate(logits, split.held_back.targets >= 0.5)
        np.testing.assert_array_equal(arrays["calibration"], expected[0])
        np.testing.assert_array_equal(arrays["thresholds"], expected[1])
    assert not any(name.startswith("body.embeddings.") for name in made["accurate"])


def test_a_linear_model_teaches_beside_the_transformers(tmp_path: Path, watch: Watch) -> None:
    train(tmp_path, PLAN, report=lambda line: None)
    split = examples.make_split([*SEGMENTS, *VOTED], PARAGRAPHS[:12], held_back=0.3)
    texts, own = not_held_back(split), split.train.weights.tolist()
    (teachers, few, counts), (of_bag, many, all_of_it) = watch.tagged
    assert [type(teacher) for teacher in teachers] == [LinearTeacher, TransformerScorer, TransformerScorer]
    assert (few, counts) == (5, 0.4)
    assert [type(teacher) for teacher in of_bag] == [LinearTeacher, TransformerScorer]
    assert (many, all_of_it) == (len(texts), 0.6)
    # Fitted to what is labelled and not held back.
    expected = LinearTeacher.fit(split.train).score(texts)
    for linear in (teachers[0], of_bag[0]):
        np.testing.assert_array_equal(linear.score(texts), expected)
    # The teachers learn from labels alone, the student from five more texts, and the bag from all.
    taught = np.float32(0.4).item()
    assert watch.weights == [own, own, own + [taught] * 5, own + [np.float32(0.6).item()] * len(texts)]
    assert watch.dropout == [0.2, 0.2, 0.2]


def test_a_run_goes_on_from_its_work_folder(tmp_path: Path, watch: Watch) -> None:
    first = train(tmp_path, PLAN, work=tmp_path / "work", report=lambda line: None)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["student", "teacher-0", "teacher-1", "words"]
    assert [what for what, *_ in watch.trained] == ["words", "tags", "tags", "tags", "bag"]
    watch.trained.clear()
    again = train(tmp_path, PLAN, work=tmp_path / "work", report=lambda line: None)
    assert [what for what, *_ in watch.trained] == ["bag"]
    assert same(first, again)


def test_an_interrupted_run_ends_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    whole = train(tmp_path, PLAN, report=lambda line: None)
    finetune = train_classifier.finetune

    def stop_at_the_second(model: Any, given: Any, recipe: Any, report: Any) -> Any:
        if recipe.seed == 4:
            raise KeyboardInterrupt
        return finetune(model, given, recipe, report)

    monkeypatch.setattr(train_classifier, "finetune", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, PLAN, work=tmp_path / "work", report=lambda line: None)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["teacher-0", "words"]
    monkeypatch.setattr(train_classifier, "finetune", finetune)
    watch.trained.clear()
    assert same(whole, train(tmp_path, PLAN, work=tmp_path / "work", report=lambda line: None))
    assert [(what, seed) for what, _, _, seed in watch.trained] == [("tags", 4), ("tags", 5), ("bag", 3)]


def test_another_plan_or_other_data_starts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watch: Watch) -> None:
    plan = replace(PLAN, teachers=1, bag_epochs=1)
    train(tmp_path, plan, work=tmp_path / "work", report=lambda line: None)
    changes = [
        lambda: replace(plan, seed=4),
        lambda: monkeypatch.setattr(examples, "read_noise", lambda: ["menu", "sign in"]) or plan,
        lambda: (
            monkeypatch.setattr(train_classifier, "read_paragraphs", lambda folder: paragraphs(PARAGRAPHS[:13])) or plan
        ),
    ]
    for change in changes:
        watch.trained.clear()
        train(tmp_path, change(), work=tmp_path / "work", report=lambda line: None)
        assert [what for what, *_ in watch.trained] == ["words", "tags", "tags", "bag"]


def test_another_encoder_starts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watch: Watch) -> None:
    plan = replace(PLAN, teachers=1, bag_epochs=1)
    train(tmp_path, plan, work=tmp_path / "work", report=lambda line: None)
    watch.trained.clear()
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "other", seed=9)))
    train(tmp_path, plan, work=tmp_path / "work", report=lambda line: None)
    assert [what for what, *_ in watch.trained] == ["words", "tags", "tags", "bag"]


def test_the_key_of_a_run_covers_the_plan_the_texts_and_the_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = examples.make_split(SEGMENTS, PARAGRAPHS[:12], held_back=0.3)

    def key(plan: Plan = PLAN, split: examples.Split = split, paragraphs: list[str] = PARAGRAPHS[:12]) -> str:
        return train_classifier._key(plan, split, list(paragraphs))

    assert key() == key(replace(PLAN))
    keys = [key(), key(paragraphs=PARAGRAPHS[:13])]
    keys += [key(replace(PLAN, **{field.name: getattr(PLAN, field.name) + 1})) for field in fields(PLAN)]
    train, back = split.train, split.held_back
    keys += [key(split=replace(split, held_back=replace(back, texts=[*back.texts[:-1], "another"])))]
    keys += [
        key(split=replace(split, train=replace(train, **change)))
        for change in (
            {"texts": [*train.texts[:-1], "another"]},
            {"targets": 1 - train.targets},
            {"weights": 2 * train.weights},
        )
    ]
    monkeypatch.setenv(SETTING, str(write_encoder(tmp_path / "other", seed=9)))
    keys += [key()]
    assert len(set(keys)) == len(keys) == 2 + 11 + 4 + 1


def test_a_data_folder_that_lacks_something_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Read for real.
    monkeypatch.undo()
    with pytest.raises(DocumentError, match=r"^no such file: .*policy_paragraphs\.jsonl\.gz; give the folder that"):
        train(tmp_path, PLAN)


def test_teachers_are_averaged_before_the_logistic_function() -> None:
    one = TableScorer({"a": [0.0, 4.0], "b": [-2.0, 1.0]})
    two = TableScorer({"a": [2.0, -4.0], "b": [-4.0, 1.0]})
    made = tagged([one, two], ("a", "b"), weight=0.25)
    assert made.texts == ["a", "b"]
    np.testing.assert_allclose(made.targets, 1 / (1 + np.exp([[-1, 0], [3, -1]])), rtol=1e-6)
    assert made.weights.tolist() == [0.25, 0.25]
    assert (made.targets.dtype, made.weights.dtype) == (np.float32, np.float32)


def test_pieces_are_paragraphs_and_their_sentences_once() -> None:
    one = "We sell your names. They keep your logs for years. It is so."
    long = f"We sell {'names ' * 119}."
    texts = [one, "They keep your logs for years.", "We keep.", long, f"{long} We share your mail today."]
    assert sorted(pieces(texts, 0)) == sorted(
        [one, "We sell your names.", "They keep your logs for years.", "We share your mail today."]
    )


def test_a_seed_gives_the_order_of_pieces() -> None:
    made = pieces(PARAGRAPHS, 1)
    assert made == pieces(PARAGRAPHS, 1)
    assert made != pieces(PARAGRAPHS, 2)
    assert set(made) == set(pieces(PARAGRAPHS, 2))
    assert len(made) == len(set(made))
    assert made[: len(PARAGRAPHS)] != PARAGRAPHS, "paragraphs do not come first"
