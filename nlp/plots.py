"""Plots of a classifier's report: reliability and confusion; matplotlib comes with `smallprint[plots]`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.taxonomy import CATEGORY_NAMES
from nlp.errors import RunError
from nlp.evaluate_classifier import Report

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


def save_plots(report: Report, folder: Path) -> list[Path]:
    """Write `reliability.png` and `confusion.png` to a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, figure in (("reliability", reliability_plot(report)), ("confusion", confusion_plot(report))):
        paths.append(folder / f"{name}.png")
        figure.savefig(paths[-1], dpi=110)
    return paths


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError as e:
        raise RunError("plots need matplotlib, which is not installed; pip install 'smallprint[plots]'") from e
    return Figure((width, height), layout="constrained")


def _plain(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def _name(label: str) -> str:
    return CATEGORY_NAMES.get(label, label)
