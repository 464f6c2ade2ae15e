"""How far from a point, as far as the coordinates can tell; and what sources say of one incident."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.names import is_number, known
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.selection import chosen

EARTH = 6371.0088  # km, mean radius (IUGG)
# How far from its point an attack may have been, in km, where no site says it: what the codebook's words mean.
RADIUS: Mapping[str, float] = {"exact_site": 0.5, "site_point": 5.0, "town": 15.0}


@dataclass(frozen=True)
class Near:
    """The answer in numbers.

    Attributes
    ----------
    inside, outside, cannot_tell : int
        Attacks within the distance, beyond it, and those whose point is too coarse or missing.
    """

    inside: int
    outside: int
    cannot_tell: int


@result
def near(
    ed: Edition, latitude: float, longitude: float, km: float, rows: Result | pd.DataFrame | None = None
) -> Outcome:
    """Attacks within a distance of a point, as far as the precision of their own points can tell.

    Parameters
    ----------
    ed : Edition
    latitude, longitude : float
        Degrees, WGS 84.
    km : float
        Distance, above 0.
    rows : table of incidents, optional
        All counted ones if left out.

    Returns
    -------
    Result
        One row an attack, the nearest first: `incident_id`, `date`, `place`, `distance_km` from the point to the
        row's own point (great circle), `precision` of that point as coded (NA: not recorded), `radius_km` by
        which the attack may have been elsewhere (its site's where it has one), and `within`: yes, no, or NA where
        it cannot be told, because the attack may have been on either side of the distance or has no point. Where
        no precision is recorded, `within` goes by the point alone. ``.inside``, ``.outside`` and ``.cannot_tell``
        are the numbers.

    Raises
    ------
    ValueError
        For a point that is not on Earth, or a distance that is not above 0.

    Examples
    --------
    >>> near(ed, 33.299, 44.396, 3, where(ed, attack_method="rocket")).cannot_tell  # doctest: +SKIP
    """
    _number("latitude", latitude, -90, 90)
    _number("longitude", longitude, -180, 180)
    if _number("km", km, 0, math.pi * EARTH) == 0:
        raise ValueError("km is 0; give a distance above it")
    kept = chosen(ed, rows)
    lat, lon = (kept[c].astype("Float64").to_numpy(float, na_value=math.nan) for c in ("latitude", "longitude"))
    distance = haversine(lat, lon, latitude, longitude)
    precision = kept["coordinate_precision"]
    radius = _radii(ed, kept, precision)
    least, most = distance - np.nan_to_num(radius), distance + np.nan_to_num(radius)
    unsure = np.isnan(distance) | precision.isin(["governorate", "unknown"]).to_numpy() | ((least <= km) & (most > km))
    within = pd.Series(distance <= km, dtype="boolean").mask(unsure).array
    table = pd.DataFrame(
        {
            "incident_id": kept["incident_id"], "date": kept["date"], "place": kept["place"],
            "distance_km": distance, "precision": precision, "radius_km": radius, "within": within,
        }
    ).sort_values(["distance_km", "date", "incident_id"], ignore_index=True)  # fmt: skip
    value = Near(int(within.sum()), int((~within).sum()), int(within.isna().sum()))
    return Outcome(table, kept["incident_id"], value=value)


def haversine(
    latitude: np.ndarray, longitude: np.ndarray, to_latitude: float | np.ndarray, to_longitude: float | np.ndarray
) -> np.ndarray:
    """Great-circle distances in km on a sphere of the Earth's mean radius (within 0.6 % of the ellipsoid's).

    The second points are one for all, or one for each of the first.

    Examples
    --------
    >>> haversine(np.array([0.0]), np.array([0.0]), 0.0, 1.0).round(2).tolist()
    [111.2]
    """
    a, b = np.radians(latitude), np.radians(to_latitude)
    half = (a - b) / 2, np.radians(longitude - to_longitude) / 2
    root = np.sin(half[0]) ** 2 + np.cos(a) * np.cos(b) * np.sin(half[1]) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(root, 0, 1))))


@result
def evidence(ed: Edition, incident: str) -> Outcome:
    """What each source says of one incident, cell by cell.

    Parameters
    ----------
    ed : Edition
    incident : str
        Its id.

    Returns
    -------
    Result
        `field`, `value`, `source_id`, `publisher`, `published`, `status` (states, contradicts, silent …), `note`,
        `url`; no row where nobody looked.

    Raises
    ------
    ValueError
        For an incident that does not exist, or a campaign without evidence.csv.

    Examples
    --------
    >>> evidence(ed, "IQ-20200705-1")  # doctest: +SKIP
    """
    known("incident", incident, ed.listed["incident_id"])
    table = getattr(ed.data, "evidence", None)
    if table is None:
        raise ValueError("this campaign has no evidence.csv, so nothing is recorded on single cells")
    rows = table[table["incident_id"] == incident].drop(columns="incident_id")
    sources = ed.data.sources[["source_id", "publisher", "published", "url"]]
    joined = rows.merge(sources, on="source_id", how="left")
    order = ["field", "value", "source_id", "publisher", "published", "status", "note", "url"]
    found = joined[order].sort_values(["field", "source_id"], ignore_index=True)
    return Outcome(found, [incident])


def _radii(ed: Edition, rows: pd.DataFrame, precision: pd.Series) -> np.ndarray:
    """By how many km each attack may have been away from its point; NaN where nothing says it."""
    by_word = precision.map(RADIUS).astype(float)
    sites = getattr(ed.data, "sites", None)
    if sites is None or "site_id" not in rows:
        return by_word.to_numpy(float)
    held = sites.set_index("site_id")
    size = {s: _size(held, s) for s in rows["site_id"].unique() if s in held.index}
    return rows["site_id"].map(size).astype(float).fillna(by_word).to_numpy(float)


def _size(sites: pd.DataFrame, site: str) -> float:
    """A site's radius; one without a point of its own stands on the point of the site that holds it."""
    own = sites.loc[site]
    if pd.isna(own["latitude"]) and own["inside"] in sites.index:
        own = sites.loc[own["inside"]]
    return math.nan if pd.isna(own["radius_km"]) else float(own["radius_km"])


def _number(name: str, value: float, least: float, most: float) -> float:
    if not is_number(value) or not least <= value <= most:
        raise ValueError(f"{name} is {value!r}; give a number from {least:g} to {most:g}")
    return float(value)
