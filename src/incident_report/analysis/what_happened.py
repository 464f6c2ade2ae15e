"""What happened: attacks by day, where, on what, by whom, and around dated events."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.evidence import rivals_by_cell
from incident_report.analysis.places import located
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.timing import Around, around, dated, events
from incident_report.data.model import TEXT, Series
from incident_report.periods import Period

_AROUND = [
    "date", "event", "before", "days_before", "after", "days_after", "ratio", "low", "high", "p_adjusted", "verdict",
]  # fmt: skip
OTHER = "other"  # attacks in none of the campaign's series


def series_of(rows: pd.DataFrame, series: tuple[Series, ...]) -> pd.Series:
    """The first series of the campaign that each row belongs to, or `OTHER`."""
    found = pd.Series(OTHER, index=rows.index, dtype=TEXT)
    for one in reversed(series):
        inside = pd.Series(True, index=rows.index)
        for column, allowed in one.where.items():
            inside &= rows[column].isin(allowed)
        found[inside] = one.id
    return found


@result
def days(ed: Edition, *, periods: int = 1) -> Outcome:
    """Every documented attack with a known day, in the last periods.

    Returns
    -------
    Result
        One row an attack: date, series (`OTHER` outside all), incident_id; by date. `value` is the
        number of attacks whose day is not known.
    """
    first = ed.quarters[-max(periods, 1) :][0]
    rows = dated(ed)
    rows = rows[rows["date"] >= pd.Timestamp(first.start)]
    every = ed.incidents()
    every = every[every["date"] >= pd.Timestamp(first.start)]
    table = pd.DataFrame(
        {"date": rows["date"], "series": series_of(rows, ed.campaign.series), "incident_id": rows["incident_id"]}
    ).sort_values(["date", "series", "incident_id"], ignore_index=True)
    return Outcome(table, table["incident_id"], value=len(every) - len(rows))


@result
def dates(ed: Edition, *, most: int = 5) -> Outcome:
    """Dated events of the quarter that the campaign marks for charts, at most so many, the latest kept.

    Returns
    -------
    Result
        Columns date, label, source.
    """
    rows = events(ed, ed.quarter.window).tail(most)
    return Outcome(rows[["date", "label", "source"]].reset_index(drop=True), value=len(rows))


@result
def places(ed: Edition, *, period: str = "") -> Outcome:
    """Where the documented attacks of a period fell, at the precision of the data.

    Returns
    -------
    Result
        One row a place and series: place, precision (``site`` or ``governorate``), latitude,
        longitude, series, count, rows (ids, spaced); largest first. `value` is the number of attacks
        without any place to draw.
    """
    rows = ed.incidents(ed.asked(period))
    parts, lost = [], 0
    of = series_of(rows, ed.campaign.series)
    for series, labels in of.groupby(of, sort=True).groups.items():
        points, unlocated = located(ed, rows.loc[labels])
        lost += len(unlocated)
        parts.append(points.assign(series=str(series)))
    names = ["place", "precision", "latitude", "longitude", "series"]
    if parts:
        spots = pd.concat(parts, ignore_index=True).groupby(names, as_index=False)
        table = spots.agg(count=("count", "sum"), rows=("rows", lambda ids: " ".join(i for one in ids for i in one)))
    else:
        table = pd.DataFrame(columns=[*names, "count", "rows"])
    table = table.sort_values(["count", "place", "series"], ascending=[False, True, True], ignore_index=True)
    return Outcome(table, rows["incident_id"], value=lost)


@result
def areas(ed: Edition, *, period: str = "") -> Outcome:
    """Documented attacks by governorate and series; ``governorate`` is NA where none is recorded."""
    rows = ed.incidents(ed.asked(period))
    where = rows["governorate"]
    table = (
        pd.DataFrame({"governorate": where, "series": series_of(rows, ed.campaign.series)})
        .value_counts(dropna=False)
        .reset_index(name="count")
        .sort_values(["count", "governorate", "series"], ascending=[False, True, True], ignore_index=True)
    )
    return Outcome(table, rows["incident_id"], value=len(rows))


@result
def targets(ed: Edition, *, period: str = "") -> Outcome:
    """Documented attacks by target and method, most frequent first; an unrecorded field is NA.

    Returns
    -------
    Result
        target_category, attack_method, count, disputed (attacks of which a source gives another target or method),
        rivals (these, spaced). `value` is the number of attacks.
    """
    rows = ed.incidents(ed.asked(period))
    columns = ["target_category", "attack_method"]
    given = rivals_by_cell(ed.data)
    other = [[v for c in columns for v in given.get((i, c), ())] for i in rows["incident_id"]]
    rows = rows.assign(disputed=[bool(v) for v in other], rivals=[" ".join(v) for v in other])
    rows = rows[["incident_id", *columns, "disputed", "rivals"]]
    table = rows.groupby(columns, dropna=False, as_index=False).agg(
        count=("incident_id", "size"),
        disputed=("disputed", "sum"),
        rivals=("rivals", lambda given: " ".join(dict.fromkeys(" ".join(given).split()))),
    )
    table = table.sort_values(["count", *columns], ascending=[False, True, True], ignore_index=True)
    return Outcome(table, rows["incident_id"], value=len(rows))


@result
def responsibility(ed: Edition, *, period: str = "") -> Outcome:
    """Documented attacks by the name under which they were claimed; unclaimed ones as NA, last."""
    rows = ed.incidents(ed.asked(period))
    names = rows["claimed_by"]
    table = (
        pd.DataFrame({"claimed_by": names})
        .value_counts(dropna=False)
        .reset_index(name="count")
        .sort_values(["count", "claimed_by"], ascending=[False, True], ignore_index=True)
    )
    table = pd.concat([table.dropna(subset=["claimed_by"]), table[table["claimed_by"].isna()]], ignore_index=True)
    return Outcome(table, rows["incident_id"], value=int(names.notna().sum()))


@result
def around_events(ed: Edition, *, days: int = 14, series: str = "all") -> Outcome:
    """Documented attacks in equal windows before and after every marked event, Holm-adjusted together.

    Raises
    ------
    ValueError
        If `days` is less than 1.
    """
    if days < 1:
        raise ValueError(f"days is {days}; it must be 1 or more")
    made = tuple(around(ed, series, days))
    table = pd.DataFrame(
        [
            {
                "date": pd.Timestamp(a.day), "event": a.label, "before": a.before, "days_before": a.days_before,
                "after": a.after, "days_after": a.days_after, "ratio": a.test.ratio, "low": a.test.low,
                "high": a.test.high, "p_adjusted": a.p_adjusted, "verdict": a.verdict.value,
            }
            for a in made
        ],
        columns=_AROUND,
    )  # fmt: skip
    return Outcome(table, [r for a in made for r in a.rows], value=made)


@dataclass(frozen=True)
class GroupsFact:
    """Who claimed the quarter's documented attacks."""

    made: Result
    attacks: int
    suspected: int  # attacks for which the record says who is suspected
    authors: tuple[str, ...]  # by what names, most frequent first

    @property
    def claimed(self) -> int:
        """Attacks for which the sources mention a claim."""
        return int(self.made.value)

    @property
    def names(self) -> tuple[str, ...]:
        """Names under which attacks were claimed, most frequent first."""
        return tuple(str(n) for n in self.made["claimed_by"].dropna())


