"""A plain map panel: marks, names that keep clear of each other, a scale bar."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from incident_report.present.theme import INK, MUTED

Box = tuple[float, float, float, float]  # west, south, east, north in degrees
BORDER = "#9aa5b1"
_FIRST, _EACH = 20.0, 24.0  # area in square points of one attack, and of every further one
_LARGE = 60  # attacks up to which a mark's area grows with them; beyond, by half for ten times as many: maps have edges
_TOLD = 3  # attacks from which a mark has room for its number
_AIR, _TOWN = 6.0, 40  # points between a name and a town that is not its own; what one nearer weighs, in points cut
_KM = 111.2  # a degree of latitude
_STEPS = tuple(a * 10.0**b for b in range(-3, 3) for a in (1, 2, 5))  # degrees from one line to the next
_LINES, _ROOM = 4, 24.0  # at most so many lines each way; points that the name of one takes up


def around(points: pd.DataFrame, margin: float, least: float) -> Box:
    """A box around points, with room at the edge and a least size in degrees."""
    west, east = float(points["longitude"].min()), float(points["longitude"].max())
    south, north = float(points["latitude"].min()), float(points["latitude"].max())
    pad = max(least / 2, margin * max(east - west, north - south))
    return west - pad, south - pad, east + pad, north + pad


def within(points: pd.DataFrame, box: Box) -> pd.DataFrame:
    """The points inside a box."""
    west, south, east, north = box
    return points[points["latitude"].between(south, north) & points["longitude"].between(west, east)]


class Panel:
    """One map panel of a known shape.

    Parameters
    ----------
    axes : Axes
    box : Box
        What must be seen; widened or heightened to the panel's shape.
    shape : float
        Width over height of the panel.
    inches : float
        Its height on paper.
    """

    def __init__(self, axes: Axes, box: Box, shape: float, inches: float = 3.4) -> None:
        west, south, east, north = box
        self.axes = axes
        self.squeeze = math.cos(math.radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
        width, height = (east - west) * self.squeeze, north - south
        more_width, more_height = max(0.0, height * shape - width) / self.squeeze, max(0.0, width / shape - height)
        self.box: Box = (west - more_width / 2, south - more_height / 2, east + more_width / 2, north + more_height / 2)
        # Points on paper for a degree of latitude, so that names and marks can be kept apart.
        self.points = inches * 72 / (self.box[3] - self.box[1])
        self.taken: list[tuple[float, float, float, float]] = []  # boxes in points, of marks and names
        self.wanted: list[tuple[float, float, float, float, str, bool]] = []
        self.dots = np.empty((0, 2))  # towns, in points on paper: a name beside one reads as its own
        self.lines = np.empty((0, 2))  # points along borders and roads, in points on paper: names cut them last
        axes.set(xlim=self.box[::2], ylim=self.box[1::2], xticks=[], yticks=[])
        axes.set_aspect(1 / self.squeeze, adjustable="box")
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(True)

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """A place in points on paper, from the panel's lower left corner."""
        return (lon - self.box[0]) * self.squeeze * self.points, (lat - self.box[1]) * self.points

    def marks(
        self, lon: float, lat: float, marks: Sequence[tuple[int, str, str, bool]], name: str, *, sums: bool = True
    ) -> None:
        """Marks in a row (count, colour, marker, filled), first one at the place; its name is set later.

        With `sums` the place's attacks stand behind its name.
        """
        radii = [math.sqrt(_area(m[0])) / 2 + 1 for m in marks]
        width, tall = 2 * sum(radii), max(radii)
        px, py = self.xy(lon, lat)
        box = (px - radii[0], py - tall, px - radii[0] + width, py + tall)
        if not all(m[3] for m in marks):  # an area's point only says "somewhere within": it may give way to a site
            box = self._eastwards(box)
        self.taken.append(box)
        x = box[0]
        for mark, radius in zip(marks, radii, strict=True):
            self._mark(self._longitude(x + radius), lat, *mark)
            x += 2 * radius
        text = f"{name} ({sum(m[0] for m in marks):,})" if sums else name
        self.wanted.append((self._longitude(box[0] + radii[0]), lat, radii[0], width - radii[0], text, True))

    def _longitude(self, x: float) -> float:
        return self.box[0] + x / self.points / self.squeeze

    def _eastwards(self, box: Box) -> Box:
        """The nearest free place to the east."""
        while hit := [b for b in self.taken if _overlap(box, b)]:
            step = max(b[2] for b in hit) - box[0] + 2
            box = (box[0] + step, box[1], box[2] + step, box[3])
        return box

    def _mark(self, lon: float, lat: float, n: int, colour: str, marker: str, filled: bool) -> None:
        """One mark, with its number where it has room."""
        face, edge = (colour, "white") if filled else ("white", colour)
        self.axes.scatter(
            [lon], [lat], s=_area(n), marker=marker, fc=face, ec=edge, lw=0.5 if filled else 1.4,
            zorder=4 if filled else 5,
        )  # fmt: skip
        if n >= _TOLD:
            look: dict[str, Any] = {"fontsize": 7, "color": edge, "zorder": 6}
            self.axes.annotate(str(n), (lon, lat), ha="center", va="center_baseline", in_layout=False, **look)

    def frame(self, box: Box, pad: float, text: str) -> None:
        """A dashed frame around an area that is enlarged elsewhere, with a note that is set as names are."""
        west, south, east, north = box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad
        self.axes.add_patch(
            Rectangle((west, south), east - west, north - south, fc="white", ec=MUTED, lw=0.9, ls="--", zorder=3)
        )
        self.reserve((west, south, east, north))
        if text:
            half = max((east - west) * self.squeeze, north - south) / 2 * self.points
            self.wanted.append(((west + east) / 2, (south + north) / 2, half, half, text, False))

    def reserve(self, box: Box) -> None:
        """Keep names and area marks out of a box in degrees."""
        self.taken.append((*self.xy(box[0], box[1]), *self.xy(box[2], box[3])))

    def avoid(self, line: np.ndarray) -> None:
        """Let names keep clear of a line (n × 2: longitude, latitude) where another spot is free."""
        here = (line - self.box[:2]) * (self.squeeze, 1.0) * self.points
        wide, high = self.xy(self.box[2], self.box[3])
        fine = [np.linspace(a, b, max(2, int(np.abs(b - a).max() / 2))) for a, b in itertools.pairwise(here)]
        seen = [f[((f >= 0) & (f <= (wide, high))).all(axis=1)] for f in fine]
        self.lines = np.concatenate([self.lines, *seen])

    def beside(self, points: pd.DataFrame) -> None:
        """Let names of marks keep clear of towns (columns longitude, latitude) where another spot is free."""
        here = points[["longitude", "latitude"]].to_numpy(float)
        self.dots = (here - self.box[:2]) * (self.squeeze, 1.0) * self.points

    def head(self, text: str) -> None:
        """What a panel shows, in its upper left corner."""
        if text:
            self.axes.text(
                0.03, 0.97, text, transform=self.axes.transAxes, va="top", fontsize=8, fontweight="bold", zorder=8
            )
            width, height = _size(text)
            _, high = self.xy(self.box[2], self.box[3])
            self.taken.append((0, high - height - 8, 1.2 * width + 8, high))

    def _write(
        self, lon: float, lat: float, text: str, dx: float, dy: float, ha: str, va: str, colour: str = INK
    ) -> None:
        self.axes.annotate(
            text,
            (lon, lat),
            (dx, dy),
            textcoords="offset points",
            ha=ha,
            va=va,
            fontsize=7,
            color=colour,
            zorder=7,
            linespacing=1.05,
            in_layout=False,  # names lie within the panel: measuring them takes as long as drawing it
            bbox={"fc": "white", "ec": "none", "alpha": 0.7, "pad": 0.4},
        )

    def names(self) -> None:
        """Name every place, largest mark first, where the name covers nothing; else leave it to the table.

        A name that finds no room in one or two lines is tried in narrower ones.
        """
        for lon, lat, left, right, text, name in sorted(self.wanted, key=lambda w: (-w[2], w[4])):
            narrow = textwrap.fill(" ".join(text.split()), 12 if name else 20, break_long_words=False)
            # A frame's note is a line or two, and may stand beside a town, which nobody takes it for.
            for tried in dict.fromkeys((text, narrow) if name else (narrow, text)):
                if self._placed(lon, lat, left, right, tried, beside=not name):
                    break

    def towns(self, points: pd.DataFrame) -> None:
        """Small dots with grey names, for orientation; a town that has no room has no name."""
        west, south, east, north = self.box
        for row in within(points, (west, south, east, north)).to_dict("records"):
            lon, lat = float(row["longitude"]), float(row["latitude"])
            px, py = self.xy(lon, lat)
            if any(_overlap((px - 1, py - 1, px + 1, py + 1), other) for other in self.taken):
                continue
            self.axes.plot([lon], [lat], ".", ms=3, color=MUTED, zorder=2.6)
            self._placed(lon, lat, 1.5, 1.5, str(row["town"]), MUTED)

    def _placed(
        self, lon: float, lat: float, left: float, right: float, text: str, colour: str = INK, *, beside: bool = False
    ) -> bool:
        """Write a name beside a mark at the first spot that is free; whether there was one.

        With `beside` the spot may be next to a town.
        """
        wide, high = self.xy(self.box[2], self.box[3])
        px, py = self.xy(lon, lat)
        width, height = _size(text)
        spots = (
            (right + 2, 0.0, "left", "center", (px + right + 2, py - height / 2)),
            (-left - 2, 0.0, "right", "center", (px - left - 2 - width, py - height / 2)),
            (0.0, left + 2, "center", "bottom", (px - width / 2, py + left + 2)),
            (0.0, -left - 2, "center", "top", (px - width / 2, py - left - 2 - height)),
            (-left, left + 1, "right", "bottom", (px - left - width, py + left + 1)),
            (right, -left - 1, "left", "top", (px + right, py - left - 1 - height)),
            (-left, -left - 1, "right", "top", (px - left - width, py - left - 1 - height)),
        )
        free = []
        for dx, dy, ha, va, (x, y) in spots:
            box = (x, y, x + width, y + height)
            inside = x > 1 and y > 1 and box[2] < wide - 1 and box[3] < high - 1
            if inside and not any(_overlap(box, other) for other in self.taken):
                free.append((self._cut(box, 0 if beside else _AIR), (dx, dy, ha, va), box))
        if not free:
            return False
        _, spot, box = min(free, key=lambda f: f[0])
        self._write(lon, lat, text, *spot, colour)
        self.taken.append(box)
        return True

    def _cut(self, box: tuple[float, float, float, float], air: float) -> int:
        """Points of lines that a box covers; a town in it, or within some air around it, counts as many."""
        x, y = self.lines.T
        cut = int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())
        x, y = self.dots.T
        near = (x > box[0] - air) & (x < box[2] + air) & (y > box[1] - air) & (y < box[3] + air)
        return cut + _TOWN * int(near.sum())

    def degrees(self) -> None:
        """Thin lines of latitude and longitude, named at the right and the upper edge: where on earth the marks are."""
        west, south, east, north = self.box
        wide, high = self.xy(east, north)
        step = next(s for s in _STEPS if s * _LINES >= max((east - west) * self.squeeze, north - south))
        style: dict[str, Any] = {"fontsize": 7, "color": MUTED, "ha": "right", "va": "top", "zorder": 1.5}
        for at in np.arange(math.ceil(max(south, -90) / step), math.floor(min(north, 90) / step) + 1) * step:
            self.axes.axhline(at, color=BORDER, lw=0.4, alpha=0.6, zorder=1)
            if (y := self.xy(west, at)[1]) > _ROOM:
                self.axes.annotate(_degrees(at), (east, at), (-2, -1), textcoords="offset points", **style)
                self.taken.append((wide - _ROOM, y - 9, wide, y))
        for at in np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step:
            self.axes.axvline(at, color=BORDER, lw=0.4, alpha=0.6, zorder=1)
            if (x := self.xy(at, south)[0]) > _ROOM:
                self.axes.annotate(_degrees(at), (at, north), (-2, -1), textcoords="offset points", **style)
                self.taken.append((x - _ROOM, high - 9, x, high))

    def scale_bar(self) -> None:
        """A bar of a round number of kilometres in the lower left corner."""
        kilometres = (self.box[2] - self.box[0]) * self.squeeze * _KM
        length = max(v for v in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if v == 1 or v < 0.3 * kilometres)
        share = length / kilometres
        wide, high = self.xy(self.box[2], self.box[3])
        self.taken.append((0, 0, (0.06 + share) * wide, 0.06 * high + 10))
        self.axes.plot([0.04, 0.04 + share], [0.045] * 2, transform=self.axes.transAxes, color=INK, lw=1.4, zorder=8)
        self.axes.text(
            0.04 + share / 2, 0.06, f"{length} km", transform=self.axes.transAxes, ha="center", fontsize=7, zorder=8
        )


def _degrees(value: float) -> str:
    """An angle in degrees with its sign, within a turn: 12.5°, -179°."""
    return f"{round((value + 180) % 360 - 180, 6):g}°"


def _area(n: int) -> float:
    """Of the mark of so many attacks, in square points; its number stands in it."""
    return _FIRST + _EACH * (min(n, _LARGE) - 1) * (1 + 0.5 * math.log10(max(n, _LARGE) / _LARGE))


def _size(text: str) -> tuple[float, float]:
    """Width and height in points of 7-point text, near enough to keep names apart."""
    lines = text.split("\n")
    return 4.0 * max(len(line) for line in lines) + 2, 9.5 * len(lines)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
