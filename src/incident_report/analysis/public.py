"""Counting, crossing and sharing out any selection of incidents, for researchers' own questions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from incident_report.analysis.by_period import calendar, quarterly, tallied
from incident_report.analysis.change import compare
from incident_report.analysis.counts import BASES, DOCUMENTED, MONTH, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import known
from incident_report.analysis.rates import clopper_pearson, garwood
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.selection import chosen, column_of, known_day, tidy
from incident_report.data.model import TEXT
from incident_report.periods import UNITS, Window

PERIODS = ("quarter", "month", "week", "day")  # what the explorer can draw by
UNKNOWN = "unknown"  # head of the column of unknown values in a cross table


@result
def count(
    ed: Edition,
    rows: Result | pd.DataFrame | None = None,
    *,
    by: str = "quarter",
    basis: str = DOCUMENTED,
    series: str = "all",
) -> Outcome:
    """How many attacks, by period or by the values of a column, with exact limits.

    Parameters
    ----------
    ed : Edition
    rows : table of incidents, optional
        As from `where`; all counted incidents of the series if left out.
    by : str
        ``year``, ``quarter``, ``month``, ``week`` (from Monday) or ``day``; or a column such as ``attack_method``.
    basis : str
        ``documented`` (our rows) or ``tally`` (the headline tracker's published counts, by quarter or
        month, without `rows`); never added together.
    series : str
        Id of a series.

    Returns
    -------
    Result
        One row a period or value. `period` or the column's name; `start`, `end` (of a period); `days` that
        incident files cover; `count` (Int64) with `low` and `high`, Garwood's exact 95 % limits; the same
        per 30 covered days. A period that nothing covers has count NA, not 0; one that is covered and
        without attacks 0. A column's values stand by count, those of the record that the selection lacks
        with 0, unknown last as NA. ``.undated`` holds the ids that a week or day cannot be given.

    Raises
    ------
    ValueError
        For a period, column, basis or series that does not exist.

    Examples
    --------
    >>> count(ed, where(ed, series="logistics_convoy"), by="month")["count"].sum()  # doctest: +SKIP
    32
    """
    known("by", by, ["year", *PERIODS, *ed.listed.columns])
    one = ed.find_series(series).id
    if known("basis", basis, BASES) == TALLY:
        return _tallies(ed, rows, by, one)
    inside = ed.incidents(None, one)["incident_id"]
    kept = ed.incidents(None, one) if rows is None else chosen(ed, rows)
    if rows is not None and one != ed.campaign.all_series.id:
        kept = kept[kept["incident_id"].isin(inside)]
    if by not in ("year", *PERIODS):
        table = _by_value(ed, kept, column_of(ed, "by", by))
        return Outcome(table, kept["incident_id"], value=Counted())
    placed = known_day(kept) if by in ("week", "day") else kept
    table = _by_period(ed, placed, by)
    return Outcome(table, kept["incident_id"], value=Counted(tuple(kept.drop(placed.index)["incident_id"])))


class Counted:
    """What a count left out: `undated` holds the ids of rows whose day is not known."""

    def __init__(self, undated: tuple[str, ...] = ()) -> None:
        self.undated = undated


def versus(a: Mapping[str, Any] | pd.Series, b: Mapping[str, Any] | pd.Series) -> pd.DataFrame:
    """Compare the rates of two rows of a count table.

    Parameters
    ----------
    a, b : row of a table
        With `count` and `days`, as ``count(ed).iloc[-1]``.

    Returns
    -------
    DataFrame
        One row: both counts and days, `ratio` (a's rate over b's) with its exact 95 % limits, two-sided exact
        `p` (R's ``poisson.test``), and the `verdict` by the report's own rule, unadjusted: whoever makes
        several comparisons must judge p accordingly. Whether both counts were collected alike it does not
        ask; `compare` does, for the report's own series.

    Raises
    ------
    ValueError
        If a row lacks count or days, or its count is not known.

    Examples
    --------
    >>> versus({"count": 19, "days": 92}, {"count": 5, "days": 91})["verdict"].item()
    'rise'
    """
    one, other = _pair("a", a), _pair("b", b)
    test, verdict = compare(one, other)
    return pd.DataFrame(
        [
            {
                "count": one[0], "days": one[1], "base_count": other[0], "base_days": other[1],
                "ratio": test.ratio, "low": test.low, "high": test.high, "p": test.p, "verdict": verdict.value,
            }
        ]
    )  # fmt: skip


@result
def cross(ed: Edition, down: str, across: str, rows: Result | pd.DataFrame | None = None) -> Outcome:
    """How many attacks have each pair of values of two columns.

    Parameters
    ----------
    down, across : str
        Columns such as ``attack_method`` and ``target_category``. An attack with several values in a list
        column counts under each.
    rows : table of incidents, optional
        All counted ones if left out.

    Returns
    -------
    Result
        A row a value of `down` (unknown last, as NA), a column a value of `across` (then ``unknown``), both
        by frequency; `total` counts attacks, each once a row.

    Raises
    ------
    ValueError
        For a column that does not exist, or twice the same.

    Examples
    --------
    >>> cross(ed, "attack_method", "target_category")  # doctest: +SKIP
    """
    column_of(ed, "down", down)
    column_of(ed, "across", across)
    if down == across:
        raise ValueError(f"across is {across!r}, like down; cross two different columns")
    kept = chosen(ed, rows)
    first, second = _values(kept[down]), _values(kept[across])
    pairs = pd.DataFrame({"down": first}).join(pd.DataFrame({"across": second}))
    heads, wide = _order(first), [*_order(second), *([UNKNOWN] if second.isna().any() else [])]
    table: dict[str, list[Any]] = {down: heads + ([pd.NA] if first.isna().any() else [])}
    pairs = pairs.fillna({"across": UNKNOWN})
    groups = [pairs[pairs["down"].isna() if v is pd.NA else pairs["down"].eq(v).fillna(False)] for v in table[down]]
    for name in wide:
        table[str(name)] = [int(g["across"].eq(name).sum()) for g in groups]
    table["total"] = [int(g.index.nunique()) for g in groups]
    return Outcome(tidy(pd.DataFrame(table)), kept["incident_id"])


@result
def shares(ed: Edition, column: str, rows: Result | pd.DataFrame | None = None) -> Outcome:
    """What share of the attacks each value of a column has, as far as the column is known.

    Parameters
    ----------
    column : str
        Such as ``attributed_to`` or ``techniques`` (whose items need not add up to one).
    rows : table of incidents, optional
        All counted ones if left out.

    Returns
    -------
    Result
        `value`, `count`, `known` and `unknown` attacks, `share` of the known with `low` and `high` (Clopper and
        Pearson's exact 95 % limits), and `least` and `most`: the share of all attacks if none, or every one, of
        the unknown had the value.

    Raises
    ------
    ValueError
        For a column that does not exist.

    Examples
    --------
    >>> shares(ed, "intercepted")[["value", "share", "least", "most"]]  # doctest: +SKIP
    """
    kept = chosen(ed, rows)
    values = _values(kept[column_of(ed, "column", column)])
    total, informed = len(kept), int(values.dropna().index.nunique())
    records = []
    for value in _order(values):
        part = int(values.eq(value).sum())
        low, high = clopper_pearson(part, informed)
        records.append(
            {
                "value": value, "count": part, "known": informed, "unknown": total - informed,
                "share": part / informed, "low": low, "high": high,
                "least": part / total, "most": (part + total - informed) / total,
            }
        )  # fmt: skip
    columns = ["value", "count", "known", "unknown", "share", "low", "high", "least", "most"]
    return Outcome(tidy(pd.DataFrame(records, columns=columns)), kept["incident_id"])


def with_limits(table: pd.DataFrame) -> pd.DataFrame:
    """A table with `count` and `days`, with limits and rates added."""
    numbers = [None if pd.isna(n) else int(n) for n in table["count"]]
    limits = [(math.nan, math.nan) if n is None else garwood(n) for n in numbers]
    out = table.assign(count=pd.array(numbers, dtype="Int64"), low=[a for a, _ in limits], high=[b for _, b in limits])
    scale = MONTH / out["days"].where(out["days"] > 0).astype(float)
    return out.assign(
        per_30_days=out["count"].astype("Float64").astype(float) * scale,
        per_30_days_low=out["low"] * scale,
        per_30_days_high=out["high"] * scale,
    )


def windows(ed: Edition, by: str) -> Iterator[tuple[str, Window]]:
    """Label and days of every period from the first quarter known to the edition's last day."""
    if by in UNITS:
        yield from ((str(p), p.window) for p in calendar(ed, by))
        return
    step = timedelta(days=7 if by == "week" else 1)
    first, end = ed.quarters[0].start, ed.quarter.end
    first -= timedelta(days=first.weekday()) if by == "week" else timedelta()
    while first <= end:
        label = "{}-W{:02d}".format(*first.isocalendar()[:2]) if by == "week" else first.isoformat()
        yield label, Window(first, first + step - timedelta(days=1))
        first += step


def _by_period(ed: Edition, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    named = list(windows(ed, by))
    days = [ed.record().covered_days(w) for _, w in named]
    edges = pd.IntervalIndex.from_arrays(
        pd.DatetimeIndex([w.start for _, w in named]), pd.DatetimeIndex([w.end for _, w in named]), closed="both"
    )
    held = pd.Series(edges.get_indexer(pd.DatetimeIndex(rows["date"]))).value_counts()
    table = pd.DataFrame(
        {
            "period": pd.array([n for n, _ in named], dtype="string"),
            "start": edges.left,
            "end": edges.right,
            "days": days,
            "count": [int(held.get(i, 0)) if d else None for i, d in enumerate(days)],
        }
    )
    return with_limits(table)


def _by_value(ed: Edition, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    held = {value: len(part) for value, part in values_of(rows, column)}
    unknown = {pd.NA: held.pop(pd.NA)} if pd.NA in held else {}
    numbers = {**held, **{v: 0 for v in _order(_values(ed.counted[column])) if v not in held}, **unknown}
    days = ed.record().covered_days(Window(ed.quarters[0].start, ed.quarter.end))
    return with_limits(tidy(pd.DataFrame({column: list(numbers), "days": days, "count": list(numbers.values())})))


def _tallies(ed: Edition, rows: object, by: str, series: str) -> Outcome:
    if rows is not None or by not in UNITS:
        raise ValueError("a tally is a published count: it has no rows to choose from, and comes by quarter or month")
    made = quarterly(ed, TALLY, series) if by == ed.quarter.unit else tallied(ed, series, by)
    rows_made = [
        (c.period, c.window and c.window.start, c.window and c.window.end, c.days, c.count,
         None if c.count is None else c.bound)
        for c in made
    ]  # fmt: skip
    table = pd.DataFrame(rows_made, columns=["period", "start", "end", "days", "count", "bound"])
    table = table.astype({"period": "string", "bound": "string"})
    table[["start", "end"]] = table[["start", "end"]].apply(pd.to_datetime)
    bound = table.pop("bound")
    return Outcome(with_limits(table).assign(bound=bound), [r for c in made for r in c.rows], value=Counted())


def values_of(rows: pd.DataFrame, column: str) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Every value of a column with its rows, the most frequent first; unknown last, as NA."""
    values = _values(rows[column])
    for value in _order(values):
        yield value, rows.loc[values.index[values.eq(value).fillna(False)]]
    if values.isna().any():
        yield pd.NA, rows.loc[values.index[values.isna()]]


def _values(column: pd.Series) -> pd.Series:
    """A column's values, one a row of the index and item, NA where unknown."""
    if any(isinstance(v, tuple) for v in column):
        column = column.explode()
    return column if pd.api.types.is_numeric_dtype(column) or column.dtype.kind == "M" else column.astype(TEXT)


def _order(values: pd.Series) -> list[Any]:
    """The values that occur, the most frequent first, then by name."""
    held = values.dropna().value_counts()
    return sorted(held.index, key=lambda v: (-int(held[v]), v))


def _pair(name: str, row: Any) -> tuple[int, float]:
    try:
        number, days = row["count"], row["days"]
        if pd.isna(number) or pd.isna(days):
            raise ValueError(f"{name}: its count is not known, so there is nothing to compare")
        return int(number), float(days)
    except (KeyError, TypeError, IndexError):
        raise ValueError(f"{name} must be one row with count and days, as count(ed).iloc[-1]") from None
