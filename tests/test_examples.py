"""Tests of nlp.examples: targets from majority, votes, marked sentences and our own labels, and what is held back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.labels import Label, LabelledClause, paragraph_key
from corpus.opp115 import Segment, Span
from corpus.taxonomy import CATEGORY_IDS
from nlp import examples as examples_module
from nlp.examples import Split, make_split, sentence_targets, soft_target
from nlp.finetune import Examples

FIRST, SECOND, THIRD = "We sell your names.", "You may tell us not to.", "It is so."
TEXT = f"{FIRST} {SECOND} {THIRD}"
STATEMENT = """# Acme

## Sharing

We sell your names.

We give data to:

- the police of the town
- our friends everywhere
"""


@pytest.fixture(autouse=True)
def no_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no labels of our own unless a test gives some."""
    monkeypatch.setattr(examples_module, "read_clauses", list)
    monkeypatch.setattr(examples_module, "read_paragraph_labels", dict)
    monkeypatch.setattr(examples_module, "read_noise", list)


def span(annotator: str, category: str, words: str, text: str = TEXT) -> Span:
    """Return an annotator's span over words of a text."""
    return Span(annotator, category, text.index(words), text.index(words) + len(words))


def named(row: np.ndarray | list[float]) -> dict[str, float]:
    """Return the targets of a row that are not nothing, by name."""
    return {label: pytest.approx(value) for label, value in zip(CATEGORY_IDS, row, strict=True) if value}


def rows(examples: Examples) -> list[tuple[str, dict[str, float], float]]:
    """Return text, targets and weight of each example."""
    return [
        (text, {n: round(float(v), 4) for n, v in zip(CATEGORY_IDS, row, strict=True) if v}, round(float(weight), 4))
        for text, row, weight in zip(examples.texts, examples.targets, examples.weights, strict=True)
    ]


def of_segments(*segments: Segment) -> list[tuple[str, dict[str, float], float]]:
    """Return the examples made of segments."""
    return rows(make_split(segments, [], held_back=0).train)


def test_a_majority_is_softened_by_the_votes() -> None:
    segment = Segment(FIRST, frozenset({"sharing"}), (), 3, {"sharing": 2, "choice": 1})
    assert of_segments(segment) == [(FIRST, {"sharing": 0.8333, "choice": 0.1667}, 1)]


def test_a_majority_without_votes_is_taken_at_its_word() -> None:
    assert of_segments(Segment(FIRST, frozenset({"sharing", "other"}))) == [(FIRST, {"sharing": 1, "other": 1}, 1)]


def test_votes_alone_count_less() -> None:
    segment = Segment(FIRST, frozenset(), (), 3, {"sharing": 2, "choice": 1})
    assert of_segments(segment) == [(FIRST, {"sharing": 0.6667, "choice": 0.3333}, 0.7)]


def test_a_segment_without_majority_and_votes_teaches_nothing() -> None:
    assert of_segments(Segment(FIRST, frozenset())) == []


def test_sentences_get_the_share_of_annotators_who_marked_words_in_them() -> None:
    spans = (
        span("a", "sharing", "sell your"),
        span("b", "sharing", FIRST),
        span("b", "sharing", "names"),
        span("a", "choice", "tell us"),
        span("a", "collection", "names. You"),
    )
    segment = Segment(TEXT, frozenset({"sharing"}), spans, 3, {"sharing": 3})
    assert of_segments(segment) == [
        (TEXT, {"sharing": 1}, 1),
        (FIRST, {"sharing": 0.6667, "collection": 0.3333}, 0.5),
        (SECOND, {"choice": 0.3333, "collection": 0.3333}, 0.5),
    ]


def test_a_span_ends_before_the_next_sentence() -> None:
    spans = (Span("a", "sharing", 0, len(FIRST) + 1), Span("a", "choice", len(FIRST) + 1, len(FIRST) + 4))
    found = list(sentence_targets(Segment(TEXT, frozenset(), spans, 1)))
    assert [(text, named(row)) for text, row in found] == [(FIRST, {"sharing": 1}), (SECOND, {"choice": 1})]


@pytest.mark.parametrize(
    ("text", "annotators"),
    [(TEXT, 0), (FIRST, 3), ("", 3)],
    ids=["annotations unknown", "a single sentence", "nothing"],
)
def test_a_segment_may_have_no_sentences(text: str, annotators: int) -> None:
    assert list(sentence_targets(Segment(text, frozenset(), (Span("a", "sharing", 0, 7),), annotators))) == []


def test_very_short_sentences_teach_nothing() -> None:
    text = f"Sell names. {FIRST}"
    spans = (span("a", "sharing", "Sell", text), span("a", "sharing", "sell", text))
    assert [found for found, _ in sentence_targets(Segment(text, frozenset(), spans, 1))] == [FIRST]


def test_what_may_be_said_counts_a_third() -> None:
    row = soft_target(Label(("sharing", "other"), ("choice",)))
    assert len(row) == 13
    assert named(row) == {"sharing": 1, "choice": 0.35, "other": 1}


