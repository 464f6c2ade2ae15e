"""Where attacks fell, at the precision that the data support."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data.model import as_written
from incident_report.data.sites import COARSE

SITE = "site"  # coordinates of the site, not of the impact
AREA = "governorate"  # label point of the governorate: somewhere within it
_COLUMNS = ["precision", "place", "latitude", "longitude", "method", "count", "rows"]
_READ = ("incident_id", "governorate", "coordinate_precision", "latitude", "longitude", "place", "attack_method")


def located(edition: Edition, rows: pd.DataFrame | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Group counted incidents into points by place and attack method.

    Parameters
    ----------
    rows : DataFrame, optional
        Incidents; those of the edition's quarter if left out.

    Returns
    -------
    points : DataFrame
        precision (`SITE` or `AREA`), place str; latitude, longitude float; method str; count int;
        rows tuple of incident ids. Largest first.
    unlocated : list of str
        Incidents with neither coordinates that may be drawn nor a governorate whose label point is known.
    """
    rows = edition.incidents(edition.quarter) if rows is None else rows
    areas = {
        str(g): (float(lat), float(lon))
        for g, lat, lon in edition.data.places[["governorate", "latitude", "longitude"]].itertuples(index=False)
    }
    names: dict[tuple[str, float, float], Counter[str]] = {}
    found: dict[tuple[tuple[str, float, float], str], list[str]] = {}
    unlocated = []
    for row in as_written(rows[[*_READ]]).to_dict("records"):
        governorate = row["governorate"]
        drawn = row["coordinate_precision"] not in COARSE  # whatever coordinates such a row holds
        if drawn and pd.notna(row["latitude"]) and pd.notna(row["longitude"]):
            spot, name = (SITE, round(float(row["latitude"]), 3), round(float(row["longitude"]), 3)), str(row["place"])
        elif governorate in areas:
            spot, name = (AREA, *areas[governorate]), governorate
        else:
            unlocated.append(str(row["incident_id"]))
            continue
        names.setdefault(spot, Counter())[name] += 1
        found.setdefault((spot, str(row["attack_method"])), []).append(str(row["incident_id"]))
    points = [
        (spot[0], _common(names[spot]), *spot[1:], method, len(ids), tuple(ids))
        for (spot, method), ids in sorted(found.items())
    ]
    table = pd.DataFrame(points, columns=_COLUMNS)
    return table.sort_values(["count", "place", "method"], ascending=[False, True, True], ignore_index=True), unlocated


def _common(names: Counter[str]) -> str:
    """The most frequent spelling of a place; the shortest, then the first, of equals."""
    return min(names, key=lambda n: (-names[n], len(n), n))


def densest(points: pd.DataFrame, reach: float = 0.35) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the box of ±`reach` degrees that holds most attacks at known sites.

    None unless three or more sites lie in it, and other places, sites or areas, outside.
    """

    def near(table: pd.DataFrame, lat: float, lon: float) -> pd.DataFrame:
        return table[table["latitude"].sub(lat).abs().le(reach) & table["longitude"].sub(lon).abs().le(reach)]

    sites = points[points["precision"] == SITE]
    best, chosen = 0, None
    for lat, lon in sorted(set(zip(sites["latitude"], sites["longitude"], strict=True))):
        inside = near(sites, lat, lon)
        spots = set(zip(inside["latitude"], inside["longitude"], strict=True))
        if len(spots) >= 3 and len(near(points, lat, lon)) < len(points) and inside["count"].sum() > best:
            south, north = inside["latitude"].min(), inside["latitude"].max()
            west, east = inside["longitude"].min(), inside["longitude"].max()
            best, chosen = int(inside["count"].sum()), (float(west), float(south), float(east), float(north))
    return chosen
