"""Sorted bars with their numbers, whole or in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        left = dict.fromkeys(names, 0.0)
        most = float(table[whole].max()) if whole and len(table) else 0.0
        if whole:
            ax.barh(range(len(names)), table[whole].astype(float), height=0.66, color=GRID)
        kinds = list(dict.fromkeys(table[parts])) if parts else [""]
        for kind in kinds:
            rows = table[table[parts] == kind] if parts else table
            colour = colours[kind] if isinstance(colours, Mapping) else colours
            text = str((part_labels or {}).get(kind, kind))
            values = [float(v) for v in rows[value]]
            places = [names.index(n) for n in rows[label]]
            ax.barh(places, values, left=[left[n] for n in rows[label]], height=0.66, color=colour, label=text)
            for name, v in zip(rows[label], values, strict=True):
                left[name] += v
        for i, name in enumerate(names):
            ax.annotate(
                number.format(left[name]),
                (max(left[name], most), i),
                (4, 0),
                textcoords="offset points",
                va="center",
                color=INK,
            )
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_xlim(0, 1.08 * max([*left.values(), most, 1.0]))
        ax.set_xticks([])
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)
        if parts and len(kinds) > 1:
            ax.legend(loc="lower right", handlelength=1, handleheight=0.9)
    return ax
