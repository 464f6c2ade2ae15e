"""Pairs of rows that may be one attack."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from incident_report.data.rows import Report, Row, column

NEAR_KM = 10.0
MANY_A_DAY = 200  # more rows than this on one day are not compared pair by pair
MOST_TWINS = 3  # of one row, told one by one; the rest are counted
MANY_ROWS = 20_000  # of each of which one twin is told


def tell_twins(rows: Sequence[Row], report: Report) -> None:
    """Warn of rows of one method on a day, and the day before, near each other: so that time stays linear."""
    days, ids = column(rows, "date"), column(rows, "incident_id")
    order = sorted(range(len(rows)), key=lambda at: (days[at], ids[at]))
    found = _Spots(rows, order)
    by_day: dict[int, list[int]] = {}
    for at, place in enumerate(order):
        by_day.setdefault(days[place].toordinal(), []).append(at)
    for day, today in by_day.items():
        if len(today) > MANY_A_DAY:
            message = f"is the day of {len(today):,} rows, which were not compared with each other; is it right?"
            report(rows[order[today[0]]].fault("date", message, severity="warning"))
            continue
        before = by_day.get(day - 1, [])
        for one, others, more in found.alike(today, before if len(before) <= MANY_A_DAY else []):
            row = rows[order[one]]
            for nth, (other, how) in enumerate(others, 1):
                twin = rows[order[other]]
                message = f"{how} {ids[order[other]]} ({twin.file}:{twin.line}); is it one attack?"
                left = more if nth == len(others) else 0
                report(row.fault("incident_id", message, severity="warning", more=left))


class _Spots:
    """Where rows were and how they were done, as whole columns.

    Parameters
    ----------
    order : sequence of int
        The places of the rows by day and id.
    """

    def __init__(self, rows: Sequence[Row], order: Sequence[int]) -> None:
        def radians(name: str) -> Any:
            known = column(rows, name)
            return np.array([math.nan if known[at] is None else math.radians(known[at]) for at in order], dtype=float)

        def codes(name: str) -> Any:
            seen: dict[Any, int] = {}
            cells = column(rows, name)
            return np.array([seen.setdefault(cells[at], len(seen)) for at in order], dtype=int)

        self._latitude, self._longitude = radians("latitude"), radians("longitude")
        self._most = MOST_TWINS if len(rows) <= MANY_ROWS else 1
        self._place, self._method = codes("place"), codes("attack_method")

    def alike(self, today: Sequence[int], before: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, str]], int]]:
        """Rows of today, each with the first that may be its twins and how many more there are.

        A twin is an earlier row of today or one of the day before; what the two share stands beside it.
        """
        now, then = np.array(today), np.array([*today, *before])
        pairs = self._method[now][:, None] == self._method[then][None, :]
        pairs &= np.arange(len(then))[None, :] < np.where(then >= now[0], np.arange(len(now))[:, None], len(then))
        one, other = np.nonzero(pairs)
        a, b, same_day = now[one], then[other], other < len(now)
        place = (self._place[a] == self._place[b]) & same_day
        which = np.flatnonzero(place | (self._km(a, b) <= NEAR_KM))  # those of one row stand together
        cuts = [0, *(np.flatnonzero(np.diff(a[which])) + 1).tolist(), len(which)] if len(which) else []
        ones, others, places, days = (part[which].tolist() for part in (a, b, place, same_day))
        for start, end in pairwise(cuts):
            told = [(others[k], _shared(places[k], days[k])) for k in range(start, min(end, start + self._most))]
            yield ones[start], told, end - start - len(told)

    def _km(self, a: Any, b: Any) -> Any:
        """Between points; not a number where one is not known."""
        lat1, lat2 = self._latitude[a], self._latitude[b]
        east = (self._longitude[a] - self._longitude[b]) * np.cos((lat1 + lat2) / 2)
        return 6371.0 * np.hypot(lat1 - lat2, east)


def _shared(place: bool, same_day: bool) -> str:
    if place:
        return "has the same date, place and method as"
    if same_day:
        return f"has the same date and method, within {NEAR_KM:.0f} km, as"
    return f"is a day after, within {NEAR_KM:.0f} km of and by the same method as"
