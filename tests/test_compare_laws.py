"""Laws of comparison, over invented statements and, where they are at hand, over real ones."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from compare_statements import STYLES, Chapter, Style, chapters, compared, read, sentences, written
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from corpus.load import load_file, load_text
from corpus.types import Statement
from nlp.changes import Change, ChangeKind, Comparison, Passage
from nlp.compare import compare
from nlp.segment import segment
from nlp.types import Clause
from nlp.units import units_of

SHARED = Path(__file__).parents[2] / "shared"
REAL = [path for folder in ("eval/docs", "corpus") for path in sorted((SHARED / folder).glob("*.md"))]
PAIRS = [
    (path, path.with_name(path.name.replace("old", "new")))
    for path in sorted((SHARED / "data/compare").glob("*_old.md"))
]
needs_real = pytest.mark.skipif(not REAL, reason="needs ../shared/eval/docs or ../shared/corpus")
# Each example reads, cuts and compares two statements.
few = settings(max_examples=50, derandomize=True)
OTHER_SIDE: dict[ChangeKind, ChangeKind] = {
    "added": "removed",
    "removed": "added",
    "modified": "modified",
    "moved": "moved",
}
Side = tuple[tuple[str, ...], int, int, tuple[tuple[int, int], ...]] | None


def kinds(comparison: Comparison) -> list[ChangeKind]:
    """Return the kinds of the changes."""
    return [change.kind for change in comparison.changes]


def quotes(changes: Sequence[Change]) -> list[str]:
    """Return what changes quote, of the old side where both have it, without the stop at the end."""
    passages = [change.old or change.new for change in changes]
    return sorted(passage.quote.rstrip(" .:|") for passage in passages if passage)


def side_of(passage: Passage | None) -> Side:
    """Return what tells a passage from others."""
    return passage and (passage.clause_ids, passage.start, passage.end, passage.marks)


def check_swapped(there: Comparison, back: Comparison) -> None:
    """Assert that a comparison is the other one with its sides swapped."""
    found = Counter((c.kind, side_of(c.old), side_of(c.new), c.significance, c.group) for c in there.changes)
    swapped = Counter(
        (OTHER_SIDE[c.kind], side_of(c.new), side_of(c.old), c.significance, c.group) for c in back.changes
    )
    assert found == swapped
    assert there.noise == back.noise
    assert there.similarity == back.similarity
    assert set(there.pairs) == {(old, new) for new, old in back.pairs}


def check_places(comparison: Comparison, old: Statement, new: Statement) -> None:
    """Assert that quotes are slices and that each clause has one place, or is none of the policy's."""
    for statement, clauses, sides, pairs in (
        (old, segment(old), [change.old for change in comparison.changes], {a for a, _ in comparison.pairs}),
        (new, segment(new), [change.new for change in comparison.changes], {b for _, b in comparison.pairs}),
    ):
        passages = [passage for passage in sides if passage]
        for passage in passages:
            assert passage.quote == statement.text[passage.start : passage.end]
            assert all(0 <= start < end <= len(passage.quote) for start, end in passage.marks)
        changed = Counter(id for passage in passages for id in passage.clause_ids)
        assert set(changed.values()) <= {1}
        assert not pairs & set(changed)
        counted = {unit.clause.id for unit in units_of(statement, clauses) if unit.clause and unit.counts}
        assert counted - pairs - set(changed) <= headings_elsewhere(clauses, new if statement is old else old)


def headings_elsewhere(clauses: Sequence[Clause], other: Statement) -> set[str]:
    """Return the clauses whose words stand in what is no clause of the other statement: a heading, a line of links."""
    known = " ".join(unit.text.casefold() for unit in units_of(other, []))
    return {clause.id for clause in clauses if clause.text.casefold().rstrip(" .:;!|") in known}


@few
@given(chapters(), STYLES)
def test_a_statement_does_not_differ_from_itself(made: tuple[Chapter, ...], style: Style) -> None:
    statement = read(made, style)
    comparison = compared(statement, statement)
    assert (comparison.changes, dict(comparison.noise), comparison.similarity) == ((), {}, 1.0)
    assert comparison.pairs == tuple((clause.id, clause.id) for clause in segment(statement))


