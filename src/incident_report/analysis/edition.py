"""An edition: one quarter of one campaign, with the parameters that every chapter shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from incident_report.analysis.facts import Facts
from incident_report.data.model import CONFIDENCE, Campaign, Dataset, Series
from incident_report.periods import Quarter, Window, quarters_between


@dataclass(frozen=True)
class Tally:
    """A count that somebody else published for a window."""

    tally_id: str
    tracker: str
    series: str
    count: int
    window: Window
    bound: str
    source: str
    partial: bool  # stops before the quarter does

    @property
    def days(self) -> int:
        """Days of coverage."""
        return self.window.days


@dataclass(frozen=True)
class Edition:
    """The view of a dataset that one edition reports on.

    Parameters
    ----------
    data : Dataset
    quarter : Quarter
        The quarter reported on.
    baseline : Quarter or None
        The quarter it is compared with; None where there is none.
    confidence_floor : str
        Incidents of lower confidence are listed, not counted.

    Notes
    -----
    Documented incidents and published tallies come from different methods and are never mixed.
    """

    data: Dataset
    quarter: Quarter
    baseline: Quarter | None
    confidence_floor: str = "low"

    @cached_property
    def facts(self) -> Facts:
        """Named results that prose, story and conditions read; made when asked for."""
        return Facts(self)

    @property
    def campaign(self) -> Campaign:
        """Wording and choices of the campaign."""
        return self.data.campaign

    @property
    def series(self) -> tuple[Series, ...]:
        """The campaign's series, then `all`."""
        return (*self.campaign.series, self.campaign.all_series)

    def find_series(self, series_id: str) -> Series:
        """Look a series up by id (KeyError if the campaign has no such series)."""
        for series in self.series:
            if series.id == series_id:
                return series
        raise KeyError(series_id)

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        """Every calendar quarter from the first with a file or a headline tally to the edition's."""
        known = [Quarter.parse(q) for q in self.data.quarters]
        known += [Quarter.of(d.date()) for d in self.data.tallies["start"]]
        first = min([q for q in known if q <= self.quarter], default=self.quarter)
        return tuple(quarters_between(first, self.quarter))

    def has_incidents_file(self, quarter: Quarter) -> bool:
        """Whether the quarter was collected at all; if not, its count is unknown, not zero."""
        return str(quarter) in self.data.quarters

    def coverage(self, quarter: Quarter) -> Window | None:
        """Days of the quarter that documented incidents cover, or None without a file."""
        span = self.data.coverage.get(str(quarter))
        return Window(*span) if span else None

    @cached_property
    def listed(self) -> pd.DataFrame:
        """All incidents up to the edition's last day, counted or not."""
        return self.data.incidents[self.data.incidents["date"] <= pd.Timestamp(self.quarter.end)]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """Incidents that the counting rule counts, at or above the confidence floor."""
        allowed = CONFIDENCE[CONFIDENCE.index(self.confidence_floor) :]
        rows = self.listed
        return rows[rows["counted"] & rows["confidence"].isin(allowed)]

    def incidents(self, quarter: Quarter | None = None, series: str = "all") -> pd.DataFrame:
        """Counted incidents of one quarter (default: all up to the edition's) and one series."""
        rows = self.counted
        if quarter is not None:
            rows = rows[rows["quarter"] == str(quarter)]
        for column, allowed in self.find_series(series).where.items():
            rows = rows[rows[column].isin(allowed)]
        return rows

    def tally(self, quarter: Quarter, series: str) -> Tally | None:
        """The headline tracker's attack count that starts with the quarter, or None.

        Where several windows start on that day and end within the quarter, the longest counts.
        """
        rows = self.data.tallies
        rows = rows[
            (rows["tracker"] == (self.campaign.headline_tracker or ""))
            & (rows["series"] == series)
            & (rows["unit"] == "attacks")
            & (rows["start"] == pd.Timestamp(quarter.start))
            & (rows["end"] <= pd.Timestamp(quarter.end))
        ].sort_values(["end", "tally_id"])
        if rows.empty:
            return None
        row = rows.iloc[-1]
        end = row["end"].date()
        return Tally(
            tally_id=row["tally_id"],
            tracker=row["tracker"],
            series=series,
            count=int(row["count"]),
            window=Window(quarter.start, end),
            bound=row["bound"],
            source=row["source"],
            partial=end < quarter.end,
        )
