"""Documented attacks by the parts of a period, a quarter's months or a year's quarters, and where one is thin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from incident_report.analysis.by_period import by_part, covered_parts, frame
from incident_report.analysis.comparability import thin
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, Result, result
from incident_report.periods import Period


@result
def months(ed: Edition, *, series: str = "all") -> Outcome:
    """Documented attacks by month, in a yearly report by quarter, with exact limits, from the first period on file.

    Returns
    -------
    Result
        Columns as of `series_facts.counts`; a part that no file covers is NA, not 0. `value` is a
        tuple of `Count`.
    """
    made = tuple(by_part(ed, series))
    return Outcome(frame(list(made)), [r for c in made for r in c.rows], value=made)


@dataclass(frozen=True)
class MonthFact:
    """One month of a quarter, or quarter of a year: documented attacks (None is unknown)."""

    period: Period
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
    """The period's months in the record; of a year, its quarters; nothing of a month.

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
    period: Period
    noun: str = ""
    parts: tuple[MonthsFact, ...] = ()
    thin: tuple[Thin, ...] = ()

    @property
    def of_quarter(self) -> tuple[MonthFact, ...]:
        """The period's parts, in order."""
        days = self.period.window
        return tuple(MonthFact(c.quarter, c.count) for c in self.made if c.quarter.start in days)

    @property
    def known(self) -> bool:
        """Whether there are months and the record covers something of each."""
        return bool(self.of_quarter) and all(m.count is not None for m in self.of_quarter)

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
    def first(self) -> MonthFact | None:
        """The first month."""
        return next(iter(self.of_quarter), None)

    @property
    def last(self) -> MonthFact | None:
        """The last month."""
        return next(reversed(self.of_quarter), None)


def months_fact(ed: Edition) -> MonthsFact:
    """Months of the edition's quarter, by series too."""
    own = [days for part, days in covered_parts(ed) if days is not None and part.start in ed.quarter.window]
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
