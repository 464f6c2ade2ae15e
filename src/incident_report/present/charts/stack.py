"""Attacks week by week: one block an attack, stacked, with named events."""

from __future__ import annotations

import textwrap
from bisect import bisect
from collections.abc import Mapping
from functools import partial

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import INK, NEUTRAL, theme
from incident_report.present.upright import PHONE, Undo, when_upright

MOST_BLOCKS = 1_000
_LINE = 0.105  # of the panel's height, for a line of an event's name
_SHORT = 45  # days of a span whose axis shows days rather than months
_TOPS, _EVERY = (4, 12, 40), (1, 2, 5, 20)  # heights of the panel, and steps of its axis below, between and above them
_BELOW = -0.08  # of the panel's height: where the key stands, under the months
_LETTER, _MARK = 0.065, 0.45  # inches: a letter of the key, and a kind's patch with its gaps


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

    More attacks than `MOST_BLOCKS` are not told apart: a column has a bar a kind.

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
    >>> [int(p.get_y()) for p in ax.patches]
    [0, 1]
    """
    order = list(colours)
    first = pd.Timestamp(str(start)) if start is not None else table[date].min()
    last = pd.Timestamp(str(end)) if end is not None else table[date].max()
    back = (last - table[date]).dt.days // step
    # A column stands in the middle of its days, that of a single day on the day's own tick.
    middle = last - pd.to_timedelta(step * (back + 0.5 * (step > 1)), unit="D")
    rows = table.assign(_rank=table[by].map(order.index), _middle=middle)
    rows = rows.sort_values(["_middle", "_rank"], kind="stable")
    rows["_level"] = rows.groupby("_middle").cumcount()
    rows["_height"] = 1
    single = len(rows) <= MOST_BLOCKS
    if not single:
        kinds = rows.groupby(["_middle", by], as_index=False, observed=True, sort=False)
        rows = kinds.agg(_level=("_level", "min"), _height=("_height", "sum"))
    with theme():
        ax = axes_of(ax)
        for kind in order:
            part = rows[rows[by] == kind]
            if len(part):
                ax.bar(
                    mdates.date2num(part["_middle"]), part["_height"], bottom=part["_level"], width=0.86 * step,
                    color=colours[kind], ec="white", lw=0.8 if single else 0.3, label=labels[kind],
                )  # fmt: skip
        top = float((rows["_level"] + rows["_height"]).max()) + 0.6 if len(rows) else 1.0
        named = [] if events is None else list(zip(events["date"], events["label"], strict=True))
        ax.set_ylim(0, top / (1 - _height(named)))
        for i, (day, text) in enumerate(named):
            _event(ax, day, str(text), i, named, (first, last))
        ax.set_xlim(float(mdates.date2num(first)) - 1, float(mdates.date2num(last)) + 1)
        _dates(ax, (last - first).days)
        if single:
            ax.set_yticks(range(0, int(top) + 1, _EVERY[bisect(_TOPS, top)]))
        ax.grid(visible=False)
        if len(rows):
            _key(ax, _width(ax))
            when_upright(ax, lambda undo: _narrow(ax, undo), taller=1.3)
    return ax


def _dates(ax: Axes, days: int) -> None:
    """Ticks of a span: its weeks where it is short, else its months."""
    if days < _SHORT:
        ax.xaxis.set_major_locator(mdates.DayLocator(bymonthday=(1, 8, 15, 22, 29)))
        ax.xaxis.set_major_formatter(FuncFormatter(_day_or_month))
    else:
        months = mdates.MonthLocator(interval=max(1, round(days / 365)))
        ax.xaxis.set_major_locator(months)
        ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(months, show_offset=False))


def _day_or_month(at: float, _: int) -> str:
    """A tick of a short span: the month on its first day, else the day without a leading nought."""
    day = mdates.num2date(at)
    return f"{day:%b}" if day.day == 1 else str(day.day)


def _key(ax: Axes, inches: float) -> None:
    """The key below the panel, where it covers no block and no event's line; in lines where a row has no room."""
    handles, kinds = ax.get_legend_handles_labels()
    row = sum(_LETTER * len(kind) + _MARK for kind in kinds) < inches - _MARK
    names = [textwrap.fill(kind, int((inches - 2 * _MARK) / _LETTER)) for kind in kinds]
    ax.legend(
        handles, names, loc="upper left", bbox_to_anchor=(0, _BELOW), ncols=len(kinds) if row else 1,
        borderaxespad=0, handletextpad=0.3, columnspacing=1.2,
    )  # fmt: skip


def _narrow(ax: Axes, undo: Undo) -> None:
    undo.append(partial(_key, ax, _width(ax)))
    _key(ax, PHONE)


def _width(ax: Axes) -> float:
    """Of the figure, in inches."""
    figure = ax.get_figure(root=True)
    return float(figure.get_size_inches()[0]) if figure else PHONE


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
