"""From a foreign table to incidents, by a map: which rows, which days, and then column by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data.cells import suggest
from incident_report.data.importers import days
from incident_report.data.importers.fields import Fields
from incident_report.data.importers.imported import Imported, LeftOut, Selection
from incident_report.data.importers.mapfile import Map
from incident_report.data.importers.rules import DATE, ID, PRECISION, STATE, Rules
from incident_report.data.importers.table import LINE, ImportFault, Table, read_table, rename

_BROKEN_ID = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")


def read(path: Path, chart: Map, selection: Selection) -> Imported:
    """Read a file by a map.

    Raises
    ------
    ImportFault
        If it is no table, lacks a column that the map needs, or a spreadsheet has changed its ids: what they
        were cannot be recovered.
    """
    doc = chart.doc
    wanted = {*chart.columns(), *(n for others in doc.get("also", {}).values() for n in others)}
    how = {k: doc[k] for k in ("sheet", "records", "header") if k in doc}
    table = read_table(path, **how, wanted=wanted)
    rename(table, doc.get("also", {}))
    missing = _missing(path, table, chart)
    result = Imported(doc, len(table.frame), notes=table.notes, found=[*table.found, *missing], period=selection.period)
    frame = table.frame
    for name in chart.columns():
        frame[name] = frame.get(name, "")
    for name, parts in doc.get("join", {}).items():
        frame[name] = ["; ".join(filter(None, row)) for row in _rows(frame, parts)]
    frame[ID] = _ids(path, frame, doc)
    kept = _chosen(frame, doc, selection, result)
    kept = _ruled_out(kept, doc, selection, result)
    result.left_out.sort(key=lambda x: x.line)
    if len(kept):
        Fields(kept, doc, table.frame, result).fill()
        _marked(kept, doc, selection, result)
    return result


def _marked(kept: pd.DataFrame, doc: Any, selection: Selection, result: Imported) -> None:
    """Rows of a provisional release say so; when the provider last changed each row is kept beside."""
    for row in result.incidents:
        row["provisional"] = "yes" if selection.provisional else ""
    if column := doc.get("stamp", {}).get("column"):
        stamps = zip((row["incident_id"] for row in result.incidents), kept[column].str.strip(), strict=True)
        result.stamps = {ident: stamp for ident, stamp in stamps if stamp}


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return frame[list(columns)].itertuples(index=False, name=None)


def _missing(path: Path, table: Table, chart: Map) -> list[str]:
    """Refuse a file without the columns that are needed; say which others are missing, all at once."""
    there = [n for n in table.names if n]
    needed = [c for c in chart.needs() if c not in there]
    if needed:
        raise ImportFault(f"{path}: {_refusal(chart.doc, needed, there)}")
    others = [c for c in chart.columns() if c not in there]
    return [f"columns that the map reads and the file lacks: {', '.join(others)}"] if others else []


def _refusal(doc: Any, needed: Sequence[str], there: Sequence[str]) -> str:
    """Why a file cannot be read by a map: what the map says of such a file, or which columns it lacks."""
    for one in doc.get("refuse", ()):
        if set(one["columns"]) <= set(there):
            return str(one["reason"])
    named = ", ".join(f"{c!r}{suggest(c, there)}" for c in needed)
    shown = ", ".join(there[:12]) + (" …" if len(there) > 12 else "")
    return f"the map for {doc['name']} needs column {named}; the file has {shown or 'none'}"


def _ids(path: Path, frame: pd.DataFrame, doc: Any) -> pd.Series:
    """Ids of the dataset; empty where the map names no column for them."""
    columns = doc["id"].get("columns", [])
    if not columns:
        return pd.Series("", frame.index, dtype=object)
    whole = frame[columns].replace(r"^([0-9]+)\.0+$", r"\1", regex=True)
    made = pd.Series(["-".join(row) for row in _rows(whole, columns)], frame.index, dtype=object)
    digits = doc["id"].get("digits")
    for line, one in zip(frame[LINE], made, strict=True):
        if _BROKEN_ID.fullmatch(one) or (digits and not re.fullmatch(rf"[0-9]{{{digits}}}", one)):
            wanted = f"{digits} digits" if digits else "an id"
            raise ImportFault(
                f"{path}:{line}: {columns[0]} {one!r} is not {wanted}; a spreadsheet has changed the ids, so download"
                " the file again and import it unopened"
            )
    return made


def _chosen(frame: pd.DataFrame, doc: Any, selection: Selection, result: Imported) -> pd.DataFrame:
    """Rows with an id and a day that the user wants; the others are left out with their reason."""
    dates = _days(frame, doc, result)
    country = Fields(frame, doc, frame, result).text("country")
    result.countries = Counter(country[country != ""])
    if selection.country and not result.countries:
        result.found.append("no column of countries is named by the map, so --country leaves every row out")
    result.last = max((d.day for d in dates if isinstance(d, days.Day)), default=None)
    seen: dict[str, int] = {}
    made: dict[Any, days.Day] = {}
    named = bool(doc["id"].get("columns"))
    declared = Selection("", *span(doc))
    for row, line, ident, day, land in zip(frame.index, frame[LINE], frame[ID], dates, country, strict=True):
        reason = (named and _bad_id(ident, seen)) or _unwanted(land, day, selection, declared)
        seen.setdefault(ident, line)
        if reason:
            result.left_out.append(LeftOut(int(line), ident, reason))
        elif isinstance(day, days.Day):
            made[row] = day
    return _dated(frame, made, named)


def _dated(frame: pd.DataFrame, made: Mapping[Any, days.Day], named: bool) -> pd.DataFrame:
    """The rows that have a day, with it; where the dataset names none, with an id of the day and a number."""
    kept = frame.loc[list(made)].copy()
    kept[DATE] = pd.Series([d.day.isoformat() for d in made.values()], kept.index, dtype=object)
    kept[PRECISION] = pd.Series([d.precision for d in made.values()], kept.index, dtype=object)
    if not named:
        number = kept.groupby(DATE).cumcount() + 1
        kept[ID] = kept[DATE].str.replace("-", "") + "-" + number.astype(str)
    return kept


def _unwanted(land: str, day: days.Day | str, selection: Selection, declared: Selection) -> str:
    """Why a row has no day, is none that the user wants or lies outside what the dataset covers; or nothing."""
    if isinstance(day, str):
        return day
    beyond = declared.refuses("", day.day)
    return selection.refuses(land, day.day) or (beyond and f"{beyond}, outside the declared span")


def span(doc: Any) -> tuple[date | None, date | None]:
    """First and last day that the map declares for the dataset."""
    declared = doc.get("coverage", {})
    start, end = (date.fromisoformat(declared[k]) if k in declared else None for k in ("start", "end"))
    return start, end


def _bad_id(ident: str, seen: dict[str, int]) -> str:
    """Why a row's id cannot be used, or nothing."""
    if not ident.strip("-") or " " in ident:
        return "the id holds a space" if ident.strip("-") else "it has no id"
    return f"the id stands already in line {seen[ident]}" if ident in seen else ""


