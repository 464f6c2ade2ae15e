"""Reading a map: YAML that says how a foreign table becomes incidents; every fault is one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.cells import suggest
from incident_report.data.documents import Document, read_document
from incident_report.data.files import Folder
from incident_report.data.importers import days
from incident_report.data.importers.map_shape import (
    ALSO,
    COLUMN_KEYS,
    DECIDED,
    PEOPLE,
    REASONED,
    TEXTS,
    schema,
    written_out,
)
from incident_report.data.importers.words import columns_of, condition_faults
from incident_report.data.model import Fault
from incident_report.data.package import default_package
from incident_report.data.report import fault_line
from incident_report.data.shape import place, shape_errors

_KINDS = {
    "string": "a text", "array": "a list", "object": "a mapping of keys", "integer": "a whole number",
    "number": "a number", "boolean": "true or false", "null": "nothing",
}  # fmt: skip
_Found = Iterator[tuple[tuple[str | int, ...], Any, str]]


class MapFault(ValueError):
    """A map cannot be used; a line for each fault."""


@dataclass(frozen=True)
class Map:
    """A map that was checked.

    Attributes
    ----------
    doc : mapping
        As `map_shape.schema` describes it: short forms written out, columns in small letters.
    """

    doc: Mapping[str, Any]

    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the map reads, those that it needs first."""
        made = set(self.doc.get("join", {}))
        named = dict.fromkeys((*self.needs(), *_columns(self.doc)))
        return tuple(c for c in named if c not in made)

    def needs(self) -> tuple[str, ...]:
        """Columns without which nothing can be imported: those declared, and those of id and date."""
        ident, date = self.doc["id"], self.doc["date"]
        own = [*ident.get("columns", ()), *(date[k] for k in ("column", "year", "month") if k in date)]
        return tuple(dict.fromkeys((*self.doc.get("needs", ()), *own)))


def read_map(path: Path, over: Mapping[str, Any] | None = None) -> Map:
    """Read and check a map.

    Parameters
    ----------
    over : mapping, optional
        Keys that hold where the map itself does not give them: those of a shipped map.

    Raises
    ------
    MapFault
        A line a fault: file, line, key, what is allowed.
    """
    document = _document(path)
    doc = {**(over or {}), **written_out(document.value)}
    faults = [_fault(document, tuple(e.absolute_path), *_plain(e)) for e in shape_errors(doc, schema())]
    if not faults:
        faults = [_fault(document, *found) for found in (*_conditions(doc), *_dates(doc), *_series(doc), *_others(doc))]
    if faults:
        raise MapFault("\n".join(fault_line(f) for f in faults[:20]))
    return Map(doc)


def _document(path: Path) -> Document:
    found: list[Fault] = []
    real = path.resolve()
    document = read_document(Folder(real.parent, found.append), real.name) if path.exists() else None
    if document is None:
        fault = found[0] if found else Fault(str(path), "there is no such file")
        raise MapFault(fault_line(Fault(str(path), fault.message, fault.line)))
    document.file = str(path)
    return document


def _fault(document: Document, at: Sequence[str | int], value: Any, message: str) -> Fault:
    return Fault(document.file, message, document.line(at), place(at) or None, None if value is None else str(value))


def _plain(error: Any) -> tuple[Any, str]:
    """The value and what is allowed in its place, from an error of the schema."""
    told = _TOLD.get(error.validator)
    return told(error) if told else (error.instance, f"is out of bounds ({error.validator} {error.validator_value})")


def _of_type(error: Any) -> tuple[Any, str]:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else wanted
    shown = None if isinstance(error.instance, (dict, list)) else error.instance
    return shown, f"must be {' or '.join(_KINDS[k] for k in kinds)}"


def _one_of(value: Any, allowed: Iterable[Any]) -> str:
    listed = list(map(str, allowed))
    return f"must be one of {', '.join(listed)}{suggest(str(value), listed)}"


def _unknown_keys(error: Any) -> tuple[None, str]:
    # The short forms of `columns` and `best` are what most people write.
    allowed = [k for name in error.schema["properties"] for k in (ALSO.get(name), name) if k]
    unknown = sorted(set(map(str, error.instance)) - set(error.schema["properties"]))
    if set(unknown) <= set(allowed):
        return None, f"{unknown[0]} says the same as {'columns' if unknown[0] == 'column' else 'best'}; keep one"
    near = suggest(unknown[0], allowed)
    return None, f"{', '.join(unknown)}: no key here{near or '; there are ' + ', '.join(allowed)}"