@few
@given(chapters(), chapters())
def test_swapping_the_sides_swaps_added_and_removed(one: tuple[Chapter, ...], other: tuple[Chapter, ...]) -> None:
    old, new = read(one), read(other)
    there = compared(old, new)
    check_swapped(there, compared(new, old))
    check_places(there, old, new)


@few
@given(chapters(unique=True), STYLES, STYLES)
def test_layout_is_no_change(made: tuple[Chapter, ...], style: Style, other: Style) -> None:
    old, new = read(made, style), read(made, other)
    comparison = compared(old, new)
    assert kinds(comparison) == [], (written(made, style), written(made, other))
    assert comparison.similarity == 1.0
    check_places(comparison, old, new)


# The words of a sentence may stand twice over in another: then only what leaves out and adds no words is no change.
@few
@given(chapters(), STYLES, STYLES)
def test_layout_is_no_change_where_texts_are_repeated(made: tuple[Chapter, ...], style: Style, other: Style) -> None:
    assert kinds(compared(read(made, style), read(made, replace(other, date=style.date)))) == []


@few
@given(chapters(), STYLES)
@example((Chapter("Chapter one", ()),), Style())
def test_what_differs_in_layout_is_counted(made: tuple[Chapter, ...], style: Style) -> None:
    assume(style.link)
    noise = compared(read(made, style), read(made, replace(style, link="https://other.example"))).noise
    assert set(noise) <= {"link"}
    assert bool(noise) == any(chapter.parts for chapter in made)


@few
@given(chapters(), sentences(), st.data())
def test_an_inserted_clause_is_one_added(made: tuple[Chapter, ...], text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(made) - 1))
    chapter = made[at]
    number = data.draw(st.integers(0, len(chapter.parts) - 1))
    part = chapter.parts[number]
    # What leads into a list stays in front.
    place = data.draw(st.integers(part.kind == "list", len(part.texts)))
    longer = replace(part, texts=(*part.texts[:place], text, *part.texts[place:]))
    inside = replace(chapter, parts=(*chapter.parts[:number], longer, *chapter.parts[number + 1 :]))
    old, new = read(made), read((*made[:at], inside, *made[at + 1 :]))
    there, back = compared(old, new), compared(new, old)
    assert (kinds(there), quotes(there.changes)) == (["added"], [text])
    assert (kinds(back), quotes(back.changes)) == (["removed"], [text])
    # Where a clause has the words of its neighbours, which of them was cut elsewhere cannot be told.
    assert set(there.noise) <= {"formatting", "punctuation"}


@few
@given(chapters(unique=True), st.data())
def test_a_moved_chapter_is_its_clauses_moved(made: tuple[Chapter, ...], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(made) - 1))
    to = data.draw(st.integers(0, len(made) - 1).filter(lambda place: place != at))
    others = [*made[:at], *made[at + 1 :]]
    passed = others[min(at, to) : max(at, to)]
    comparison = compared(read(made), read([*others[:to], made[at], *others[to:]]))
    assert set(kinds(comparison)) == {"moved"}
    # To move a chapter past others is to move those past it: what has fewer words is said to have moved.
    beyond = [text for chapter in passed for text in chapter.texts]
    assert quotes(comparison.changes) in (sorted(made[at].texts), sorted(beyond))
    moved, over = _weight([made[at]]), _weight(passed)
    # All tables have the same header, which may stay where one was.
    if abs(moved - over) > 3 * sum(part.kind == "table" for chapter in made for part in chapter.parts):
        assert quotes(comparison.changes) == sorted(made[at].texts if moved < over else beyond)


def _weight(some: Sequence[Chapter]) -> int:
    return sum(len(text.split()) + 1 for chapter in some for text in (chapter.heading, *chapter.texts))


def _numbered(markdown: str) -> str:
    numbers = iter(range(1, 1000))
    return re.sub(r"^(#{1,6}) (?=[^\W\d])", lambda found: f"{found[1]} {next(numbers)}. ", markdown, flags=re.MULTILINE)


