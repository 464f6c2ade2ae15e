"""One point for one site: incidents that name a site take its coordinates."""

from __future__ import annotations

from incident_report.data.tables import Report, Row

POINTS = ("exact_site", "site_point")  # precisions for which a site's point stands
COARSE = ("governorate", "unknown")  # precisions at which no point is drawn
Point = tuple[float, float]


def points(sites: list[Row], report: Report) -> dict[str, Point]:
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


def place(incidents: list[Row], at: dict[str, Point], report: Report) -> None:
    """Fill in the coordinates of incidents that name a site, and warn where point and precision disagree."""
    for row in incidents:
        site = row.values.get("site_id") or ""
        precision = row.values.get("coordinate_precision") or ""
        if site and row.values.get("latitude") is not None:
            report(row.fault("latitude", f"is given although {site} has its point in sites.csv; leave both empty"))
        elif site in at and precision in ("", *POINTS):
            row.values["latitude"], row.values["longitude"] = at[site]
        if precision in COARSE and row.values.get("latitude") is not None:
            message = f"is {precision}, yet the row has a point; it is kept, and no map draws it"
            report(row.fault("coordinate_precision", message, severity="warning"))
