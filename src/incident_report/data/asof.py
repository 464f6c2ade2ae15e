"""What was known on a day: later rows are hidden, so that an old edition can be rebuilt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from incident_report.data.tables import Row


def known(rows: list[Row], day: date, column: str, published: Mapping[str, date]) -> list[Row]:
    """Rows that were known on a day.

    A row is hidden when its own date lies later, or when every one of its sources whose full date of
    publication is known was published later. Sources without a full date hide nothing.

    Parameters
    ----------
    rows : list of Row
        With the values `column` (date) and `sources` (tuple) or `source` (str).
    day : date
        The last day that counts as known.
    column : str
        Column with the row's own date (of a tally: the last day it counts).
    published : mapping source id -> day
        Only sources whose full date is known.
    """
    kept = []
    for row in rows:
        cited = row.values.get("sources") or (row.values["source"],)
        dates = [published[s] for s in cited if s in published]
        if row.values[column] <= day and (not dates or min(dates) <= day):
            kept.append(row)
    return kept


def heard(rows: list[Row], day: date, shown: Collection[str], published: Mapping[str, date]) -> list[Row]:
    """Evidence or questions on rows that are shown, from sources that were out by then."""
    kept = []
    for row in rows:
        cited = row.values.get("sources") or (row.values.get("source_id", ""),)
        dates = [published[s] for s in cited if s in published]
        if row.values.get("incident_id", "") in shown and (not dates or min(dates) <= day):
            kept.append(row)
    return kept


def logged(rows: list[Row], day: date) -> list[Row]:
    """Lines of the method log up to a day; what has no date stays."""
    return [r for r in rows if (r.values.get("date") or "") <= day.isoformat()]


def publication_days(sources: list[Row]) -> dict[str, date]:
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
