"""Candidates on how often attacks came."""

from __future__ import annotations

import math

from incident_report.analysis.change import Change, Verdict, find_change
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.counts import DOCUMENTED, TALLY, count
from incident_report.analysis.edition import Edition
from incident_report.data.model import Series
from incident_report.present.change import change_trace, change_words, period_words, ratio_number, tally_name
from incident_report.present.findings.rules import Finding
from incident_report.present.phrase import count as count_words
from incident_report.present.phrase import day, escape, interval, sentence
from incident_report.present.records import Trace

_HEADLINE = {
    Verdict.RISE: "{} came clearly more often.",
    Verdict.FALL: "{} came clearly less often.",
    Verdict.LEVEL: "{} show no detectable change.",
    Verdict.TOO_FEW: "{} were too few to show a change.",
    Verdict.NOT_COMPARABLE: "{} cannot be compared with those before.",
}
_WEIGHT = {Verdict.RISE: 90, Verdict.FALL: 90, Verdict.LEVEL: 60, Verdict.NOT_COMPARABLE: 30, Verdict.TOO_FEW: 10}


def frequency_findings(ed: Edition) -> list[Finding]:
    """One candidate a series that can be compared, and the count of all documented attacks."""
    found = [_compared(ed, series) for series in ed.campaign.series]
    return [f for f in found if f] + _whole(ed)


def _compared(ed: Edition, series: Series) -> Finding | None:
    tally = find_change(ed, series.id, TALLY)
    documented = find_change(ed, series.id, DOCUMENTED)
    change = tally or documented
    if change is None or change.count_now + change.count_before == 0:
        return None
    kept = support(ed, series.id)
    noun = sentence([escape(series.noun)])
    return Finding(
        topic="frequency",
        weight=_WEIGHT[change.verdict] + min(9, change.count_now // 10),
        headline=_HEADLINE[change.verdict].format(noun),
        text=change_words(ed, change),
        basis=_basis(ed, change),
        confidence=_confidence(change, tally, documented, kept),
        see="@fig-quarterly",
        trace=(change_trace(change),),
    )


def _basis(ed: Edition, change: Change) -> str:
    if change.basis == DOCUMENTED:
        return "documented incidents"
    end = f" to {day(change.now.window.end, year=False)}" if change.now.partial and change.now.window else ""
    return f"{escape(tally_name(ed))}{end}"


def _confidence(change: Change, tally: Change | None, documented: Change | None, kept: Support) -> str:
    """High where two bases agree on a clear change; moderate on one; low where the record is uneven."""
    if change.verdict is Verdict.TOO_FEW:
        return "low, because so few attacks show little either way"
    if tally is None:
        if kept.changed:
            return "low, because the share of attacks that is documented changed"
        return "low, because no published tally shows how much the record misses"
    if change.verdict is Verdict.LEVEL:
        return (
            "moderate, because the interval leaves room for a rate"
            f" {_factor(change.test.low)} to {_factor(change.test.high)} times the earlier one"
        )
    if documented is None or kept in (Support.THIN, Support.UNKNOWN):
        return "moderate, because it rests on one tracker's count that cannot be inspected"
    if documented.verdict is tally.verdict:
        return "high, because the documented incidents, counted apart, say the same"
    return "moderate, because the documented incidents, counted apart, do not show it as clearly"


def _factor(value: float) -> str:
    return ratio_number(value) if math.isfinite(value) else "any number of"


def _whole(ed: Edition) -> list[Finding]:
    """The count of everything documented: the finding of last resort."""
    whole = count(ed, ed.quarter, ed.campaign.all_series.id, DOCUMENTED)
    if whole.count is None:
        return []
    low, high = whole.limits
    words = count_words(whole.count, "attack is documented", "attacks are documented")
    return [
        Finding(
            topic="frequency",
            weight=20,
            headline=sentence([f"{words} for {period_words(whole)}."]),
            text=f"That is {whole.rate:.1f} for every 30 days ({interval(low, high)} for the count).",
            basis="documented incidents",
            confidence="low as a measure of how many attacks there were, because the record is incomplete",
            see="@fig-quarterly",
            trace=(
                Trace("incident_report.analysis.counts.count", {"basis": DOCUMENTED}, whole.rows, str(whole.count)),
            ),
        )
    ]
