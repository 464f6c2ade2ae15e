"""Counts that others published, and what is left between two of them, that can be set beside the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from incident_report.analysis.counts import Rows, Stated, Tally
from incident_report.periods import Window, covered_days


def stated(published: Sequence[Tally], rows: Rows, covered: Collection[Window], last: date) -> tuple[Stated, ...]:
    """Counts by others over days that files cover, with our rows of the same days."""
    up_to = [t for t in published if t.window.end <= last]
    own = [Stated(t.tracker, t.window, t.count, t.bound, (t.tally_id,), False) for t in up_to]
    every = (s for s in (*own, *_remainders(own)) if covered_days(covered, s.window) == s.window.days)
    return tuple(replace(s, rows=rows.between(s.window)) for s in every)


def _remainders(own: Sequence[Stated]) -> Iterator[Stated]:
    """51 up to 29 July, less 14 and 27 in the quarters before: 10 from 1 to 29 July."""
    for whole in own:
        used = _from_its_start(whole, own)
        left = whole.count - sum(s.count for s in used)
        if used and left >= 0:
            rest = Window(used[-1].window.end + timedelta(days=1), whole.window.end)
            yield Stated(whole.tracker, rest, left, "exact", tuple(i for s in (whole, *used) for i in s.ids), True)


def _from_its_start(whole: Stated, own: Sequence[Stated]) -> list[Stated]:
    """Exact counts of the same tracker that lie end to end from the first day of one on, each the longest there is."""
    parts = [s for s in own if s.tracker == whole.tracker and s.bound == whole.bound == "exact"]
    at, used = whole.window.start, list[Stated]()
    while nxt := [s for s in parts if s.window.start == at and s.window.end < whole.window.end]:
        used.append(max(nxt, key=lambda s: s.window.days))
        at = used[-1].window.end + timedelta(days=1)
    return used
