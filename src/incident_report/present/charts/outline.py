"""Outlines of countries below a map's marks, with neighbours named where there is room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.patches import Polygon
from matplotlib.path import Path

from incident_report.data.region import rings
from incident_report.present.charts.basemap import BORDER, Panel
from incident_report.present.theme import INK, MUTED

_LAND, _HOME, _SEA = "#f2f3f5", "#ffffff", "#e6edf2"
_ABROAD: dict[str, Any] = {"fc": _LAND, "ec": BORDER, "lw": 0.5, "zorder": 1}


def draw_region(panel: Panel, region: Mapping[str, Any] | None, home: str) -> None:
    """Outlines, with neighbours named where there is room; without a region, lines of latitude and longitude."""
    axes = panel.axes
    if not region:
        panel.degrees()
        return
    axes.set_facecolor(_SEA)
    for name, ring in rings(region):
        own = name == home
        look = {"fc": _HOME, "ec": INK, "lw": 0.8, "zorder": 2} if own else _ABROAD
        axes.add_artist(Polygon(ring, **look))  # `fill` would measure each, and the panel's limits are set
        if own:
            panel.avoid(ring)
        elif name:
            _name_neighbour(panel, name, ring)


def _name_neighbour(panel: Panel, name: str, ring: np.ndarray) -> None:
    half = 2.2 * len(name)
    spot = _roomiest(panel, ring, half)
    if spot is not None:
        panel.axes.text(
            *spot, name, ha="center", va="center", fontsize=7.5, style="italic", color=MUTED, zorder=2, clip_on=True
        )
        px, py = panel.xy(*spot)
        panel.taken.append((px - half, py - 5, px + half, py + 5))


def _roomiest(panel: Panel, ring: np.ndarray, needed: float) -> tuple[float, float] | None:
    """The point of a ring's seen part that lies farthest from its edge; None where a name would not fit."""
    west, south, east, north = panel.box
    lon, lat = np.meshgrid(np.linspace(west, east, 32)[2:-2], np.linspace(south, north, 32)[2:-2])
    grid = np.column_stack([lon.ravel(), lat.ravel()])
    inside = grid[Path(ring).contains_points(grid)]
    if not len(inside):
        return None
    scale = np.array([panel.squeeze, 1.0])
    steps = np.linspace(ring[:-1], ring[1:], 6, axis=1).reshape(-1, 2)
    edge = np.concatenate([steps, ring[-1:]]) * scale
    gaps = np.sqrt((((inside * scale)[:, None, :] - edge[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    frame = np.minimum.reduce(
        [
            (inside[:, 0] - west) * panel.squeeze,
            (east - inside[:, 0]) * panel.squeeze,
            inside[:, 1] - south,
            north - inside[:, 1],
        ]
    )
    room = np.minimum(gaps, frame)
    best = int(room.argmax())
    if room[best] * panel.points < needed:
        return None
    return float(inside[best, 0]), float(inside[best, 1])
