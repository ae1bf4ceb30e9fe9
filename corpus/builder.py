"""Build the visible text of a statement block by block, keeping track of sections and offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.inline import Line, join
from corpus.types import Block, BlockKind, Link, Section

CELL_SEPARATOR = " | "

# "8.", "2.1", "IV.", "A)", "Section 3:" at the start of a heading; a bare letter or numeral needs its dot or bracket.
_NUMBER = re.compile(
    r"^(?:section\s+)?(\d+(?:\.\d+)*|[IVXLC]+(?=[.):])|[A-Za-z](?=[.)]\s))[.):]?\s+(?=\S)", re.IGNORECASE
)


@dataclass(slots=True)
class StatementBuilder:
    """Collects text, blocks, sections and links in reading order."""

    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)
    _length: int = 0
    _section: int | None = None

    @property
    def text(self) -> str:
        """The text so far, as a reader sees it."""
        return "".join(self._parts)

    @property
    def section(self) -> int | None:
        """The index of the section that is open now."""
        return self._section

    def text_of(self, index: int) -> str:
        """Return the text of a block."""
        return self._written[index]

    def close_sections(self, section: int | None) -> None:
        """Go back to an outer section, at the end of a list item that had a heading of its own."""
        self._section = section

    def heading(self, line: Line, level: int) -> None:
        """Open a section under the nearest open section of a lower level."""
        if not line.text:
            return
        found = _NUMBER.match(line.text)
        number = found[1] if found else None
        # "2.1" belongs under "2" even where both are marked up alike.
        rank = 10 * level + (number.count(".") if number else 0)
        parent = self._section
        while parent is not None and self.sections[parent].level >= rank:
            parent = self.sections[parent].parent
        self._separate("heading")
        self.sections.append(Section(line.text, number, rank, parent, self._length))
        self._section = len(self.sections) - 1
        self._write(line, "heading", level=level)

    def block(
        self, parts: Sequence[Line], kind: BlockKind, *, level: int = 0, marker: str = "", lead_in: int | None = None
    ) -> int | None:
        """Add a block of one or more lines and return its index, or None where there is nothing to see."""
        line = join(parts, "\n")
        if not line.text:
            return None
        self._separate(kind)
        if kind == "item" or marker:
            self._push("  " * (max(level, 1) - 1) + f"{marker} ")
        return self._write(line, kind, level=level, marker=marker, lead_in=lead_in)

    def row(self, cells: Sequence[Line], kind: BlockKind, columns: tuple[str, ...] = ()) -> int | None:
        """Add a table row; its cells stand side by side."""
        if not any(cell.text for cell in cells):
            return None
        self._separate(kind)
        offset, spans = self._length, []
        for cell in cells:
            spans.append((offset, offset + len(cell.text)))
            offset += len(cell.text) + len(CELL_SEPARATOR)
        return self._write(join(cells, CELL_SEPARATOR), kind, columns=columns, cells=tuple(spans))

    def _separate(self, kind: BlockKind) -> None:
        if not self.blocks:
            return
        # Items of a list and rows of a table stand close together; everything else has air around it.
        same = self.blocks[-1].kind == kind and kind in ("item", "row", "contents")
        under = self.blocks[-1].kind == "header_row" and kind == "row"
        self._push("\n" if same or under else "\n\n")

    def _push(self, piece: str) -> None:
        self._parts.append(piece)
        self._length += len(piece)

    def _write(
        self,
        line: Line,
        kind: BlockKind,
        *,
        level: int = 0,
        marker: str = "",
        lead_in: int | None = None,
        columns: tuple[str, ...] = (),
        cells: tuple[tuple[int, int], ...] = (),
    ) -> int:
        start = self._length
        self.links += [Link(start + a, start + b, href) for a, b, href in line.links]
        self._push(line.text)
        self._written.append(line.text)
        run_in = start if line.all_bold else start + min(line.bold_head, len(line.text))
        block = Block(kind, start, self._length, self._section, lead_in, level, marker, columns, cells, run_in)
        self.blocks.append(block)
        return len(self.blocks) - 1
