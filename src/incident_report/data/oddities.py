"""What is allowed and looks wrong: warnings for a person to judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from incident_report.data.model import Fault
from incident_report.data.rows import Report, Row, column, having
from incident_report.data.twins import tell_twins
from incident_report.periods import QUARTER, Period

MANY_KILLED = 50
QUIET = 0.23  # a gap this long at a period's end, 21 days of a quarter, is worth a look at what the file covers
FEWEST_QUIET = 14  # days
MANY_DEADLY = 20  # rows all of which killed somebody: fewer say nothing of what their source records
_MOST_EDGES = 500_000  # of all points that are looked at together
Point = tuple[float, float]


def look_over(
    rows: Sequence[Row],
    quarters: Collection[str],
    declared: Iterable[str],
    region: Any,
    country: str,
    report: Report,
) -> None:
    """Report everything about incident rows that a person should look at.

    Parameters
    ----------
    rows : sequence of Row
        Without errors.
    quarters, declared : collection and iterable of str
        Periods with a file; those of them whose coverage is declared.
    region : GeoJSON mapping or None
    country : str
        The feature of that name is the outline; without one, all features together.
    """
    outline = Outline(region, country)
    unit = Period.parse(min(quarters)).unit if quarters else QUARTER
    periods = {day: Period.of(day, unit) for day in {*column(rows, "date")}}
    _dates(rows, periods, report)
    _numbers(rows, report)
    _places(rows, outline, report)
    tell_twins(rows, report)
    last = {str(periods[day]): day for day in sorted(periods)}
    for name in sorted(set(quarters) - set(declared)):
        period = Period.parse(name)
        gap = (period.end - last[name]).days if name in last else 0
        if gap >= max(FEWEST_QUIET, round(QUIET * period.days)):
            message = (
                f"has no attack in the last {gap} days of {name}; "
                "if the file does not cover them, say so in coverage.csv"
            )
            report(Fault(f"incidents/{name}.csv", message, severity="warning"))


def _dates(rows: Sequence[Row], periods: Mapping[date, Period], report: Report) -> None:
    """Warn of days that stand for a whole period."""
    for row in having(rows, lambda day, how: how != "day" and day == periods[day].end, "date", "date_precision"):
        unit = periods[row.values["date"]].unit
        message = f"is the {unit}'s last day and not exact; the attack may belong to the next {unit}"
        report(row.fault("date", message, severity="warning"))


def _numbers(rows: Sequence[Row], report: Report) -> None:
    """Warn of casualties that do not fit each other, and of letters that need more outlets."""
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        for row in having(rows, lambda one, all_: None not in (one, all_) and one > all_, part, whole):
            message = f"is more than {whole}, {row.values[whole]}, which should include it"
            report(row.fault(part, message, severity="warning"))
    for row in having(rows, lambda number: (number or 0) > MANY_KILLED, "killed"):
        report(row.fault("killed", f"is more than {MANY_KILLED}; is it right?", severity="warning"))
    for row in having(rows, lambda letter, cites: letter == "high" and len(cites) == 1, "confidence", "sources"):
        report(row.fault("confidence", "is high with one source; high needs two outlets", severity="warning"))


def label_points(points: Sequence[Row], incidents: Sequence[Row], region: Any, country: str, report: Report) -> None:
    """Warn of label points that lie outside the country, and of attacks in a governorate that has none."""
    _places(points, Outline(region, country), report)
    known = {*column(points, "governorate"), ""}
    for row in having(incidents, lambda name: name not in known, "governorate") if points else ():
        report(row.fault("governorate", "has no label point in geo/governorates.csv", severity="warning"))


def _places(rows: Sequence[Row], outline: Outline, report: Report) -> None:
    """Warn of points outside the country."""
    points = {*zip(column(rows, "longitude"), column(rows, "latitude"), strict=True)}
    outside = outline.beyond({(x, y) for x, y in points if y is not None})
    for row in having(rows, lambda x, y: (x, y) in outside or x == y == 0, "longitude", "latitude"):
        y, x = row.values["latitude"], row.values["longitude"]
        message = "0, 0 lies in the sea off Africa; leave both cells empty if the place is unknown"
        if (x, y) in outside:
            message = f"{y}, {x} lies outside the region outline; are the two swapped?"
        report(row.fault("latitude", message, severity="warning"))


def deadly_alone(rows: Sequence[Row], only_deadly: bool, report: Report) -> None:
    """Warn where what report.yml says of a record of deadly attacks alone, or leaves out, does not fit its rows."""
    if only_deadly:
        for row in having(rows, lambda number: number == 0, "killed"):
            report(row.fault("killed", "killed nobody, where report.yml says only_deadly", severity="warning"))
    elif len(rows) >= MANY_DEADLY and all(column(rows, "killed")):
        message = "is not said, and every row killed somebody; if the source records no other, say only_deadly: true"
        report(Fault("report.yml", message, column="only_deadly", severity="warning"))


def uncited(sources: Sequence[Row], cited: set[str], report: Report) -> None:
    """Warn of sources that no row of any table cites."""
    for row in having(sources, lambda ident: ident not in cited, "source_id"):
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

    def holds(self, x: float, y: float) -> bool:
        """Even-odd rule over all rings (holes included) of any polygon."""
        return not self.beyond({(x, y)})

    def beyond(self, points: Collection[Point]) -> set[Point]:
        """Those of some points that it does not hold, many looked at together."""
        listed = [*points] if self._polygons else []
        step = max(1, _MOST_EDGES // max((edges.shape[1] for edges in self._polygons), default=1))
        found: set[Point] = set()
        for part in (listed[at : at + step] for at in range(0, len(listed), step)):
            inside = np.logical_or.reduce([_crossings(np.array(part), p) % 2 == 1 for p in self._polygons])
            found.update(point for point, held in zip(part, inside.tolist(), strict=True) if not held)
        return found


def _edges(polygon: Sequence[Sequence[Sequence[float]]]) -> Any:
    """Edges of all rings of a polygon, four numbers each: from x, y to x, y."""
    rings = [np.array([point[:2] for point in ring], dtype=float) for ring in polygon]
    return np.concatenate([np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in rings]).T


def _crossings(points: Any, edges: Any) -> Any:
    """How many edges the way east from each point crosses."""
    x, y = points[:, 0, None], points[:, 1, None]
    x1, y1, x2, y2 = edges
    with np.errstate(divide="ignore", invalid="ignore"):  # along an edge that is level nothing is crossed
        east = x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    return np.count_nonzero(((y1 > y) != (y2 > y)) & east, axis=1)
