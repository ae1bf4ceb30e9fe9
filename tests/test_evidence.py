"""Tests of nlp.evidence: features by hand, weighing, saving and loading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nlp_fakes import OverlapReranker, candidate, evidence, first_feature, tiny_weigher

from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.evidence import RANK_FEATURES, VERSION, LinearModel, Weigher, answered_features, rank_features, yes_features
from nlp.polarity import NAMES, polarity_features
from nlp.reranker import Reranker

RERANKER: Reranker = OverlapReranker()  # type: ignore[assignment]


def test_a_linear_model_is_a_logistic_regression() -> None:
    model = LinearModel(np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.array([3.0, -1.0]), np.array([0.5]))
    rows = np.array([[1.0, 2.0], [3.0, 1.0]])
    np.testing.assert_allclose(model.logit(rows), [0.5, 4.5])
    np.testing.assert_allclose(model.probability(rows), 1 / (1 + np.exp([-0.5, -4.5])))


def test_features_for_ranking() -> None:
    candidates = [candidate("We share:", cosine=0.5, lexical=2.0), candidate("We lend.", cosine=0.25, lexical=0.0)]
    np.testing.assert_allclose(
        rank_features(candidates, np.array([1.0, 3.0], np.float32)),
        [[1, 0.5, 2, 0, -2, 1], [3, 0.25, 0, -2.25, 0, 0]],
    )
    assert rank_features(candidates, np.zeros(2, np.float32)).shape == (2, RANK_FEATURES)


def test_features_for_being_answered() -> None:
    found = [evidence("We sell cookies", 2), evidence("Names", 4), evidence("No mail", 0), evidence("Logs", -2)]
    best = replace(found[0], candidate=candidate("We sell cookies", cosine=0.25))
    np.testing.assert_allclose(
        answered_features("sell names and mail?", [best, *found[1:]]),
        [2, 4, 2, 1, 0.25, 0.5, 1 / 3, 1, np.log(5)],
    )


def test_a_question_without_words_has_features() -> None:
    features = answered_features("??", [evidence("We sell.")])
    assert np.isfinite(features).all()
    np.testing.assert_array_equal(features[6:8], 0)


def test_features_for_yes_and_no() -> None:
    question, clause = "do you sell it?", "We do not."
    negation = replace(first_feature(len(NAMES)), weights=np.arange(len(NAMES), dtype=float))
    expected = negation.logit(polarity_features(question, clause)[None])[0]
    assert expected > 0
    np.testing.assert_allclose(yes_features(negation, question, evidence(clause, polarity=1.5)), [1.5, expected])


def test_evidence_comes_best_first_with_what_the_reranker_said() -> None:
    candidates = [candidate("Cookies.", id="c1"), candidate("We do not sell names.", id="c2")]
    found = tiny_weigher().weigh(RERANKER, "sell names?", candidates)
    assert [e.clause.id for e in found] == ["c2", "c1"]
    assert [e.relevance for e in found] == [1.0, -3.0]
    assert [e.polarity for e in found] == [-5.0, 5.0]
    assert found[0].candidate is candidates[1]
    np.testing.assert_allclose([e.score for e in found], 1 / (1 + np.exp([-1.0, 3.0])))


def test_the_reranker_reads_a_clause_in_its_context() -> None:
    reranker = OverlapReranker()
    clause = replace(candidate("names").clause, heading=("Top", "Sharing"), lead_in="We sell:")
    tiny_weigher().weigh(reranker, "what?", [replace(candidate("names"), clause=clause)])  # type: ignore[arg-type]
    assert reranker.asked == [("what?", "Sharing: We sell: names")]


def test_equal_scores_keep_the_order_of_retrieval() -> None:
    candidates = [candidate("Same.", id=f"c{i}") for i in range(5)]
    assert [e.clause.id for e in tiny_weigher().weigh(RERANKER, "x?", candidates)] == ["c0", "c1", "c2", "c3", "c4"]


def test_nothing_found_is_not_answered() -> None:
    assert tiny_weigher().weigh(RERANKER, "sell?", []) == []
    assert tiny_weigher().probability_answered("sell?", []) == 0.0


def test_probabilities_come_from_the_models() -> None:
    weigher = tiny_weigher()
    assert weigher.probability_answered("sell?", [evidence("We sell.", relevance=2)]) == pytest.approx(0.8807971)
    assert weigher.probability_yes("sell?", evidence("We sell.", polarity=-2)) == pytest.approx(0.1192029)


def test_a_round_trip_weighs_the_same(tmp_path: Path) -> None:
    weigher = tiny_weigher(0.375)
    weigher.save(tmp_path / "answerer", {"figures": "good"})
    loaded = Weigher.load(tmp_path / "answerer")
    found = evidence("We do not sell.", relevance=1, polarity=-1)
    assert loaded.threshold == 0.375
    assert loaded.probability_answered("sell?", [found]) == weigher.probability_answered("sell?", [found])
    assert loaded.probability_yes("sell?", found) == weigher.probability_yes("sell?", found)
    assert loaded.weigh(RERANKER, "sell?", [candidate("a")]) == weigher.weigh(RERANKER, "sell?", [candidate("a")])


@pytest.mark.parametrize("lacking", ["rank.mean", "answered.intercept", "polarity.weights"])
def test_a_missing_array_is_refused(tmp_path: Path, lacking: str) -> None:
    tiny_weigher().save(tmp_path / "answerer")
    config, arrays = artefact.load(tmp_path / "answerer", "answerer", VERSION)
    artefact.save(tmp_path / "answerer", config, {name: array for name, array in arrays.items() if name != lacking})
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as an answerer; train again"):
        Weigher.load(tmp_path / "answerer")


@pytest.mark.parametrize("threshold", [None, "high"])
def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path, threshold: str | None) -> None:
    tiny_weigher().save(tmp_path / "answerer")
    config, arrays = artefact.load(tmp_path / "answerer", "answerer", VERSION)
    artefact.save(tmp_path / "answerer", {**config, "threshold": threshold}, arrays)
    with pytest.raises(ArtefactError, match="is damaged"):
        Weigher.load(tmp_path / "answerer")
