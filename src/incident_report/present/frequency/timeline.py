"""Attacks day by day: a timeline with dated events."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.edition import Edition
from incident_report.analysis.timing import daily, dated, events, weekly
from incident_report.periods import Window
from incident_report.present.change import short_day
from incident_report.present.phrase import count, day, join, number, sentence, span
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.theme import (
    ACCENT,
    INK,
    MARKERS,
    MUTED,
    NEUTRAL,
    WIDTH,
    series_colours,
    show_figure,
    theme,
)

_DAILY = "incident_report.analysis.timing.daily"


def shown_window(ed: Edition, quarters_shown: int) -> Window:
    """First day of the quarters shown to the edition's last."""
    quarters = ed.quarters[-max(quarters_shown, 1) :]
    return Window(quarters[0].start, ed.quarter.end)


def timeline_figure(ed: Edition, quarters_shown: int = 4, events_shown: int = 24) -> Record:
    """Every documented attack on its day, weekly totals above, dated events numbered and keyed below."""
    window = shown_window(ed, quarters_shown)
    counts = daily(ed, window=window)
    marked = events(ed, window).tail(events_shown)
    strips = _strips(ed, window)
    if counts.sum() == 0:
        return show_prose(
            "txt-timeline", f"No attack with a known day is documented from {span(window.start, window.end)}."
        )
    keys = [
        f"{i}  {short_day(d.date())}  {t}"
        for i, (d, t) in enumerate(zip(marked["date"], marked["label"], strict=True), 1)
    ]
    lines = (len(keys) + 1) // 2
    heights = [0.12 + 0.15 * _levels(marked, window)[1], 0.9, 0.28 * len(strips) + 0.15]
    heights = heights if keys else heights[1:]
    extra = 0.165 * lines + (0.15 if keys else 0)
    with theme():
        figure, grid = plt.subplots(
            len(heights),
            1,
            figsize=(WIDTH, sum(heights) + 0.45 + extra),
            sharex=True,
            height_ratios=heights,
            squeeze=False,
        )
        panels = list(grid.flat)
        if keys:
            _event_strip(panels[0], marked, window)
            share = extra / (sum(heights) + 0.45 + extra)
            figure.set_layout_engine(ConstrainedLayoutEngine(rect=(0, share, 1, 1 - share)))
            for d in marked["date"]:
                for axes in panels[1:]:
                    axes.axvline(d, color=ACCENT, lw=0.6, alpha=0.45, zorder=1)
            _key(figure, keys, extra)
        _weekly(panels[-2], counts)
        _draw_strips(panels[-1], strips, series_colours(ed))
        _uncovered(panels[-2:], counts, window)
        panels[-1].set_xlim(
            pd.Timestamp(window.start) - pd.Timedelta("1D"), pd.Timestamp(window.end) + pd.Timedelta("1D")
        )
        panels[-1].xaxis.set_major_locator(mdates.MonthLocator(interval=1 if window.days < 400 else 3))
        panels[-1].xaxis.set_major_formatter(
            mdates.ConciseDateFormatter(panels[-1].xaxis.get_major_locator(), show_offset=False)
        )
    top = counts[counts == counts.max()]
    busiest = join([day(d.date()) for d in top.index[:3]]) if len(top) <= 3 else count(len(top), "day", "days")
    return show_figure(
        figure,
        id="fig-timeline",
        title=f"Day by day: {count(int(counts.sum()), 'documented attack', 'documented attacks')} with a known day,"
        f" {span(window.start, window.end)}",
        alt="Timeline with weekly totals as bars and a strip of marks a series. "
        + _busy_weeks(counts)
        + f" The most on one day is {number(int(counts.max()))} ({busiest})."
        + (
            " " + sentence([count(len(keys), "dated event is", "dated events are")]) + " marked by a numbered line."
            if keys
            else ""
        ),
        caption="Each mark is one documented attack; several on a day are stacked. Bars are weekly totals of all"
        " attacks."
        + (
            " Numbered lines are dated events, keyed below the chart; that they stand side by side says nothing of"
            " cause."
            if keys
            else ""
        ),
        source="Documented incidents of this edition." + _event_sources(marked),
        n=undated(ed, window),
        data=_data(ed, window, marked),
        trace=[
            Trace(
                _DAILY,
                {"series": "all", "window": f"{window.start} {window.end}"},
                dated(ed, "all", window)["incident_id"],
                str(int(counts.sum())),
            )
        ],
    )


def _busy_weeks(counts: pd.Series) -> str:
    weeks = weekly(counts)
    last = pd.DatetimeIndex(weeks.index)[int(weeks.to_numpy().argmax())].date()
    words = span(last - timedelta(days=6), last)
    return f"Of the weeks shown, {words} is the busiest, with {number(int(weeks.max()))}."


def undated(ed: Edition, window: Window) -> str:
    """How many attacks a daily chart leaves out, for its base line; empty for none."""
    rows = ed.incidents()
    rows = rows[rows["date"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))]
    lost = len(rows) - len(dated(ed, "all", window))
    return (
        f"{number(len(rows))} attacks; {count(lost, 'is', 'are')} left out because only the week or month is known"
        if lost
        else ""
    )


