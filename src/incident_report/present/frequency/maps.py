"""The map: attacks of the edition's quarter at the precision that the data support."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from incident_report.analysis.edition import Edition
from incident_report.analysis.places import AREA, SITE, densest, located
from incident_report.present.frequency.basemap import Box, Panel, around, draw_region, within
from incident_report.present.labels import label
from incident_report.present.phrase import count, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import MARKERS, MUTED, PALETTE, WIDTH, show_figure, theme

_LOCATED = "incident_report.analysis.places.located"
PAD = 0.14  # degrees between the enlarged sites and their frame
Style = dict[str, tuple[str, str]]  # method -> colour, marker


def map_figure(ed: Edition) -> Record:
    """Attacks on a map: size by count, colour and marker by method, hollow where only the area is known."""
    points, unlocated = located(ed)
    if points.empty:
        return show_prose("txt-map", _nowhere(ed, len(unlocated)))
    by_method = points.groupby("method")["count"].sum().sort_values(ascending=False, kind="stable")
    style = {m: s for m, s in _style(ed).items() if m in by_method.index}
    zoom = densest(points[points["precision"] == SITE])
    with theme():
        figure = _draw(ed, points, style, zoom)
    total = int(points["count"].sum())
    places = _places(points)
    (place, precision), most = places[0]
    whole = total + len(unlocated)
    placed = f"All {number(total)}" if not unlocated else f"{number(total)} of the {number(whole)}"
    where = f"somewhere in {place}" if precision == AREA else f"at {place}"
    return show_figure(
        figure,
        id="fig-map",
        title=f"{placed} attacks documented in {ed.quarter.label} can be placed; most ({number(most)}) {where}"
        if whole > 1
        else f"The one attack documented in {ed.quarter.label}, {where}",
        alt=f"Map of documented attacks in {ed.quarter.label}. Largest groups: "
        + join([f"{name} {number(n)}" for (name, _), n in places[:4]])
        + f". By method: {join([f'{label(str(m))} {number(int(n))}' for m, n in by_method.items()])}.",
        caption="Filled marks stand for a known site, not for the point of impact. Hollow marks stand for attacks"
        " known only"
        " to the governorate: they fell somewhere within it. Size and number show the count, shape and colour the"
        " method." + (" The dashed frame is enlarged on the right." if zoom else ""),
        source="Documented incidents of this edition." + _attribution(ed),
        n=_n(len(unlocated)),
        data=points.assign(rows=[" ".join(r) for r in points["rows"]]),
        trace=_traces(points),
    )


def _style(ed: Edition) -> Style:
    """Colour and marker of every method of the campaign, the same in every edition."""
    methods = ed.data.incidents["attack_method"].value_counts()
    order = sorted(methods.index, key=lambda m: (-methods[m], m))
    return {str(m): (PALETTE[i % 6], MARKERS[(i + i // 6) % 6]) for i, m in enumerate(order)}


def _traces(points: pd.DataFrame) -> list[Trace]:
    return [
        Trace(_LOCATED, {k: p[k] for k in ("place", "method", "precision")}, p["rows"], str(p["count"]))
        for p in points.to_dict("records")
    ]


def _places(points: pd.DataFrame) -> list[tuple[tuple[str, str], int]]:
    """((place, precision), count), largest first."""
    totals: dict[tuple[str, str], int] = {}
    for p in points.to_dict("records"):
        key = (str(p["place"]), str(p["precision"]))
        totals[key] = totals.get(key, 0) + int(p["count"])
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))


def _nowhere(ed: Edition, unlocated: int) -> str:
    if unlocated == 0:
        return f"No attack is documented in {ed.quarter.words}, so there is nothing to map."
    these = "The one attack" if unlocated == 1 else f"None of the {number(unlocated)} attacks"
    verb = "has neither coordinates nor" if unlocated == 1 else "has coordinates or"
    return f"{these} documented in {ed.quarter.words} {verb} a governorate with a label point, so there is no map."


def _n(unlocated: int) -> str:
    if not unlocated:
        return ""
    return sentence(
        [f"{count(unlocated, 'attack is', 'attacks are')} not on the map: neither site nor governorate is recorded."]
    )


def _attribution(ed: Edition) -> str:
    text = str((ed.data.region or {}).get("attribution", "")).rstrip(".")
    return f" Outlines: {escape(text)}." if text else ""


def _draw(ed: Edition, points: pd.DataFrame, style: Style, zoom: Box | None) -> Figure:
    widths = [3.3, 2.8] if zoom else [4.6]
    height = 3.5
    figure, grid = plt.subplots(
        1, len(widths), figsize=(WIDTH if zoom else 5.2, height + 0.45), width_ratios=widths, squeeze=False
    )
    sites = points[points["precision"] == SITE]
    areas = points[points["precision"] == AREA]
    main = Panel(grid[0][0], around(points, 0.12, 3.0), widths[0] / height)
    draw_region(main, ed.data.region, ed.campaign.country)
    main.scale_bar()
    hidden = within(sites, zoom) if zoom else sites.iloc[:0]
    if zoom:
        _frame(main, zoom, int(hidden["count"].sum()), hidden[["latitude", "longitude"]].drop_duplicates().shape[0])
        side = Panel(grid[0][1], around(hidden, 0.3, 0.2), widths[1] / height)
        draw_region(side, ed.data.region, ed.campaign.country)
        side.scale_bar()
        _marks(side, hidden, style)
        side.names()
    _marks(main, sites.drop(hidden.index), style)
    _marks(main, areas, style)
    main.names()
    _legend(figure, points, style)
    return figure


def _marks(panel: Panel, points: pd.DataFrame, style: Style) -> None:
    """Marks of one place stand in a row, so that methods do not cover each other."""
    for lat, lon in sorted(set(zip(points["latitude"], points["longitude"], strict=True))):
        here = points[(points["latitude"] == lat) & (points["longitude"] == lon)]
        entries: list[dict[Any, Any]] = here.sort_values(["count", "method"], ascending=[False, True]).to_dict(
            "records"
        )
        marks = [(int(p["count"]), *style[str(p["method"])], p["precision"] == SITE) for p in entries]
        panel.marks(float(lon), float(lat), marks, _short(str(entries[0]["place"])))


def _short(place: str) -> str:
    """A place's name for the map: up to the first comma or bracket, two lines at most."""
    name = place.split(",")[0].split(" (")[0]
    return "\n".join(textwrap.wrap(textwrap.shorten(name, 40, placeholder=" …"), 24))


