"""Attacks week by week: one block an attack, stacked, with named events."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import INK, NEUTRAL, theme
from incident_report.present.upright import Undo, when_upright

_LINE = 0.105  # of the panel's height, for a line of an event's name
_KEY = 0.1  # the same, for a line of the key
_THIRD = 0.36  # of the panel's width, which the key covers


def stack(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    date: str = "date",
    by: str = "series",
    colours: Mapping[str, str],
    labels: Mapping[str, str],
    step: int = 7,
    start: object = None,
    end: object = None,
    events: pd.DataFrame | None = None,
) -> Axes:
    """One block an attack, stacked by week (or by `step` days), coloured by kind, with named events above.

    Parameters
    ----------
    table : DataFrame
        One row an attack: `date` (datetime64) and `by`.
    colours, labels : mapping of `by` -> colour, text
        The order of `colours` is the order of stacking.
    step : int
        Days of a column, counted back from the last day.
    start, end : date, optional
        First and last day of the axis.
    events : DataFrame, optional
        Columns date and label: a line each, with its name.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2020-07-01", "2020-07-01"]), "series": ["a", "a"]})
    >>> ax = stack(days, colours={"a": "#000000"}, labels={"a": "A"})
    >>> [p.get_y() for p in ax.patches]
    [0.0, 1.0]
    """
    order = list(colours)
    first = pd.Timestamp(str(start)) if start is not None else table[date].min()
    last = pd.Timestamp(str(end)) if end is not None else table[date].max()
    back = (last - table[date]).dt.days // step
    middle = last - pd.to_timedelta(step * (back + 0.5), unit="D")
    rows = table.assign(_rank=[order.index(v) for v in table[by]], _middle=middle)
    rows = rows.sort_values(["_middle", "_rank"], kind="stable")
    rows["_level"] = rows.groupby("_middle").cumcount()
    with theme():
        ax = axes_of(ax)
        for kind in order:
            part = rows[rows[by] == kind]
            if len(part):
                ax.bar(
                    mdates.date2num(part["_middle"]), 1, bottom=part["_level"], width=0.86 * step,
                    color=colours[kind], ec="white", lw=0.8, label=labels[kind],
                )  # fmt: skip
        top = float(rows["_level"].max()) + 1.6 if len(rows) else 1.0
        side, tall = _free_side(rows, first, last)
        top = max(top, tall / (1 - _KEY * rows[by].nunique()))
        named = [] if events is None else list(zip(events["date"], events["label"], strict=True))
        ax.set_ylim(0, top / (1 - _height(named)))
        for i, (day, text) in enumerate(named):
            _event(ax, day, str(text), i, named, (first, last))
        ax.set_xlim(float(mdates.date2num(first)) - 1, float(mdates.date2num(last)) + 1)
        months = max(1, round((last - first).days / 365))
        ax.xaxis.set_major_locator(mdates.MonthLocator(interval=months))
        ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(ax.xaxis.get_major_locator(), show_offset=False))
        ax.set_yticks([t for t in range(0, int(top) + 1) if t % (2 if top < 12 else 5 if top < 40 else 20) == 0])
        ax.grid(visible=False)
        if len(rows):
            corner = (0 if side == "left" else 1, 1.0 - _height(named))
            ax.legend(
                loc="upper left" if side == "left" else "upper right",
                bbox_to_anchor=corner, ncols=1, handletextpad=0.3,
            )  # fmt: skip
        when_upright(ax, lambda undo: _narrow(ax, undo), taller=1.3)
    return ax


def _free_side(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, float]:
    """Where the key covers fewest blocks, and how tall the columns are there; at the left where both are alike."""
    place = (rows["_middle"] - first) / (last - first)
    heights = {
        side: float(rows.loc[where, "_level"].max()) + 1 if where.any() else 0.0
        for side, where in (("left", place < _THIRD), ("right", place > 1 - _THIRD))
    }
    side = min(heights, key=lambda s: heights[s])
    return side, heights[side]


def _narrow(ax: Axes, undo: Undo) -> None:
    """The key below the panel, where it covers no block."""
    if (key := ax.get_legend()) is None:
        return
    before = key.get_bbox_to_anchor().transformed(ax.transAxes.inverted())
    key.set_bbox_to_anchor((0, -0.08), ax.transAxes)
    undo.append(lambda: key.set_bbox_to_anchor(before.p0, ax.transAxes))


def _height(named: list[tuple[pd.Timestamp, str]]) -> float:
    return min(0.5, _LINE * len(named))


def _event(
    ax: Axes,
    day: pd.Timestamp,
    text: str,
    at: int,
    named: list[tuple[pd.Timestamp, str]],
    span: tuple[pd.Timestamp, pd.Timestamp],
) -> None:
    """A thin line at the day, its name on a line of its own so that no two can meet."""
    y = 1 - _LINE * (at + 0.5) * (_height(named) / (_LINE * len(named)))
    ax.axvline(float(mdates.date2num(day)), ymax=y, color=INK, lw=0.7, alpha=0.6, zorder=1)
    right = (day - span[0]) < (span[1] - span[0]) / 2
    ax.annotate(
        textwrap.shorten(text, 64, placeholder=" …"),
        (day, y),
        (3 if right else -3, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=7.5,
        color=INK if text else NEUTRAL,
        bbox={"fc": "white", "ec": "none", "pad": 0.6},
    )
