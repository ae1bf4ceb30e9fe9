"""A small statement and an engine that answers without models, for the tests of the web app."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from html.parser import HTMLParser

from corpus.types import Block, BlockKind, Link, Section, Statement
from nlp.types import Answer, Citation, Clause, ClauseKind, StatementRef, Verdict
from nlp.web.desk import Engine

VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})


def make_statement(*blocks: tuple[BlockKind, str], **changes: object) -> Statement:
    """Return a statement of the given blocks, one a line; a heading opens a section."""
    text, made, sections = "", [], []
    for kind, content in blocks:
        start = len(text)
        if kind == "heading":
            sections.append(Section(content, None, 1, None, start))
        section = len(sections) - 1 if sections else None
        made.append(Block(kind, start, start + len(content), section=section, run_in=start))
        text += content + "\n"
    statement = Statement("acme.example", "Acme Privacy", text, tuple(made), tuple(sections))
    return replace(statement, **changes)  # type: ignore[arg-type]


def clause_of(
    statement: Statement, text: str, *categories: str, id: str = "1", block: int = 0, kind: ClauseKind = "sentence"
) -> Clause:
    """Return the clause of a statement that reads `text`; the first category is the likeliest."""
    start = statement.text.index(text, statement.blocks[block].start)
    return Clause(
        id=id,
        start=start,
        end=start + len(text),
        text=text,
        kind=kind,
        heading=statement.heading_path(statement.blocks[block].section),
        block=block,
        categories=categories,
        probabilities={name: 0.9 - 0.1 * i for i, name in enumerate(categories)},
    )


def link_over(statement: Statement, text: str, href: str) -> Link:
    """Return a link over the first place where a statement says `text`."""
    start = statement.text.index(text)
    return Link(start, start + len(text), href)


def answer_of(statement: Statement, verdict: Verdict, *clauses: Clause, question: str = "Do you?") -> Answer:
    """Return an answer that cites clauses."""
    cited = tuple(Citation.of(clause, 0.8) for clause in clauses)
    return Answer(question, StatementRef.of(statement), verdict, "The answer.", 0.83, cited)


class FakeEngine:
    """Every block is a clause about security; the first one answers every question with yes."""

    def clauses(self, statement: Statement) -> Sequence[Clause]:
        """Return a clause for each paragraph and list item."""
        blocks = [(i, block) for i, block in enumerate(statement.blocks) if block.kind in ("paragraph", "item")]
        return [
            Clause(f"c{n}", b.start, b.end, statement.quote(b), "sentence", block=i, categories=("security",))
            for n, (i, b) in enumerate(blocks, 1)
        ]

    def ask(self, statement: Statement, question: str, *, earlier: Sequence[str] = ()) -> Answer:
        """Answer with the first clause."""
        return answer_of(statement, "yes", self.clauses(statement)[0], question=question)


def loaded(engine: Engine | None = None) -> Future[Engine]:
    """Return the future of an engine that is there already."""
    future: Future[Engine] = Future()
    future.set_result(engine or FakeEngine())
    return future


class Element:
    """An element of parsed HTML."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text = ""

    @property
    def classes(self) -> set[str]:
        """The classes of the element."""
        return set((self.attributes.get("class") or "").split())


class Page(HTMLParser):
    """The elements of an HTML fragment, with the text inside each. Raises where tags do not match."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open, f"not closed: {[e.tag for e in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag in VOID:
            self.handle_data("\n")
        else:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1].tag if self._open else None}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Add text to every open element."""
        for element in self._open:
            element.text += data

    def of_class(self, name: str) -> list[Element]:
        """Return the elements of a class, in order."""
        return [element for element in self.elements if name in element.classes]

    def of_tag(self, name: str) -> list[Element]:
        """Return the elements of a tag, in order."""
        return [element for element in self.elements if element.tag == name]

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [id for element in self.elements if (id := element.attributes.get("id"))]
