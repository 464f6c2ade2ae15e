"""A campaign's tables as text, to leave things out of: only files in which something changes are written anew."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from incident_report.data.folders import PACKAGE

Cells = dict[str, str]
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
    header : list of str
    rows : list of dict
        Text by column.
    needed : set of str
        Columns that no row may leave empty.
    refers : mapping of column -> (table, column)
    keys : tuple of str
        Columns by which other tables know a row.
    free : set of str
        Columns in which people write text of their own.
    file : str
    lines : mapping of int -> int
        The line of each row that was read, by the row's identity.
    """

    table: str
    header: list[str]
    rows: list[Cells]
    needed: frozenset[str]
    refers: Mapping[str, Reference]
    keys: tuple[str, ...]
    free: frozenset[str]
    file: str
    lines: Mapping[int, int]
    changed: bool = field(default=False)

    def columns(self, *targets: Reference) -> list[str]:
        """Columns that refer to one of the targets."""
        return [c for c in self.header if self.refers.get(c) in targets]

    def at(self, row: Cells) -> str:
        """File and line of a row."""
        return f"{self.file}:{self.lines[id(row)]}"

    def keep(self, wanted: Callable[[Cells], bool]) -> None:
        """Leave the rows that are wanted."""
        kept = [r for r in self.rows if wanted(r)]
        self.changed |= len(kept) != len(self.rows)
        self.rows = kept

    def each(self, column: str, change: Callable[[str], str]) -> None:
        """Put another text into each cell of a column."""
        for row in self.rows:
            new = change(row.get(column, ""))
            if new != row.get(column, ""):
                row[column] = new
                self.changed = True

    def drop_column(self, name: str) -> None:
        """Take a column away."""
        if name in self.header:
            self.header = [c for c in self.header if c != name]
            self.changed = True

    def written(self) -> bytes:
        """The file."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.header, lineterminator="\n", extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(self.rows)
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
    listed = one.get("constraints", {}).get("enum") or [c["value"] for c in one.get("itemCategories", ())]
    return tuple(map(str, listed))


def _sheet(name: str, content: bytes, table: Mapping[str, Any]) -> Sheet | None:
    try:
        numbered = [(line, row) for line, row in _rows(content.decode("utf-8-sig")) if any(row)]
    except (UnicodeDecodeError, csv.Error):
        return None
    (_, header), *rows = numbered or [(1, [])]
    optional = {f["name"] for f in table["fields"] if "default" in f}
    spare = next((i for i, c in enumerate(reversed(header)) if c not in optional), 0)
    needed = {f["name"] for f in table["fields"] if f.get("constraints", {}).get("required")}
    if not needed <= set(header) or len(set(header)) != len(header):
        return None
    if any(len(header) - len(r) not in (0, spare) for _, r in rows):
        return None
    cells = [dict(zip(header, [*r, *[""] * (len(header) - len(r))], strict=True)) for _, r in rows]
    lines = {id(row): line for row, (line, _) in zip(cells, rows, strict=True)}
    taken = {*table["refers"], *table["keys"]}
    free = {f["name"] for f in table["fields"] if f["type"] == "string" and f["name"] not in taken and not _listed(f)}
    refers, keys = table["refers"], table["keys"]
    return Sheet(table["name"], header, cells, frozenset(needed), refers, keys, frozenset(free), name, lines)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file of CSV, each with the line where it begins."""
    csv.field_size_limit(131_072)
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    for row in reader:
        yield line, [c.strip() for c in row]
        line = reader.line_num + 1


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
