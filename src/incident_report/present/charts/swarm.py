"""Single values by period: a dot each, with the median."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from incident_report.present.charts.canvas import axes_of
from incident_report.present.fit import number
from incident_report.present.theme import INK, MUTED, PALETTE, theme

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_DOTS = 60  # of equal values side by side; then dots touch, and a band is drawn with no more
_STEP = 0.045  # of a period, between two dots
_LEFT = -0.42  # of a step: where the line at the median begins, with its number above


def swarm(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    x: str = "period",
    value: str,
    labels: Mapping[str, str],
    colour: str = PALETTE[0],
    medians: Mapping[str, str] | None = None,
) -> Axes:
    """A dot a value, dots of equal values side by side, on a logarithmic scale.

    Where more than `MOST_DOTS` are equal in a period, a row of dots is a band as long as its values are many.

    Parameters
    ----------
    table : DataFrame
        `x` and `value`; zeros and unknown values are left out.
    labels : mapping of period -> text
        Periods along the axis; one without a value says so with a dash.
    medians : mapping of period -> text, optional
        What stands beside the line at the period's median.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": ["Q1", "Q1", "Q2"], "munitions": [1, 3, 2]})
    >>> ax = swarm(rows, value="munitions", labels={"Q1": "Q1", "Q2": "Q2"})
    >>> [line.get_ydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    [[1.0, 3.0], [2.0]]
    """
    places = list(labels)
    rows = table[table[x].isin(places) & (table[value] > 0).fillna(False)].assign(
        **{value: lambda t: t[value].astype(float)}
    )
    with theme():
        ax = axes_of(ax, height=2.2)
        ax.set_yscale("log")
        top = max([10.0, *rows[value]])
        ax.set(ylim=(0.8, top * 1.35), xlim=(-0.6, len(places) - 0.4))
        for at, place in enumerate(places):
            values = rows.loc[rows[x] == place, value]
            if not len(values):
                ax.annotate("–", (at, 1), ha="center", va="center", color=MUTED)
                continue
            across, up = _side_by_side(values)
            middle = float(values.median())
            ax.plot([at + _LEFT, at - _LEFT], [middle, middle], color=INK, lw=1.1, zorder=1)
            ax.plot(at + across, up, "o", ms=4.2, color=colour, mec="white", mew=0.4)
            text = (medians or {}).get(place, "")
            number(ax, text, (at + _LEFT, middle), (0, 4), fontsize=8, fontweight="bold")
        ax.set_xticks(range(len(places)), list(labels.values()))
        ax.yaxis.set_major_locator(FixedLocator([s for s in _STEPS if s <= top * 1.35]))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
        ax.set(xlabel="", ylabel="")
    return ax


def _side_by_side(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Places across and values, in order; a row too long for its period is set closer, of one still longer only
    as many dots are drawn as make a band of its length.

    Not seaborn's swarm: it sorts by distance, and ties fall otherwise on other processors.
    """
    up, size = np.unique(values.to_numpy(float), return_counts=True)
    step = min(_STEP, 0.66 / max(size))
    drawn = np.minimum(size, np.maximum(2, np.ceil(size * min(1.0, MOST_DOTS / max(size))).astype(int)))
    across = [(np.linspace(0, n - 1, few) - (n - 1) / 2) * step for n, few in zip(size, drawn, strict=True)]
    return np.concatenate(across), np.repeat(up, drawn)
