"""Tests of nlp.gap: the clauses between two equal ones, in order, held against all alignments there are."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import gap as module
from nlp.gap import NEAR, Gap
from nlp.likeness import common, joined, likeness
from nlp.normal import Words

Links = list[tuple[tuple[int, ...], tuple[int, ...]]]


def cut(*texts: str) -> list[Words]:
    """Return the words of texts."""
    return [tuple(text.split()) for text in texts]


def aligned(old: list[Words], new: list[Words]) -> Links:
    """Align clauses that all stand together."""
    return Gap(old, new, range(len(old)), range(len(new))).align()


def test_reworded_clauses_are_paired_in_order() -> None:
    old = cut("we keep your name", "we sell nothing to anyone at all")
    new = cut("cookies help us", "we keep your full name", "we sell nothing at all")
    assert aligned(old, new) == [((0,), (1,)), ((1,), (2,))]


def test_clauses_that_are_not_alike_stay_alone() -> None:
    assert aligned(cut("we keep your name"), cut("cookies help us")) == []
    # Two words of five each are just enough.
    assert aligned(cut("a b c d e"), cut("a b f g h")) == [((0,), (0,))]
    assert aligned(cut("a b c d e"), cut("a b f g h i")) == []


def test_a_sentence_that_was_split_is_paired_with_all_its_parts() -> None:
    whole, parts = (
        cut("we keep your name and we sell it to partners"),
        cut("we keep your name", "we sell it to partners"),
    )
    assert aligned(whole, parts) == [((0,), (0, 1))]
    assert aligned(parts, whole) == [((0, 1), (0,))]


def test_an_addition_is_no_part() -> None:
    old = cut("we keep your name and your address for ever")
    new = cut("we keep your name and your address for ever now", "cookies help us")
    assert aligned(old, new) == [((0,), (0,))]


def test_parts_stand_together() -> None:
    whole, parts = (
        cut("we keep your name and we sell it to partners"),
        cut("we keep your name", "we sell it to partners"),
    )
    # Between them stands a clause that has a partner elsewhere.
    assert Gap(whole, parts, [4], [7, 9]).align() == [((4,), (9,))]


def value(old: list[Words], new: list[Words]) -> float:
    """Return what it is worth to take clauses for one statement reworded, as the module says."""
    together, others = joined(old), joined(new)
    if likeness(together, others) < NEAR:
        return 0.0
    if len(old) + len(new) > 2:
        whole, parts = (together, new) if len(old) == 1 else (others, old)
        for i, part in enumerate(parts):
            rest = common(whole, joined([*parts[:i], *parts[i + 1 :]]))
            if common(whole, joined(parts)) - rest < 0.5 * len(part):
                return 0.0
    return (likeness(together, others) - NEAR + 0.05) * (len(together) + len(others))


def best_value(old: list[Words], new: list[Words]) -> float:
    """Return what the best alignment is worth, by trying all."""

    @cache
    def best(a: int, b: int) -> float:
        options = [0.0]
        options += [best(a - 1, b)] if a else []
        options += [best(a, b - 1)] if b else []
        for x, y in [(1, n) for n in range(1, 6)] + [(n, 1) for n in range(2, 6)]:
            if a >= x and b >= y and (gain := value(old[a - x : a], new[b - y : b])):
                options.append(best(a - x, b - y) + gain)
        return max(options)

    return best(len(old), len(new))


sides = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=7).map(tuple), min_size=1, max_size=7)


@settings(max_examples=200)
@given(sides, sides)
def test_no_alignment_is_worth_more(old: list[Words], new: list[Words]) -> None:
    links = aligned(old, new)
    assert [i for olds, _ in links for i in olds] == sorted({i for olds, _ in links for i in olds})
    assert [j for _, news in links for j in news] == sorted({j for _, news in links for j in news})
    total = sum(value([old[i] for i in olds], [new[j] for j in news]) for olds, news in links)
    assert total == pytest.approx(best_value(old, new))


@pytest.mark.parametrize(
    ("name", "most", "links"),
    [
        ("_MOST_PAIRS", 2, [((0,), (0, 1))]),
        ("_MOST_PAIRS", 1, [((0,), (1,))]),
        ("_MOST_WORD_PAIRS", 90, [((0,), (0, 1))]),
        ("_MOST_WORD_PAIRS", 89, [((0,), (1,))]),
    ],
)
def test_a_large_gap_is_aligned_one_to_one(monkeypatch: pytest.MonkeyPatch, name: str, most: int, links: Links) -> None:
    whole, parts = (
        cut("we keep your name and we sell it to partners"),
        cut("we keep your name", "we sell it to partners"),
    )
    monkeypatch.setattr(module, name, most)
    assert aligned(whole, parts) == links
