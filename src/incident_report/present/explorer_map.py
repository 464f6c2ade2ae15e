"""The ground of the explorer's map: outlines, label points of governorates, sites, and what is to be seen of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from incident_report.analysis.edition import Edition
from incident_report.data.region import rings
from nbtypst.ast import printable

_DECIMALS = 3  # about a hundred metres
_MARGIN, _LEAST = 0.05, 1.0  # of the box's larger side; degrees that it shows at least


def ground(ed: Edition) -> dict[str, Any]:
    """What lies under the points, as the payload's header holds it; degrees, longitude first."""
    places, sites = ed.data.places, ed.data.sites.dropna(subset=["latitude", "longitude"])
    return {
        "box": _box(ed),
        "rings": [[printable(name), _rounded(ring).tolist()] for name, ring in rings(ed.data.region)],
        "areas": {
            str(g): _rounded([lon, lat]).tolist()
            for g, lon, lat in places[["governorate", "longitude", "latitude"]].itertuples(index=False)
        },
        "sites": [
            [printable(str(name)), *_rounded([lon, lat]).tolist()]
            for name, lon, lat in sites[["name", "longitude", "latitude"]].itertuples(index=False)
        ],
    }


def _box(ed: Edition) -> list[float]:
    """West, south, east and north of the country and of every point; the whole world where there is neither."""
    home = [ring for name, ring in rings(ed.data.region) if name == ed.campaign.country]
    points = [table[["longitude", "latitude"]].dropna().to_numpy(float) for table in (ed.listed, ed.data.places)]
    found = np.concatenate([*home, *points])
    if not len(found):
        return [-180.0, -90.0, 180.0, 90.0]
    low, high = found.min(axis=0), found.max(axis=0)
    room = np.maximum((_LEAST - (high - low)) / 2, _MARGIN * float((high - low).max()))
    edges = np.array([180.0, 90.0])
    return [*_rounded(np.maximum(low - room, -edges)).tolist(), *_rounded(np.minimum(high + room, edges)).tolist()]


def _rounded(degrees: Any) -> np.ndarray:
    return np.round(np.asarray(degrees, dtype=float), _DECIMALS)
