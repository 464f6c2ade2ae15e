"""Do attacks bunch? Dispersion, burstiness and waiting times; and windows around dated events."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import holm
from incident_report.analysis.timing import (
    DRAWS,
    Clustering,
    around,
    clustering,
    daily,
    dated,
    last_run,
    quarter_window,
)
from incident_report.periods import Window
from incident_report.present.change import VERDICT_LABELS, short_day
from incident_report.present.phrase import count, escape, join, number, p_value, sentence, span
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_CLUSTERING = "incident_report.analysis.timing.clustering"
_AROUND = "incident_report.analysis.timing.around"
BUNCHED = 0.05
_TOO_FEW = (
    "No series has five documented attacks with a known day within a span of two weeks or more, so nothing can be said"
    " about how they cluster."
)


@dataclass(frozen=True)
class Measured:
    """One series over one period; p-values after Holm over everything measured."""

    series: str
    label: str
    window: Window
    result: Clustering
    rows: tuple[str, ...]
    p_daily: float = 1.0
    p_weekly: float = 1.0

    @property
    def bunched(self) -> bool:
        """Whether either test says so after adjustment."""
        return min(self.p_daily, self.p_weekly) < BUNCHED


def measured(ed: Edition) -> list[Measured]:
    """Every series with enough attacks: the edition's quarter, then the whole record without its gaps."""
    found = []
    for one in ed.series:
        runs = [
            (ed.quarter.label, daily(ed, one.id, quarter_window(ed))),
            ("Whole record", last_run(daily(ed, one.id))),
        ]
        for label, counts in runs:
            if label == "Whole record" and len(counts) == len(runs[0][1]):
                continue
            result = clustering(counts)
            if result is not None:
                window = Window(counts.index[0].date(), counts.index[-1].date())
                rows = tuple(dated(ed, one.id, window)["incident_id"])
                found.append(Measured(one.id, label, window, result, rows))
    tests = [p for m in found for p in (m.result.dispersion_p, m.result.weekly_p)]
    adjusted = holm([1.0 if math.isnan(p) else p for p in tests])
    return [replace(m, p_daily=adjusted[2 * i], p_weekly=adjusted[2 * i + 1]) for i, m in enumerate(found)]


def clustering_table(ed: Edition) -> Record | None:
    """Dispersion, burstiness and waiting times of every series with enough attacks."""
    found = measured(ed)
    if not found:
        return None  # the text says so
    rows = [
        {
            "series": ed.find_series(m.series).label,
            "period": m.label,
            "n": number(r.n),
            "days": number(r.days),
            "dispersion": number(r.dispersion, 2),
            "p": p_value(m.p_daily).removeprefix("p = ").removeprefix("p "),
            "weekly": "–" if math.isnan(r.weekly) else number(r.weekly, 2),
            "weekly_p": "–" if math.isnan(r.weekly) else p_value(m.p_weekly).removeprefix("p = ").removeprefix("p "),
            "burstiness": signed(r.burstiness),
            "range": f"{signed(r.burstiness_range[0])} to {signed(r.burstiness_range[1])}",
            "wait": number(r.median_wait, 0 if r.median_wait == int(r.median_wait) else 1),
            "quiet": number(r.longest_quiet),
        }
        for m in found
        for r in (m.result,)
    ]
    table = pd.DataFrame(rows)
    table.loc[table["series"].eq(table["series"].shift()), "series"] = ""
    nouns = join([ed.find_series(m.series).noun for m in found if m.label == ed.quarter.label and m.bunched])
    return show_table(
        table,
        id="tab-clustering",
        web_only=True,
        title=f"Within {ed.quarter.label}, {nouns} bunch more than a steady rate would let them"
        if nouns
        else f"Within {ed.quarter.label}, no series bunches more than a steady rate would let it",
        columns={
            "series": Column("Series", width=0.15),
            "period": Column("Period", width=0.1),
            "n": Column("Attacks", "right", 0.07),
            "days": Column("Days", "right", 0.06),
            "dispersion": Column("Dispersion, daily", "right", 0.1),
            "p": Column("Adj. p", "right", 0.07),
            "weekly": Column("Dispersion, weekly", "right", 0.1),
            "weekly_p": Column("Adj. p", "right", 0.07),
            "burstiness": Column("Burstiness", "right", 0.09),
            "range": Column("Range if steady", "right", 0.1),
            "wait": Column("Median wait, days", "right", 0.07),
            "quiet": Column("Longest quiet, days", "right", 0.07),
        },
        caption="Dispersion is variance over mean of the counts: 1 at a steady rate, more where attacks bunch. Its p is"
        f" one-sided, from {number(DRAWS)} simulated steady processes with as many attacks and days, adjusted by Holm's"
        " method over the table. Burstiness runs from"
        " –1 (regular) over about 0 (random) towards 1 (bursts). The whole record also holds slow changes of level,"
        " which"
        " raise dispersion as bursts do.",
        source="Documented incidents of this edition with a known day.",
        csv=pd.DataFrame(
            [
                {
                    "series": m.series,
                    "period": m.label,
                    **vars(m.result),
                    "p_holm_daily": m.p_daily,
                    "p_holm_weekly": m.p_weekly,
                }
                for m in found
            ]
        ),
        trace=[_trace(m) for m in found],
    )


