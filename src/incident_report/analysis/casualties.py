"""Who was hurt: people killed and wounded by attack and period, as ranges, with what reports do not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from incident_report.analysis import evidence
from incident_report.analysis.edition import Edition
from incident_report.analysis.evidence import text
from incident_report.analysis.harm import FIELDS, Share, any_casualty, interception, share_of
from incident_report.analysis.names import known
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.sophistication import filed
from incident_report.periods import Period

_COLUMNS = ["period", "date", "incident_id", "place", "attack_method", "low", "best", "high", "wider", "rejected"]


@dataclass(frozen=True)
class PeriodToll:
    """One period's number of people.

    Attributes
    ----------
    attacks, told, none : int
        Counted attacks; those whose reports give a number; those whose reports give none hurt.
    low, best, high : int
        Over conflicting reports; `best` as coded.
    """

    period: str
    attacks: int
    told: int
    none: int
    low: int
    best: int
    high: int

    @property
    def silent(self) -> int:
        """Attacks whose reports do not give a number."""
        return self.attacks - self.told

    @property
    def known(self) -> bool:
        """Whether reports of any attack give a number."""
        return self.told > 0


@dataclass(frozen=True)
class Event:
    """One attack that hurt somebody: day, place (in a sentence `plain`), method as coded, how many by which reports."""

    incident_id: str
    day: date
    place: str
    plain: str
    attack_method: str
    low: int
    best: int
    high: int


@result
def toll(ed: Edition, *, field: str = "killed", series: str = "all") -> Outcome:
    """Attacks that hurt anybody, each with the range over its reports, in every quarter with a file.

    Parameters
    ----------
    field : str
        ``killed``, ``wounded``, ``us_killed`` or ``us_wounded``.

    Returns
    -------
    Result
        period, date, incident_id, place, attack_method, low, best, high, wider and rejected (reports with
        another number, which do and do not widen the range: ``number:source``, spaced); by date. `value` is a
        tuple of `PeriodToll`.

    Raises
    ------
    ValueError
        If there is no such field.
    """
    known("field", field, FIELDS)
    periods, events = [], []
    for quarter in filed(ed):
        rows = ed.incidents(quarter, series)
        told = rows[rows[field].notna()]
        numbers = _ranges(ed, told, field)
        sums = [int(numbers[c].sum()) for c in ("low", "best", "high")]
        periods.append(PeriodToll(str(quarter), len(rows), len(told), int((numbers["high"] == 0).sum()), *sums))
        found = pd.concat([told[["date", "incident_id", "place", "attack_method"]], numbers], axis=1)
        events.append(found[found["high"] > 0].assign(period=str(quarter)))
    table = pd.concat(events, ignore_index=True)[_COLUMNS] if events else pd.DataFrame(columns=_COLUMNS)
    return Outcome(table, table["incident_id"], value=tuple(periods))


def _ranges(ed: Edition, told: pd.DataFrame, field: str) -> pd.DataFrame:
    """`_range` of each attack; where no source says otherwise it is the number on file."""
    made = pd.DataFrame({c: told[field].astype(int) for c in ("low", "best", "high")}, index=told.index)
    made = made.assign(wider="", rejected="")
    other = told[told["incident_id"].isin(evidence.counted_elsewhere(ed.data, field))]
    for at, found in zip(other.index, evidence.tolls(ed.data, other, field), strict=True):
        made.loc[at] = _range(found)
    return made


def _range(found: evidence.Toll) -> tuple[int, int, int, str, str]:
    """One attack's number over its reports, and the reports that do and do not widen it."""
    other = [" ".join(f"{r[1]}:{r[2]}" for r in reports) for reports in (found.wider, found.rejected)]
    return found.low, found.best, found.high, other[0], other[1]


