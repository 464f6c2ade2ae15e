"""What every record of the outlook shares."""

from __future__ import annotations

from incident_report.analysis.counts import DOCUMENTED
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import ALTERNATIVE, MAIN, Outlook
from incident_report.present.change import source_line, tally_name
from incident_report.present.phrase import escape, likelihood, sentence
from incident_report.present.records import Record, Trace, show_prose

FUNCTION = "incident_report.analysis.outlook.outlook"
MODEL_WORDS = {MAIN: "gamma-Poisson", ALTERNATIVE: "negative binomial"}


def trace(o: Outlook, value: str = "") -> Trace:
    """The trace of one outlook."""
    return Trace(FUNCTION, {"series": o.series, "basis": o.basis, "quarter": o.quarter}, o.rows, value)


def source(ed: Edition, basis: str) -> str:
    """Where the counts behind a prediction come from; Markdown."""
    return "Documented incidents of this edition." if basis == DOCUMENTED else _tallies(ed)


def _tallies(ed: Edition) -> str:
    return source_line(ed).split("; ")[0].rstrip(".") + "."


def nothing(ed: Edition, basis: str, id: str) -> Record:
    """One plain sentence where a basis has nothing to predict from."""
    if basis != DOCUMENTED and not ed.campaign.headline_tracker:
        return show_prose(
            id, "This campaign has no published tally, so the outlook rests on documented incidents alone."
        )
    if basis == DOCUMENTED:
        return show_prose(
            id, f"No incidents file covers {ed.quarter.words}, so nothing is predicted from documented ones."
        )
    name = sentence([escape(tally_name(ed))])
    return show_prose(
        id, f"{name} gives no count for {ed.quarter.words}, so the outlook rests on documented incidents alone."
    )


def chance(p: float) -> str:
    """``it is likely that``, ``there is almost no chance that``: ICD 203's word as a clause.

    The word is that of the rounded percentage, so that the two never disagree in print.
    """
    word = likelihood(round(p, 2))
    if word == "almost no chance":
        return "there is almost no chance that"
    if word == "roughly even chance":
        return "there is a roughly even chance that"
    return f"it is {word} that"


def percent(p: float) -> str:
    """A probability in percent, never 0 or 100."""
    if p < 0.01:
        return "below 1%"
    return "above 99%" if p > 0.99 else f"{100 * p:.0f}%"
