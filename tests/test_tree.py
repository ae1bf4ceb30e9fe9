"""Tests of corpus.tree: what markdown-it finds, as a tree."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.inline import Line
from corpus.markdown import parse
from corpus.tree import Node, tree_of

DOCUMENT = (
    "# A *title*\n\n> said\n> > twice\n\n3. one\n\n   more\n4. two\n   - deep **bold [link](/x)** ![picture](p.png)\n\n"
    "| a | b |\n|---|---|\n| c | d `e` |\n\n<div>html</div>\n\n```\ncode\n```\n\nlast\n"
)


def shape(node: Node | SyntaxTreeNode) -> object:
    """Return type, tag, markup and content of a node and all below it; what is inside a paragraph is left out."""
    inside = [] if node.type == "inline" else [shape(child) for child in node.children]
    return (node.type, *(("", "", "") if node.type == "root" else (node.tag, node.markup, node.content)), inside)


def test_the_tree_is_that_of_markdown_it() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(DOCUMENT)
    found = tree_of(tokens, lambda content: Node("inline", content=content))
    assert shape(found) == shape(SyntaxTreeNode(tokens))


def test_a_list_knows_its_first_number() -> None:
    assert [node.start for node in parse("7. a\n8. b\n\ntext\n\n- c").children] == [7, 1, 1]


def test_all_nodes_are_walked_in_reading_order() -> None:
    walked = " / ".join(node.content for node in parse(DOCUMENT).walk() if node.type == "inline")
    assert walked == (
        "A *title* / said / twice / one / more / two / deep **bold [link](/x)** ![picture](p.png)"
        " / a / b / c / d `e` / last"
    )


def test_the_line_of_a_text_is_made_once() -> None:
    (paragraph,) = parse("a **b**  \nc").children
    assert paragraph.text.line == Line("a b c", bold=1)
    assert paragraph.text.line is paragraph.text.line
    assert [line.text for line in paragraph.text.lines] == ["a b", "c"]
    assert paragraph.text.lines is paragraph.text.lines
