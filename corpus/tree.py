"""A parsed Markdown document as a tree: what markdown-it finds, and of it only what a statement is read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from corpus.inline import Line, Run, join, lines


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
    _lines: list[Line] | None = None
    _line: Line | None = None

    @property
    def text(self) -> Node:
        """The inline node of a paragraph, a heading or a cell."""
        return self.children[0]

    @property
    def lines(self) -> list[Line]:
        """The runs laid out; they are worked out once, and may be shared: nobody changes them."""
        if self._lines is None:
            self._lines = lines(self.runs)
        return self._lines

    @property
    def line(self) -> Line:
        """The runs on one line, under the same terms."""
        if self._line is None:
            self._line = join(self.lines, " ")
        return self._line

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it in reading order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


def tree_of(tokens: Iterable[Token], inline: Callable[[str], Node]) -> Node:
    """Return the root of the tree that a stream of markdown-it's block tokens describes.

    `inline` gives the inline node of the text of a paragraph, a heading or a cell.
    """
    root = Node("root")
    path = [root]
    for token in tokens:
        if token.nesting < 0:
            path.pop()
        elif token.type == "inline":
            path[-1].children.append(inline(token.content))
        else:
            node = Node(token.type.removesuffix("_open"), token.tag, token.markup, token.content)
            path[-1].children.append(node)
            if token.nesting > 0:
                node.start = int(token.attrs.get("start", 1))
                path.append(node)
    return root
