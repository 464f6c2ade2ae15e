"""Documented incidents by month."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.counts import TALLY, Count, frame, monthly
from incident_report.analysis.edition import Edition
from incident_report.data.model import Series
from incident_report.present.frequency.quarterly import point
from incident_report.present.phrase import join, number
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.theme import MUTED, WIDTH, series_colours, show_figure, theme


def monthly_figure(ed: Edition, months_shown: int = 24) -> Record:
    """Documented incidents by month, a panel a series that has any."""
    series = [s for s in ed.series if any(c.count for c in monthly(ed, s.id))]
    if not series:
        return show_prose("txt-monthly", "No documented incident falls in the period, so no monthly chart is shown.")
    colours = series_colours(ed)
    drawn: list[Count] = []
    with theme():
        figure, grid = plt.subplots(
            len(series), 1, figsize=(WIDTH, 0.45 + 0.8 * len(series)), squeeze=False, sharex=True
        )
        for axes, one in zip(grid.flat, series, strict=True):
            counts_ = monthly(ed, one.id)[-months_shown:]
            drawn += counts_
            for x, c in enumerate(counts_):
                if c.count is None:
                    axes.annotate("?", (x, 0), (0, 3), textcoords="offset points", ha="center", fontsize=7, color=MUTED)
                else:
                    point(axes, x, c, colours[one.id], len(counts_) <= 15)
            axes.set_ylim(0, 1.1 * max(c.limits[1] for c in counts_ if c.count is not None))
            axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4, steps=[1, 2, 5, 10]))
            axes.set_title(one.label)
            step = math.ceil(len(counts_) / 12)
            ticks = list(range(0, len(counts_), step))
            axes.set_xticks(ticks, [counts_[i].label.replace(" ", "\n") for i in ticks])
    known = [c for c in drawn if c.count is not None]
    peak = max((c for c in known if c.series == ed.campaign.all_series.id), key=lambda c: (c.count or 0, c.period))
    peaks = [c.label for c in known if c.series == peak.series and c.count == peak.count]
    total = ed.find_series(peak.series)
    weekly = int((~ed.incidents()["date_precision"].isin(["day", ""])).sum())
    return show_figure(
        figure,
        id="fig-monthly",
        web_only=True,
        title=f"Documented incidents by month: most in {join(peaks)}, {number(peak.count or 0)}"
        if peak.count and len(peaks) < 4
        else "Documented incidents by month",
        alt=f"Dot-and-interval charts of documented incidents by month, one panel a series. {total.label} peak in"
        f" {peak.label} at {number(peak.count or 0)}; "
        + "; ".join(_peak(ed, one, known) for one in series if one.id != total.id)
        + ".",
        caption="Dots are documented incidents, lines exact 95% intervals; scales differ. The headline tally is"
        " published for whole quarters, so it does not appear by month."
        if not any(c.count is not None for s in series for c in monthly(ed, s.id, TALLY))
        else "Dots are documented incidents, lines exact 95% intervals; scales differ.",
        source="Documented incidents of this edition.",
        n=f"{number(len(ed.incidents()))} attacks, of which {number(weekly)} with a date that is not known to the day"
        if weekly
        else "",
        data=frame(drawn),
        trace=[
            Trace(
                "incident_report.analysis.counts.monthly", {"series": c.series, "month": c.period}, c.rows, str(c.count)
            )
            for c in known
        ],
    )


def _peak(ed: Edition, one: Series, known: Sequence[Count]) -> str:
    best = max((c for c in known if c.series == one.id), key=lambda c: (c.count or 0, c.period))
    return f"{one.label} in {best.label} at {number(best.count or 0)}"
