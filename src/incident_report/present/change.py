"""A comparison in words: the one place where a test's verdict becomes a clause."""

from __future__ import annotations

import math
from collections.abc import Sequence

from incident_report.analysis.change import Change, Verdict
from incident_report.analysis.comparability import Support, support, thin_parts
from incident_report.analysis.counts import TALLY, Count
from incident_report.analysis.coverage import coverage
from incident_report.analysis.edition import Edition
from incident_report.periods import Quarter
from incident_report.present.phrase import escape, join, number, span

VERDICT_WORDS = {
    Verdict.RISE: "a rise that chance hardly explains",
    Verdict.FALL: "a fall that chance hardly explains",
    Verdict.LEVEL: "no detectable change",
    Verdict.TOO_FEW: "too few to say whether the rate changed",
    Verdict.NOT_COMPARABLE: "not comparable",
}
_ORDINAL = ("first", "second", "third", "fourth")
_BOUND = {"at_least": "at least ", "about": "about "}


def tracker_name(ed: Edition) -> str:
    """The headline tracker's name, plain text; empty where the campaign names none."""
    tracker = ed.campaign.headline_tracker or ""
    return str(ed.campaign.trackers.get(tracker, tracker))


def tally_name(ed: Edition) -> str:
    """``Knights's tally``, or ``the published tally``; plain text."""
    name = tracker_name(ed)
    return f"{name}'s tally" if name else "the published tally"


def basis_name(ed: Edition, basis: str) -> str:
    """How charts and tables call a basis; plain text."""
    return tally_name(ed) if basis == TALLY else "documented incidents"


def period_words(counted: Count) -> str:
    """``the third quarter of 2020``, or the days covered where they are fewer."""
    if counted.partial and counted.window:
        return span(counted.window.start, counted.window.end)
    return Quarter.parse(counted.period).words


def quarters_words(quarters: Sequence[Quarter]) -> str:
    """``the first and second quarters of 2020``."""
    years = sorted({q.year for q in quarters})
    if len(quarters) == 1:
        return quarters[0].words
    if len(years) > 1:
        return join([q.label for q in quarters])
    return f"the {join([_ORDINAL[q.number - 1] for q in quarters])} quarters of {years[0]}"


def before_words(change: Change) -> str:
    """What the quarter is compared with: one quarter, or several taken together."""
    if len(change.before) == 1:
        return _days(change.before[0])
    return f"{quarters_words(change.quarters_before)} together"


def ratio_number(value: float) -> str:
    """A ratio with as many digits as it deserves: ``0.54``, ``28.7``, ``1,172``."""
    return number(value, 2 if value < 10 else 1 if value < 100 else 0)


def ratio_words(change: Change) -> str:
    """``rate ratio 2.57, 95% interval 1.23 to 5.74``; no ratio is formed against zero."""
    high = ratio_number(change.test.high) if math.isfinite(change.test.high) else "no upper limit"
    limits = f"95% interval {ratio_number(change.test.low)} to {high}"
    if math.isfinite(change.test.ratio):
        return f"rate ratio {ratio_number(change.test.ratio)}, {limits}"
    return f"no rate ratio can be formed against zero, {limits}"


def _amount(value: int, words: tuple[str, str], bound: str = "exact") -> str:
    """``27 attacks``, ``1 attack``, ``no attacks``, ``at least 15 attacks``: digits, to set side by side."""
    amount = number(value) if value else "no"
    return f"{_BOUND.get(bound, '')}{amount} {words[0] if value == 1 else words[1]}".strip()


def _bare(value: int, bound: str) -> str:
    return f"{_BOUND.get(bound, '')}{number(value) if value else 'none'}"


def comparison_words(ed: Edition, change: Change) -> str:
    """``27 rocket and drone attacks in … against 11 in …``, without verdict; Markdown."""
    series = ed.find_series(change.series)
    words = (escape(series.singular), escape(series.noun))
    uneven = change.now.days != change.days_before
    days_now = f" ({change.now.days} days)" if uneven else ""
    days_before = f" ({change.days_before} days)" if uneven else ""
    bound = next((c.bound for c in change.before if c.bound != "exact"), "exact")
    return (
        f"{_amount(change.count_now, words, change.now.bound)} {_when(change.now)}{days_now}"
        f" against {_bare(change.count_before, bound)} in {before_words(change)}{days_before}"
    )


def _when(counted: Count) -> str:
    return f"{'from' if counted.partial else 'in'} {period_words(counted)}"


def _days(counted: Count) -> str:
    return f"the days from {period_words(counted)}" if counted.partial else period_words(counted)


def support_words(ed: Edition, change: Change) -> str:
    """What coverage implies for a documented change; empty where it supports the change."""
    quarters = (change.now, *change.before)
    found = support(ed, change.series, *(Quarter.parse(c.period) for c in quarters))
    series = escape(ed.find_series(change.series).noun)
    if found is Support.THIN:
        return (
            f"Documentation of {series} is too uneven for this to be evidence that the attacks themselves"
            f" changed: {_shares(ed, change)}."
        )
    if found is Support.UNEVEN:
        return (
            f"The share of {series} that is documented differs between the periods ({_shares(ed, change)}),"
            " so part of this may be a change in what was recorded."
        )
    if found is Support.UNKNOWN:
        return (
            f"No published tally covers {series} in all of these periods, so a change in what was recorded"
            " cannot be told from a change in attacks."
        )
    return ""


def _shares(ed: Edition, change: Change) -> str:
    """``convoy attacks: 2 documented against 14 tallied in the first quarter of 2020 and …``."""
    quarters = (*change.quarters_before, Quarter.parse(change.now.period))
    own = [change.series] if any(coverage(ed, q, change.series) for q in quarters) else thin_parts(ed, quarters)
    clauses = []
    for series in own:
        found = [c for q in quarters if (c := coverage(ed, q, series)) is not None and c.documented is not None]
        parts = [
            f"{number(c.documented or 0)} documented against {number(c.tally.count)} tallied in {c.quarter.label}"
            for c in found
        ]
        head = "" if series == change.series else f"{escape(ed.find_series(series).noun)} alone have "
        clauses.append(head + join(parts))
    return "; ".join(clauses)
