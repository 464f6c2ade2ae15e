"""The region outline: geo/region.geojson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.shape import in_words, shape_errors

FILE = "geo/region.geojson"
MOST_POINTS = 200_000
_SLACK = 1e-6  # outlines that touch the date line overshoot it by rounding


def read(folder: Folder) -> Any:
    """The outline as parsed GeoJSON, or None (with a fault where there is a file)."""
    if not folder.exists(FILE):
        return None
    value = folder.read_json(FILE)
    if value is None:
        return None
    wrong = next(map(in_words, shape_errors(value, _SHAPE)), None) or _bad_ring(value)
    if wrong:
        folder.report(Fault(FILE, f"is not a GeoJSON collection of polygons: {wrong}"))
        return None
    return value


_SHAPE = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "geometry"],
                "properties": {
                    "properties": {"type": ["object", "null"], "properties": {"name": {"type": ["string", "null"]}}},
                    "geometry": {
                        "type": "object",
                        "required": ["type", "coordinates"],
                        "properties": {
                            "type": {"enum": ["Polygon", "MultiPolygon"]},
                            "coordinates": {"type": "array", "minItems": 1},
                        },
                    },
                },
            },
        },
    },
}


def rings(region: Mapping[str, Any] | None) -> Iterator[tuple[str, np.ndarray]]:
    """Name and outer ring (n × 2: longitude, latitude) of every polygon of a feature collection."""
    for feature in (region or {}).get("features", []):
        geometry = feature.get("geometry") or {}
        polygons = geometry.get("coordinates", [])
        if geometry.get("type") == "Polygon":
            polygons = [polygons]
        elif geometry.get("type") != "MultiPolygon":
            continue
        for polygon in polygons:
            if polygon:
                yield (
                    str((feature.get("properties") or {}).get("name") or ""),
                    np.asarray(polygon[0], dtype=float)[:, :2],
                )


def _bad_ring(value: Any) -> str | None:
    """Check the rings by hand: a JSON schema over every point takes longer than all the rest."""
    points = 0
    for i, feature in enumerate(value["features"]):
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for polygon in polygons:
            if not isinstance(polygon, list) or not polygon or not all(map(_is_ring, polygon)):
                return (
                    f"features/{i}: a ring needs at least four points of longitude and latitude, in degrees up to "
                    "180 and 90"
                )
            points += sum(map(len, polygon))
    return f"it has {points:,} points; simplify it to {MOST_POINTS:,} at most" if points > MOST_POINTS else None


def _is_ring(ring: Any) -> bool:
    return isinstance(ring, list) and len(ring) >= 4 and all(_is_point(p) for p in ring)


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in point[:2])
        and abs(point[0]) <= 180 + _SLACK
        and abs(point[1]) <= 90 + _SLACK
    )
