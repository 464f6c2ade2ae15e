"""Documented attacks month by month, and where others' counts say that a month is thinly documented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from incident_report.analysis.by_period import frame, month_windows, monthly
from incident_report.analysis.comparability import thin
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, Result, result
from incident_report.periods import Quarter


@result
def months(ed: Edition, *, series: str = "all") -> Outcome:
    """Documented attacks by month with exact limits, from the first quarter on file.

    Returns
    -------
    Result
        Columns as of `series_facts.counts`; a month that no file covers is NA, not 0. `value` is a
        tuple of `Count`.
    """
    made = tuple(monthly(ed, series))
    return Outcome(frame(list(made)), [r for c in made for r in c.rows], value=made)


@dataclass(frozen=True)
class MonthFact:
    """One month of the quarter: first day, documented attacks (None is unknown)."""

    month: date
    count: int | None


@dataclass(frozen=True)
class Thin:
    """A count by others beside what is on record of it."""

    noun: str
    tracker: str
    tallied: int
    bound: str
    documented: int
    start: date
    end: date
    derived: bool  # what is left between two counts of the tracker


@dataclass(frozen=True)
class MonthsFact:
    """The quarter's months in the record.

    Attributes
    ----------
    noun : str
        What is counted; empty for all attacks.
    parts : tuple of MonthsFact
        The same for each series of the campaign, in chart order.
    thin : tuple of Thin
        Counts by others, within a month, of which less than a third is on record.
    """

    made: Result
    period: Quarter
    noun: str = ""
    parts: tuple[MonthsFact, ...] = ()
    thin: tuple[Thin, ...] = ()

    @property
    def of_quarter(self) -> tuple[MonthFact, ...]:
        """The quarter's three months."""
        return tuple(
            MonthFact(date.fromisoformat(f"{c.period}-01"), c.count) for c in self.made if c.quarter == self.period
        )

    @property
    def known(self) -> bool:
        """Whether the record covers something of every month."""
        return all(m.count is not None for m in self.of_quarter)

    @property
    def total(self) -> int:
        """Documented attacks in the months that the record covers."""
        return sum(m.count or 0 for m in self.of_quarter)

    @property
    def peak(self) -> MonthFact | None:
        """The month with more attacks than either other; None where there is none, or a month is not known."""
        ranked = sorted(self.of_quarter, key=lambda m: -(m.count or 0))
        return ranked[0] if self.known and len(ranked) > 1 and ranked[0].count != ranked[1].count else None

    @property
    def alone(self) -> MonthFact | None:
        """The month that holds every attack; None where there is none, or a month is not known."""
        return self.peak if self.peak and self.peak.count == self.total else None

    @property
    def first(self) -> MonthFact:
        """The first month."""
        return self.of_quarter[0]

    @property
    def last(self) -> MonthFact:
        """The last month."""
        return self.of_quarter[-1]


def months_fact(ed: Edition) -> MonthsFact:
    """Months of the edition's quarter, by series too."""
    own = [days for _, _, month, days in month_windows(ed) if days is not None and month.start in ed.quarter.window]
    parts = tuple(MonthsFact(months(ed, series=s.id), ed.quarter, s.noun) for s in ed.campaign.series)
    found = tuple(
        Thin(
            s.noun, str(ed.campaign.trackers.get(c.tracker, c.tracker)), c.tallied, c.bound, c.documented,
            c.windows[0].start, c.windows[-1].end, c.derived,
        )
        for s in ed.campaign.series
        for c in thin(ed.record(s.id), *own)
    )  # fmt: skip
    return MonthsFact(months(ed), ed.quarter, "", parts, found)
