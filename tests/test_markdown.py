"""Tests of corpus.markdown: blocks, lists, tables and headings of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offset_laws import check_laws, outline

from corpus.assemble import statement_from_markdown
from corpus.markdown import build, key, parse, remember
from corpus.tree import Node
from corpus.types import DocumentError

Row = tuple[str, str, str, int, int | None]


def rows(markdown: str) -> list[Row]:
    """Return every block as (kind, text, marker, level, lead-in)."""
    builder = build(parse(markdown))
    return [
        (block.kind, builder.text_of(i), block.marker, block.level, block.lead_in)
        for i, block in enumerate(builder.blocks)
    ]


def test_a_document_of_all_common_parts() -> None:
    builder = build(
        parse(
            "# Acme\n\nLast updated: 3 May 2024\n\n## 1. Data\n\nWe collect:\n\n- your name;\n- your address:\n"
            "    1. street\n    2. town\n\n### 1.1 Cookies\n\nWe set cookies.\n\n## 2. Sharing\n\n"
            "> We share.\n\n***\n\nEnd.\n"
        )
    )
    assert builder.text == (
        "Acme\n\nLast updated: 3 May 2024\n\n1. Data\n\nWe collect:\n\n• your name;\n• your address:\n"
        "  1. street\n  2. town\n\n1.1 Cookies\n\nWe set cookies.\n\n2. Sharing\n\nWe share.\n\nEnd."
    )
    assert [(b.kind, builder.text_of(i), b.section, b.marker, b.level) for i, b in enumerate(builder.blocks)] == [
        ("heading", "Acme", 0, "", 1),
        ("paragraph", "Last updated: 3 May 2024", 0, "", 0),
        ("heading", "1. Data", 1, "", 2),
        ("paragraph", "We collect:", 1, "", 0),
        ("item", "your name;", 1, "•", 1),
        ("item", "your address:", 1, "•", 1),
        ("item", "street", 1, "1.", 2),
        ("item", "town", 1, "2.", 2),
        ("heading", "1.1 Cookies", 2, "", 3),
        ("paragraph", "We set cookies.", 2, "", 0),
        ("heading", "2. Sharing", 3, "", 2),
        ("paragraph", "We share.", 3, "", 0),
        ("paragraph", "End.", 3, "", 0),
    ]
    assert [(s.heading, s.number, s.parent) for s in builder.sections] == [
        ("Acme", None, None),
        ("1. Data", "1", 0),
        ("1.1 Cookies", "1.1", 1),
        ("2. Sharing", "2", 0),
    ]
    assert [b.lead_in for b in builder.blocks if b.kind == "item"] == [3, 3, 5, 5]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            "We keep data.\n\n- a\n- b",
            [("paragraph", "We keep data.", "", 0, None), ("item", "a", "•", 1, None), ("item", "b", "•", 1, None)],
        ),
        (
            "We keep:\n\n- a\n\n  more of it\n- b",
            [
                ("paragraph", "We keep:", "", 0, None),
                ("item", "a", "•", 1, 0),
                ("paragraph", "more of it", "", 1, 0),
                ("item", "b", "•", 1, 0),
            ],
        ),
        ("3) c\n4) d", [("item", "c", "3)", 1, None), ("item", "d", "4)", 1, None)]),
        ("0. c", [("item", "c", "0.", 1, None)]),
        ("- a\n\t- b", [("item", "a", "•", 1, None), ("item", "b", "•", 2, 0)]),
        ("-\ta", [("item", "a", "•", 1, None)]),
        ("-\n- a", [("item", "a", "•", 1, None)]),
        (
            "We may:  \n• sell data  \n• keep data;  \n(a) lose it  \nand more",
            [
                ("paragraph", "We may:", "", 0, None),
                ("item", "sell data", "•", 1, 0),
                ("item", "keep data;", "•", 1, 0),
                ("item", "lose it\nand more", "(a)", 1, 0),
            ],
        ),
        (
            "We use:\n\n– cookies\n\n– logs\n\nThe end.",
            [
                ("paragraph", "We use:", "", 0, None),
                ("item", "cookies", "–", 1, 0),
                ("item", "logs", "–", 1, 0),
                ("paragraph", "The end.", "", 0, None),
            ],
        ),
        ("•  \ncookies", [("item", "cookies", "•", 1, None)]),
        ("a\n\n5 years later", [("paragraph", "a", "", 0, None), ("paragraph", "5 years later", "", 0, None)]),
    ],
)
def test_lists(markdown: str, expected: list[Row]) -> None:
    assert rows(markdown) == expected


LONG = "This paragraph is long enough to be what a heading stands over."


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (f"**Who we are**\n\n{LONG}", [("heading", "Who we are", 10), ("paragraph", LONG, 0)]),
        (f"**Who we are**  \n{LONG}", [("heading", "Who we are", 10), ("paragraph", LONG, 0)]),
        (f"**Who we are.** {LONG}", [("paragraph", f"Who we are. {LONG}", 0)]),
        ("**We will never sell your data to anyone.**", [("paragraph", "We will never sell your data to anyone.", 0)]),
        ("**We sell:**\n\n- a", [("paragraph", "We sell:", 0), ("item", "a", 1)]),
        (
            "- **Cookies**\n\n  We set.\n- b",
            [("heading", "Cookies", 11), ("paragraph", "We set.", 1), ("item", "b", 1)],
        ),
        ("2. **Use**\n\n   We use.", [("heading", "2. Use", 11), ("paragraph", "We use.", 1)]),
        (f"What we do\n\n{LONG}", [("heading", "What we do", 10), ("paragraph", LONG, 0)]),
        ("What we do\n\n- sell", [("heading", "What we do", 10), ("item", "sell", 1)]),
        (f"Updated 2016\n\n{LONG}", [("paragraph", "Updated 2016", 0), ("paragraph", LONG, 0)]),
        (f"privacy@a.b\n\n{LONG}", [("paragraph", "privacy@a.b", 0), ("paragraph", LONG, 0)]),
        (f"As follows:\n\n{LONG}", [("paragraph", "As follows:", 0), ("paragraph", LONG, 0)]),
        (
            f"## A\n\n## B\n\n## C\n\n## D\n\nWhat we do\n\n{LONG}",
            [("heading", name, 2) for name in "ABCD"] + [("paragraph", "What we do", 0), ("paragraph", LONG, 0)],
        ),
        (
            "Title\n=====\n\nSub\n---\n\ntext",
            [("heading", "Title", 1), ("heading", "Sub", 2), ("paragraph", "text", 0)],
        ),
        ("#\n\ntext", [("paragraph", "text", 0)]),
        ("# Data<br>\n\n# <br>\n\ntext", [("heading", "Data", 1), ("paragraph", "text", 0)]),
    ],
)
def test_headings(markdown: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(kind, text, level) for kind, text, _, level, _ in rows(markdown)] == expected


def test_a_bold_heading_in_a_list_holds_for_its_own_item() -> None:
    builder = build(parse("- **A**\n\n  one\n- **B**\n\n  two\n\nthree"))
    assert [b.section for b in builder.blocks] == [0, 0, 1, 1, None]


def test_a_bold_heading_that_is_a_list_alone_stands_over_what_follows() -> None:
    builder = build(parse("- **A**\n\none\n\n- **B**\n\ntwo"))
    assert [b.section for b in builder.blocks] == [0, 0, 1, 1]


def test_bold_lines_that_name_later_headings_are_contents() -> None:
    markdown = "Privacy\n\n**Data**\n\n**Cookies**\n\n**Data**\n\nWe collect.\n\n**Cookies**\n\nWe set cookies."
    assert [(kind, text) for kind, text, *_ in rows(markdown)] == [
        ("paragraph", "Privacy"),
        ("contents", "Data"),
        ("contents", "Cookies"),
        ("heading", "Data"),
        ("paragraph", "We collect."),
        ("heading", "Cookies"),
        ("paragraph", "We set cookies."),
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[Home](/x) | [About](https://a.b)", "link"),
        ("[Cookies](#c) [Data](#d)", "contents"),
        ("[Cookies](#c) [Data](/d)", "link"),
        ("[us@a.b](mailto:us@a.b)", "paragraph"),
        ("[Read it here.](/x)", "paragraph"),
        ("see [it](/x)", "paragraph"),
    ],
)
def test_lines_that_are_all_link_say_nothing(markdown: str, expected: str) -> None:
    assert [kind for kind, *_ in rows(markdown)] == [expected]


def test_tables_name_the_columns_of_their_rows() -> None:
    builder = build(parse("| **Data** | Use |\n|---|---|\n| name | [post](/p) |\n|  | a \\| b |\n| x |\n"))
    assert builder.text == "Data | Use\nname | post\n | a | b\nx | "
    assert [b.kind for b in builder.blocks] == ["header_row", "row", "row", "row"]
    assert [[builder.text[start:end] for start, end in b.cells] for b in builder.blocks] == [
        ["Data", "Use"],
        ["name", "post"],
        ["", "a | b"],
        ["x", ""],
    ]
    assert [b.columns for b in builder.blocks] == [(), ("Data", "Use"), ("Data", "Use"), ("Data", "Use")]


def test_a_table_of_one_column_is_paragraphs() -> None:
    assert [(kind, text) for kind, text, *_ in rows("| a |\n|---|\n| We collect. |\n| [x](#y) |")] == [
        ("paragraph", "a"),
        ("paragraph", "We collect."),
        ("contents", "x"),
    ]


def test_a_table_that_begins_with_prose_has_no_header() -> None:
    prose = "we collect your name and address and telephone number when you order here"
    builder = build(parse(f"| {prose} | {prose} |\n|---|---|\n| c | d |"))
    assert [(b.kind, b.columns) for b in builder.blocks] == [("row", ("", "")), ("row", ("", ""))]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("<p>One &lt;b&gt; <b>two</b></p>", [("paragraph", "One <b> two")]),
        ("<ul><li>a</li><li>b</li></ul>", [("item", "a"), ("item", "b")]),
        (
            "<table><tr><th>D</th><th>U</th></tr><tr><td>a</td><td>b</td></tr></table>",
            [("header_row", "D | U"), ("row", "a | b")],
        ),
        ("<!-- hidden -->\n\nseen", [("paragraph", "seen")]),
        ("<script>\nalert(1)\n\n</script>\n\nseen", [("paragraph", "seen")]),
        ("<style>p {}</style><p>seen</p>", [("paragraph", "seen")]),
        ("<script>alert(1)", []),
        ("```\none\ntwo\n\nthree\n```", [("paragraph", "one two"), ("paragraph", "three")]),
        ("    indented text", [("paragraph", "indented text")]),
        ("[x]: http://a.b\n\n[x] y", [("paragraph", "x y")]),
        ("", []),
    ],
)
def test_html_and_fences_are_read_for_their_text(markdown: str, expected: list[tuple[str, str]]) -> None:
    assert [(kind, text) for kind, text, *_ in rows(markdown)] == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**bold over  \nlines** and text", ["bold over", "lines and text"]),
        ("a **b\n\nc** d", ["a b", "c d"]),
        ("_Write to us at_[ _us@a.b_](mailto:us@a.b).", ["Write to us at us@a.b."]),
        ("snake_case_name and 2*3*4", ["snake_case_name and 234"]),
    ],
)
def test_marks_that_commonmark_leaves_over_are_mended(markdown: str, expected: list[str]) -> None:
    assert [text for _, text, *_ in rows(markdown)] == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("8. Customer Data", "customerdata"), ("CUSTOMER-DATA:", "customerdata"), ("Straße_1", "strasse"), ("12.", "")],
)
def test_key_is_what_a_table_of_contents_repeats(heading: str, expected: str) -> None:
    assert key(heading) == expected


def test_text_nested_as_deep_as_any_document_is_kept() -> None:
    nested = "\n".join("  " * depth + f"- item {depth}" for depth in range(40))
    assert [(text, level) for _, text, _, level, _ in rows(nested)] == [(f"item {n}", n + 1) for n in range(40)]
    assert rows("> " * 40 + "deep") == [("paragraph", "deep", "", 0, None)]


DOCUMENT = """\
# Acme Privacy Policy

