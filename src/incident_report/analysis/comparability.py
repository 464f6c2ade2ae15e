"""Can documented incidents of two periods be compared at all? Only if collection kept pace with the campaign.

A change in the record is a change in attacks only where the record kept pace with the campaign. Every
tracker's count that lies in a period speaks for it; so does what two counts of one tracker leave between them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import combinations, groupby
from operator import attrgetter

from incident_report.analysis.counts import Record, Stated
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered
from incident_report.periods import Period, Window

THIN = 1 / 3  # below this share a documented trend is no evidence
UNEVEN = 1.5  # if the share differs by more than this factor between periods, so does what is seen
MOSTLY = 0.75  # of a count's days: from here it speaks for a period
FEWEST = 5  # attacks that a tracker must have counted in a period; the headline tracker may count fewer


class Support(Enum):
    """What documented against counted by others allows to be said of two or more periods."""

    STEADY = "steady"
    THIN = "thin"  # some period documents less than a third
    UNEVEN = "uneven"  # the share differs by more than half again
    UNKNOWN = "unknown"  # nobody counted some period

    @property
    def changed(self) -> bool:
        """Whether it is known that the record did not keep pace."""
        return self in (Support.THIN, Support.UNEVEN)


BEST_FIRST = (Support.STEADY, Support.UNKNOWN, Support.UNEVEN, Support.THIN)
_WEAKEST_FIRST = ("at_least", "about", "exact")  # bounds of a count


@dataclass(frozen=True)
class Check:
    """What one tracker counted in a period, beside the documented incidents of exactly those days.

    Attributes
    ----------
    windows : tuple of Window
        Disjoint; their counts are added up.
    bound : str
        ``exact``, ``about`` or ``at_least``: the weakest of them.
    derived : bool
        Some window is what is left between two counts of the same tracker.
    rows, tallies : tuple of str
        Ids of the incidents, and of the tallies.
    """

    tracker: str
    series: str
    windows: tuple[Window, ...]
    tallied: int
    bound: str
    documented: int
    derived: bool
    rows: tuple[str, ...]
    tallies: tuple[str, ...]

    @property
    def days(self) -> int:
        """Days counted."""
        return sum(w.days for w in self.windows)

    @property
    def share(self) -> float:
        """Documented / tallied, an upper limit where the count is ``at_least``; NaN against zero."""
        return self.documented / self.tallied if self.tallied else math.nan


@remembered
def checks(record: Record, period: Period | Window) -> tuple[Check, ...]:
    """Every tracker's counts in a period beside our rows, one entry a tracker, by tracker's id.

    A count speaks for a period in which three quarters of its days lie and all of whose days the incidents
    files cover. Of windows that overlap the longest is taken; disjoint ones are added up. Counts that are
    lower bounds are taken only where a tracker gave no others.
    """
    window = period.window if isinstance(period, Period) else period
    inside = [
        s
        for s in record.stated
        if (part := s.window.overlap(window)) is not None and part.days >= MOSTLY * s.window.days
    ]
    made = []
    for _, group in groupby(sorted(inside, key=attrgetter("tracker")), attrgetter("tracker")):
        own = list(group)
        firm = [s for s in own if s.bound != "at_least"]
        made.append(_check(record.series, _disjoint(firm or own)))
    return tuple(made)


def _disjoint(spoken: Sequence[Stated]) -> list[Stated]:
    kept: list[Stated] = []
    for one in sorted(spoken, key=lambda s: (-s.window.days, s.derived, s.window, s.ids)):
        if all(one.window.overlap(k.window) is None for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.window)


def _check(series: str, kept: Sequence[Stated]) -> Check:
    rows = tuple(r for s in kept for r in s.rows)
    bound = min((s.bound for s in kept), key=_WEAKEST_FIRST.index)
    return Check(
        kept[0].tracker, series, tuple(s.window for s in kept), sum(s.count for s in kept), bound, len(rows),
        any(s.derived for s in kept), rows, tuple(dict.fromkeys(i for s in kept for i in s.ids)),
    )  # fmt: skip


@remembered
def support(record: Record, *periods: Period | Window) -> Support:
    """Whether a documented change between periods can stand for a change in attacks.

    Parameters
    ----------
    periods : Period or Window
        The edition's quarter and its baseline if left out.

    Returns
    -------
    Support
        Thin where the count that tells most of a period (the headline tracker's, else the largest) finds less
        than a third of itself documented; unknown where nobody counted a period; uneven where the shares of two
        periods differ by more than half again, by one tracker's counts in both where there are such. A whole
        without counts of its own is no better documented than its parts.
    """
    record = record.whole or record
    wanted = periods or record.compared
    own = _support(record, wanted)
    if own is Support.UNKNOWN and record.parts:
        return max((_support(part, wanted) for part in record.parts), key=BEST_FIRST.index)
    return own


def thin(record: Record, *periods: Period | Window) -> tuple[Check, ...]:
    """Counts of the periods of which less than a third is on record: what makes `support` thin."""
    most = [_most(record, firm) for p in periods if (firm := _firm(record, p))]
    floors = [c for p in periods for c in checks(record, p) if c.bound == "at_least" and c.tallied >= FEWEST]
    return tuple(c for c in (*most, *floors) if c.share < THIN)


def _support(record: Record, periods: Sequence[Period | Window]) -> Support:
    if thin(record, *periods):
        return Support.THIN
    firm = [_firm(record, p) for p in periods]
    if len(periods) < 2 or not all(firm):
        return Support.UNKNOWN
    uneven = any(_uneven(record, one, other) for one, other in combinations(firm, 2))
    return Support.UNEVEN if uneven else Support.STEADY


@remembered
def telling(edition: Edition) -> frozenset[str]:
    """Ids of the tallies that some quarter's coverage or the headline rests on."""
    found = {t.tally_id for q in edition.quarters for s in edition.series if (t := edition.tally(q, s.id))}
    for one in edition.series:
        for check in (c for q in edition.quarters for c in _firm(edition.record(one.id), q)):
            found.update(check.tallies)
    return frozenset(found)


def _firm(record: Record, period: Period | Window) -> list[Check]:
    """Counts that tell of a period: no lower bounds, and large enough or the headline tracker's."""
    every = (c for c in checks(record, period) if c.bound != "at_least")
    return [c for c in every if c.tallied >= FEWEST or c.tracker == record.headline]


def _most(record: Record, firm: Sequence[Check]) -> Check:
    return max(firm, key=lambda c: (c.tracker == record.headline, c.tallied))


def _uneven(record: Record, one: Sequence[Check], other: Sequence[Check]) -> bool:
    """Whether shares of two periods differ too far, by one tracker's counts in both where there are such."""
    pairs = [(a, b) for a in one for b in other if a.tracker == b.tracker]
    return any(map(_apart, pairs or [(_most(record, one), _most(record, other))]))


def _apart(pair: tuple[Check, Check]) -> bool:
    # None tallied and none documented agree; there is no share to form.
    some = [c for c in pair if c.tallied or c.documented]
    if any(not c.tallied for c in some):
        return True
    shares = [c.share for c in some]
    return bool(shares) and max(shares) > UNEVEN * min(shares)


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
        before uneven and thin, then the larger count in the leaner of the two quarters, then chart order.
        The series of all attacks where none has any.

    Raises
    ------
    ValueError
        If `wanted` is no series of the campaign, in one line.
    """
    if wanted:
        return edition.find_series(wanted).id
    there = [s.id for s in edition.campaign.series if len(edition.incidents(edition.quarter, s.id))]
    return min(there, key=partial(_rank, edition), default=edition.campaign.all_series.id)


def _rank(edition: Edition, series: str) -> tuple[bool, int, int]:
    """How badly documented incidents can follow a series: whether there are few, its coverage, less its size."""
    filed = [q for q in edition.quarters if edition.has_incidents_file(q)]
    size = min(len(edition.incidents(q, series)) for q in (edition.baseline, edition.quarter) if q in filed)
    few = len(edition.incidents(None, series)) < 10 or size == 0
    return few, BEST_FIRST.index(support(edition.record(series), *filed)), -size
