"""What a view of the explorer selects: the twin, in Python, of what its module does in a browser.

A view is plain data, the same in a page's address, in `x.view` and here; `DEFAULTS` holds its keys. It is turned
into a condition and answered by the one condition language, so that ``where(ed, …)`` can always say the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.names import day_of, is_number, known
from incident_report.analysis.public import PERIODS
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.selection import known_day, tidy
from incident_report.data.cell_tests import SEARCHED, words_of
from incident_report.data.conditions import Condition, matches
from incident_report.data.model import TEXT

COUNTED, LISTED = "counted", "listed"
UP, DOWN = "up", "down"
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "by": "week", "time": None, "box": None, "where": {}, "series": "all", "search": "", "counting": COUNTED,
        "sort": ["date", DOWN], "open": None,
    }
)  # fmt: skip
TEXTS = ("incident_id", "target_name", "munition_detail", "claim_note", "summary")  # columns of one's own words
DEGREES = ("longitude", "latitude")
_ALWAYS = ("incident_id", "date")  # also where there is no row
_LEFT_OUT = ("quarter",)  # said by the date
_PLAIN = {"M": "day", "i": "number", "u": "number", "b": "code"}  # kind of a column, by that of its dtype
_GRID = 4  # decimals of a box's sides


@dataclass(frozen=True)
class Chosen:
    """What a selection leaves out, or holds and cannot place.

    Attributes
    ----------
    unlocated : tuple of str
        Ids of rows that only the box leaves out, because they have no point.
    undated : tuple of str
        Ids of selected rows whose day is not known: no bar of a day or week holds them.
    """

    unlocated: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()


@result
def select(ed: Edition, view: Mapping[str, Any] | None = None) -> Outcome:
    """Incidents that a view of the explorer selects.

    Parameters
    ----------
    ed : Edition
    view : mapping, optional
        Any of: `by` (day, week, month or quarter: how time is drawn; it selects nothing), `time` (first and last
        day as text, or None), `box` (west, south, east, north in degrees to four decimals, or None), `where` (column
        -> values that are kept; None is unknown), `series`, `search` (words, each part of any text of a row),
        `counting` (counted: by outcome and the edition's confidence floor; or listed), `sort` (column, up or down)
        and `open` (an incident). What is left out is as in `DEFAULTS`.

    Returns
    -------
    Result
        The rows, oldest first, as `where` gives them, for every question that takes rows. ``.unlocated`` and
        ``.undated`` hold the ids of `Chosen`.

    Raises
    ------
    ValueError
        For a key, column or value that does not exist or cannot be read; the message names the view's key.

    Examples
    --------
    >>> rockets = select(ed, {"where": {"attack_method": ["rocket"]}, "time": ["2020-07-01", "2020-07-31"]})
    ... # doctest: +SKIP
    >>> count(ed, rockets, by="week")  # doctest: +SKIP
    """
    whole = view_of(ed, view)
    frame = ed.counted if whole["counting"] == COUNTED else ed.listed
    kept = frame[matches(frame, condition(whole), ed.series).fillna(False).astype(bool)]
    unlocated: tuple[str, ...] = ()
    if whole["box"]:
        elsewhere = frame[matches(frame, condition({**whole, "box": None}), ed.series).fillna(False).astype(bool)]
        unlocated = tuple(elsewhere.loc[elsewhere[list(DEGREES)].isna().any(axis=1), "incident_id"])
    undated = tuple(kept.drop(known_day(kept).index)["incident_id"])
    return Outcome(tidy(kept), kept["incident_id"], value=Chosen(unlocated, undated))


def condition(view: Mapping[str, Any]) -> Condition:
    """What a whole view (see `view_of`) asks of a row, in the condition language."""
    parts: list[Condition] = []
    if view["time"]:
        parts.append({"date": {"at_least": view["time"][0], "at_most": view["time"][1]}})
    if view["box"]:
        west, south, east, north = view["box"]
        parts.append({"longitude": {"at_least": west, "at_most": east}})
        parts.append({"latitude": {"at_least": south, "at_most": north}})
    parts += [{column: list(values)} if values else "nothing" for column, values in view["where"].items()]
    if view["series"] != DEFAULTS["series"]:
        parts.append({"series": view["series"]})
    if words_of(view["search"]):
        parts.append({"search": view["search"]})
    return {"all": parts} if parts else "everything"


@remembered
def kinds(ed: Edition) -> Mapping[str, str]:
    """Columns of the explorer and what each holds: text, code, list, day, number or degrees.

    A code is a text of which many rows share few; columns that no row fills, and numbers with fractions that are
    no degrees, are left out.
    """
    found = {str(name): _kind(ed.listed[name]) for name in ed.listed.columns if name not in _LEFT_OUT}
    return {name: kind for name, kind in found.items() if kind}


@remembered
def values(ed: Edition, column: str) -> tuple[str, ...]:
    """Values of a code or list column that occur in an edition, in the schema's order and then by name."""
    cells = ed.listed[column].dropna()
    held = {str(v) for cell in cells for v in cell} if kinds(ed)[column] == "list" else set(map(str, cells.unique()))
    declared = [v for v in ed.data.labels.get(column, {}) if v in held]
    return (*declared, *sorted(held - {*declared, ""}))


def searched(ed: Edition) -> list[str]:
    """Columns in which a search looks."""
    return [c for c in SEARCHED if c in kinds(ed)]


def view_of(ed: Edition, view: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A view with every key, each checked.

    Raises
    ------
    ValueError
        As `select`.
    """
    if view is not None and not isinstance(view, Mapping):
        raise ValueError(f"view is {view!r}; give a mapping such as x.view")
    for key in view or {}:
        known("key of view", key, DEFAULTS)
    whole = {**DEFAULTS, **(view or {})}
    known("view: by", whole["by"], PERIODS)
    known("view: counting", whole["counting"], (COUNTED, LISTED))
    known("view: series", whole["series"], [s.id for s in ed.series])
    if not isinstance(whole["search"], str):
        raise ValueError(f"view: search is {whole['search']!r}; give text")
    if whole["open"] is not None:
        known("view: open", whole["open"], ed.listed["incident_id"])
    whole["time"], whole["box"] = _time(whole["time"]), _box(whole["box"])
    whole["where"], whole["sort"] = _where(ed, whole["where"]), _sort(ed, whole["sort"])
    return whole


def _kind(column: pd.Series) -> str:
    name, kind = str(column.name), column.dtype
    if name not in _ALWAYS and not column.notna().any():
        return ""
    if name in DEGREES:
        return "degrees"
    if kind == TEXT:
        return "text" if name in TEXTS else "code"
    if kind.kind in _PLAIN:
        return _PLAIN[kind.kind]
    listed = kind.kind == "O" and column.map(lambda cell: isinstance(cell, tuple)).all()
    return "list" if listed and column.map(len).any() else ""


def _time(given: Any) -> list[str] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise ValueError(f"view: time is {given!r}; give its first and last day, or None")
    first, last = (day_of("view: time", day) for day in given)
    if last < first:
        raise ValueError(f"view: time ends ({last}) before it starts ({first})")
    return [date.isoformat(first), date.isoformat(last)]


def _box(given: Any) -> list[float] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or len(given) != 4 or not all(map(is_number, given)):
        raise ValueError(f"view: box is {given!r}; give west, south, east and north in degrees, or None")
    west, south, east, north = (round(float(v), _GRID) if math.isfinite(v) else math.inf for v in given)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(f"view: box is {given!r}; west to east lie within -180 and 180, south to north within 90")
    return [west, south, east, north]


def _where(ed: Edition, given: Any) -> dict[str, list[str | None]]:
    if not isinstance(given, Mapping):
        raise ValueError(f"view: where is {given!r}; give a mapping of column to values")
    columns = [c for c, kind in kinds(ed).items() if kind in ("code", "list") and c != COUNTED]
    found: dict[str, list[str | None]] = {}
    for column, wanted in given.items():
        known("view: where", column, columns)
        if not isinstance(wanted, (list, tuple)):
            raise ValueError(f"view: where {column} is {wanted!r}; give a list of values, in which None is unknown")
        there = [*values(ed, column), *ed.data.labels.get(column, {})]
        found[column] = [v if v is None else known(f"view: where {column}", v, there) for v in wanted]
    return found


def _sort(ed: Edition, given: Any) -> list[str]:
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise ValueError(f"view: sort is {given!r}; give a column, and up or down")
    return [known("view: sort", given[0], kinds(ed)), known("view: sort", given[1], (UP, DOWN))]