Effective as of *May 1, 2016*. Visit [our site](https://acme.example/p).

## 1. Data we collect

We collect:

- **Account data.** Your name;
- your [address](#a):
    1. street
    2. town

**Cookies**

| Type | Use |
|---|---|
| session | to log you in |

## 2. Sharing

We share nothing.
"""
NOISE = st.sampled_from(["\u200b", "\u00ad", "\ufeff", "\u2060", "\u202e", "\x07", "\x00"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(DOCUMENT)), NOISE), max_size=12))
def test_characters_that_nobody_sees_change_nothing(noise: list[tuple[int, str]]) -> None:
    noisy = DOCUMENT
    for at, character in sorted(noise, reverse=True):
        noisy = noisy[:at] + character + noisy[at:]
    assert statement_from_markdown(noisy) == statement_from_markdown(DOCUMENT)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_white_space_that_means_nothing_changes_nothing(data: st.DataObject) -> None:
    lines = []
    for line in DOCUMENT.split("\n"):
        lines.append(line + data.draw(st.sampled_from(["", " ", "\u00a0"])))
        if not line:
            lines += [""] * data.draw(st.integers(0, 2))
    noisy = data.draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    assert statement_from_markdown(noisy) == statement_from_markdown(DOCUMENT)


BITS = st.sampled_from([
    "a", "We collect", ".", "[b](#c)", "[ d ](https://e.f)", "![i](j)", "**g**", "**", "_", "*", "`h`", "&amp;", "|",
    "<b>", "<br>", "<x>", "<div>", "</div>", "<ul><li>k", "<table><tr><td>l", "• ", "(a) ", "1. ", "- ", "# ", "> ",
    "  ", "    ", "\t", "\n", "\n", "\n\n", "  \n", "|---|---|\n", "```", "\u200b", "\u202e", "\x00", "&#x202e;",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(BITS, max_size=40).map("".join))
def test_the_laws_hold_for_any_markdown(markdown: str) -> None:
    try:
        statement = statement_from_markdown(markdown)
    except DocumentError as e:
        assert str(e) == "the document has no text to read; give a file that holds the words of a privacy policy"
        return
    check_laws(statement)
    assert statement_from_markdown(markdown) == statement
    assert outline(statement)


DEPTH = 10_000


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("[" * DEPTH, "[" * DEPTH),
        ("[" * DEPTH + "a" + "]" * DEPTH, "[" * DEPTH + "a" + "]" * DEPTH),
        ("![" * DEPTH, "![" * DEPTH),
        ("> " * DEPTH + "a", ""),
        ("- " * DEPTH + "a", ""),
        ("1. " * DEPTH + "a", ""),
        ("(" * DEPTH, "(" * DEPTH),
        ('"' * DEPTH, '"' * DEPTH),
        ("*a " * DEPTH, "*a" * DEPTH),
        ("*" * 2 * DEPTH + "a" + "*" * 2 * DEPTH, "a"),
        ("x" * 1_000_000, "x" * 1_000_000),
        ("```\n" + "x" * 1_000_000, "x" * 1_000_000),
        ("a\x00" * DEPTH, "a" * DEPTH),
        ("a" + "\u200b" * 100_000 + "b", "ab"),
    ],
    ids='brackets pairs images > - 1. ( " * bold unbroken fence nul zero-width'.split(),
)
def test_hostile_text_is_read(hostile: str, seen: str) -> None:
    statement = statement_from_markdown("We collect data.\n\n" + hostile)
    check_laws(statement)
    assert "".join(statement.text.split()) == "Wecollectdata." + seen
    assert max(map(len, statement.text.split())) <= 1000


@pytest.mark.parametrize(
    "hostile",
    ["<div>" * DEPTH + "a", "<ul><li>" * DEPTH + "a"],
    ids=["div", "li"],
)
def test_what_is_nested_too_deep_is_refused(hostile: str) -> None:
    with pytest.raises(DocumentError, match=r"^the document is nested too deep to read; give its text without the"):
        statement_from_markdown(hostile)


def test_five_thousand_headings() -> None:
    statement = statement_from_markdown("".join(f"## {n}. Heading\n\nText {n}.\n\n" for n in range(5000)))
    assert [section.number for section in statement.sections] == [str(n) for n in range(5000)]
    assert statement.heading_path(statement.blocks[-1].section) == ("4999. Heading",)
    check_laws(statement)


def test_an_escaped_underscore_stays_where_it_is() -> None:
    assert statement_from_markdown("# T\n\nWe set ANON\\_ID for a year.\n").text == "T\n\nWe set ANON_ID for a year."


@pytest.fixture
def memory() -> Iterator[None]:
    """Keep up to three paragraphs."""
    remember(3)
    yield
    remember(0)


def texts(markdown: str, *, html: bool = True) -> list[Node]:
    """Return the inline nodes of the paragraphs of a document."""
    return [node.text for node in parse(markdown, html=html).children]


def test_nothing_is_kept_unless_it_is_asked_for() -> None:
    (one,), (two,) = texts("We **sell** it."), texts("We **sell** it.")
    assert one is not two
    assert one == two


def test_a_paragraph_that_is_kept_is_read_once(memory: None) -> None:
    one, two = texts("We **sell** it.\n\nWe keep it.")
    assert texts("We keep it.\n\nOther.\n\nWe **sell** it.")[::2] == [two, one]
    assert texts("We **sell** it.")[0] is one
    # Two others later it is one of the last three, three others later it is not.
    texts("a\n\nb")
    assert texts("We **sell** it.")[0] is one
    texts("c\n\nd\n\ne")
    assert texts("We **sell** it.") == [one]
    assert texts("We **sell** it.")[0] is not one


def test_words_with_another_meaning_are_another_paragraph(memory: None) -> None:
    plain = [run.href for run in texts("see [us]")[0].runs]
    linked = [run.href for run in texts("see [us]\n\n[us]: /us")[0].runs]
    assert (plain, linked) == ([None], [None, "/us"])
    assert [run.href for run in texts("see [us]")[0].runs] == plain
    assert texts("a <b>b</b>")[0].runs != texts("a <b>b</b>", html=False)[0].runs
    long = "x" * 1001
    assert texts(long)[0] is not texts(long)[0]


def test_what_is_kept_is_read_the_same_again(memory: None) -> None:
    remember(1000)
    documents = [
        "**A\n\n**B** c_d _e\n\n**F** g",
        "**A** x\n\n**B** c_d _e\n\n- **B** c_d _e\n\n| **A** x | y |\n|---|---|\n| **A** x | z |",
    ]
    again = [statement_from_markdown(text) for text in documents * 2]
    remember(0)
    assert again == [statement_from_markdown(text) for text in documents] * 2


@given(st.text(st.sampled_from([*map(chr, range(128)), *"éßÉ²Ⅷ’_"])))
def test_the_key_of_a_heading_is_its_letters(text: str) -> None:
    assert key(text) == re.sub(r"[\W\d_]+", "", text).casefold()


@pytest.mark.parametrize("link", ["**[Terms](/terms)**", "[**Terms**](/terms)", "[Terms](/terms)"])
def test_an_item_that_is_only_a_link_is_no_heading(link: str) -> None:
    builder = build(parse(f"We have more to read:\n\n* {link}\n* our blog\n\nThat is all.\n"))
    assert [(block.kind, builder.text_of(i)) for i, block in enumerate(builder.blocks)] == [
        ("paragraph", "We have more to read:"),
        ("link", "Terms"),
        ("item", "our blog"),
        ("paragraph", "That is all."),
    ]


@pytest.mark.parametrize(
    "markdown",
    ["1. **[Sharing](/sharing)**\n\nWe share it.", "* **[Sharing](/sharing)**\n\n  We share it.\n* We sell it."],
    ids=["the only item", "over the rest of its item"],
)
def test_a_link_that_stands_over_text_is_a_heading(markdown: str) -> None:
    assert [block.kind for block in build(parse(markdown)).blocks][:2] == ["heading", "paragraph"]
