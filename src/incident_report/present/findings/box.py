"""The key-findings box, and what the report is about."""

from __future__ import annotations

from incident_report.analysis.edition import Edition
from incident_report.present.findings.frequency import frequency_findings
from incident_report.present.findings.others import (
    harm_finding,
    options_finding,
    outlook_finding,
)
from incident_report.present.findings.rules import Finding, choose
from incident_report.present.phrase import count, escape, span
from incident_report.present.records import Record, Trace, show_prose

FINDERS = (
    frequency_findings,
    harm_finding,
    options_finding,
    outlook_finding,
)


def findings(ed: Edition) -> list[Finding]:
    """The chosen findings, heaviest first."""
    return choose([finding for find in FINDERS for finding in find(ed)])


def findings_box(ed: Edition) -> Record:
    """Three to six findings, each with number, comparison, interval, basis and confidence."""
    chosen = findings(ed)
    if not chosen:
        return show_prose("txt-findings", f"The data allow no finding on {ed.quarter.words}.", role="finding")
    trace = tuple(t for f in chosen for t in f.trace)
    return show_prose("txt-findings", *(f.markdown() for f in chosen), role="finding", trace=trace)


def about_text(ed: Edition) -> Record:
    """What the edition covers, in two sentences."""
    window = ed.coverage(ed.quarter)
    covered = f", {span(window.start, window.end)}" if window else ""
    compared = f", and compares it with {ed.baseline.words}" if ed.baseline else ""
    rows = ed.incidents(ed.quarter)
    tallied = any(ed.tally(ed.quarter, s.id) for s in ed.series)
    tallies = ", and on tallies published by others, kept apart" if tallied else ""
    newest = max(ed.data.quarters) == str(ed.quarter)
    return show_prose(
        "txt-about",
        f"This edition reports on {ed.quarter.words}{covered}{compared}. It rests on"
        f" {count(len(rows), 'documented attack', 'documented attacks')} by {escape(ed.campaign.actors)}, or suspected"
        f" to be by them, on {escape(ed.campaign.targets)} in {escape(ed.campaign.country)}{tallies}.",
        f"{ed.quarter.label} is the newest quarter in the data and is provisional: later reports may add attacks or"
        " correct them."
        if newest
        else "",
        trace=[
            Trace("incident_report.analysis.edition.Edition.incidents", {}, ed.incidents(ed.quarter)["incident_id"])
        ],
    )
