"""Tests of corpus.inline: inline Markdown as lines of visible text."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.inline import Line, Run, join, lines, visible
from corpus.markdown import parse


def read(markdown: str) -> list[Line]:
    """Return the lines of a document of one paragraph."""
    return lines(parse(markdown).children[0].text.runs)


def texts(markdown: str) -> list[str]:
    return [line.text for line in read(markdown)]


def test_runs_keep_style_and_target() -> None:
    found = parse("a **b** [c **d**](/e) `f`").children[0].text.runs
    assert list(found) == [
        Run("a "),
        Run("b", bold=True),
        Run(" "),
        Run("c ", href="/e"),
        Run("d", bold=True, href="/e"),
        Run("", href="/e"),
        Run(" "),
        Run("f"),
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("one\ntwo", ["one two"]),
        ("one  \ntwo", ["one", "two"]),
        ("one\\\ntwo", ["one", "two"]),
        ("one<br>two<BR/>three", ["one", "two", "three"]),
        ("a  b\u00a0\u00a0c\u2003d\te", ["a b c d e"]),
        ("*a* _b_ `c` <em>d</em> ~~e~~", ["a b c d ~~e~~"]),
        ("Q&amp;A &lt;b&gt; &copy; \\*", ["Q&A <b> © *"]),
        ("![a picture](p.png) beside", ["beside"]),
        ("id <domainspecifier> is kept, <span>that</span> is not", ["id <domainspecifier> is kept, that is not"]),
        ("a <!-- remark --> b", ["a b"]),
        ("&#x202E;evil&#8294; &#27;[31mred", ["evil \ufffd[31mred"]),
    ],
)
def test_a_reader_sees(markdown: str, expected: list[str]) -> None:
    assert texts(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "links"),
    [
        ("[a](/a) [**b [c](/c)**](/b) ![d](/d) e", [("a", "/a"), ("c", "/c")]),
        ("see [the *page*](/p) now", [("the", "/p"), ("page", "/p")]),
        ("see[ here ](/p)now", [("here", "/p")]),
        ("[](/empty) and ![](x.png)", []),
        ("<https://a.b/c>", [("https://a.b/c", "https://a.b/c")]),
        ("[one](/1)  \n[two](/2)", [("one", "/1"), ("two", "/2")]),
    ],
)
def test_links_cover_their_words_and_no_space(markdown: str, links: list[tuple[str, str]]) -> None:
    assert [(line.text[a:b], href) for line in read(markdown) for a, b, href in line.links] == links


@pytest.mark.parametrize(
    ("markdown", "head", "all_bold"),
    [
        ("**Cookies.** We set them.", "Cookies.", False),
        ("**Our** **cookies** here", "Our", False),
        ("**All of it**", "All of it", True),
        ("**All** , **of it** !", "All", True),
        ("We **set** them", "", False),
        ("plain", "", False),
        ("**—**", "—", False),
        ("**Überall** _²_", "Überall", False),
        ("**Überall ²** – _!_", "Überall ²", True),
    ],
)
def test_bold_words_at_the_start_are_measured(markdown: str, head: str, all_bold: bool) -> None:
    (line,) = read(markdown)
    assert line.text[: line.bold_head] == head
    assert line.all_bold is all_bold


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [("[a](/a) | [b](/b).", True), ("[a](/a) and [b](/b)", False), ("a", False), ("[—](/a)", False)],
)
def test_all_link_means_nothing_else_is_said(markdown: str, expected: bool) -> None:
    (line,) = read(markdown)
    assert line.all_link is expected


def test_after_takes_a_marker_off_and_moves_the_rest() -> None:
    (line,) = read("**(a) the** [page](/p) [q](/q)")
    assert line.after(4) == Line("the page q", bold=4, bold_head=3, links=[(4, 8, "/p"), (9, 10, "/q")])
    assert line.after(10).links == [(0, 2, "/p"), (3, 4, "/q")]


def test_join_moves_links_along() -> None:
    (one,), (two,) = read("**a** [b](/b)"), read("[c](/c) d")
    assert join([one, two], " | ") == Line("a b | c d", bold=1, bold_head=1, links=[(2, 3, "/b"), (6, 7, "/c")])
    assert join([], "\n") == Line()
    assert join([Line(), one, Line()], "\n") == one
    assert join([Line(), one, Line()], " | ").text == " | a b | "


@pytest.mark.parametrize(("length", "expected"), [(1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])])
def test_a_word_that_no_one_would_write_is_broken(length: int, expected: list[int]) -> None:
    (line,) = lines([Run("x" * length)])
    assert [len(word) for word in line.text.split(" ")] == expected


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("zero\u200bwidth\u00adhyphen\ufeff", "zerowidthhyphen"),
        ("\u202eright\u2066 to\u061c left", "right to left"),
        ("\x1b[31mred\x07\x00", "[31mred"),
        ("a\tb\u2028c\nd\re", "a b c\nd e"),
        ("\ue000\uf0b7\udcff\U0010ffff", ""),
        ("naïve “quotes” 日本 👍🏽", "naïve “quotes” 日本 👍🏽"),
    ],
)
def test_what_nobody_sees_is_dropped(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_every_character_is_seen_or_not() -> None:
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn"}
    for ch in map(chr, range(sys.maxunicode + 1)):
        shown = " " if ch.isspace() else "" if unicodedata.category(ch) in hidden else ch
        assert visible(ch) == (ch if ch == "\n" else shown)


def test_many_hidden_characters_at_once() -> None:
    hidden = "".join(map(chr, range(0xE000, 0xE100)))
    assert visible(f"a{hidden}b\u00a0{hidden}c") == "ab c"


@given(st.text(st.characters(), max_size=60))
def test_visible_leaves_only_what_is_seen_and_settles_at_once(text: str) -> None:
    seen = visible(text)
    assert not [ch for ch in seen if ch != "\n" and unicodedata.category(ch).startswith("C")]
    assert visible(seen) == seen


PIECES = st.text(st.sampled_from("ab .\n\u200b\t"), max_size=8)


@given(st.lists(st.builds(Run, PIECES, st.booleans(), st.sampled_from([None, "/x", "/y"])), max_size=8))
def test_lines_are_trimmed_and_their_offsets_inside(parts: list[Run]) -> None:
    laid = lines(parts)
    assert "".join("".join(line.text.split()) for line in laid) == "".join(
        "".join(visible(run.text).split()) for run in parts
    )
    for line in laid:
        assert line.text == " ".join(line.text.split())
        assert 0 <= line.bold_head <= len(line.text) + 1
        for start, end, _ in line.links:
            assert line.text[start:end] and line.text[start:end] == line.text[start:end].strip()
