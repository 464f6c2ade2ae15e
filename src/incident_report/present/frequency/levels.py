"""When the documented rate changed: change points in a chart and in words."""

from __future__ import annotations

import pandas as pd
from matplotlib import dates as mdates
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.changepoint import MINIMUM, SURE, Segmentation, segment
from incident_report.analysis.coverage import trend_support
from incident_report.analysis.edition import Edition
from incident_report.analysis.timing import daily, dated, last_run, weekly
from incident_report.periods import Window
from incident_report.present.change import short_day
from incident_report.present.phrase import count, day, escape, join, number, sentence, span
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.theme import GRID, INK, WIDTH, series_colours, show_figure, theme

_ROWS = 3  # dates of changes that stand above one another in a panel
_TOLD = 4  # changes that a sentence lists; the latest matter most
_SEGMENT = "incident_report.analysis.changepoint.segment"


def segmentations(ed: Edition) -> dict[str, Segmentation]:
    """Series -> posterior over change points, where there are enough attacks and days."""
    found = {s.id: segment(last_run(daily(ed, s.id))) for s in ed.series}
    return {k: v for k, v in found.items() if v is not None}


def _window(found: Segmentation) -> Window:
    return Window(found.rate.index[0].date(), found.rate.index[-1].date())


def _trace(ed: Edition, series: str, found: Segmentation) -> Trace:
    window = _window(found)
    rows = dated(ed, series, window)["incident_id"]
    return Trace(_SEGMENT, {"series": series, "window": f"{window.start} {window.end}"}, rows, percent(found.p_change))


def percent(p: float) -> str:
    """``92%``, never 0% or 100%."""
    return "over 99%" if p > 0.99 else "under 1%" if p < 0.01 else f"{100 * p:.0f}%"


def changepoints_figure(ed: Edition) -> Record | None:
    """Posterior rate of every series over weekly counts, with change points where they are sure enough."""
    found = segmentations(ed)
    if not found:
        return None  # the text says so
    colours = series_colours(ed)
    tables = []
    with theme():
        figure, grid = plt.subplots(len(found), 1, figsize=(WIDTH, 0.4 + 1.05 * len(found)), sharex=True, squeeze=False)
        for axes, (series, one) in zip(grid.flat, found.items(), strict=True):
            colour = colours[series]
            weeks = weekly(last_run(daily(ed, series)))
            axes.bar(
                pd.DatetimeIndex(weeks.index) - pd.Timedelta("3D"), weeks * 30 / 7, width=5.6, color=GRID, zorder=1
            )
            axes.fill_between(one.rate.index, one.low, one.high, color=colour, alpha=0.22, lw=0, zorder=2)
            axes.plot(one.rate.index, one.rate, color=colour, zorder=3)
            rows = min(len(one.shifts), _ROWS)
            top = (1.3 + 0.2 * max(rows - 1, 0)) * max(float(one.high.max()), float(weeks.max()) * 30 / 7)
            axes.set_ylim(0, top)
            for k, shift in enumerate(one.shifts):
                y = top * (0.84 - 0.17 * (k % _ROWS))  # far down they would cover the bars
                axes.plot([shift.earliest, shift.latest], [y, y], color=INK, lw=1.4, solid_capstyle="butt", zorder=4)
                axes.plot([shift.day], [y], "D", color=INK, ms=4, zorder=5)
                axes.annotate(
                    short_day(shift.day),
                    (shift.day, y),
                    (0, 3.5),
                    textcoords="offset points",
                    ha="center",
                    va="bottom",
                    fontsize=7.5,
                )
            axes.set_title(f"{ed.find_series(series).label}: {percent(one.p_change)} for a change")
            axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4, steps=[1, 2, 5, 10]))
            tables.append(_frame(series, one))
        grid.flat[-1].xaxis.set_major_locator(mdates.AutoDateLocator(minticks=4, maxticks=12))
        grid.flat[-1].xaxis.set_major_formatter(
            mdates.ConciseDateFormatter(grid.flat[-1].xaxis.get_major_locator(), show_offset=False)
        )
        figure.supylabel("Documented attacks per 30 days", fontsize=8)
    sure = [ed.find_series(s).noun for s, one in found.items() if one.shifts]
    return show_figure(
        figure,
        id="fig-changepoints",
        title=f"The documented rate of {join(sure)} changed level"
        if sure
        else "No change of level in the documented rate is sure enough to report",
        alt="Line charts of the estimated documented rate with 95% bands over weekly counts. "
        + " ".join(_alt(ed, s, one) for s, one in found.items()),
        caption="Grey bars: weekly counts, per 30 days. Line and band: posterior mean rate and middle 95%."
        " Diamonds: most"
        " probable first day of a new level, with a line for the middle 95% of its date; drawn only where the"
        " posterior"
        f" probability of any change, given above the panel, reaches {100 * SURE:.0f}%.",
        source="Documented incidents of this edition with a known day.",
        data=pd.concat(tables, ignore_index=True),
        trace=[_trace(ed, s, one) for s, one in found.items()],
    )


