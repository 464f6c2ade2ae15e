"""The map: attacks of the edition's quarter at the precision that the data support."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from incident_report.analysis.edition import Edition
from incident_report.analysis.places import AREA, SITE, densest, located
from incident_report.present.labels import label
from incident_report.present.phrase import count, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import INK, MARKERS, MUTED, PALETTE, WIDTH, show_figure, theme

_LOCATED = "incident_report.analysis.places.located"
_LAND, _HOME, _BORDER = "#f2f3f5", "#ffffff", "#9aa5b1"
_AREA_PER_ATTACK = 26.0  # square points


def map_figure(ed: Edition) -> Record:
    """Attacks on a map: size by count, colour and marker by method, hollow where only the area is known."""
    points, unlocated = located(ed)
    if points.empty:
        return show_prose("txt-map", _nowhere(ed, len(unlocated)))
    methods = list(points.groupby("method")["count"].sum().sort_values(ascending=False, kind="stable").index)
    style = {m: (PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]) for i, m in enumerate(methods)}
    zoom = densest(points)
    frame = _frame(points, 0.12, 1.2)
    with theme():
        figure, axes = plt.subplots(
            1,
            2 if zoom else 1,
            figsize=(WIDTH, 3.9 if zoom else 4.4),
            width_ratios=[1.15, 1] if zoom else [1],
            squeeze=False,
        )
        _panel(axes[0][0], ed, points, style, frame, zoom)
        if zoom:
            west, south, east, north = zoom
            inner = points[points["latitude"].between(south, north) & points["longitude"].between(west, east)]
            _panel(axes[0][1], ed, inner, style, _frame(inner, 0.3, 0.25), None)
            _outline(axes[0][0], zoom)
            axes[0][1].set_title("Frame on the left, enlarged")
        _legend(figure, points, style)
    total = int(points["count"].sum())
    by_method = points.groupby("method")["count"].sum()
    places = (
        points.groupby(["precision", "place"], sort=False)["count"].sum().sort_values(ascending=False, kind="stable")
    )
    (precision, top), most = places.index[0], int(places.iloc[0])
    where = f"in {top}, place within it unknown" if precision == AREA else f"at {top}"
    return show_figure(
        figure,
        id="fig-map",
        title=f"{number(total)} of the {count(total + len(unlocated), 'attack', 'attacks')} documented in {ed.quarter.label}"
        f" can be placed; most ({number(most)}) {where}",
        alt=f"Map of documented attacks in {ed.quarter.label}. Largest groups: "
        + join([f"{place} {number(int(n))}" for (_, place), n in places.head(4).items()])
        + ". "
        + f"By method: {join([f'{label(m)} {number(int(by_method[m]))}' for m in methods])}.",
        caption="Filled marks stand for a known site, not for the point of impact; hollow marks stand at a governorate's"
        " label point for attacks known only to that area. Size shows the count, given beside larger marks; shape and colour"
        " show the method.",
        source="Documented incidents of this edition." + _attribution(ed),
        n=sentence([_n(len(unlocated))]),
        data=points.assign(rows=[" ".join(r) for r in points["rows"]]),
        trace=[
            Trace(_LOCATED, {"place": p.place, "method": p.method, "precision": p.precision}, p.rows, str(p.count_))
            for p in points.rename(columns={"count": "count_"}).itertuples()
        ],
    )


def _nowhere(ed: Edition, unlocated: int) -> str:
    if unlocated == 0:
        return f"No attack is documented in {ed.quarter.words}, so there is nothing to map."
    return (
        f"None of the {count(unlocated, 'attack', 'attacks')} documented in {ed.quarter.words} has coordinates or a"
        " governorate with a label point, so there is no map."
    )


def _n(unlocated: int) -> str:
    if not unlocated:
        return ""
    return f"{count(unlocated, 'attack is', 'attacks are')} not on the map: neither site nor governorate is recorded"


def _attribution(ed: Edition) -> str:
    text = (ed.data.region or {}).get("attribution", "")
    return f" Outlines: {escape(text)}." if text else ""


def _frame(points: pd.DataFrame, margin: float, least: float) -> tuple[float, float, float, float]:
    """West, south, east, north around the points, with room at the edge and a least size in degrees."""
    west, east = points["longitude"].min(), points["longitude"].max()
    south, north = points["latitude"].min(), points["latitude"].max()
    pad = max(least / 2, margin * max(east - west, north - south))
    return float(west - pad), float(south - pad), float(east + pad), float(north + pad)


def _rings(region: Mapping[str, Any] | None) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Name and outer ring of every polygon of a GeoJSON feature collection."""
    for feature in (region or {}).get("features", []):
        geometry = feature.get("geometry") or {}
        polygons = geometry.get("coordinates", [])
        if geometry.get("type") == "Polygon":
            polygons = [polygons]
        elif geometry.get("type") != "MultiPolygon":
            continue
        for polygon in polygons:
            if polygon:
                yield str((feature.get("properties") or {}).get("name", "")), [(p[0], p[1]) for p in polygon[0]]


