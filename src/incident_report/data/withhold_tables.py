"""A campaign's tables as text, to leave things out of: only files in which something changes are written anew."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from incident_report.data.columns import Cells, Columns, places
from incident_report.data.folders import PACKAGE

Reference = tuple[str, str]
# References that the schema cannot declare, for their table would refer to itself.
_WITHIN = {("sites", "inside"): ("sites", "site_id"), ("incidents", "possible_double_of"): ("incidents", "incident_id")}


def refers_to(table: str, column: str) -> Reference:
    """What a column refers to."""
    return table, column


@dataclass
class Sheet:
    """One CSV file of a table that the schema declares.

    Attributes
    ----------
    table : str
    cells : Columns
        Text, by column.
    needed : set of str
        Columns that no row may leave empty.
    refers : mapping of column -> (table, column)
    keys : tuple of str
        Columns by which other tables know a row.
    free : set of str
        Columns in which people write text of their own.
    file : str
    lines : list of int
        The line of each row.
    """

    table: str
    cells: Columns
    needed: frozenset[str]
    refers: Mapping[str, Reference]
    keys: tuple[str, ...]
    free: frozenset[str]
    file: str
    lines: list[int]
    changed: bool = field(default=False)

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [*self.cells.cells]

    def columns(self, *targets: Reference) -> list[str]:
        """Columns that refer to one of the targets."""
        return [c for c in self.header if self.refers.get(c) in targets]

    def column(self, name: str) -> list[str]:
        """The cells of a column; of one that is not there, empty ones."""
        own = self.cells.column(name)
        return [cell or "" for cell in own] if None in own else [*own]

    def distinct(self, *names: str) -> set[str]:
        """What stands in the cells of some columns, each text once."""
        return {cell or "" for cell in set[str | None]().union(*map(self.cells.column, names))}

    def at(self, row: Cells) -> str:
        """File and line of a row."""
        return f"{self.file}:{self.lines[row.at]}"

    def having(self, test: Callable[..., Any], *names: str) -> list[Cells]:
        """Rows whose cells in some columns pass a test, which looks at each distinct cell, or set of them, once."""
        return [self.cells.row(at) for at in places(test, *map(self.column, names))]

    def put(self, name: str, cells: Mapping[int, str]) -> None:
        """Write other texts into some places of a column."""
        own = self.column(name)
        if other := {at: text for at, text in cells.items() if own[at] != text}:
            self.cells.put(name, other)
            self.changed = True

    def drop(self, lost: Collection[int]) -> None:
        """Leave out the rows at some places."""
        if lost:
            kept = sorted({*range(len(self.lines))} - {*lost})
            self.cells, self.lines = self.cells.take(kept), [self.lines[at] for at in kept]
            self.changed = True

    def append(self, row: Mapping[str, str]) -> None:
        """Put a row below the others."""
        self.cells.extend(Columns({name: [row.get(name, "")] for name in self.header}, 1))
        self.lines.append(0)
        self.changed = True

    def each(self, column: str, change: Callable[[str], str]) -> None:
        """Put another text into each cell of a column; what it becomes is asked once for each text."""
        new = {text: change(text) for text in self.distinct(column)}
        if any(text != other for text, other in new.items()):
            self.put(column, dict(enumerate(new[text] for text in self.column(column))))

    def add_column(self, name: str) -> None:
        """Put an empty column behind the others, where there is none of the name."""
        self.cells.cells.setdefault(name, [""] * self.cells.length)

    def drop_column(self, name: str) -> None:
        """Take a column away."""
        if self.cells.cells.pop(name, None) is not None:
            self.changed = True

    def written(self) -> bytes:
        """The file."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(zip(*self.cells.cells.values(), strict=True))
        return text.getvalue().encode("utf-8", "surrogateescape")


def read_sheets(files: Mapping[str, bytes]) -> dict[str, Sheet]:
    """The tables of a campaign by file; what is no table is left to the loader, which refuses it."""
    tables = _tables(files.get(PACKAGE))
    found = {}
    for name, content in sorted(files.items()):
        folder, _, rest = name.partition("/")
        key = "incidents/*.csv" if folder == "incidents" and rest.endswith(".csv") else name
        if key in tables and (sheet := _sheet(name, content, tables[key])):
            found[name] = sheet
    return found


def declared(content: bytes | None) -> dict[str, dict[str, tuple[str, ...]]]:
    """The columns of each table, by its name, with the values that the campaign's own schema and the default list."""
    return {t["name"]: {f["name"]: _values(f) for f in t["fields"]} for t in _tables(content).values()}