def _frame(series: str, one: Segmentation) -> pd.DataFrame:
    days = [d.date().isoformat() for d in pd.DatetimeIndex(one.rate.index)]
    table = pd.DataFrame(
        {"date": days, "rate": one.rate.to_numpy(), "low": one.low.to_numpy(), "high": one.high.to_numpy()}
    )
    table.insert(0, "series", series)
    return table


def _alt(ed: Edition, series: str, one: Segmentation) -> str:
    label = ed.find_series(series).label
    ends = f"from {number(float(one.rate.iloc[0]), 1)} to {number(float(one.rate.iloc[-1]), 1)} per 30 days"
    if not one.shifts:
        return f"{label}: no change point; the line goes {ends}."
    return (
        f"{label}: {count(len(one.shifts), 'change point', 'change points')}"
        f" ({join([day(s.day) for s in one.shifts])}); the line goes {ends}."
    )


def changepoints_text(ed: Edition) -> Record:
    """Change points in words, each with the span of its date and what coverage implies."""
    found = segmentations(ed)
    if not found:
        return show_prose(
            "txt-changepoints",
            "No series has ten documented attacks over 60 days in a row, so changes of level cannot be looked for.",
        )
    paragraphs = []
    for series, one in found.items():
        noun = escape(ed.find_series(series).noun)
        if not one.shifts:
            paragraphs.append(
                f"For documented {noun}, the posterior probability that the rate changed at all is"
                f" {percent(one.p_change)}"
                f" (before the data: {percent(one.prior_change)}); below {100 * SURE:.0f}% no change point is reported."
            )
            continue
        steps = [
            f"from {number(s.before, 1)} to {number(s.after, 1)} per 30 days around {day(s.day)}"
            f" (95% interval {span(s.earliest, s.latest)})"
            for s in one.shifts[-_TOLD:]
        ]
        times = _times(len(one.shifts))
        latest = f", {'the latest ' + count(_TOLD, '', '').strip()}" if len(one.shifts) > _TOLD else ""
        text = (
            f"The posterior probability that the documented rate of {noun} changed is {percent(one.p_change)}"
            " (before the"
            f" data: {percent(one.prior_change)}); by the most probable reading it did so {times}{latest}:"
            f" {join(steps)}."
        )
        caveat = _caveat(ed, series, noun, one)
        paragraphs.append(f"{text} {caveat}".strip())
    paragraphs.append(
        f"A level lasts {MINIMUM} days or more by assumption; a shorter episode is a burst. These are changes in"
        " what is"
        " documented, which can change without the attacks."
    )
    return show_prose(
        "txt-changepoints", *paragraphs, trace=[_trace(ed, s, o) for s, o in found.items()], role="inference"
    )


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{count(n, 'time', 'times')}")


def _caveat(ed: Edition, series: str, noun: str, one: Segmentation) -> str:
    window = _window(one)
    quarters = tuple(
        q
        for q in ed.quarters
        if q.window.overlap(window) and (ed.tally(q, series) or series == ed.campaign.all_series.id)
    )
    if len(quarters) > 1 and trend_support(ed, series, *quarters) in ("thin", "uneven"):
        return sentence(
            [
                f"as the documented share of {noun} differs much between quarters, this may be a change of the"
                " record alone."
            ]
        )
    return ""


__all__ = ["changepoints_figure", "changepoints_text", "segmentations"]