def test_our_own_clauses_count_under_their_headings_and_less_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme.md").write_text(STATEMENT, encoding="utf-8")
    text = examples_module.load_file(tmp_path / "acme.md").text
    labels = {FIRST: Label(("sharing",)), "our friends everywhere": Label(("other",), ("sharing",))}
    clauses = [LabelledClause("acme", text.index(words), words, label) for words, label in labels.items()]
    monkeypatch.setattr(examples_module, "STATEMENTS", tmp_path)
    monkeypatch.setattr(examples_module, "read_clauses", lambda: clauses)
    friends = {"other": 1, "sharing": 0.35}
    assert rows(make_split([], [], held_back=0).train) == [
        (f"Sharing: {FIRST}", {"sharing": 1}, 0.7),
        (FIRST, {"sharing": 1}, 0.3),
        ("Sharing: We give data to: our friends everywhere", friends, 0.7),
        ("our friends everywhere", friends, 0.3),
    ]


def test_a_clause_without_a_heading_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme.md").write_text("We sell your names.\n", encoding="utf-8")
    monkeypatch.setattr(examples_module, "STATEMENTS", tmp_path)
    clause = LabelledClause("acme", 0, FIRST, Label(("sharing",)))
    monkeypatch.setattr(examples_module, "read_clauses", lambda: [clause])
    assert rows(make_split([], [], held_back=0).train) == [(FIRST, {"sharing": 1}, 0.7)]


def test_labelled_paragraphs_of_the_data_folder_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {paragraph_key(SECOND): Label(("choice",), ("sharing",)), paragraph_key("Elsewhere."): Label(("other",))}
    monkeypatch.setattr(examples_module, "read_paragraph_labels", lambda: known)
    made = make_split([], [FIRST, SECOND, THIRD], held_back=0).train
    assert rows(made) == [(SECOND, {"choice": 1, "sharing": 0.35}, 1)]


def test_no_category_claims_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_module, "read_noise", lambda: ["Menu", "Wir verkaufen nichts."])
    assert rows(make_split([], [], held_back=0).train) == [("Menu", {}, 0.5), ("Wir verkaufen nichts.", {}, 0.5)]


def test_nothing_gives_arrays_of_no_rows() -> None:
    split = make_split([], [], held_back=0.5)
    for side in (split.train, split.held_back):
        assert side.texts == []
        assert side.targets.shape == (0, 13)
        assert side.weights.shape == (0,)
        assert (side.targets.dtype, side.weights.dtype) == (np.float32, np.float32)


def marked(number: int) -> Segment:
    """Return a segment of three sentences whose number stands in each."""
    text = f"We sell item {number}. You may refuse item {number}. It is item {number} here."
    return Segment(text, frozenset({"sharing"}), (Span("a", "sharing", 0, len(text)),), 1, {"sharing": 1})


def sides(split: Split, number: int) -> tuple[int, int]:
    """Return how many examples of a segment are trained on and held back."""
    train, back = ([text for text in side.texts if f"item {number}" in text] for side in (split.train, split.held_back))
    return len(train), len(back)


@given(numbers=st.sets(st.integers(1000, 9999), min_size=1, max_size=12), share=st.floats(0, 1))
def test_a_split_never_parts_a_segment(numbers: set[int], share: float) -> None:
    split = make_split([marked(number) for number in sorted(numbers)], [], held_back=share)
    assert all(sides(split, number) in ((4, 0), (0, 4)) for number in numbers)
    for side in (split.train, split.held_back):
        assert side.targets.shape == (len(side.texts), 13)
        assert side.weights.tolist() == [1, 0.5, 0.5, 0.5] * (len(side.texts) // 4)


def test_the_share_that_is_held_back() -> None:
    segments = [marked(number) for number in range(1000, 2000)]
    for share, expected in ((0, 0), (0.1, 100), (0.5, 500), (1, 1000)):
        split = make_split(segments, [], held_back=share)
        assert len(split.held_back.texts) / 4 == pytest.approx(expected, abs=40 if 0 < share < 1 else 0)
        assert len(split.train.texts) + len(split.held_back.texts) == 4000
    # What is held back does not hang on what else there is.
    back = set(make_split(segments, [], held_back=0.1).held_back.texts)
    assert set(make_split(segments[:300], [], held_back=0.1).held_back.texts) <= back


def test_a_statement_and_a_labelled_segment_are_never_parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_module, "STATEMENTS", tmp_path)
    clauses = []
    for name in (f"acme-{n}" for n in range(12)):
        (tmp_path / f"{name}.md").write_text(
            f"# A\n\n## B\n\nWe sell {name} one. We keep {name} two.\n", encoding="utf-8"
        )
        text = examples_module.load_file(tmp_path / f"{name}.md").text
        starts = [text.index("We sell"), text.index("We keep")]
        clauses += [LabelledClause(name, start, "", Label(("sharing",))) for start in starts]
    monkeypatch.setattr(examples_module, "read_clauses", lambda: clauses)
    split = make_split([], [], held_back=0.4)
    for name in {clause.statement for clause in clauses}:
        assert sorted(sum(f"{name} " in text for text in side.texts) for side in (split.train, split.held_back)) == [
            0,
            4,
        ]
    assert split.train.texts and split.held_back.texts
    # A segment that we labelled too falls on one side with both labels.
    segments = [marked(number) for number in range(1000, 1040)]
    known = {paragraph_key(one.text): Label(("other",)) for one in segments}
    monkeypatch.setattr(examples_module, "read_paragraph_labels", lambda: known)
    both = make_split(segments, [one.text for one in segments], held_back=0.4)
    assert {sides(both, number) for number in range(1000, 1040)} == {(5, 0), (0, 5)}
