"""One point for one site: incidents that name a site take its coordinates."""

from __future__ import annotations

from collections.abc import Sequence

from incident_report.data.columns import Columns, places
from incident_report.data.rows import Report, Row, Rows, having

POINTS = ("exact_site", "site_point")  # precisions for which a site's point stands
COARSE = ("governorate", "unknown")  # precisions at which no point is drawn
Point = tuple[float, float]


def points(sites: Sequence[Row], report: Report) -> dict[str, Point]:
    """Latitude and longitude by site; a site inside a larger one takes that one's, one without any is left out."""
    by_id = {r.values["site_id"]: r for r in sites if r.values.get("site_id")}
    found: dict[str, Point] = {}
    for name, row in by_id.items():
        inside = row.values.get("inside") or ""
        if inside and inside not in by_id:
            report(row.fault("inside", "is not a site_id of sites; add it there"))
        at = _own(row, report) or (_own(by_id[inside], lambda _: None) if inside in by_id else None)
        if at:
            found[name] = at
    return found


def _own(row: Row, report: Report) -> Point | None:
    latitude, longitude = row.values.get("latitude"), row.values.get("longitude")
    if (latitude is None) != (longitude is None):
        report(row.fault("longitude", "and latitude go together; give both or neither"))
    return None if latitude is None or longitude is None else (latitude, longitude)


def place(incidents: Rows, at: dict[str, Point], report: Report) -> None:
    """Fill in the coordinates of incidents that name a site, and warn where point and precision disagree."""
    for row in having(incidents, lambda site, latitude: site and latitude is not None, "site_id", "latitude"):
        there = row.values["site_id"]
        report(row.fault("latitude", f"is given although {there} has its point in sites.csv; leave both empty"))
    _fill_in(incidents.values, at)
    columns = "coordinate_precision", "latitude"
    for row in having(incidents, lambda how, latitude: how in COARSE and latitude is not None, *columns):
        message = f"is {row.values['coordinate_precision']}, yet the row has a point; it is kept, and no map draws it"
        report(row.fault("coordinate_precision", message, severity="warning"))


def _fill_in(cells: Columns, at: dict[str, Point]) -> None:
    """Coordinates of rows that have none, that name a site with a point, and that say nothing coarser."""
    site, how, own = (cells.column(name) for name in ("site_id", "coordinate_precision", "latitude"))
    named = places(lambda name, how: name in at and (how or "") in ("", *POINTS), site, how)
    drawn = [i for i in named if own[i] is None]
    for number, name in enumerate(("latitude", "longitude")):
        cells.put(name, {i: at[site[i]][number] for i in drawn})
