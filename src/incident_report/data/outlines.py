"""Outlines of any country and its neighbours, from Natural Earth (public domain), without a request.

``schemas/countries.json`` is made by ``scripts/outlines.py``: TopoJSON's arcs, each as differences in steps of a
hundredth of a degree.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from incident_report.data.cells import suggest

_FILE = Path(__file__).parent / "schemas" / "countries.json"
_MARGIN = 3.0  # degrees around the country in which its neighbours are drawn
_FAR = 20.0  # degrees: parts of a country that lie farther from its largest part are no part of the map
_AROUND = 180.0  # degrees: what is wider lies on both sides of the date line
_SMALL = ("of", "the", "and")

Ring = list[list[float]]
Box = tuple[float, float, float, float]  # west, south, east, north


@cache
def _outlines() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return made


def country_names() -> list[str]:
    """The names that Natural Earth has, long ones shortened as it does (``Central African Rep.``)."""
    return [c["name"] for c in _outlines()["countries"]]


def country_called(text: str) -> str:
    """The name of a country as Natural Earth spells it.

    Parameters
    ----------
    text : str
        Capitals, accents and small words do not matter; a shortened word may be written out (``Central African
        Republic``), a name of several words be cut short (``United States``) or written as initials (``UAE``).

    Raises
    ------
    ValueError
        If there is none, with the nearest name.

    Examples
    --------
    >>> country_called("central african republic")
    'Central African Rep.'
    """
    wanted = _words(text)
    names = {name: _words(name) for name in country_names()}
    for same in (_is_named, _is_short_for):
        if found := next((name for name, own in names.items() if same(own, wanted)), ""):
            return found
    near = suggest(text, country_names()).removesuffix("?")
    raise ValueError(f"there is no outline of {text!r}" + (f"{near}?" if near else "; write its name in English"))


def region(country: str) -> dict[str, Any]:
    """A country and what lies around it as a GeoJSON collection of polygons, ready for ``geo/region.geojson``.

    Parameters
    ----------
    country : str
        As `country_called` takes it.

    Returns
    -------
    dict
        One feature a country, the wanted one first; only polygons that reach into the map; degrees to two decimals.
        ``attribution`` and ``bbox`` (west, south, east, north, without a margin) beside them.

    Examples
    --------
    >>> [f["properties"]["name"] for f in region("Kuwait")["features"]][0]
    'Kuwait'
    """
    name = country_called(country)
    shapes = {c["name"]: list(_polygons(c)) for c in _outlines()["countries"]}
    home = _home(shapes[name])
    seen = _grown(home, _MARGIN)
    kept = {n: [p for p in polygons if _meet(_box(p), seen)] for n, polygons in shapes.items()}
    order = [name, *sorted(n for n in kept if n != name)]
    return {
        "type": "FeatureCollection",
        "name": "_".join(_words(name)),
        "attribution": _outlines()["attribution"],
        "bbox": list(home),
        "features": [
            {
                "type": "Feature",
                "properties": {"name": n},
                "geometry": {"type": "MultiPolygon", "coordinates": kept[n]},
            }
            for n in order
            if kept[n]
        ],
    }


def _home(polygons: Sequence[list[Ring]]) -> Box:
    """The box of a country's largest part and of those near it."""
    whole = [p for p in polygons if _box(p)[2] - _box(p)[0] < _AROUND] or list(polygons)
    largest = _box(max(whole, key=lambda p: _area(p[0])))
    near = _grown(largest, _FAR)
    return _joined([largest, *(b for b in map(_box, whole) if _meet(b, near))])


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return [w for w in re.findall(r"[^\W_]+\.?", plain.replace("'", "")) if w not in _SMALL]


def _is_named(own: list[str], wanted: list[str]) -> bool:
    return len(own) == len(wanted) and all(map(_is_word, own, wanted))


def _is_short_for(own: list[str], wanted: list[str]) -> bool:
    """Whether the words wanted are a name's initials, or its first two or more words."""
    initials = wanted == ["".join(w[0] for w in own)]
    return len(own) > 1 and (initials or (len(wanted) > 1 and own[: len(wanted)] == wanted))


def _is_word(own: str, wanted: str) -> bool:
    """Whether a word is the one wanted; a shortened one is where it begins it."""
    stem = own.removesuffix(".")
    return wanted.removesuffix(".") == stem or (own.endswith(".") and wanted.startswith(stem))


def _polygons(country: dict[str, Any]) -> Iterator[list[Ring]]:
    """The polygons of a country: outer ring first; rings that simplifying left without an area are dropped."""
    listed = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
    for polygon in listed:
        rings = [_ring(arcs) for arcs in polygon]
        if rings and len(rings[0]) >= 4:
            yield [r for r in rings if len(r) >= 4]


def _ring(arcs: Sequence[int]) -> Ring:
    ring: Ring = []
    for number in arcs:
        line = _line(number if number >= 0 else ~number)
        line = line if number >= 0 else line[::-1]
        ring += [[x, y] for x, y in (line[1:] if ring else line)]
    return ring


@cache
def _line(number: int) -> tuple[tuple[float, float], ...]:
    step, (x, y) = _outlines()["step"], (0, 0)
    made = []
    for dx, dy in _outlines()["arcs"][number]:
        x, y = x + dx, y + dy
        made.append((max(-180.0, min(180.0, round(x * step, 2))), max(-90.0, min(90.0, round(y * step, 2)))))
    return tuple(made)


def _box(polygon: list[Ring]) -> Box:
    xs, ys = [p[0] for p in polygon[0]], [p[1] for p in polygon[0]]
    return min(xs), min(ys), max(xs), max(ys)


def _joined(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _grown(box: Box, by: float) -> Box:
    return max(-180.0, box[0] - by), max(-90.0, box[1] - by), min(180.0, box[2] + by), min(90.0, box[3] + by)


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _area(ring: Ring) -> float:
    """Area in square degrees, by the shoelace formula: enough to tell the largest part."""
    pairs = itertools.pairwise(ring)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