def _panel(
    axes: Axes,
    ed: Edition,
    points: pd.DataFrame,
    style: Mapping[str, tuple[str, str]],
    frame: tuple[float, float, float, float],
    zoom: tuple[float, float, float, float] | None,
) -> None:
    west, south, east, north = frame
    axes.set_facecolor("#e6edf2" if ed.data.region else "#ffffff")
    for name, ring in _rings(ed.data.region):
        home = name == ed.campaign.country
        xs, ys = zip(*ring, strict=True)
        axes.fill(xs, ys, fc=_HOME if home else _LAND, ec=INK if home else _BORDER, lw=0.8 if home else 0.5, zorder=1)
    place = points.groupby(["latitude", "longitude"])
    for (lat, lon), here in place:
        width = (east - west) * 0.028
        for k, p in enumerate(here.sort_values("method").itertuples()):
            colour, marker = style[p.method]
            n = int(here.loc[p.Index, "count"])
            axes.scatter(
                [lon + (k - (len(here) - 1) / 2) * width], [lat], s=18 + _AREA_PER_ATTACK * (n - 1) ** 0.9, marker=marker,
                fc=colour if p.precision == SITE else "none", ec="white" if p.precision == SITE else colour,
                lw=0.5 if p.precision == SITE else 1.3, alpha=0.9, zorder=4 if p.precision == SITE else 5,
            )  # fmt: skip
    inside = points
    if zoom:
        inside = points[~(points["latitude"].between(zoom[1], zoom[3]) & points["longitude"].between(zoom[0], zoom[2]))]
    _names(axes, inside, (east + west) / 2)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)), adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(True)


def _names(axes: Axes, points: pd.DataFrame, middle: float) -> None:
    """Name and count beside every place, largest first, leaving out those that would cover another."""
    totals = points.groupby(["latitude", "longitude"]).agg(
        count=("count", "sum"), place=("place", "first"), precision=("precision", "first")
    )
    totals = totals.sort_values(["count", "place"], ascending=[False, True]).head(12)
    for (lat, lon), row in totals.iterrows():
        short = textwrap.shorten(str(row["place"]).split(",")[0].split(" (")[0], 24, placeholder=" …")
        radius = math.sqrt(18 + _AREA_PER_ATTACK * int(row["count"])) / 2
        left = lon > middle
        axes.annotate(
            f"{short} {int(row['count'])}", (lon, lat), ((-1 if left else 1) * (radius + 2), 0), textcoords="offset points",
            ha="right" if left else "left", va="center", fontsize=7, color=INK, zorder=6,
            bbox={"fc": "white", "ec": "none", "alpha": 0.75, "pad": 0.6},
        )  # fmt: skip


def _outline(axes: Axes, zoom: tuple[float, float, float, float]) -> None:
    west, south, east, north = zoom
    pad = 0.12
    axes.add_patch(
        Rectangle(
            (west - pad, south - pad),
            east - west + 2 * pad,
            north - south + 2 * pad,
            fc="none",
            ec=MUTED,
            lw=0.8,
            ls="--",
            zorder=7,
        )
    )


def _legend(figure: plt.Figure, points: pd.DataFrame, style: Mapping[str, tuple[str, str]]) -> None:
    handles = [
        Line2D([], [], ls="none", marker=marker, mfc=colour, mec=colour, ms=5.5, label=label(method))
        for method, (colour, marker) in style.items()
    ]
    handles += [
        Line2D([], [], ls="none", marker="o", mfc=MUTED if p == SITE else "none", mec=MUTED, ms=5.5, label=text)
        for p, text in ((SITE, "site known"), (AREA, "governorate known"))
        if (points["precision"] == p).any()
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=min(len(handles), 5), handletextpad=0.2, columnspacing=1.2
    )


def map_table(ed: Edition) -> Record:
    """The map's twin: every place with its precision and count by method."""
    points, unlocated = located(ed)
    if points.empty:
        return show_prose("txt-map-none", _nowhere(ed, len(unlocated)))
    methods = list(points.groupby("method")["count"].sum().sort_values(ascending=False, kind="stable").index)
    wide = points.pivot_table(
        index=["place", "precision"], columns="method", values="count", aggfunc="sum", fill_value=0
    )[methods]
    wide["total"] = wide.sum(axis=1)
    wide = wide.reset_index().sort_values(["total", "place"], ascending=[False, True], ignore_index=True)
    table = wide.assign(precision=wide["precision"].map({SITE: "Site", AREA: "Governorate"}))
    for column in [*methods, "total"]:
        table[column] = [number(int(v)) if v else "–" for v in table[column]]
    share = 0.42 / (len(methods) + 1)
    return show_table(
        table,
        id="tab-map",
        title=f"Where the attacks documented in {ed.quarter.label} fell, by method",
        columns={
            "place": Column("Place", width=0.42),
            "precision": Column("Known to", width=0.16),
            **{m: Column(label(m), "right", share) for m in methods},
            "total": Column("All", "right", share),
        },
        caption="Places under *site* have coordinates of the site; under *governorate* only the governorate is recorded."
        " Sites with the same coordinates are one row, under the name used most.",
        source="Documented incidents of this edition.",
        n=sentence([_n(len(unlocated))]),
        csv=wide,
        trace=[
            Trace(_LOCATED, {"place": p.place, "method": p.method}, p.rows, str(len(p.rows)))
            for p in points.itertuples()
        ],
    )
