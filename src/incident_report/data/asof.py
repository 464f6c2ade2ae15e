"""What was known on a day: later rows are hidden, so that an old edition can be rebuilt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from incident_report.data.rows import ById, Row
from incident_report.periods import Period

_DATED = {"incidents": "date", "tallies": "end", "context": "date", "posture": "date"}  # tables, and a row's own day


def hide(tables: Mapping[str, Sequence[Row]], day: date) -> dict[str, Sequence[Row]]:
    """The tables as they were known on a day."""
    published = publication_days(tables["sources"])
    left: dict[str, Sequence[Row]] = {}
    left |= {name: known(tables[name], day, column, published) for name, column in _DATED.items()}
    shown = {"", *ById(left["incidents"])}
    left |= {name: heard(tables[name], day, shown, published) for name in ("evidence", "open_questions")}
    left["double_coding"] = [r for r in tables["double_coding"] if r.values["incident_id"] in shown]
    left["search_protocol"] = [r for r in tables["search_protocol"] if Period.parse(r.values["quarter"]).start <= day]
    left["method_log"] = logged(tables["method_log"], day)
    return {**tables, **left}


def known(rows: Sequence[Row], day: date, column: str, published: Mapping[str, date]) -> list[Row]:
    """Rows that were known on a day.

    A row is hidden when its own date lies later, or when every one of its sources whose full date of
    publication is known was published later. Sources without a full date hide nothing.

    Parameters
    ----------
    rows : sequence of Row
        With the values `column` (date) and `sources` (tuple) or `source` (str).
    day : date
        The last day that counts as known.
    column : str
        Column with the row's own date (of a tally: the last day it counts).
    published : mapping source id -> day
        Only sources whose full date is known.
    """
    return [r for r in rows if r.values[column] <= day and _out(r, "source", day, published)]


def heard(rows: Sequence[Row], day: date, shown: Collection[str], published: Mapping[str, date]) -> list[Row]:
    """Evidence or questions on rows that are shown, from sources that were out by then."""
    return [r for r in rows if r.values.get("incident_id", "") in shown and _out(r, "source_id", day, published)]


def _out(row: Row, column: str, day: date, published: Mapping[str, date]) -> bool:
    """Whether one of a row's sources was out by then, or none has a full date."""
    cited = row.values.get("sources") or (row.values.get(column, ""),)
    dates = [published[s] for s in cited if s in published]
    return not dates or min(dates) <= day


def logged(rows: Sequence[Row], day: date) -> list[Row]:
    """Lines of the method log up to a day; what has no date stays."""
    return [r for r in rows if (r.values.get("date") or "") <= day.isoformat()]


def publication_days(sources: Sequence[Row]) -> dict[str, date]:
    """Day of publication by source id, where the full date is known."""
    days = {}
    for row in sources:
        text = row.values.get("published") or ""
        if len(text) == 10:
            try:
                days[row.values["source_id"]] = date.fromisoformat(text)
            except ValueError:
                continue  # reported with the row
    return days


def clip(coverage: Mapping[str, tuple[date, date]], day: date) -> dict[str, tuple[date, date]]:
    """Coverage up to a day; quarters that had not begun are dropped."""
    return {q: (start, min(end, day)) for q, (start, end) in coverage.items() if start <= day}
