"""The schema: fields, types, allowed values and keys, as a campaign's datapackage.json declares them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from incident_report.data.files import Folder
from incident_report.data.folders import PACKAGE as FILE
from incident_report.data.model import DataError, Fault
from incident_report.data.patterns import Pattern, PatternError, compile_pattern
from incident_report.data.shape import SCHEMAS, in_words, shape_errors
from incident_report.data.spreadsheet import is_neutralised

MOST_OF_SCHEMA = 1024 * 1024
_SHAPE = SCHEMAS / "datapackage.json"
# What the rest of the project computes with: another campaign may narrow these lists, not widen them.
_CLOSED = (
    ("incidents", "date_precision"),
    ("incidents", "intercepted"),
    ("incidents", "confidence"),
    ("incidents", "outcome"),
    ("tallies", "bound"),
    ("tallies", "unit"),
    ("sources", "reliability"),
    ("evidence", "status"),
    ("incidents", "coordinate_precision"),
    ("sites", "precision"),
)


@dataclass(frozen=True)
class Category:
    """One allowed value, the label that readers see, what it means, and of a technique the method it goes with."""

    value: str
    label: str
    description: str = ""
    method: str = ""


@dataclass(frozen=True)
class Field:
    """One column of one table.

    Parameters
    ----------
    name, type, title, description : str
    required : bool
        Whether every row must have a value.
    categories : tuple of Category
        The allowed values of a cell, or of a list's items; empty where any text may stand.
    open_vocabulary : bool
        Whether values besides the categories are accepted (with a warning).
    minimum, maximum : float, str or None
        For numbers, or ISO days for dates.
    pattern : compiled pattern or None
        What the whole cell must match.
    default : str or None
        The column may be missing from a file and then has this value; None: it must be there.
    imported : bool
        Only importers write the column.
    unique : bool
    unit : str
    delimiter : str
        Between the items of a list.
    reference : (table, field) or None
        Where the value, or each item of a list, must occur.
    """

    name: str
    type: str
    title: str = ""
    description: str = ""
    required: bool = False
    categories: tuple[Category, ...] = ()
    open_vocabulary: bool = False
    minimum: float | str | None = None
    maximum: float | str | None = None
    pattern: re.Pattern[str] | Pattern | None = None
    default: str | None = None
    imported: bool = False
    unique: bool = False
    unit: str = ""
    delimiter: str = ";"
    reference: tuple[str, str] | None = None
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()

    @cached_property
    def allowed(self) -> frozenset[str]:
        """The category values."""
        return frozenset(c.value for c in self.categories)

    def filled(self, text: str) -> str:
        """A cell's text, or the default where it is empty."""
        return text or self.default or ""

    @property
    def free(self) -> bool:
        """Whether people write text of their own: what a vocabulary lists needs no second look."""
        return self.type in ("string", "list") and not self.categories


@dataclass(frozen=True)
class Table:
    """One kind of file: its columns and where it lies."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    optional: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def spare(self) -> frozenset[str]:
        """Columns that a file may lack."""
        return frozenset(f.name for f in self.fields if f.default is not None)


@dataclass(frozen=True)
class Package:
    """A campaign's schema."""

    tables: Mapping[str, Table]
    raw: Mapping[str, Any]

    def labels(self, table: str, field: str) -> dict[str, str]:
        """Allowed values of a field with the labels that readers see."""
        return {c.value: c.label for c in self.tables[table].by_name[field].categories}

    @cached_property
    def targets(self) -> frozenset[tuple[str, str]]:
        """Columns that others refer to, by table and name."""
        return frozenset(f.reference for t in self.tables.values() for f in t.fields if f.reference)

    @cached_property
    def vocabulary(self) -> dict[str, dict[str, str]]:
        """Labels of the allowed values by field name, whatever the table."""
        words: dict[str, dict[str, str]] = {}
        for table in self.tables.values():
            for field in table.fields:
                if field.categories:
                    words.setdefault(field.name, {}).update({c.value: c.label for c in field.categories})
        return words


def _field(raw: Mapping[str, Any], keys: Mapping[str, tuple[str, str]]) -> Field:
    limits = raw.get("constraints", {})
    items = raw["type"] == "list"
    listed = raw.get("itemCategories" if items else "categories", ())
    more = ("description", "method")
    categories = tuple(Category(c["value"], c.get("label", c["value"]), *(c.get(k, "") for k in more)) for c in listed)
    if not categories:
        categories = tuple(Category(v, v) for v in limits.get("enum", ()))
    target = raw.get("itemReference") or raw.get("reference")
    return Field(
        name=raw["name"],
        type=raw["type"],
        title=raw.get("title", raw["name"]),
        description=raw.get("description", ""),
        required=limits.get("required", False),
        categories=categories,
        open_vocabulary=raw.get("itemVocabulary") == "open",
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=compile_pattern(limits["pattern"]) if "pattern" in limits else None,
        default=raw.get("default"),
        imported=raw.get("imported", False),
        unique=limits.get("unique", False),
        unit=raw.get("unit", ""),
        delimiter=raw.get("delimiter", ";"),
        reference=(target["resource"], target["field"]) if target else keys.get(raw["name"]),
        true_values=tuple(raw.get("trueValues", ("true",))),
        false_values=tuple(raw.get("falseValues", ("false",))),
    )


