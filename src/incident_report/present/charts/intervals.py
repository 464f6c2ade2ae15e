"""Counts over periods as dots with their limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from incident_report.present.charts.canvas import axes_of, below
from incident_report.present.fit import number
from incident_report.present.theme import MUTED, PALETTE, theme


def intervals(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    x: str = "period",
    colour: str = PALETTE[0],
    hollow: bool = False,
    shift: float = 0.0,
    labels: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
    value: str = "count",
    low: str = "low",
    high: str = "high",
    numbers: bool | Callable[[Mapping[Any, Any]], str] = True,
    title: str = "",
) -> Axes:
    """A dot a row with a line from its lower to its upper limit.

    Parameters
    ----------
    table : DataFrame
        Columns `x`, `value`, `low`, `high`; an unknown value (NA) leaves its place empty.
    ax : Axes, optional
        Drawn on; a new one if left out.
    hollow : bool
        An open dot: for published tallies, beside filled ones for documented incidents.
    shift : float
        Sideways, in steps of `x`, so that two kinds of count stand beside each other.
    labels : mapping of x -> text, optional
        What stands below the axis.
    order : sequence, optional
        Places along the axis, those of the table by default.
    numbers : bool or callable
        Write the value beside the dot, or what is said of the row; then no lines run across the panel.
    title : str
        Above the panel, in the dots' colour.

    Returns
    -------
    Axes

    Examples
    --------
    >>> counts = pd.DataFrame({"period": ["Q1", "Q2"], "count": [19, 11], "low": [11.4, 5.5], "high": [29.7, 19.7]})
    >>> ax = intervals(counts)
    >>> ax.axhline(15).get_ydata()[0]
    15
    """
    places = list(order if order is not None else dict.fromkeys(table[x]))
    with theme():
        ax = axes_of(ax)
        known = table.dropna(subset=[value])
        aside, ha = (-6, "right") if shift < 0 else (6, "left")
        for row in known.to_dict("records"):
            at = places.index(row[x]) + shift
            ax.plot([at, at], [row[low], row[high]], color=colour, lw=1.4, zorder=2)
            face = "white" if hollow else colour
            ax.plot([at], [row[value]], "o", ms=5.5, mfc=face, mec=colour, mew=1.3, zorder=3, clip_on=False)
            if numbers:
                text = numbers(row) if callable(numbers) else f"{row[value]:,.0f}"
                number(ax, text, (at, row[value]), (aside, 0), ha=ha, va="center", fontsize=7.5, color=colour)
        for place in set(places) - set(known[x]):
            if hollow or not shift:
                ax.annotate("–", (places.index(place) + shift, 0), (0, 3), textcoords="offset points", color=MUTED)
        below(ax, places, labels)
        ax.set(xlim=(-0.6, len(places) - 0.4), ylim=(0, None))
        ax.grid(not numbers, axis="y")
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, steps=[1, 2, 5, 10]))
        if title:
            ax.set_title(title, color=colour)
    return ax
