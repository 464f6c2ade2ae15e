"""Sorted bars with their numbers, whole or in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import GRID, INK, PALETTE, theme


def bars(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    label: str,
    value: str = "count",
    colours: Sequence[str] | Mapping[str, str] | str = PALETTE[0],
    parts: str = "",
    part_labels: Mapping[str, str] | None = None,
    number: str = "{:,.0f}",
    whole: str = "",
) -> Axes:
    """Horizontal bars in the table's order, first on top, each with its number at the end.

    Parameters
    ----------
    table : DataFrame
        Columns `label`, `value`; with `parts` a third column, of which each value is a part of the bar.
    colours : colour, or mapping of part -> colour
    part_labels : mapping of part -> text, optional
        A legend, where there is more than one part.
    whole : str
        A column that says what a bar is a part of: a pale track behind it.

    Examples
    --------
    >>> ax = bars(pd.DataFrame({"what": ["rocket", "drone"], "count": [3, 1]}), label="what")
    >>> [t.get_text() for t in ax.get_yticklabels()], [t.get_text() for t in ax.texts]
    (['rocket', 'drone'], ['3', '1'])
    """
    names = list(dict.fromkeys(table[label]))
    with theme():
        ax = axes_of(ax, height=0.5 + 0.24 * len(names))
        ends, most = np.zeros(len(names)), 0.0
        if whole:
            ax.barh(range(len(names)), table[whole].astype(float), height=0.66, color=GRID)
            most = max([most, *table[whole].astype(float)])
        kinds = list(table.groupby(parts, sort=False)) if parts else [("", table)]
        for kind, rows in kinds:
            colour = colours[str(kind)] if isinstance(colours, Mapping) else colours
            text = str((part_labels or {}).get(str(kind), kind))
            values, places = rows[value].to_numpy(float), rows[label].map(names.index).to_numpy(int)
            ax.barh(places, values, left=ends[places], height=0.66, color=colour, label=text)
            np.add.at(ends, places, values)
        for i, end in enumerate(ends.tolist()):
            ax.annotate(
                number.format(end), (max(end, most), i), (4, 0), textcoords="offset points", va="center", color=INK
            )
        ax.set_yticks(range(len(names)), names)
        ax.set(ylim=(len(names) - 0.4, -0.6), xlim=(0, 1.08 * max([*ends, most, 1.0])), xticks=[])
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)
        if len(kinds) > 1:
            ax.legend(loc="lower right", handlelength=1, handleheight=0.9)
    return ax