def _values(one: Mapping[str, Any]) -> tuple[str, ...]:
    listed = one.get("constraints", {}).get("enum") or [
        c["value"] for kind in ("categories", "itemCategories") for c in one.get(kind, ())
    ]
    return tuple(map(str, listed))


def _sheet(name: str, content: bytes, table: Mapping[str, Any]) -> Sheet | None:
    try:
        (_, header), *rows = list(_rows(content.decode("utf-8-sig"))) or [(1, [])]
    except (UnicodeDecodeError, csv.Error):
        return None
    fields = table["fields"]
    header = [c.strip() for c in header]
    needed = frozenset(f["name"] for f in fields if _is_needed(f))
    if not needed <= set(header) or len(set(header)) != len(header) or not _fit(header, rows, fields):
        return None
    free = frozenset(f["name"] for f in fields if _is_free(f)) - {*table["refers"], *table["keys"]}
    cells, lines = _as_columns(header, rows), [line for line, _ in rows]
    return Sheet(table["name"], cells, needed, table["refers"], table["keys"], free, name, lines)


def _fit(header: list[str], rows: Sequence[tuple[int, list[str]]], fields: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each row has a cell for every column, but for the last ones that a file may lack."""
    optional = {f["name"] for f in fields if "default" in f}
    spare = next((i for i, c in enumerate(reversed(header)) if c not in optional), 0)
    return {len(header) - len(r) for _, r in rows} <= {0, spare}


def _as_columns(header: list[str], rows: Sequence[tuple[int, list[str]]]) -> Columns:
    """Cells without blanks around them; one text that stands in many cells is kept once."""
    whole = zip_longest(header, *(row for _, row in rows), fillvalue="") if header else ()
    found = {}
    for name, *cells in whole:
        once: dict[str, str] = {}
        cells = [*map(once.setdefault, cells, cells)]
        bare = {text: text.strip() for text in once if text != text.strip()}
        found[name] = [bare.get(text, text) for text in cells] if bare else cells
    return Columns(found, len(rows))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file of CSV that are not empty, each with the line where it begins."""
    csv.field_size_limit(131_072)
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    for row in reader:
        if row and (row[0].strip() or any(map(str.strip, row))):
            yield line, row
        line = reader.line_num + 1


def _is_needed(one: Mapping[str, Any]) -> bool:
    """Whether no row may leave a field empty."""
    return bool(one.get("constraints", {}).get("required"))


def _is_free(one: Mapping[str, Any]) -> bool:
    """Whether people write text of their own in a field."""
    return one["type"] == "string" and not _listed(one)


def _listed(one: Mapping[str, Any]) -> bool:
    """Whether the schema lists the values that a field may have."""
    return bool(one.get("categories") or one.get("constraints", {}).get("enum"))


def _tables(content: bytes | None) -> dict[str, dict[str, Any]]:
    """Tables by path: fields, references and keys, of the campaign's own schema and of the default."""
    try:
        own = json.loads(content) if content else {}
        found = {name: dict(table) for name, table in _declared(own)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = {}  # the loader refuses it
    for name, table in _default().items():
        mine = found.setdefault(name, {**table, "fields": []})
        names = {f["name"] for f in mine["fields"]}
        mine["fields"] = [*mine["fields"], *(f for f in table["fields"] if f["name"] not in names)]
        mine["refers"] = {**table["refers"], **mine["refers"]}
        mine["keys"] = tuple(dict.fromkeys((*mine["keys"], *table["keys"])))
    return {t["path"]: t for t in found.values()}


@cache
def _default() -> dict[str, dict[str, Any]]:
    raw = Path(__file__).with_name("schemas") / "default_datapackage.json"
    return dict(_declared(json.loads(raw.read_text("utf-8"))))


def _declared(raw: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in raw.get("resources", ()):
        if "schema" not in resource:
            continue
        name, path, schema = resource["name"], resource["path"], resource["schema"]
        refers = {c: target for (t, c), target in _WITHIN.items() if t == name}
        for one in schema["fields"]:
            if target := one.get("itemReference") or one.get("reference"):
                refers[one["name"]] = (target["resource"], target["field"])
        for key in schema.get("foreignKeys", ()):
            target = key["reference"]
            refers |= {c: (target["resource"], t) for c, t in zip(key["fields"], target["fields"], strict=True)}
        keys = schema.get("primaryKey", ())
        yield (
            name,
            {
                "name": name,
                "path": path if isinstance(path, str) else "incidents/*.csv",
                "fields": schema["fields"],
                "refers": refers,
                "keys": (keys,) if isinstance(keys, str) else tuple(keys),
            },
        )
