"""Plot a timeline: how many clauses of each category a document had, and when it changed."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.taxonomy import CATEGORY_IDS, CATEGORY_NAMES
from nlp.errors import RunError
from nlp.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
_INK, _GAIN, _LOSS = "#334155", "#0f766e", "#b45309"


def timeline_plot(made: Timeline) -> Figure:
    """Return two diagrams over time: clauses by category, stacked, and below it the changes of each step.

    Raises `RunError` where matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as e:
        raise RunError("plots need matplotlib, which is not installed; pip install 'smallprint[plots]'") from e
    with rc_context({"timezone": "UTC"}):
        figure = Figure((10, 6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        _stack(above, made)
        _bars(below, made)
        below.tick_params(axis="x", labelrotation=30, labelsize=8)
    return figure


def _stack(axes: Axes, made: Timeline) -> None:
    from matplotlib import colormaps

    # A step stands until the next one: its counts are drawn at its start and at its end.
    steps = sorted(made.steps, key=lambda step: step.version.observed_at)
    times = [_day(version.observed_at) for step in steps for version in (step.version, step.last)]
    shown = [name for name in CATEGORY_IDS if any(step.categories[name] for step in steps)]
    rows = [[step.categories[name] for step in steps for _ in range(2)] for name in shown]
    colours = [colormaps["tab20"](CATEGORY_IDS.index(name)) for name in shown]
    if shown:
        axes.stackplot(times, rows, labels=[CATEGORY_NAMES[name] for name in shown], colors=colours, step="post")
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1], labels[::-1], fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5)
        )
    axes.set_ylabel("clauses by category", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _bars(axes: Axes, made: Timeline) -> None:
    for step in made.steps:
        if step.kind == "first":
            continue
        at, removed = _day(step.version.observed_at), step.count()["removed"]
        # What the archive did, or what had been there before, is fainter than a real change.
        alpha = 1.0 if step.kind == "change" else 0.35
        axes.vlines(at, 0, len(step.changes) - removed, colors=_GAIN, linewidth=2, alpha=alpha)
        axes.vlines(at, -removed, 0, colors=_LOSS, linewidth=2, alpha=alpha)
    axes.axhline(0, color=_INK, linewidth=0.6)
    axes.set_ylabel("changes;\nremoved below", fontsize=9)
    axes.xaxis_date()
    axes.spines[["top", "right"]].set_visible(False)


def _day(time: datetime) -> float:
    """Return a time as matplotlib counts it: days since 1970."""
    return time.timestamp() / 86_400


def plot_bytes(made: Timeline, suffix: str) -> bytes:
    """Return the plot as SVG or PNG, the same bytes for the same timeline."""
    figure, out = timeline_plot(made), io.BytesIO()
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "smallprint"}):
        figure.savefig(out, format=suffix.removeprefix("."), dpi=110, metadata=_metadata(suffix))
    return out.getvalue()


def _metadata(suffix: str) -> dict[str, str | None]:
    return {"Date": None, "Creator": None} if suffix == ".svg" else {"Software": None}


def inline_svg(made: Timeline) -> str:
    """Return the plot as an SVG element that can stand in a page."""
    text = plot_bytes(made, ".svg").decode()
    return text[text.index("<svg") :]


def is_plot_name(path: Path) -> bool:
    """Tell whether a file's name ends as one of a plot does."""
    return path.suffix.lower() in FORMATS
