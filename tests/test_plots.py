"""Tests of nlp.plots: what is drawn is what was measured."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest

from nlp.errors import RunError
from nlp.evaluate_classifier import Report, report
from nlp.evidence import Outcomes
from nlp.plots import confusion_plot, reliability_plot, risk_plot, save_plots, save_risk_plot

TRUTH = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], bool)
CHOSEN = np.array([[1, 0], [1, 1], [0, 1], [1, 0]], bool)
PROBABILITIES = np.array([[0.95, 0.05], [0.85, 0.75], [0.15, 0.95], [0.85, 0.25]])


OUTCOMES = {
    "held-back": Outcomes(np.array([0.5, 0.9, 0.7, 0.6]), np.array([False, True, False, True])),
    "development": Outcomes(np.array([0.2, 0.1]), np.array([True, True])),
}


@pytest.fixture
def scores() -> Report:
    """Return the report of four texts and two labels."""
    return report(["sharing", "retention"], TRUTH, CHOSEN, PROBABILITIES)


def test_each_label_has_its_diagram_with_a_point_a_bin(scores: Report) -> None:
    axes = reliability_plot(scores).get_axes()
    assert [a.get_title().split(" (")[0] for a in axes] == ["Sharing", "Retention"]
    np.testing.assert_allclose(axes[0].lines[1].get_xydata(), [[0.15, 0.0], [0.85, 0.5], [0.95, 1.0]])


def test_the_grid_holds_the_confusion_in_hundredths(scores: Report) -> None:
    (axes,) = confusion_plot(scores).get_axes()
    np.testing.assert_allclose(axes.images[0].get_array(), [[1, 0.5], [0.5, 0.5]])
    assert [text.get_text() for text in axes.texts] == ["100", "50", "50", "50"]


def test_both_plots_are_written(scores: Report, tmp_path: Path) -> None:
    paths = save_plots(scores, tmp_path / "new")
    assert [path.name for path in paths] == ["reliability.png", "confusion.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_the_risk_is_drawn_over_the_share_of_questions_the_surest_first() -> None:
    (axes,) = risk_plot(OUTCOMES).get_axes()
    first, second = axes.lines
    np.testing.assert_allclose(first.get_xydata(), [[0.25, 0], [0.5, 1 / 2], [0.75, 1 / 3], [1, 1 / 2]])
    np.testing.assert_allclose(second.get_xydata(), [[0.5, 0], [1, 0]])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "held-back (4 questions)",
        "development (2 questions)",
    ]
    assert first.get_linestyle() != second.get_linestyle()


def test_the_risk_is_written(tmp_path: Path) -> None:
    path = save_risk_plot(OUTCOMES, tmp_path / "new")
    assert path == tmp_path / "new" / "risk.png"
    assert path.read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_install(scores: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: object) -> object:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(RunError, match=r"pip install 'smallprint\[plots\]'"):
        confusion_plot(scores)
    with pytest.raises(RunError, match=r"pip install 'smallprint\[plots\]'"):
        risk_plot(OUTCOMES)
