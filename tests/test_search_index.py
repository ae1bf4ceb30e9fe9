"""Tests of nlp.search.index: what is found, in which order, how often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nlp_fakes import WordEncoder
from search_fakes import KEPT, SHARED, SHARED_TOO, SOLD, row, two_policies, write_result

from nlp.search import index as module
from nlp.search.build import make_index
from nlp.search.gather import context_of, mask_of
from nlp.search.index import Hit, SearchIndex
from nlp.search.layout import CONFIG, IndexFolderError, read_config
from nlp.search.source import BatchResult


def index_of(folder: Path, *parts: list[dict[str, Any]]) -> SearchIndex:
    """Return an index of a batch result, by default that of two policies."""
    result = BatchResult.open(write_result(folder / "tagged", *(parts or two_policies())))
    make_index(result, folder / "index", WordEncoder())
    return SearchIndex.open(folder / "index", WordEncoder())


def found(hits: list[Hit]) -> list[tuple[str, int]]:
    """Return the texts of hits with their copies."""
    return [(hit.clause.text, hit.copies) for hit in hits]


def test_near_identical_clauses_are_given_once_with_their_number(tmp_path: Path) -> None:
    hits = index_of(tmp_path).search("privacy: share name with advertisers")
    assert found(hits) == [(SHARED, 3), *found(hits)[1:]]
    assert sorted(found(hits)[1:]) == sorted([(KEPT, 2), (SOLD, 1)])


def test_words_of_a_menu_come_last(tmp_path: Path) -> None:
    menu = row("Share name advertisers")
    hits = index_of(tmp_path, [menu, row("We keep it."), row("We share your name with advertisers.")]).search(
        "share name advertisers", 3
    )
    assert [hit.clause.text for hit in hits][-1] == menu["text"]
    assert hits[-1].score > hits[0].score
    assert len(hits) == 3


def test_a_score_is_the_cosine_of_the_context(tmp_path: Path) -> None:
    (hit,) = index_of(tmp_path).search(SOLD, 1)
    query, context = WordEncoder().encode([SOLD, context_of(row(SOLD))])
    assert hit.score == pytest.approx(float(query @ context), abs=1e-3)
    assert hit.as_dict() == {
        "score": round(hit.score, 4),
        "copies": 1,
        "statement": "globex",
        "source": "policies/globex.md",
        "provenance": {"url": "https://acme.example"},
        "id": "c3",
        "start": 30,
        "end": 30 + len(SOLD),
        "text": SOLD,
        "kind": "sentence",
        "heading": ["Privacy"],
        "lead_in": None,
        "categories": ["sharing", "choice"],
    }


def test_each_clause_is_given_where_that_is_wanted(tmp_path: Path) -> None:
    index = index_of(tmp_path)
    hits = index.search("privacy: share name with advertisers", distinct=False)
    assert len(hits) == 6
    assert {hit.copies for hit in hits} == {1}
    # Equal contexts in the order of the corpus.
    assert [(hit.clause.statement_id, hit.clause.text) for hit in hits[:2]] == [("acme", SHARED), ("globex", SHARED)]
    assert hits[2].clause.text == SHARED_TOO
    assert index.search("privacy: share name with advertisers", 2, distinct=False) == hits[:2]


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        (["retention"], {KEPT}),
        (["sharing"], {SHARED, SOLD}),
        (["sharing", "choice"], {SOLD}),
        (["security", "retention"], {KEPT}),
        (["children"], set()),
    ],
)
def test_only_clauses_with_all_the_categories_are_found(
    tmp_path: Path, categories: list[str], expected: set[str]
) -> None:
    hits = index_of(tmp_path).search("privacy, advertisers", categories=categories)
    assert {hit.clause.text for hit in hits} == expected
    assert all(set(categories) <= set(hit.clause.categories) for hit in hits)


def test_k_are_found_wherever_there_are_k(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Forty near-identical clauses stand before five others, and only a few are looked at first.
    monkeypatch.setattr(module, "RERANKED", 4)
    same = [row(SHARED + "!" * number, number=number, heading=["Share"]) for number in range(40)]
    others = [row(f"other{number} thing{number}", "globex", number) for number in range(5)]
    index = index_of(tmp_path, same + others)
    hits = index.search("share name with advertisers", 6)
    assert found(hits)[0][1] == 40
    assert sorted(text for text, _ in found(hits)[1:]) == [f"other{n} thing{n}" for n in range(5)]
    assert len(index.search("share name with advertisers", 100)) == 6
    assert len(index.search("share name with advertisers", 45, distinct=False)) == 45
    assert len(index.search("share name with advertisers", 100, distinct=False)) == 45


def test_a_search_agrees_with_brute_force(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(30)]
    rows = [
        row(
            " ".join(random.choice(words, 4, replace=False)),
            f"s{number}",
            number,
            categories=sorted(
                random.choice(["sharing", "choice", "other"], random.integers(1, 3), replace=False).tolist()
            ),
        )
        for number in range(300)
    ]
    index = index_of(tmp_path, rows[:100], rows[100:])
    vectors = WordEncoder().encode([context_of(clause) for clause in rows]).astype(np.float16).astype(np.float32)
    for categories in ([], ["sharing"], ["sharing", "choice"]):
        for query in WordEncoder().encode([" ".join(random.choice(words, 3)) for _ in range(5)]):
            wanted = mask_of(categories)
            allowed = [mask_of(clause["categories"]) & wanted == wanted for clause in rows]
            cosines = np.sort(np.where(allowed, vectors @ query, -9))[::-1][: min(20, sum(allowed))]
            hits = index.search_vector(query, 20, categories=categories, distinct=False)
            np.testing.assert_allclose([hit.score for hit in hits], cosines, atol=1e-6)
            by_id = {clause["clause_id"]: vector for clause, vector in zip(rows, vectors, strict=True)}
            for hit in hits:
                assert hit.score == pytest.approx(float(by_id[hit.clause.clause_id] @ query), abs=1e-6)


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_is_found_where_nothing_is_wanted(tmp_path: Path, k: int) -> None:
    assert index_of(tmp_path).search("names", k) == []


def test_bad_questions_are_refused(tmp_path: Path) -> None:
    index = index_of(tmp_path)
    with pytest.raises(ValueError, match="the text to search for is empty; give some words"):
        index.search(" \n")
    with pytest.raises(ValueError, match="no such category: selling; there are collection, sharing"):
        index.search("names", categories=["selling"])


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    index_of(tmp_path)
    with pytest.raises(IndexFolderError, match="was made by the encoder fake:words, not by other; index again"):
        SearchIndex.open(tmp_path / "index", WordEncoder("other"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plan": {"kind": "tree"}}, "its configuration is incomplete"),
        ({"distinct": None}, "its configuration is incomplete"),
        ({"distinct": 4}, "does not fit config.json"),
        ({"parts": [5]}, "its clauses do not fit its configuration"),
        ({"parts": [6, 0]}, "its clauses cannot be read"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    index_of(tmp_path)
    folder = tmp_path / "index"
    (folder / CONFIG).write_text(json.dumps(read_config(folder) | change))
    with pytest.raises(IndexFolderError, match=f"index is damaged: .*{said}; index again"):
        SearchIndex.open(folder, WordEncoder())


def test_any_torn_file_is_refused(tmp_path: Path) -> None:
    index_of(tmp_path)
    for path in sorted((tmp_path / "index").iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(IndexFolderError, match=f"{path.name} "):
            SearchIndex.open(tmp_path / "index", WordEncoder())
        path.write_bytes(content)
    assert len(SearchIndex.open(tmp_path / "index", WordEncoder())) == 6
