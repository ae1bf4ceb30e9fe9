"""Tests of nlp.sentences: where sentences start, and the spaCy component."""

from __future__ import annotations

from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from nlp.sentences import SentenceBoundaries, sentence_spans, sentence_starts


def pieces(text: str) -> list[str]:
    """Return the text between sentence starts, without white space around it."""
    return [text[a:b].strip() for a, b in pairwise([*sentence_starts(text), len(text)])]


@pytest.mark.parametrize(
    "text",
    [
        "We are Janrain, Inc. or one of its affiliates.",
        "Janrain complies with the U.S. - E.U. Safe Harbor Framework.",
        "Write to the U.S. Department of Commerce.",
        "We made it in the U.S.A. for you.",
        "We take data, e.g. Your name, i.e. The one that you gave.",
        "We take data, e.g. cookies, i.e. small files.",
        "We take names, addresses, etc. and keep them.",
        "Ask Mr. Smith or Dr. Jones of Acme vs. Others.",
        "See Sec. 3 of Art. 5 and No. 7.",
        "Since Jan. 2016 we use version 3.2 of it.",
        "Write to privacy.team@mail.janrain.com or call.",
        "See http://www.janrain.com/a.b.html?c=d.e for more.",
        "We may (a) sell it; (b) give it; and (c) lend it.",
        "(a) We sell it.",
        "2.1. Cookies are set.",
        "iv. Cookies are set.",
        "Who are we? no one.",
        "J. Smith wrote it.",
        "Wait... and then go.",
        "One line\nand its rest.",
    ],
)
def test_it_is_one_sentence(text: str) -> None:
    assert list(sentence_starts(text)) == [0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Made by Janrain, Inc. We keep it.", ["Made by Janrain, Inc.", "We keep it."]),
        ("We are in the U.S. In particular, we obey.", ["We are in the U.S.", "In particular, we obey."]),
        ("Names, addresses, etc. We sell none.", ["Names, addresses, etc.", "We sell none."]),
        ("Open until 5 p.m. You may call.", ["Open until 5 p.m.", "You may call."]),
        ("Write to privacy@janrain.com. It is free.", ["Write to privacy@janrain.com.", "It is free."]),
        ("Go to www.janrain.com. Cookies are set.", ["Go to www.janrain.com.", "Cookies are set."]),
        ("See http://a.example/b.html. Then go.", ["See http://a.example/b.html.", "Then go."]),
        ("1. We collect names. 2. We keep them.", ["1. We collect names.", "2. We keep them."]),
        ("(a) We sell. (b) We give.", ["(a) We sell.", "(b) We give."]),
        ("It is so. (iii) We lend.", ["It is so.", "(iii) We lend."]),
        ('He said "We sell." Then he left.', ['He said "We sell."', "Then he left."]),
        ("He said “we sell.” Then he left.", ["He said “we sell.”", "Then he left."]),
        ('They sell. "We do not."', ["They sell.", '"We do not."']),
        ("(We sell.) You buy.", ["(We sell.)", "You buy."]),
        ("You buy. (We sell.)", ["You buy.", "(We sell.)"]),
        ("Read the notice.We may change it.", ["Read the notice.", "We may change it."]),
        ("Is it? Yes! We do… And so on", ["Is it?", "Yes!", "We do…", "And so on"]),
        ("Version 3.2 came. 5 years passed.", ["Version 3.2 came.", "5 years passed."]),
        ("first part\n\nsecond part", ["first part", "second part"]),
        ("Cookies\n \t\nare set.", ["Cookies", "are set."]),
    ],
)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_full_stop_at_the_start_ends_nothing() -> None:
    assert list(sentence_starts(".We may")) == [0]


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_has_no_sentences(text: str) -> None:
    assert list(sentence_starts(text)) == []


@pytest.mark.parametrize(
    ("text", "count"), [("e.g. A " * 30_000, 1), ("a" + "\n" * 50_000 + "b", 2), ("...  " * 30_000, 30_000)]
)
def test_long_text_takes_time_in_proportion_to_its_length(text: str, count: int) -> None:
    # Looking back over the whole sentence or forth over the whole gap each time, this would take minutes.
    assert len(list(sentence_starts(text))) == count


LIKE_PROSE = st.text(alphabet='aA.bWe (1)!?"\n;', max_size=60) | st.text(max_size=60)


@given(LIKE_PROSE)
@settings(deadline=None)
def test_the_pieces_cover_the_text(text: str) -> None:
    starts = list(sentence_starts(text))
    assert starts == sorted(set(starts))
    assert bool(starts) == bool(text.strip())
    if starts:
        assert text[: starts[0]].strip() == ""
        assert not any(text[start].isspace() for start in starts)
        assert text[starts[0] :] == "".join(text[a:b] for a, b in pairwise([*starts, len(text)]))


@given(st.lists(st.sampled_from(["We sell names.", "You may ask!", "It is Acme Inc.", "Who?"]), min_size=1, max_size=8))
def test_whole_sentences_come_back_as_they_were(sentences: list[str]) -> None:
    assert pieces(" ".join(sentences)) == sentences


def test_a_component_predicts_without_changing_the_document() -> None:
    doc = spacy.blank("en").make_doc("We sell. You buy.")
    component = SentenceBoundaries("mine")
    assert component.predict(doc) == [True, False, False, True, False, False]
    assert not doc.has_annotation("SENT_START")
    assert [sentence.text for sentence in component(doc).sents] == ["We sell.", "You buy."]


def test_a_component_reads_a_document_made_by_hand() -> None:
    doc = Doc(
        spacy.blank("en").vocab,
        words=["The", "U.S.", "We", "go", "."],
        spaces=[True, True, True, False, False],
    )
    assert SentenceBoundaries().predict(doc) == [True, False, True, False, False]


def test_the_first_token_starts_a_sentence_even_if_it_is_white_space() -> None:
    doc = SentenceBoundaries()(spacy.blank("en").make_doc("  We sell."))
    assert [token.is_sent_start for token in doc][:2] == [True, True]


def test_the_component_works_in_a_pipeline_of_ones_own() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("smallprint_sentences", name="cut", after="sentencizer")
    assert [s.text for s in pipeline("It is Acme, Inc. or us. We go.").sents] == ["It is Acme, Inc. or us.", "We go."]
    docs = list(pipeline.pipe(["We go. You go.", ""]))
    assert [len(list(doc.sents)) for doc in docs] == [2, 0]


def test_an_abbreviation_behind_a_hyphen_is_one_too() -> None:
    text = "We comply with the EU-U.S. Data Privacy Framework (EU-U.S. DPF) and the Swiss-U.S. DPF."
    assert list(sentence_starts(text)) == [0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We sell. We keep it. ", ["We sell. ", "We keep it. "]),
        ("  One only", ["One only"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_spans_run_from_start_to_start(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected
