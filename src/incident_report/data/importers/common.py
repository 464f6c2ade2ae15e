"""What every importer shares: reading a foreign table, mapping its codes, accounting for its rows."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from incident_report.data.importers.mapping import Mapping as CodeMapping

FIRST_YEAR, LAST_YEAR = "1900", "2199"  # what the schema takes for a date
MOST_BYTES = 512 * 1024 * 1024
_MOST_UNPACKED = 2 * 1024 * 1024 * 1024  # the whole of GTD as a workbook is half of that
_MOST_COLUMNS = 1_000
_MOST_CELL = 1_000_000
LINE = "line"  # name of the column that holds a row's line in the file
# Columns that older files of a format call by another name.
ALIASES = {"ally_actor_1": "assoc_actor_1", "ally_actor_2": "assoc_actor_2", "geo_precis": "geo_precision"}
_MOST_PEOPLE = 1_000_000
_NOT_WHOLE = "number of people not a whole number, such as a share of linked attacks;"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class ImportFault(ValueError):
    """The file cannot be imported; the message says why, in one line."""


@dataclass(frozen=True)
class LeftOut:
    """A row that did not become an incident, and why."""

    line: int
    id: str
    reason: str


@dataclass
class Imported:
    """An import's outcome; every row read is in `incidents` or in `left_out`.

    Attributes
    ----------
    incidents : list of dict
        Our columns, all text.
    sources : dict of source_id -> dict
    left_out : list of LeftOut
    notes : Counter of str
        Oddities of rows that were kept, by kind.
    unmapped : mapping of column -> Counter of original codes
        What went to ``other`` because no rule named it.
    rows : int
        Rows read, without header and tag rows.
    """

    rows: int = 0
    incidents: list[dict[str, str]] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Which rows the user wants."""

    country: str = ""
    start: date | None = None
    end: date | None = None

    def refuses(self, country: str, day: date) -> str:
        """Why a row is not wanted, or nothing."""
        if self.country and country.casefold() != self.country.casefold():
            return f"not in {self.country}"
        if self.start and day < self.start:
            return f"before {self.start}"
        if self.end and day > self.end:
            return f"after {self.end}"
        return ""


def read_table(path: Path, required: Sequence[str], what: str) -> tuple[pd.DataFrame, str]:
    """Read a CSV or XLSX file as text, header in lower case, with each row's line.

    Returns
    -------
    DataFrame, str
        All columns text without surrounding or inner line breaks, and a column `LINE` (int); the
        encoding that was used.

    Raises
    ------
    ImportFault
        If it is no such table or lacks a required column.
    """
    if not path.is_file():
        raise ImportFault(f"{path}: there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise ImportFault(f"{path}: larger than 512 MB; cut it to the country and years that you need first")
    if path.suffix.lower() == ".xlsx":
        header, rows, encoding = _read_xlsx(path)
    else:
        header, rows, encoding = _read_csv(path)
    names = _names(path, header, required, what)
    ragged = next((line for line, cells in rows if len(cells) != len(names)), None)
    if ragged is not None:
        raise ImportFault(f"{path}:{ragged}: the row has another number of cells than the header")
    frame = pd.DataFrame([list(map(_clean, cells)) for _, cells in rows], columns=names, dtype=str)
    frame[LINE] = [line for line, _ in rows]
    return frame, encoding


def _names(path: Path, header: Sequence[str], required: Sequence[str], what: str) -> list[str]:
    """Columns as this project calls them; ImportFault where the file is no such table."""
    names = [ALIASES.get(n, n) for n in (h.strip().lower() for h in header)]
    if len(names) > _MOST_COLUMNS:
        raise ImportFault(f"{path}: not {what}: it has {len(names):,} columns")
    if missing := [c for c in required if c not in names]:
        raise ImportFault(f"{path}: not {what}: there is no column {', '.join(missing[:6])}")
    if doubled := sorted(n for n, count in Counter(filter(None, names)).items() if count > 1):
        raise ImportFault(f"{path}: column {', '.join(doubled)} stands twice")
    return names


def _clean(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())


def _read_csv(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    content = path.read_bytes()
    try:
        text, encoding = content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("cp1252", errors="replace"), "Windows-1252"
    csv.field_size_limit(_MOST_CELL)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next(reader, [])
        rows, line = [], reader.line_num + 1
        for cells in reader:
            if any(c.strip() for c in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportFault(f"{path}:{reader.line_num}: not readable as CSV ({error})") from None
    return header, rows, encoding


def _read_xlsx(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    from incident_report.data.sheets import LAST_ROW, SheetError, as_text, open_sheets

    try:
        with open_sheets(path, most_unpacked=_MOST_UNPACKED, look_into=False) as sheets:
            rows = sheets[0].rows(lambda cell, row, column: as_text(cell.value), LAST_ROW, _MOST_COLUMNS)
    except SheetError as error:
        raise ImportFault(str(error)) from None
    if not rows:
        raise ImportFault(f"{path}: the first sheet is empty")
    width = len(rows[0][1])
    return rows[0][1], [(i, (cells + [""] * width)[:width]) for i, cells in rows[1:] if any(cells)], "XLSX"


def number(text: str) -> float | None:
    """A finite number, or None for an empty cell or something else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def people(result: Imported, text: str, unknown: Sequence[float] = ()) -> str:
    """A whole number of people as text; empty where it is unknown, a code for unknown, or no such number.

    Parameters
    ----------
    unknown : sequence of float
        Codes that stand for unknown.
    """
    value = number(text)
    if not text or value in unknown:
        return ""
    if value is None or value < 0 or value != int(value) or value > _MOST_PEOPLE:
        result.notes[f"{_NOT_WHOLE} left unknown"] += 1
        return ""
    return str(int(value))


def point(latitude: str, longitude: str) -> tuple[str, str] | None:
    """Coordinates as written, or None if they are none on Earth."""
    y, x = number(latitude), number(longitude)
    if y is None or x is None or not (-90 <= y <= 90 and -180 <= x <= 180):
        return None
    return latitude, longitude


def placed(
    result: Imported, raw: Mapping[str, str], column: str, precisions: Mapping[str, str], where: str
) -> dict[str, str]:
    """Coordinates of a row and how exact they are; none, with a note, where the point is that of a larger area.

    Parameters
    ----------
    column : str
        Holds the format's own code; in all three formats 1 and 2 stand for a place and its surroundings.
    precisions : mapping of code to ours
    where : str
        The area that any other code stands for.
    """
    at = point(raw["latitude"], raw["longitude"]) if raw[column] in ("1", "2") else None
    if at is None:
        result.notes[f"placed in {where}, so without coordinates"] += 1
    latitude, longitude = at or ("", "")
    precision = precisions.get(raw[column], "unknown")
    return {"latitude": latitude, "longitude": longitude, "coordinate_precision": precision}


def slug(text: str, most: int = 60) -> str:
    """Letters, digits and single hyphens, for ids."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain)))
    if words and len(words) <= most and plain.isascii():
        return words
    # Cut or not in Latin letters: a checksum keeps two names apart.
    return f"{words[: most - 9].strip('-') or 'name'}-{zlib.crc32(text.encode()):08x}"


def add_source(result: Imported, prefix: str, publisher: str, published: str = "", url: str = "") -> str:
    """Register a source named in a row; its reliability is not ours to judge."""
    key = f"{prefix}-{slug(publisher)}" + (f"-{published}" if published else "-nd")
    result.sources.setdefault(
        key,
        {
            "source_id": key,
            "publisher": publisher,
            "published": published,
            "kind": "other",
            "reliability": "F",
            "url": url,
        },
    )
    return key


def finish(
    result: Imported,
    frame: pd.DataFrame,
    mapping: CodeMapping,
    draft: Callable[[Mapping[str, str]], dict[str, str] | str],
    id_column: str,
) -> Imported:
    """Turn each row into an incident or a row left out, by the mapping and the format's own `draft`.

    Parameters
    ----------
    draft : callable
        From a raw row to our columns (without what the mapping decides), or to the reason for leaving
        it out.
    """
    result.rows = len(frame)
    decided = mapping.decide(frame)
    seen: dict[str, int] = {}
    for raw, (left_out, values, unmapped) in zip(frame.to_dict("records"), decided, strict=True):
        line, key = int(raw[LINE]), str(raw[id_column])
        text = {str(k): str(v) for k, v in raw.items()}
        made: dict[str, str] | str = left_out or _bad_id(key, seen) or draft(text)
        seen.setdefault(key, line)
        if not isinstance(made, str) and not FIRST_YEAR <= made["date"][:4] <= LAST_YEAR:
            made = f"{made['date']} is no day between {FIRST_YEAR} and {LAST_YEAR}"
        if isinstance(made, str):
            result.left_out.append(LeftOut(line, key, made))
            continue
        for column, original in unmapped.items():
            result.unmapped.setdefault(column, Counter())[original] += 1
        result.incidents.append({**made, **values})
    return result


def _bad_id(key: str, seen: Mapping[str, int]) -> str:
    """Why a row's id cannot be used, or nothing."""
    if not key or " " in key:
        return "it has no id" if not key else "the id holds a space"
    return f"the id stands already in line {seen[key]}" if key in seen else ""
