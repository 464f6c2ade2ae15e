"""A small map: one group of marks a governorate, named where there is room."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from incident_report.data.region import rings
from incident_report.present.charts.basemap import Panel, around
from incident_report.present.charts.canvas import canvas
from incident_report.present.charts.outline import draw_region
from incident_report.present.charts.places import short
from incident_report.present.theme import MARKERS, theme

_LETTERS = 22  # of a label that leaves room for another beside it
_KEY = 0.24  # inches for the key, below the map


def areas(
    table: pd.DataFrame,
    *,
    region: Mapping[str, Any] | None,
    home: str,
    colours: Mapping[str, str],
    labels: Mapping[str, str],
    width: float = 3.0,
    height: float = 3.0,
) -> Axes:
    """Counts by governorate and series on one map.

    Parameters
    ----------
    table : DataFrame
        Columns place, latitude, longitude, series, count.
    region : GeoJSON mapping or None
        Outlines; `home` names the country in focus, all of which is shown.
    colours, labels : mapping of series -> colour, text
        In chart order: a series has one marker in every map.
    """
    with theme():
        ax = canvas(height=height, width=width)[0]
        seen = [s for s in colours if s in set(table["series"])]
        columns = 2 if all(len(labels[s]) <= _LETTERS for s in seen) else 1
        rows = -(-len(seen) // columns)
        panel = Panel(ax, _frame(table, region, home), width / (height - _KEY * rows), height - _KEY * rows)
        draw_region(panel, region, home)
        style = {s: (colours[s], MARKERS[i % len(MARKERS)]) for i, s in enumerate(colours)}
        for place, here in table.groupby("place", sort=False):
            own = here.sort_values(["count", "series"], ascending=[False, True]).to_dict("records")
            marks = [(int(r["count"]), *style[str(r["series"])], True) for r in own]
            panel.marks(float(own[0]["longitude"]), float(own[0]["latitude"]), marks, short(str(place)), sums=False)
        panel.names()
        ax.spines[:].set_visible(False)
        handles = [_handle(*style[s], labels[s]) for s in seen]
        if handles:
            ax.legend(
                handles=handles, loc="upper left", bbox_to_anchor=(0, -0.01), ncols=columns, borderaxespad=0,
                handletextpad=0.3, columnspacing=1.0,
            )  # fmt: skip
    return ax


def _frame(table: pd.DataFrame, region: Mapping[str, Any] | None, home: str) -> tuple[float, float, float, float]:
    """The country whole where its outline is known, and every mark."""
    points = table[["longitude", "latitude"]].astype(float)
    own = [pd.DataFrame(ring, columns=["longitude", "latitude"]) for name, ring in rings(region) if name == home]
    seen = pd.concat([points, *own])
    return around(seen, 0.02, 0.4) if len(seen) else (0.0, 0.0, 1.0, 1.0)


def _handle(colour: str, marker: str, label: str) -> Line2D:
    text = textwrap.shorten(label, 2 * _LETTERS, placeholder=" …")
    return Line2D([], [], ls="none", marker=marker, mfc=colour, mec=colour, ms=5.5, label=text)
