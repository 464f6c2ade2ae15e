"""The windows of published tallies: their days, and how far these are known."""

from __future__ import annotations

from incident_report.data.tables import Report, Row


def check(tallies: list[Row], report: Report) -> None:
    """Report windows that run backwards, and ranges that do not hold their own best guess.

    Earliest and latest days that are empty are filled with the day itself: the window is as stated.
    """
    for row in tallies:
        start, end = row.values.get("start"), row.values.get("end")
        for column, day in (("start", start), ("end", end)):
            for name, wrong in ((f"{column}_earliest", int.__gt__), (f"{column}_latest", int.__lt__)):
                limit = row.values.get(name)
                if limit is None:
                    row.values[name] = day
                elif day and wrong(limit.toordinal(), day.toordinal()):
                    report(row.fault(name, f"leaves out the {column} itself, {day}; widen the range or move the day"))
        first, last = row.values["start_latest"], row.values["end_earliest"]
        if not (start and end):
            continue
        if end < start:
            report(row.fault("end", f"lies before the start, {start}"))
        elif last < first:
            report(row.fault("end_earliest", f"lies before the latest start, {first}"))
