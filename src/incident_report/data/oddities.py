"""What is allowed and looks wrong: warnings for a person to judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from incident_report.data.model import Fault
from incident_report.data.tables import Report, Row
from incident_report.periods import Quarter

MANY_KILLED = 50
QUIET_DAYS = 21  # a gap this long at a quarter's end is worth a look at what the file covers
NEAR_KM = 10.0


def look_over(
    rows: list[Row],
    quarters: Iterable[str],
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
    quarters, declared : iterables of str
        Quarters with a file; those of them whose coverage is declared.
    region : GeoJSON mapping or None
    country : str
        The feature of that name is the outline; without one, all features together.
    """
    outline = _polygons(region, country)
    for row in rows:
        _one_row(row, outline, report)
    _twins(rows, report)
    for name in sorted(set(quarters) - set(declared)):
        quarter = Quarter.parse(name)
        days = [r.values["date"] for r in rows if r.values["date"] in quarter.window]
        gap = (quarter.end - max(days)).days if days else 0
        if gap >= QUIET_DAYS:
            message = (
                f"has no attack in the last {gap} days of {name}; "
                "if the file does not cover them, say so in coverage.csv"
            )
            report(Fault(f"incidents/{name}.csv", message, severity="warning"))


def _one_row(row: Row, outline: list[Any], report: Report) -> None:
    v = row.values

    def warn(column: str, message: str) -> None:
        report(row.fault(column, message, severity="warning"))

    if v["date_precision"] != "day" and v["date"] == Quarter.of(v["date"]).end:
        warn("date", "is the quarter's last day and not exact; the attack may belong to the next quarter")
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        if v[part] is not None and v[whole] is not None and v[part] > v[whole]:
            warn(part, f"is more than {whole}, {v[whole]}, which should include it")
    if (v["killed"] or 0) > MANY_KILLED:
        warn("killed", f"is more than {MANY_KILLED}; is it right?")
    if v["confidence"] == "high" and len(v["sources"]) == 1:
        warn("confidence", "is high with one source; high needs two outlets")
    if outline and v["latitude"] is not None and not _inside(v["longitude"], v["latitude"], outline):
        warn("latitude", f"{v['latitude']}, {v['longitude']} lies outside the region outline; are the two swapped?")


def _twins(rows: list[Row], report: Report) -> None:
    """Pairs of rows that may be one attack; compared within a day only, so time stays linear."""
    by_day: dict[date, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r.values["date"], r.values["incident_id"])):
        by_day.setdefault(row.values["date"], []).append(row)
    for day, today in by_day.items():
        before = by_day.get(date.fromordinal(day.toordinal() - 1), []) if day > date.min else []
        for i, row in enumerate(today):
            for other in today[:i]:
                if _same(row, other, "place", "attack_method"):
                    _warn_twin(row, other, "has the same date, place and method as", report)
                elif _near(row, other):
                    _warn_twin(row, other, f"has the same date and method, within {NEAR_KM:.0f} km, as", report)
            for other in before:
                if _near(row, other):
                    how = f"is a day after, within {NEAR_KM:.0f} km of and by the same method as"
                    _warn_twin(row, other, how, report)


def _warn_twin(row: Row, other: Row, how: str, report: Report) -> None:
    message = f"{how} {other.values['incident_id']} ({other.file}:{other.line}); is it one attack?"
    report(row.fault("incident_id", message, severity="warning"))


def _same(a: Row, b: Row, *columns: str) -> bool:
    return all(a.values[c] == b.values[c] for c in columns)


def _near(a: Row, b: Row) -> bool:
    if not _same(a, b, "attack_method") or a.values["latitude"] is None or b.values["latitude"] is None:
        return False
    lat1, lat2 = math.radians(a.values["latitude"]), math.radians(b.values["latitude"])
    east = math.radians(a.values["longitude"] - b.values["longitude"]) * math.cos((lat1 + lat2) / 2)
    return 6371.0 * math.hypot(lat1 - lat2, east) <= NEAR_KM


def uncited(sources: list[Row], cited: set[str], report: Report) -> None:
    """Warn of sources that no row of any table cites."""
    for row in sources:
        if row.values["source_id"] not in cited:
            report(row.fault("source_id", "is cited by no row", severity="warning"))


def _polygons(region: Any, country: str) -> list[Any]:
    """Polygons (lists of rings) of the country, or of all features where none has its name."""
    if not isinstance(region, Mapping):
        return []
    features = region.get("features", [])
    own = [f for f in features if (f.get("properties") or {}).get("name") == country]
    result: list[Any] = []
    for feature in own or features:
        shape = feature["geometry"]
        result.extend([shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"])
    return result


def _inside(x: float, y: float, polygons: list[Any]) -> bool:
    """Even-odd rule over all rings (holes included) of any polygon."""
    return any(sum(_crossings(x, y, ring) for ring in polygon) % 2 == 1 for polygon in polygons)


def _crossings(x: float, y: float, ring: Sequence[Sequence[float]]) -> int:
    count = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count