def signed(value: float) -> str:
    """``0.12`` or ``−0.07`` with an en dash for minus (the fonts have no other); a dash for no value."""
    return "–" if math.isnan(value) else number(value, 2).replace("-", "–")


def clustering_text(ed: Edition) -> Record:
    """What the dispersion tests say, for the quarter and the whole record."""
    found = measured(ed)
    if not found:
        return show_prose("txt-clustering", _TOO_FEW)
    paragraphs = []
    for label in dict.fromkeys(m.label for m in found):
        group = [m for m in found if m.label == label]
        bunched, steady = ([m for m in group if m.bunched is told] for told in (True, False))
        window = group[0].window
        whole = f"Over the whole record ({span(window.start, window.end)})"
        clauses = []
        if bunched:
            clauses.append(
                f"documented {_nouns(ed, bunched)} bunch more than a steady rate would let them: the variance of their"
                f" counts is {join([_times(m) for m in bunched])} the mean"
            )
        if steady:
            what = "none" if bunched else "no bunching"
            clauses.append(f"documented {_nouns(ed, steady)} show {what} beyond what a steady rate would make")
        paragraphs.append(
            f"{f'Within {ed.quarter.words}' if label == ed.quarter.label else whole}, {'; '.join(clauses)}."
        )
    return show_prose("txt-clustering", *paragraphs, trace=[_trace(m) for m in found], role="observation")


def _trace(m: Measured) -> Trace:
    params = {"series": m.series, "window": f"{m.window.start} {m.window.end}"}
    return Trace(_CLUSTERING, params, m.rows, number(m.result.dispersion, 2))


def _nouns(ed: Edition, group: list[Measured]) -> str:
    return join([escape(ed.find_series(m.series).noun) for m in group])


def _times(m: Measured) -> str:
    r = m.result
    value, what = (r.dispersion, "daily") if math.isnan(r.weekly) or m.p_daily < m.p_weekly else (r.weekly, "weekly")
    return f"{number(value, 1)} times ({what})"


def events_table(ed: Edition, window_days: int = 14) -> Record | None:
    """Documented attacks before and after every dated event."""
    found = around(ed, days=window_days)
    if not found:
        return None  # the text says so
    rows = [
        {
            "date": short_day(a.day) + f" {a.day.year}",
            "event": a.label,
            "before": number(a.before) + ("" if a.days_before == window_days else f" in {a.days_before} days"),
            "after": number(a.after) + ("" if a.days_after == window_days else f" in {a.days_after} days"),
            "p": p_value(a.p_adjusted).removeprefix("p = ").removeprefix("p "),
            "verdict": sentence([VERDICT_LABELS[a.verdict]]),
        }
        for a in found
    ]
    sources = sorted({a.source for a in found if a.source})
    return show_table(
        pd.DataFrame(rows),
        id="tab-events",
        web_only=True,
        title=f"Documented attacks in the {window_days} days before and after dated events",
        columns={
            "date": Column("Date", width=0.14),
            "event": Column("Event", width=0.4),
            "before": Column("Before", "right", 0.1),
            "after": Column("After", "right", 0.1),
            "p": Column("Adjusted p", "right", 0.09),
            "verdict": Column("Verdict", width=0.17),
        },
        caption="All documented attacks with a known day; the event's own day is left out. Conditional exact test, p"
        f" adjusted by Holm's method over {count(len(found), 'event', 'events')}. Windows overlap where events lie"
        " close"
        " together, and what follows an event need not come from it.",
        source="Documented incidents of this edition."
        + (f" Events: [{'; '.join('@' + s for s in sources)}]." if sources else ""),
        trace=[
            Trace(_AROUND, {"event": a.label, "days": window_days}, a.rows, f"{a.before} before, {a.after} after")
            for a in found
        ],
    )


def events_text(ed: Edition, window_days: int = 14) -> Record:
    """How many events have more attacks after than before, without saying why."""
    found = around(ed, days=window_days)
    if not found:
        return show_prose(
            "txt-events", "Too few days are covered around dated events to set the days before beside the days after."
        )
    if not any(a.before + a.after for a in found):
        return show_prose(
            "txt-events", f"No attack with a known day is documented within {window_days} days of a dated event."
        )
    rates = [a.after / a.days_after - a.before / a.days_before for a in found]
    more, fewer = (sum(sign * r > 0 for r in rates) for sign in (1, -1))
    same = len(found) - more - fewer
    told = [a for a in found if a.verdict in (Verdict.RISE, Verdict.FALL)]
    first = (
        f"Around {count(len(found), 'dated event', 'dated events')}, more attacks a day are documented in the"
        f" {window_days}"
        f" days after than in the {window_days} days before in {count(more, 'case', 'cases')}, fewer in"
        f" {count(fewer, 'case', 'cases')} and as many in {count(same, 'case', 'cases')}."
    )
    if told:
        names = join([f"{escape(a.label)} ({number(a.before)} before, {number(a.after)} after)" for a in told])
        second = f"After adjustment for the number of events, chance hardly explains the difference at {names}."
    else:
        second = "After adjustment for the number of events, none of these differences is more than chance would make."
    third = (
        "Standing before or after an event says nothing of its effect: events follow attacks as attacks follow events."
    )
    return show_prose(
        "txt-events",
        f"{first} {second} {third}",
        trace=[
            Trace(_AROUND, {"event": a.label, "days": window_days}, a.rows, f"{a.before} before, {a.after} after")
            for a in found
        ],
        role="observation",
    )
