"""Bars from nothing to a bound that is sure, and on to one that is possible; rows in named groups."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import ACCENT, GRID, INK, MUTED, PALETTE, theme

ROW = 0.21  # inches a row; canvas(height=bounds_height(table, …)) leaves room for labels of two lines
_HEAD = 0.5
_WRAP = 38


def bounds_height(table: pd.DataFrame, *, label: str = "label", group: str = "group") -> float:
    """Inches that a chart of these rows needs, headings of groups and labels of two lines included."""
    names = list(dict.fromkeys(table[label]))
    lines = sum(len(textwrap.wrap(str(n), _WRAP)) > 1 for n in names)
    groups = table[group].nunique() if group in table else 0
    return _HEAD + ROW * (len(names) + groups) + 0.09 * lines


def bounds(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    label: str = "label",
    low: str = "low",
    high: str = "high",
    whole: float | None = None,
    group: str = "group",
    groups: Mapping[str, str] | None = None,
    colour: str = PALETTE[0],
    title: str = "",
) -> Axes:
    """Horizontal bars: full to `low`, hatched on to `high`, with the numbers at the end; nought in words of its own.

    Parameters
    ----------
    table : DataFrame
        Columns `label`, `low`, `high` and perhaps `group`, whose values stand together.
    whole : float, optional
        Where the axis ends: what a bar could be at most.
    groups : mapping of group -> heading, optional
    title : str
        Above the panel, in the bars' colour.

    Examples
    --------
    >>> ax = bounds(pd.DataFrame({"what": ["a", "b"], "low": [3, 0], "high": [5, 0]}), label="what")
    >>> [t.get_text() for t in ax.texts]
    ['3–5', '0']
    """
    places = list(_places(table, label, group, groups or {}))
    end = float(whole or max([*table[high].astype(float), 1.0]))
    with theme():
        ax = axes_of(ax, height=bounds_height(table, label=label, group=group))
        for y, _, row in places:
            if row is None:
                continue
            _bar(ax, y, float(row[low]), float(row[high]), colour)
        heights = [y for y, _, _ in places]
        # Before the ticks: an axis drops the labels of those out of sight.
        ax.set_ylim(max(heights, default=0) + 0.55, -0.6)
        ax.set_yticks(heights, [text for _, text, _ in places])
        for tick, (_, _, row) in zip(ax.yaxis.get_major_ticks(len(places)), places, strict=True):
            if row is None:
                tick.label1.set(fontweight="bold", color=MUTED)
        ax.axvline(0, color=MUTED, lw=0.8)
        ax.axvline(end, color=GRID, lw=0.8, zorder=0)
        ax.set(xlim=(0, 1.22 * end), xticks=[])
        ax.grid(visible=False)
        ax.spines[["bottom", "left"]].set_visible(False)
        if title:
            ax.set_title(title, color=colour)
    return ax


def _bar(ax: Axes, y: float, sure: float, most: float, colour: str) -> None:
    ax.barh(y, sure, height=0.62, color=colour)
    if most > sure:
        ax.barh(y, most - sure, left=sure, height=0.62, fc="white", ec=colour, hatch="/////", lw=0.6)
    text = f"{sure:,.0f}" if sure == most else f"{sure:,.0f}–{most:,.0f}"
    ax.annotate(
        text, (most, y), (4, 0), textcoords="offset points", va="center", fontsize=8,
        color=INK if most else ACCENT, fontweight="normal" if most else "bold",
        bbox={"fc": "white", "ec": "none", "pad": 0.4},
    )  # fmt: skip


def _places(
    table: pd.DataFrame, label: str, group: str, groups: Mapping[str, str]
) -> Iterator[tuple[float, str, dict[str, Any] | None]]:
    """Height, text and row of every line; a group's heading has no row."""
    y, last = 0.0, None
    for row in table.to_dict("records"):
        if group in row and row[group] != last:
            last = row[group]
            yield y, str(groups.get(str(last), last)), None
            y += 1
        text = textwrap.fill(str(row[label]), _WRAP)
        extra = 0.4 * ("\n" in text)
        yield y + extra / 2, text, {str(k): v for k, v in row.items()}
        y += 1 + extra
