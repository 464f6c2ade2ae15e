"""A count over periods as a line of labelled points."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from incident_report.present.charts.canvas import axes_of, below, floats, without_scale
from incident_report.present.fit import number as beside
from incident_report.present.theme import MUTED, PALETTE, theme

_LETTERS = 15  # of a title in an inch
_FOOT = 0.2  # of the highest value: below that, a number would stand on the axis's labels
_BESIDE = 0.17  # of a step: a second count stands beside the first, clear of its label


def trend(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    x: str = "period",
    value: str = "count",
    colour: str = PALETTE[0],
    faint: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
    breaks: Collection[str] = (),
    title: str = "",
    note: str = "",
) -> Axes:
    """A line of labelled points, the last one large; a second count faintly beside it.

    Parameters
    ----------
    table : DataFrame
        Columns `x` and `value`; an unknown value (NA) breaks the line.
    faint : DataFrame, optional
        The same columns of a second kind of count, drawn as small grey points that no line joins.
    labels : mapping of x -> text, optional
        What stands below the axis, and which places are shown.
    order : sequence, optional
        Places along the axis.
    breaks : collection
        Places before which a dotted line stands: counts on either side were not made alike.
    title, note : str
        Above the panel, in the line's colour and in grey; the note says what the second count is.

    Raises
    ------
    ValueError
        If a place has several rows.

    Examples
    --------
    >>> ax = trend(pd.DataFrame({"period": ["Q1", "Q2", "Q3"], "count": [19, 11, 27]}))
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['19', '11', '27']
    """
    places = list(order if order is not None else labels or dict.fromkeys(table[x]))
    values = _one_each(table, x, value).reindex(places)
    known = values.dropna()
    with theme():
        ax = axes_of(ax)
        ax.plot(range(len(places)), floats(values), color=colour, lw=1.6, clip_on=False)
        _points(ax, values, colour)
        if faint is not None:
            other = _one_each(faint, x, value).reindex(places)
            ax.plot(
                np.arange(len(places)) + _BESIDE,
                floats(other),
                "o",
                ms=4,
                color=MUTED,
                alpha=0.6,
                mew=0,
                clip_on=False,
            )
            known = pd.concat([known, other.dropna()])
        for at, place in enumerate(places):
            if at and place in breaks:
                ax.axvline(at - 0.5, color=MUTED, lw=0.9, ls=":", zorder=0)
        ax.set(xlim=(-0.4, len(places) - 0.6))
        ax.set(ylim=(0, 1.2 * np.max(floats(known), initial=1.0)))  # the axis line is zero
        below(ax, places, labels)
        without_scale(ax)
        if title:
            wide = ax.get_window_extent().width / ax.figure.dpi  # inches
            ax.set_title(textwrap.fill(title, max(12, int(wide * _LETTERS))), color=colour, pad=16 if note else 6)
        if note:
            ax.annotate(
                note, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", fontsize=7, color=MUTED
            )
    return ax


def _one_each(table: pd.DataFrame, x: str, value: str) -> pd.Series:
    """The values by place, of which each has one."""
    twice = table.loc[table[x].duplicated(keep=False)]
    if len(twice):
        place = twice[x].iloc[0]
        rows = twice.loc[twice[x] == place].drop(columns=[x, value])
        apart = [str(name) for name in rows if rows[name].nunique(dropna=False) == len(rows)]
        raise ValueError(
            f"table: {len(rows)} rows have {x} {place!r} and a line has one a place; "
            + (f"select one line by {' or '.join(apart)}" if apart else "sum them up first")
        )
    return table.set_index(x)[value]


def _points(ax: Axes, values: pd.Series, colour: str) -> None:
    """Every known value as a point with its number, the last one large."""
    known = values.dropna()
    foot = _FOOT * np.max(floats(known), initial=0.0)
    for at, (place, number) in enumerate(values.items()):
        if place not in known:
            continue
        last = place == known.index[-1]
        near = values.iloc[max(at - 1, 0) : at + 2].dropna()
        offset, ha, va = _spot(number, near, foot, last)
        ax.plot([at], [number], "o", ms=6, color=colour, mec="white", mew=1.2, zorder=3, clip_on=False)
        look = {"fontsize": 12, "fontweight": "bold"} if last else {"fontsize": 9, "fontweight": "normal"}
        beside(ax, f"{number:,.0f}", (at, number), offset, ha=ha, va=va, color=colour, **look)


def _spot(number: float, near: pd.Series, foot: float, last: bool) -> tuple[tuple[float, float], str, str]:
    """Where a number stands beside its point: offset in points, and which of its edges is there."""
    # A line that drops to the foot passes where a number above its end would stand: there, at its right.
    if last and max(near) > 2 * foot and number <= foot:
        return (8, 0), "left", "center"
    # In a valley the line leaves no room above; near the axis there is none below.
    if min(near) == number < max(near) and number > foot:
        return (0, -7), "center", "top"
    return (0, 7), "center", "bottom"
