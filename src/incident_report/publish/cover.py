"""What stands on the cover: title, edition, coverage, and on what the report rests."""

from __future__ import annotations

from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.present import phrase


def cover(edition: Edition) -> dict[str, Any]:
    """Metadata that every writer takes.

    Returns
    -------
    dict
        ``title``, ``subtitle``, ``kicker``, ``lang``, ``authors``, ``description``, ``date`` (the edition's
        last day, so that two builds agree), ``facts`` (label and value), ``colophon`` (paragraphs).
    """
    campaign, quarter = edition.campaign, edition.quarter
    return {
        "title": campaign.title,
        "subtitle": campaign.subtitle,
        "kicker": phrase.sentence([quarter.words.removeprefix("the ")]),
        "lang": "en-GB",
        "authors": list(campaign.authors),
        "description": f"{campaign.title}: {campaign.subtitle or 'quarterly report'}, {quarter.words}.",
        "edition": quarter.label,
        "date": quarter.end,
        "facts": facts(edition),
        "colophon": [
            f"Data: {campaign.licence}. Code: MIT.",
            "Every number, chart and hedge was computed from the data that data.zip holds.",
        ],
    }


def facts(edition: Edition) -> list[tuple[str, str]]:
    """Label and value pairs for the cover, each true for any campaign and edition."""
    window, quarter = edition.coverage(edition.quarter), edition.quarter
    newest = quarter == max(edition.quarters) and str(quarter) == max(edition.data.quarters)
    found = [("Edition", f"{quarter}{', provisional' if newest else ''}")]
    if window is not None:
        found.append(("Incidents collected for", phrase.span(window.start, window.end)))
    if edition.baseline is not None:
        found.append(("Compared with", edition.baseline.words))
    listed = edition.data.incidents
    listed = listed[listed["quarter"] == str(quarter)]
    counted = len(edition.incidents(quarter))
    left_out = len(listed) - counted
    rest = f", {phrase.number(left_out)} more listed but not counted" if left_out else ""
    found.append(("Documented incidents", f"{phrase.number(counted)} counted{rest}"))
    used = {edition.tally(quarter, s.id) for s in edition.series} - {None}
    ends = sorted({t.window.end for t in used if t is not None})
    if ends:
        tracker = edition.campaign.headline_tracker or ""
        name = edition.campaign.trackers.get(tracker, tracker)
        stops = phrase.join([phrase.day(e) for e in ends])
        found.append(("Published tallies", f"{name}, to {stops}"))
    else:
        found.append(("Published tallies", "none for this quarter"))
    if edition.confidence_floor != "low":
        found.append(("Confidence floor", edition.confidence_floor))
    if edition.data.as_of is not None:
        found.append(("As known on", phrase.day(edition.data.as_of)))
    return found
