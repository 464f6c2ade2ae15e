"""Counts of two fields as a heat map, each cell with its number."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import PALETTE, theme


def heat(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    label: str,
    leave: tuple[str, ...] = ("total",),
    words: Callable[[str], str] = str,
    unknown: str = "unknown",
    colour: str = PALETTE[0],
) -> Axes:
    """One cell a pair, darker for more, with its number; an empty cell stands for none.

    Parameters
    ----------
    table : DataFrame
        As from `cross`: the column `label` (NA is unknown), then a column of counts each.
    leave : tuple of str
        Columns that are not drawn.
    words : callable
        How a value is called, such as ``look.label``.
    unknown : str
        What stands for NA.

    Examples
    --------
    >>> table = pd.DataFrame({"method": ["rocket", pd.NA], "base": [3, 0], "convoy": [1, 2], "total": [4, 2]})
    >>> ax = heat(table, label="method")
    >>> [t.get_text() for t in ax.get_yticklabels()], [t.get_text() for t in ax.texts]
    (['rocket', 'unknown'], ['3', '1', '', '2'])
    """
    import seaborn  # costs a second, so only where a heat map is drawn

    counts = table.set_index(label).drop(columns=[c for c in leave if c in table])
    counts.index = [unknown if pd.isna(v) else fill(words(str(v)), 24) for v in counts.index]
    counts.columns = [fill(words(str(c)), 20) for c in counts.columns]
    shades = LinearSegmentedColormap.from_list("counts", ["#ffffff", colour])
    numbers = counts.astype(int).astype(str).where(counts.gt(0), "")
    with theme():
        ax = axes_of(ax, height=1.1 + 0.3 * len(counts))
        seaborn.heatmap(
            counts.astype(float), ax=ax, annot=numbers, fmt="", cmap=shades, vmin=0, cbar=False, linewidths=1
        )
        ax.tick_params(length=0)
        # Upright, so that no label meets the next, and steps back for it.
        ax.tick_params(axis="x", labelrotation=90)
        ax.tick_params(axis="y", labelrotation=0)
    return ax