def _empty(error: Any) -> tuple[None, str]:
    return None, "is empty; delete the key or fill it"


_TOLD: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "type": _of_type,
    "enum": lambda error: (error.instance, _one_of(error.instance, error.validator_value)),
    "required": lambda error: (None, f"{error.message.split(chr(39))[1]} is missing"),
    "additionalProperties": _unknown_keys,
    "pattern": lambda error: (error.instance, error.schema["description"]),
    "minItems": _empty,
    "minLength": _empty,
}


def _makings(doc: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[tuple[str, int], Mapping[str, Any]]]:
    """How each of some columns is made, and where in the map that stands."""
    return (((name, i), one) for name in names for i, one in enumerate(doc.get(name, ())))


def _conditions(doc: Mapping[str, Any]) -> _Found:
    for at, one in _makings(doc, (*TEXTS, *PEOPLE, *DECIDED, *REASONED)):
        if "when" in one:
            yield from condition_faults(one["when"], (*at, "when"))


def _dates(doc: Mapping[str, Any]) -> _Found:
    date = doc["date"]
    if ("column" in date) == ("year" in date):
        yield ("date",), None, "needs either column (and formats), or year, month and day: the columns that hold them"
    if "year" in date and "month" not in date:
        yield ("date",), None, "month is missing; without it no row has a quarter"
    for i, text in enumerate(date.get("formats", ())):
        try:
            days.format_of(text)
        except ValueError as error:
            yield ("date", "formats", i), text, str(error)
            return
    if wrong := days.contradiction(date.get("formats", ())):
        yield ("date", "formats"), None, wrong
    yield from _span(doc.get("coverage", {}))


def _span(coverage: Mapping[str, Any]) -> _Found:
    for part in ("start", "end"):
        day = coverage.get(part)
        if day and isinstance(days.read_days([day], ["iso"])[day][0], str):
            yield ("coverage", part), day, "is no day of the calendar; write it like 2020-07-01"
    if coverage.get("start", "") > coverage.get("end", "9999"):
        yield ("coverage", "end"), coverage["end"], "lies before the start"


def _series(doc: Mapping[str, Any]) -> _Found:
    """Series on columns or values that incidents do not have."""
    fields = {f.name: f for f in default_package().tables["incidents"].fields if f.type == "string"}
    for i, one in enumerate(doc.get("series", ())):
        for column, values in one["where"].items():
            field = fields.get(column)
            if field is None:
                yield ("series", i, "where", column), column, f"is no text column of incidents{suggest(column, fields)}"
            elif field.categories:
                for value in (v for v in values if v not in field.allowed):
                    yield ("series", i, "where", column), value, _one_of(value, sorted(field.allowed))


def _others(doc: Mapping[str, Any]) -> _Found:
    for at, one in _makings(doc, PEOPLE):
        if not {"best", "low", "high", "to"} & set(one):
            yield at, None, "needs value, or low and high, or to: the columns that hold them, or a number"
    for at, one in _makings(doc, TEXTS):
        if not {"columns", "value"} & set(one):
            yield at, None, "needs column or value"
    free = set(doc.get("free_text", ()))
    for at, one in _makings(doc, ("attributed_to", "claimed_by")):
        for column in sorted(free.intersection(one.get("columns", ())))[:1]:
            yield at, column, "is free text (free_text); an author is taken only from a column that states it"
    yield from _places(doc)


def _places(doc: Mapping[str, Any]) -> _Found:
    point = doc.get("coordinates", {"point": ""})
    if "point" not in point and not {"latitude", "longitude"} <= set(point):
        yield ("coordinates",), None, "needs latitude and longitude, or point where both stand in one column"
    for name in ("date", "coordinates"):
        precision = doc.get(name, {}).get("precision", {})
        if "codes" in precision and "column" not in precision:
            yield (name, "precision"), None, "has codes and no column"


def _columns(doc: Mapping[str, Any]) -> Iterator[str]:
    """Columns that a map reads, in its own order."""
    for name, value in doc.items():
        if name == "join":
            yield from (c for named in value.values() for c in named)
        for one in value if isinstance(value, list) else [value] if isinstance(value, dict) else ():
            if isinstance(one, dict) and name not in ("refuse", "series", "wording", "coverage", "also"):
                yield from _named(one)


def _named(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, part in spec.items():
        if name in COLUMN_KEYS:
            yield part
        elif name == "columns":
            yield from part
        elif name == "when":
            yield from columns_of(part)
        elif name in ("precision", "attack_method", "target_category"):
            yield from _named(part)
