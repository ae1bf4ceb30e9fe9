"""The pieces of a statement that a comparison aligns: its clauses, and the headings and links between them.

Headings are no clauses, and a change in one is no change in what the statement says. They are aligned all the same,
because another version may have made a sentence of one, or put it in front of its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import CLAUSE_BLOCKS, Statement
from nlp.furniture import is_furniture
from nlp.normal import Normal, Words, words_of
from nlp.types import Clause


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause, or a heading or the like (then `clause` is None); `text[start:end]` of its statement.

    `place` holds the words of the heading and the lead-in over it.
    """

    start: int
    end: int
    text: str
    normal: Normal
    place: Words = ()
    clause: Clause | None = None
    is_furniture: bool = False

    @property
    def counts(self) -> bool:
        """Whether a change of it is a change of what the statement says."""
        return not (self.clause is None or self.is_furniture or self.normal.is_date or self.normal.is_code)


def _place(clause: Clause) -> Words:
    return words_of(" ".join([*clause.heading[-1:], clause.lead_in or ""]))


def units_of(statement: Statement, clauses: Sequence[Clause]) -> list[Unit]:
    """Return the units of a statement in reading order; those without a word are left out."""
    units = [
        Unit(c.start, c.end, c.text, Normal.of(c.text), _place(c), c, is_furniture(c, i)) for i, c in enumerate(clauses)
    ]
    for block in statement.blocks:
        if block.kind not in CLAUSE_BLOCKS:
            text = statement.quote(block)
            units.append(Unit(block.start, block.end, text, Normal.of(text)))
    return sorted((unit for unit in units if unit.normal.undated), key=lambda unit: (unit.start, unit.end))
