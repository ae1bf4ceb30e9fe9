"""Tests of corpus.opp115 on records written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.opp115 import Segment, Span, read_split, read_votes, targets
from corpus.types import DocumentError

SHARED = Path(__file__).parents[2] / "shared" / "data"
AUDIENCES = "International and Specific Audiences"


def practice(annotator: str, category: str, **attributes: tuple[str, str]) -> dict[str, Any]:
    """Return a practice; attributes are name=(value, quote), with _ for the spaces and hyphens of a name."""
    named = {name.replace("_", " "): {"value": value, "quote": quote} for name, (value, quote) in attributes.items()}
    return {"annotator": annotator, "category": category, "attributes": named}


def write(folder: Path, segments: list[Any], practices: list[Any]) -> Path:
    (folder / "opp115").mkdir()
    lines = [json.dumps(segment) for segment in segments]
    (folder / "opp115" / "train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with gzip.open(folder / "opp115" / "practices.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(record) + "\n" for record in practices))
    return folder


def test_a_segment_has_categories_spans_and_annotators(tmp_path: Path) -> None:
    text = " We collect your name and share it."
    practices = [
        practice("1", "First Party Collection/Use", Data=("Contact", " your name "), Purpose=("x", "null")),
        practice("2", "Third Party Sharing/Collection", Action=("Share", "share it"), Kind=("y", "Not selected")),
        practice("2", "Other", Other_Type=("Introductory/Generic", "We")),
        practice("3", "Other", Other_Type=("Other", "not in the text")),
    ]
    labels = ["First Party Collection/Use", "Third Party Sharing/Collection"]
    # The two files differ in white space and punctuation.
    record = {"text": "We collect your name, and share it", "practices": practices}
    assert read_split(write(tmp_path, [{"text": text, "labels": labels}], [record]), "train") == [
        Segment(
            text,
            frozenset({"collection", "sharing"}),
            (
                Span("1", "collection", 12, 21),
                Span("2", "sharing", 26, 34),
                Span("2", "generic", 1, 3),
            ),
            annotators=3,
            votes={"collection": 1, "sharing": 1, "generic": 1, "other": 1},
        )
    ]


def test_an_annotator_votes_once_for_a_category(tmp_path: Path) -> None:
    practices = [
        practice("1", AUDIENCES, Audience_Type=("Children", "x")),
        practice("2", AUDIENCES, Audience_Type=("Californians", "x")),
        practice("2", AUDIENCES, Audience_Type=("Europeans", "y")),
        practice("1", "Data Security"),
        practice("1", "Data Security"),
        practice("2", "Data Security"),
        practice("3", "Other", Other_Type=("Privacy contact information", "x")),
        practice("3", "Other"),
    ]
    record = {"text": "a", "practices": practices}
    (segment,) = read_split(write(tmp_path, [{"text": "a", "labels": ["Data Security"]}], [record]), "train")
    assert segment.votes == {"children": 1, "international": 1, "security": 2, "contact": 1, "other": 1}
    assert segment.annotators == 3


def test_votes_are_read_of_the_segments_in_neither_split(tmp_path: Path) -> None:
    lost = [practice("1", "Data Security", Measure=("x", "locks")), practice("2", "Data Retention")]
    records = [
        {"text": "We, train.", "practices": [practice("1", "Data Security")]},
        {"text": "Their locks.", "practices": lost},
        {"text": "You validate", "practices": [practice("1", "Data Security")]},
        {"text": "Nobody marked this.", "practices": []},
    ]
    write(tmp_path, [{"text": "We train.", "labels": []}], records)
    (tmp_path / "opp115" / "validation.jsonl").write_text('{"text": "You validate!", "labels": []}\n')
    assert read_votes(tmp_path) == [
        Segment("Their locks.", frozenset(), (Span("1", "security", 6, 11),), 2, {"security": 1, "retention": 1}),
        Segment("Nobody marked this.", frozenset()),
    ]


def test_votes_are_not_read_of_what_overlaps_a_split(tmp_path: Path) -> None:
    long = "We collect your name, and your address, when you order from us."
    marked = [practice("1", "Data Security")]
    texts = [
        f"1. Collection. {long} We share it.",
        "We collect your name and your ADDRESS when you order from us",
        "your address",
        # Forty letters of a split, thirty-nine, and a part of each.
        f"They {'a' * 40} it.",
        f"They {'b' * 39} it.",
        "aaa",
        "bbb",
        "We collect your names.",
    ]
    write(
        tmp_path,
        [{"text": long, "labels": []}, {"text": "a" * 40, "labels": []}],
        [{"text": text, "practices": marked} for text in texts],
    )
    (tmp_path / "opp115" / "validation.jsonl").write_text(json.dumps({"text": "b" * 39, "labels": []}) + "\n")
    assert [segment.text for segment in read_votes(tmp_path)] == [f"They {'b' * 39} it.", "We collect your names."]


@pytest.mark.parametrize(
    "practices",
    [
        5,
        None,
        [5],
        ["practice"],
        [{"annotator": "1"}],
        [{"category": "Other", "attributes": {}}],
        [practice("1", "Nonsense")],
        [practice("1", "Other") | {"attributes": []}],
        [practice("1", "Data Security") | {"attributes": {"Measure": "locks"}}],
    ],
)
def test_votes_of_another_shape_are_refused(tmp_path: Path, practices: Any) -> None:
    write(tmp_path, [{"text": "In a split.", "labels": []}], [{"text": "In neither.", "practices": practices}])
    (tmp_path / "opp115" / "validation.jsonl").write_text('{"text": "In the other.", "labels": []}\n')
    assert len(read_split(tmp_path, "train")) == 1, "which does not look at them"
    with pytest.raises(DocumentError, match=r"practices\.jsonl\.gz is not a file of OPP-115 practices: "):
        read_votes(tmp_path)


def test_votes_need_both_splits(tmp_path: Path) -> None:
    write(tmp_path, [{"text": "a", "labels": []}], [])
    with pytest.raises(DocumentError, match=r"^no such file: .*validation\.jsonl; give the folder that holds opp115/"):
        read_votes(tmp_path)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (["Children", "Children", "Californians"], {"children"}),
        (["Children", "Californians", "Europeans"], {"international"}),
        (["Children", "Californians"], {"children", "international"}),
        (["Not given"], {"international"}),
    ],
)
def test_the_majority_tells_children_from_other_audiences(tmp_path: Path, votes: list[str], expected: set[str]) -> None:
    practices = [practice(str(n), AUDIENCES, Audience_Type=(vote, "x")) for n, vote in enumerate(votes)]
    segments = [{"text": "Some people.", "labels": [AUDIENCES, "Data Security"]}]
    (segment,) = read_split(write(tmp_path, segments, [{"text": "Some people.", "practices": practices}]), "train")
    assert segment.categories == expected | {"security"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Children may not use it.", "children"),
        ("Nobody under the age of 13.", "children"),
        ("We obey COPPA.", "children"),
        ("A minor may ask.", "children"),
        ("Californians may ask.", "international"),
        ("Minority rights hold.", "international"),
        ("Grandchildren of ours.", "international"),
    ],
)
def test_words_tell_audiences_where_no_annotation_is_known(tmp_path: Path, text: str, expected: str) -> None:
    (segment,) = read_split(write(tmp_path, [{"text": text, "labels": [AUDIENCES]}], []), "train")
    assert segment == Segment(text, frozenset({expected}), (), 0)


def test_targets_are_in_the_order_of_the_taxonomy() -> None:
    assert targets(frozenset({"collection", "other"})) == [True, *[False] * 11, True]
    assert targets(frozenset()) == [False] * 13


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^no such file: .*practices\.jsonl\.gz; give the folder that holds opp11"):
        read_split(tmp_path, "train")
    write(tmp_path, [], [])
    with pytest.raises(DocumentError, match=r"^no such file: .*validation\.jsonl; give the folder that holds opp115/"):
        read_split(tmp_path, "validation")


@pytest.mark.parametrize(
    "segment", [5, [], {"text": "a"}, {"text": 5, "labels": []}, {"text": "a", "labels": ["Nonsense"]}, None]
)
def test_a_segment_of_another_shape_is_refused(tmp_path: Path, segment: Any) -> None:
    with pytest.raises(DocumentError, match=r"train\.jsonl is not a file of OPP-115 segments: "):
        read_split(write(tmp_path, [segment], []), "train")


@pytest.mark.parametrize(
    "practices",
    [
        [5],
        [{"annotator": "1"}],
        [practice("1", "Nonsense", A=("b", "a"))],
        [practice("1", "Other") | {"attributes": []}],
    ],
)
def test_a_practice_of_another_shape_is_refused(tmp_path: Path, practices: list[Any]) -> None:
    folder = write(tmp_path, [{"text": "a", "labels": []}], [{"text": "a", "practices": practices}])
    with pytest.raises(DocumentError, match=r"train\.jsonl is not a file of OPP-115 segments: "):
        read_split(folder, "train")


@pytest.mark.parametrize("record", [5, [], {"text": "a"}, {"text": 5, "practices": []}])
def test_a_record_of_another_shape_is_refused(tmp_path: Path, record: Any) -> None:
    with pytest.raises(DocumentError, match=r"practices\.jsonl\.gz is not a file of OPP-115 practices: "):
        read_split(write(tmp_path, [], [record]), "train")


@pytest.mark.parametrize("harm", ["torn", "changed", "text", "empty line"])
def test_a_torn_file_is_refused(tmp_path: Path, harm: str) -> None:
    write(tmp_path, [], [{"text": f"segment {n}", "practices": []} for n in range(200)])
    path = tmp_path / "opp115" / "practices.jsonl.gz"
    data = path.read_bytes()
    harmed = {
        "torn": data[:-20],
        "changed": data[:40] + b"\xff" * 40 + data[80:],
        "text": b'{"text": "a", "practices": []}',
        "empty line": gzip.compress(b"\n"),
    }
    path.write_bytes(harmed[harm])
    with pytest.raises(DocumentError, match=r"practices\.jsonl\.gz is not a file of OPP-115 practices: "):
        read_split(tmp_path, "train")


@pytest.mark.skipif(not SHARED.is_dir(), reason="OPP-115 is not")
def test_the_released_splits_are_read_whole() -> None:
    train, validation = read_split(SHARED, "train"), read_split(SHARED, "validation")
    assert (len(train), len(validation)) == (2185, 550)
    assert all(segment.categories for segment in (*train, *validation))
    spans = [(segment, span) for segment in validation for span in segment.spans]
    assert len(spans) > 1000
    assert all(segment.text[span.start : span.end].strip() for segment, span in spans)


@pytest.mark.skipif(not SHARED.is_dir(), reason="OPP-115 is not")
def test_the_released_votes_are_of_other_segments_than_the_splits() -> None:
    def letters(segment: Segment) -> str:
        return "".join(ch for ch in segment.text if ch.isalnum() or ch == "_").lower()

    known = [letters(segment) for split in ("train", "validation") for segment in read_split(SHARED, split)]  # type: ignore[arg-type]
    voted = read_votes(SHARED)
    assert len(voted) > 0
    for one in map(letters, voted):
        assert not any(one in other or (len(other) >= 40 and other in one) for other in known), one
    assert not any(segment.categories for segment in voted)
    assert all(1 <= count <= segment.annotators for segment in voted for count in segment.votes.values())
