"""Plots: a classifier's reliability and confusion, the risk of answers; matplotlib comes with `smallprint[plots]`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.taxonomy import CATEGORY_NAMES
from nlp.errors import RunError
from nlp.evaluate_answers import risk_curve
from nlp.evaluate_classifier import Report
from nlp.evidence import Outcomes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 5
_INK, _GOOD = "#334155", "#0f766e"


def reliability_plot(report: Report) -> Figure:
    """Return a diagram for each category: how often each probability was right, the diagonal being perfect."""
    rows = -(-len(report.labels) // _COLUMNS)
    figure = _figure(2.4 * _COLUMNS, 2.5 * rows)
    for i, label in enumerate(report.labels):
        axes = figure.add_subplot(rows, _COLUMNS, i + 1)
        axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle=":")
        sizes = [8 + 12 * np.log1p(b.count) for b in label.reliability]
        axes.plot([b.probability for b in label.reliability], [b.frequency for b in label.reliability], color=_GOOD)
        axes.scatter(
            [b.probability for b in label.reliability], [b.frequency for b in label.reliability], s=sizes, color=_GOOD
        )
        axes.set_title(f"{_name(label.label)} ({label.count}), ECE {label.calibration_error:.3f}", fontsize=8)
        _plain(axes)
    figure.supxlabel("probability given", fontsize=9)
    figure.supylabel("share that was right", fontsize=9)
    return figure


def confusion_plot(report: Report) -> Figure:
    """Return a grid: of texts with the row's category but without the column's, how many were given the column's."""
    figure = _figure(8, 7)
    axes = figure.add_subplot()
    shares = np.array(report.confusion)
    axes.imshow(shares, cmap="GnBu", vmin=0, vmax=1)
    names = [_name(label.label) for label in report.labels]
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("given", fontsize=9)
    axes.set_ylabel("labelled", fontsize=9)
    for (i, j), share in np.ndenumerate(shares):
        if share >= 0.005:
            colour = "white" if share > 0.6 else _INK
            axes.text(j, i, f"{100 * share:.0f}", ha="center", va="center", fontsize=7, color=colour)
    return figure


def risk_plot(outcomes: Mapping[str, Outcomes]) -> Figure:
    """Return the share of wrong answers against the share of questions answered, the surest first."""
    figure = _figure(6, 4)
    axes = figure.add_subplot()
    for (name, outcome), style in zip(outcomes.items(), itertools.cycle(("-", "--", ":"))):
        curve = risk_curve(outcome.confidence, outcome.right)
        share = np.arange(1, len(curve) + 1) / len(curve)
        axes.plot(share, curve, style, color=_GOOD, label=f"{name} ({len(curve)} questions)")
    axes.set_xlabel("share of questions answered", fontsize=9)
    axes.set_ylabel("share of answers that are wrong", fontsize=9)
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8, frameon=False)
    return figure


def save_risk_plot(outcomes: Mapping[str, Outcomes], folder: Path) -> Path:
    """Write `risk.png` to a folder and return its path."""
    return _save(risk_plot(outcomes), folder / "risk.png")


def save_plots(report: Report, folder: Path) -> list[Path]:
    """Write `reliability.png` and `confusion.png` to a folder and return their paths."""
    made = (("reliability", reliability_plot(report)), ("confusion", confusion_plot(report)))
    return [_save(figure, folder / f"{name}.png") for name, figure in made]


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    return path


def figure_class() -> type[Figure]:
    """Return what figures are made of; raises `RunError` where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as e:
        raise RunError("plots need matplotlib, which is not installed; pip install 'smallprint[plots]'") from e
    return Figure


def _figure(width: float, height: float) -> Figure:
    return figure_class()((width, height), layout="constrained")


def _plain(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def _name(label: str) -> str:
    return CATEGORY_NAMES.get(label, label)
