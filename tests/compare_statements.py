"""Invented statements in parts, and ways to write them down: what the laws of comparison are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from corpus.load import load_text
from corpus.types import Statement
from nlp.changes import Comparison
from nlp.compare import compare
from nlp.segment import segment

_WORDS = (
    "we you partners advertisers cookies collect share sell keep delete protect your names addresses location history "
    "devices with without consent only never always for research analytics payment security thirty days months unless "
    "law requires court orders children parents account request access correct object email phone logs visits browser "
    "network provider transfer abroad encrypted servers employees contractors auditors police"
).split()
# No two chapters have the same name.
_NAMES = ("on things", "of people", "about time", "in general", "at last")


@dataclass(frozen=True)
class Part:
    """A "paragraph" of sentences, a "list" whose first text leads into it, or a "table" of rows."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A heading and what stands under it."""

    heading: str
    parts: tuple[Part, ...]

    @property
    def texts(self) -> list[str]:
        """The sentences, lead-ins, items and rows."""
        return [text for part in self.parts for text in part.texts]


@dataclass(frozen=True)
class Style:
    """How a statement is written down; `link` is the target of a word in every sentence."""

    level: int = 2
    bold_headings: bool = False
    numbered_headings: bool = False
    numbered_lists: bool = False
    lists_in_sentences: bool = False
    line_breaks: bool = False
    space: str = " "
    link: str = ""
    capitals: bool = False
    stop: str = "."
    date: str = ""


STYLES = st.builds(
    Style,
    level=st.integers(1, 4),
    bold_headings=st.booleans(),
    numbered_headings=st.booleans(),
    numbered_lists=st.booleans(),
    lists_in_sentences=st.booleans(),
    line_breaks=st.booleans(),
    space=st.sampled_from([" ", "  ", "\u00a0"]),
    link=st.sampled_from(["", "https://acme.example/a", "https://acme.example/b?c=d"]),
    capitals=st.booleans(),
    stop=st.sampled_from([".", "!", ";", ""]),
    date=st.sampled_from(["", "1 May 2024", "June 3, 2025", "2023-11-30"]),
)


def sentences(least: int = 4) -> st.SearchStrategy[str]:
    """Return a strategy of sentences of at least so many words, without a full stop."""
    words = st.lists(st.sampled_from(_WORDS), min_size=least, max_size=12)
    return words.map(" ".join).map(lambda text: text[0].upper() + text[1:])


def _parts() -> st.SearchStrategy[Part]:
    paragraph = st.builds(Part, st.just("paragraph"), st.lists(sentences(), min_size=1, max_size=4).map(tuple))
    items = st.builds(Part, st.just("list"), st.lists(sentences(3), min_size=3, max_size=7).map(tuple))
    table = st.builds(Part, st.just("table"), st.lists(sentences(), min_size=1, max_size=4).map(tuple))
    return st.one_of(paragraph, items, table)


def chapters(*, unique: bool = False) -> st.SearchStrategy[tuple[Chapter, ...]]:
    """Return a strategy of statements of two to five chapters; where they are `unique` no text occurs twice."""
    found = st.lists(st.lists(_parts(), min_size=1, max_size=3).map(tuple), min_size=2, max_size=5)
    made = found.map(lambda all_parts: tuple(Chapter(f"Chapter {_NAMES[k]}", p) for k, p in enumerate(all_parts)))
    return made.filter(_is_unique) if unique else made


def _is_unique(statement: Sequence[Chapter]) -> bool:
    texts = [text for chapter in statement for text in chapter.texts]
    return len(set(texts)) == len(texts)


def written(statement: Sequence[Chapter], style: Style) -> str:
    """Return a statement as Markdown."""
    return "\n\n".join(_blocks(statement, style)) + "\n"


def _blocks(statement: Sequence[Chapter], style: Style) -> Iterator[str]:
    if style.date:
        yield f"Last updated: {style.date}"
    for number, chapter in enumerate(statement, 1):
        heading = f"{number}. {chapter.heading}" if style.numbered_headings else chapter.heading
        yield f"**{heading}**" if style.bold_headings else f"{'#' * style.level} {heading}"
        for part in chapter.parts:
            yield _written(part, style)


def _written(part: Part, style: Style) -> str:
    texts = [_words(text, style, one_line=part.kind == "table") for text in part.texts]
    if part.kind == "paragraph":
        return " ".join(text + style.stop for text in texts)
    if part.kind == "table":
        return "\n".join(["| What | Why |", "| --- | --- |", *(f"| {text} | |" for text in texts)])
    first, *items = texts
    if style.lists_in_sentences:
        return f"{first}: {'; '.join(items)}{style.stop}"
    marks = [f"{k}." if style.numbered_lists else "*" for k in range(1, len(items) + 1)]
    return "\n".join([f"{first}:\n", *(f"{mark} {item}" for mark, item in zip(marks, items, strict=True))])


def _words(text: str, style: Style, *, one_line: bool) -> str:
    words = (text.upper() if style.capitals else text).split()
    if style.link:
        words[1] = f"[{words[1]}]({style.link})"
    gap = "\n" if style.line_breaks and not one_line else style.space
    return gap.join((style.space.join(words[:2]), style.space.join(words[2:])))


def read(statement: Sequence[Chapter], style: Style | None = None) -> Statement:
    """Return the statement that chapters make."""
    return load_text(written(statement, style or Style()), kind="markdown", id="acme.example")


def compared(old: Statement, new: Statement) -> Comparison:
    """Compare two statements by their clauses, which have no categories."""
    return compare(old, new, segment(old), segment(new))