@result
def killed(ed: Edition, *, periods: int = 8) -> Outcome:
    """People killed, by period, attack and whether they were American: what a chart of deaths draws.

    Returns
    -------
    Result
        period, incident_id, who (``american``, ``other``; ``uncoded`` where the field is empty;
        ``possible`` for deaths that only some reports give), count. `value` is a tuple of `PeriodToll`
        of the last periods, as far as they have a file.
    """
    made = toll(ed)
    drawn = {str(q) for q in ed.quarters[-max(periods, 1) :]}
    shown = tuple(t for t in made.value if t.period in drawn)
    rows = made.table
    rows = rows[rows["period"].isin([t.period for t in shown])]
    american = ed.listed.set_index("incident_id")["us_killed"]
    parts = []
    for row in rows.to_dict("records"):
        own = american[row["incident_id"]]
        best = int(row["best"])
        split = {"uncoded": best} if pd.isna(own) else {"american": int(own), "other": best - int(own)}
        for who, count in {**split, "possible": int(row["high"]) - best}.items():
            if count > 0:
                parts.append((row["period"], row["incident_id"], who, count))
    table = pd.DataFrame(parts, columns=["period", "incident_id", "who", "count"])
    return Outcome(table, rows["incident_id"], value=shown)


HURT = ["period", "attacks", "hurt", "none", "silent", "low", "high"]


@result
def hurt(ed: Edition, *, who: str = "all", series: str = "all") -> Outcome:
    """Attacks that hurt anybody, that hurt nobody, and of which reports do not say, by quarter.

    Parameters
    ----------
    who : str
        ``all`` or ``us``.

    Returns
    -------
    Result
        period, attacks, hurt, none, silent, low, high (exact 95 % interval of the share of the known; NA
        where a field is stated nowhere, so that no answer could be a no). `value` is the `Share` of the
        edition's quarter, None where it has no file. No row where the record holds deadly attacks alone.

    Raises
    ------
    ValueError
        If `who` is neither.
    """
    known("who", who, ("all", "us"))
    if ed.campaign.only_deadly:  # a share of deadly attacks is that of the source's rule, not of the attacks
        return Outcome(pd.DataFrame(columns=HURT), value=None)
    made = []
    now: Share | None = None
    prefix = "us_" if who == "us" else ""
    for quarter in filed(ed):
        rows = ed.incidents(quarter, series)
        one = share_of(rows, (rows[f"{prefix}killed"] > 0) | (rows[f"{prefix}wounded"] > 0))
        now = one if quarter == ed.quarter else now
        limits = share_of(rows, any_casualty(rows, prefix)).limits
        made.append((str(quarter), one.attacks, one.part, one.none, one.silent, *limits))
    table = pd.DataFrame(made, columns=HURT)
    return Outcome(table, ed.incidents(None, series)["incident_id"], value=now)


@result
def intercepted(ed: Edition, *, period: str = "") -> Outcome:
    """What reports say of interception in a period: one row an answer as coded, the silent ones as NA."""
    found = interception(ed, "all", ed.asked(period))
    rows = [*found.values.items(), (pd.NA, found.attacks - found.known)]
    return Outcome(pd.DataFrame(rows, columns=["intercepted", "count"]), found.rows, value=found)