def _frame(panel: Panel, zoom: Box, attacks: int, places: int) -> None:
    west, south, east, north = zoom
    pad = PAD
    panel.axes.add_patch(
        Rectangle(
            (west - pad, south - pad),
            east - west + 2 * pad,
            north - south + 2 * pad,
            fc="white",
            alpha=0.8,
            ec=MUTED,
            lw=0.9,
            ls="--",
            zorder=3,
        )
    )
    panel.reserve((west - pad, south - pad, east + pad, north + pad))
    text = f"{count(attacks, 'attack', 'attacks')} at\n{count(places, 'site', 'sites')}, right"
    panel.label(west - pad, (south + north) / 2, text)


def _legend(figure: Figure, points: pd.DataFrame, style: Style) -> None:
    handles = [
        Line2D([], [], ls="none", marker=marker, mfc=colour, mec=colour, ms=5.5, label=label(method))
        for method, (colour, marker) in style.items()
    ]
    handles += [
        Line2D([], [], ls="none", marker="o", mfc=MUTED if p == SITE else "none", mec=MUTED, ms=5.5, label=text)
        for p, text in ((SITE, "Site known"), (AREA, "Governorate known"))
        if (points["precision"] == p).any()
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=min(len(handles), 4), handletextpad=0.2, columnspacing=1.2
    )


def map_table(ed: Edition) -> Record | None:
    """The map's twin: every place with its precision and count by method."""
    points, unlocated = located(ed)
    if points.empty:
        return None  # the map's place says so
    methods = [
        str(m) for m in points.groupby("method")["count"].sum().sort_values(ascending=False, kind="stable").index
    ]
    by_place = {
        key: points[(points["place"] == key[0]) & (points["precision"] == key[1])] for key, _ in _places(points)
    }
    records = []
    for (place, precision), rows in by_place.items():
        counts = {m: int(rows.loc[rows["method"] == m, "count"].sum()) for m in methods}
        records.append({"place": place, "precision": precision, **counts, "total": sum(counts.values())})
    wide = pd.DataFrame(records)
    table = wide.assign(precision=wide["precision"].map({SITE: "Site", AREA: "Governorate"}))
    for column in [*methods, "total"]:
        table[column] = [number(int(v)) if v else "–" for v in wide[column]]
    part = 0.45 / (len(methods) + 1)
    return show_table(
        table,
        id="tab-map",
        web_only=True,
        title=f"Where the attacks documented in {ed.quarter.label} fell, by method",
        columns={
            "place": Column("Place", width=0.38),
            "precision": Column("Known to", width=0.17),
            **{m: Column(label(m), "right", part) for m in methods},
            "total": Column("All", "right", part),
        },
        caption="Under *site*, coordinates of the site are recorded; under *governorate*, the governorate alone."
        " Incidents"
        " with the same coordinates are one row, under the name used most.",
        source="Documented incidents of this edition.",
        n=_n(len(unlocated)),
        csv=wide,
        trace=_traces(points),
    )
