"""One map: attacks by place and kind at the precision of the data, roads, and a city enlarged in a corner."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from incident_report.analysis.places import SITE, densest
from incident_report.present.charts.basemap import Panel, around, within
from incident_report.present.charts.canvas import canvas, sheet
from incident_report.present.charts.outline import draw_region
from incident_report.present.theme import MARKERS, MUTED, theme


def places(
    table: pd.DataFrame,
    *,
    region: Mapping[str, Any] | None,
    home: str,
    colours: Mapping[str, str],
    labels: Mapping[str, str],
    routes: pd.DataFrame | None = None,
    words: Mapping[str, str] | None = None,
    height: float = 3.9,
) -> list[Axes]:
    """Attacks on a map, and beside it the area that holds most sites.

    Parameters
    ----------
    table : DataFrame
        Columns place, precision (``site`` or ``governorate``), latitude, longitude, series, count.
    region : GeoJSON mapping or None
        Outlines; `home` names the country in focus.
    colours, labels : mapping of series -> colour, text
    routes : DataFrame, optional
        Columns route, town, latitude, longitude, in order: drawn as dashed lines, towns named where there is room.
    words : mapping, optional
        ``site``, ``governorate``, ``route``: texts of the legend; ``frame``, ``inset``: of the frame and of what
        it encloses, enlarged.

    Returns
    -------
    list of Axes
        The map, and the enlarged part where there is one.
    """
    texts = {"site": "site known", "governorate": "governorate known", "route": "route", "frame": "", "inset": ""}
    texts |= words or {}
    if table.empty:
        return [canvas(height=height)[0]]  # nothing to frame a map around
    sites = table[table["precision"] == SITE]
    zoom = densest(table)
    with theme():
        main_ax, side_ax, key_ax = _frame(zoom is not None, height)
        style = {s: (colours[s], MARKERS[i % len(MARKERS)]) for i, s in enumerate(colours)}
        main = Panel(main_ax, around(table, 0.12, 3.0), 3.7 / (height - 0.1), height - 0.1)
        draw_region(main, region, home)
        main.scale_bar()
        _routes(main, routes)
        hidden = within(sites, zoom) if zoom else sites.iloc[:0]
        if zoom:
            main.frame(zoom, 0.14, texts["frame"])
            side = Panel(side_ax, around(hidden, 0.5, 0.2), 2.3 / (0.62 * height), 0.58 * height)
            draw_region(side, region, home)
            side.scale_bar()
            side.head(texts["inset"])
            _routes(side, routes)
            _marks(side, hidden, style)
            side.names()
            if routes is not None:
                side.towns(routes[routes["town"] != texts["inset"]])
        _marks(main, sites.drop(hidden.index), style)
        _marks(main, table[table["precision"] != SITE], style)
        main.names()
        if routes is not None:
            main.towns(routes)
        _legend(key_ax, table, style, labels, texts, routes)
    return [main_ax, side_ax] if zoom else [main_ax]


def _frame(zoom: bool, height: float) -> tuple[Axes, Axes, Axes]:
    """The map, a smaller part of it at its right, and room for the key below that."""
    with theme():
        figure = sheet(height=height)
        grid = figure.add_gridspec(2, 2, width_ratios=[3.7, 2.3], height_ratios=[0.62, 0.38])
        main, side, key = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        key.set_axis_off()
        if not zoom:
            side.set_axis_off()
    return main, side, key


def _routes(panel: Panel, routes: pd.DataFrame | None) -> None:
    for _, part in routes.groupby("route", sort=False) if routes is not None and len(routes) else ():
        panel.axes.plot(part["longitude"], part["latitude"], color=MUTED, lw=1.1, ls=(0, (4, 2)), zorder=2.5)
        panel.avoid(part[["longitude", "latitude"]].to_numpy(float))
    if routes is not None and len(routes):
        panel.beside(routes)


def _marks(panel: Panel, points: pd.DataFrame, style: Mapping[str, tuple[str, str]]) -> None:
    """Marks of one place stand in a row, so that kinds do not cover each other."""
    spots: dict[tuple[float, float], list[dict[Hashable, Any]]] = {}
    for row in points.sort_values(["count", "series"], ascending=[False, True]).to_dict("records"):
        spots.setdefault((row["latitude"], row["longitude"]), []).append(row)
    for lat, lon in sorted(spots):
        rows = spots[lat, lon]
        marks = [(int(p["count"]), *style[str(p["series"])], p["precision"] == SITE) for p in rows]
        panel.marks(float(lon), float(lat), marks, short(str(rows[0]["place"])))


def short(place: str) -> str:
    """A place's name for the map: up to the first comma or bracket, three lines at most."""
    name = place.split(",")[0].split(" (")[0]
    return "\n".join(textwrap.wrap(textwrap.shorten(name, 60, placeholder=" …"), 20))


def _legend(
    ax: Axes,
    table: pd.DataFrame,
    style: Mapping[str, tuple[str, str]],
    labels: Mapping[str, str],
    texts: Mapping[str, str],
    routes: pd.DataFrame | None,
) -> None:
    handles = [
        Line2D([], [], ls="none", marker=marker, mfc=colour, mec=colour, ms=5.5, label=labels[series])
        for series, (colour, marker) in style.items()
        if series in set(table["series"])
    ]
    handles += [
        Line2D([], [], ls="none", marker="o", mfc=MUTED if p == SITE else "none", mec=MUTED, ms=5.5, label=texts[p])
        for p in (SITE, "governorate")
        if (table["precision"] == p).any()
    ]
    if routes is not None and len(routes):
        handles.append(Line2D([], [], color=MUTED, lw=1.1, ls=(0, (4, 2)), label=texts["route"]))
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), borderaxespad=0, handletextpad=0.5)