@dataclass(frozen=True)
class People:
    """People killed or wounded: the quarter's number as a range, what reports leave open, and the attacks behind it.

    `low`, `best` and `high` are unknown (None) where no report of the quarter gives a number.
    """

    made: Result
    period: str

    def of(self, period: str) -> PeriodToll | None:
        """A period's toll; None where it has no incidents file."""
        return next((t for t in self.made.value if t.period == period), None)

    @property
    def now(self) -> PeriodToll:
        """The quarter's toll; without a file, nothing is known of it."""
        return self.of(self.period) or PeriodToll(self.period, 0, 0, 0, 0, 0, 0)

    @property
    def known(self) -> bool:
        """Whether reports of any attack of the quarter give a number."""
        return self.now.known

    @property
    def ever(self) -> bool:
        """Whether reports of any attack on file give a number."""
        return any(t.known for t in self.made.value)

    @property
    def low(self) -> int | None:
        """The lowest number that reports allow."""
        return self.now.low if self.known else None

    @property
    def reported(self) -> int | None:
        """The number as coded: the best supported one."""
        return self.now.best if self.known else None

    @property
    def high(self) -> int | None:
        """The highest number that a report gives."""
        return self.now.high if self.known else None

    @property
    def stated_none(self) -> int:
        """Attacks whose reports say that there were none."""
        return self.now.none

    @property
    def silent(self) -> int:
        """Attacks whose reports do not say."""
        return self.now.silent

    @property
    def attacks(self) -> int:
        """Counted attacks of the quarter."""
        return self.now.attacks

    @property
    def events(self) -> tuple[Event, ...]:
        """The quarter's attacks that hurt somebody, largest first; ties by date and id."""
        return self._events([self.period])

    def _events(self, periods: list[str]) -> tuple[Event, ...]:
        rows, data = self.made.table, self.made.edition.data
        rows = rows[rows["period"].isin(periods)].sort_values(
            ["best", "high", "date", "incident_id"], ascending=[False, False, True, True]
        )
        return tuple(
            Event(
                str(r["incident_id"]), r["date"].date(), text(r["place"]), data.plain_place(text(r["place"])),
                str(r["attack_method"]), int(r["low"]), int(r["best"]), int(r["high"]),
            )
            for r in rows.to_dict("records")
        )  # fmt: skip

    def worst(self, periods: int = 8) -> tuple[Event, ...]:
        """What a chart names: the largest attack of the last periods on file, and the quarter's own."""
        last = {str(q) for q in self.made.edition.quarters[-max(periods, 1) :]}
        every = self._events([t.period for t in self.made.value if t.period in last])
        return tuple(dict.fromkeys(e for e in (_alone(every), self.largest) if e is not None))

    @property
    def rows(self) -> tuple[str, ...]:
        """Ids of those attacks."""
        return tuple(e.incident_id for e in self.events)

    @property
    def begins(self) -> Period:
        """The first period on file."""
        return Period.parse(self.made.value[0].period) if self.made.value else Period.parse(self.period)

    @property
    def drawn(self) -> bool:
        """Whether a chart shows more than a sentence says: several people, or more quarters than one."""
        return bool(self.made.rows) and (len(self.made.value) > 1 or (self.high or 0) > 1)

    @property
    def largest(self) -> Event | None:
        """The one attack that hurt most; None where there is none, or where several tie."""
        return _alone(self.events)

    @property
    def before(self) -> tuple[PeriodToll, ...]:
        """Earlier periods on file of which something is known."""
        return tuple(t for t in self.made.value if t.period < self.period and t.known)

    def since(self, period: str = "") -> list[int | None]:
        """Numbers as coded from a period (default: the first known) to the quarter's."""
        found = [t for t in self.made.value if t.period <= self.period]
        first = period or next((t.period for t in found if t.known), self.period)
        return [t.best if t.known else None for t in found if t.period >= first]


def _alone(events: tuple[Event, ...]) -> Event | None:
    """The first of events in falling order, unless the next is as large."""
    alone = len(events) == 1 or (len(events) > 1 and events[0].best > max(1, events[1].best))
    return events[0] if alone else None


def deaths_fact(ed: Edition) -> People:
    """People killed."""
    return People(toll(ed, field="killed"), str(ed.quarter))


def wounded_fact(ed: Edition) -> People:
    """People wounded."""
    return People(toll(ed, field="wounded"), str(ed.quarter))


def us_deaths_fact(ed: Edition) -> People:
    """Americans killed."""
    return People(toll(ed, field="us_killed"), str(ed.quarter))


def us_wounded_fact(ed: Edition) -> People:
    """Americans wounded."""
    return People(toll(ed, field="us_wounded"), str(ed.quarter))