def _table(raw: Mapping[str, Any]) -> Table:
    schema = raw["schema"]
    keys = {}
    for key in schema.get("foreignKeys", ()):
        target = key["reference"]
        keys.update({c: (target["resource"], t) for c, t in zip(key["fields"], target["fields"], strict=True)})
    path = raw["path"]
    return Table(
        name=raw["name"],
        path=path if isinstance(path, str) else "incidents/*.csv",
        title=raw.get("title", raw["name"]),
        description=raw.get("description", ""),
        fields=tuple(_field(f, keys) for f in schema["fields"]),
        optional=raw.get("optional", False),
    )


@cache
def default_package() -> Package:
    """The schema of a campaign folder that brings none: what every campaign's schema must hold."""
    raw = json.loads((SCHEMAS / "default_datapackage.json").read_text("utf-8"))
    return Package({r["name"]: _table(r) for r in raw["resources"] if "schema" in r}, raw)


def parse_package(raw: Any) -> tuple[Package | None, list[Fault]]:
    """Read a campaign's own schema.

    It may add columns, allow other values and reword; every column of the default schema that has no
    default of its own must be there with its type, since the analysis relies on them. A column that
    may be missing from a file may also be missing from the schema.

    Returns
    -------
    (Package or None, faults)
    """
    bad = [Fault(FILE, in_words(e)) for e in shape_errors(raw, _SHAPE)] or [*_bad_patterns(raw), *_doubled(raw)]
    if bad:
        return None, bad
    own = {r["name"]: _table(r) for r in raw["resources"] if "schema" in r}
    base = default_package().tables
    full = {name: _completed(own[name], table) if name in own else table for name, table in base.items()}
    bad = [Fault(FILE, message) for message in _misfits(own, full)]
    return (None if bad else Package(full, raw)), bad


def _completed(own: Table, base: Table) -> Table:
    """A campaign's table with the default's columns that a file may lack."""
    lacking = [f for f in base.fields if f.name not in own.by_name and f.default is not None]
    return replace(own, fields=(*own.fields, *lacking))


def _misfits(own: Mapping[str, Table], full: Mapping[str, Table]) -> Iterator[str]:
    """Why a campaign's tables cannot stand for the default's."""
    for name in ("quarter", "counted"):
        if name in full["incidents"].by_name:
            yield f"field incidents.{name} is computed at load; call the column something else"
    for name, table in default_package().tables.items():
        if name not in own and not table.optional:
            yield f"there is no resource {name!r} with a schema; copy the default's"
        yield from filter(None, (_unfit(name, field, full[name]) for field in table.fields))


def _unfit(name: str, field: Field, table: Table) -> str:
    """Why a table cannot stand for the default's in one of its fields; empty where it can."""
    own = table.by_name.get(field.name)
    if own is None:
        return f"resource {name!r} has no field {field.name!r}; the report needs it"
    if own.type != field.type:
        return f"field {name}.{field.name} is {own.type}; it must be {field.type}"
    if (name, field.name) in _CLOSED and not own.allowed <= field.allowed:
        extra = ", ".join(sorted(own.allowed - field.allowed))
        return f"field {name}.{field.name} allows {extra}, which the report cannot count"
    bounds = [x for x in (own.minimum, own.maximum) if x is not None]
    if any(isinstance(x, str) != (field.type == "date") for x in bounds):
        return f"field {name}.{field.name}: minimum and maximum do not fit its type"
    return ""


def _bad_patterns(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Patterns that are none, or that could not be matched in bounded time."""
    for resource in raw["resources"]:
        for field in resource.get("schema", {}).get("fields", ()):
            try:
                compile_pattern(field.get("constraints", {}).get("pattern", ""))
            except PatternError as error:
                yield Fault(FILE, f"field {resource['name']}.{field['name']}: {error}")


def _doubled(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that stand twice, of which the first would be lost."""
    lists = [("resource", "the package", raw["resources"])]
    lists += [("field", f"resource {r['name']!r}", r["schema"]["fields"]) for r in raw["resources"] if "schema" in r]
    for what, where, items in lists:
        for name, count in Counter(item["name"] for item in items).items():
            if count > 1:
                yield Fault(FILE, f"{where} has the {what} {name!r} {count} times; names must differ")


def find_package(place: Folder) -> Package | None:
    """A campaign folder's schema: its own datapackage.json, or the default where it has none.

    None, with faults in `place`, where its own cannot be used.
    """
    if not place.exists(FILE):
        return default_package()
    raw = place.read_json(FILE, MOST_OF_SCHEMA)
    package, faults = parse_package(raw) if raw is not None else (None, [])
    for fault in faults:
        place.report(fault)
    place.neutralised = is_neutralised(raw)
    return package


def read_package(folder: Path) -> Package:
    """As `find_package`, for a path.

    Raises
    ------
    DataError
    """
    faults: list[Fault] = []
    package = find_package(Folder(Path(folder), faults.append))
    if package is None:
        raise DataError(faults)
    return package
