"""Check a sophistication rubric: its shape, and that what it refers to exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from incident_report.data.conditions import NUMBER_COLUMNS, problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, shape_faults

SCHEMA = SCHEMAS / "sophistication.json"
DERIVED = ("same_day_same_method",)  # fields that analysis.rubric.derive computes


def rubric_faults(
    doc: Any,
    *,
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    sources: Collection[str],
    file: str = "sophistication.yml",
) -> list[Fault]:
    """Everything wrong with a rubric, one fault a line; an empty list when it can be used.

    Parameters
    ----------
    doc : parsed YAML
    columns : collection of str
        Columns that incidents have.
    enums : mapping of str to sequence of str
        Column -> allowed values, for columns (and items of list columns) that have an enumeration.
    sources : collection of str
        Ids in sources.csv.
    """
    if shape := shape_faults(file, doc, SCHEMA):  # meaning is checked only once the shape holds
        return shape
    return [
        Fault(file, message, column=where or None)
        for where, message in (
            *_dimensions(doc, columns, enums),
            *_composite(doc),
            *_reported(doc, enums, sources),
        )
    ]


def _dimensions(
    doc: Mapping[str, Any], columns: Collection[str], enums: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    derived = tuple(doc.get("derived", {}))
    for name in derived:
        if name not in DERIVED:
            yield f"derived.{name}", f"code computes no such field; it computes {', '.join(DERIVED)}"
    seen: set[str] = set()
    for i, dimension in enumerate(doc["dimensions"]):
        at = f"dimensions[{i}]"
        if dimension["id"] in seen:
            yield at, f"the dimension {dimension['id']!r} stands twice"
        seen.add(dimension["id"])
        numbers = [level["level"] for level in dimension["levels"]]
        if numbers != list(range(len(numbers))):
            yield f"{at}.levels", f"levels are {numbers}; they must run 0, 1, 2 … in order"
        for j, level in enumerate(dimension["levels"]):
            found = problems(level["when"], (*columns, *derived), enums=enums, numbers=(*NUMBER_COLUMNS, *derived))
            yield from ((f"{at}.levels[{j}].when", message) for message in found)


def _composite(doc: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
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


def _reported(
    doc: Mapping[str, Any], enums: Mapping[str, Sequence[str]], sources: Collection[str]
) -> Iterator[tuple[str, str]]:
    ids = {d["id"] for d in doc["dimensions"]}
    seen: set[str] = set()
    for i, item in enumerate(doc.get("reported_not_coded", ())):
        at = f"reported_not_coded[{i}]"
        if item["id"] in seen:
            yield at, f"the id {item['id']!r} stands twice"
        seen.add(item["id"])
        if item["source"] not in sources:
            yield f"{at}.source", f"{item['source']!r} is not in sources.csv"
        if item.get("dimension") and item["dimension"] not in ids:
            yield f"{at}.dimension", f"{item['dimension']!r} is not a dimension of this rubric"
        allowed = enums.get("techniques")
        if allowed and item.get("technique") and item["technique"] not in allowed:
            yield f"{at}.technique", f"{item['technique']!r} is not a value of techniques"
