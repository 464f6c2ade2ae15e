"""Which incidents: rows chosen by a condition, and handed from one question to the next.

A selection is a table with a column `incident_id`; every question about it reads the edition's own rows
with those ids, so that a recorded call can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.names import known
from incident_report.analysis.result import Outcome, Result, result
from incident_report.data.conditions import GROUPS, TESTS, matches, problems


@dataclass(frozen=True)
class Selection:
    """What a condition left open.

    Attributes
    ----------
    untold : tuple of str
        Ids of rows for which the condition cannot be told, because a column that it reads is empty.
    """

    untold: tuple[str, ...] = ()


@result
def where(ed: Edition, condition: Any = None, *, listed: bool = False, **columns: Any) -> Outcome:
    """Incidents that fulfil a condition, in the language of the YAML files.

    Parameters
    ----------
    ed : Edition
    condition : mapping or str, optional
        Such as ``{"any": [{"killed": {"at_least": 1}}, {"wounded": {"at_least": 1}}]}``.
    listed : bool
        Also incidents that are listed and not counted (found before launch, disputed, below the floor).
    **columns
        Tests by column, all of which must hold: a value, a list of values or a test such as
        ``killed={"at_least": 1}``, ``date={"at_least": "2020-07-01", "at_most": "2020-07-31"}`` or
        ``place={"contains": "Green Zone"}``; None in a list takes rows where the column is empty;
        ``series="rocket_drone"``; ``search="embassy katyusha"`` looks for words in every text of a row.

    Returns
    -------
    Result
        The rows, oldest first, unknown text as NA like unknown numbers; ``.untold`` holds the ids of rows
        for which the condition cannot be told, which are left out.

    Raises
    ------
    ValueError
        For a column, series or value that does not exist (the message lists those that do), or a test
        that cannot be read.

    Examples
    --------
    >>> len(where(ed, series="logistics_convoy", governorate="Baghdad"))  # doctest: +SKIP
    8
    """
    frame = ed.listed if listed else ed.counted
    tests = {k: _list(v) for k, v in columns.items()}
    parts = [p for p in (_list(condition) if condition is not None else None, tests or None) if p]
    wanted: Any = {"all": parts} if len(parts) > 1 else parts[0] if parts else "everything"
    _check(ed, wanted)
    answer = matches(frame, wanted, ed.series)
    kept = frame[answer.fillna(False).astype(bool)]
    untold = tuple(frame.loc[answer.isna(), "incident_id"])
    return Outcome(tidy(kept), kept["incident_id"], value=Selection(untold))


def chosen(ed: Edition, rows: Result | pd.DataFrame | None) -> pd.DataFrame:
    """The edition's own rows behind a selection; all counted ones where there is none.

    Raises
    ------
    ValueError
        If the table holds no incidents, or incidents that the edition does not have.
    """
    if rows is None:
        return ed.counted
    if not isinstance(rows, (Result, pd.DataFrame)) or "incident_id" not in rows.columns:
        raise ValueError("rows must be a table with a column incident_id, as where(ed, …) gives it")
    ids, own = [str(i) for i in rows["incident_id"]], ed.listed
    if missing := sorted(set(ids) - set(own["incident_id"])):
        raise ValueError(f"rows holds incidents that the edition does not have, such as {missing[0]}")
    return own[own["incident_id"].isin(ids)]


def known_day(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose day is known; others are known to the week, month or more only."""
    return rows[rows["date_precision"].fillna("day") == "day"]


def column_of(ed: Edition, parameter: str, name: str) -> str:
    """The name of a column that incidents have.

    Raises
    ------
    ValueError
        If they have none of that name; a selection is read by its ids, so columns of one's own do not count.
    """
    return known(parameter, name, [c for c in ed.listed.columns if c != "incident_id"])


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of rows for people, numbered from 0."""
    return frame.reset_index(drop=True)


def _check(ed: Edition, condition: Any) -> None:
    """Refuse what does not exist, column by column, then whatever else is wrong."""
    _names(ed, condition)
    for problem in problems(condition, list(ed.listed.columns), series_ids=[s.id for s in ed.series]):
        raise ValueError(f"condition: {problem}")


def _names(ed: Edition, condition: Any) -> None:
    if not isinstance(condition, Mapping):
        return
    for name, part in condition.items():
        if name in GROUPS:
            for inner in part if isinstance(part, list) else [part]:
                _names(ed, inner)
        elif name == "series":
            for value in part if isinstance(part, list) else [part]:
                ed.find_series(value)
        else:
            if known("column", name, [*ed.listed.columns, "series", "search"]) != "search":
                _values(ed, str(name), part)


def _values(ed: Edition, name: str, part: Any) -> None:
    """A value must occur in the data or be declared by the schema; a search or a limit need not find any."""
    if isinstance(part, Mapping):
        known(f"test of {name}", next((k for k in part if k != "otherwise"), ""), TESTS)
        part = part.get("in", part.get("has", []))
    allowed = sorted({*_held(ed, name), *ed.data.labels.get(name, {})} - {""})
    for value in part if isinstance(part, list) else [part]:
        if value is not None:
            known(name, value, allowed)


def _held(ed: Edition, name: str) -> set[str]:
    """Values of a column: of quarters all with a file, of governorates all on the map, attacked or not."""
    if name == "quarter":
        return {q for q in ed.data.quarters if q <= str(ed.quarter)}
    held = set(ed.data.incidents[name].explode().dropna().astype(str))
    return held | set(ed.data.places["governorate"].astype(str)) if name == "governorate" else held


def _list(part: Any) -> Any:
    """Tuples and sets as lists, as YAML has them."""
    if isinstance(part, Mapping):
        return {str(k): _list(v) for k, v in part.items()}
    return [_list(v) for v in part] if isinstance(part, (list, tuple, set, frozenset)) else part
