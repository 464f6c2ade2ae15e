"""Can documented incidents of two quarters be compared at all? Only if collection kept pace with the campaign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from incident_report.analysis.counts import in_window
from incident_report.analysis.edition import Edition
from incident_report.periods import Quarter

FACTOR = 2.0  # coverage that differs by more than this is a change of collection


class Coverage(Enum):
    """What documented against tallied says about two or more quarters."""

    STEADY = "steady"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # fewer than two of the quarters were tallied


@dataclass(frozen=True)
class Documented:
    """Documented attacks against the headline tally, over the tally's own days."""

    quarter: Quarter
    documented: int
    tallied: int

    @property
    def ratio(self) -> float:
        """Documented per tallied; NaN where nothing was tallied."""
        return self.documented / self.tallied if self.tallied else math.nan


def documented_share(edition: Edition, series: str, quarters: Sequence[Quarter]) -> list[Documented]:
    """One entry for each quarter that has both an incidents file and a headline tally of the series."""
    found = []
    for quarter in quarters:
        tally = edition.tally(quarter, series)
        if tally is None or not edition.has_incidents_file(quarter):
            continue
        rows = in_window(edition, tally.window, series)
        found.append(Documented(quarter, len(rows), tally.count))
    return found


def coverage(edition: Edition, series: str, quarters: Sequence[Quarter]) -> Coverage:
    """Whether documentation of a series kept pace with the tallies over some quarters.

    Steady where the highest documented-to-tallied ratio is at most twice the lowest. A series without
    tallies of its own that holds every attack follows its parts: changed if any of them changed.
    """
    ratios = [d.ratio for d in documented_share(edition, series, quarters) if not math.isnan(d.ratio)]
    if len(ratios) >= 2:
        if max(ratios) == 0:
            return Coverage.UNKNOWN
        return Coverage.STEADY if max(ratios) <= FACTOR * min(ratios) else Coverage.CHANGED
    if not edition.find_series(series).where:
        parts = [coverage(edition, s.id, quarters) for s in edition.campaign.series if s.where]
        if Coverage.CHANGED in parts:
            return Coverage.CHANGED
        if parts and all(p is Coverage.STEADY for p in parts):
            return Coverage.STEADY
    return Coverage.UNKNOWN


def main_series(edition: Edition, wanted: str = "") -> str:
    """The series that documented incidents can follow best.

    Parameters
    ----------
    wanted : str
        A series id to take instead; empty chooses.

    Returns
    -------
    str
        Among the campaign's series with counted attacks in the edition's quarter: those with ten
        attacks or more in all and some in the baseline first, then steady coverage before unknown
        before changed, then the larger count in the leaner of the two quarters, then chart order.
        The series of all attacks where none has any.

    Raises
    ------
    ValueError
        If `wanted` is no series of the campaign, in one line.
    """
    ids = [s.id for s in edition.series]
    if wanted:
        if wanted not in ids:
            raise ValueError(f"there is no series {wanted!r}; there are {', '.join(ids)}")
        return wanted
    order = (Coverage.STEADY, Coverage.UNKNOWN, Coverage.CHANGED)
    filed = [q for q in edition.quarters if edition.has_incidents_file(q)]
    pair = [q for q in (edition.baseline, edition.quarter) if q is not None and edition.has_incidents_file(q)]
    ranked = []
    for position, one in enumerate(edition.campaign.series):
        sizes = [len(edition.incidents(q, one.id)) for q in pair]
        if len(edition.incidents(edition.quarter, one.id)):
            few = len(edition.incidents(None, one.id)) < 10 or min(sizes) == 0
            ranked.append((few, order.index(coverage(edition, one.id, filed)), -min(sizes), position, one.id))
    return min(ranked)[-1] if ranked else edition.campaign.all_series.id
