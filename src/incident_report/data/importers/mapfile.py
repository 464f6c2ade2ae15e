"""Reading a map: YAML that says how a foreign table becomes incidents; every fault is one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.cells import suggest
from incident_report.data.documents import Document, read_document
from incident_report.data.files import Folder
from incident_report.data.importers import days
from incident_report.data.importers.map_shape import COLUMN_KEYS, DECIDED, PEOPLE, REASONED, TEXTS, schema, written_out
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
    wanted = error.validator_value
    if error.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        shown = None if isinstance(error.instance, (dict, list)) else error.instance
        return shown, f"must be {' or '.join(_KINDS[k] for k in kinds)}"
    if error.validator == "enum":
        return (
            error.instance,
            f"must be one of {', '.join(map(str, wanted))}{suggest(str(error.instance), map(str, wanted))}",
        )
    if error.validator == "required":
        return None, f"{error.message.split(chr(39))[1]} is missing"
    if error.validator == "additionalProperties":
        # The short forms of `columns` and `best` are what most people write.
        short = {"columns": ("column",), "best": ("value",)}
        allowed = [k for name in error.schema["properties"] for k in (*short.get(name, ()), name)]
        unknown = sorted(set(map(str, error.instance)) - set(error.schema["properties"]))
        if set(unknown) <= set(allowed):
            return None, f"{unknown[0]} says the same as {'columns' if unknown[0] == 'column' else 'best'}; keep one"
        near = suggest(unknown[0], allowed)
        return None, f"{', '.join(unknown)}: no key here{near or '; there are ' + ', '.join(allowed)}"
    if error.validator == "pattern":
        return error.instance, error.schema["description"]
    if error.validator in ("minItems", "minLength"):
        return None, "is empty; delete the key or fill it"
    return error.instance, f"is out of bounds ({error.validator} {wanted})"


def _conditions(doc: Mapping[str, Any]) -> _Found:
    for name in (*TEXTS, *PEOPLE, *DECIDED, *REASONED):
        for i, one in enumerate(doc.get(name, ())):
            if "when" in one:
                yield from condition_faults(one["when"], (name, i, "when"))


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
    for part in ("start", "end"):
        day = doc.get("coverage", {}).get(part)
        if day and isinstance(days.read_days([day], ["iso"])[day][0], str):
            yield ("coverage", part), day, "is no day of the calendar; write it like 2020-07-01"
    span = doc.get("coverage", {})
    if span.get("start", "") > span.get("end", "9999"):
        yield ("coverage", "end"), span["end"], "lies before the start"


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
                    allowed = sorted(field.allowed)
                    message = f"must be one of {', '.join(allowed)}{suggest(value, allowed)}"
                    yield ("series", i, "where", column), value, message


def _others(doc: Mapping[str, Any]) -> _Found:
    for name in PEOPLE:
        for i, one in enumerate(doc.get(name, ())):
            if not {"best", "low", "high", "to"} & set(one):
                yield (name, i), None, "needs value, or low and high, or to: the columns that hold them, or a number"
    for name in TEXTS:
        for i, one in enumerate(doc.get(name, ())):
            if not {"columns", "value"} & set(one):
                yield (name, i), None, "needs column or value"
    for name in ("attributed_to", "claimed_by"):
        for i, one in enumerate(doc.get(name, ())):
            if free := sorted(set(one.get("columns", ())) & set(doc.get("free_text", ()))):
                yield (
                    (name, i),
                    free[0],
                    "is free text (free_text); an author is taken only from a column that states it",
                )
    at = doc.get("coordinates", {"point": ""})
    if "point" not in at and not {"latitude", "longitude"} <= set(at):
        yield ("coordinates",), None, "needs latitude and longitude, or point where both stand in one column"
    for where in (("date", "precision"), ("coordinates", "precision")):
        one = doc.get(where[0], {}).get("precision", {})
        if "codes" in one and "column" not in one:
            yield where, None, "has codes and no column"


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
