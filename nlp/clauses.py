"""Cut a statement into clauses, without spaCy, which takes its time to import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from corpus.types import CLAUSE_BLOCKS, Block, Statement
from nlp.boundaries import sentence_starts
from nlp.types import Clause, ClauseKind

_KINDS: dict[str, ClauseKind] = {"paragraph": "sentence", "item": "item", "row": "row"}
_LONG_ROW = 600
_RUN_IN_WORDS = 3
# Punctuation that a converter left at the start of a sentence belongs to the one before.
_LEADING = " \t\n.,;:)"
# What stands over many clauses is said again with each: one long heading would take the square of the document.
_LONGEST_ABOUT = 500


def segment(statement: Statement) -> list[Clause]:
    """Return the clauses of a statement in reading order; `clause.text == statement.text[clause.start:clause.end]`."""
    return list(clauses_of(statement))


def clauses_of(statement: Statement) -> Iterator[Clause]:
    """Yield the clauses of a statement in reading order."""
    number = 0
    # A heading stands over many blocks, and a sentence introduces many items.
    headings: dict[int | None, tuple[str, ...]] = {}
    lead_ins: dict[int | None, str] = {}
    for index, block in enumerate(statement.blocks):
        if block.kind not in CLAUSE_BLOCKS:
            continue
        if block.section not in headings:
            path = statement.heading_path(block.section)
            headings[block.section] = tuple(_bounded(path[::-1]))[::-1]
        if block.lead_in is not None and block.lead_in not in lead_ins:
            introduction = _last_sentence(statement.quote(statement.blocks[block.lead_in]))
            lead_ins[block.lead_in] = next(_bounded([introduction]))
        columns = tuple(_bounded(block.columns))
        for start, end in _cut(statement.text, block):
            number += 1
            yield Clause(
                id=f"c{number}",
                start=start,
                end=end,
                text=statement.text[start:end],
                kind=_KINDS[block.kind],
                heading=headings[block.section],
                lead_in=lead_ins.get(block.lead_in),
                columns=columns,
                block=index,
            )


def _bounded(names: Iterable[str]) -> Iterator[str]:
    """Yield the first of the names, 500 characters of them at most; the very first is cut where it is longer."""
    left = _LONGEST_ABOUT
    for number, name in enumerate(names):
        left -= len(name) + 1
        if left < 0 and number:
            return
        yield name if len(name) <= _LONGEST_ABOUT else name[:_LONGEST_ABOUT].rstrip() + " …"


def _cut(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the clauses of a block: a short table row is one, everything else is cut into sentences."""
    spans: Sequence[tuple[int, int]] = [(block.start, block.end)]
    if block.kind == "row":
        if block.end - block.start <= _LONG_ROW:
            yield from _trimmed(text, block.start, block.end)
            return
        spans = block.cells
    for start, end in spans:
        starts = [start + offset for offset in sentence_starts(text[start:end])]
        if len(starts) > 1 and _is_run_in(text[start : starts[1]], text[block.run_in : starts[1]]):
            del starts[1]
        for here, after in pairwise([*starts, end]):
            yield from _trimmed(text, here, after)


def _is_run_in(first: str, after_bold: str) -> bool:
    """Tell a heading that runs into its sentence ("Cookies. We set ..."): all bold, or a few words."""
    return len(first.split()) <= _RUN_IN_WORDS or (bool(first) and not after_bold.strip(" .:–-)"))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without white space around it and stray punctuation before it, if any words are left."""
    while start < end and text[start] in _LEADING:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if next(islice(filter(str.isalpha, text[start:end]), 1, None), None):
        yield start, end


def _last_sentence(text: str) -> str:
    """Return the last sentence of a block: the one that introduces the list after it."""
    *_, last = sentence_starts(text)
    return text[last:].strip()
