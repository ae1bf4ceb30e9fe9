"""Read OPP-115: segments of privacy policies with the labels of three annotators.

Wilson et al., "The Creation and Analysis of a Website Privacy Policy Corpus", ACL 2016; the train and validation
splits are those of PrivacyGLUE (Shankar et al., 2023). For research, teaching and scholarship, not for commerce.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from corpus.taxonomy import CATEGORY_IDS, INTERNATIONAL_AND_SPECIFIC, OPP115_LABELS
from corpus.types import DocumentError

Split = Literal["train", "validation"]
Practices = Mapping[str, tuple[str, Sequence[Mapping[str, Any]]]]
PRACTICES = Path("opp115", "practices.jsonl.gz")

_OTHER_LABELS = frozenset({"Introductory/Generic", "Privacy contact information", "Practice not covered"})
# A key of fewer characters lies within others by chance.
_TELLING = 40
# Used only for the segments (one in six) whose annotations are not in the file of practices.
_CHILDREN = re.compile(r"\bchild|\bminors?\b|\bCOPPA\b|under (the age of )?1[368]|parent", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Words that one annotator gave as the reason for a category: `segment.text[start:end]`."""

    annotator: str
    category: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A paragraph of a policy with the categories of the majority, and every annotator's votes if they are known.

    `votes` says how many of the `annotators` gave a category; `spans` which words each gave for it. `categories` is
    empty for a segment that has votes alone.
    """

    text: str
    categories: frozenset[str]
    spans: tuple[Span, ...] = ()
    annotators: int = 0
    votes: Mapping[str, int] = field(default_factory=dict)


def read_split(folder: Path, split: Split) -> list[Segment]:
    """Read a split from a data folder that holds `opp115/`; raises `DocumentError` where a file is missing or torn."""
    return _split(folder, split, _practices(folder))


def _split(folder: Path, split: Split, practices: Practices) -> list[Segment]:
    path = folder / "opp115" / f"{split}.jsonl"
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
        return [_segment(r["text"], r["labels"], practices.get(text_key(r["text"]), ("", ()))[1]) for r in records]
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the folder that holds opp115/ with --data") from e
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise DocumentError(f"{path} is not a file of OPP-115 segments: {e}") from e


def read_votes(folder: Path) -> list[Segment]:
    """Read the segments of the practices file that are in neither split: they have votes but no majority's categories.

    One that holds a segment of a split, or lies within one, counts as in it: the splits join headings to paragraphs.
    Raises `DocumentError` where a file is missing or torn.
    """
    practices = _practices(folder)
    splits: tuple[Split, ...] = ("train", "validation")
    known = [text_key(segment.text) for split in splits for segment in _split(folder, split, practices)]
    try:
        return [_segment(text, (), given) for key, (text, given) in practices.items() if not _overlaps(key, known)]
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise DocumentError(f"{folder / PRACTICES} is not a file of OPP-115 practices: {e}") from e


def _overlaps(key: str, known: Sequence[str]) -> bool:
    return any(key in other or (len(other) >= _TELLING and other in key) for other in known)


def _segment(text: str, labels: Sequence[str], practices: Sequence[Mapping[str, Any]]) -> Segment:
    spans = tuple(span for practice in practices for span in _spans(text, practice))
    annotators = len({str(practice["annotator"]) for practice in practices})
    categories = {OPP115_LABELS[label] for label in labels}
    if INTERNATIONAL_AND_SPECIFIC in labels:
        categories -= {"international"}
        categories |= _audiences(text, practices)
    return Segment(text, frozenset(categories), spans, annotators, _votes(practices))


def _votes(practices: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    given = {(str(practice["annotator"]), _category(practice)) for practice in practices}
    return dict(Counter(category for _, category in given))


def _audiences(text: str, practices: Sequence[Mapping[str, Any]]) -> set[str]:
    """Tell children from other audiences, by the majority of annotators who named an audience."""
    votes: dict[str, set[str]] = defaultdict(set)
    for practice in practices:
        if practice["category"] == INTERNATIONAL_AND_SPECIFIC:
            votes[_category(practice)].add(str(practice["annotator"]))
    if not votes:
        return {"children" if _CHILDREN.search(text) else "international"}
    most = max(len(annotators) for annotators in votes.values())
    return {category for category, annotators in votes.items() if len(annotators) == most}


def _category(practice: Mapping[str, Any]) -> str:
    attributes = practice["attributes"]
    if practice["category"] == INTERNATIONAL_AND_SPECIFIC:
        return "children" if attributes.get("Audience Type", {}).get("value") == "Children" else "international"
    if practice["category"] == "Other":
        label = attributes.get("Other Type", {}).get("value")
        return OPP115_LABELS[label] if label in _OTHER_LABELS else "other"
    return OPP115_LABELS[practice["category"]]


def _spans(text: str, practice: Mapping[str, Any]) -> Iterator[Span]:
    category = _category(practice)
    for attribute in practice["attributes"].values():
        quote = str(attribute.get("quote", "")).strip()
        # The offsets of the release count its own markup; the quote itself is what holds.
        at = text.find(quote) if quote not in ("", "null", "Not selected") else -1
        if at >= 0:
            yield Span(str(practice["annotator"]), category, at, at + len(quote))


def _practices(folder: Path) -> Practices:
    """Return text and practices of each annotated segment, by a key that ignores how the text is set."""
    path = folder / PRACTICES
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        return {text_key(record["text"]): (record["text"], record["practices"]) for record in records}
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the folder that holds opp115/ with --data") from e
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as e:
        raise DocumentError(f"{path} is not a file of OPP-115 practices: {e}") from e


def text_key(text: str) -> str:
    """Return what is left of a text without case, spaces and punctuation, to tell a text that is set differently."""
    return re.sub(r"\W+", "", text).lower()


def targets(categories: frozenset[str]) -> list[bool]:
    """Return categories as a row of thirteen, in the order of the taxonomy."""
    return [category in categories for category in CATEGORY_IDS]
