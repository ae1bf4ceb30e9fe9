"""Tests of nlp.segment: clauses with their headings, lead-ins and offsets, and the spaCy component."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import EntryPoint
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from nlp_fakes import COOKIES, KEEP, POLICE, SELL, acme, make_statement
from spacy.tokens import Doc

from corpus.assemble import statement_from_markdown
from corpus.load import load_bundled
from corpus.questions import read_question_sets
from corpus.types import Block, Statement
from nlp.segment import ClauseFinder, clauses_of, segment

ROOT = Path(__file__).parent.parent
ENTRY_POINTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["spacy_factories"]


def texts(statement: Statement) -> list[str]:
    """Return the texts of the clauses."""
    return [clause.text for clause in segment(statement)]


def one_block(block: Block, text: str) -> Statement:
    """Return a statement of one block."""
    return Statement("x", "X", text, (block,))


def test_a_statement_is_cut_into_sentences_under_their_headings() -> None:
    statement = acme()
    clauses = segment(statement)
    assert [c.text for c in clauses] == [SELL, POLICE, KEEP, COOKIES]
    assert [c.heading for c in clauses] == [("Sharing",), ("Sharing",), ("Logs",), ("Logs",)]
    assert [c.id for c in clauses] == ["c1", "c2", "c3", "c4"]
    assert [c.block for c in clauses] == [1, 1, 3, 3]
    assert {c.kind for c in clauses} == {"sentence"}
    assert all(statement.text[c.start : c.end] == c.text for c in clauses)


def test_an_item_knows_the_sentence_that_introduces_it() -> None:
    statement = make_statement(
        ("paragraph", "We are always careful. We never sell:"),
        ("item", "names;"),
        ("item", "what you wrote to us. We mean it."),
    )
    clauses = segment(statement)
    assert [(c.text, c.kind, c.lead_in) for c in clauses] == [
        ("We are always careful.", "sentence", None),
        ("We never sell:", "sentence", None),
        ("names;", "item", "We never sell:"),
        ("what you wrote to us.", "item", "We never sell:"),
        ("We mean it.", "item", "We never sell:"),
    ]
    assert clauses[2].context == "We never sell: names;"


def test_titles_headings_links_and_contents_are_no_clauses() -> None:
    kinds = ("title", "heading", "contents", "link", "header_row")
    statement = make_statement(*((kind, "We sell names.") for kind in kinds))
    assert segment(statement) == []


def test_a_short_row_is_one_clause_and_a_long_one_is_cut_at_its_cells() -> None:
    short = "Name. We need it. | Yes"
    block = Block("row", 0, len(short), columns=("What", "Shared"), cells=((0, 17), (20, 23)))
    assert [(c.text, c.kind, c.columns) for c in segment(one_block(block, short))] == [
        (short, "row", ("What", "Shared"))
    ]
    first = "We keep names as long as you are here. " * 20
    long = f"{first}| Yes, to partners"
    block = Block("row", 0, len(long), cells=((0, len(first)), (len(first) + 2, len(long))))
    cut = [c.text for c in segment(one_block(block, long))]
    assert cut == ["We keep names as long as you are here."] * 20 + ["Yes, to partners"]


@pytest.mark.parametrize(
    ("text", "run_in", "expected"),
    [
        ("Cookies. We set them. You eat them.", 0, ["Cookies. We set them.", "You eat them."]),
        ("What our partners may do. They may sell.", 25, ["What our partners may do. They may sell."]),
        ("What our partners may do. They may sell.", 0, ["What our partners may do.", "They may sell."]),
    ],
)
def test_a_heading_that_runs_into_its_sentence_stays_with_it(text: str, run_in: int, expected: list[str]) -> None:
    assert texts(one_block(Block("paragraph", 0, len(text), run_in=run_in), text)) == expected


def test_what_stands_over_many_clauses_is_bounded() -> None:
    heading, cell = "h" * 5_000, "c" * 300
    text = statement_from_markdown(f"## Inner\n\n### {heading}\n\n{heading}:\n\n- a car\n- a bus\n")
    assert [(c.heading, c.lead_in) for c in segment(text)][1:] == [(("h" * 500 + " …",), "h" * 500 + " …")] * 2
    nested = statement_from_markdown("".join(f"{'#' * n} {cell[:200]}\n\nA car.\n\n" for n in (2, 3, 4, 5)))
    assert [len(c.heading) for c in segment(nested)] == [0, 1, 2, 2]
    row = Block("row", 0, 5, columns=("A", cell, cell, "B"))
    assert [c.columns for c in segment(one_block(row, "a car"))] == [("A", cell)]


def test_what_has_no_words_is_no_clause_and_stray_punctuation_goes() -> None:
    assert texts(make_statement(("paragraph", "* * *"), ("paragraph", "a"), ("paragraph", "; and names"))) == [
        "and names"
    ]


@pytest.mark.parametrize("statement", [s.statement for s in read_question_sets()], ids=lambda s: s.id)
def test_offsets_point_into_every_statement_at_hand(statement: Statement) -> None:
    clauses = segment(statement)
    assert len(clauses) > 20
    assert all(statement.text[c.start : c.end] == c.text == c.text.strip() != "" for c in clauses)
    assert all(a.end <= b.start for a, b in pairwise(clauses))
    assert clauses == segment(statement)


def test_the_bundled_statement_keeps_its_known_sentences() -> None:
    found = texts(load_bundled("janrain.com"))
    assert "We do not sell your personal information to third parties." in found


@given(st.text(max_size=120))
@settings(deadline=None)
def test_offsets_hold_for_any_text(text: str) -> None:
    statement = one_block(Block("paragraph", 0, len(text)), text)
    clauses = segment(statement)
    assert all(text[c.start : c.end] == c.text for c in clauses)
    covered = "".join(c.text for c in clauses)
    # Only what has no words is left out.
    assert sum(ch.isalpha() for ch in text) - sum(ch.isalpha() for ch in covered) <= text.count(".") + 2 + sum(
        text.count(mark) for mark in "!?…\n"
    )


def test_a_component_without_a_statement_reads_paragraphs() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("smallprint_clauses")
    doc = pipeline("Our cookies\n\nWe sell all names. You\nbuy them.\n \t\nthe end of it\n")
    assert [c.text for c in doc._.clauses] == ["Our cookies", "We sell all names.", "You\nbuy them.", "the end of it"]
    assert [c.block for c in doc._.clauses] == [0, 1, 1, 2]
    assert [span.text for span in doc.spans["clauses"]] == [c.text for c in doc._.clauses]
    assert [span._.clause for span in doc.spans["clauses"]] == list(doc._.clauses)


def test_a_component_uses_the_structure_of_a_statement() -> None:
    statement = acme()
    pipeline = spacy.blank("en")
    doc = pipeline.make_doc(statement.text)
    doc._.statement = statement
    found = ClauseFinder("mine")
    assert found.predict(doc) == list(clauses_of(statement))
    assert doc._.clauses is None and "clauses" not in doc.spans
    assert found(doc)._.clauses == tuple(clauses_of(statement))


def test_a_clause_that_ends_inside_a_token_gets_the_whole_token() -> None:
    statement = replace(acme(), text="We sell all names.We lend", blocks=(Block("paragraph", 0, 25),), sections=())
    words = ["We", "sell", "all", "names.We", "lend"]
    doc = Doc(spacy.blank("en").vocab, words=words, spaces=[True, True, True, True, False])
    doc._.statement = statement
    ClauseFinder()(doc)
    assert [c.text for c in doc._.clauses] == ["We sell all names.", "We lend"]
    assert [span._.clause.text for span in doc.spans["clauses"]] == ["We sell all names.", "We lend"]
    assert [span.text for span in doc.spans["clauses"]] == ["We sell all names.We", "names.We lend"]


def test_the_entry_points_name_the_factories() -> None:
    for name, target in ENTRY_POINTS.items():
        make = EntryPoint(name, target, "spacy_factories").load()
        assert make(spacy.blank("en"), "mine").name == "mine"


def test_an_installed_package_gives_any_pipeline_its_components(tmp_path: Path) -> None:
    installed = tmp_path / "smallprint_factories-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: smallprint-factories\nVersion: 1.0\n")
    lines = [f"{name} = {target}" for name, target in ENTRY_POINTS.items()]
    (installed / "entry_points.txt").write_text("\n".join(["[spacy_factories]", *lines, ""]))
    program = (
        "import spacy\n"
        "pipeline = spacy.blank('en')\n"
        "pipeline.add_pipe('smallprint_sentences'); pipeline.add_pipe('smallprint_clauses')\n"
        "doc = pipeline('We sell to Acme, Inc. or others. We lend.')\n"
        "print([s.text for s in doc.sents], [c.text for c in doc._.clauses])\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    expected = "['We sell to Acme, Inc. or others.', 'We lend.']"
    assert done.stdout == f"{expected} {expected}\n", done.stderr
