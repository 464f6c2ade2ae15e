"""The two or three caveats that come first, chosen by what is wrong with this edition's data."""

from __future__ import annotations

import math

from incident_report.analysis import quality
from incident_report.analysis.coverage import Coverage, coverage
from incident_report.analysis.edition import Edition
from incident_report.present.phrase import count, day, escape, join, number, span
from incident_report.present.records import Record, Trace, show_prose

UNLIKELY_SILENCE = 0.001


def caveats_text(ed: Edition) -> Record:
    """At most three caveats, the most damaging first."""
    lines = [_coverage(ed), _ending(ed), _partial(ed), _weak(ed), _silent(ed)]
    kept = [line for line in lines if line][:3]
    numbered = "\n".join(f"{i}. {line}" for i, line in enumerate(kept, 1))
    ids = ed.incidents(ed.quarter)["incident_id"]
    return show_prose(
        "txt-caveats",
        numbered,
        role="caveat",
        trace=[Trace("incident_report.analysis.quality.support", {}, ids)],
    )


def _coverage(ed: Edition) -> str:
    """Documented and tallied counts that tell different stories, or no tally at all."""
    if not any(ed.tally(ed.quarter, s.id) for s in ed.series):
        return (
            f"**No published tally covers {ed.quarter.label}.** Everything said about this quarter rests on documented"
            " incidents, which are incomplete by an unknown amount."
        )
    uneven, thin = [], []
    for series in ed.campaign.series:
        now = coverage(ed, ed.quarter, series.id)
        then = coverage(ed, ed.baseline, series.id) if ed.baseline else None
        if now and then and not math.isnan(now.share) and not math.isnan(then.share):
            uneven.append((abs(now.share - then.share), series.id, then, now))
        if now and not math.isnan(now.share):
            thin.append((1 - now.share, series.id, now))
    gap = max(uneven, default=None, key=lambda p: p[:2])
    lack = max(thin, default=None, key=lambda p: p[:2])
    if gap and gap[0] >= max(0.25, lack[0] if lack else 0):
        _, name, then, now = gap
        return (
            f"**The data document {escape(ed.find_series(name).noun)} unevenly.** They hold {_against(ed, then)}, and"
            f" {_against(ed, now)}. Set against each other, the documented counts would show a change in reporting as"
            " if it were one in attacks."
        )
    if lack and lack[0] >= 0.25:
        _, name, now = lack
        return (
            f"**Many {escape(ed.find_series(name).noun)} are not documented.** The data hold {_against(ed, now)}. What"
            " is said about the documented ones need not hold for the others."
        )
    return ""


def _against(ed: Edition, found: Coverage) -> str:
    """``1 for Q2 2020, when Knights counted 27``."""
    window = found.tally.window
    when = span(window.start, window.end) if found.tally.partial else found.quarter.label
    return f"{number(found.documented or 0)} for {when}, when {_tracker(ed)} counted {number(found.tally.count)}"


def _partial(ed: Edition) -> str:
    """Coverage that stops before the quarter does."""
    window = ed.coverage(ed.quarter)
    if window and window.end < ed.quarter.end:
        return (
            f"**The data stop on {day(window.end)}.** {ed.quarter.label} is covered for {window.days} of its"
            f" {ed.quarter.days} days and is compared as a rate per day."
        )
    partial = [t for s in ed.series if (t := ed.tally(ed.quarter, s.id)) and t.partial]
    if not partial:
        return ""
    ends = sorted({t.window.end for t in partial})
    noun = "tally stops" if len(partial) == 1 else "tallies stop"
    return (
        f"**{_tracker(ed)}'s {noun} before the quarter does**, on {join([day(d) for d in ends])}, after"
        f" {partial[0].days} of {ed.quarter.days} days. They are compared as counts and as rates per day of coverage."
        if len(partial) > 1
        else f"**{_tracker(ed)}'s {noun} before the quarter does**, on {day(ends[0])}, after {partial[0].days} of"
        f" {ed.quarter.days} days. It is compared as a count and as a rate per day of coverage."
    )


def _ending(ed: Edition) -> str:
    """A file that falls silent long before the quarter ends may not have been kept to the end."""
    found = quality.silence(ed, ed.quarter)
    if found is None or found.chance >= UNLIKELY_SILENCE:
        return ""
    return (
        f"**The record of {ed.quarter.label} falls silent on {day(found.last, year=False)}**, {number(found.days)} days"
        " before the end of the days that it claims to cover; at the rate up to then so long a silence would be rare."
        " If the file was not kept to the end, the counts and rates of this quarter are too low and its comparisons"
        " do not hold."
    )


def _weak(ed: Edition) -> str:
    """Weak sourcing of a fifth or more of the attacks."""
    s = quality.support(ed, ed.quarter)
    single = s.incidents - s.two_or_more_sources
    if s.incidents == 0 or single / s.incidents < 0.2:
        return ""
    return (
        f"**{number(single)} of the {count(s.incidents, 'documented attack', 'documented attacks')} of"
        f" {ed.quarter.label} {'rests' if single == 1 else 'rest'} on a single source**, and many that have two relay"
        " one official statement."
    )


def _silent(ed: Edition) -> str:
    """Who did it is mostly not known."""
    rows = ed.incidents(ed.quarter)
    claimed = int((rows["claimed_by"] != "").sum())
    if rows.empty or claimed * 2 > len(rows):
        return ""
    who = "none was" if claimed == 0 else "only one was" if claimed == 1 else f"only {number(claimed)} were"
    attributed = int((rows["attributed_to"] != "").sum())
    lead = (
        "Authorship is mostly attributed, not admitted." if attributed * 2 > len(rows) else "Authorship is mostly open."
    )
    return (
        f"**{lead}** Of"
        f" {count(len(rows), 'documented attack', 'documented attacks')} in {ed.quarter.label}, {who} claimed by a"
        " named group."
    )


def _tracker(ed: Edition) -> str:
    tracker = ed.campaign.headline_tracker or ""
    return escape(ed.campaign.trackers.get(tracker, tracker))
