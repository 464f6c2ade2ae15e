"""What is allowed and looks wrong: warnings for a person to judge."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from incident_report.data.model import Fault
from incident_report.data.tables import Report, Row
from incident_report.periods import QUARTER, Period

MANY_KILLED = 50
QUIET = 0.23  # a gap this long at a period's end, 21 days of a quarter, is worth a look at what the file covers
FEWEST_QUIET = 14  # days
NEAR_KM = 10.0
MANY_DEADLY = 20  # rows all of which killed somebody: fewer say nothing of what their source records
MANY_A_DAY = 200  # more rows than this on one day are not compared pair by pair
MOST_TWINS = 3  # of one row, told one by one; the rest are counted
MANY_ROWS = 20_000  # of each of which one twin is told


def look_over(
    rows: list[Row],
    quarters: Collection[str],
    declared: Iterable[str],
    region: Any,
    country: str,
    report: Report,
) -> None:
    """Report everything about incident rows that a person should look at.

    Parameters
    ----------
    rows : list of Row
        Without errors.
    quarters, declared : collection and iterable of str
        Periods with a file; those of them whose coverage is declared.
    region : GeoJSON mapping or None
    country : str
        The feature of that name is the outline; without one, all features together.
    """
    outline = Outline(region, country)
    unit = Period.parse(min(quarters)).unit if quarters else QUARTER
    periods = {day: Period.of(day, unit) for day in {row.values["date"] for row in rows}}
    for row in rows:
        _one_row(row, periods[row.values["date"]], outline, report)
    last = {str(periods[day]): day for day in sorted(periods)}
    _twins(rows, report)
    for name in sorted(set(quarters) - set(declared)):
        period = Period.parse(name)
        gap = (period.end - last[name]).days if name in last else 0
        if gap >= max(FEWEST_QUIET, round(QUIET * period.days)):
            message = (
                f"has no attack in the last {gap} days of {name}; "
                "if the file does not cover them, say so in coverage.csv"
            )
            report(Fault(f"incidents/{name}.csv", message, severity="warning"))


def _one_row(row: Row, period: Period, outline: Outline, report: Report) -> None:
    v = row.values

    def warn(column: str, message: str) -> None:
        report(row.fault(column, message, severity="warning"))

    if v["date_precision"] != "day" and v["date"] == period.end:
        unit = period.unit
        warn("date", f"is the {unit}'s last day and not exact; the attack may belong to the next {unit}")
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        if None not in (v[part], v[whole]) and v[part] > v[whole]:
            warn(part, f"is more than {whole}, {v[whole]}, which should include it")
    if (v["killed"] or 0) > MANY_KILLED:
        warn("killed", f"is more than {MANY_KILLED}; is it right?")
    if v["confidence"] == "high" and len(v["sources"]) == 1:
        warn("confidence", "is high with one source; high needs two outlets")
    _place(row, outline, report)


def label_points(points: list[Row], incidents: list[Row], region: Any, country: str, report: Report) -> None:
    """Warn of label points that lie outside the country, and of attacks in a governorate that has none."""
    outline = Outline(region, country)
    for row in points:
        _place(row, outline, report)
    places = {r.values["governorate"] for r in points} | {""}
    for row in incidents if points else ():
        if row.values["governorate"] not in places:
            report(row.fault("governorate", "has no label point in geo/governorates.csv", severity="warning"))


def _place(row: Row, outline: Outline, report: Report) -> None:
    y, x = row.values["latitude"], row.values["longitude"]
    if y is None:
        return
    if not outline.holds(x, y):
        message = f"{y}, {x} lies outside the region outline; are the two swapped?"
        report(row.fault("latitude", message, severity="warning"))
    elif x == 0 and y == 0:
        message = "0, 0 lies in the sea off Africa; leave both cells empty if the place is unknown"
        report(row.fault("latitude", message, severity="warning"))


def _twins(rows: list[Row], report: Report) -> None:
    """Pairs of rows that may be one attack: of one method, on a day and the day before, so that time stays linear."""
    rows = sorted(rows, key=lambda r: (r.values["date"], r.values["incident_id"]))
    found = _Spots(rows)
    by_day: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        by_day.setdefault(row.values["date"].toordinal(), []).append(at)
    for day, today in by_day.items():
        if len(today) > MANY_A_DAY:
            message = f"is the day of {len(today):,} rows, which were not compared with each other; is it right?"
            report(rows[today[0]].fault("date", message, severity="warning"))
            continue
        before = by_day.get(day - 1, [])
        for one, others, more in found.alike(today, before if len(before) <= MANY_A_DAY else []):
            for other, how in others:
                twin = rows[other]
                message = f"{how} {twin.values['incident_id']} ({twin.file}:{twin.line}); is it one attack?"
                fault = rows[one].fault("incident_id", message, severity="warning")
                report(replace(fault, more=more) if other == others[-1][0] else fault)


class _Spots:
    """Where rows were and how they were done, as whole columns."""

    def __init__(self, rows: Sequence[Row]) -> None:
        def column(name: str) -> Any:
            known = (r.values[name] for r in rows)
            return np.array([math.nan if v is None else math.radians(v) for v in known], dtype=float)

        def codes(name: str) -> Any:
            seen: dict[Any, int] = {}
            return np.array([seen.setdefault(r.values[name], len(seen)) for r in rows], dtype=int)

        self._latitude, self._longitude = column("latitude"), column("longitude")
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
        near = self._km(a, b) <= NEAR_KM
        which = np.flatnonzero(place | near)  # those of one row stand together
        for own in np.split(which, np.flatnonzero(np.diff(a[which])) + 1) if len(which) else ():
            told = [(int(b[k]), _shared(place[k], same_day[k])) for k in own[: self._most]]
            yield int(a[own[0]]), told, len(own) - len(told)

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


def deadly_alone(rows: Sequence[Row], only_deadly: bool, report: Report) -> None:
    """Warn where what report.yml says of a record of deadly attacks alone, or leaves out, does not fit its rows."""
    killed = [row.values["killed"] for row in rows]
    if only_deadly:
        for row, number in zip(rows, killed, strict=True):
            if number == 0:
                report(row.fault("killed", "killed nobody, where report.yml says only_deadly", severity="warning"))
    elif len(rows) >= MANY_DEADLY and all(killed):
        message = "is not said, and every row killed somebody; if the source records no other, say only_deadly: true"
        report(Fault("report.yml", message, column="only_deadly", severity="warning"))


def uncited(sources: list[Row], cited: set[str], report: Report) -> None:
    """Warn of sources that no row of any table cites."""
    for row in sources:
        if row.values["source_id"] not in cited:
            report(row.fault("source_id", "is cited by no row", severity="warning"))


class Outline:
    """The country's outline, or that of all features where none has its name; without any, every point is in it."""

    def __init__(self, region: Any, country: str) -> None:
        features = region.get("features", []) if isinstance(region, Mapping) else []
        own = [f for f in features if (f.get("properties") or {}).get("name") == country]
        self._polygons: list[Any] = []
        for feature in own or features:
            shape = feature["geometry"]
            polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            self._polygons += [_edges(polygon) for polygon in polygons]
        self._known: dict[tuple[float, float], bool] = {}

    def holds(self, x: float, y: float) -> bool:
        """Even-odd rule over all rings (holes included) of any polygon."""
        if (x, y) not in self._known:
            self._known[x, y] = not self._polygons or any(_crossings(x, y, p) % 2 == 1 for p in self._polygons)
        return self._known[x, y]


def _edges(polygon: Sequence[Sequence[Sequence[float]]]) -> Any:
    """Edges of all rings of a polygon, four numbers each: from x, y to x, y."""
    rings = [np.array([point[:2] for point in ring], dtype=float) for ring in polygon]
    return np.concatenate([np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in rings]).T


def _crossings(x: float, y: float, edges: Any) -> int:
    x1, y1, x2, y2 = edges
    across = (y1 > y) != (y2 > y)
    x1, y1, x2, y2 = x1[across], y1[across], x2[across], y2[across]
    return int(np.count_nonzero(x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)))
