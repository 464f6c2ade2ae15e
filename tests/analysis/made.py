"""Editions made of the founding campaign's schema and rows that a test lays out itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from editions import founding

from incident_report.analysis.edition import Edition
from incident_report.periods import Period

FOUNDING = founding()
Q2, Q3 = Period(2020, 2), Period(2020, 3)
ROCKET = {"attack_method": "rocket", "target_category": "military_base"}
CONVOY = {"attack_method": "ied_roadside", "target_category": "logistics_convoy"}


def spread(n: int, quarter: Period = Q3, **fields: Any) -> list[dict[str, Any]]:
    """`n` rows spread over a quarter's days."""
    step = quarter.days / max(n, 1)
    return [{"date": quarter.start + timedelta(days=int(i * step)), **ROCKET, **fields} for i in range(n)]


def tally(series: str, quarter: Period, count: int, tracker: str = "knights", **fields: Any) -> dict[str, Any]:
    """A whole quarter's count; `fields` may move its window."""
    return {
        "tracker": tracker, "series": series, "start": quarter.start, "end": quarter.end, "count": count,
        "bound": "exact", "unit": "attacks", "scope": "", "source": f"{tracker}-text", **fields,
    }  # fmt: skip


def edition(rows: list[dict[str, Any]], tallies: list[dict[str, Any]], **fields: Any) -> Edition:
    """An edition of 2020Q3 against 2020Q2 with just these rows and counts, files for both, and no story."""
    data = FOUNDING.data
    blank = data.incidents.iloc[:1]
    made = pd.concat([blank] * max(len(rows), 1), ignore_index=True).iloc[: len(rows)]
    for column in ("munition_count", "killed", "wounded", "us_killed", "us_wounded"):
        made[column] = pd.array([pd.NA] * len(made), dtype="Int64")
    made["techniques"], made["confidence"], made["outcome"] = [()] * len(made), "high", "carried_out"
    made = made.astype({c: object for c in ("attack_method", "target_category", "confidence", "outcome")})
    for i, row in enumerate(rows):
        for column, value in row.items():
            if column not in made:
                made[column] = pd.Series([""] * len(made), dtype=object)
            made.loc[i, column] = pd.Timestamp(value) if column == "date" else value
    made["quarter"] = [str(Period.of(d.date(), "quarter")) for d in made["date"]]
    made["counted"] = made["outcome"] == "carried_out"
    made = made.sort_values("date", kind="stable", ignore_index=True)
    made["incident_id"] = [f"R{i}" for i in range(len(made))]
    table = pd.DataFrame(tallies, columns=data.tallies.columns)
    table["tally_id"] = [f"T{i}" for i in range(len(table))]
    for column in ("start", "end", *_DOUBT):
        table[column] = pd.to_datetime(table[column])
    table["count"] = table["count"].astype("Int64")
    quarters = (str(Q2), str(Q3))
    covered: dict[str, tuple[date, date]] = {str(q): (q.start, q.end) for q in (Q2, Q3)}
    dataset = replace(data, incidents=made, tallies=table, quarters=quarters, coverage=covered, stories={})
    return Edition(dataset, Q3, Q2, **fields)


_DOUBT = ("start_earliest", "start_latest", "end_earliest", "end_latest")