def _event_sources(marked: pd.DataFrame) -> str:
    used = sorted({s for s in marked["source"] if s})
    return f" Events: [{'; '.join('@' + s for s in used)}]." if used else ""


def _strips(ed: Edition, window: Window) -> list[tuple[str, str, pd.DataFrame]]:
    """Label, series id and dated incidents of every series that has any, and of attacks in none."""
    every = dated(ed, ed.campaign.all_series.id, window)
    strips, seen = [], set()
    for one in ed.campaign.series:
        rows = dated(ed, one.id, window)
        seen |= set(rows["incident_id"])
        if len(rows):
            strips.append((one.label, one.id, rows))
    rest = every[~every["incident_id"].isin(seen)]
    if len(rest):
        strips.append(("Other attacks", ed.campaign.all_series.id, rest))
    return strips


def _draw_strips(axes: Axes, strips: Sequence[tuple[str, str, pd.DataFrame]], colours: dict[str, str]) -> None:
    for i, (_, series, rows) in enumerate(strips):
        place = rows.groupby("date").cumcount()
        axes.plot(
            rows["date"],
            -i - 0.12 + 0.16 * place,
            ls="none",
            marker=MARKERS[i % len(MARKERS)],
            ms=3.6,
            color=colours[series],
            mec="white",
            mew=0.35,
            zorder=3,
        )
    axes.set_yticks([-i for i in range(len(strips))], [label for label, _, _ in strips])
    axes.set_ylim(-len(strips) + 0.55, 0.6)
    axes.grid(visible=False)


def _weekly(axes: Axes, counts: pd.Series) -> None:
    weeks = weekly(counts)
    axes.bar(pd.DatetimeIndex(weeks.index) - pd.Timedelta("3D"), weeks.to_numpy(), width=5.6, color=NEUTRAL, zorder=2)
    axes.set_ylim(0, max(1, weeks.max()) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4, steps=[1, 2, 5, 10]))
    axes.set_ylabel("All, a week")


def _levels(marked: pd.DataFrame, window: Window) -> tuple[list[int], int]:
    """A height for every event's number, so that none covers another."""
    room = timedelta(days=max(1.0, window.days * 0.024))
    free: list[pd.Timestamp] = []
    levels = []
    for d in marked["date"]:
        level = next((i for i, taken in enumerate(free) if d - taken >= room), len(free))
        free[level : level + 1] = [d]
        levels.append(level)
    return levels, len(free)


def _event_strip(axes: Axes, marked: pd.DataFrame, window: Window) -> None:
    levels, depth = _levels(marked, window)
    for i, (d, level) in enumerate(zip(marked["date"], levels, strict=True), 1):
        axes.plot([d, d], [0, level + 0.2], color=ACCENT, lw=0.6, alpha=0.45)
        axes.annotate(
            str(i),
            (d, level + 0.55),
            ha="center",
            va="center",
            fontsize=7,
            color=ACCENT,
            fontweight="bold",
            bbox={"boxstyle": "square,pad=0.08", "fc": "white", "ec": "none"},
        )
    axes.set_ylim(0, depth + 0.1)
    axes.set_axis_off()


def _key(figure: plt.Figure, keys: Sequence[str], room: float) -> None:
    height = figure.get_size_inches()[1]
    half = (len(keys) + 1) // 2
    for i, text in enumerate(keys):
        column, row = divmod(i, half)
        short = textwrap.shorten(text, 62, placeholder=" …")
        number_, rest = short.split(" ", 1)
        y = (room - 0.12 - 0.165 * row) / height
        figure.text(0.012 + 0.5 * column, y, number_, fontsize=7, color=ACCENT, fontweight="bold", va="center")
        figure.text(0.04 + 0.5 * column, y, rest.strip(), fontsize=7, color=INK, va="center")


def _uncovered(panels: Sequence[Axes], counts: pd.Series, window: Window) -> None:
    """Days without an incidents file, hatched: unknown, not zero."""
    days = pd.date_range(window.start, window.end)
    missing = ~days.isin(counts.index)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], missing.astype(int), [0]])))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        for axes in panels:
            axes.axvspan(days[a], days[b - 1], fc="none", ec=MUTED, hatch="///", lw=0, alpha=0.5, zorder=0)
        middle = days[a] + (days[b - 1] - days[a]) / 2
        panels[0].annotate(
            "no file",
            (middle, 0.5),
            xycoords=("data", "axes fraction"),
            ha="center",
            fontsize=7,
            color=MUTED,
            bbox={"fc": "white", "ec": "none", "pad": 1},
        )


def _data(ed: Edition, window: Window, marked: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({one.id: daily(ed, one.id, window) for one in ed.series})
    table.insert(0, "date", [d.date().isoformat() for d in table.index])
    for d, label in zip(marked["date"], marked["label"], strict=True):
        table.loc[table["date"] == d.date().isoformat(), "event"] = label
    return table
