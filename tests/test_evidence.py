"""Tests of nlp.evidence: features by hand, weighing, saving and loading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nlp_fakes import DIMENSIONS, OverlapReranker, candidate, evidence, first_feature, tiny_weigher

from nlp import artefact
from nlp.artefact import ArtefactError
from nlp.evidence import (
    ANSWERED_FEATURES,
    RANK_FEATURES,
    VERSION,
    YES_FEATURES,
    LinearModel,
    Outcomes,
    Weigher,
    answered_features,
    rank_features,
    yes_features,
)
from nlp.polarity import NAMES, polarity_features
from nlp.reranker import Reranker
from nlp.topics import Topics

RERANKER: Reranker = OverlapReranker()  # type: ignore[assignment]


def test_a_linear_model_is_a_logistic_regression() -> None:
    model = LinearModel(np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.array([3.0, -1.0]), np.array([0.5]))
    rows = np.array([[1.0, 2.0], [3.0, 1.0]])
    np.testing.assert_allclose(model.logit(rows), [0.5, 4.5])
    np.testing.assert_allclose(model.probability(rows), 1 / (1 + np.exp([-0.5, -4.5])))


def test_features_for_ranking() -> None:
    candidates = [
        candidate("We share:", cosine=0.5, lexical=2.0, category=0.125),
        candidate("We lend.", cosine=0.25, lexical=0.0, category=0.75),
    ]
    np.testing.assert_allclose(
        rank_features(candidates, np.array([1.0, 3.0], np.float32)),
        [[1, 0.5, 2, 0.125, 0, -2, 1], [3, 0.25, 0, 0.75, -1.625, 0, 0]],
    )
    assert rank_features(candidates, np.zeros(2, np.float32)).shape == (2, RANK_FEATURES)


def test_features_for_being_answered() -> None:
    found = [
        evidence("We sell cookies", 2, polarity=-3.0, score=0.75),
        evidence("Names", 4, score=0.5),
        evidence("No mail", 0, score=0.25),
        evidence("Logs", -2, score=0.125),
    ]
    best = replace(found[0], candidate=candidate("We sell cookies", cosine=0.25, category=0.375))
    features = answered_features("sell names and mail?", [best, *found[1:]])
    relevance = [2, 4, 2, 1, 2 - 2]
    words = [1 / 3, 1, np.log(5), 1]
    sure = [3, 2, 0, np.log(3), np.log(0.5)]
    np.testing.assert_allclose(features, [*relevance, 0.75, 1.625, 0.25, 0.5, 0.375, *words, *sure], rtol=1e-5)
    assert features.shape == (ANSWERED_FEATURES,)


def test_one_piece_of_evidence_is_no_further_than_itself() -> None:
    features = answered_features("who sells names?", [evidence("We sell cookies", 2, score=0.75)])
    # Of its three words "sells" alone is in it; it does not want yes or no.
    words = [*[1 / 3] * 2, np.log(4), 0]
    sure = [0, 0, 0, np.log(3), np.log(1e-6)]
    np.testing.assert_allclose(features, [2, 2, 2, 2, 0, 0.75, 0.75, 0.5, 0.5, 0, *words, *sure], rtol=1e-5)


def test_words_count_in_the_ten_best_alone() -> None:
    filler = [evidence("Cookies.") for _ in range(9)]
    for place, share in ((9, 1), (10, 0)):
        found = [*filler, evidence("Cookies."), evidence("Cookies.")]
        found[place] = evidence("Names.")
        assert answered_features("names?", found)[11] == share


def test_a_question_without_words_has_features() -> None:
    features = answered_features("??", [evidence("We sell.")])
    assert np.isfinite(features).all()
    np.testing.assert_array_equal(features[10:12], 0)


def test_features_for_yes_and_no() -> None:
    question, clause = "do you sell it?", "We do not."
    negation = replace(first_feature(len(NAMES)), weights=np.arange(len(NAMES), dtype=float))
    expected = negation.logit(polarity_features(question, clause)[None])[0]
    assert expected > 0
    features = yes_features(negation, question, evidence(clause, polarity=1.5))
    np.testing.assert_allclose(features, [1.5, expected])
    assert features.shape == (YES_FEATURES,)


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


def test_a_feature_counts_no_further_than_three_deviations() -> None:
    # So that many clauses that answer alike do not outweigh all that says that the best one does.
    weigher = tiny_weigher()
    answered = replace(weigher.answered, mean=np.full(ANSWERED_FEATURES, 1.0), scale=np.full(ANSWERED_FEATURES, 2.0))
    weigher = replace(weigher, answered=answered)
    for relevance, deviations in ((6, 2.5), (7, 3.0), (50, 3.0), (-50, -3.0)):
        found = [evidence("We sell.", relevance=relevance)]
        assert weigher.probability_answered("sell?", found) == pytest.approx(1 / (1 + np.exp(-deviations)))


def test_a_round_trip_weighs_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    topics = Topics(rng.normal(size=(13, DIMENSIONS)).astype(np.float32), rng.normal(size=13).astype(np.float32))
    weigher = replace(tiny_weigher(0.375), topics=topics)
    weigher.save(tmp_path / "answerer", {"figures": "good"})
    loaded = Weigher.load(tmp_path / "answerer")
    vector = np.full(DIMENSIONS, 0.01, np.float32)
    np.testing.assert_array_equal(loaded.topics.probabilities(vector), topics.probabilities(vector))
    found = evidence("We do not sell.", relevance=1, polarity=-1)
    assert loaded.threshold == 0.375
    assert loaded.probability_answered("sell?", [found]) == weigher.probability_answered("sell?", [found])
    assert loaded.probability_yes("sell?", found) == weigher.probability_yes("sell?", found)
    assert loaded.weigh(RERANKER, "sell?", [candidate("a")]) == weigher.weigh(RERANKER, "sell?", [candidate("a")])


@pytest.mark.parametrize(
    "lacking",
    ["rank.mean", "answered.intercept", "negation.scale", "polarity.weights", "topics.weights", "topics.offset"],
)
def test_a_missing_array_is_refused(tmp_path: Path, lacking: str) -> None:
    tiny_weigher().save(tmp_path / "answerer")
    config, arrays = artefact.load(tmp_path / "answerer", "answerer", VERSION)
    artefact.save(tmp_path / "answerer", config, {name: array for name, array in arrays.items() if name != lacking})
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as an answerer; train again"):
        Weigher.load(tmp_path / "answerer")


@pytest.mark.parametrize("part", ["rank", "answered", "negation", "polarity"])
def test_weights_for_other_features_are_refused(tmp_path: Path, part: str) -> None:
    replace(tiny_weigher(), **{part: first_feature(5)}).save(tmp_path / "answerer")  # type: ignore[arg-type]
    with pytest.raises(ArtefactError, match="is damaged and cannot be read as an answerer; train again"):
        Weigher.load(tmp_path / "answerer")


@pytest.mark.parametrize("threshold", [None, "high"])
def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path, threshold: str | None) -> None:
    tiny_weigher().save(tmp_path / "answerer")
    config, arrays = artefact.load(tmp_path / "answerer", "answerer", VERSION)
    artefact.save(tmp_path / "answerer", {**config, "threshold": threshold}, arrays)
    with pytest.raises(ArtefactError, match="is damaged"):
        Weigher.load(tmp_path / "answerer")


def test_a_folder_of_the_format_before_is_refused(tmp_path: Path) -> None:
    tiny_weigher().save(tmp_path / "answerer", {"version": 1})
    for load in (Weigher.load, Outcomes.load):
        with pytest.raises(ArtefactError, match="is not a answerer of format 2; make it again with this release"):
            load(tmp_path / "answerer")


def test_weights_fitted_to_another_reranker_are_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        artefact.save(tmp_path / name, {}, {"a": np.array([len(name)])})
    tiny_weigher().save(tmp_path / "answerer", {"reranker": artefact.digest(tmp_path / "one")})
    assert Weigher.load(tmp_path / "answerer", reranker=tmp_path / "one").threshold == 0.5
    with pytest.raises(ArtefactError, match="was fitted to another reranker; run: smallprint train answerer"):
        Weigher.load(tmp_path / "answerer", reranker=tmp_path / "other")


def test_outcomes_are_kept_beside_the_weights(tmp_path: Path) -> None:
    outcomes = Outcomes(np.array([0.25, 1 / 3]), np.array([True, False]))
    tiny_weigher().save(tmp_path / "answerer", {}, outcomes)
    kept = Outcomes.load(tmp_path / "answerer")
    np.testing.assert_array_equal(kept.confidence, outcomes.confidence)
    np.testing.assert_array_equal(kept.right, outcomes.right)
    assert kept.right.dtype == bool
    assert Weigher.load(tmp_path / "answerer").threshold == 0.5


def test_weights_without_outcomes_say_how_to_get_them(tmp_path: Path) -> None:
    tiny_weigher().save(tmp_path / "answerer")
    with pytest.raises(ArtefactError, match="answerer keeps no outcomes; run: smallprint train answerer"):
        Outcomes.load(tmp_path / "answerer")
    with pytest.raises(ArtefactError, match=r"holds no answerer: config\.json is missing"):
        Outcomes.load(tmp_path)
