"""Counts over a long record: a line with its limits, and nothing drawn over periods that nobody counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from incident_report.present.charts.canvas import axes_of, floats
from incident_report.present.fit import number
from incident_report.present.theme import MUTED, PALETTE, theme

_DOT, _ROW = 4.5, 300.0  # points: a dot, and all dots of a row side by side, so that ten years by month keep a line


def long_run(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    labels: Mapping[str, str],
    colour: str = PALETTE[0],
    partial: Collection[str] = (),
    breaks: Collection[str] = (),
    title: str = "",
) -> Axes:
    """A line over every period with its limits as a band; grey where there is no count.

    Parameters
    ----------
    table : DataFrame
        Columns period, count, low and high; an unknown count (NA) breaks the line.
    labels : mapping of period -> text
        Every place along the axis, in order, and what stands below it, as far as there is room.
    partial : collection of period
        Counts that cover less than their period: open dots.
    breaks : collection of period
        Places before which a dotted line stands: counts on either side were not made alike.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": ["2018", "2020"], "count": [4, 9], "low": [1.1, 4.1], "high": [10.2, 17.1]})
    >>> ax = long_run(rows, labels={"2018": "2018", "2019": "2019", "2020": "2020"})
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['4', '9']
    """
    places = list(labels)
    rows = table.set_index("period").reindex(places)
    count, low, high = (floats(rows[name]) for name in ("count", "low", "high"))
    at = np.arange(len(places))
    known = ~np.isnan(count)
    dot = min(_DOT, _ROW / max(len(places), 1))
    with theme():
        ax = axes_of(ax, height=1.8)
        for i in at[~known]:
            ax.axvspan(i - 0.5, i + 0.5, color=MUTED, alpha=0.15, lw=0, zorder=0)
        ax.fill_between(at, low, high, color=colour, alpha=0.18, lw=0, zorder=1)
        ax.plot(at, count, color=colour, lw=1.4, zorder=2)
        for i in at[known]:
            face = "white" if places[i] in partial else colour
            ax.plot([i], [count[i]], "o", ms=dot, mfc=face, mec=colour, mew=1.1, zorder=3, clip_on=False)
            if known[max(i - 1, 0) : i + 2].sum() == 1:  # alone between gaps: a band has no width there
                ax.plot([i, i], [low[i], high[i]], color=colour, alpha=0.4, lw=3, zorder=1)
            number(ax, f"{count[i]:,.0f}", (i, count[i]), (0, 6), ha="center", va="bottom", fontsize=7.5, color=colour)
        for i in (i for i in at[1:] if places[i] in breaks):
            ax.axvline(i - 0.5, color=MUTED, lw=0.9, ls=":", zorder=0)
        ax.set(ylim=(0, 1.15 * float(np.nanmax([1.0, *high[known]]))), xlim=(-0.5, len(places) - 0.5))
        ax.set_xticks(at, list(labels.values()))
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=3, steps=[1, 2, 5, 10]))
        ax.set_title(title, color=colour)
    return ax
