"""Check a sophistication rubric: its shape, and that what it refers to exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incident_report.data.conditions import NUMBER_COLUMNS, problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, Found, Names, doubled, found_faults, shape_faults

SCHEMA = SCHEMAS / "sophistication.json"
FILE = "sophistication.yml"
DERIVED = ("same_day_same_method",)  # fields that analysis.rubric.derive computes


def rubric_faults(doc: Any, names: Names) -> list[Fault]:
    """Everything wrong with a parsed rubric, one fault a line; an empty list when it can be used."""
    if shape := shape_faults(FILE, doc, SCHEMA):  # meaning is checked only once the shape holds
        return shape
    return found_faults(FILE, (*_dimensions(doc, names), *_composite(doc), *_reported(doc, names)))


def _dimensions(doc: Mapping[str, Any], names: Names) -> Found:
    derived = tuple(doc.get("derived", {}))
    for name in derived:
        if name not in DERIVED:
            yield f"derived.{name}", f"code computes no such field; it computes {', '.join(DERIVED)}"
    yield from doubled(doc, "dimensions", what="dimension")
    for i, dimension in enumerate(doc["dimensions"]):
        at = f"dimensions[{i}]"
        numbers = [level["level"] for level in dimension["levels"]]
        if numbers != list(range(len(numbers))):
            yield f"{at}.levels", f"levels are {numbers}; they must run 0, 1, 2 … in order"
        for j, level in enumerate(dimension["levels"]):
            counted = (*NUMBER_COLUMNS, *derived)
            found = problems(level["when"], (*names.columns, *derived), enums=names.enums, numbers=counted)
            yield from ((f"{at}.levels[{j}].when", message) for message in found)


def _composite(doc: Mapping[str, Any]) -> Found:
    ids = [d["id"] for d in doc["dimensions"]]
    inside, outside = doc["composite"]["dimensions"], doc["composite"].get("left_out", {})
    for name in (*inside, *outside):
        if name not in ids:
            yield "composite", f"{name!r} is not a dimension of this rubric"
    for name in ids:
        if (name in inside) == (name in outside):
            yield "composite", f"{name} must be either in `dimensions` or, with a reason, in `left_out`"
    if doc["composite"]["minimum_known"] > len(inside):
        yield "composite.minimum_known", f"asks for more than the {len(inside)} dimensions that count"


def _reported(doc: Mapping[str, Any], names: Names) -> Found:
    ids = {d["id"] for d in doc["dimensions"]}
    yield from doubled(doc, "reported_not_coded")
    for i, item in enumerate(doc.get("reported_not_coded", ())):
        at = f"reported_not_coded[{i}]"
        if item["source"] not in names.sources:
            yield f"{at}.source", f"{item['source']!r} is not in sources.csv"
        if item.get("dimension") and item["dimension"] not in ids:
            yield f"{at}.dimension", f"{item['dimension']!r} is not a dimension of this rubric"
        allowed = names.enums.get("techniques")
        if allowed and item.get("technique") and item["technique"] not in allowed:
            yield f"{at}.technique", f"{item['technique']!r} is not a value of techniques"
