"""Tests of corpus.opp115 on records written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.opp115 import Segment, Span, read_split, targets
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
        )
    ]


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


@pytest.mark.skipif(not SHARED.is_dir(), reason="OPP-115 is not on this machine")
def test_the_released_splits_are_read_whole() -> None:
    train, validation = read_split(SHARED, "train"), read_split(SHARED, "validation")
    assert (len(train), len(validation)) == (2185, 550)
    assert all(segment.categories for segment in (*train, *validation))
    spans = [(segment, span) for segment in validation for span in segment.spans]
    assert len(spans) > 1000
    assert all(segment.text[span.start : span.end].strip() for segment, span in spans)
