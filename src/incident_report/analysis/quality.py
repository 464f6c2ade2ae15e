"""What the documented data hold and lack: rows by outcome and confidence, fields known, sources used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data.model import CONFIDENCE
from incident_report.data.noted import told
from incident_report.periods import Period

OUTCOMES = ("carried_out", "found_before_launch", "disputed", "doubtful", "out_of_scope")
FEWEST_FOR_A_SILENCE = 5
RELIABILITY = ("A", "B", "C", "D", "E", "F")


def ledger(ed: Edition) -> pd.DataFrame:
    """How every listed row of every quarter was treated.

    Returns
    -------
    DataFrame
        One row a quarter with a file: quarter, listed, found_before_launch, disputed, doubtful,
        out_of_scope, below_floor, counted, high, medium, low (the last three split `counted`). All int;
        listed is the sum of the six after it.
    """
    rows = []
    for quarter in ed.quarters:
        if not ed.has_incidents_file(quarter):
            continue
        listed = ed.listed[ed.listed["quarter"] == str(quarter)]
        counted = ed.incidents(quarter)
        rows.append(
            {
                "quarter": str(quarter),
                "listed": len(listed),
                **{o: int((listed["outcome"] == o).sum()) for o in OUTCOMES[1:]},
                "below_floor": int(listed["counted"].sum()) - len(counted),
                "counted": len(counted),
                **{c: int((counted["confidence"] == c).sum()) for c in reversed(CONFIDENCE)},
            }
        )
    return pd.DataFrame(rows)


def not_counted(ed: Edition) -> pd.DataFrame:
    """Rows of the edition's quarter that are listed but not counted."""
    listed = ed.listed[ed.listed["quarter"] == str(ed.quarter)]
    return listed[~listed["incident_id"].isin(ed.incidents(ed.quarter)["incident_id"])].copy()


@dataclass(frozen=True)
class Known:
    """How many of a set of incidents say something about a field."""

    field: str
    known: int
    total: int


_FIELDS = (
    "munition_count",
    "killed",
    "wounded",
    "us_killed",
    "us_wounded",
    "intercepted",
    "techniques",
    "claimed_by",
    "latitude",
    "governorate",
)


def completeness(ed: Edition, quarter: Period | None = None) -> list[Known]:
    """For each field, how many counted incidents (of a quarter, or of all) have a value.

    Fields on US citizens are left out where no row of the campaign has one: they do not concern it.
    """
    rows, every = ed.incidents(quarter), ed.data.incidents
    result = []
    for column in _FIELDS:
        if column.startswith("us_") and not told(every, column).any():
            continue
        result.append(Known(column, int(told(rows, column).sum()), len(rows)))
    return result


def sources_used(ed: Edition, quarter: Period | None = None) -> pd.DataFrame:
    """Distinct sources behind counted incidents, by kind (rows) and reliability letter (columns).

    Returns
    -------
    DataFrame
        kind, one int column a letter that occurs, total; sorted by total, largest first.
    """
    used = {s for cell in ed.incidents(quarter)["sources"] for s in cell}
    rows = ed.data.sources[ed.data.sources["source_id"].isin(used)]
    letters = [x for x in RELIABILITY if (rows["reliability"] == x).any()]
    table = [
        {
            "kind": kind,
            **{x: int((group["reliability"] == x).sum()) for x in letters},
            "total": len(group),
        }
        for kind, group in rows.groupby("kind")
    ]
    frame = pd.DataFrame(table, columns=["kind", *letters, "total"])
    return frame.sort_values(["total", "kind"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Silence:
    """Days at the end of the covered part of a quarter without a documented attack.

    `chance` is the probability of so long a silence, had attacks come at the rate before it.
    """

    last: date
    days: int
    chance: float


def silence(ed: Edition, quarter: Period) -> Silence | None:
    """The silence that ends a quarter's file, None without at least five attacks.

    Poisson: exp(-rate × days), the rate being that of the days up to the last attack.
    """
    window, dates = ed.coverage(quarter), ed.incidents(quarter)["date"]
    if window is None or len(dates) < FEWEST_FOR_A_SILENCE:
        return None
    last = dates.max().date()
    days = (window.end - last).days
    return Silence(last, days, math.exp(-len(dates) / (window.days - days) * days))


@dataclass(frozen=True)
class Support:
    """How well the counted incidents of a quarter are sourced."""

    incidents: int
    two_or_more_sources: int
    with_reliable: int  # at least one source of letter A or B
    only_weak: int  # every source D or worse
    distinct_sources: int


def support(ed: Edition, quarter: Period) -> Support:
    """Count incidents by number and reliability of their sources."""
    letter = dict(zip(ed.data.sources["source_id"], ed.data.sources["reliability"], strict=True))
    sources = ed.incidents(quarter)["sources"]
    cells = [tuple(letter.get(s, "F") for s in row) for row in sources]
    return Support(
        incidents=len(cells),
        two_or_more_sources=sum(len(c) > 1 for c in cells),
        with_reliable=sum(any(x in "AB" for x in c) for c in cells),
        only_weak=sum(bool(c) and all(x >= "D" for x in c) for c in cells),
        distinct_sources=len(set[str]().union(*sources)),
    )
