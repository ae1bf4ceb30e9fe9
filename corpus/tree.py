"""A parsed Markdown document as a tree: what markdown-it finds, and of it only what a statement is read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from corpus.inline import Line, Run, join, lines, runs


@dataclass(slots=True)
class Node:
    """A piece of a document: a "paragraph", a "bullet_list", "root" for all of it.

    `tag`, `markup` and `content` are those of markdown-it; `start` is the number of the first item of an ordered list.
    The text of a paragraph, a heading or a cell is in its only child, of type "inline", as `runs`.
    """

    type: str
    tag: str = ""
    markup: str = ""
    content: str = ""
    start: int = 1
    children: list[Node] = field(default_factory=list)
    runs: tuple[Run, ...] = ()
    _line: Line | None = None

    @property
    def text(self) -> Node:
        """The inline node of a paragraph, a heading or a cell."""
        return self.children[0]

    @property
    def line(self) -> Line:
        """The runs on one line; whoever needs another line makes a new one."""
        if self._line is None:
            self._line = join(lines(self.runs), " ")
        return self._line

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree_of(tokens: Iterable[Token]) -> Node:
    """Return the root of the tree that a stream of markdown-it's tokens describes."""
    root = Node("root")
    path = [root]
    for token in tokens:
        if token.nesting < 0:
            path.pop()
            continue
        node = Node(token.type.removesuffix("_open"), token.tag, token.markup, token.content)
        path[-1].children.append(node)
        if token.nesting > 0:
            node.start = int(token.attrs.get("start", 1))
            path.append(node)
        elif token.children:
            node.runs = tuple(runs(token.children))
    return root
