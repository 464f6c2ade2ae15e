"""Trackers that counted the same kind of attack over shared days, each beside our own rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import garwood
from incident_report.analysis.remember import remembered
from incident_report.periods import Window

SHARED = 0.5  # of the shorter window's days: from here two windows count as shared


@dataclass(frozen=True)
class Sighting:
    """One published count and what we document over exactly its days.

    Attributes
    ----------
    series : str
        As published: one of the campaign's, or the tracker's own class.
    documented : int or None
        None where incident files do not cover the whole window, or the series is not one of ours.
    """

    tally_id: str
    tracker: str
    series: str
    window: Window
    count: int
    bound: str
    unit: str
    scope: str
    source: str
    documented: int | None
    rows: tuple[str, ...] = ()

    @property
    def limits(self) -> tuple[float, float]:
        """Garwood's 95% interval of the published count; no upper limit for ``at_least``."""
        low, high = garwood(self.count)
        return low, math.inf if self.bound == "at_least" else high

    @property
    def ratio(self) -> float:
        """Published over documented; NaN where either is unknown or 0."""
        return self.count / self.documented if self.documented and self.count else math.nan


@remembered
def sightings(edition: Edition, units: tuple[str, ...] = ("attacks",)) -> tuple[Sighting, ...]:
    """Every published count that ends by the edition's last day, by series, window and tracker."""
    scopes = dict(zip(edition.data.tallies["tally_id"], edition.data.tallies["scope"].fillna(""), strict=True))
    order = [s.id for s in edition.series]
    found = []
    for tally in edition.published:
        if tally.unit not in units or tally.window.end > edition.quarter.end:
            continue
        documented: int | None = None
        ids: tuple[str, ...] = ()
        # A class of the tracker's own is one that ours cannot be set beside.
        if tally.series in order and edition.record().covered_days(tally.window) == tally.days:
            ids = edition.rows(tally.series).between(tally.window)
            documented = len(ids)
        found.append(
            Sighting(
                tally.tally_id, tally.tracker, tally.series, tally.window, tally.count, tally.bound, tally.unit,
                str(scopes[tally.tally_id]), tally.source, documented, ids,
            )
        )  # fmt: skip
    rank = {series: i for i, series in enumerate(order)}
    return tuple(
        sorted(found, key=lambda s: (rank.get(s.series, len(rank)), s.series, s.window, s.tracker, s.tally_id))
    )


def share_days(one: Window, other: Window) -> bool:
    """Whether two windows share at least half of the shorter one's days."""
    part = one.overlap(other)
    return part is not None and part.days >= SHARED * min(one.days, other.days)


def shared_windows(edition: Edition) -> dict[str, list[Sighting]]:
    """Series -> counts of attacks whose window another tracker also counted (see `share_days`)."""
    every = sightings(edition)
    groups: dict[str, list[Sighting]] = {}
    for one in every:
        partners = (
            o for o in every if o.series == one.series and o.tracker != one.tracker and share_days(one.window, o.window)
        )
        if next(partners, None) is not None:
            groups.setdefault(one.series, []).append(one)
    return groups


def contradictions(group: list[Sighting]) -> list[tuple[Sighting, Sighting]]:
    """Pairs in which a tracker counted more within another's window than that one did in all of it."""
    return [
        (inner, outer)
        for inner in group
        for outer in group
        if inner.tracker != outer.tracker
        and outer.bound == "exact"
        and inner.count > outer.count
        and inner.window.overlap(outer.window) == inner.window
    ]


def left_out(edition: Edition) -> dict[str, int]:
    """Counts that are not compared: ``later`` (run past the edition), ``other_unit``, ``alone``."""
    table = edition.data.tallies
    last = pd.Timestamp(edition.quarter.end)
    shown = sum(len(g) for g in shared_windows(edition).values())
    attacks = sightings(edition)
    return {
        "later": int(((table["end"] > last) & (table["start"] <= last)).sum()),
        "other_unit": int(((table["end"] <= last) & (table["unit"] != "attacks")).sum()),
        "alone": len(attacks) - shown,
    }
