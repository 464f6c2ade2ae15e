"""An edition: one period of one campaign, with the parameters that every chapter shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.counts import Record, Rows, Tally
from incident_report.analysis.facts import Facts
from incident_report.analysis.names import Named, known, quarter_of
from incident_report.analysis.remember import kept_property, remembered, remembered_of_rows, shared
from incident_report.analysis.stated import stated
from incident_report.card import card, listed
from incident_report.data.frozen import CopiesOut
from incident_report.data.model import CONFIDENCE, Campaign, Dataset, Series
from incident_report.periods import Period, Window, between


@dataclass(frozen=True)
class Edition(CopiesOut):
    """The view of a dataset that one edition reports on.

    Parameters
    ----------
    data : Dataset
    quarter : Period
        The quarter reported on.
    baseline : Period or None
        The quarter it is compared with; None where there is none.
    confidence_floor : str
        Incidents of lower confidence are listed, not counted.

    Notes
    -----
    Documented incidents and published tallies come from different methods and are never mixed. Every
    table that leaves an edition is a copy. Wherever a method takes a quarter, text such as ``2020Q3`` does.
    """

    data: Dataset
    quarter: Period
    baseline: Period | None
    confidence_floor: str = "low"

    @kept_property
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
        """Look a series up by its id.

        Raises
        ------
        ValueError
            If the campaign has no such series; the message lists those that it has.
        """
        return self._by_id[series_id]

    @kept_property
    def _by_id(self) -> Named[Series]:
        return Named("series", {s.id: s for s in self.series})

    @property
    def newest(self) -> bool:
        """Whether the quarter is the last on file and of this edition, so that its rows may still change."""
        return self.quarter == max(self.quarters) and str(self.quarter) == max(self.data.quarters)

    @kept_property
    def quarters(self) -> tuple[Period, ...]:
        """Every period of the calendar from the first with a file or a headline tally to the edition's."""
        if self.left_out:
            return self.whole.quarters
        known = [Period.parse(q) for q in self.data.quarters]
        known += [self.quarter.around(d.date()) for d in self.data.tallies["start"]]
        first = min([q for q in known if q <= self.quarter], default=self.quarter)
        return tuple(between(first, self.quarter))

    def has_incidents_file(self, quarter: Period | str) -> bool:
        """Whether the quarter was collected at all; if not, its count is unknown, not zero."""
        return str(quarter_of("quarter", quarter)) in self.data.quarters

    def coverage(self, quarter: Period | str) -> Window | None:
        """Days of the quarter that documented incidents cover, or None without a file."""
        span = self.data.coverage.get(str(quarter_of("quarter", quarter)))
        return Window(*span) if span else None

    @property
    def whole(self) -> Edition:
        """The edition that this is a variant of without some incidents; else itself."""
        found: Edition = self.__dict__.get("_without", (self,))[0]
        return found

    @property
    def left_out(self) -> frozenset[str]:
        """The incidents that it does not have."""
        found: frozenset[str] = self.__dict__.get("_without", (self, frozenset()))[1]
        return found

    @kept_property
    def kept(self) -> np.ndarray:
        """Which counted incidents of the whole are counted here, shape (rows of the whole,)."""
        mask = np.ones(len(self.whole._ids), bool)
        mask[[at for i in self.left_out if (at := self.whole._places.get(i)) is not None]] = False
        return mask

    @kept_property
    def _ids(self) -> np.ndarray:
        return self.counted["incident_id"].to_numpy(object)

    @kept_property
    def _days(self) -> np.ndarray:
        return self.counted["date"].to_numpy("datetime64[D]")

    @kept_property
    def _places(self) -> Mapping[str, int]:
        return {i: at for at, i in enumerate(self._ids)}

    @kept_property
    def listed(self) -> pd.DataFrame:
        """All incidents up to the edition's last day, counted or not."""
        return shared(self, "listed", self._list)

    def _list(self) -> pd.DataFrame:
        rows = self.data.incidents
        inside = rows["date"] <= pd.Timestamp(self.quarter.end)
        return rows if inside.all() else rows[inside]

    @kept_property
    def counted(self) -> pd.DataFrame:
        """Incidents that the counting rule counts, at or above the confidence floor."""
        return shared(self, "counted", self._count)

    def _count(self) -> pd.DataFrame:
        if self.left_out:
            return self.whole.counted[self.kept]
        rows = self.listed
        inside = rows["counted"] & rows["confidence"].isin(self.floor_and_above)
        return rows if inside.all() else rows[inside]

    @property
    def floor_and_above(self) -> tuple[str, ...]:
        """Levels of confidence that count."""
        return tuple(CONFIDENCE[CONFIDENCE.index(self.confidence_floor) :])

    def asked(self, period: Period | str = "") -> Period:
        """A period that a caller names, which must be on file; the edition's own where none is named.

        Raises
        ------
        ValueError
            If there is no such period, or it has no incidents file: unknown is not zero.
        """
        if not period:
            return self.quarter
        there = self.data.quarters
        found = quarter_of("period", period, there)
        known("period", found, there)
        return found

    def incidents(self, quarter: Period | str | None = None, series: str = "all") -> pd.DataFrame:
        """Counted incidents of one quarter (default: all up to the edition's) and one series.

        Raises
        ------
        ValueError
            If the quarter has no incidents file (unknown is not zero), or there is no such series.
        """
        inside = self.belongs(self.find_series(series).id)
        if quarter is not None:
            inside = inside & self._within(known("quarter", quarter_of("quarter", quarter), self.data.quarters))
        return self.counted if inside.all() else self.counted[inside]

    def tally(self, quarter: Period | str, series: str) -> Tally | None:
        """The headline tracker's attack count that starts with the quarter, or None.

        Where several windows start on that day and end within the quarter, the longest counts.
        """
        return self.record(series).tally(quarter_of("quarter", quarter).window)

    @remembered_of_rows
    def _within(self, quarter: str) -> np.ndarray:
        return (self.counted["quarter"] == quarter).to_numpy(bool)

    @remembered_of_rows
    def belongs(self, series: str) -> np.ndarray:
        """Which counted incidents belong to a series, in their order."""
        if self.left_out:
            return self.whole.belongs(series)[self.kept]
        counted = self.counted  # one copy: a table of thirty columns costs more to hand out than to search
        mask = np.ones(len(counted), bool)
        for column, allowed in self.find_series(series).where.items():
            mask &= counted[column].isin(allowed).to_numpy(bool)
        return mask

    @remembered_of_rows
    def rows(self, series: str) -> Rows:
        """Days and ids of a series' counted incidents."""
        if self.left_out:
            whole, kept = self.whole.rows(series), self.kept[self.whole.belongs(series)]
            return Rows(whole.days[kept], whole.ids[kept])
        inside = self.belongs(series)
        return Rows(self._days[inside], self._ids[inside])

    @remembered
    def against(self, quarter: Period, baseline: Period) -> Edition:
        """The same data as an edition on another quarter against another."""
        if (quarter, baseline) == (self.quarter, self.baseline):
            return self
        made = replace(self, quarter=quarter, baseline=baseline)
        made.__dict__["_of_rows"] = shared(self, quarter, dict)  # of all that have the same rows
        if self.left_out:
            made.__dict__["_without"] = (self.whole.against(quarter, baseline), self.left_out)
        return made

    @remembered
    def record(self, series: str = "all") -> Record:
        """What there is to count of one series."""
        one, source = self.find_series(series), self.__dict__.get("_record")
        rows = self.rows(one.id)
        spans = self._spans
        published = tuple(t for t in self.published if (t.series, t.unit) == (one.id, "attacks"))
        return Record(
            one.id,
            rows,
            spans,
            published,
            stated(published, rows, spans.values(), self.quarter.end),
            self.campaign.headline_tracker or "",
            tuple(filter(None, (self.quarter, self.baseline))),
            () if one.where else tuple(self.record(s.id) for s in self.campaign.series if s.where),
            source.record(series) if source else None,
        )

    @kept_property
    def _spans(self) -> Mapping[Period, Window]:
        coverage = self.data.coverage
        return {q: Window(*coverage[str(q)]) for q in self.quarters if coverage.get(str(q))}

    @kept_property
    def published(self) -> tuple[Tally, ...]:
        """Every published count of the campaign, of any tracker, unit and window."""
        if self.left_out:
            return self.whole.published
        return tuple(_tally(row) for row in self.data.tallies.to_dict("records"))

    def __repr__(self) -> str:
        against = f" against {self.baseline}" if self.baseline else ""
        return f"<edition {self.quarter}{against}: {len(self.counted)} counted incidents of {len(self.listed)} listed>"

    def _repr_html_(self) -> str:
        shown = {
            "Quarter": self.quarter,
            "Baseline": self.baseline or "none",
            "Confidence floor": self.confidence_floor,
            "As of": self.data.as_of,
            "Incidents": f"{len(self.counted)} counted, {len(self.listed)} listed",
            "Quarters": listed(self.data.quarters),
            "Series": listed(s.id for s in self.series),
            "Facts": listed(self.facts),
        }
        return card(self.campaign.title, shown)


def _tally(row: Mapping[Any, Any]) -> Tally:
    def day(column: str, otherwise: date) -> date:
        value = row.get(column)
        return otherwise if value is None or pd.isna(value) else pd.Timestamp(value).date()

    start, end = row["start"].date(), row["end"].date()
    return Tally(
        tally_id=row["tally_id"], tracker=row["tracker"], series=row["series"], count=int(row["count"]),
        window=Window(start, end), bound=row["bound"], source=row["source"], partial=False, unit=row["unit"],
        starts=(day("start_earliest", start), day("start_latest", start)),
        ends=(day("end_earliest", end), day("end_latest", end)),
    )  # fmt: skip
