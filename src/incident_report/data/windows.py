"""The windows of published tallies: their days, and how far these are known."""

from __future__ import annotations

from collections.abc import Sequence
from operator import gt, lt

from incident_report.data.rows import Report, Row

# How far a day is known: the column, the day itself, and how the two may not stand.
_LIMITS = (
    ("start_earliest", "start", gt), ("start_latest", "start", lt),
    ("end_earliest", "end", gt), ("end_latest", "end", lt),
)  # fmt: skip


def check(tallies: Sequence[Row], report: Report) -> None:
    """Report windows that run backwards, and ranges that do not hold their own best guess.

    Earliest and latest days that are empty are filled with the day itself: the window is as stated.
    """
    for row in tallies:
        start, end = row.values.get("start"), row.values.get("end")
        for name, column, wrong in _LIMITS:
            day, limit = row.values.get(column), row.values.get(name)
            if limit is None:
                row.values[name] = day
            elif day and wrong(limit, day):
                report(row.fault(name, f"leaves out the {column} itself, {day}; widen the range or move the day"))
        first, last = row.values["start_latest"], row.values["end_earliest"]
        if not (start and end):
            continue
        if end < start:
            report(row.fault("end", f"lies before the start, {start}"))
        elif last < first:
            report(row.fault("end_earliest", f"lies before the latest start, {first}"))
