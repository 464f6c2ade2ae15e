"""Counts by quarter: chart, table, words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.change import changes
from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY, Count, frame, quarterly
from incident_report.analysis.edition import Edition
from incident_report.data.model import Series
from incident_report.periods import Quarter
from incident_report.present.change import basis_name, change_title, short_day, tally_name
from incident_report.present.phrase import escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import MUTED, NEUTRAL, WIDTH, series_colours, show_figure, theme

_COUNT = "incident_report.analysis.counts.count"


def point(axes: Axes, x: float, counted: Count, colour: str, label: bool, side: int = 1, rate: bool = False) -> None:
    """One count with its interval: filled if documented, hollow if tallied, dashed if partial."""
    value = counted.rate if rate else float(counted.count or 0)
    low, high = counted.rate_limits if rate else counted.limits
    hollow = counted.basis == TALLY
    axes.plot([x, x], [low, high], color=colour, lw=1.4, ls=(0, (2, 1.5)) if counted.partial else "-", zorder=2)
    axes.plot(
        [x],
        [value],
        marker="o",
        ms=5.5,
        mfc="white" if hollow else colour,
        mec=colour,
        mew=1.3,
        ls="none",
        zorder=3,
        clip_on=False,
    )
    if label:
        axes.annotate(
            number(counted.count or 0),
            (x, value),
            (6 * side, 0 if value else 5),
            textcoords="offset points",
            va="center",
            ha="left" if side > 0 else "right",
            fontsize=7.5,
            color=colour,
        )


def quarterly_figure(ed: Edition, quarters_shown: int = 8) -> Record:
    """Quarterly counts with exact intervals: a panel a series, tallies hollow, documented filled."""
    series = list(ed.series)
    quarters = ed.quarters[-max(quarters_shown, 1) :]
    colours = series_colours(ed)
    drawn: list[Count] = []
    rows = math.ceil(len(series) / 2)
    with theme():
        figure, grid = plt.subplots(
            rows, 2 if len(series) > 1 else 1, figsize=(WIDTH, 0.35 + 1.6 * rows), squeeze=False
        )
        for axes, one in zip(grid.flat, series, strict=False):
            drawn += _panel(axes, ed, one, quarters, colours[one.id])
        for axes in list(grid.flat)[len(series) :]:
            axes.set_visible(False)
        _legend(figure, ed, drawn)
    counts_ = [c for c in drawn if c.count is not None]
    return show_figure(
        figure,
        id="fig-quarterly",
        title=_title(ed),
        alt=_alt(ed, quarters, counts_),
        caption="Dots are counts, lines exact 95% intervals. Scales differ between panels. Hollow dots are published"
        " tallies, filled dots documented incidents: two kinds of count that are not to be mixed."
        + (" A dashed line marks a count that stops before the quarter does." if _any_partial(drawn) else ""),
        source=source_line(ed),
        data=frame(drawn),
        trace=[_trace(c) for c in counts_],
    )


def _panel(axes: Axes, ed: Edition, one: Series, quarters: Sequence[Quarter], colour: str) -> list[Count]:
    both = {b: {c.period: c for c in quarterly(ed, b, one.id)} for b in BASES}
    crowded = len(quarters) > 8
    drawn = []
    for x, quarter in enumerate(quarters):
        pair = [both[basis][str(quarter)] for basis in BASES]
        drawn += pair
        for shift, side, counted in ((-0.13, -1, pair[0]), (0.13, 1, pair[1])):
            if counted.count is not None:
                point(axes, x + shift, counted, colour, not crowded, side)
        if all(c.count is None for c in pair):
            axes.annotate("unknown", (x, 0), (0, 3), textcoords="offset points", ha="center", fontsize=7, color=MUTED)
    axes.set_title(one.label)
    axes.set_xlim(-0.6, len(quarters) - 0.4)
    top = max([c.limits[1] for c in drawn if c.count is not None], default=1)
    axes.set_ylim(0, 1.08 * top)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, steps=[1, 2, 5, 10]))
    step = math.ceil(len(quarters) / 8)
    ticks = [i for i in range(len(quarters)) if (len(quarters) - 1 - i) % step == 0]
    labels = [_tick(quarters[i], both[TALLY][str(quarters[i])], both[DOCUMENTED]) for i in ticks]
    # Side by side, more than five names of quarters run into each other.
    axes.set_xticks(ticks, [t.replace(" ", "\n", 1) if len(ticks) > 5 else t for t in labels])
    return drawn


def _tick(quarter: Quarter, tally: Count, documented: dict[str, Count]) -> str:
    """``Q3 2020``, and where a count stops early, to which day."""
    ends = {
        c.window.end: "tally" if c.basis == TALLY else "file"
        for c in (tally, documented[str(quarter)])
        if c.partial and c.window
    }
    lines = [quarter.label, *(f"{what} to {short_day(end)}" for end, what in sorted(ends.items()))]
    return "\n".join(lines)


def _legend(figure: plt.Figure, ed: Edition, drawn: Sequence[Count]) -> None:
    handles = [
        Line2D([], [], marker="o", ls="-", color=NEUTRAL, mfc=face, mec=NEUTRAL, ms=5.5, label=sentence([label]))
        for basis, face, label in (
            (TALLY, "white", tally_name(ed)),
            (DOCUMENTED, NEUTRAL, "documented incidents"),
        )
        if any(c.basis == basis and c.count is not None for c in drawn)
    ]
    if handles:
        figure.legend(handles=handles, loc="outside upper left", ncols=2, handlelength=1.6)


def _any_partial(drawn: Sequence[Count]) -> bool:
    return any(c.partial for c in drawn if c.count is not None)


def _trace(counted: Count) -> Trace:
    params = {"series": counted.series, "basis": counted.basis, "quarter": counted.period}
    return Trace(_COUNT, params, counted.rows, str(counted.count))


def _title(ed: Edition) -> str:
    for basis in BASES:
        made = [c for c in changes(ed, basis) if c.kind == "baseline"]
        if made and ed.baseline is not None:
            name = "By " + tally_name(ed) if basis == TALLY else "Documented incidents"
            start = f"{name}, {ed.quarter.label} on {ed.baseline.label}: "
            title = change_title(ed, made)
            return start + title[:1].lower() + title[1:]
    return f"Attacks by quarter to {ed.quarter.label}"


def _alt(ed: Edition, quarters: Sequence[Quarter], drawn: Sequence[Count]) -> str:
    text = [f"Dot-and-interval charts of counts by quarter, {quarters[0].label} to {quarters[-1].label}."]
    for basis in BASES:
        clauses = []
        for one in list(ed.series):
            values = [c for c in drawn if c.series == one.id and c.basis == basis]
            if values:
                clauses.append(f"{one.label} " + ", ".join(f"{number(c.count or 0)} ({c.label})" for c in values))
        if clauses:
            text.append(sentence([f"{basis_name(ed, basis)}: " + "; ".join(clauses) + "."]))
    return " ".join(text)


def source_line(ed: Edition) -> str:
    """Where counts come from, with citations; Markdown."""
    used = sorted({t.source for q in ed.quarters for s in ed.series if (t := ed.tally(q, s.id)) is not None})
    cited = f"{escape(sentence([tally_name(ed)]))} [{'; '.join('@' + s for s in used)}]; " if used else ""
    return sentence([f"{cited}documented incidents of this edition."])


def quarterly_table(ed: Edition) -> Record:
    """Every count with its interval and its rate per 30 days of coverage."""
    rows: list[dict[str, str]] = []
    kept: list[Count] = []
    for one in list(ed.series):
        for basis in BASES:
            counts_ = quarterly(ed, basis, one.id)
            if all(c.count is None for c in counts_):
                continue
            kept += counts_
            for c in counts_:
                rows.append(
                    {
                        "series": one.label,
                        "basis": sentence([basis_name(ed, basis)]),
                        "quarter": c.label,
                        "days": number(c.days) if c.count is not None else "–",
                        "count": _shown(c),
                        "interval": limits_text(c.limits, 1),
                        "rate": number(c.rate, 1) if c.count is not None else "–",
                        "rate_interval": limits_text(c.rate_limits, 1),
                    }
                )
    table = pd.DataFrame(
        rows, columns=["series", "basis", "quarter", "days", "count", "interval", "rate", "rate_interval"]
    )
    repeated = table[["series", "basis"]].eq(table[["series", "basis"]].shift()).all(axis=1)
    table.loc[repeated, ["series", "basis"]] = ""
    unknown = any(c.count is None for c in kept)
    return show_table(
        table,
        id="tab-quarterly",
        title="Attacks by quarter: counts with exact 95% intervals and rates per 30 days covered",
        columns={
            "series": Column("Series", width=0.17),
            "basis": Column("Kind of count", width=0.2),
            "quarter": Column("Quarter", width=0.09),
            "days": Column("Days", "right", 0.07),
            "count": Column("Count", "right", 0.12),
            "interval": Column("95% interval", "right", 0.13),
            "rate": Column("Per 30 days", "right", 0.08),
            "rate_interval": Column("95% interval", "right", 0.12),
        },
        caption="Days are those that the count covers; rates make quarters of different coverage comparable."
        + (" A quarter that nobody counted is not a quarter without attacks." if unknown else ""),
        source=source_line(ed),
        notes=_partial_notes(ed, kept),
        csv=frame(kept) if kept else None,
        trace=[_trace(c) for c in kept if c.count is not None],
    )


def limits_text(limits: tuple[float, float], digits: int) -> str:
    """``17.8–39.3``; a dash where unknown."""
    low, high = limits
    if math.isnan(low):
        return "–"
    if math.isinf(high):
        return f"{number(low, digits)} or more"
    return f"{number(low, digits)}–{number(high, digits)}"


def _shown(c: Count) -> str:
    if c.count is None:
        return "none published" if c.basis == TALLY else "unknown"
    prefix = {"at_least": "at least ", "about": "about "}.get(c.bound, "")
    return prefix + number(c.count)


def _partial_notes(ed: Edition, kept: Sequence[Count]) -> list[str]:
    notes = {}
    for c in kept:
        if c.partial and c.window:
            name = escape(sentence([basis_name(ed, c.basis)]))
            verb = "cover" if c.basis == DOCUMENTED else "covers"
            notes[(c.basis, c.window)] = (
                f"{name} {verb} {c.window.days} of the {Quarter.parse(c.period).days} days of {c.label},"
                f" from {short_day(c.window.start)} to {short_day(c.window.end)}."
            )
    return [notes[k] for k in sorted(notes)]


def counts_text(ed: Edition) -> Record:
    """The counts of every series so far, in one sentence a basis."""
    paragraphs, traces = [], []
    for basis in BASES:
        clauses = []
        for one in ed.series:
            counts_ = [c for c in quarterly(ed, basis, one.id) if c.count is not None]
            if not counts_ or (basis == DOCUMENTED and all(c.count == 0 for c in counts_)):
                continue
            traces += [_trace(c) for c in counts_]
            values = [f"{_shown(c)} in {c.label}" for c in counts_[-6:]]
            clauses.append(f"{escape(one.noun)}: {join(values)}")
        if clauses:
            name = escape(tally_name(ed)) + " gives," if basis == TALLY else "Documented incidents number,"
            paragraphs.append(sentence([f"{name} for " + "; for ".join(clauses) + "."]))
    now = {b: [c for c in quarterly(ed, b) if c.period == str(ed.quarter)] for b in BASES}
    if all(c.count is None for c in now[TALLY]):
        paragraphs.append(
            f"No headline tally was published for {ed.quarter.words}: this edition rests on documented incidents alone."
        )
    partial = _partial_notes(ed, [c for b in BASES for c in now[b] if c.count is not None])
    if partial:
        paragraphs.append(" ".join(partial) + " Counts of such a quarter are compared as rates per day covered.")
    if not any(c.count for b in BASES for c in now[b]):
        paragraphs.append(f"No attack is on record for {ed.quarter.words} on either basis.")
    return show_prose("txt-counts", *paragraphs, trace=traces, role="observation")
