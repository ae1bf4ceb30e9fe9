"""Tests of the timeline: only what was really changed makes a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from store_fakes import KEEP, SAID, SELL, made_store, policy, version

from corpus.archives.types import Version
from corpus.types import DocumentError
from nlp import timeline as module
from nlp.timeline import Timeline, roles_of, timeline

BASE, MORE = policy(), policy(SELL)


def made(folder: Path, items: Sequence[Version]) -> Timeline:
    """Return the timeline of an archive of one document."""
    return timeline(made_store(folder / "store", items), "acme")


def steps(found: Timeline) -> list[tuple[str, int, int, int]]:
    """Return the kind of each step, its first and last version, and how many say the same."""
    return [(step.kind, step.version.number, step.last.number, step.versions) for step in found.steps]


def test_versions_collapse_to_what_was_changed(tmp_path: Path) -> None:
    texts = [BASE, BASE, MORE, MORE, policy(SELL, KEEP)]
    found = made(tmp_path, [version(day, text) for day, text in enumerate(texts)])
    assert steps(found) == [("first", 1, 2, 2), ("change", 3, 4, 2), ("change", 5, 5, 1)]
    first, second, third = found.steps
    assert (first.before, first.changes, first.count()) == (None, (), Counter())
    assert second.before and second.before.number == 2
    assert [(c.kind, c.new.quote if c.new else None) for c in second.changes] == [("added", SELL)]
    assert third.before and third.before.number == 4
    assert third.count() == {"added": 1}
    assert found.counts == {
        "versions": 5,
        "first": 1,
        "real changes": 2,
        "technical": 0,
        "returns": 0,
        "noise only": 2,
        "flagged": 0,
        "texts": 3,
    }


def test_markup_links_and_dates_make_no_step(tmp_path: Path) -> None:
    marked = BASE.replace("partners", "[partners](https://example.com)").replace("cookies", "**cookies**")
    dated = BASE + "\nLast updated: 1 May 2020\n"
    found = made(tmp_path, [version(0), version(1, marked), version(2, dated), version(3, dated.replace("1", "2"))])
    assert steps(found) == [("first", 1, 4, 4)]
    assert found.counts["texts"] == 4


def test_a_difference_in_which_the_comparison_sees_no_change_makes_no_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = module.compare
    monkeypatch.setattr(module, "compare", lambda old, new, ours, theirs: compare(old, old, ours, ours))
    assert steps(made(tmp_path, [version(0), version(1, MORE)])) == [("first", 1, 2, 2)]


def test_a_return_is_told_as_one(tmp_path: Path) -> None:
    texts = [BASE, MORE, BASE, MORE, BASE]
    found = made(tmp_path, [version(day, text) for day, text in enumerate(texts)])
    assert [(step.kind, step.version.returns_to) for step in found.steps] == [
        ("first", None),
        ("change", None),
        ("return", 1),
        ("return", 2),
        ("return", 1),
    ]
    assert [dict(step.count()) for step in found.steps[1:]] == [{"added": 1}, {"removed": 1}] * 2
    assert (found.counts["returns"], found.counts["real changes"]) == (3, 1)


def test_what_the_archive_itself_changed_is_no_real_change(tmp_path: Path) -> None:
    items = [version(0), version(1, technical=True), version(2, MORE, technical=True), version(3, policy(SELL, KEEP))]
    found = made(tmp_path, items)
    assert steps(found) == [("first", 1, 2, 2), ("technical", 3, 3, 1), ("change", 4, 4, 1)]
    assert (found.counts["technical"], found.counts["noise only"], found.counts["real changes"]) == (1, 1, 1)
    assert found.steps[2].count() == {"added": 1}


def test_flagged_versions_are_left_out(tmp_path: Path) -> None:
    items = [version(0, ""), version(1), version(2, "Page not found"), version(3), version(4, ""), version(5, MORE)]
    found = made(tmp_path, items)
    assert steps(found) == [("first", 2, 4, 2), ("change", 6, 6, 1)]
    assert found.counts["flagged"] == 3
    assert [clause.gaps for clause in found.clauses] == [False] * 5


def test_a_document_of_flagged_versions_has_no_steps(tmp_path: Path) -> None:
    found = made(tmp_path, [version(0, ""), version(1, "Page not found")])
    assert (found.steps, found.clauses, found.counts["real changes"]) == ((), (), 0)


def test_each_version_is_one_thing_and_they_add_up(tmp_path: Path) -> None:
    """The versions: an empty one, a technical one that is empty, says the same or says more, noise, and returns."""
    dated = MORE + "\nLast updated: 1 May 2020\n"
    texts = [("", False), (BASE, False), (BASE, True), ("", True), (MORE, False), (dated, False), (BASE, True)]
    texts += [(policy(KEEP), True), (policy(SELL, KEEP), False)]
    found = made(tmp_path, [version(day, text, technical=own) for day, (text, own) in enumerate(texts)])
    assert roles_of(found.versions, found.steps) == (
        *("flagged", "first", "noise", "flagged", "change", "noise", "return", "technical", "change"),
    )
    counts = dict(found.counts)
    assert counts.pop("texts") == 6
    assert counts.pop("versions") == sum(counts.values()) == 9


def test_clauses_are_counted_by_category(tmp_path: Path) -> None:
    found = made(tmp_path, [version(0), version(1, policy(SELL, KEEP))])
    assert [step.categories for step in found.steps] == [
        {"other": 3, "collection": 1},
        {"other": 3, "collection": 1, "sharing": 1, "retention": 1},
    ]
    assert found.steps[1].by_category() == {"sharing": {"added": 1}, "retention": {"added": 1}}


def test_a_clause_appears_first_and_last(tmp_path: Path) -> None:
    shouted = policy(SELL.upper(), heading="Elsewhere")
    texts = [BASE, policy(SELL), policy(KEEP), shouted, policy(KEEP)]
    found = made(tmp_path, [version(day, text) for day, text in enumerate(texts)])
    assert [clause.text for clause in found.clauses] == [*SAID, SELL.upper(), KEEP]
    always, sell, keep = found.clauses[0], found.clauses[4], found.clauses[5]
    assert (always.first.number, always.last.number, always.versions, always.gaps, always.stands) == (
        1,
        5,
        5,
        False,
        True,
    )
    assert (sell.first.number, sell.last.number, sell.versions, sell.gaps, sell.stands) == (2, 4, 2, True, False)
    assert (sell.heading, sell.categories) == (("Elsewhere",), ("sharing",))
    assert (keep.first.number, keep.last.number, keep.versions, keep.gaps, keep.stands) == (3, 5, 2, True, True)


def test_a_pair_of_texts_is_compared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compare, asked = module.compare, list[tuple[str, str]]()

    def counted(old, new, ours, theirs):  # type: ignore[no-untyped-def]
        asked.append((old.id, new.id))
        return compare(old, new, ours, theirs)

    monkeypatch.setattr(module, "compare", counted)
    made(tmp_path, [version(day, (BASE, MORE)[day % 2]) for day in range(9)])
    assert len(asked) == 2


def test_passages_are_those_of_the_versions_that_are_named(tmp_path: Path) -> None:
    """Two texts that say the same stand one after the other, and a date shifts all that is in the second."""
    dated = [f"Last updated: 1 May 2020\n\n{text}" for text in (BASE, MORE)]
    store = made_store(tmp_path / "store", [version(day, text) for day, text in enumerate([BASE, MORE, *dated])])
    found = timeline(store, "Acme").steps
    assert [step.kind for step in found] == ["first", "change", "return", "return"]
    for step, old, new in zip(found[1:], (None, SELL, None), (SELL, None, SELL), strict=True):
        (change,) = step.changes
        assert step.before
        for passage, at, quote in ((change.old, step.before, old), (change.new, step.version, new)):
            assert passage is None or store.statement(at).text[passage.start : passage.end] == quote


def test_progress_is_told(tmp_path: Path) -> None:
    told = list[tuple[int, int]]()
    store = made_store(tmp_path / "store", [version(0), version(1, "")])
    timeline(store, "Acme", report=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_an_unknown_service(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="there is no service 'acne'"):
        timeline(made_store(tmp_path / "store", [version(0)]), "acne")


def test_as_plain_data(tmp_path: Path) -> None:
    record = made(tmp_path, [version(0), version(1, MORE), version(2)]).as_dict()
    assert list(record) == ["service", "document", "counts", "steps", "clauses"]
    _, change, back = record["steps"]
    assert change["counts"] == {"added": 1, "removed": 0, "modified": 0, "moved": 0}
    assert (change["substantive"], change["wording"], change["compared_with"]) == (1, 0, 1)
    assert change["changes"][0]["new"] == SELL
    assert change["by_category"] == {"sharing": {"added": 1}}
    assert (back["kind"], back["returns_to"], back["until"]) == ("return", 1, "2020-01-03")
    assert record["clauses"][4] == {
        "text": SELL,
        "heading": ["Data"],
        "categories": ["sharing"],
        "first": "2020-01-02",
        "first_number": 2,
        "last": "2020-01-02",
        "last_number": 2,
        "versions": 1,
        "gaps": False,
        "stands": False,
    }
