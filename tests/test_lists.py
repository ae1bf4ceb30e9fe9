"""Tests of nlp.lists: which questions ask for several things, and which items of a list answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from nlp_fakes import clause, make_statement

from corpus.load import load_text
from corpus.types import Block, Statement
from nlp.lists import answering_items, asks_for_several, introduction
from nlp.segment import segment
from nlp.types import Clause

CLAUSES = segment(
    make_statement(
        ("heading", "Use"),
        ("paragraph", "Welcome to all of Acme. We collect this:"),  # 0, 1
        ("item", "names;"),  # 2
        ("item", "letters;"),  # 3
        ("item", "pictures; and"),  # 4
        ("item", "logs."),  # 5
        ("paragraph", "We share this:"),  # 6
        ("item", "names."),  # 7
        ("item", "pictures."),  # 8
        ("paragraph", "That is all."),  # 9
    )
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what data do you collect?", True),
        ("What kinds of personal information do you collect?", True),
        ("which third parties get it?", True),
        ("who gets my data?", True),
        ("so who sees it", True),
        ("whom do you tell?", True),
        ("  name all partners", True),
        ("list the partners", True),
        ("what do you use it for?", True),
        ("what are my rights?", True),
        ("how long do you keep it?", False),
        ("which country is it?", False),
        ("what is your address?", False),
        ("where is it stored?", False),
        ("do you sell it?", False),
        ("", False),
    ],
)
def test_questions_that_ask_for_several_things(question: str, expected: bool) -> None:
    assert asks_for_several(question) is expected


def test_the_statement_has_the_clauses_that_are_numbered_here() -> None:
    assert [c.text for c in CLAUSES] == [
        "Welcome to all of Acme.",
        "We collect this:",
        *("names;", "letters;", "pictures; and", "logs."),
        "We share this:",
        *("names.", "pictures."),
        "That is all.",
    ]


@pytest.mark.parametrize("position", [1, 2, 5], ids=["what introduces it", "its first item", "its last item"])
@pytest.mark.parametrize(
    ("scores", "items"),
    [
        ({2: 0.9, 3: 0.8, 4: 0.7, 5: 0.6}, [2, 3, 4, 5]),
        # Most are likely to answer: the fourth belongs to them.
        ({2: 0.9, 3: 0.25, 5: 0.6}, [2, 3, 4, 5]),
        # But not where it was looked at and does not answer.
        ({2: 0.9, 3: 0.25, 5: 0.6, 4: 0.2}, [2, 3, 5]),
        # Half are not most.
        ({5: 0.9, 2: 0.25}, [2, 5]),
        ({5: 0.9, 2: 0.24}, []),
        # Items of another list do not count.
        ({2: 0.9, 7: 0.9, 8: 0.9}, []),
        ({}, []),
    ],
)
def test_the_items_that_answer_in_reading_order(position: int, scores: dict[int, float], items: list[int]) -> None:
    assert answering_items(CLAUSES, position, scores) == items


def test_the_list_is_the_one_that_the_clause_introduces() -> None:
    every = dict.fromkeys(range(10), 0.9)
    assert answering_items(CLAUSES, 6, every) == [7, 8]
    assert answering_items(CLAUSES, 8, every) == [7, 8]


@pytest.mark.parametrize("position", [0, 9])
def test_a_sentence_beside_a_list_has_no_items(position: int) -> None:
    assert answering_items(CLAUSES, position, dict.fromkeys(range(10), 0.9)) == []


def long_list(number: int) -> Sequence[Clause]:
    """Return the clauses of a list of so many items, what introduces it first."""
    return segment(make_statement(("paragraph", "We keep:"), *[("item", f"thing {i}") for i in range(number)]))


def test_a_list_of_more_than_fifteen_answers_is_none() -> None:
    nine = dict.fromkeys(range(1, 10), 0.9)
    assert answering_items(long_list(15), 0, nine) == list(range(1, 16))
    assert answering_items(long_list(16), 0, nine) == list(range(1, 10))
    assert answering_items(long_list(16), 0, dict.fromkeys(range(1, 11), 0.9)) == []
    but_one = [i for i in range(1, 17) if i != 11]
    assert answering_items(long_list(16), 9, dict.fromkeys(range(1, 11), 0.9) | {11: 0.1}) == but_one


def test_items_without_what_introduces_them_are_no_list() -> None:
    clauses = segment(make_statement(("item", "names"), ("item", "letters")))
    assert [c.lead_in for c in clauses] == [None, None]
    assert answering_items(clauses, 0, {0: 0.9, 1: 0.9}) == []


NESTED = segment(
    load_text(
        "We share it with:\n\n* hosts of our site\n  * Alpha\n  * Beta\n    * Beta Two\n* advertisers\n\nThat is all.",
        kind="markdown",
    )
)


@pytest.mark.parametrize(
    ("position", "scores", "items"),
    [
        # It answers alone among its own: what it introduces belongs to it, and what is nested deeper does not.
        (1, {1: 0.9, 5: 0.1}, [1, 2, 3]),
        (1, {1: 0.9, 2: 0.1}, [1, 2, 3]),
        # Its own list answers.
        (1, {1: 0.9, 5: 0.3}, [1, 5]),
        (2, {2: 0.9, 3: 0.3}, [2, 3]),
        # It introduces nothing.
        (2, {2: 0.9, 3: 0.1}, []),
        (5, {5: 0.9, 1: 0.1}, []),
    ],
)
def test_an_item_that_answers_alone_brings_the_list_nested_in_it(
    position: int, scores: dict[int, float], items: list[int]
) -> None:
    assert [c.text for c in NESTED] == [
        "We share it with:", "hosts of our site", "Alpha", "Beta", "Beta Two", "advertisers", "That is all."
    ]  # fmt: skip
    assert answering_items(NESTED, position, scores) == items


def table() -> Statement:
    """Return a statement of two tables of two rows each and a sentence between them."""
    text = "names | yes\nlogs | no\nAs said.\nmail | yes\nmaps | no\n"
    blocks, start = list[Block](), 0
    for i, line in enumerate(text.splitlines()):
        kind = "paragraph" if i == 2 else "row"
        columns = () if i == 2 else ("What", "Sold" if i < 2 else "Kept")
        blocks.append(Block(kind, start, start + len(line), columns=columns, run_in=start))  # type: ignore[arg-type]
        start += len(line) + 1
    return Statement("acme.example", "Acme", text, tuple(blocks))


def test_rows_of_one_table_are_a_list() -> None:
    clauses = segment(table())
    every = dict.fromkeys(range(5), 0.9)
    assert [answering_items(clauses, i, every) for i in range(5)] == [[0, 1], [0, 1], [], [3, 4], [3, 4]]
    # Without the sentence between them they are two tables still, told apart by their columns.
    without = [clause for clause in clauses if clause.kind == "row"]
    assert [answering_items(without, i, every) for i in range(4)] == [[0, 1], [0, 1], [2, 3], [2, 3]]
    # A third one with the columns of the first is another table.
    assert answering_items([*without, *without[:2]], 0, dict.fromkeys(range(6), 0.9)) == [0, 1]


def test_what_introduces_an_item_is_the_nearest_clause_before_it_that_says_so() -> None:
    assert [introduction(CLAUSES, i) for i in (2, 5, 7)] == [CLAUSES[1], CLAUSES[1], CLAUSES[6]]
    assert [introduction(CLAUSES, i) for i in (0, 1, 9)] == [None] * 3
    twice = [("paragraph", "We share:"), ("item", "names."), ("paragraph", "We share:"), ("item", "logs.")]
    clauses = segment(make_statement(*twice))  # type: ignore[arg-type]
    assert [introduction(clauses, i) for i in (1, 3)] == [clauses[0], clauses[2]]
    # Where it was left out, none does.
    assert introduction(clauses[1:2], 0) is None


def test_a_heading_may_run_into_what_introduces_a_list() -> None:
    clauses = segment(make_statement(("paragraph", "Sharing. We share:"), ("item", "names."), ("item", "logs.")))
    assert [c.text for c in clauses] == ["Sharing. We share:", "names.", "logs."]
    assert clauses[1].lead_in == "We share:"
    assert introduction(clauses, 2) is clauses[0]
    assert answering_items(clauses, 0, {1: 0.9, 2: 0.9}) == [1, 2]


def item(text: str, lead_in: str) -> Clause:
    """Return a list item after what introduces it."""
    return replace(clause(text), kind="item", lead_in=lead_in)


def test_an_item_of_a_nested_list_belongs_to_its_own() -> None:
    outer, inner = "We share:", "names, such as"
    clauses = [clause(outer), *(item(text, lead) for text, lead in (("a", outer), (inner, outer)))]
    clauses += [item("first", inner), item("last", inner), item("d", outer)]
    every = dict.fromkeys(range(6), 0.9)
    assert answering_items(clauses, 0, every) == [1, 2, 5]
    assert answering_items(clauses, 5, every) == [1, 2, 5]
    assert answering_items(clauses, 3, every) == [3, 4]


def test_a_list_ends_at_the_next_heading() -> None:
    items = [item(text, "We share:") for text in ("a", "b", "c")]
    clauses = [*items[:2], replace(items[2], heading=("Other",))]
    assert answering_items(clauses, 0, dict.fromkeys(range(3), 0.9)) == [0, 1]