def groups_fact(ed: Edition) -> GroupsFact:
    """Claims of responsibility in the edition's quarter."""
    rows = ed.incidents(ed.quarter)
    named = rows["attributed_to"].dropna()
    authors = sorted(named.value_counts().items(), key=lambda pair: (-pair[1], str(pair[0])))
    return GroupsFact(responsibility(ed), len(rows), len(named), tuple(str(name) for name, _ in authors))


@dataclass(frozen=True)
class Pair:
    """Attacks on one kind of target by one method; None where a field is not recorded."""

    target: str | None
    method: str | None
    count: int
    disputed: int = 0
    rivals: tuple[str, ...] = ()  # other targets or methods that sources give


@dataclass(frozen=True)
class TargetsFact:
    """What was attacked, and how, in the quarter's documented attacks."""

    made: Result
    attacks: int

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Target and method, most frequent first."""
        rows = self.made.table.itertuples(index=False, name=None)
        return tuple(
            Pair(None if pd.isna(t) else str(t), None if pd.isna(m) else str(m), int(n), int(d), tuple(r.split()))
            for t, m, n, d, r in rows
        )

    @property
    def disputed(self) -> tuple[Pair, ...]:
        """Those with attacks of which a source gives another target or method."""
        return tuple(p for p in self.pairs if p.disputed)

    @property
    def means(self) -> bool:
        """Whether the method of any attack is told; some campaigns code none."""
        return any(p.method not in (None, "other", "unknown") for p in self.pairs)

    @property
    def alone(self) -> bool:
        """Whether one pair stands out: at least half as frequent again as every other."""
        most = [p.count for p in self.pairs[:2]]
        return len(most) == 1 or (len(most) == 2 and 2 * most[0] >= 3 * most[1])


def targets_fact(ed: Edition) -> TargetsFact:
    """Targets and methods of the edition's quarter."""
    return TargetsFact(targets(ed), len(ed.incidents(ed.quarter)))


@dataclass(frozen=True)
class EventsFact:
    """Documented attacks before and after the quarter's marked events."""

    made: Result
    period: Period

    @property
    def of_quarter(self) -> tuple[Around, ...]:
        """Events of the quarter itself, by date."""
        return tuple(a for a in self.made if a.day in self.period.window)

    @property
    def clear(self) -> tuple[Around, ...]:
        """Those with a clear rise or fall after them."""
        return tuple(a for a in self.of_quarter if a.verdict in (Verdict.RISE, Verdict.FALL))

    @property
    def told(self) -> tuple[Around, ...]:
        """Those that a text tells of: with a clear difference, or else the latest."""
        return self.clear or self.of_quarter[-1:]

    @property
    def comparable(self) -> bool:
        """Whether others' counts show that the record kept pace around any of them."""
        return any(a.verdict is not Verdict.NOT_COMPARABLE for a in self.of_quarter)


def events_fact(ed: Edition, days: int = 14) -> EventsFact:
    """Marked events with equal windows of `days` on either side."""
    return EventsFact(around_events(ed, days=days), ed.quarter)