def _days(frame: pd.DataFrame, doc: Any, result: Imported) -> list[days.Day | str]:
    """Each row's day, or why it has none; the forms that were met are said."""
    spec = doc["date"]
    if "year" in spec:
        named = [spec.get(k) for k in ("year", "month", "day")]
        result.found.append(f"days from columns {', '.join(filter(None, named))}")
        parts = [frame[c] if c else pd.Series("0", frame.index) for c in named]
        return [_from_parts(*row) for row in zip(*parts, strict=True)]
    column = frame[spec["column"]]
    read_as = days.read_days(column, spec.get("formats", [days.ISO]))
    forms = Counter(filter(None, (read_as[c][1] for c in column)))
    listed = ", ".join(f"{form} ({n})" for form, n in forms.most_common())
    result.found.append(f"dates in {spec['column']!r} written {listed or 'in no declared form'}")
    return [read_as[c][0] for c in column]


def _from_parts(year: str, month: str, day: str) -> days.Day | str:
    numbers = [re.fullmatch(r"([0-9]{1,4})(?:\.0+)?", text) for text in (year, month or "0", day or "0")]
    if not all(numbers):
        return "year, month or day is not a number"
    return days.in_years(days.made(*(int(n[1]) for n in numbers if n)))


def _ruled_out(kept: pd.DataFrame, doc: Any, selection: Selection, result: Imported) -> pd.DataFrame:
    """Leave out what the map says is none of ours, and a state's own operations unless they are wanted."""
    rules = Rules(kept, doc.get("free_text", ()), result)
    reasons = rules.first("leave_out", doc.get("leave_out", ()), "reason")
    own = rules.first("state_operations", doc.get("state_operations", ()), "reason")
    kept = kept.assign(**{STATE: own != ""})
    if selection.keep_state_operations:
        count = int(((own != "") & (reasons == "")).sum())
        if count:
            result.notes["a state force's own operation, kept; author and target stay open"] += count
    else:
        reasons = reasons.where(reasons != "", own)
    for line, ident, reason in zip(kept[LINE], kept[ID], reasons, strict=True):
        if reason:
            result.left_out.append(LeftOut(int(line), ident, reason))
    return kept[reasons == ""]