# What other captures of the same page look like.
REWRITES: dict[str, Callable[[str], str]] = {
    "links made plain": lambda text: re.sub(r"(?<!!)\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text),
    "link targets": lambda text: re.sub(r"\]\(https?:[^()\s]*\)", "](https://acme.example/other)", text),
    "heading levels": lambda text: re.sub(r"^(#{1,5}) ", r"\1# ", text, flags=re.MULTILINE),
    "bold headings": lambda text: re.sub(r"^#{1,6} (.*?)#*$", r"**\1**", text, flags=re.MULTILINE),
    "heading numbers": _numbered,
    "bullets": lambda text: re.sub(r"^\*( +)(?!\*)", r"-\1", text, flags=re.MULTILINE),
    "numbered lists": lambda text: re.sub(r"^[*-]( {1,3})(?=\S)", r"1.\1", text, flags=re.MULTILINE),
    "spaces": lambda text: re.sub(r"(?<=\w) (?=\w)", "  ", text),
    "hard spaces": lambda text: re.sub(r"(?<=\w) (?=\w)", "\u00a0", text),
    "line breaks": lambda text: text if "|" in text else re.sub(r"(?<=[a-z]{3}) (?=[a-z]{3})", "\n", text),
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "quotes": lambda text: text.translate(str.maketrans("“”‘’", "\"\"''")),
    "no bold": lambda text: text.replace("**", ""),
    "capitals": lambda text: re.sub(r"^(?!.*\]\().*$", lambda found: found[0].upper(), text, flags=re.MULTILINE),
    "commas": lambda text: re.sub(r"(?<=[a-z]); ", ", ", text),
    "no stops": lambda text: re.sub(r"(?<=[a-z]{3})\.(?=\s)", "", text),
    "dates": lambda text: re.sub(r"(January|May|June|July|October) (\d{1,2}), \d{4}", "July 9, 2031", text),
}


@needs_real
@pytest.mark.parametrize("name", REWRITES)
def test_another_capture_of_a_real_statement_is_no_change(name: str) -> None:
    for path in REAL:
        text = path.read_text(encoding="utf-8")
        if REWRITES[name](text) != text:
            old, new = load_text(text, kind="markdown"), load_text(REWRITES[name](text), kind="markdown")
            comparison = compared(old, new)
            assert [change.as_dict() for change in comparison.changes] == [], path
            check_places(comparison, old, new)


@needs_real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_real_statement_does_not_differ_from_itself(path: Path) -> None:
    statement = load_file(path)
    comparison = compared(statement, statement)
    assert (comparison.changes, dict(comparison.noise), comparison.similarity) == ((), {}, 1.0)


@needs_real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_clause_inserted_into_a_real_statement_is_one_added(path: Path) -> None:
    text = "Our falcons carry sealed letters to every castle on the coast."
    paragraphs = re.split(r"\n\n(?=[^\W\d_])", path.read_text(encoding="utf-8"))
    old = load_text("\n\n".join(paragraphs), kind="markdown")
    for at in random.Random(7).sample(range(1, len(paragraphs)), min(6, len(paragraphs) - 1)):
        new = load_text("\n\n".join([*paragraphs[:at], text, *paragraphs[at:]]), kind="markdown")
        for first, second, kind in ((old, new, "added"), (new, old, "removed")):
            comparison = compared(first, second)
            assert (kinds(comparison), quotes(comparison.changes)) == ([kind], [text.rstrip(".")])


@pytest.mark.skipif(not PAIRS, reason="needs ../shared/data/compare")
@pytest.mark.parametrize("paths", [*PAIRS, *zip(REAL, reversed(REAL), strict=True)], ids=lambda paths: paths[0].name)
def test_versions_of_a_real_statement_compare_alike_both_ways(paths: tuple[Path, Path]) -> None:
    old, new = (load_file(path) for path in paths)
    there = compare(old, new, segment(old), segment(new))
    check_swapped(there, compared(new, old))
    check_places(there, old, new)
